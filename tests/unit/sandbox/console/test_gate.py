"""Mail is hostile and so are other pages: nothing of theirs becomes part of a page, or drives the console."""

from collections.abc import Iterator
from urllib.parse import urljoin

import httpx2
import pytest

from sandbox.console.face import FACE
from tests.unit.sandbox.console.conftest import ADA, BASE, NORA, Console, tree

EVIL = "\"><script>alert(1)</script><img src=x onerror=alert(2)>'&"
POSTS = [route.rule for route in FACE.routes if route.method == "POST"]


def plant(console: Console) -> None:
    """Hostile text wherever somebody else can put it."""
    org, ada = console.org, console.company.colleagues[0].user
    files = [("attachment", ("x<script>.txt", EVIL.encode(), "text/plain"))]
    fields = {"from_": f'"{EVIL[2:20]}" <evil@bad.test>', "to": ADA, "subject": EVIL, "body": EVIL, "html": "1"}
    console.act("/console/send", files, **fields)
    (message,) = console.world.mailboxes.find(console.mailbox(ADA), folder="inbox")
    console.world.mailboxes.set_categories(console.mailbox(ADA), message, [EVIL])
    console.world.mailboxes.create_folder(console.mailbox(ADA), EVIL)
    contact = org.insert(ada, "Contact", {"LastName": EVIL[:80], "Email": "evil@bad.test", "Description": EVIL})
    account = org.insert(ada, "Account", {"Name": EVIL, "Website": "javascript:alert(1)"})
    task = org.insert(ada, "Task", {"Subject": EVIL, "WhoId": contact, "WhatId": account, "Description": EVIL})
    mail = org.insert(ada, "EmailMessage", {"Subject": EVIL, "HtmlBody": EVIL, "Status": "1", "ToIds": [contact]})
    for entity in (task, mail):
        version = {"Title": EVIL, "PathOnClient": EVIL, "VersionData": b"x", "FirstPublishLocationId": entity}
        org.insert(ada, "ContentVersion", version)
    console.http.post(f"/v1.0/users/{ADA}/{EVIL}?{EVIL}", content=EVIL)


def walk(console: Console, start: str) -> Iterator[tuple[str, httpx2.Response]]:
    """Every page that can be reached by links."""
    waiting, seen = [start], {start}
    while waiting:
        path = waiting.pop()
        answer = console.http.get(path)
        yield path, answer
        if answer.headers["Content-Type"].startswith("text/html"):
            for target in tree(answer).xpath("//a/@href"):
                where = urljoin(path, target).partition("#")[0]
                if where not in seen:
                    seen.add(where)
                    waiting.append(where)


def test_every_page_shows_hostile_text_as_text(console: Console) -> None:
    plant(console)
    shown = 0
    for path, answer in walk(console, "/console"):
        assert path.startswith("/console"), path
        assert answer.status_code == 200, path
        if answer.headers["Content-Type"].startswith("text/html"):
            page = tree(answer)
            assert page.xpath("//script | //img | //iframe | //style | //@onerror | //@style") == [], path
            assert not [one for one in page.xpath("//@href") if not one.startswith(("/console", "#main"))], path
            assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
            names = page.xpath("//@id")
            assert len(names) == len(set(names)), path
            shown += EVIL in page.text_content()
        elif path != "/console/style.css":
            assert answer.headers["Content-Disposition"].startswith("attachment"), path
    assert shown > 10, "what was planted is on the pages"


def test_fields_have_labels_and_tables_heads(console: Console) -> None:
    plant(console)
    for path, answer in walk(console, "/console"):
        if answer.headers["Content-Type"].startswith("text/html"):
            page = tree(answer)
            controls = page.xpath("//input[not(@type='hidden')] | //select | //textarea")
            assert all(one.xpath("ancestor::label//span[normalize-space()]") for one in controls), path
            assert all(one.xpath(".//th[@scope]") and one.xpath("caption") for one in page.xpath("//table")), path
            assert page.xpath("count(//h1)") == 1
            regions = page.xpath("//*[@role='region']/@aria-label | //nav/@aria-label")
            assert len(regions) == len(set(regions)), path


