"""What the page on the API has people type, typed as it stands there: real curl, over a real socket."""

import json
import re
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import pytest
from django.core.wsgi import get_wsgi_application
from django.db import connections

from crosstie.accounts import people
from crosstie.accounts.governance import settings
from crosstie.store.models import AuditRow
from tests.docs.test_docs import DOCS
from tests.unit.web.api.program import token_of
from tests.unit.web.conftest import migrated, office, tables
from tests.unit.web.office import ADA

if TYPE_CHECKING:
    from tests.unit.web.office import Office

__all__ = ["migrated", "office", "tables"]

PAGE = (DOCS / "howto" / "use-the-api.md").read_text()
BLOCK = re.compile(r"```sh\n(.*?)```", re.DOTALL)
ADDRESS = "https://crosstie.example.com"
TOKEN = re.compile(r"crosstie_X{12}\.Y{44}")


class Quiet(WSGIRequestHandler):
    def log_message(self, format: str, *args: object) -> None: ...


class Server(WSGIServer):
    def process_request(self, request: object, client_address: object) -> None:
        """In the one thread there is; its database connections end with each request."""
        super().process_request(request, client_address)  # type: ignore[arg-type]
        connections.close_all()


@pytest.fixture
def address(office: "Office") -> Iterator[str]:
    server = make_server("127.0.0.1", 0, get_wsgi_application(), server_class=Server, handler_class=Quiet)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    yield f"http://localhost:{server.server_port}"
    server.shutdown()
    thread.join(10)
    server.server_close()


def test_what_the_page_shows_works(office: "Office", address: str, tmp_path: Path) -> None:
    office.mail("offer", "nora@birchworks.test")
    office.sync()
    setup, *blocks = BLOCK.findall(PAGE)
    token = token_of(office)[1]
    setup, count = TOKEN.subn(token, setup.replace(ADDRESS, address))
    assert count == 1
    blocks = [block.replace("<offer@example.com>", "<offer@birchworks.test>") for block in blocks]
    assert len(blocks) == 2
    script = "set -e\n" + setup + "".join(block.replace("\ncurl", "\necho\ncurl") for block in blocks)
    done = subprocess.run(
        ["bash", "-c", script], cwd=tmp_path, capture_output=True, text=True, check=False, timeout=60
    )
    assert done.returncode == 0, done.stdout + done.stderr
    answers = [json.loads(line) for line in done.stdout.replace("}{", "}\n{").splitlines() if line]
    shown = [next(iter(answer)) for answer in answers]
    assert shown == [
        *("person", "state", "settings", "issues", "sessions", "items"),
        *("code", "code", "code", "settings", "settings"),
    ]
    assert answers[5]["items"][0]["outcome"] == "saved"
    assert AuditRow.of(office.scope).filter(face="api").count() == 6
    place = settings.for_person(office.scope, people.find(office.scope, ADA).person_id)
    assert settings.get(office.scope, place, "blocklist") == ("eve@shop.example",)
    assert (tmp_path / "crosstie.curl").stat().st_mode & 0o077 == 0


def test_the_page_names_every_resource_there_is() -> None:
    from crosstie.web.api.entry import _document

    document = json.loads(_document())
    for path in document["paths"]:
        assert re.search(rf"{re.escape(path.removeprefix('/api/v1/').replace('{item_id}', 'ID'))}\b", PAGE), path
