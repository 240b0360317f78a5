"""The small company, and a person at its console: a client that sends what a browser would."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import httpx2
import pytest
from lxml import html

from sandbox.app import Application
from sandbox.build import build
from sandbox.clock import ManualClock
from sandbox.company import Company, found
from sandbox.mailboxes import Mailbox
from sandbox.salesforce.org import Org
from sandbox.world import World

START = datetime(2026, 11, 20, 12, tzinfo=UTC)
BASE = "http://127.0.0.1:8401"
NORA, ADA, BEN = "nora@birchworks.test", "ada@larch.test", "ben@larch.test"


def tree(answer: httpx2.Response) -> Any:
    """Untyped: an XPath may answer anything."""
    return html.fromstring(answer.text)


@dataclass
class Console:
    app: Application
    company: Company
    http: httpx2.Client

    @property
    def world(self) -> World:
        return self.app.world

    @property
    def org(self) -> Org:
        return self.company.site.org

    @property
    def records(self) -> str:
        return f"/console/orgs/{self.org.id}"

    def mailbox(self, address: str) -> Mailbox:
        found = self.world.mailboxes.mailbox(address)
        assert found
        return found

    def get(self, path: str) -> Any:
        """The page as a tree."""
        answer = self.http.get(path)
        assert answer.status_code == 200, answer.text
        return tree(answer)

    def act(self, path: str, files: Any = None, **fields: str) -> str:
        """Where a form that was taken leads to. `from_` and `as_` stand for Python's words."""
        answer = self.http.post(path, data={name.rstrip("_"): text for name, text in fields.items()}, files=files)
        assert answer.status_code == 303, answer.text
        followed = self.http.get(answer.headers["Location"])
        assert followed.status_code == 200
        assert tree(followed).xpath("//*[@role='status']")
        return answer.headers["Location"]

    def refused(self, path: str, **fields: str) -> tuple[Any, str]:
        """The page with its sentence."""
        answer = self.http.post(path, data={name.rstrip("_"): text for name, text in fields.items()})
        assert answer.status_code == 400, answer.text
        page = tree(answer)
        (alert,) = page.xpath("//*[@role='alert']")
        return page, alert.text_content()

    def send(self, sender: str = NORA, to: str = ADA, subject: str = "Saw blades", **more: str) -> str:
        return self.act("/console/send", from_=sender, to=to, subject=subject, **more)


@pytest.fixture
def console() -> Iterator[Console]:
    app = build(ManualClock(START), seed=11)
    company = found(app.world)
    transport = httpx2.WSGITransport(app=app)
    with httpx2.Client(transport=transport, base_url=BASE, headers={"Origin": BASE}) as client:
        yield Console(app, company, client)
