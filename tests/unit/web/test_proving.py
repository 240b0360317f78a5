"""Whoever may change users in Salesforce writes somebody's address there and registers with it: what that opens
(nothing), and how people show that an address is theirs.

Mallory's user is Cleo's; Dora has a mailbox, and is not here yet.
"""

import html
import importlib
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from django.db import connection, transaction

from crosstie.accounts import people
from crosstie.accounts.audit import Actor
from crosstie.accounts.connection import mailboxes
from crosstie.accounts.people import PersonInfo
from crosstie.accounts.sign_in import identities, operators, proving, tokens
from crosstie.accounts.sign_in.account_notices import Change
from crosstie.accounts.sign_in.tokens import TokenDetails
from crosstie.accounts.words import Unacceptable
from crosstie.cli import main
from crosstie.store.models import (
    AuditRow,
    Connection,
    Identity,
    Mailbox,
    MailboxState,
    Notice,
    Operator,
    Person,
    Role,
    SignIn,
)
from tests.unit.web.office import ADA, BEN, CLEO
from tests.unit.web.test_connecting import Newcomer, offer
from tests.unit.web.test_registering import change, come, let_in
from tests.unit.web.test_sign_in_google import allow
from tests.unit.web.test_sign_in_microsoft import sign_in
from tests.unit.web.test_wizard import connected

if TYPE_CHECKING:
    from django.test import Client

    from tests.unit.web.office import Office

DORA = "dora@larch.test"
STEP, SET_UP, ACTIVATE = "/register/mailbox", "/activation", "/people/activate"
UNPROVEN = "nobody has shown yet that it is theirs"
OTHER = "is an address of the account that you signed in with"
STALE = "was not begun in this browser"


def register(office: "Office", address: str = CLEO) -> "Client":
    """By Cleo's user, which has this address in Salesforce; the browser."""
    let_in(office)
    change(office, Email=address)
    browser, _ = come(office)
    browser.post("/register/account/create")
    return browser


def hired(office: "Office") -> None:
    office.app.world.mailboxes.add_mailbox(DORA, "Dora Stone")


def taken(office: "Office") -> "Client":
    """Mallory has registered with Dora's address."""
    hired(office)
    return register(office, DORA)


def whose(office: "Office", address: str) -> PersonInfo:
    return people.find_claimant(office.scope, address)


def text(answer: Any) -> str:
    return " ".join(html.unescape(answer.content.decode()).split())


def leave(browser: "Client", way: str = "microsoft", errand: str = "register") -> str:
    """Press the button of the proof; the address at the vendor that the page leads to."""
    page = browser.post("/activation/prove", {"way": way, "errand": errand}).content.decode()
    found = re.search(r'content="0;url=([^"]+)"', page)
    assert found, page
    return html.unescape(found[1])


def prove(office: "Office", browser: "Client", who: str, errand: str = "register") -> Any:
    """At Microsoft as `who`; where it ends."""
    given = office.choose_at_microsoft(leave(browser, errand=errand), who)
    return browser.get("/sign-in/microsoft/callback", given, follow=True)


def boxes(office: "Office") -> list[str]:
    rows = Mailbox.of(office.scope).exclude(state=MailboxState.DISABLED).order_by("address")
    return list(rows.values_list("address", flat=True))


def deeds(office: "Office", action: str) -> list[dict[str, object]]:
    return list(AuditRow.of(office.scope).filter(action=action).values_list("details", flat=True))


def refused(code: str, act: Callable[[], object]) -> None:
    with pytest.raises(Unacceptable) as caught:
        act()
    assert caught.value.code == code


# -- what a written address opens ----------------------------------------------------------------------
@pytest.mark.parametrize("path", ["/register/mailbox/connect", "/activation/connect"])
def test_a_written_address_opens_no_mailbox_and_its_vendor_is_not_asked(office: "Office", path: str) -> None:
    browser = taken(office)
    asked = office.app.world.requests.count
    page = text(browser.post(path, {"kind": "graph"}, follow=True))
    assert f"Nobody has shown yet that {DORA} is your address" in page
    assert "ask Ada Keller (ada@larch.test) to confirm the address" in page
    assert office.app.world.requests.count == asked
    assert boxes(office) == [ADA, BEN]


def test_no_way_at_all_activates_a_mailbox_by_a_written_address(office: "Office") -> None:
    taken(office)
    given = mailboxes.MailboxDetails("graph")
    person = whose(office, DORA)
    refused(
        "ADDRESS-UNPROVEN",
        lambda: mailboxes.activate(office.scope, person.person_id, given, office.clock),
    )


