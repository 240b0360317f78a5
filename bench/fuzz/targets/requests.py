"""What the sandbox is asked: recorded requests of every face, damaged in address, options, headers and body."""

import io
import json
import pickle
from collections.abc import Iterator
from dataclasses import dataclass
from random import Random
from typing import Any

import httpx2

from bench.fuzz.mutate import ODD_TEXTS, as_bytes, mutated_bytes, mutated_json, mutated_text
from bench.fuzz.targets.further import further
from bench.fuzz.targets.office import ORG_CONNECTION, TRUSTED, graph_connection, house
from crosstie.mailboxes.graph.tokens import Tokens
from crosstie.salesforce.auth import Authority
from crosstie.transport import Http
from sandbox import company
from sandbox.app import Application
from sandbox.build import build
from sandbox.faults import ConnectionLost
from sandbox.requestlog import RequestLog
from tests.simulation.house import House

MAIL = "/v1.0/users/ada%40larch.test"
DATA = "/services/data/v67.0"
OPTIONS = (
    "$top=5",
    "$top=0",
    "$top=-1",
    "$top=9999999999999999999999",
    "$skip=3",
    "$select=id,subject",
    "$select=",
    "$select=nope",
    "$orderby=receivedDateTime desc",
    "$orderby=nope",
    "$count=true",
    '$search="x"',
    "$expand=attachments",
    "$expand=a($b=c)",
    "$filter=isRead eq false",
    "$filter=receivedDateTime ge 2026-11-16T09:00:00Z",
    "$filter=subject eq 'a''b'",
    "$filter=(",
    "$filter=contains(subject,'x') and not (isRead eq true)",
    "$filter=categories/any(c:c eq 'x')",
    "$deltatoken=x",
    "$skiptoken=x",
    "$expand=singleValueExtendedProperties($filter=id eq 'String 0x001A')",
    "$filter=from/emailAddress/address eq 'x'",
    "q=SELECT Id FROM Contact",
    "q=",
    "q=SELECT",
    "batchSize=1",
    "$format=json",
    "&&&",
    "=",
    "%",
    "$top=5&$top=6",
    "fields=Id,Name",
)
HEADERS = {
    "Prefer": (
        'IdType="ImmutableId"',
        "odata.maxpagesize=0",
        "odata.maxpagesize=x",
        'outlook.body-content-type="text"',
        ";;,=",
        "x" * 5000,
    ),
    "Content-Type": (
        "application/json",
        "text/plain",
        "multipart/form-data; boundary=b",
        "application/x-www-form-urlencoded",
        "application/xml",
        "",
    ),
    "If-Match": ('W/"x"', "*", "", '"'),
    "Sforce-Call-Options": ("client=x", "=", ",,"),
    "Sforce-Query-Options": ("batchSize=x", "batchSize=200"),
    "Sforce-Duplicate-Rule-Header": ("allowSave=true", "x"),
    "If-Modified-Since": ("x", "Mon, 16 Nov 2026 09:00:00 GMT", "Mon, 16 Nov 9999999 09:00:00 GMT"),
    "Authorization": ("", "Bearer", "Bearer x", "Bearer a!b", "Basic !!!", "Basic eDp5", "x"),
    "Content-Length": ("0",),
    "Host": ("graph.microsoft.com", "[", "x:99999999"),
    "client-request-id": ("x" * 300, "\x01"),
    "Accept": ("application/xml", "*/*", ""),
}


@dataclass(frozen=True, slots=True)
class Asked:
    method: str
    path: str
    query: str
    headers: tuple[tuple[str, str], ...]
    body: bytes


class Requests:
    block = 50

    def __init__(self) -> None:
        office = house()
        office.round()
        world = office.world
        seeds = list(_seeds(office))
        world.requests = RequestLog()
        self._kept = pickle.dumps(world)
        self._seeds = seeds
        self._app: Application = office.app

    def start(self) -> None:
        self._app = build(world=pickle.loads(self._kept))

    def feed(self, dice: Random) -> None:
        asked = _damaged(dice.choice(self._seeds), dice)
        seen: list[str] = []

        def started(status: str, *_: Any) -> None:
            seen.append(status)

        try:
            b"".join(self._app(_environ(asked), started))  # type: ignore[arg-type]
        except ConnectionLost:
            return
        assert seen, "no answer"
        is_soap = asked.path.startswith("/services/Soap")  # whose faults have that status
        assert is_soap or not seen[0].startswith("500"), f"{asked.method} {asked.path[:200]}: {seen[0]}"


def _seeds(office: House) -> Iterator[Asked]:
    """One of each kind that the product sends, and hand-written ones for what it never asks."""
    token, session = _tokens(office)
    known = set()
    for entry in office.world.requests.entries:
        kind = (entry.route, entry.method, tuple(sorted({part.partition("/")[0] for part in entry.parts})))
        if kind in known or entry.path.startswith("/sandbox"):
            continue
        known.add(kind)
        bearer = token if entry.path.startswith("/v1.0") else session
        form = "token" in entry.route or entry.face == "login"
        content = "application/x-www-form-urlencoded" if form else "application/json"
        headers = (("Authorization", f"Bearer {bearer}"), ("Content-Type", content))
        yield Asked(entry.method, entry.path, entry.query, headers, entry.request_body)
    yield from _by_hand(token, session)


