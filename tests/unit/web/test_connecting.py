"""Set up sync: every state of the page, every way in which connecting one's own mailbox ends, and who may not."""

import html
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit

import httpx2
import pytest

from crosstie.accounts import people, tenants
from crosstie.accounts.connection import connections, mailboxes
from crosstie.accounts.sync import schedule
from crosstie.jobs import leaving
from crosstie.store.models import AuditRow, Connection, License, Mailbox, MailboxState, Person, Profile, Secret
from sandbox import company
from sandbox.salesforce.site import open_org
from tests.unit.web import ways
from tests.unit.web.office import ADA, BEN, CLEO, ORIGIN
from tests.unit.web.office import MAILBOX_CALLBACK as BACK
from tests.unit.web.test_pages import text

if TYPE_CHECKING:
    from django.test import Client

    from tests.unit.web.office import Office

PAGE = "/activation"
DELEGATED = ("Mail.ReadWrite", "Calendars.ReadWrite", "MailboxSettings.ReadWrite", "User.Read")


@dataclass
class Newcomer:
    """Ben, who has no mailbox here yet, and whose company has an app that people sign in to."""

    office: "Office"
    browser: "Client"

    def page(self, path: str = PAGE) -> str:
        return " ".join(html.unescape(text(self.browser, path)).split())

    def leave(self, **form: str) -> str:
        """Press *Connect my mailbox*; the address at Microsoft that the page leads to."""
        shown = self.browser.post("/activation/connect", form).content.decode()
        found = re.search(r'content="0;url=([^"]+)"', shown)
        assert found, shown
        return html.unescape(found[1])

    def at_microsoft(self, address: str, *, user: str = BEN, answer: str = "accept") -> dict[str, str]:
        """Say there who one is, and whether one agrees; what comes back to the server."""
        with httpx2.Client(transport=self.office.transport) as microsoft:
            found = microsoft.post(address, data={"user": user})
            if found.status_code == 200:
                kept = dict(re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', found.text))
                told = "leave" if "Need admin approval" in found.text and answer == "accept" else answer
                given = {name: html.unescape(value) for name, value in kept.items()}
                found = microsoft.post(address.partition("?")[0], data=given | {"answer": told})
        assert found.headers["Location"].startswith(BACK), found.text
        return {name: values[0] for name, values in parse_qs(urlsplit(found.headers["Location"]).query).items()}

    def back(self, given: dict[str, str]) -> str:
        """The page that it ends on."""
        answer = self.browser.get(BACK, given, follow=True)
        return " ".join(html.unescape(answer.content.decode()).split())

    @property
    def box(self) -> Mailbox | None:
        return Mailbox.of(self.office.scope).filter(person__address=BEN).first()


def offer(office: "Office", *, consented: bool = True) -> None:
    """As its administrators do: an app that people sign in to, allowed for everybody."""
    directory = office.app.world.microsoft
    app = directory.apps[company.GRAPH_CLIENT]
    if consented:
        directory.consent(app, directory.tenant_of(BEN), DELEGATED)
    given = connections.ConnectionDetails(
        "graph",
        "delegated",
        office.company.microsoft_tenant,
        company.GRAPH_CLIENT,
        authority=ORIGIN,
        endpoint=f"{ORIGIN}/v1.0",
    )
    vault, secret = office.house.stores.vault(), f'{{"client_secret": "{company.GRAPH_SECRET}"}}'
    connections.grant(office.scope, given, secret, vault, office.clock)


@pytest.fixture
def bare(office: "Office") -> Newcomer:
    """Nobody has offered a way to connect yet but the access to all mailboxes."""
    Mailbox.of(office.scope).filter(address=BEN).delete()
    return Newcomer(office, office.signed_in(BEN))


@pytest.fixture
def ben(bare: Newcomer) -> Newcomer:
    offer(bare.office)
    return bare


def nothing_kept(newcomer: Newcomer) -> bool:
    own = Connection.of(newcomer.office.scope).filter(mailbox__isnull=False)
    return newcomer.box is None and not own.exists()


# -- the way that works --------------------------------------------------------------------------------
def test_a_newcomer_connects_their_mailbox_and_mail_is_saved(ben: Newcomer) -> None:
    office = ben.office
    page = ben.page("/")
    assert "Not set up" in page
    assert "Your mailbox is not connected" in page
    assert "your e-mails" in page
    assert "no text, subject or address of it is kept here" in page
    address = ben.leave()
    asked = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
    assert (asked["code_challenge_method"], asked["login_hint"], asked["redirect_uri"]) == ("S256", BEN, BACK)
    assert "Waiting for consent" in ben.page()
    page = ben.back(ben.at_microsoft(address))
    assert "The mailbox ben@larch.test is connected." in page
    box = ben.box
    assert box is not None
    assert (box.state, box.time_zone, box.due_at) == ("active", "Europe/Berlin", office.clock.now())
    office.mail("For Ben", "nora@birchworks.test", BEN)
    office.sync()
    assert "1 e-mail saved" in ben.page("/")
    assert Connection.of(office.scope).get(mailbox=box).access == "delegated"
    assert "Active" in ben.page()


def test_the_refresh_token_lies_in_the_vault_alone(ben: Newcomer) -> None:
    ben.back(ben.at_microsoft(ben.leave()))
    tokens = list(ben.office.app.world.microsoft.refresh_tokens)
    box = ben.box
    assert box is not None
    own = next(one for one in connections.of_tenant(ben.office.scope) if one.mailbox_id == box.pk)
    kept = ben.office.house.stores.vault().get(own.secret_place)
    assert any(token in str(kept) for token in tokens)
    rows = [*Connection.everywhere().values(), *AuditRow.everywhere().values(), *Secret.everywhere().values()]
    assert not any(token in str(rows) for token in tokens)
    assert not any(token in str(dict(ben.browser.session)) for token in tokens)
    acted = AuditRow.of(ben.office.scope).filter(action="mailbox.activate").latest("pk")
    assert (acted.face, acted.actor_id) == ("web", box.person_id)


def test_where_access_to_all_was_granted_nobody_signs_in(bare: Newcomer) -> None:
    page = bare.page()
    assert "so you need not sign in" in page
    assert "Sign in as somebody else" not in page
    answer = bare.browser.post("/activation/connect", follow=True).content.decode()
    assert "The mailbox ben@larch.test is connected." in answer
    assert ways.box_of(bare.office, BEN).time_zone == "Europe/Berlin"
    bare.office.sync()
    assert "Active" in bare.page()


def test_an_alias_is_the_same_mailbox(ben: Newcomer) -> None:
    """Ada is known here by her alias; Microsoft knows her mailbox by its first address."""
    office = ben.office
    Mailbox.of(office.scope).filter(address=ADA).delete()
    Person.of(office.scope).filter(address=ADA).update(address="a.keller@larch.test")
    ada = Newcomer(office, office.signed_in(ADA))
    assert "is connected." in ada.back(ada.at_microsoft(ada.leave(), user=ADA))
    box = Mailbox.of(office.scope).get(person__address="a.keller@larch.test")
    assert (box.address, box.aliases) == (ADA, ["a.keller@larch.test"])


# -- the ways that do not ------------------------------------------------------------------------------
def test_somebody_says_no(ben: Newcomer) -> None:
    ben.office.app.world.switches.turn("microsoft.users_may_consent", True)
    ben.office.app.world.microsoft.apps[company.GRAPH_CLIENT].scope_consents.clear()
    page = ben.back(ben.at_microsoft(ben.leave(), answer="decline"))
    assert "You said no at Microsoft, so nothing was connected." in page
    assert nothing_kept(ben)
    assert "is connected." in ben.back(ben.at_microsoft(ben.leave())), "and then yes, for themselves alone"


def test_an_administrator_is_needed_and_allows_it(ben: Newcomer) -> None:
    office = ben.office
    office.app.world.microsoft.apps[company.GRAPH_CLIENT].scope_consents.clear()
    page = ben.back(ben.at_microsoft(ben.leave()))
    assert "Microsoft lets only an administrator of your organization allow this." in page
    assert "mailto:?subject=Please%20allow%20Crosstie" in page
    assert nothing_kept(ben)
    assert "An administrator of your organization has to allow this first." in ben.page()
    (url,) = set(re.findall(r"http://sandbox\.test/\S+/v2\.0/adminconsent\?[^\s\"<]+", page))
    given = ben.at_microsoft(url, user=CLEO)
    thanks = office.browser().get(BACK, given)
    assert (thanks.status_code, "Microsoft says that it is allowed" in thanks.content.decode()) == (200, True)
    assert "is connected." in ben.back(ben.at_microsoft(ben.leave()))
    assert "has to allow this first" not in ben.page()


def test_an_administrator_refuses(ben: Newcomer) -> None:
    ben.office.app.world.microsoft.apps[company.GRAPH_CLIENT].scope_consents.clear()
    page = ben.page("/activation/letter")
    (url,) = set(re.findall(r"http://sandbox\.test/\S+/v2\.0/adminconsent\?[^\s\"<]+", page))
    answer = ben.office.browser().get(BACK, ben.at_microsoft(url, user=CLEO, answer="decline"))
    assert (answer.status_code, "It was not allowed" in answer.content.decode()) == (403, True)


def test_only_a_part_is_allowed(ben: Newcomer) -> None:
    office = ben.office
    office.app.world.switches.turn("microsoft.codes_give_less", True)
    given = ben.at_microsoft(ben.leave())
    ways.steer(
        office,
        "consent",
        client_id=company.GRAPH_CLIENT,
        tenant=office.company.microsoft_tenant,
        given=False,
        scopes=["Calendars.ReadWrite"],
    )
    page = ben.back(given)
    assert "Not all that is needed was allowed: your calendar is missing." in page
    assert nothing_kept(ben)


def test_what_was_not_begun_here_or_is_too_old_ends_nothing(ben: Newcomer) -> None:
    stale = "was not begun in this browser"
    given = ben.at_microsoft(ben.leave())
    assert stale in ben.back(given | {"state": "another"})
    assert stale in ben.back(given), "nothing can be played twice"
    given = ben.at_microsoft(ben.leave())
    ben.office.clock.pass_time(601)
    assert stale in ben.back(given)
    given = ben.at_microsoft(ben.leave())
    ada = Newcomer(ben.office, ben.office.signed_in(ADA))
    assert stale in ada.back(given)
    assert nothing_kept(ben)


def test_a_code_that_is_no_good_connects_nothing(ben: Newcomer) -> None:
    given = ben.at_microsoft(ben.leave())
    assert "refuses our access" in ben.back(given | {"code": "guess"})
    assert nothing_kept(ben)


def test_another_s_mailbox_is_refused_and_one_may_sign_in_as_somebody_else(ben: Newcomer) -> None:
    page = ben.back(ben.at_microsoft(ben.leave(), user=CLEO))
    assert "You signed in to the mailbox cleo@larch.test, but yours is ben@larch.test." in page
    assert nothing_kept(ben)
    address = ben.leave(choose="yes")
    asked = parse_qs(urlsplit(address).query)
    assert asked["prompt"] == ["select_account"]
    assert "login_hint" not in asked
    assert "is connected." in ben.back(ben.at_microsoft(address))


def test_a_mailbox_that_somebody_else_has_is_refused(ben: Newcomer) -> None:
    """By any of its addresses; in this company or in another one that uses this server."""
    office = ben.office
    Mailbox.of(office.scope).filter(address=ADA).update(address="other@larch.test", aliases=[BEN])
    page = ben.back(ben.at_microsoft(ben.leave()))
    assert "The mailbox ben@larch.test is somebody else's here." in page
    assert nothing_kept(ben)
    Mailbox.of(office.scope).all().delete()
    site = open_org(office.app.world, name="Rival", my_domain="rival")
    rival = tenants.create("Rival", office.clock)
    org = office.connect(site, rival, "rival-app", "rival-secret")
    details = people.PersonDetails("Rita", BEN, site.org.admin, org.org_id)
    rita = people.add(rival, details, office.clock)
    mailboxes.activate(rival, rita.person_id, mailboxes.MailboxDetails("graph"), office.clock)
    page = ben.back(ben.at_microsoft(ben.leave()))
    assert "is connected to another customer of this server" in page


def test_there_is_no_mailbox_at_microsoft(ben: Newcomer) -> None:
    ways.steer(ben.office, "mailboxes/license", mailbox=BEN, licensed=False)
    assert "Microsoft has no mailbox for ben@larch.test." in ben.back(ben.at_microsoft(ben.leave()))
    assert nothing_kept(ben)


def test_an_app_that_may_not_enter_this_mailbox_says_so(bare: Newcomer) -> None:
    ways.steer(bare.office, "mailboxes/restrict", client_id=company.GRAPH_CLIENT, only=[ADA])
    answer = bare.browser.post("/activation/connect", follow=True).content.decode()
    assert "The mailbox ben@larch.test does not let us in." in answer
    assert bare.box is None


# -- what stands in the way ----------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("what", "sentence"),
    [
        ("licence", "there is no active licence"),
        ("inactive", "there is no active licence"),
        ("profile", "Sync is off for everybody in the profile"),
        ("user", "has no Salesforce user yet"),
        ("way", "has not connected this server to your organization's mailboxes yet"),
    ],
)
def test_what_an_administrator_must_give_first_is_said(bare: Newcomer, what: str, sentence: str) -> None:
    scope = bare.office.scope
    if what == "licence":
        Person.of(scope).update(license=None)
    elif what == "inactive":
        License.of(scope).update(active=False)
    elif what == "profile":
        Profile.of(scope).update(sync_enabled=False)
    elif what == "user":
        Person.of(scope).filter(address=BEN).update(crm_user_id="")
    else:
        Connection.of(scope).all().delete()
    page = bare.page()
    assert sentence in page
    assert "Connect my mailbox" not in page
    answer = bare.browser.post("/activation/connect", follow=True).content.decode()
    assert sentence in html.unescape(answer)
    assert bare.box is None


