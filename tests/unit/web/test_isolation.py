"""Nobody reaches what is another's: every address, job, command and webhook, as a stranger and as a colleague.

The cases are made from the server's own lists. What is new there and has no case here fails.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest
from django.apps import apps
from django.db.models import QuerySet
from django.urls import URLPattern, reverse

from crosstie.accounts import people, tenants
from crosstie.accounts.activation import activation_runs
from crosstie.accounts.connection import connections, mailboxes
from crosstie.accounts.connection.mailboxes import MailboxRef
from crosstie.accounts.governance import settings
from crosstie.accounts.sign_in import tokens
from crosstie.accounts.sign_in.tokens import TokenDetails
from crosstie.cli import COMMANDS
from crosstie.jobs import activations as acts
from crosstie.jobs import fields, kinds, preflight, queue, sync
from crosstie.store.models import AccessToken, ItemState, Person, Role, Scope, SignIn
from crosstie.store.models.scope import Owned, has_column
from crosstie.web.urls import urlpatterns
from sandbox import company
from sandbox.salesforce.site import open_org
from tests.unit.web.office import ADA, BEN, ORIGIN

if TYPE_CHECKING:
    from django.test import Client

    from tests.unit.web.office import Office

CLEO = "cleo@larch.test"
SECRET, SUBJECT = "Merger with Birch", "Plans of ours"
Rows = Mapping[str, list[dict[str, Any]]]


@dataclass
class Others:
    """Ada has an issue that is secret. Rita works for another customer of the server; Ben is Ada's colleague."""

    office: "Office"
    rival: Scope
    rita: MailboxRef

    @property
    def ada(self) -> MailboxRef:
        return mailboxes.of_person(self.office.scope, people.find(self.office.scope, ADA).person_id)

    @property
    def item(self) -> str:
        return str(ItemState.of(self.office.scope).get(reason_code="CRM-VALIDATION").item_id)

    @property
    def sign_in(self) -> str:
        """Of Ada's."""
        return str(SignIn.of(self.office.scope).get(person__address=ADA).pk)

    @property
    def saved(self) -> str:
        """An e-mail of Ada's that is in Salesforce."""
        mailbox_id = self.ada.mailbox_id
        return str(ItemState.of(self.office.scope).exclude(record_id="").get(mailbox_id=mailbox_id).item_id)

    @property
    def run(self) -> str:
        """An activation of Ada's company, which names her and waits to be started."""
        found = activation_runs.recent(self.office.scope)
        return str(found[0].run_id) if found else str(acts.look(acts.of_users(self.office.org.scope)).run.run_id)

    @property
    def token(self) -> int:
        """One of Ada's tokens."""
        return AccessToken.of(self.office.scope).get(person_id=self.ada.person_id).pk

    @property
    def newcomer(self) -> int:
        """Somebody of Ada's company whose address nobody has proven."""
        return Person.of(Scope(self.office.scope.tenant_id)).get(address_proven=False).pk

    def browser(self, who: str, role: str = "") -> "Client":
        """Of somebody who has this role from now on, or the one they had."""
        scope, address = {
            "stranger": (self.rival, CLEO),
            "colleague": (self.office.scope, BEN),
            "owner": (self.office.scope, ADA),
        }[who]
        if role:
            Person.of(Scope(scope.tenant_id)).filter(address=address).update(role=role)
        return self.office.seated(people.find(scope, address))

    def rows(self, who: str) -> Rows:
        """What must stay as it is: all of the other customer's rows, or Ada's among the colleague's."""
        found: dict[str, list[dict[str, Any]]] = {}
        for model in apps.get_app_config("store").get_models():
            if issubclass(model, Owned):
                kept: QuerySet[Any, Any] = model.of(Scope(self.office.scope.tenant_id))
                if who == "colleague" and has_column(model, "mailbox"):
                    kept = kept.filter(mailbox_id=self.ada.mailbox_id)
                elif who == "colleague" and has_column(model, "person"):
                    kept = kept.filter(person_id=self.ada.person_id)
                elif who == "colleague":
                    kept = kept.none()
                found[model.__name__] = list(kept.order_by("pk").values())
        return found


