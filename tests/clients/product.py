"""Crosstie itself in the box: no base address is set anywhere, it asks the vendors under their own names."""

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from email.message import EmailMessage
from textwrap import dedent
from typing import Any

import pytest

from crosstie.config.database import embedded_url
from tests.clients.steering import ADA, browser, steer
from tests.system.ground.installation import Installation, installation, wait_until

NORA = "nora@birchworks.test"
CONNECT = """
    import django, json, sys

    django.setup()
    from crosstie.accounts import people, tenants
    from crosstie.accounts.connection import connections, mailboxes, orgs
    from crosstie.accounts.governance import settings
    from crosstie.domain.access import AuthMode
    from crosstie.jobs import wiring

    facts = json.loads(sys.argv[1])
    house, crm, graph, person = wiring.get(), facts["crm"], facts["graph"], facts["people"][0]
    scope = tenants.create("Larch", house.clock)
    own = "https://larch.my.salesforce.com"
    details = orgs.OrgDetails(crm["org_id"], own, own, AuthMode.CLIENT_CREDENTIALS, crm["client_id"])
    org = orgs.connect(scope, details, house.clock)
    vault = house.stores.vault()
    vault.put(org.secret_place, json.dumps({"client_secret": crm["client_secret"]}))
    asked = connections.ConnectionDetails("graph", "app-only", graph["tenant"], graph["client_id"])
    connections.grant(scope, asked, json.dumps({"client_secret": graph["client_secret"]}), vault, house.clock)
    settings.put(scope, settings.EVERYBODY, "mail.auto-save", "on", house.clock)
    known = people.PersonDetails(person["name"], person["address"], person["crm_user_id"], org.org_id)
    info = people.add(scope, known, house.clock)
    mailboxes.activate(scope, info.person_id, mailboxes.MailboxDetails("graph"), house.clock)
"""


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    with installation(tmp_path_factory.mktemp("crosstie"), CROSSTIE_PUSH="on") as made:
        assert not {"CROSSTIE_SANDBOX_URL", "CROSSTIE_TRUSTED_ORIGINS"} & set(made.environment)
        made.start("up")
        made.wait_healthy()
        _connect(made)
        yield made


def _connect(server: Installation) -> None:
    environment = server.environment | {
        "DJANGO_SETTINGS_MODULE": "crosstie.config.django",
        "DATABASE_URL": embedded_url(server.home),
    }
    facts = json.dumps(steer("GET", "company"))
    subprocess.run([sys.executable, "-c", dedent(CONNECT), facts], env=environment, check=True, timeout=60)


def write(subject: str) -> None:
    """Nora writes to Ada."""
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = f"Nora <{NORA}>", ADA, subject
    mail["Message-ID"] = f"<{subject.replace(' ', '.')}@birchworks.test>"
    mail.set_content("Hello Ada")
    query = {"name": "a mail", "kind": "mail", "to": ADA}
    with browser() as client:
        answer = client.post("https://localhost/sandbox/load", params=query, content=mail.as_bytes())
    assert answer.status_code == 200, answer.text


def saved(subject: str) -> list[dict[str, Any]]:
    """What Salesforce has of it."""
    crm = steer("GET", "company")["crm"]
    with browser() as client:
        tokens = client.post(
            "https://larch.my.salesforce.com/services/oauth2/token",
            data={"grant_type": "client_credentials"},
            auth=(crm["client_id"], crm["client_secret"]),
        ).json()
        query = f"SELECT Subject, FromAddress, RelatedToId FROM EmailMessage WHERE Subject = '{subject}'"
        answer = client.get(
            "https://larch.my.salesforce.com/services/data/v67.0/query",
            params={"q": query},
            headers={"Authorization": f"Bearer {tokens['access_token']}"},
        )
    rows: list[dict[str, Any]] = answer.json()["records"]
    return rows


def test_one_session_under_the_vendors_own_names(server: Installation) -> None:
    write("First offer")
    server.run("sync", ADA)
    wait_until(lambda: saved("First offer"), 90, "the mail is saved")
    [row] = saved("First offer")
    assert row["FromAddress"] == NORA
    assert row["RelatedToId"], "it is linked to the customer's account"
    hosts = {entry["face"] for entry in steer("GET", "requests")["by"]}
    assert {"graph", "microsoft_login", "salesforce"} <= hosts


def test_a_push_wakes_it_long_before_the_schedule(server: Installation) -> None:
    wait_until(lambda: steer("GET", "microsoft/subscriptions")["subscriptions"], 90, "it has subscribed")
    wait_until(_quiet, 90, "nobody asks anything")
    write("Second offer")
    wait_until(lambda: saved("Second offer"), 90, "the mail is saved although no schedule was due")
    [told] = steer("GET", "microsoft/subscriptions")["receivers"].values()
    assert told["answers"] >= 1


def _quiet() -> bool:
    before = steer("GET", "requests")["last"]
    time.sleep(2)
    return bool(before == steer("GET", "requests")["last"])


def test_nothing_failed(server: Installation) -> None:
    answer = server.run("status", ADA)
    assert answer.returncode == 0, answer.stdout + answer.stderr
