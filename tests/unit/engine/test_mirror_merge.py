"""Field by field: who changed what, and whose value stands."""

import pytest

from crosstie.domain.links import Side
from crosstie.domain.settings import Wins
from crosstie.engine.mirror.merge import Merge, Moved, Ways, merge

BOTH = frozenset({"subject", "place"})
OPEN = Ways(up=BOTH, down=BOTH)


def of(mailbox: str, crm: str, equal: str = "", ways: Ways = OPEN) -> Merge:
    """Fields that moved in the mailbox, in the org, and those that are equal now, in words."""
    return merge(Moved(mailbox.split(), crm.split()), equal.split(), ways)


def named(*names: str) -> frozenset[str]:
    return frozenset(names)


def test_what_did_not_move_goes_nowhere_however_it_differs() -> None:
    assert of("", "") == Merge()


@pytest.mark.parametrize(("mailbox", "crm"), [("subject", ""), ("", "subject"), ("subject", "subject")])
def test_what_is_equal_goes_nowhere_whoever_moved_it(mailbox: str, crm: str) -> None:
    assert of(mailbox, crm, "subject place") == Merge()


def test_what_moved_on_one_side_goes_to_the_other() -> None:
    assert of("subject", "") == Merge(up=named("subject"))
    assert of("", "subject") == Merge(down=named("subject"))


def test_two_fields_that_moved_apart_both_arrive() -> None:
    assert of("subject", "place") == Merge(up=named("subject"), down=named("place"))


@pytest.mark.parametrize(("wins", "way"), [(Wins.MAILBOX, "up"), (Wins.CRM, "down")])
def test_of_a_field_that_both_moved_one_value_stands_and_the_other_is_told(wins: Wins, way: str) -> None:
    found = of("subject", "subject", ways=Ways(BOTH, BOTH, wins))
    assert {name: getattr(found, name) for name in ("up", "down")} == {
        name: named("subject") if name == way else named() for name in ("up", "down")
    }
    assert found.lost == named("subject")


@pytest.mark.parametrize(
    ("mailbox", "crm", "ways"),
    [
        ("subject", "", Ways(named("place"), BOTH)),
        ("", "subject", Ways(BOTH, named("place"))),
        ("subject", "subject", Ways(named("place"), BOTH)),
    ],
)
def test_what_may_not_be_written_is_told_and_loses_nothing(mailbox: str, crm: str, ways: Ways) -> None:
    assert of(mailbox, crm, ways=ways) == Merge(barred=named("subject"))


@pytest.mark.parametrize(
    ("mailbox", "crm", "undone", "way"),
    [
        ("", "subject", Side.CRM, "up"),
        ("subject", "subject", Side.CRM, "up"),
        ("subject", "", Side.MAILBOX, "down"),
        ("subject", "subject", Side.MAILBOX, "down"),
    ],
)
def test_what_does_not_count_is_overwritten_and_told(mailbox: str, crm: str, undone: Side, way: str) -> None:
    """One way only: the side that may be written is the one whose changes do not count."""
    up, down = (BOTH, ()) if undone is Side.CRM else ((), BOTH)
    wins = Wins.MAILBOX if undone is Side.CRM else Wins.CRM
    found = of(mailbox, crm, ways=Ways(up, down, wins, undone))
    there = named("subject")
    assert found == Merge(**{way: there}, lost=there, undone=there)


def test_what_goes_up_alone_is_not_taken_back_from_salesforce() -> None:
    """Who is on it is said in fields of ours; somebody may write there what they like."""
    found = merge(Moved((), ("with", "when")), (), Ways(("with", "when"), (), Wins.MAILBOX, Side.CRM))
    assert found == Merge(up=named("when"), lost=named("when"), barred=named("with"), undone=named("when"))
