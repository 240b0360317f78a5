"""People at their own programs: a small client of Graph and of Salesforce REST with tokens of its own.

It reaches the sandbox over the same wire as the product and shares nothing with the product's connectors.
"""

import base64
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import quote

import httpx2

from sandbox import company
from sandbox.app import Application
from sandbox.company import Company
from sandbox.faults import Faults
from sandbox.salesforce.apps import App

HOST = "http://sandbox.test"
VERSION = "v67.0"
OUTLOOK, OUTLOOK_SECRET = "larch-outlook", "larch-outlook-secret"
CLERK, CLERK_SECRET = "larch-clerk", "larch-clerk-secret"


class Refusal(Exception):
    """The vendor said no; what people do is drawn so that it says yes."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A message as a person's program shows it."""

    folder_id: str
    categories: tuple[str, ...]
    is_draft: bool


@dataclass(slots=True)
class Wire:
    """`own` collects the log's numbers of people's requests, `mailed` the outbox's places of what they had sent:
    neither is taken for the product's.
    """

    app: Application
    company: Company
    own: set[int] = field(default_factory=set)
    mailed: set[int] = field(default_factory=set)
    _client: httpx2.Client = field(init=False, repr=False)
    _tokens: dict[str, str] = field(default_factory=dict)
    _folders: dict[tuple[str, str], str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        microsoft = self.app.world.microsoft
        roles = ("Mail.ReadWrite", "Mail.Send", "MailboxSettings.ReadWrite", "Calendars.ReadWrite")
        outlook = microsoft.register_app("Outlook", client_id=OUTLOOK, secret=OUTLOOK_SECRET, roles=roles)
        tenant = microsoft.tenant(company.DOMAIN)
        assert tenant is not None
        microsoft.consent(outlook, tenant)
        site = self.company.site
        site.register(App(CLERK, CLERK_SECRET, name="Clerk", run_as=site.org.admin, preauthorised="everybody"))
        self._client = httpx2.Client(transport=httpx2.WSGITransport(app=self.app), trust_env=False)

    # -- mail

    def show(self, address: str, item_id: str) -> Shown | None:
        """None when it is gone."""
        answer = self.graph(
            "GET", f"{box_of(address)}/messages/{item_id}?$select=parentFolderId,categories,isDraft"
        )
        if answer.status_code == 404:
            return None
        body = good(answer).json()
        return Shown(body["parentFolderId"], tuple(body["categories"]), bool(body["isDraft"]))

    def categorise(self, address: str, item_id: str, categories: Sequence[str]) -> None:
        self._patch(address, item_id, {"categories": list(categories)})

    def read(self, address: str, item_id: str, is_read: bool) -> None:
        self._patch(address, item_id, {"isRead": is_read})

    def _patch(self, address: str, item_id: str, body: dict[str, Any]) -> None:
        good(self.graph("PATCH", f"{box_of(address)}/messages/{item_id}", json=body))

    def move(self, address: str, item_id: str, folder: str) -> str:
        """Answers its id, which is the same with immutable ids."""
        return self._to(address, item_id, "move", folder)

    def copy(self, address: str, item_id: str, folder: str) -> str:
        return self._to(address, item_id, "copy", folder)

    def _to(self, address: str, item_id: str, verb: str, folder: str) -> str:
        body = {"destinationId": self.folder(address, folder)}
        answer = self.graph("POST", f"{box_of(address)}/messages/{item_id}/{verb}", json=body)
        return str(good(answer).json()["id"])

    def delete(self, address: str, item_id: str, *, for_good: bool = False) -> None:
        where = f"{box_of(address)}/messages/{item_id}"
        if for_good:
            good(self.graph("POST", f"{where}/permanentDelete"))
        else:
            good(self.graph("DELETE", where))

    def send(self, address: str, raw: bytes) -> None:
        headers = {"Content-Type": "text/plain"}
        good(self.graph("POST", f"{box_of(address)}/sendMail", content=base64.b64encode(raw), headers=headers))

    def draft(self, address: str, raw: bytes, folder: str) -> str:
        where = f"{box_of(address)}/mailFolders/{self.folder(address, folder)}/messages"
        headers = {"Content-Type": "text/plain"}
        answer = self.graph("POST", where, content=base64.b64encode(raw), headers=headers)
        return str(good(answer).json()["id"])

    def send_draft(self, address: str, item_id: str) -> None:
        good(self.graph("POST", f"{box_of(address)}/messages/{item_id}/send"))

    def folder(self, address: str, name: str) -> str:
        """The id of a well-known folder, or of a top one by its display name; empty while there is none."""
        known = self._folders.get((address, name), "")
        if known:
            return known
        if " " in name:
            where = f"{box_of(address)}/mailFolders?$filter=displayName eq '{name}'"
            rows = good(self.graph("GET", where)).json()["value"]
            found = str(rows[0]["id"]) if rows else ""
        else:
            found = str(good(self.graph("GET", f"{box_of(address)}/mailFolders/{name}")).json()["id"])
        if found:
            self._folders[address, name] = found
        return found

    def graph(self, method: str, path: str, **options: Any) -> httpx2.Response:
        headers = {"Prefer": 'IdType="ImmutableId"', **options.pop("headers", {})}
        return self._ask("graph", method, f"{HOST}/v1.0{path}", headers, options)

    # -- Salesforce

    def insert(self, object_name: str, **fields: Any) -> str:
        answer = self.salesforce("POST", f"/sobjects/{object_name}", json=fields)
        return str(good(answer).json()["id"])

    def update(self, object_name: str, record_id: str, **fields: Any) -> None:
        good(self.salesforce("PATCH", f"/sobjects/{object_name}/{record_id}", json=fields))

    def remove(self, object_name: str, record_id: str) -> None:
        good(self.salesforce("DELETE", f"/sobjects/{object_name}/{record_id}"))

    def created_at(self, object_name: str, record_id: str) -> datetime:
        answer = self.salesforce("GET", f"/sobjects/{object_name}/{record_id}?fields=CreatedDate")
        return datetime.fromisoformat(str(good(answer).json()["CreatedDate"]).replace("+0000", "+00:00"))

    def salesforce(self, method: str, path: str, **options: Any) -> httpx2.Response:
        headers = options.pop("headers", {})
        return self._ask("salesforce", method, f"{HOST}/services/data/{VERSION}{path}", headers, options)

    # -- both

    def _ask(
        self, vendor: str, method: str, url: str, headers: dict[str, str], options: dict[str, Any]
    ) -> httpx2.Response:
        for fresh in (False, True):
            if fresh or vendor not in self._tokens:
                self._tokens[vendor] = self._token(vendor)
            bearer = {"Authorization": f"Bearer {self._tokens[vendor]}"}
            answer = self._send(method, url, headers={**headers, **bearer}, **options)
            if answer.status_code != 401:
                break
        return answer

    def _token(self, vendor: str) -> str:
        form = {"grant_type": "client_credentials"}
        if vendor == "graph":
            form |= {"client_id": OUTLOOK, "client_secret": OUTLOOK_SECRET}
            url = f"{HOST}/{self.company.microsoft_tenant}/oauth2/v2.0/token"
            form["scope"] = "https://graph.microsoft.com/.default"
        else:
            form |= {"client_id": CLERK, "client_secret": CLERK_SECRET}
            url = f"{HOST}/services/oauth2/token"
        return str(good(self._send("POST", url, data=form)).json()["access_token"])

    def _send(self, method: str, url: str, **options: Any) -> httpx2.Response:
        with self.unharmed():
            return self._client.request(method, url, **options)

    @contextmanager
    def unharmed(self) -> Iterator[None]:
        """What is asked meanwhile is people's doing. Bad luck is for sessions alone: people try until it works."""
        world = self.app.world
        faults, world.faults = world.faults, Faults()
        before, sent = world.requests.count, len(world.outbox.mails)
        try:
            yield
        finally:
            world.faults = faults
            self.mailed.update(range(sent, len(world.outbox.mails)))
            self.own.update(range(before + 1, world.requests.count + 1))


def box_of(address: str) -> str:
    return f"/users/{quote(address)}"


def good(answer: httpx2.Response) -> httpx2.Response:
    if answer.status_code >= 300:
        raise Refusal(f"{answer.request.method} {answer.request.url} {answer.status_code} {answer.text[:300]}")
    return answer
