"""Everything a server leaves behind, as pairs of a name and its bytes."""

import hashlib
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psycopg

from crosstie.config.database import embedded_url
from crosstie.store import pgbinaries
from tests.system.ground.installation import processes
from tests.system.rest.encodings import Sighting, find
from tests.system.rest.ground import Ground

_ZEROS = re.compile(rb"\0{64,}")
Place = tuple[str, bytes]


def all_of(ground: Ground) -> Iterator[Place]:
    """While the server runs: what the database says of itself, and every file."""
    home = ground.server.home
    with psycopg.connect(embedded_url(home), autocommit=True) as connection:
        connection.execute("CHECKPOINT")
    yield "pg_dump", dumped(home)
    yield "web sessions", sessions(ground)
    for page in ("metrics", "healthz", ""):
        yield f"/{page}", ground.server.get(f"/{page}")[1].encode()
    yield from files(home)
    yield from files(ground.temporary)
    yield from ((path.name, path.read_bytes()) for path in home.parent.glob("*.log"))
    yield from process_memory_names(str(home))


def dumped(home: Path) -> bytes:
    done = subprocess.run(
        [str(pgbinaries.folder() / "pg_dump"), "--dbname", embedded_url(home)], capture_output=True, check=True
    )
    return done.stdout


def sessions(ground: Ground) -> bytes:
    """Web sessions lie in the database compressed: here they are unpacked."""
    program = (
        "import django, json; django.setup()\n"
        "from django.contrib.sessions.models import Session\n"
        "print(json.dumps([one.get_decoded() for one in Session.objects.all()], ensure_ascii=False))"
    )
    environment = ground.server.environment | {
        "DJANGO_SETTINGS_MODULE": "crosstie.config.django",
        "DATABASE_URL": embedded_url(ground.server.home),
    }
    done = subprocess.run(
        [sys.executable, "-c", program], env=environment, capture_output=True, check=True, text=True
    )
    assert isinstance(json.loads(done.stdout), list)
    return done.stdout.encode()


def files(folder: Path) -> Iterator[Place]:
    """Names and contents: the write-ahead log, keys and the database's own log are among them."""
    for path in sorted(folder.rglob("*")):
        yield "a file's name", os.fsencode(path.relative_to(folder))
        if path.is_file() and not path.is_symlink():
            yield str(path.relative_to(folder.parent)), path.read_bytes()


def process_memory_names(text: str) -> Iterator[Place]:
    """What anybody on the machine can read of our processes: their command lines."""
    for pid, line in processes(text).items():
        yield f"command line of {pid}", line.encode()


def search(places: Iterator[Place], words: list[str]) -> list[Sighting]:
    """Equal contents, such as those of the database's templates, are looked at once."""
    found: list[Sighting] = []
    looked_at: set[bytes] = set()
    for where, raw in places:
        data = _ZEROS.sub(b"\0\0", raw)
        digest = hashlib.sha256(data).digest()
        if digest not in looked_at:
            found += find(data, words, where)
        looked_at.add(digest)
    return found
