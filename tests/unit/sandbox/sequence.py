"""One afternoon of requests to both vendors, the same for everybody who plays it: sign-in, delta, batches, writes,
queries, composites, and bad luck of every source."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import httpx2

from sandbox import company
from sandbox.app import Application
from sandbox.clock import ManualClock
from sandbox.faults import Fault, Step
from sandbox.luck import Luck

HOST = "sandbox.test"
BY_THE_SOCKET = frozenset(("server", "date", "connection", "transfer-encoding", "keep-alive"))
"""Headers that a web server adds of its own."""
CRM, BOX = "/services/data/v67.0", "/v1.0/users/ada@larch.test"


@dataclass(frozen=True, slots=True)
class Seen:
    """What one request came to: an answer, or a connection that broke."""

    request: str
    status: int
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""


@dataclass(slots=True)
class Player:
    client: httpx2.Client
    app: Application
    clock: ManualClock
    seen: list[Seen] = field(default_factory=list)
    tokens: dict[str, str] = field(default_factory=dict)

    def ask(self, method: str, path: str, body: Any = None, **headers: str) -> Any:
        """The JSON of the answer; None when there is none, or no answer."""
        named = {"Host": HOST} | {name.replace("_", "-"): value for name, value in headers.items()}
        face = "crm" if path.startswith("/services") else "graph"
        if self.tokens.get(face):
            named["Authorization"] = f"Bearer {self.tokens[face]}"
        how = {"data": body} if "token" in path.partition("?")[0] else {"json": body} if body is not None else {}
        try:
            answer = self.client.request(method, path, headers=named, **how)
        except httpx2.RemoteProtocolError:
            self.seen.append(Seen(f"{method} {path}", 0))
            return None
        kept = sorted((name, value) for name, value in answer.headers.items() if name not in BY_THE_SOCKET)
        self.seen.append(Seen(f"{method} {path}", answer.status_code, tuple(kept), answer.content))
        try:
            return answer.json()
        except ValueError:
            return None

    def wait(self, seconds: float) -> None:
        self.clock.advance(timedelta(seconds=seconds))


def play(player: Player) -> None:
    for scene in SCENES:
        scene(player)


def sign_in(player: Player) -> None:
    tenant = player.app.world.microsoft.tenants[0].id
    grant = {"grant_type": "client_credentials"}
    mine = {"client_id": company.GRAPH_CLIENT, "client_secret": company.GRAPH_SECRET}
    scope = {"scope": "https://graph.microsoft.com/.default"}
    player.ask("GET", f"{BOX}/messages")
    player.ask("POST", f"/{tenant}/oauth2/v2.0/token", grant | mine | {"client_secret": "wrong"} | scope)
    player.tokens["graph"] = player.ask("POST", f"/{tenant}/oauth2/v2.0/token", grant | mine | scope)[
        "access_token"
    ]
    player.ask("GET", "/services/data")
    player.ask("GET", f"{CRM}/limits")
    theirs = {"client_id": company.CRM_CLIENT, "client_secret": company.CRM_SECRET}
    player.ask("POST", "/services/oauth2/token", grant | theirs | {"client_secret": "wrong"})
    player.tokens["crm"] = player.ask("POST", "/services/oauth2/token", grant | theirs)["access_token"]


def mail(player: Player) -> None:
    for number in range(3):
        head = f"From: nora@birchworks.test\r\nTo: ada@larch.test\r\nSubject: Offer {number}\r\n"
        player.app.world.mailboxes.deliver(f"{head}\r\nÄpfel {number}\r\n".encode())
    player.ask("GET", f"{BOX}/mailFolders?$top=50")
    page = player.ask("GET", f"{BOX}/mailFolders/inbox/messages/delta", Prefer="odata.maxpagesize=2")
    page = player.ask("GET", _path(page["@odata.nextLink"]), Prefer="odata.maxpagesize=2")
    message = page["value"][0]["id"]
    link = _path(page["@odata.deltaLink"])
    player.ask("PATCH", f"{BOX}/messages/{message}", {"categories": ["Salesforce"]})
    player.ask("PATCH", f"{BOX}/messages/{message}", {"isRead": True}, If_Match='W/"old"')
    player.ask("GET", link)
    player.ask("GET", f"{BOX}/messages/{message}/$value")
    player.ask("GET", f"{BOX}/messages/nothing")
    player.ask("POST", f"{BOX}/outlook/masterCategories", {"displayName": "Salesforce", "color": "preset9"})
    player.ask("POST", f"{BOX}/mailFolders", {"displayName": "Salesforce Emails"})
    player.ask("POST", f"{BOX}/mailFolders", {"displayName": "Salesforce Emails"})
    player.ask("POST", f"{BOX}/messages/{message}/move", {"destinationId": "archive"})
    player.ask("GET", link, Prefer='IdType="ImmutableId"')
    draft = player.ask("POST", f"{BOX}/messages", {"subject": "Draft", "body": {"content": "Hi"}})
    player.ask("DELETE", f"{BOX}/messages/{draft['id']}")
    requests = [{"id": str(n), "method": "GET", "url": f"{BOX[5:]}/messages?$top={n + 1}"} for n in range(4)]
    player.ask("POST", "/v1.0/$batch", {"requests": [*requests, {"id": "x", "method": "GET", "url": "/users"}]})
    player.ask("POST", "/v1.0/$batch", {"requests": []})


def records(player: Player) -> None:
    contact = player.ask("POST", f"{CRM}/sobjects/Contact", {"LastName": "Núñez", "Email": "new@larch.test"})["id"]
    player.ask("GET", f"{CRM}/sobjects/Contact/{contact}?fields=LastName,Email")
    player.wait(1)
    player.ask("PATCH", f"{CRM}/sobjects/Contact/{contact}", {"Title": "Head"})
    player.ask("PATCH", f"{CRM}/sobjects/Contact/{contact}", {"Nothing": 1})
    player.ask("GET", f"{CRM}/query?q=SELECT+Id,Name+FROM+Contact+ORDER+BY+Name")
    player.ask("GET", f"{CRM}/query?q=SELECT+FROM")
    player.ask("GET", f"{CRM}/sobjects/Contact/describe")
    player.ask("GET", f"{CRM}/sobjects/Nothing/describe")
    player.ask("PATCH", f"{CRM}/sobjects/Task/Crosstie_Key__c/k1", {"Subject": "Call", "Status": "Completed"})
    player.ask("PATCH", f"{CRM}/sobjects/Task/Crosstie_Key__c/k1", {"Subject": "Call again"})
    tasks = [{"attributes": {"type": "Task"}, "Subject": f"T{n}"} for n in range(201)]
    player.ask("POST", f"{CRM}/composite/sobjects", {"records": tasks})
    player.ask("POST", f"{CRM}/composite/sobjects", {"records": tasks[:200]})
    player.ask("POST", f"{CRM}/composite/sobjects", {"records": tasks[:10]})
    size = "batchSize=200"
    page = player.ask("GET", f"{CRM}/query?q=SELECT+Id+FROM+Task", Sforce_Query_Options=size)
    player.ask("GET", page["nextRecordsUrl"])
    parts = [
        {"method": "POST", "url": f"{CRM}/sobjects/Account", "referenceId": "a", "body": {"Name": "Fir & Co"}},
        {"method": "GET", "url": f"{CRM}/sobjects/Account/@{{a.id}}", "referenceId": "b"},
        {"method": "GET", "url": f"{CRM}/query?q=SELECT+Nothing+FROM+Account", "referenceId": "c"},
    ]
    player.ask("POST", f"{CRM}/composite", {"compositeRequest": parts, "allOrNone": True})
    player.ask("POST", f"{CRM}/composite", {"compositeRequest": parts})
    body = {"Subject": "Mail", "Status": "3", "MessageIdentifier": "<1@birchworks.test>"}
    node = {"method": "POST", "url": f"{CRM}/sobjects/EmailMessage", "referenceId": "m", "body": body}
    player.ask("POST", f"{CRM}/composite/graph", {"graphs": [{"graphId": "g", "compositeRequest": [node]}]})
    player.ask("DELETE", f"{CRM}/sobjects/Contact/{contact}")
    player.ask("GET", f"{CRM}/queryAll?q=SELECT+Id,IsDeleted+FROM+Contact+WHERE+IsDeleted=TRUE")


def bad_luck(player: Player) -> None:
    world = player.app.world
    world.faults.add(Fault("lose_answer", route="row_create"))
    player.ask("POST", f"{CRM}/sobjects/Lead", {"LastName": "Lost", "Company": "Fir"})
    world.faults.add(Fault("refuse", face="graph", status=503, body=b"<h1>Sorry</h1>", headers=(("X-A", "b"),)))
    player.ask("GET", f"{BOX}/messages")
    world.faults.clear()
    world.faults.add(Fault("finish_later", face="salesforce", delay=30, early_stamp=True))
    player.ask("POST", f"{CRM}/sobjects/Lead", {"LastName": "Late", "Company": "Fir"})
    world.faults.follow([Step(Fault("drop_before", face="graph")), Step(Fault("refuse", status=429), after=10)])
    player.ask("GET", f"{BOX}/mailFolders")
    player.ask("GET", f"{BOX}/mailFolders")
    player.wait(31)
    player.ask("GET", f"{CRM}/query?q=SELECT+LastName,CreatedDate+FROM+Lead+ORDER+BY+LastName")
    player.ask("GET", f"{BOX}/mailFolders")
    world.faults.luck = Luck(seed=2, rate=0.4, kinds=("graph.*", "salesforce.*", "drop_before", "spoilt"))
    world.switches.turn("salesforce.flow_edits_new_rows", True)
    world.switches.turn("graph.rows_shuffled", True)
    for number in range(8):
        player.ask("POST", f"{CRM}/sobjects/Task", {"Subject": f"Luck {number}"})
        player.ask("GET", f"{BOX}/messages?$select=subject")
        player.wait(20)
    world.faults.clear()
    player.ask("GET", f"{CRM}/query?q=SELECT+Subject,SystemModstamp+FROM+Task+WHERE+Subject+LIKE+'Luck%25'")


def _path(link: str) -> str:
    return link.partition(HOST)[2]


SCENES: tuple[Callable[[Player], None], ...] = (sign_in, mail, records, bad_luck)
