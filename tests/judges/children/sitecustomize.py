"""Python runs this first in every process a test starts; the folder is on PYTHONPATH during a test run."""

import runpy
from pathlib import Path

runpy.run_path(str(Path(__file__).parent.parent / "recorder.py"))["watch"]()