def test_not_now_names_what_is_lost(ben: Newcomer) -> None:
    assert "Not now" in ben.page()
    page = ben.page("/activation/later")
    assert "E-mails are not saved by themselves" in page
    assert "Set up sync after all" in page


def test_there_is_no_letter_where_nobody_signs_in(bare: Newcomer) -> None:
    assert bare.browser.get("/activation/letter").headers["Location"] == PAGE
    assert "A letter to your administrator" not in bare.page()


# -- the other states ----------------------------------------------------------------------------------
def test_a_paused_mailbox_has_a_start_button(office: "Office") -> None:
    ada = Newcomer(office, office.signed_in(ADA))
    schedule.pause(office.scope, ways.box_of(office, ADA).pk, office.clock)
    page = ada.page()
    assert ("Paused" in page, "Start" in page) == (True, True)
    assert "Connect my mailbox" not in page


def test_an_error_has_its_reason_and_the_one_button(office: "Office") -> None:
    ways.delegate(office)
    Mailbox.of(office.scope).filter(address=BEN).update(
        state=MailboxState.NEEDS_CONSENT, last_error_code="GRAPH-SIGN-IN-REVOKED"
    )
    ben = Newcomer(office, office.signed_in(BEN))
    page = ben.page()
    assert "Suspended" in page
    assert "The password of ben@larch.test was changed, or its sign-ins were ended." in page
    assert "Sign in to the mailbox" in page
    assert "Connect my mailbox" not in page


def test_what_an_administrator_switched_off_stays_off(office: "Office") -> None:
    ben = Newcomer(office, office.signed_in(BEN))
    box = ways.box_of(office, BEN)
    ref = mailboxes.of_person(office.scope, box.person_id)
    leaving.at_once(ref)
    page = ben.page()
    assert "only an administrator can switch it on again" in page
    assert "Connect my mailbox" not in page
    answer = ben.browser.post("/activation/connect", follow=True).content.decode()
    assert "only an administrator can switch it on again" in answer
    box.refresh_from_db()
    assert box.state == MailboxState.DISABLED


def test_connecting_twice_is_refused(ben: Newcomer) -> None:
    first, second = ben.leave(), ben.leave()
    assert first != second
    assert "is connected." in ben.back(ben.at_microsoft(second))
    answer = ben.browser.post("/activation/connect", follow=True).content.decode()
    assert "Your mailbox is connected already." in answer


def test_strangers_see_nothing(ben: Newcomer) -> None:
    stranger = ben.office.browser()
    for path in (PAGE, "/activation/later", "/activation/letter", BACK):
        assert stranger.get(path).headers["Location"].startswith("/sign-in")
    assert stranger.post("/activation/connect").headers["Location"] == "/sign-in"
