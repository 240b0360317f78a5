"""A sandbox and a server as an administrator starts them, each in processes of its own."""

import contextlib
import json
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import httpx2
import psycopg

from crosstie.config.database import embedded_url
from tests.system.ground.installation import Installation, free_port, wait_until

DATA = "/services/data/v67.0"
CRM_CLIENT, CRM_SECRET = "larch-crm-app", "larch-crm-secret"


@dataclass
class Sandbox:
    """The vendors, with their small company."""

    folder: Path
    callback: str
    options: tuple[str, ...] = ()
    program: tuple[str, ...] = ("-m", "sandbox")
    """What takes the place of the sandbox's own command line."""
    port: int = field(default_factory=free_port)
    process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"http://localhost:{self.port}"

    def start(self) -> None:
        words = ["serve", "--port", str(self.port), "--callback", self.callback, "--auto-login", *self.options]
        words += ["--state", str(self.folder / "sandbox.state")]
        with (self.folder / "sandbox.out").open("ab") as out:
            self.process = subprocess.Popen([sys.executable, *self.program, *words], stdout=out, stderr=out)
        wait_until(self._answers, what="the sandbox answers")

    def stop(self) -> None:
        if self.process is not None:
            self.process.terminate()
            self.process.wait(20)

    def _answers(self) -> bool:
        with contextlib.suppress(httpx2.HTTPError):
            return httpx2.get(f"{self.url}/sandbox", timeout=2).status_code == 200
        return False

    def post(self, path: str, body: Any = None) -> Any:
        answer = httpx2.post(self.url + path, json=body, timeout=30)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def fault(self, **fields: Any) -> None:
        self.post("/sandbox/faults", fields)

    def waiting_faults(self) -> list[Mapping[str, Any]]:
        found: list[Mapping[str, Any]] = httpx2.get(f"{self.url}/sandbox/faults", timeout=30).json()["faults"]
        return found

    def no_more_faults(self) -> None:
        httpx2.delete(f"{self.url}/sandbox/faults", timeout=30)

    def deliver(self, mail: EmailMessage, to: str) -> None:
        query = {"name": "a mail", "kind": "mail", "to": to}
        answer = httpx2.post(f"{self.url}/sandbox/load", params=query, content=mail.as_bytes(), timeout=30)
        assert answer.status_code == 200, answer.text

    def insert(self, object_name: str, fields: Mapping[str, Any]) -> str:
        """Into Salesforce, as the integration user."""
        answer = httpx2.post(
            f"{self.url}{DATA}/sobjects/{object_name}", json=dict(fields), headers=self._bearer(), timeout=30
        )
        assert answer.status_code == 201, answer.text
        return str(answer.json()["id"])

    def rows(self, soql: str) -> list[Mapping[str, Any]]:
        answer = httpx2.get(f"{self.url}{DATA}/query", params={"q": soql}, headers=self._bearer(), timeout=30)
        assert answer.status_code == 200, answer.text
        found: list[Mapping[str, Any]] = answer.json()["records"]
        return found

    def _bearer(self) -> dict[str, str]:
        answer = httpx2.post(
            f"{self.url}/services/oauth2/token",
            data={"grant_type": "client_credentials"},
            auth=(CRM_CLIENT, CRM_SECRET),
            timeout=30,
        )
        return {"Authorization": f"Bearer {answer.json()['access_token']}"}


@dataclass
class Ground:
    server: Installation
    sandbox: Sandbox
    temporary: Path
    """Where every process of the server puts its temporary files."""

    def command(self, *words: str) -> subprocess.CompletedProcess[str]:
        return self.server.run(*words, timeout=60)

    def program(self, text: str, *words: str) -> None:
        """Run Python within the installation, for what no command does yet."""
        environment = self.server.environment | {
            "DJANGO_SETTINGS_MODULE": "crosstie.config.django",
            "DATABASE_URL": embedded_url(self.server.home),
        }
        text = f"import django, json, sys; django.setup()\n{text}"
        subprocess.run([sys.executable, "-c", text, *words], env=environment, check=True, timeout=60)

    def json(self, *words: str) -> Any:
        answer = self.command(*words, "--json")
        assert answer.stdout, answer.stderr
        return json.loads(answer.stdout)

    def sync(self, *addresses: str) -> None:
        """One more session each, to its end, whatever came of it."""
        with self.database() as connection:
            before = _sessions(connection)
            self.wake(*addresses)

            def done() -> bool:
                now = _sessions(connection)
                return all(now[one] > before[one] for one in addresses)

            wait_until(done, 60, f"sessions of {addresses}")

    def wake(self, *addresses: str) -> None:
        """Due now, with a tick before it; for a test the minute between two forced sessions is over."""
        with self.database() as connection:
            connection.execute("UPDATE store_org SET tick_due_at = NULL")
            connection.execute(
                "UPDATE store_mailbox SET due_at = now(), forced_at = NULL WHERE address = ANY(%s)",
                [list(addresses)],
            )

    def database(self) -> psycopg.Connection:
        return psycopg.connect(embedded_url(self.server.home), autocommit=True)


def _sessions(connection: psycopg.Connection) -> dict[str, int]:
    """Address → how many sessions have ended."""
    counted = connection.execute(
        "SELECT m.address, count(r.id) FROM store_mailbox m LEFT JOIN store_sessionrun r ON r.mailbox_id = m.id"
        " GROUP BY m.address"
    )
    return dict(counted.fetchall())


@contextlib.contextmanager
def ground(folder: Path, *, program: tuple[str, ...] = ("-m", "sandbox"), **extra: str) -> Iterator[Ground]:
    """Both running, the company connected. `folder` is empty."""
    temporary = folder / "temporary"
    temporary.mkdir()
    port = free_port()
    sandbox = Sandbox(folder, f"http://localhost:{port}/sign-in/salesforce/callback", program=program)
    settings = {
        "CROSSTIE_SANDBOX_URL": sandbox.url,
        "CROSSTIE_TRUSTED_ORIGINS": sandbox.url,
        "TMPDIR": str(temporary),
        **extra,
    }
    server = Installation(folder / "home", port, extra=settings)
    try:
        sandbox.start()
        server.start("up")
        server.wait_healthy()
        made = Ground(server, sandbox, temporary)
        answer = made.command("demo")
        assert answer.returncode == 0, answer.stderr
        yield made
    finally:
        server.close()
        sandbox.stop()
