"""Writes the rendered pages: `python -m tests.docs`."""

import sys

from tests.docs.pages import PAGES
from tests.places import ROOT

for name, render in PAGES.items():
    (ROOT / "docs" / name).write_text(render())
    sys.stdout.write(f"docs/{name}\n")