def _tokens(office: House) -> tuple[str, str]:
    """An access token of Graph and a session of Salesforce, as the product got them."""

    http = Http(transport=httpx2.WSGITransport(app=office.app))
    graph = Tokens(http, office.clock, lambda _box, step: step({})).get(1, graph_connection(office, "ada"))
    return graph, Authority(http, office.clock, TRUSTED).token(ORG_CONNECTION).access_token


def _by_hand(token: str, session: str) -> Iterator[Asked]:
    graph = (("Authorization", f"Bearer {token}"), ("Content-Type", "application/json"))
    crm = (("Authorization", f"Bearer {session}"), ("Content-Type", "application/json"))
    for method, path, body in _GRAPH:
        yield Asked(method, path if path.startswith("/v1.0") else MAIL + path, "", graph, _json(body))
    for method, path, body in _CRM:
        plain, _, query = path.partition("?")
        yield Asked(method, DATA + plain, query, crm, _json(body))
    for method, path, content, body in further(session):
        yield Asked(method, path, "", (("Authorization", f"Bearer {session}"), ("Content-Type", content)), body)
    form = (("Content-Type", "application/x-www-form-urlencoded"),)
    for path, text in _FORMS:
        yield Asked("POST", path, "", form, text.encode())


def _json(body: Any) -> bytes:
    return b"" if body is None else json.dumps(body).encode()


_MESSAGE: dict[str, Any] = {
    "subject": "Draft",
    "body": {"contentType": "html", "content": "<p>x</p>"},
    "toRecipients": [{"emailAddress": {"address": "nora@birchworks.test", "name": "Nora"}}],
    "singleValueExtendedProperties": [
        {"id": "String {00020329-0000-0000-C000-000000000046} Name X", "value": "y"}
    ],
    "attachments": [{"@odata.type": "#microsoft.graph.fileAttachment", "name": "a.txt", "contentBytes": "YQ=="}],
}
_PARTS = [
    {"id": "1", "method": "GET", "url": "/users/ada@larch.test/messages?$top=2", "headers": {"Prefer": "x"}},
    {"id": "2", "method": "POST", "url": "/users/ada@larch.test/messages", "body": _MESSAGE, "dependsOn": ["1"],
     "headers": {"Content-Type": "application/json"}},
]  # fmt: skip
_GRAPH: tuple[tuple[str, str, Any], ...] = (
    ("GET", "/messages", None),
    ("GET", "/mailFolders/inbox/messages/delta", None),
    ("GET", "/mailFolders", None),
    ("GET", "/mailFolders/delta", None),
    ("GET", "", None),
    ("GET", "/mailboxSettings", None),
    ("PATCH", "/mailboxSettings", {"timeZone": "UTC", "automaticRepliesSetting": {"status": "disabled"}}),
    ("POST", "/messages", _MESSAGE),
    ("POST", "/sendMail", {"message": _MESSAGE, "saveToSentItems": True}),
    ("POST", "/mailFolders", {"displayName": "New", "isHidden": False}),
    ("POST", "/outlook/masterCategories", {"displayName": "New", "color": "preset1"}),
    ("POST", "/translateExchangeIds", {"inputIds": ["x"], "sourceIdType": "restId", "targetIdType": "entryId"}),
    ("POST", "/v1.0/$batch", {"requests": _PARTS}),
    (
        "POST",
        "/v1.0/subscriptions",
        {
            "changeType": "created",
            "notificationUrl": "https://x.test/p",
            "clientState": "s",
            "resource": "users/ada@larch.test/messages",
            "expirationDateTime": "2026-11-18T09:00:00Z",
        },
    ),
    ("GET", "/v1.0/subscriptions", None),
)
_CONTACT = {"attributes": {"type": "Contact", "referenceId": "c1"}, "LastName": "Rowan", "Email": "r@rowan.test"}
_SUB = {"method": "POST", "url": f"{DATA}/sobjects/Account", "referenceId": "a", "body": {"Name": "Rowan"}}
_SECOND = {
    "method": "POST",
    "url": f"{DATA}/sobjects/Contact",
    "referenceId": "c",
    "body": {"LastName": "R", "AccountId": "@{a.id}"},
}
_CRM: tuple[tuple[str, str, Any], ...] = (
    ("GET", "/query?q=SELECT+Id,Name+FROM+Contact+LIMIT+3", None),
    ("GET", "/queryAll?q=SELECT+Id+FROM+Task", None),
    ("GET", "/sobjects", None),
    ("GET", "/sobjects/Contact/describe", None),
    ("GET", "/sobjects/Contact/updated?start=2026-11-16T08:00:00Z&end=2026-11-16T10:00:00Z", None),
    ("GET", "/limits", None),
    ("POST", "/sobjects/Contact", {"LastName": "Rowan", "Email": "r@rowan.test", "Birthdate": "1990-01-01"}),
    ("PATCH", "/sobjects/Task/Crosstie_Key__c/1:abc", {"Subject": "x", "ActivityDate": "2026-11-16"}),
    ("POST", "/composite", {"allOrNone": True, "compositeRequest": [_SUB, _SECOND]}),
    ("POST", "/composite/graph", {"graphs": [{"graphId": "g", "compositeRequest": [_SUB, _SECOND]}]}),
    (
        "POST",
        "/composite/batch",
        {"haltOnError": False, "batchRequests": [{"method": "GET", "url": "v67.0/limits"}]},
    ),
    ("POST", "/composite/sobjects", {"allOrNone": False, "records": [_CONTACT, _CONTACT]}),
    ("PATCH", "/composite/sobjects/Contact/Id", {"allOrNone": False, "records": [_CONTACT]}),
    ("DELETE", "/composite/sobjects?ids=003000000000001AAA&allOrNone=false", None),
    (
        "POST",
        "/composite/tree/Account",
        {
            "records": [
                {
                    "attributes": {"type": "Account", "referenceId": "a"},
                    "Name": "x",
                    "Contacts": {"records": [_CONTACT]},
                }
            ]
        },
    ),
)
_FORMS = (
    ("/services/oauth2/token", f"grant_type=client_credentials&client_id={company.CRM_CLIENT}&client_secret=x"),
    ("/services/oauth2/token", "grant_type=urn:ietf:params:oauth:grant-type:jwt-bearer&assertion=a.b.c"),
    ("/services/oauth2/token", "grant_type=authorization_code&code=x&code_verifier=y&redirect_uri=z"),
    ("/larch.test/oauth2/v2.0/token", f"grant_type=client_credentials&client_id={company.GRAPH_CLIENT}&scope=x"),
    ("/larch.test/oauth2/v2.0/token", "client_assertion=a.b.c&grant_type=refresh_token&refresh_token=x"),
)


