"""Writes the rendered pages: `python -m tests.docs`."""

import sys

from tests.docs.facts import FROM_CONTRACTS
from tests.docs.pages import PAGES
from tests.places import ROOT, SHARED

rendered = PAGES | (FROM_CONTRACTS if SHARED.is_dir() else {})
for name, render in rendered.items():
    (ROOT / "docs" / name).write_text(render())
    sys.stdout.write(f"docs/{name}\n")
