"""An org with two people and an app, reached the way Crosstie reaches it but without a socket."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx2
import pytest

from sandbox.app import Application
from sandbox.build import build
from sandbox.clock import ManualClock
from sandbox.salesforce.apps import App
from sandbox.salesforce.site import Site, open_org
from sandbox.world import World

START = datetime(2026, 11, 20, 12, tzinfo=UTC)
BASE = "/services/data/v67.0"
SECRET = "app-secret"
CALLBACK = "https://crosstie.test/oauth/callback"


@dataclass
class Org:
    """What a test of the REST face holds: the world behind it and a client with a session."""

    clock: ManualClock
    app: Application
    site: Site
    http: httpx2.Client
    integration: str
    """User id the session belongs to."""
    colleague: str

    @property
    def world(self) -> World:
        return self.app.world

    def call(self, method: str, path: str, body: Any = None, **options: Any) -> httpx2.Response:
        return (
            self.http.request(method, BASE + path, json=body, **options)
            if body is not None
            else (self.http.request(method, BASE + path, **options))
        )

    def get(self, path: str, **options: Any) -> Any:
        answer = self.call("GET", path, **options)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def create(self, object_name: str, **fields: Any) -> str:
        answer = self.call("POST", f"/sobjects/{object_name}", fields)
        assert answer.status_code == 201, answer.text
        return str(answer.json()["id"])

    def query(self, soql: str) -> list[dict[str, Any]]:
        rows: list[dict[str, Any]] = self.get("/query", params={"q": soql})["records"]
        return rows

    def count(self, object_name: str) -> int:
        number: int = self.get("/query", params={"q": f"SELECT COUNT() FROM {object_name}"})["totalSize"]
        return number

    def sign_in(self) -> None:
        answer = self.http.post(
            "/services/oauth2/token",
            data={"grant_type": "client_credentials", "client_id": "crosstie", "client_secret": SECRET},
        )
        assert answer.status_code == 200, answer.text
        self.http.headers["Authorization"] = f"Bearer {answer.json()['access_token']}"

    def wait(self, **span: float) -> None:
        self.clock.advance(timedelta(**span))


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(START)


@pytest.fixture
def signed_out(clock: ManualClock) -> Org:
    app = build(clock, seed=7)
    site = open_org(app.world)
    integration = site.org.add_user("integration@acme.test", "Crosstie", "Integration")
    colleague = site.org.add_user("ada@acme.test", "Ada", "Byron")
    site.register(
        App(
            "crosstie",
            SECRET,
            "Crosstie",
            callbacks=(CALLBACK,),
            run_as=integration,
            preauthorised=frozenset((integration,)),
        )
    )
    http = httpx2.Client(transport=httpx2.WSGITransport(app=app), base_url="http://localhost:8401")
    return Org(clock, app, site, http, integration, colleague)


@pytest.fixture
def org(signed_out: Org) -> Org:
    signed_out.sign_in()
    return signed_out
