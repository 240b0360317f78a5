"""How fast the sandbox answers, so that other figures measure us and not it; and how it carries a large world."""

import json
import random
import resource
import subprocess
import sys
import time
from argparse import ArgumentParser, Namespace
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from statistics import median
from typing import Any

import httpx2

from bench.measured import Measured
from sandbox import company
from sandbox.app import Application
from sandbox.build import build
from sandbox.clock import ManualClock
from sandbox.graph.ids import message_id
from sandbox.serve import Server
from tests.simulation.letters import ADA, NORA, letter

START = datetime(2026, 11, 16, 9, 0, tzinfo=UTC)
REQUESTS = 200
"""Of each kind."""
MAILS = 500
CONTACTS, MAILBOXES, MAILS_EACH = 1_000_000, 10_000, 10
LOOKS = 50
"""Queries and deltas that are timed in the large world."""
ADA_PATH = f"/v1.0/users/{ADA}"
DATA = "/services/data/v67.0"


@dataclass(frozen=True, slots=True)
class Ask:
    method: str
    path: str
    body: Any = None


def options(_parser: ArgumentParser) -> None:
    """There is nothing to choose."""


def measure(_asked: Namespace) -> Measured:
    """Requests a second and milliseconds of processor time of each kind; then a large world."""
    app = _world()
    in_process = httpx2.Client(transport=httpx2.WSGITransport(app=app), base_url="http://localhost")
    with in_process:
        figures: dict[str, Any] = {"in_process": _rates(app, in_process)}
    served = _world()
    with Server(served) as server, httpx2.Client(base_url=server.url) as client:
        figures["over_a_socket"] = _rates(served, client)
    return Measured(figures | {"large_world": _in_a_child()})


def _world() -> Application:
    app = build(ManualClock(START), seed=1)
    company.found(app.world)
    box = app.world.mailboxes.mailbox(ADA)
    assert box is not None
    for number in range(MAILS):
        mail = letter(f"Mail {number}", NORA, ADA, START)
        app.world.mailboxes.put(box, mail.as_bytes(), received=START - timedelta(minutes=number))
    return app


def _rates(app: Application, client: httpx2.Client) -> dict[str, Any]:
    kinds = _graph(app, client) | _salesforce(app)
    return {name: _timed(app, client, ask) for name, ask in kinds.items()}


def _timed(app: Application, client: httpx2.Client, ask: Callable[[int], Ask]) -> dict[str, float]:
    """Time goes by first, so that no limit of ten minutes is met."""
    assert isinstance(app.world.clock, ManualClock)
    app.world.clock.advance(timedelta(minutes=15))
    graph = ask(0).path.startswith("/v1.0")
    head = {"Authorization": f"Bearer {_graph_token(app, client) if graph else _salesforce_token(client)}"}
    _send(client, ask(0), head)
    began, processor = time.perf_counter(), time.process_time()
    for number in range(1, REQUESTS + 1):
        _send(client, ask(number), head)
    seconds, cpu = time.perf_counter() - began, time.process_time() - processor
    return {"per_second": round(REQUESTS / seconds), "cpu_ms": round(cpu / REQUESTS * 1000, 2)}


def _send(client: httpx2.Client, ask: Ask, head: Mapping[str, str]) -> None:
    answer = client.request(ask.method, ask.path, json=ask.body, headers=head)
    if answer.status_code >= 400:
        raise RuntimeError(f"{ask.method} {ask.path}: {answer.status_code} {answer.text[:300]}")


def _graph_token(app: Application, client: httpx2.Client) -> str:
    tenant = app.world.microsoft.tenant(company.DOMAIN)
    assert tenant is not None
    form = {
        "grant_type": "client_credentials",
        "client_id": company.GRAPH_CLIENT,
        "client_secret": company.GRAPH_SECRET,
        "scope": "https://graph.microsoft.com/.default",
    }
    return str(client.post(f"/{tenant.id}/oauth2/v2.0/token", data=form).json()["access_token"])