def versions(console: Console) -> list[object]:
    stamps = [row["SystemModstamp"] for row in console.org.core.store.table("Contact").rows.values()]
    return [
        [one.version for one in console.world.mailboxes.mailboxes],
        sorted(stamps),
        list(console.world.outbox.mails),
        dict(console.world.switches.turned),
        list(console.world.faults.waiting),
    ]


@pytest.mark.parametrize("rule", POSTS)
def test_no_act_obeys_a_foreign_page(console: Console, rule: str) -> None:
    console.send()
    (message,) = console.world.mailboxes.find(console.mailbox(ADA), folder="inbox")
    before = versions(console)
    parts = {
        "<owner>": ADA,
        "<int:number>": str(message.number),
        "<org_id>": console.org.id,
        "<name>": "Contact",
        "<record_id>": console.company.contacts[NORA],
    }
    for mark, value in parts.items():
        rule = rule.replace(mark, value)
    user = console.company.colleagues[0].user
    fields = {
        "from": NORA, "to": ADA, "act": "set", "category": "x", "new_folder": "x", "LastName": "x", "as": user,
        "field": "Email", "value": "", "name": "graph.large_pages", "on": "off", "effect": "refuse",
    }  # fmt: skip
    answer = console.http.post(rule, data=fields, headers={"Origin": "https://evil.example.com"})
    assert answer.status_code == 403
    assert "came from elsewhere" in answer.text
    assert versions(console) == before


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Origin": BASE}, 303),
        ({"Origin": "", "Referer": f"{BASE}/console/send"}, 303),
        ({"Origin": "null", "Referer": f"{BASE}/console"}, 403),
        ({"Origin": ""}, 403),
        ({"Origin": "http://127.0.0.1:9999"}, 403),
        ({"Origin": "http://127.0.0.1"}, 403),
        ({"Origin": "http://[broken"}, 403),
        ({"Origin": "", "Referer": "https://evil.example.com/127.0.0.1:8401"}, 403),
        ({"Origin": "http://localhost:8401", "Host": "localhost:8401"}, 303),
        ({"Origin": "http://[::1]:8401", "Host": "[::1]:8401"}, 303),
        ({"Origin": "http://sandbox:8401", "Host": "sandbox:8401"}, 303),
        ({"Origin": "http://rebound.example.com", "Host": "rebound.example.com"}, 403),
    ],
)
def test_an_act_comes_from_the_address_that_was_asked(
    console: Console, headers: dict[str, str], status: int
) -> None:
    answer = console.http.post("/console/send", data={"from": NORA, "to": ADA}, headers=headers)
    assert answer.status_code == status
    assert len(console.mailbox(ADA).messages) == (status == 303)


def test_the_way_back_leads_to_the_console_only(console: Console) -> None:
    answer = console.http.post("/console/switches", headers={"Referer": f"{BASE}/console/switches?x=1"})
    assert "/console/switches?x=1" in answer.text
    answer = console.http.post("/console/switches", headers={"Referer": f"{BASE}//evil.example.com/"})
    assert "evil" not in answer.text


def test_half_a_surrogate_pair_breaks_no_page(console: Console) -> None:
    raw = b"From: evil@bad.test\r\nTo: ada@larch.test\r\nSubject: =?utf-7?q?x+2AA-y?=\r\n\r\nbody"
    console.world.mailboxes.deliver(raw)
    (message,) = console.mailbox(ADA).messages.values()
    assert message.mail.subject == "x\ufffdy"
    assert console.http.get("/console").status_code == 200
    for end in ("", "/raw"):
        assert console.http.get(f"/console/mailboxes/{ADA}/messages/{message.number}{end}").status_code == 200
