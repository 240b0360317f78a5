"""The vendors as a test reaches them: over their wire, with tokens of its own, and by the sandbox's addresses."""

import contextlib
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import httpx2

from tests.system.ground.installation import free_port, wait_until

VERSION = "v64.0"
DROP, MARK = "Salesforce Emails", "Salesforce"


class Vendors:
    def __init__(self, process: subprocess.Popen[bytes], url: str) -> None:
        self.process, self.url = process, url
        self.http = httpx2.Client(base_url=url, timeout=120, trust_env=False)
        self.facts: dict[str, Any] = self.http.get("/sandbox/company").json()
        self.people: list[str] = [person["address"] for person in self.facts["people"]]
        self._graph = self._token(f"/{self.facts['graph']['tenant']}/oauth2/v2.0/token", "graph")
        self._crm = self._token("/services/oauth2/token", "crm")

    def _token(self, path: str, side: str) -> dict[str, str]:
        form = {"grant_type": "client_credentials", "scope": "https://graph.microsoft.com/.default"}
        own = self.facts[side]
        answer = self.http.post(
            path, data=form | {"client_id": own["client_id"], "client_secret": own["client_secret"]}
        )
        assert answer.status_code == 200, answer.text
        return {"Authorization": f"Bearer {answer.json()['access_token']}"}

    # -- people ------------------------------------------------------------------------------------------

    def send(self, mail: EmailMessage | bytes, to: str = "") -> None:
        """Into the mailboxes of its sender and recipients, or of `to` alone."""
        raw = mail if isinstance(mail, bytes) else mail.as_bytes()
        answer = self.http.post("/sandbox/load", params={"received": "now", "to": to}, content=raw)
        assert answer.status_code == 200, answer.text

    def mark(self, mailbox: str, message_id: str) -> None:
        """A person sets the category, again when somebody else wrote meanwhile."""
        for _ in range(5):
            [item] = self.messages(mailbox, message_id)
            categories = [*item["categories"], MARK]
            headers = self._graph | {"If-Match": item["@odata.etag"]}
            path = f"/v1.0/users/{mailbox}/messages/{item['id']}"
            if self.http.patch(path, json={"categories": categories}, headers=headers).status_code == 200:
                return
        raise AssertionError(f"{message_id} could not be marked")

    def drop(self, mailbox: str, message_id: str) -> None:
        [item] = self.messages(mailbox, message_id)
        folder = self.drop_folder(mailbox)
        path = f"/v1.0/users/{mailbox}/messages/{item['id']}/move"
        answer = self.http.post(path, json={"destinationId": folder}, headers=self._graph)
        assert answer.status_code == 201, answer.text

    def save(self, message_id: str) -> None:
        """A record made by hand, with nobody linked."""
        path = f"/services/data/{VERSION}/sobjects/EmailMessage"
        body = {"MessageIdentifier": message_id, "Status": "3", "Subject": "By hand"}
        answer = self.http.post(path, json=body, headers=self._crm)
        assert answer.status_code == 201, answer.text

    # -- administrators ----------------------------------------------------------------------------------

    def hire(self, mailboxes: Sequence[str], unlicensed: Sequence[str], users: Sequence[str]) -> None:
        """People with a mailbox, with one that has no licence, and Salesforce users of these addresses, each for
        itself however often an address is named.
        """
        asked = [{"address": one, "name": _name(one), "licensed": True} for one in mailboxes]
        asked += [{"address": one, "name": _name(one), "licensed": False} for one in unlicensed]
        self._do("/sandbox/mailboxes", {"mailboxes": asked})
        [profile] = self.query("SELECT Id FROM Profile WHERE Name = 'Standard User'")
        rows = [_user(number, address, profile["Id"]) for number, address in enumerate(users)]
        for start in range(0, len(rows), 200):
            path = f"/services/data/{VERSION}/composite/sobjects"
            answer = self.http.post(path, json={"records": rows[start : start + 200]}, headers=self._crm)
            assert answer.status_code == 200, answer.text
            assert all(one["success"] for one in answer.json()), answer.text

    def retire(self, address: str) -> None:
        for row in self.query(f"SELECT Id FROM User WHERE Email = '{address}'"):
            path = f"/services/data/{VERSION}/sobjects/User/{row['Id']}"
            answer = self.http.patch(path, json={"IsActive": False}, headers=self._crm)
            assert answer.status_code == 204, answer.text

    def restrict(self, mailboxes: Sequence[str]) -> None:
        """Exchange lets the app into these alone."""
        body = {"client_id": self.facts["graph"]["client_id"], "only": list(mailboxes)}
        self._do("/sandbox/microsoft/mailboxes/restrict", body)

    def _do(self, path: str, body: object) -> None:
        answer = self.http.post(path, json=body)
        assert answer.status_code == 200, answer.text

    # -- what is there -----------------------------------------------------------------------------------

    def folders(self, mailbox: str) -> dict[str, str]:
        """Name → id."""
        found = self._pages(f"/v1.0/users/{mailbox}/mailFolders?$top=100")
        return {one["displayName"]: one["id"] for one in found}

    def drop_folder(self, mailbox: str) -> str | None:
        return self.folders(mailbox).get(DROP)

    def messages(self, mailbox: str, message_id: str = "") -> list[dict[str, Any]]:
        wanted = f"&$filter=internetMessageId eq '{message_id}'" if message_id else ""
        path = f"/v1.0/users/{mailbox}/messages?$top=200&$select=internetMessageId,categories,parentFolderId"
        return self._pages(path + wanted)

    def _pages(self, path: str) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = []
        while path:
            answer = self.http.get(path, headers=self._graph)
            assert answer.status_code == 200, answer.text
            found += answer.json()["value"]
            path = answer.json().get("@odata.nextLink", "").removeprefix(self.url)
        return found

    def query(self, soql: str) -> list[dict[str, Any]]:
        path, params = f"/services/data/{VERSION}/query", {"q": soql}
        found: list[dict[str, Any]] = []
        while path:
            answer = self.http.get(path, params=params, headers=self._crm)
            assert answer.status_code == 200, answer.text
            found += answer.json()["records"]
            path, params = answer.json().get("nextRecordsUrl", ""), {}
        return found

    def file(self, version_id: str) -> bytes:
        path = f"/services/data/{VERSION}/sobjects/ContentVersion/{version_id}/VersionData"
        answer = self.http.get(path, headers=self._crm)
        assert answer.status_code == 200, answer.text
        return answer.content

    # -- the sandbox itself ------------------------------------------------------------------------------

    def count(self) -> int:
        """Requests that reached a vendor so far."""
        return int(self.http.get("/sandbox").json()["requests"])

    def writes_since(self, number: int) -> list[str]:
        """What reached a vendor and may have changed something there, parts of a batch one by one."""
        entries = self.http.get(f"/sandbox/requests?since={number}&entries=1").json()["entries"]
        return [
            f"{entry['subject']}: {part}"
            for entry in entries
            if entry["face"] != "microsoft_login" and entry["route"] != "oauth_token"
            for part in (entry["parts"] or [f"{entry['method']} {entry['route']}"])
            if not part.startswith("GET ")
        ]

    def outbox(self) -> list[dict[str, Any]]:
        return list(self.http.get("/sandbox/outbox").json()["mails"])

    @contextlib.contextmanager
    def held(self) -> Iterator[None]:
        """The vendors answer nobody meanwhile; what was asked is done afterwards."""
        self.process.send_signal(signal.SIGSTOP)
        try:
            yield
        finally:
            self.process.send_signal(signal.SIGCONT)