def _salesforce_token(client: httpx2.Client) -> str:
    form = {
        "grant_type": "client_credentials",
        "client_id": company.CRM_CLIENT,
        "client_secret": company.CRM_SECRET,
    }
    return str(client.post("/services/oauth2/token", data=form).json()["access_token"])


Kinds = dict[str, Callable[[int], Ask]]


def _graph(app: Application, client: httpx2.Client) -> Kinds:
    box = app.world.mailboxes.mailbox(ADA)
    assert box is not None
    ids = [message_id(box, number, 0, "default") for number in list(box.messages)[:20]]
    delta = f"{ADA_PATH}/mailFolders/inbox/messages/delta"
    link = _last_link(client, delta, _graph_token(app, client))
    parts = [{"id": str(n), "method": "GET", "url": f"/users/{ADA}/messages/{one}"} for n, one in enumerate(ids)]
    to = [{"emailAddress": {"address": NORA}}]
    return {
        "graph_delta_idle": lambda _: Ask("GET", link),
        "graph_delta_page": lambda _: Ask("GET", f"{delta}?$top=50"),
        "graph_message": lambda number: Ask("GET", f"{ADA_PATH}/messages/{ids[number % 20]}"),
        "graph_batch_of_20": lambda _: Ask("POST", "/v1.0/$batch", {"requests": parts}),
        "graph_categorise": lambda number: Ask(
            "PATCH", f"{ADA_PATH}/messages/{ids[number % 20]}", {"categories": [f"Number {number}"]}
        ),
        "graph_draft": lambda number: Ask(
            "POST", f"{ADA_PATH}/messages", {"subject": f"Draft {number}", "toRecipients": to}
        ),
    }


def _last_link(client: httpx2.Client, url: str, token: str) -> str:
    while True:
        page = client.get(url, headers={"Authorization": f"Bearer {token}"}).json()
        if "@odata.deltaLink" in page:
            return str(page["@odata.deltaLink"]).replace(str(client.base_url).rstrip("/"), "")
        url = page["@odata.nextLink"]


def _salesforce(app: Application) -> Kinds:
    (site,) = app.world.orgs.values()
    site.usage.allowance = 10_000_000
    contact = site.org.query(site.org.admin, "SELECT Id FROM Contact LIMIT 1").records[0]["Id"]
    addresses = ", ".join(f"'person{number}@birchworks.test'" for number in range(100))
    watermark = "WHERE SystemModstamp >= 2026-11-16T08:50:00Z ORDER BY SystemModstamp, Id"
    queries = [
        {
            "method": "GET",
            "referenceId": name,
            "url": f"{DATA}/queryAll?q=SELECT+Id+FROM+{name}+{_plus(watermark)}",
        }
        for name in ("Event", "Task", "Contact", "Lead", "EventRelation")
    ]
    return {
        "salesforce_describe": lambda _: Ask("GET", f"{DATA}/sobjects/Contact/describe"),
        "salesforce_row": lambda _: Ask("GET", f"{DATA}/sobjects/Contact/{contact}"),
        "salesforce_query_100_addresses": lambda _: Ask(
            "GET", f"{DATA}/query?q=SELECT+Id+FROM+Contact+WHERE+Email+IN+({_plus(addresses)})"
        ),
        "salesforce_composite_of_5_queries": lambda _: Ask(
            "POST", f"{DATA}/composite", {"compositeRequest": queries}
        ),
        "salesforce_collection_of_200": lambda number: Ask(
            "POST", f"{DATA}/composite/sobjects", {"records": [_contact(number, row) for row in range(200)]}
        ),
        "salesforce_graph_of_25_mails": lambda number: Ask(
            "POST", f"{DATA}/composite/graph", {"graphs": [_mail(number, row) for row in range(25)]}
        ),
    }


def _plus(text: str) -> str:
    return text.replace(" ", "+")


