"""What is remembered for linking: open Opportunities, and what waits for an Account."""

from datetime import date, timedelta

from crosstie.domain.mailboxes import Lease
from crosstie.domain.records import Opportunity, Person
from tests import mails
from tests.clocks import START
from tests.contract.test_states import ANN, again, lease, rechecks
from tests.stores import Store

CLOSING = date(2026, 12, 1)


# -- what waits for an Account -------------------------------------------------------------------------
def without_account(store: Store, *people: Person) -> Lease:
    """A session that found nobody with an Account at Ann's address, where these people are."""
    for one in people:
        store.states().record_changes([], {one.record_id: (frozenset({ANN}), one)}, [])
    held = lease(store)
    store.states().save_items(held, [mails.state("i", "MAIL-NO-ACCOUNT")], awaits={"i": frozenset({ANN})})
    return held


def test_what_waits_for_an_account_is_not_flagged_by_a_contact_without(store: Store) -> None:
    held = without_account(store, mails.contact("003A"), Person("Lead", "00QA", created_at=START))
    assert rechecks(store, held) == []


def test_an_account_that_appears_flags_what_waits_for_one(store: Store) -> None:
    held = again(store, without_account(store, mails.contact("003A")))
    person = mails.contact("003A", account_id="001A")
    store.states().record_changes([], {"003A": (frozenset({ANN}), person)}, [])
    assert rechecks(store, held) == ["i"]


def test_an_account_that_came_meanwhile_flags_at_once(store: Store) -> None:
    assert rechecks(store, without_account(store, mails.contact("003A", account_id="001A"))) == ["i"]


def test_a_lead_counts_once_the_contact_is_gone(store: Store) -> None:
    held = without_account(store, mails.contact("003A"), Person("Lead", "00QA", created_at=START))
    held = again(store, held)
    store.states().record_changes([], {"003A": (frozenset(), None)}, [])
    assert rechecks(store, held) == ["i"]
    store.states().save_items(held, [mails.state("i", "MAIL-NO-ACCOUNT")], awaits={"i": frozenset({ANN})})
    assert rechecks(store, held) == ["i"]


# -- Accounts by domain --------------------------------------------------------------------------------
def website(store: Store, record_id: str, domain: str = "customer.example") -> None:
    account = Person("Account", record_id, record_id, START)
    store.states().record_changes([], {record_id: (frozenset({domain}), account)}, [])


def test_accounts_are_found_by_their_domain(store: Store, other: Store) -> None:
    website(store, "001A")
    website(other, "001B")
    found = store.states().people([ANN, "customer.example"])
    assert found == {ANN: (), "customer.example": (Person("Account", "001A", "001A", START),)}


def test_an_account_wakes_what_awaits_its_domain_unless_it_is_one_of_several(store: Store) -> None:
    held = lease(store)
    waits = {"i": frozenset({ANN, "customer.example"})}
    store.states().save_items(held, [mails.state("i")], awaits=waits)
    held = again(store, held)
    website(store, "001A")
    assert rechecks(store, held) == ["i"]
    held = again(store, held)
    website(store, "001B")
    store.states().save_items(held, [mails.state("i")], awaits=waits)
    held = again(store, held)
    store.states().save_items(held, [mails.state("i")], awaits=waits)
    assert rechecks(store, held) == []
    held = again(store, held)
    store.states().record_changes([], {"001B": (frozenset(), None)}, [])
    assert rechecks(store, held) == ["i"]
    held = again(store, held)
    store.states().save_items(held, [mails.state("i")], awaits=waits)
    assert rechecks(store, held) == ["i"], "it came between the session's look and now"


# -- Opportunities -------------------------------------------------------------------------------------
def opportunity(
    record_id: str, account: str = "001A", owner: str = "005A", closes_on: date = CLOSING
) -> Opportunity:
    return Opportunity(record_id, account, owner, closes_on, START, START - timedelta(days=9))


def held_by(store: Store, *holdings: tuple[str, str]) -> list[list[str]]:
    found = store.states().opportunities(holdings)
    return [[one.record_id for one in found[holding]] for holding in holdings]


def test_opportunities_are_found_by_owner_and_account(store: Store, other: Store) -> None:
    known = {one: opportunity(one) for one in ("006B", "006A")} | {"006C": opportunity("006C", owner="005B")}
    store.states().record_changes([], {}, [], opportunities=known | {"006D": opportunity("006D", "001B")})
    other.states().record_changes([], {}, [], opportunities={"006E": opportunity("006E")})
    asked = (("005A", "001A"), ("005B", "001A"), ("005A", "001B"), ("005B", "001B"))
    assert held_by(store, *asked) == [["006A", "006B"], ["006C"], ["006D"], []]
    assert store.states().opportunities([("005A", "001B")]) == {("005A", "001B"): (opportunity("006D", "001B"),)}
    assert store.states().opportunities([]) == {}


def test_an_opportunity_moves_and_closes(store: Store) -> None:
    store.states().record_changes([], {}, [], opportunities={"006A": opportunity("006A"), "006B": None})
    moved = opportunity("006A", "001B", "005B", CLOSING + timedelta(days=1))
    store.states().record_changes([], {}, [], opportunities={"006A": moved})
    assert held_by(store, ("005A", "001A"), ("005B", "001B")) == [[], ["006A"]]
    assert store.states().opportunities([("005B", "001B")]) == {("005B", "001B"): (moved,)}
    store.states().record_changes([], {}, [], opportunities={"006A": None})
    assert held_by(store, ("005B", "001B")) == [[]]
