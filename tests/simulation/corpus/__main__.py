"""Writes docs/corpus.md: `python -m tests.simulation.corpus`."""

import sys

from tests.places import ROOT, lacking
from tests.simulation.corpus.page import render
from tests.simulation.corpus.runs import RUNS, apart, letters

if missing := lacking("shared"):
    sys.exit(missing)
read = letters()
(ROOT / "docs" / "corpus.md").write_text(render({run: list(apart(run, read)) for run in RUNS}))