def _name(address: str) -> str:
    return f"{address.partition('@')[0].capitalize()} Stone"


def _user(number: int, address: str, profile: str) -> dict[str, Any]:
    first, _, last = _name(address).partition(" ")
    return {
        "attributes": {"type": "User"},
        "Username": f"{number}.{address}",
        "CommunityNickname": f"{first}{number}",
        "Alias": f"u{number}",
        "FirstName": first,
        "LastName": last,
        "Email": address,
        "ProfileId": profile,
        "TimeZoneSidKey": "Europe/Berlin",
        "LocaleSidKey": "en_US",
        "LanguageLocaleKey": "en_US",
        "EmailEncodingKey": "UTF-8",
    }


@contextlib.contextmanager
def vendors(folder: Path, people: int = 3) -> Iterator[Vendors]:
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    program = [sys.executable, "-m", "tests.system.trouble.vendors_program", str(port), str(people)]
    with (folder / "vendors.txt").open("wb") as log:
        process = subprocess.Popen(program, stdout=log, stderr=subprocess.STDOUT)
    try:
        wait_until(lambda: b"ready" in (folder / "vendors.txt").read_bytes(), what="the vendors answer")
        made = Vendors(process, url)
        with contextlib.closing(made.http):
            yield made
    finally:
        process.send_signal(signal.SIGCONT)
        process.terminate()
        process.wait(20)
