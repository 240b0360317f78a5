"""A tenant with three mailboxes and an app, reached over the wire but without a socket."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx2
import pytest

from sandbox.app import Application
from sandbox.clock import ManualClock
from sandbox.graph.accounts import Account
from sandbox.graph.entra import App, Tenant
from sandbox.graph.face import FACE, LOGIN_FACE, UPLOAD_FACE
from sandbox.mailboxes import Mailbox, MailboxStore, Message
from sandbox.world import World
from tests.places import SHARED
from tests.unit.sandbox.graph.csdl import metadata

START = datetime(2026, 11, 20, 12, tzinfo=UTC)
CALLBACK = "https://crosstie.test/oauth/callback"
SECRET = "graph-app-secret"
ROLES = (
    "Mail.ReadWrite", "Mail.Send", "Calendars.ReadWrite", "MailboxSettings.ReadWrite", "User.Read.All",
    "GroupMember.Read.All",
)  # fmt: skip
CSDL = SHARED / "contracts" / "graph" / "graph-v1.0-mail-calendar-subset.csdl"
DEFAULT_SCOPE = "https://graph.microsoft.com/.default"
IMMUTABLE = {"Prefer": 'IdType="ImmutableId"'}


@dataclass
class Office:
    """What a test holds: the world, its people, and a client with an app-only token."""

    clock: ManualClock
    world: World
    application: Application
    tenant: Tenant
    app: App
    anna: Mailbox
    ben: Mailbox
    http: httpx2.Client
    faults: list[str] = field(default_factory=list)
    """What the metadata has against the answers so far."""

    @property
    def store(self) -> MailboxStore:
        return self.world.mailboxes

    def call(self, method: str, path: str, body: Any = None, **options: Any) -> httpx2.Response:
        if not path.startswith(("/", "http")):
            path = f"/v1.0/users/anna@acme.test/{path}"
        if body is not None:
            options["json"] = body
        return self.http.request(method, path, **options)

    def get(self, path: str, **options: Any) -> Any:
        answer = self.call("GET", path, **options)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def refused(self, method: str, path: str, body: Any = None, **options: Any) -> tuple[int, str]:
        answer = self.call(method, path, body, **options)
        return answer.status_code, answer.json()["error"]["code"]

    def arrive(
        self, subject: str = "Hello", *, to: str = "anna@acme.test", extra: str = "", body: str = "Hi."
    ) -> Message:
        """A mail from a customer, delivered as its vendor would."""
        raw = (
            f"From: Nora <nora@birch.test>\r\nTo: {to}\r\nSubject: {subject}\r\n"
            "Date: Fri, 20 Nov 2026 11:00:00 +0000\r\n"
            f"Message-ID: <{subject.replace(' ', '.')}@birch.test>\r\n{extra}\r\n{body}\r\n"
        )
        [(_, message), *_] = self.store.deliver(raw.encode())
        return message

    def renew_token(self) -> None:
        self.http.headers["Authorization"] = f"Bearer {token_for(self)['access_token']}"

    def turn(self, **answers: bool) -> None:
        for name, on in answers.items():
            self.world.switches.turn(f"graph.{name}", on)

    def judge(self, answer: httpx2.Response) -> None:
        """Every answer of the Graph face is held against Microsoft's metadata, where that is at hand."""
        answer.read()
        if not answer.request.url.path.startswith("/v1.0") or "json" not in answer.headers.get("Content-Type", ""):
            return
        bodies = [answer.json()]
        if "responses" in bodies[0]:
            parts = [part.get("body") for part in bodies[0]["responses"]]
            bodies = [part for part in parts if isinstance(part, dict)]
        if CSDL.exists():
            where = f"{answer.request.method} {answer.request.url.path}"
            self.faults += [f"{where}: {fault}" for body in bodies for fault in metadata(CSDL).faults(body)]


def token_for(office: Office, **form: str) -> dict[str, Any]:
    asked = {
        "grant_type": "client_credentials",
        "client_id": "app",
        "client_secret": SECRET,
        "scope": DEFAULT_SCOPE,
    }
    answer = office.http.post(f"/{office.tenant.id}/oauth2/v2.0/token", data=asked | form)
    body: dict[str, Any] = answer.json()
    return body


@pytest.fixture
def office() -> Iterator[Office]:
    clock = ManualClock(START)
    world = World(clock, seed=7)
    tenant = world.microsoft.add_tenant("acme.test")
    app = world.microsoft.register_app(
        "Crosstie", client_id="app", secret=SECRET, roles=ROLES, redirect_uris=[CALLBACK]
    )
    world.microsoft.consent(app, tenant)
    anna = world.mailboxes.add_mailbox(
        "anna@acme.test", "Anna Alt", ["a.alt@acme.test"], time_zone="Europe/Berlin"
    )
    ben = world.mailboxes.add_mailbox("ben@acme.test", "Ben Bø")
    world.microsoft.accounts[str(ben.guid)] = Account("ben's password", admin=True)
    world.mailboxes.add_mailbox("temp@acme.test", "Temp", licensed=False)
    application = Application(world, [FACE, LOGIN_FACE, UPLOAD_FACE])
    http = httpx2.Client(transport=httpx2.WSGITransport(app=application), base_url="http://localhost")
    office = Office(clock, world, application, tenant, app, anna, ben, http)
    http.headers["Authorization"] = f"Bearer {token_for(office)['access_token']}"
    http.event_hooks["response"].append(office.judge)
    yield office
    assert office.faults == []


def later(office: Office, **by: float) -> None:
    office.clock.advance(timedelta(**by))