@pytest.fixture
def others(office: "Office") -> Others:
    site = open_org(office.app.world, name="Rival", my_domain="rival")
    office.register(site, "rival-app", "rival-secret")
    scope = tenants.create("Rival Inc", office.clock)
    org = office.connect(site, scope, "rival-app", "rival-secret")
    given = connections.ConnectionDetails(
        "graph",
        "app-only",
        office.company.microsoft_tenant,
        company.GRAPH_CLIENT,
        authority=ORIGIN,
        endpoint=f"{ORIGIN}/v1.0",
    )
    secret = json.dumps({"client_secret": company.GRAPH_SECRET})
    connections.grant(scope, given, secret, office.house.stores.vault(), office.clock)
    details = people.PersonDetails("Rita", CLEO, site.org.admin, org.org_id)
    rita = people.add(scope, details, office.clock)
    mailbox = mailboxes.activate(scope, rita.person_id, mailboxes.MailboxDetails("graph"), office.clock)
    office.company.site.org.add_validation_rule("EmailMessage", f'Subject = "{SECRET}"', "No.")
    ada = people.find(office.scope, ADA)
    place = settings.for_person(office.scope, ada.person_id)
    settings.put(office.scope, place, "blocklist", "prize@oak.test", office.clock)
    unproven = people.PersonDetails("Nell Hart", "nell@larch.test", address_proven=False)
    people.add(office.scope, unproven, office.clock)
    ring = office.house.stores.secrets.digest
    tokens.make(office.scope, ada.person_id, TokenDetails("hers"), ring, office.clock)
    office.mail("Saved before", "nora@birchworks.test")
    office.mail(SECRET, "nora@birchworks.test")
    office.mail(SUBJECT, "nora@birchworks.test", CLEO)
    office.mail(SUBJECT, "nora@birchworks.test", BEN)
    office.sync()
    office.seated(people.find(office.scope, ADA))
    sync.run_tick(str(org.org_id))
    sync.run_batch(str(org.org_id))
    return Others(office, scope, mailbox)