def test_whose_address_was_written_is_not_led_into_that_account(office: "Office") -> None:
    taken(office)
    answer = sign_in(office, DORA)
    assert answer.status_code == 403
    assert answer.wsgi_request.user.is_anonymous
    page = text(answer)
    assert f"Somebody registered here whose address in Salesforce is {DORA}" in page
    assert "sign in with Salesforce, and then with Microsoft" in page
    assert "tell Ada Keller (ada@larch.test)" in page
    assert not Identity.of(office.scope).exists()


def test_nobody_with_a_written_address_becomes_an_operator_or_is_given_anything(
    office: "Office", capsys: pytest.CaptureFixture[str]
) -> None:
    taken(office)
    refused("ADDRESS-UNPROVEN", lambda: operators.add(office.scope, DORA, "Dora Stone", office.clock))
    for words in (["role", DORA, "platform-admin"], ["release", DORA]):
        assert main(["people", *words, "--tenant", "Larch"]) != 0
        assert UNPROVEN in capsys.readouterr().err
    assert whose(office, DORA).role == Role.USER
    assert not Operator.of(office.scope).exists()
    assert deeds(office, "person.role") == deeds(office, "identity.release") == []


def test_nobody_else_is_added_at_a_written_address_before_somebody_looked(office: "Office") -> None:
    taken(office)
    given = people.PersonDetails("Dora Stone", DORA)
    refused("ADDRESS-UNPROVEN", lambda: people.add(office.scope, given, office.clock))


def test_no_mail_goes_to_a_written_address(office: "Office") -> None:
    """Its name would be in it, which is written by the same hand."""
    taken(office)
    ring = office.house.stores.secrets.digest
    tokens.make(office.scope, whose(office, DORA).person_id, TokenDetails("Reports"), ring, office.clock)
    assert not Notice.of(office.scope).filter(address=DORA).exists()


def test_whose_address_is_written_is_shut_out_like_anybody(
    office: "Office", capsys: pytest.CaptureFixture[str]
) -> None:
    browser = taken(office)
    assert main(["people", "end", DORA, "--tenant", "Larch"]) == 0
    assert browser.get(STEP).headers["Location"].startswith("/sign-in")


# -- showing that it is one's own ----------------------------------------------------------------------
def test_the_step_says_why_and_one_sign_in_opens_the_mailbox(office: "Office") -> None:
    browser = register(office)
    page = text(browser.get(STEP))
    assert f"Salesforce says that {CLEO} is your address." in page
    assert "no mailbox is opened until its vendor has said the same" in page
    assert "Sign in with Microsoft" in page
    assert "It is connected at once." not in page
    assert f"login_hint={CLEO.replace('@', '%40')}" in leave(browser)
    answer = prove(office, browser, CLEO)
    assert answer.request["PATH_INFO"] == "/register/data"
    assert f"The mailbox {CLEO} is connected" in text(answer)
    person = people.find(office.scope, CLEO)
    assert person.address_proven
    assert boxes(office) == [ADA, BEN, CLEO]
    assert deeds(office, "person.prove") == [{"by": "microsoft"}]
    assert Identity.of(office.scope).get().person_id == person.person_id
    assert sign_in(office, CLEO).headers["Location"] == "/", "from now on she comes in that way too"


def test_set_up_sync_has_the_button_too_and_goes_on_there(office: "Office") -> None:
    browser = register(office)
    page = text(browser.get(SET_UP))
    assert "Sign in with Microsoft" in page
    assert "Connect my mailbox" not in page
    answer = prove(office, browser, CLEO, errand="connect")
    assert answer.request["PATH_INFO"] == "/"
    assert boxes(office) == [ADA, BEN, CLEO]


def test_google_says_it_as_well(office: "Office") -> None:
    browser = register(office)
    assert "Sign in with Google" not in text(browser.get(STEP))
    allow(office)
    assert "Sign in with Google" in text(browser.get(STEP))
    given = office.choose_at_google(leave(browser, "google"), CLEO)
    assert browser.get("/sign-in/google/callback", given).headers["Location"] == "/register/data"
    assert deeds(office, "person.prove") == [{"by": "google"}]
    assert boxes(office) == [ADA, BEN, CLEO]


def test_an_address_beside_the_mailboxs_first_one_is_shown_too(office: "Office") -> None:
    """It is another matter that the app may enter a mailbox by its user's own name alone."""
    office.app.world.mailboxes.add_mailbox(DORA, "Dora Stone", aliases=["d.stone@larch.test"])
    browser = register(office, "d.stone@larch.test")
    assert "Microsoft has no mailbox for d.stone@larch.test." in text(prove(office, browser, DORA))
    assert people.find(office.scope, "d.stone@larch.test").address_proven