def _contact(number: int, row: int) -> dict[str, Any]:
    return {"attributes": {"type": "Contact"}, "LastName": "New", "Email": f"p{number}.{row}@rowan.test"}


def _mail(number: int, row: int) -> dict[str, Any]:
    fields = {"Subject": f"Mail {number}.{row}", "TextBody": "As discussed.", "Status": "3"}
    node = {"method": "POST", "url": f"{DATA}/sobjects/EmailMessage", "referenceId": "mail", "body": fields}
    return {"graphId": str(row), "compositeRequest": [node]}


# -- a large world


def _in_a_child() -> dict[str, float]:
    """Its peak memory is its own."""
    done = subprocess.run([sys.executable, "-m", "bench.sandbox"], capture_output=True, text=True, check=True)
    found: dict[str, float] = json.loads(done.stdout)
    return found


def large_world() -> dict[str, float]:
    began = time.perf_counter()
    app = build(ManualClock(START), seed=1)
    company.found(app.world)
    (site,) = app.world.orgs.values()
    site.usage.allowance = 10_000_000
    core = site.org.core
    for number in range(CONTACTS):
        fields = {
            "LastName": f"Person {number}",
            "Email": f"person{number}@customer{number % 50_000}.test",
            "OwnerId": site.org.admin,
        }
        core.put_new("Contact", fields, site.org.admin, START - timedelta(seconds=number // 4))
    raw = letter("Hello", NORA, ADA, START).as_bytes()
    for number in range(MAILBOXES):
        box = app.world.mailboxes.add_mailbox(f"person{number}@{company.DOMAIN}", f"Person {number}")
        for _ in range(MAILS_EACH):
            app.world.mailboxes.put(box, raw)
    loaded = time.perf_counter() - began
    client = httpx2.Client(transport=httpx2.WSGITransport(app=app), base_url="http://localhost")
    with client:
        times = _looks(app, client)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    return {
        "contacts": CONTACTS,
        "mailboxes": MAILBOXES,
        "mails": MAILBOXES * MAILS_EACH,
        "load_seconds": round(loaded, 1),
        "peak_gigabytes": round(memory / 1e9, 2),
        **times,
    }


def _looks(app: Application, client: httpx2.Client) -> dict[str, float]:
    """Medians in milliseconds, request included."""
    dice = random.Random(1)
    crm, graph = _salesforce_token(client), _graph_token(app, client)

    def query(condition: str) -> Callable[[], Ask]:
        return lambda: Ask("GET", f"{DATA}/query?q={_plus('SELECT Id FROM Contact WHERE ' + condition)}")

    def by_address() -> Ask:
        number = dice.randrange(CONTACTS)
        return query(f"Email = 'person{number}@customer{number % 50_000}.test'")()

    def delta(links: dict[int, str]) -> Callable[[], Ask]:
        return lambda: Ask("GET", links[dice.choice(list(links))])

    links = {}
    for number in range(0, MAILBOXES, MAILBOXES // 20):
        path = f"/v1.0/users/person{number}@{company.DOMAIN}/mailFolders/inbox/messages/delta"
        links[number] = _last_link(client, path, graph)
    since = "SystemModstamp >= 2026-11-16T08:45:00Z ORDER BY SystemModstamp, Id"
    asks = {
        "query_by_address_ms": (crm, by_address),
        "query_of_15_minutes_ms": (crm, query(since)),
        "delta_idle_ms": (graph, delta(links)),
    }
    found = {}
    for name, (token, ask) in asks.items():
        head = {"Authorization": f"Bearer {token}"}
        found[name] = round(median(_milliseconds(client, ask(), head) for _ in range(LOOKS)), 2)
    return found


def _milliseconds(client: httpx2.Client, ask: Ask, head: Mapping[str, str]) -> float:
    began = time.perf_counter()
    _send(client, ask, head)
    return (time.perf_counter() - began) * 1000


if __name__ == "__main__":
    print(json.dumps(large_world()))
