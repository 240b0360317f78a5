"""Whoever's account was changed is told by mail: once, in their language, and of nothing that lets anybody in."""

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from crosstie.accounts import people
from crosstie.accounts.audit import SYSTEM
from crosstie.accounts.sign_in import identities, operators, tokens
from crosstie.accounts.sign_in.account_notices import ABOUT, MOST, Change
from crosstie.accounts.sign_in.operators import FAILURES
from crosstie.accounts.sign_in.tokens import TokenDetails
from crosstie.accounts.words import Unacceptable
from crosstie.jobs import mailing
from crosstie.store.models import Notice, Role, Scope
from tests.unit.web.office import BEN
from tests.unit.web.test_operator import OLGA, PASSWORD, Desk, desk, quick_hashes, wrong_codes

if TYPE_CHECKING:
    from tests.unit.web.office import Office

__all__ = ["desk", "quick_hashes"]


def told(office: "Office", address: str) -> list[str]:
    rows = Notice.of(Scope(office.scope.tenant_id)).filter(about=ABOUT, address=address)
    return list(rows.order_by("pk").values_list("cause", flat=True))


def reset(office: "Office") -> None:
    operators.reset(office.scope, OLGA, office.house.stores.vault(), office.clock)


def remove(office: "Office") -> None:
    operators.remove(office.scope, OLGA, office.house.stores.vault(), office.clock)


@pytest.mark.parametrize(("change", "deed"), [(Change.RESET, reset), (Change.REMOVED, remove)])
def test_an_operator_is_told_what_became_of_their_password(
    office: "Office", desk: Desk, change: Change, deed: Callable[["Office"], None]
) -> None:
    assert told(office, OLGA) == [Change.ROLE, Change.ENROLLED]
    deed(office)
    assert told(office, OLGA) == [Change.ROLE, Change.ENROLLED, change]


def test_an_operator_is_told_when_somebody_has_their_password(office: "Office", desk: Desk) -> None:
    before = told(office, OLGA)
    wrong_codes(desk, FAILURES - 1)
    assert told(office, OLGA) == before
    wrong_codes(desk, 1)
    assert told(office, OLGA) == [*before, Change.LOCKED]
    browser = office.browser()
    desk.password(browser)
    browser.post("/operator/code", {"code": desk.codes[0]})
    assert told(office, OLGA) == [*before, Change.LOCKED, Change.RECOVERY_CODE]


def test_a_refused_change_is_no_news(office: "Office") -> None:
    made = Desk(office)
    before = told(office, OLGA)
    assert made.fill(made.link, code="000000").status_code == 400
    assert told(office, OLGA) == before


def test_a_person_is_told_of_tokens_of_another_role_and_of_forgotten_accounts(office: "Office") -> None:
    ben, clock = people.find(office.scope, BEN), office.clock
    people.give_role(office.scope, ben.person_id, Role.USER, clock)
    assert told(office, BEN) == [], "it was theirs before"
    people.give_role(office.scope, ben.person_id, Role.PROFILE_ADMIN, clock)
    ring = office.house.stores.secrets.digest
    _, token = tokens.make(office.scope, ben.person_id, TokenDetails("Reports"), ring, clock)
    with pytest.raises(Unacceptable):
        tokens.make(office.scope, ben.person_id, TokenDetails(""), ring, clock)
    identities.release(office.scope, ben.person_id, clock)
    assert told(office, BEN) == [Change.ROLE, Change.PROGRAM, Change.RELEASED]
    bodies = " ".join(Notice.of(Scope(office.scope.tenant_id)).values_list("body", flat=True))
    assert token not in bodies
    assert "http://localhost:8400/sign-ins" in bodies


def test_a_mail_says_when_and_whom_to_tell_and_is_sent(office: "Office", desk: Desk) -> None:
    people.choose_language(office.scope, desk.info.person.person_id, "de", office.clock, SYSTEM)
    reset(office)
    sent: list[Notice] = []
    mailing.send_owed(sent.append, office.clock)
    english, german = sent[-2].body, sent[-1].body
    assert sent[-1].address == OLGA
    assert sent[-1].subject == "Ihr Crosstie-Konto wurde geändert"
    assert english.startswith("Hello Olga Ray,\n\nA password and an app for one-time codes were chosen")
    assert "That was on 16 November 2026, 09:0" in english
    assert german.startswith("Guten Tag Olga Ray!")
    assert not any(one in english + german for one in (PASSWORD, desk.secret, *desk.codes))


def test_many_changes_fill_no_mailbox(office: "Office") -> None:
    ben, ring = people.find(office.scope, BEN), office.house.stores.secrets.digest
    for number in range(MOST + 2):
        tokens.make(office.scope, ben.person_id, TokenDetails(f"Program {number}"), ring, office.clock)
    assert len(told(office, BEN)) == MOST
    people.give_role(office.scope, ben.person_id, Role.PLATFORM_ADMIN, office.clock, SYSTEM)
    assert len(told(office, BEN)) == MOST + 1, "what else is changed is told all the same"
    office.clock.pass_time(24 * 3600)
    tokens.make(office.scope, ben.person_id, TokenDetails("One more"), ring, office.clock)
    assert len(told(office, BEN)) == MOST + 2