def test_somebody_elses_sign_in_shows_nothing(office: "Office") -> None:
    """Mallory comes back as herself: she has no account of Dora's."""
    browser = taken(office)
    answer = prove(office, browser, CLEO)
    assert answer.request["PATH_INFO"] == STEP
    assert OTHER in text(answer)
    assert "to remove this account" in text(answer)
    assert not whose(office, DORA).address_proven
    assert not Identity.of(office.scope).exists()
    assert boxes(office) == [ADA, BEN]


def test_an_account_that_is_somebody_elses_here_shows_nothing(office: "Office") -> None:
    """Ben came with it before, and has another address here by now."""
    sign_in(office, BEN)
    Person.of(office.scope).filter(address=BEN).update(address="old@larch.test")
    browser = register(office, BEN)
    assert OTHER in text(prove(office, browser, BEN))
    assert not whose(office, BEN).address_proven


def test_an_answer_is_good_once_and_in_its_own_session_alone(office: "Office") -> None:
    browser = register(office)
    given = office.choose_at_microsoft(leave(browser), CLEO)
    stranger = office.browser()
    assert STALE in text(stranger.get("/sign-in/microsoft/callback", given))
    session = browser.session
    session["sign-in"] = {**session["sign-in"], "person": whose(office, ADA).person_id}
    session.save()
    assert STALE in text(browser.get("/sign-in/microsoft/callback", given, follow=True))
    assert STALE in text(browser.get("/sign-in/microsoft/callback", given, follow=True))
    given = office.choose_at_microsoft(leave(browser), CLEO)
    office.clock.pass_time(601)
    assert STALE in text(browser.get("/sign-in/microsoft/callback", given, follow=True))
    assert not whose(office, CLEO).address_proven


def test_a_company_without_such_a_door_is_told_whom_to_ask(office: "Office") -> None:
    browser = register(office)
    Connection.of(office.scope).update(client_id="")
    page = text(browser.get(STEP))
    assert "Sign in with" not in page
    assert "Ask Ada Keller (ada@larch.test) to confirm your address." in page
    answer = browser.post("/activation/prove", {"way": "microsoft", "errand": "register"}, follow=True)
    assert "Nobody has shown yet" in text(answer)


def test_who_signs_in_to_the_mailbox_itself_has_shown_it(office: "Office") -> None:
    offer(office)
    browser = register(office)
    assert "Is this address yours?" not in text(browser.get(STEP))
    assert f"The mailbox {CLEO} is connected" in connected(Newcomer(office, browser))
    assert people.find(office.scope, CLEO).address_proven
    assert deeds(office, "person.prove") == [{"by": "mailbox"}]


def test_a_mailbox_of_anybodys_directory_shows_nothing(office: "Office") -> None:
    """Whoever administers a directory writes what its mailboxes are called."""
    offer(office)
    browser = register(office)
    Connection.of(office.scope).filter(access="delegated").update(directory="organizations")
    assert UNPROVEN in connected(Newcomer(office, browser))
    assert not whose(office, CLEO).address_proven
    assert boxes(office) == [ADA, BEN]
    assert not Connection.of(office.scope).filter(mailbox__isnull=False).exists()


# -- an administrator's word ---------------------------------------------------------------------------
def test_an_administrator_confirms_an_address_and_whoever_has_it_is_told(office: "Office") -> None:
    browser, ada = register(office), office.signed_in(ADA)
    page = text(ada.get(ACTIVATE))
    assert "Addresses that nobody has shown to be theirs" in page
    assert f"Cleo Marín<br>{CLEO}" in page
    person = whose(office, CLEO)
    form = {"person": str(person.person_id)}
    assert "By your word cleo@larch.test is the address of" in text(
        ada.post("/people/activate/confirm", form, follow=True)
    )
    (row,) = AuditRow.of(office.scope).filter(action="person.prove")
    assert (row.actor_id, row.target, row.details) == (
        whose(office, ADA).person_id,
        f"person {person.person_id}",
        {"by": "administrator"},
    )
    (notice,) = Notice.of(office.scope).filter(cause=Change.CONFIRMED.value)
    assert notice.address == CLEO
    assert "It is connected at once." in text(browser.get(STEP))
    assert "Nobody waits" in text(ada.post("/people/activate/remove", form, follow=True))
    assert people.find(office.scope, CLEO) == replace(person, address_proven=True)


def test_an_administrator_removes_an_account_and_the_address_is_free(office: "Office") -> None:
    browser, ada = taken(office), office.signed_in(ADA)
    login = browser.session["_auth_user_id"]
    form = {"person": str(whose(office, DORA).person_id)}
    page = text(ada.post("/people/activate/remove", form, follow=True))
    assert "The account that Cleo Marín made with the address dora@larch.test is gone." in page
    assert browser.get(STEP).headers["Location"].startswith("/sign-in")
    assert people.of_login(int(login)) is None
    assert len(deeds(office, "person.remove")) == 1
    people.add(office.scope, people.PersonDetails("Dora Stone", DORA), office.clock)
    assert sign_in(office, DORA).headers["Location"] == "/"


