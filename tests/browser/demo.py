"""What `make demo` starts, on free ports: the sandbox, the server over its own PostgreSQL, the demo company."""

import contextlib
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx2

from tests.system.ground.installation import Installation, free_port, wait_until

SELF = sys.executable
API = "/services/data/v67.0"


@dataclass
class Demo:
    server: Installation
    sandbox: str

    @property
    def url(self) -> str:
        return f"http://localhost:{self.server.port}"

    def company(self) -> Mapping[str, Any]:
        found: dict[str, Any] = httpx2.get(f"{self.sandbox}/sandbox/company").json()
        return found

    def query(self, soql: str) -> Sequence[Mapping[str, Any]]:
        """As an administrator of the org sees it."""
        answer = httpx2.get(f"{self.sandbox}{API}/query", params={"q": soql}, headers=self._access())
        rows: list[dict[str, Any]] = answer.json()["records"]
        return rows

    def create(self, name: str, **fields: object) -> None:
        """As an administrator does."""
        url = f"{self.sandbox}{API}/sobjects/{name}"
        httpx2.post(url, json=fields, headers=self._access()).raise_for_status()

    def change(self, name: str, record_id: str, **fields: object) -> None:
        url = f"{self.sandbox}{API}/sobjects/{name}/{record_id}"
        httpx2.patch(url, json=fields, headers=self._access()).raise_for_status()

    def _access(self) -> Mapping[str, str]:
        crm = self.company()["crm"]
        pair = (crm["client_id"], crm["client_secret"])
        form = {"grant_type": "client_credentials"}
        token = httpx2.post(f"{self.sandbox}/services/oauth2/token", data=form, auth=pair).json()["access_token"]
        return {"Authorization": f"Bearer {token}"}

    def settings(self, *words: str) -> None:
        done = self.server.run("settings", *words)
        assert done.returncode == 0, done.stderr


@contextlib.contextmanager
def demo(folder: Path) -> Iterator[Demo]:
    port, other = free_port(), free_port()
    sandbox = f"http://localhost:{other}"
    extra = {"CROSSTIE_SANDBOX_URL": sandbox, "CROSSTIE_TRUSTED_ORIGINS": sandbox}
    server = Installation(folder / "home", port, extra)
    paths = ("/sign-in/salesforce/callback", "/mailbox/sign-in/callback")
    back = " ".join(f"--callback http://localhost:{port}{path}" for path in paths)
    try:
        server.start(
            "up",
            "--also",
            f"sandbox={SELF} -m sandbox serve --port {other} {back}",
            "--once",
            f"demo={SELF} -m crosstie.cli demo",
        )
        server.wait_healthy()
        wait_until(lambda: "The demo is ready." in server.log(), what="the demo company is connected")
        yield Demo(server, sandbox)
    finally:
        server.close()