def _damaged(asked: Asked, dice: Random) -> Asked:
    method, path, query, headers, body = asked.method, asked.path, asked.query, dict(asked.headers), asked.body
    chance = dice.random()
    if body and chance < 0.6:
        body = _body(body, dice)
    elif chance < 0.75:
        query = _query(query, dice)
    elif chance < 0.87:
        path = _path(path, dice)
    elif chance < 0.92:
        method = dice.choice(("GET", "POST", "PATCH", "PUT", "DELETE", "HEAD", "OPTIONS", "X"))
    if dice.random() < 0.2:
        name = dice.choice(list(HEADERS))
        headers[name] = dice.choice(HEADERS[name])
    return Asked(method, path, query, tuple(headers.items()), body)


def _body(body: bytes, dice: Random) -> bytes:
    try:
        value = json.loads(body)
    except ValueError:
        value = None
    if value is not None and dice.random() < 0.8:
        return as_bytes(mutated_json(value, dice))
    return mutated_bytes(
        body,
        dice,
        (b'"', b"{", b"<", b"</", b'<!ENTITY a "b">', b"&a;", b"&", b"=", b"null", b"[" * 3000, b"%", b"\xff"),
        (body,),
    )


def _query(query: str, dice: Random) -> str:
    pieces = [query, *(dice.choice(OPTIONS) for _ in range(dice.randint(1, 3)))]
    joined = "&".join(filter(None, pieces))
    return mutated_text(joined, dice) if dice.random() < 0.5 else joined


def _path(path: str, dice: Random) -> str:
    steps = path.split("/")
    steps[dice.randrange(len(steps))] = dice.choice(
        (*ODD_TEXTS, *steps, "$value", "delta", "delta()", "x('y')", "me")
    )
    return "/" + "/".join(steps).lstrip("/")


def _environ(asked: Asked) -> dict[str, Any]:
    """As a server makes it: text of an address is bytes that are read as Latin-1."""
    environ: dict[str, Any] = {
        "REQUEST_METHOD": asked.method,
        "SCRIPT_NAME": "",
        "PATH_INFO": _latin(asked.path.replace("%40", "@")),
        "QUERY_STRING": _latin(asked.query),
        "SERVER_NAME": "sandbox.test",
        "SERVER_PORT": "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "HTTP_HOST": "sandbox.test",
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": "http",
        "wsgi.input": io.BytesIO(asked.body),
        "wsgi.errors": io.StringIO(),
        "wsgi.multithread": False,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
        "CONTENT_LENGTH": str(len(asked.body)),
    }
    for name, value in asked.headers:
        key = name.upper().replace("-", "_")
        environ[key if key in ("CONTENT_TYPE", "CONTENT_LENGTH") else f"HTTP_{key}"] = _latin(value)
    return environ


def _latin(text: str) -> str:
    return text.encode("utf-8", "replace").decode("latin-1")