def test_nobodys_own_word_counts_and_no_mailbox_is_forgotten(office: "Office") -> None:
    """Of an account from before, which was given a role and a mailbox."""
    taken(office)
    person = whose(office, DORA)
    scope, number, clock = office.scope, person.person_id, office.clock
    refused("OWN-WORD", lambda: proving.confirm(scope, number, clock, Actor("web", number)))
    Mailbox.of(scope).filter(address=BEN).update(person_id=number)
    refused("PERSON-HAS-MAILBOX", lambda: proving.remove(scope, number, clock))


@pytest.mark.parametrize("person", ["", "x", "0", "9" * 30])
def test_a_form_that_names_nobody_changes_nothing(office: "Office", person: str) -> None:
    taken(office)
    ada = office.signed_in(ADA)
    for act in ("confirm", "remove"):
        answer = ada.post(f"/people/activate/{act}", {"person": person}, follow=True)
        assert "Nobody waits for a word about that address any more." in text(answer)
    assert not whose(office, DORA).address_proven


def test_the_command_line_has_the_same_word(office: "Office", capsys: pytest.CaptureFixture[str]) -> None:
    taken(office)
    assert main(["people", "list", "--tenant", "Larch"]) == 0
    listed = capsys.readouterr().out.splitlines()
    assert [line.endswith("(by their own word)") for line in listed] == [False, False, True]
    assert main(["people", "confirm", DORA, "--tenant", "Larch"]) == 0
    assert people.find(office.scope, DORA).address_proven
    Person.of(office.scope).filter(address=DORA).update(address_proven=False)
    assert main(["people", "remove", DORA, "--tenant", "Larch"]) == 0
    assert people.at(office.scope, DORA) is None
    assert main(["people", "remove", ADA, "--tenant", "Larch"]) != 0
    assert people.at(office.scope, ADA) is not None


# -- those who came before -----------------------------------------------------------------------------
def before(office: "Office", tmp_path: Path) -> None:
    """Registered while an address proved itself: a mailbox was opened by it, and a Microsoft account found it."""
    taken(office)
    person = whose(office, DORA)
    Person.of(office.scope).filter(pk=person.person_id).update(address_proven=True)
    mailboxes.activate(office.scope, person.person_id, mailboxes.MailboxDetails("graph"), office.clock)
    sign_in(office, DORA)


def migrate() -> None:
    found = importlib.import_module("crosstie.store.migrations.0041_proven_addresses")
    with transaction.atomic(), connection.cursor() as cursor:
        for statement in (found.UNPROVEN, found.FOUND_BY_ADDRESS, found.OPENED_FOR_THEM):
            cursor.execute(statement)


def test_who_registered_before_is_unproven_from_the_update_on(office: "Office", tmp_path: Path) -> None:
    sign_in(office, BEN)
    before(office, tmp_path)
    migrate()
    people_left = Person.of(office.scope).filter(address_proven=True)
    assert set(people_left.values_list("address", flat=True)) == {ADA, BEN}
    assert boxes(office) == [ADA, BEN], "what was opened for all opens it no more"
    assert AuditRow.of(office.scope).filter(action="mailbox.deactivate", face="system").count() == 1
    assert identities.find(office.scope, *_account(office, BEN)) == whose(office, BEN).person_id
    assert Identity.of(office.scope).count() == 1, "what was found by the address is forgotten"
    ways = SignIn.of(office.scope).filter(person_id=whose(office, DORA).person_id).values_list("way", flat=True)
    assert set(ways) == {"salesforce"}
    migrate()
    assert AuditRow.of(office.scope).filter(action="mailbox.deactivate", face="system").count() == 1


def test_who_had_signed_in_to_their_mailbox_keeps_it_and_shows_the_address_once(
    office: "Office", tmp_path: Path
) -> None:
    offer(office)
    browser = register(office)
    connected(Newcomer(office, browser))
    migrate()
    assert boxes(office) == [ADA, BEN, CLEO]
    page = text(browser.get(SET_UP))
    assert "Is this address yours?" in page
    assert f"{CLEO} is yours: Microsoft says so." in text(prove(office, browser, CLEO, errand="connect"))
    assert people.find(office.scope, CLEO).address_proven


def _account(office: "Office", address: str) -> tuple[str, str]:
    row = Identity.of(office.scope).get(person__address=address)
    return row.issuer, row.subject