FORMS: Mapping[str, Callable[[Others], Mapping[str, str]]] = {
    "general": lambda _: {},
    "strip": lambda others: {"mailbox": str(others.ada.mailbox_id)},
    "force": lambda others: {"mailbox": str(others.ada.mailbox_id)},
    "pause": lambda others: {"mailbox": str(others.ada.mailbox_id)},
    "start": lambda others: {"mailbox": str(others.ada.mailbox_id)},
    "emails": lambda others: {"person": str(others.office.scope.tenant_id)},
    "backfill": lambda _: {"from": "2026-01-01", "to": "2026-11-01"},
    "backfill-start": lambda others: {
        "from": "2026-01-01",
        "to": "2026-11-01",
        "mailbox": str(others.ada.mailbox_id),
    },
    "backfill-pause": lambda others: {"mailbox": str(others.ada.mailbox_id)},
    "backfill-resume": lambda others: {"mailbox": str(others.ada.mailbox_id)},
    "products": lambda others: {"org": str(others.office.scope.org_id)},
    "products-look": lambda others: {"org": str(others.office.scope.org_id)},
    "threads": lambda others: {"person": str(others.office.scope.tenant_id), "threads": "on"},
    "issues": lambda others: {"item": others.item},
    "issues-list": lambda others: {"item": others.item},
    "issues-approve": lambda others: {"item": others.item},
    "issues-copies": lambda _: {"word": "again", "seen": "1"},
    "issues-decide": lambda _: {"side": "crm", "word": "remove", "seen": "1"},
    "issues-retry": lambda others: {"item": others.item},
    "blocklist": lambda _: {},
    "language": lambda _: {"language": "de"},
    "linking": lambda _: {},
    "linking-keep": lambda _: {"opportunities": "on"},
    "blocklist-add": lambda _: {"entries": "eve@oak.test"},
    "blocklist-remove": lambda _: {"entry": "prize@oak.test"},
    "mail": lambda others: {"show": "issue", "item": others.item},
    "calendar": lambda others: {"show": "issue", "mailbox": str(others.ada.mailbox_id)},
    "events": lambda others: {"of": "down", "down": "on", "person": str(others.office.scope.tenant_id)},
    "events-leaving": lambda others: {"reset": "yes", "mailbox": str(others.ada.mailbox_id)},
    "events-leave": lambda others: {"reset": "yes", "mailbox": str(others.ada.mailbox_id)},
    "mail-unsave": lambda others: {"item": others.saved},
    "mail-block": lambda others: {"item": others.saved},
    "mail-block-do": lambda others: {"item": others.saved, "entry": "nora@birchworks.test"},
    "mail-thread": lambda others: {"item": others.saved},
    "mail-thread-stop": lambda others: {"item": others.saved},
    "sign-in": lambda _: {"next": "/mail"},
    "sign-in-begin": lambda _: {},
    "sign-in-callback": lambda _: {"code": "guess", "state": "guess"},
    "sign-in-microsoft": lambda _: {},
    "sign-in-microsoft-callback": lambda _: {"code": "guess", "state": "guess"},
    "sign-in-google": lambda _: {},
    "sign-in-google-callback": lambda _: {"code": "guess", "state": "guess"},
    "sign-out": lambda _: {},
    "operator": lambda _: {},
    "operator-password": lambda _: {"name": ADA, "password": "guess"},
    "operator-code": lambda _: {"code": "000000"},
    "operator-welcome": lambda _: {"operator": "1", "token": "guess"},
    "sign-ins": lambda _: {},
    "sign-ins-end": lambda others: {"sign-in": others.sign_in},
    "audit": lambda others: {"who": "Keller", "person": str(others.ada.mailbox_id)},
    "audit-csv": lambda others: {"tenant": str(others.office.scope.tenant_id)},
    "mend": lambda _: {},
    "mend-again": lambda others: {"trouble": f"box-{others.ada.mailbox_id}"},
    "mend-salesforce": lambda others: {"trouble": f"org-{others.ada.scope.org_id}"},
    "mend-secret": lambda others: {"trouble": f"box-{others.ada.mailbox_id}", "secret": "guess"},
    "mend-sign-in": lambda others: {"mailbox": str(others.ada.mailbox_id)},
    "mailbox-sign-in-callback": lambda _: {"code": "guess", "state": "guess"},
    "activation": lambda others: {"person": str(others.ada.person_id)},
    "activation-connect": lambda others: {"person": str(others.ada.person_id), "address": ADA},
    "activation-prove": lambda others: {"person": str(others.ada.person_id), "way": "microsoft"},
    "activation-later": lambda _: {},
    "connectivity": lambda others: {"mailbox": str(others.ada.mailbox_id)},
    "connectivity-log": lambda others: {"mailbox": str(others.ada.mailbox_id)},
    "disconnect": lambda others: {"mailbox": str(others.ada.mailbox_id)},
    "disconnect-do": lambda others: {"mailbox": str(others.ada.mailbox_id), "as_it_is": "yes"},
    "connectivity-stay": lambda others: {"mailbox": str(others.ada.mailbox_id)},
    "activation-letter": lambda _: {},
    "activate": lambda _: {},
    "activate-begin": lambda others: {"source": "users", "org": str(others.office.org.org_id)},
    "activate-run": lambda others: {"run": others.run},
    "activate-progress": lambda others: {"run": others.run},
    "activate-start": lambda others: {"run": others.run},
    "activate-again": lambda others: {"run": others.run},
    "activate-cancel": lambda others: {"run": others.run},
    "activate-registration": lambda others: {"users": "on", "org": str(others.office.org.org_id)},
    "activate-confirm": lambda others: {"person": str(others.newcomer)},
    "activate-remove": lambda others: {"person": str(others.newcomer)},
    "register": lambda _: {},
    "register-begin": lambda _: {"entrance": "production"},
    "register-letter": lambda _: {},
    "register-mailbox": lambda others: {"person": str(others.ada.person_id)},
    "register-connect": lambda others: {"person": str(others.ada.person_id), "address": ADA},
    "register-without": lambda _: {},
    "register-data": lambda others: {"count": "yes", "mailbox": str(others.ada.mailbox_id)},
    "register-count": lambda others: {"mailbox": str(others.ada.mailbox_id)},
    "register-keep": lambda others: {"meetings": "on", "person": str(others.office.scope.tenant_id)},
    "register-finish": lambda others: {"mailbox": str(others.ada.mailbox_id)},
    "register-account": lambda _: {},
    "register-create": lambda others: {"org": str(others.office.org.org_id), "user": str(others.ada.person_id)},
    "connections": lambda others: {"org": str(others.office.org.org_id)},
    "connections-progress": lambda others: {"org": str(others.office.org.org_id)},
    "connections-salesforce": lambda others: {"org": str(others.office.org.org_id), "same": "yes"},
    "connections-certificate": lambda others: {
        "org": str(others.office.org.org_id),
        "place": "own",
        "address": ORIGIN,
        "username": ADA,
        "key": "guess",
    },
    "connections-check": lambda others: {"org": str(others.office.org.org_id)},
    "connections-look": lambda others: {"org": str(others.office.org.org_id)},
    "connections-fields": lambda others: {"org": str(others.office.org.org_id)},
    "connections-microsoft": lambda others: {"directory": others.office.company.microsoft_tenant},
    "connections-mailbox": lambda _: {"inside": BEN},
    "tokens": lambda _: {},
    "tokens-make": lambda others: {"name": "a program", "days": "90", "person": str(others.ada.person_id)},
    "tokens-revoke": lambda others: {"token": str(others.token)},
    "push": lambda others: {"value": str(others.ada.mailbox_id)},
    "health": lambda _: {},
}
"""Name of an address → what a stranger would try there. Those of the API: api/test_isolation.py."""


