"""A small company reached over the wire, on which one switch is tried with either answer."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx2

from sandbox import company
from sandbox.app import Application
from sandbox.build import build
from sandbox.clock import ManualClock
from sandbox.mailboxes import Mailbox, Message
from sandbox.salesforce.site import Site

START = datetime(2026, 11, 20, 12, tzinfo=UTC)
CALLBACK = "https://crosstie.test/callback"


class Stage:
    """`graph` and `crm` are answers as they come; `rows` and `row` are the bodies of those that must succeed."""

    def __init__(self, switch: str, on: bool) -> None:
        self.clock = ManualClock(START)
        self.app: Application = build(self.clock, seed=7, auto_login=True)
        self.company = company.found(self.app.world, callbacks=(CALLBACK,))
        self.world = self.app.world
        self.http = httpx2.Client(transport=httpx2.WSGITransport(app=self.app), base_url="http://sandbox.test")
        self.mailbox_token = self._sign_in(f"/{self.company.microsoft_tenant}/oauth2/v2.0/token", *_GRAPH)
        self.sign_in_to_crm()
        self.world.switches.turn(switch, on)

    def _sign_in(self, path: str, client_id: str, secret: str, scope: str) -> str:
        form = {
            "grant_type": "client_credentials",
            "client_id": client_id,
            "client_secret": secret,
            "scope": scope,
        }
        answer = self.http.post(path, data=form | {"scope": scope})
        return str(answer.json()["access_token"])

    def sign_in_to_crm(self, user: str = "") -> None:
        """As the administrator, or as another user of the org."""
        self.site.apps[company.CRM_CLIENT].run_as = user or self.site.org.admin
        self.crm_token = self._sign_in("/services/oauth2/token", company.CRM_CLIENT, company.CRM_SECRET, "api")

    @property
    def site(self) -> Site:
        return self.company.site

    def wait(self, **span: float) -> None:
        self.clock.advance(timedelta(**span))

    # -- Graph

    @property
    def box(self) -> Mailbox:
        found = self.world.mailboxes.mailbox("ada@larch.test")
        assert found is not None
        return found

    def arrive(
        self, subject: str = "Hello", *, html: str = "", extra: str = "", nameless: bool = False
    ) -> Message:
        kind = "text/html" if html else "text/plain"
        name = "" if nameless else f"Message-ID: <{len(self.box.messages)}@birch.test>\r\n"
        raw = (
            f"From: nora@birch.test\r\nTo: ada@larch.test\r\nSubject: {subject}\r\n{name}"
            f"Date: Fri, 20 Nov 2026 11:00:00 +0000\r\nMIME-Version: 1.0\r\n"
            f"Content-Type: {kind}; charset=utf-8\r\n\r\n{html or 'Hi.'}\r\n"
        )
        return self.world.mailboxes.put(self.box, raw.encode())

    def graph(self, method: str, path: str, body: Any = None, **headers: str) -> httpx2.Response:
        if not path.startswith(("http", "/")):
            path = f"/v1.0/users/ada@larch.test/{path}"
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        token = {"Authorization": f"Bearer {self.mailbox_token}"}
        content = {} if body is None else {"json": body}
        return self.http.request(method, path, headers=token | named, **content)

    def message(self) -> dict[str, Any]:
        """The only message of the mailbox."""
        (found,) = self.graph("GET", "messages").json()["value"]
        return dict(found)

    def pages(self, link: str = "mailFolders/inbox/messages/delta", **headers: str) -> Iterator[dict[str, Any]]:
        """Of one round of delta, at most 60."""
        for _ in range(60):
            page = self.graph("GET", link, **headers).json()
            yield page
            link = page.get("@odata.nextLink", "")
            if not link:
                return

    def polls(self, number: int) -> Iterator[list[dict[str, Any]]]:
        """The rows of each of so many rounds after the first one."""
        link = self.follow(list(self.pages()))
        for _ in range(number):
            pages = list(self.pages(link))
            yield [row for page in pages for row in page["value"]]
            link = self.follow(pages)

    @staticmethod
    def follow(pages: list[dict[str, Any]]) -> str:
        return str(pages[-1]["@odata.deltaLink"])

    # -- Salesforce

    def crm(self, method: str, path: str, body: Any = None, **headers: str) -> httpx2.Response:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        token = {"Authorization": f"Bearer {self.crm_token}"}
        content = {} if body is None else {"json": body}
        if not path.startswith("/services"):
            path = f"/services/data/v67.0{path}"
        return self.http.request(method, path, headers=token | named, **content)

    def create(self, object_name: str, **fields: Any) -> str:
        answer = self.crm("POST", f"/sobjects/{object_name}", fields)
        assert answer.status_code == 201, answer.text
        return str(answer.json()["id"])

    def tasks(self, number: int, **fields: Any) -> list[str]:
        """So many tasks, at most 200 in a call; subjects are numbered."""
        found = []
        for start in range(0, number, 200):
            some = range(start, min(number, start + 200))
            records = [{"attributes": {"type": "Task"}, "Subject": f"Call {n:04}", **fields} for n in some]
            answer = self.crm("POST", "/composite/sobjects", {"records": records}).json()
            found += [one["id"] for one in answer]
        return found

    def query(self, soql: str, **headers: str) -> dict[str, Any]:
        answer = self.http.get(
            "/services/data/v67.0/query",
            params={"q": soql},
            headers={"Authorization": f"Bearer {self.crm_token}"}
            | {name.replace("_", "-"): value for name, value in headers.items()},
        )
        assert answer.status_code == 200, answer.text
        return dict(answer.json())

    def values(self, soql: str) -> list[Any]:
        """The first column of every page."""
        page = self.query(soql, Sforce_Query_Options="batchSize=200")
        records = list(page["records"])
        while "nextRecordsUrl" in page:
            page = self.crm("GET", page["nextRecordsUrl"]).json()
            records += page["records"]
        return [next(value for name, value in record.items() if name != "attributes") for record in records]


_GRAPH = (company.GRAPH_CLIENT, company.GRAPH_SECRET, "https://graph.microsoft.com/.default")


@dataclass(frozen=True, slots=True)
class Case:
    """What one switch changes: `look` sees `on` with the one answer and `off` with the other."""

    look: Callable[[Stage], object]
    on: object
    off: object


CASES: dict[str, Case] = {}


def case(switch: str, *, on: object, off: object) -> Callable[[Callable[[Stage], object]], None]:
    def keep(look: Callable[[Stage], object]) -> None:
        assert switch not in CASES, f"{switch} has a case already"
        assert on != off, f"{switch}: a case tells the answers apart"
        CASES[switch] = Case(look, on, off)

    return keep
