"""A copy of the project that bugs are planted in; the working tree is never touched."""

import hashlib
import os
import shutil
import subprocess
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.util import cache_from_source
from pathlib import Path
from tempfile import TemporaryDirectory

from bench.mutation.mutants import Mutant, mutated
from tests.places import SHARED

JUDGES = ("src", "sandbox", "salesforce-package")
"""What the end of a history depends on; beside them the simulation, and the files of `tests` itself."""


@dataclass(frozen=True, slots=True)
class Tree:
    root: Path
    sources: str
    """A digest of everything that the end of a history depends on."""

    @contextmanager
    def bug(self, mutant: Mutant) -> Iterator[str]:
        """The mutant's text stands in the file; no compiled file of the true one may pass for it."""
        path = self.root / mutant.file
        true, stamps = path.read_bytes(), path.stat()
        text = mutated(self.root, mutant)
        try:
            path.write_text(text)
            Path(cache_from_source(str(path))).unlink(missing_ok=True)
            yield text
        finally:
            path.write_bytes(true)
            os.utime(path, ns=(stamps.st_atime_ns, stamps.st_mtime_ns))

    def environment(self) -> dict[str, str]:
        """The same chances each time, and nothing compiled is left behind."""
        return os.environ | {
            "PYTHONPATH": os.pathsep.join([str(self.root / "src"), str(self.root)]),
            "PYTHONHASHSEED": "0",
            "PYTHONDONTWRITEBYTECODE": "1",
            "CROSSTIE_SHARED": str(SHARED),
        }


@contextmanager
def copied(root: Path) -> Iterator[Tree]:
    """Of what is tracked or could be, as it stands in the working tree."""
    listed = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    names = subprocess.run(listed, cwd=root, capture_output=True, check=True).stdout.decode().split("\0")
    files = sorted({name for name in names if name and (root / name).is_file()})
    with TemporaryDirectory(prefix="crosstie-mutants-") as folder:
        copy = Path(folder)
        for name in files:
            (copy / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(root / name, copy / name)
        yield Tree(copy, _digest(copy, files))


def _digest(root: Path, files: Iterable[str]) -> str:
    found = hashlib.sha256()
    for name in filter(_judges, files):
        found.update(f"{name}\0".encode() + (root / name).read_bytes())
    return found.hexdigest()[:16]


def _judges(name: str) -> bool:
    *folders, file = name.split("/")
    if folders[:1] == ["tests"]:
        return folders[1:2] in ([], ["simulation"]) and not file.startswith("test_")
    return "/".join(folders).startswith(JUDGES)