SEEN_BY = [("stranger", role) for role in Role] + [("colleague", Role.USER), ("colleague", Role.PROFILE_ADMIN)]
"""A platform admin of one's own tenant may see much of it; tests/unit/web/test_access.py has what."""


@pytest.mark.parametrize(("who", "role"), SEEN_BY)
@pytest.mark.parametrize("method", ["get", "post"])
def test_no_address_shows_or_changes_what_is_anothers(others: Others, method: str, who: str, role: Role) -> None:
    others.browser(who, role)
    assert others.run
    before, hidden = others.rows(who), (SECRET, others.item, ADA)
    for name in sorted(str(one.name) for one in urlpatterns if isinstance(one, URLPattern)):
        browser, form = others.browser(who), FORMS[name](others)
        answer = getattr(browser, method)(reverse(name), form, follow=True)
        typed_again = {ADA} if name == "operator-password" else set()
        shown = [words for words in hidden if words in answer.content.decode() and words not in typed_again]
        assert (name, shown) == (name, [])
        assert others.rows(who) == before, name


def test_the_pages_of_these_cases_have_something_to_hide(others: Others) -> None:
    assert SECRET in others.browser("owner").get("/issues").content.decode()
    assert ADA in others.browser("owner").get("/people/activate/run", {"run": others.run}).content.decode()
    assert SUBJECT in others.browser("stranger").get("/mail").content.decode()


JOBS: Mapping[str, Callable[[Others], str]] = {
    sync.TICK: lambda others: str(others.rita.scope.org_id),
    sync.SESSIONS: lambda others: str(others.rita.scope.org_id),
    sync.CLEAN_UP: lambda _others: "",
    sync.NOTICES: lambda _others: "",
    preflight.PREFLIGHT: lambda others: str(others.rita.scope.org_id),
    fields.FIELDS: lambda others: str(others.rita.scope.org_id),
    acts.ACTIVATION: lambda others: str(acts.of_users(others.rita.scope, goes_on=True).run_id),
}
"""Kind of job → the rival's key for it."""


def _kinds() -> list[str]:
    kinds.load()
    return sorted(queue.handlers())


@pytest.mark.parametrize("kind", _kinds())
def test_a_job_of_one_customer_touches_no_other(others: Others, kind: str) -> None:
    others.office.clock.pass_time(7200)
    before = others.rows("stranger")
    queue.handlers()[kind](JOBS[kind](others))
    assert others.rows("stranger") == before


OF_ONE_CUSTOMER = {
    "status",
    "sync",
    "plan",
    "why",
    "issues",
    "notices",
    "settings",
    "blocklist",
    "people",
    "operator",
    "unsave",
    "block",
    "thread",
    "activate",
    "activations",
    "backfill",
    "adopt",
    "deactivate",
    "google",
}
OF_THE_SERVER = {"up", "web", "worker", "ticker", "migrate", "demo", "doctor"}
"""Their operator serves every customer alike; what they say names no e-mail."""


def test_every_command_is_known_to_be_of_one_customer_or_of_the_server() -> None:
    assert set(COMMANDS) == OF_ONE_CUSTOMER | OF_THE_SERVER


def test_a_push_with_one_mailboxs_word_wakes_no_other(others: Others) -> None:
    words = others.office.house.push_words
    before = others.rows("stranger")
    notice = {"subscriptionId": "x", "clientState": words.word(others.rita.mailbox_id), "changeType": "updated"}
    body = json.dumps({"value": [notice]})
    answer = others.office.browser().post("/push/graph", body, content_type="application/json")
    assert answer.status_code == 202
    assert others.rows("stranger") == before


def test_settings_of_one_customer_are_in_force_for_no_other(others: Others) -> None:
    before = others.rows("stranger")
    settings.put(others.rival, settings.EVERYBODY, "mail.auto-save", "off", others.office.clock)
    assert others.rows("stranger") == before
    place = settings.for_person(others.office.scope, people.find(others.office.scope, ADA).person_id)
    assert settings.get(others.office.scope, place, "mail.auto-save") is True
