"""A small company that uses this server: the sandbox's vendors, our tables, and browsers of its people."""

import json
import re
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx2
from django.test import Client

from crosstie.accounts import people, tenants
from crosstie.accounts.connection import connections, mailboxes, orgs
from crosstie.accounts.governance import settings
from crosstie.accounts.sign_in import sign_ins
from crosstie.domain.access import AuthMode
from crosstie.jobs import sync
from crosstie.jobs.wiring import Wiring
from crosstie.transport import Http
from crosstie.web.visits import SIGN_IN
from sandbox import company
from sandbox.build import build
from sandbox.clock import ManualClock
from sandbox.salesforce.apps import App
from sandbox.salesforce.site import Site
from tests.clocks import WorldClock
from tests.simulation.letters import letter

ORIGIN = "http://sandbox.test"
START = datetime(2026, 11, 16, 9, 0, tzinfo=UTC)
CALLBACK = "http://localhost:8400/sign-in/salesforce/callback"
MICROSOFT_CALLBACK = "http://localhost:8400/sign-in/microsoft/callback"
GOOGLE_CALLBACK = "http://localhost:8400/sign-in/google/callback"
MAILBOX_CALLBACK = "http://localhost:8400/mailbox/sign-in/callback"
ADA, BEN, CLEO = "ada@larch.test", "ben@larch.test", "cleo@larch.test"


class Office:
    def __init__(self, house: Wiring) -> None:
        manual = ManualClock(START)
        self.clock = WorldClock(manual)
        self.app = build(manual, seed=5)
        callbacks = [CALLBACK, MICROSOFT_CALLBACK, GOOGLE_CALLBACK, MAILBOX_CALLBACK]
        self.company = company.found(self.app.world, callbacks=callbacks)
        self.transport = httpx2.WSGITransport(app=self.app)
        http = Http(transport=self.transport)
        stores = replace(house.stores, clock=self.clock)
        self.house = replace(
            house,
            clock=self.clock,
            stores=stores,
            mailboxes=replace(house.mailboxes, http=http, clock=self.clock),
            crm=replace(house.crm, http=http, clock=self.clock),
            strangers=http,
        )
        self.scope = tenants.create("Larch", self.clock)
        self.org = self.connect(self.company.site, self.scope, company.CRM_CLIENT, company.CRM_SECRET)
        self._grant()
        settings.put(self.scope, settings.EVERYBODY, "mail.auto-save", "on", self.clock)
        for person in self.company.colleagues[:2]:
            details = people.PersonDetails(person.name, person.address, person.user, self.org.org_id)
            added = people.add(self.scope, details, self.clock)
            given = mailboxes.MailboxDetails("graph", time_zone="Europe/Berlin")
            mailboxes.activate(self.scope, added.person_id, given, self.clock)
        self.clock.pass_time(60)

    def connect(self, site: Site, scope: Any, client_id: str, secret: str) -> orgs.OrgInfo:
        details = orgs.OrgDetails(
            site.org.id, ORIGIN, ORIGIN, AuthMode.CLIENT_CREDENTIALS, client_id, label=site.org.name
        )
        org = orgs.connect(scope, details, self.clock)
        self.house.stores.vault().put(org.secret_place, json.dumps({"client_secret": secret}))
        return org

    def register(self, site: Site, client_id: str, secret: str) -> None:
        site.register(App(client_id, secret, callbacks=(CALLBACK,), run_as=site.org.admin))

    def _grant(self) -> None:
        details = connections.ConnectionDetails(
            "graph",
            "app-only",
            self.company.microsoft_tenant,
            company.GRAPH_CLIENT,
            authority=ORIGIN,
            endpoint=f"{ORIGIN}/v1.0",
        )
        secret = json.dumps({"client_secret": company.GRAPH_SECRET})
        connections.grant(self.scope, details, secret, self.house.stores.vault(), self.clock)

    # -- people ----------------------------------------------------------------------------------------

    def browser(self) -> Client:
        return Client(headers={"host": "localhost:8400"})

    def leave(self, browser: Client, way: str = "salesforce", **form: str) -> str:
        """Press the button; the address at the provider that the page leads to."""
        page = browser.post(f"/sign-in/{way}", form).content.decode()
        found = re.search(r'content="0;url=([^"]+)"', page)
        assert found, page
        return found[1].replace("&amp;", "&")

    def choose(self, address: str, username: str) -> dict[str, str]:
        """Say at Salesforce who one is; what Salesforce sends back to the server."""
        with httpx2.Client(transport=self.transport) as salesforce:
            page = salesforce.get(address).text
            users = re.findall(r'value="([^"]+)">[^<]*<br><small>([^ ]+) ', page)
            chosen = next(value for value, name in users if name == username)
            answer = salesforce.post(address, data={"user": chosen})
            if "Allow access?" in answer.text:  # an app that this person meets for the first time
                answer = salesforce.post(address, data={"user": chosen, "allow": "1"})
        return _back(answer, CALLBACK)

    def choose_at_microsoft(self, address: str, who: str, **form: str) -> dict[str, str]:
        """Say at Microsoft who one is; what Microsoft sends back to the server."""
        with httpx2.Client(transport=self.transport) as microsoft:
            return _back(microsoft.post(address, data={"user": who, **form}), MICROSOFT_CALLBACK)

    def choose_at_google(self, address: str, who: str, answer: str = "continue") -> dict[str, str]:
        """Say at Google who one is, and accept; what Google sends back to the server."""
        with httpx2.Client(transport=self.transport) as google:
            return _back(google.post(address, data={"account": who, "answer": answer}), GOOGLE_CALLBACK)

    def signed_in(self, username: str = ADA) -> Client:
        browser = self.browser()
        answer = browser.get("/sign-in/salesforce/callback", self.choose(self.leave(browser), username))
        assert (answer.status_code, answer.headers["Location"]) == (302, "/")
        return browser

    def seated(self, person: people.PersonInfo, way: str = "salesforce") -> Client:
        """Signed in, without the way there."""
        browser = self.browser()
        browser.force_login(people.login(person.scope, person.person_id))
        session = browser.session
        session[SIGN_IN] = sign_ins.begin(person, way, "192.0.2.1", "a browser", self.clock)
        session.save()
        return browser

    def mail(
        self, subject: str, sender: str, to: str = ADA, *, shown: str = "", files: dict[str, bytes] | None = None
    ) -> None:
        """`shown` are the recipients the mail names, where they are others than the one it reaches."""
        self.clock.pass_time(1)
        raw = bytes(letter(subject, sender, shown or to, self.clock.now(), files=files))
        self.app.world.mailboxes.deliver(raw, (to,))

    def sync(self) -> None:
        sync.run_tick(str(self.org.org_id))
        sync.run_batch(str(self.org.org_id))


def _back(answer: httpx2.Response, callback: str) -> dict[str, str]:
    back = answer.headers["Location"]
    assert back.startswith(callback)
    return {name: values[0] for name, values in parse_qs(urlsplit(back).query).items()}
