"""Where the tests find what is not part of the project, and how to say that it is missing."""

import json
import os
import shutil
from pathlib import Path

ROOT = Path(__file__).parent.parent
SHARED = Path(os.environ.get("CROSSTIE_SHARED") or ROOT.parent / "shared")
"""Vendors' schemas and real mail; beside the checkout where there are any."""
SHARED_MISSING = "the shared folder is missing"


def chromium() -> str | None:
    names = ("chromium", "chromium-browser", "google-chrome")
    return next((found for name in names if (found := shutil.which(name))), None)


def node() -> str | None:
    """Node.js, where `npm ci` was run too."""
    wanted = json.loads((ROOT / "package.json").read_text())["devDependencies"]
    there = all((ROOT / "node_modules" / name).is_dir() for name in wanted)
    return shutil.which("node") if there else None


def lacking(marker: str) -> str | None:
    """Why a test with this marker cannot run here, or None."""
    match marker:
        case "browser" if chromium() is None:
            return "Chromium is missing"
        case "node" if node() is None:
            return "Node.js or its packages are missing (npm ci)"
        case "shared" if not SHARED.is_dir():
            return SHARED_MISSING
    return None
