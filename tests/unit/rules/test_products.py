"""Which other products are named, case by case."""

import re
from datetime import UTC, datetime

import pytest

from crosstie.domain.products import Edited, Finding, Held, OrgLook, Sign, SignedIn
from crosstie.domain.records import EVENT
from crosstie.rules.products import BY_CODE, KNOWN, findings
from tests.unit.rules.cases_products import CASES

SINCE = datetime(2026, 11, 20, tzinfo=UTC)


def look(signs_in: tuple[str, ...], holds: tuple[str, ...], changed: tuple[str, ...], managed: int) -> OrgLook:
    return OrgLook(
        SINCE,
        [_signed_in(one) for one in signs_in],
        [Held(app, int(users)) for app, _, users in (one.rpartition(": ") for one in holds)],
        [_edited(one) for one in changed],
        managed=managed,
    )


def _signed_in(text: str) -> SignedIn:
    found = re.fullmatch(r"(.+) as (\w+): (\d+)", text)
    assert found
    return SignedIn(found[1], found[2], int(found[3]))


def _edited(text: str) -> Edited:
    first, *fields = text.split(", ")
    user, _, records = first.partition(": ")
    filled = {name: int(count) for name, _, count in (one.partition(" ") for one in fields)}
    return Edited(EVENT, user, int(records), filled)


def _said(one: Finding) -> str:
    who = " ".join(filter(None, (one.app, f"as {one.user_id}" if one.user_id else "")))
    rest = filter(None, (f"{one.product or 'another product'} by {one.sign}", str(one.count), who, one.namespace))
    return ", ".join(rest)


@pytest.mark.parametrize(("signs_in", "holds", "changed", "managed", "answer"), [case[1:] for case in CASES],
                         ids=[case[0] for case in CASES])  # fmt: skip
def test_which_product_it_is(
    signs_in: tuple[str, ...],
    holds: tuple[str, ...],
    changed: tuple[str, ...],
    managed: int,
    answer: tuple[str, ...],
) -> None:
    assert tuple(map(_said, findings(look(signs_in, holds, changed, managed)))) == answer


def test_each_product_says_where_to_look_and_what_to_do() -> None:
    assert len(BY_CODE) == len(KNOWN) + 1
    assert all(
        one.name and one.where.startswith("Setup, ") and one.disable.endswith(".") for one in BY_CODE.values()
    )


def test_each_sign_is_in_a_case() -> None:
    told = {re.search(r" by ([a-z-]+)", line)[1] for case in CASES for line in case[-1]}  # type: ignore[index]
    assert told == set(Sign)
