"""`crosstie demo`: make the sandbox's small company a customer of this server, once."""

import json
import os
import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from crosstie.cli import frame

if TYPE_CHECKING:
    from crosstie.accounts.people import PersonInfo
    from crosstie.jobs.wiring import Wiring
    from crosstie.store.models import Scope

TENANT = "Demo"
PATIENCE = 30.0
"""Seconds a sandbox that is just starting is waited for."""


def configure(parser: ArgumentParser) -> None:
    parser.add_argument(
        "--sandbox", default="", metavar="URL", help="where the sandbox is (default: CROSSTIE_SANDBOX_URL)"
    )


def run(options: Namespace) -> int:
    """Does nothing the second time, so that what was changed by hand stays."""
    base = (options.sandbox or os.environ.get("CROSSTIE_SANDBOX_URL", "")).rstrip("/")
    if not base:
        raise frame.CommandError("Say where the sandbox is, with --sandbox URL or CROSSTIE_SANDBOX_URL.")
    with frame.server() as config:
        from crosstie.accounts import tenants
        from crosstie.jobs import wiring

        house = wiring.get()
        facts = _facts(house, base)
        if TENANT not in dict(tenants.all_tenants()):
            _connect(house, base, facts)
        names = ", ".join(person["address"] for person in facts["people"])
        new = "".join(f"; {person['address']} has no mailbox yet" for person in facts.get("newcomers", ()))
        new += "".join(f"; {person['address']} is to register" for person in facts.get("strangers", ()))
        sys.stdout.write(
            f"The demo is ready.\n  Crosstie: {config.public_url} (sign in as any of {names}{new})\n"
            f"  Sandbox console, where you send mail and see both sides: {base}/console\n"
        )
    return 0


def _facts(house: "Wiring", base: str) -> Mapping[str, Any]:
    from crosstie.domain.errors import Retry, Unclear
    from crosstie.transport import Http

    http = Http(timeout=5.0)
    deadline = house.clock.now().timestamp() + PATIENCE
    while True:
        try:
            answer = http.request("GET", f"{base}/sandbox/company")
        except (Retry, Unclear):
            if house.clock.now().timestamp() > deadline:
                raise frame.CommandError(f"No sandbox answers at {base}. Start one: sandbox serve.") from None
            house.clock.sleep(0.2)
            continue
        if answer.status_code != 200:
            raise frame.CommandError(f"The sandbox at {base} has no company. Start it without --empty.")
        found: dict[str, Any] = answer.json()
        return found


def _connect(house: "Wiring", base: str, facts: Mapping[str, Any]) -> None:
    from django.db import transaction

    from crosstie.accounts import tenants
    from crosstie.accounts.governance import settings

    with transaction.atomic():
        scope = tenants.create(TENANT, house.clock)
        _connect_vendors(house, scope, base, facts)
        settings.put(scope, settings.EVERYBODY, "mail.auto-save", "on", house.clock)
        for person in facts["people"]:
            _activate(house, scope, _add(house, scope, person), person)
        for person in facts.get("newcomers", ()):
            _add(house, scope, person)


def _connect_vendors(house: "Wiring", scope: "Scope", base: str, facts: Mapping[str, Any]) -> None:
    from crosstie.accounts.connection import connections, orgs
    from crosstie.accounts.sign_in import workspaces
    from crosstie.domain.access import AuthMode

    crm, graph, google = facts["crm"], facts["graph"], facts["google"]
    org = orgs.connect(
        scope,
        orgs.OrgDetails(
            crm["org_id"], base, base, AuthMode.CLIENT_CREDENTIALS, crm["client_id"], label=facts["name"]
        ),
        house.clock,
    )
    orgs.let_register(org.scope, "users", house.clock)
    vault = house.stores.vault()
    vault.put(org.secret_place, json.dumps({"client_secret": crm["client_secret"]}))
    for access in ("app-only", "delegated"):
        connections.grant(
            scope,
            connections.ConnectionDetails(
                "graph", access, graph["tenant"], graph["client_id"], authority=base, endpoint=f"{base}/v1.0"
            ),
            json.dumps({"client_secret": graph["client_secret"]}),
            vault,
            house.clock,
        )
    workspace = workspaces.Workspace((google["domain"],), google["client_id"], f"{base}/google")
    workspaces.allow(scope, workspace, google["client_secret"], vault, house.clock)


def _add(house: "Wiring", scope: "Scope", person: Mapping[str, Any]) -> "PersonInfo":
    from crosstie.accounts import people
    from crosstie.accounts.connection import orgs

    org = orgs.only(scope)
    details = people.PersonDetails(person["name"], person["address"], person["crm_user_id"], org.org_id)
    return people.add(scope, details, house.clock)


def _activate(house: "Wiring", scope: "Scope", info: "PersonInfo", person: Mapping[str, Any]) -> None:
    from crosstie.accounts.connection import mailboxes

    mailbox = mailboxes.MailboxDetails("graph", aliases=tuple(person["aliases"]), time_zone=person["time_zone"])
    mailboxes.activate(scope, info.person_id, mailbox, house.clock)
