"""How many calls a sync costs the vendors' allowances, counted from the sandbox's request log."""

from argparse import ArgumentParser, Namespace
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from bench import event_calls
from bench.measured import Measured
from crosstie.domain.records import EVENT, RecordRef, RecordUpdate, Value
from crosstie.domain.settings import Settings
from crosstie.engine import tick
from sandbox.requestlog import Entry
from tests.simulation.access import HOST
from tests.simulation.day import RENEWAL, deliver
from tests.simulation.desk import Desk
from tests.simulation.house import AUTO_SAVE, House, Make, Person
from tests.simulation.letters import NORA, OMAR, PRIYA, QUENTIN, letter
from tests.simulation.oracle import Intent, problems

TICKS = 2 * tick.SLOW_EVERY
"""Counted ones: whole turns of the slow set."""
SIZES = (1, 10, 100)
MAILBOXES, MAILS, ATTACHMENT = 10, 5, 40_000
EVENTS = 1_000
CUSTOMERS = ((NORA, "Birchworks"), (OMAR, "Birchworks"), (PRIYA, "Cedar Bank"), (QUENTIN, "Elm & Sons"))
WITH_CALENDARS = replace(AUTO_SAVE, events_meetings=True, events_appointments=True, events_down=True)
GOALS = {
    **{f"idle_org.{size}.salesforce_per_tick": 7 / 6 for size in SIZES},
    **{f"idle_org.{size}.graph_http_per_session": 1.0 for size in SIZES},
    "idle_org_with_calendars.salesforce_per_tick": 7 / 6,
    "idle_org_with_calendars.graph_http_per_session": 1.0,
    "fifty_mails.salesforce_beside_tick": 1.0,
    "fifty_mails.graph_http_per_mailbox": 4.0,
    "fifty_mails_naming.salesforce_beside_tick": 3.0,
    "thousand_events.read": 1.0,
    "thousand_events.read_with_people": 2.0,
    "thousand_events.moved": 1.0,
    "thousand_events.deleted": 1.0,
    **event_calls.GOALS,
}


class Unsound(Exception):
    """What was counted did not do its work, so the count is worth nothing."""


@dataclass(frozen=True, slots=True)
class Counts:
    """Metered calls to Salesforce and HTTP requests to Graph; requests for tokens are counted apart."""

    salesforce: int
    graph: int
    tokens: int

    @classmethod
    def of(cls, entries: Sequence[Entry]) -> "Counts":
        salesforce = sum(entry.path.startswith("/services/data/") for entry in entries)
        graph = sum(entry.path.startswith("/v1.0/") for entry in entries)
        return cls(salesforce, graph, len(entries) - salesforce - graph)


def options(_parser: ArgumentParser) -> None:
    """There is nothing to choose."""


def measure(_asked: Namespace) -> Measured:
    idle = {str(size): idle_org(size) for size in SIZES}
    calendars = {"idle_org_with_calendars": idle_org(MAILBOXES, WITH_CALENDARS)}
    fifty = {"fifty_mails": fifty_mails(), "fifty_mails_naming": fifty_mails(naming=True)}
    figures = {"idle_org": idle, "thousand_events": thousand_events()}
    return Measured({**figures, **calendars, **fifty, **event_calls.measure()}, GOALS)


def idle_org(mailboxes: int, settings: Settings | None = None) -> dict[str, float]:
    """Nothing changes; every mailbox runs a session in every tick."""
    house = _house(mailboxes, settings)
    for person in house.ids:
        _arrive(house, person, 0)
        Desk(house, person).put(f"Visit of {person}")
    for _ in range(2):
        house.pass_minutes(2)
        house.round()
    salesforce = graph = 0
    for _ in range(TICKS):
        house.pass_minutes(2)
        salesforce += Counts.of(house.counting(house.tick)).salesforce
        before = len(house.memory.sessions)
        seen = Counts.of(house.counting(house.force))
        sessions = len(house.memory.sessions) - before
        if seen.salesforce or sessions != mailboxes:
            raise Unsound(f"{sessions} idle sessions made {seen.salesforce} calls to Salesforce")
        graph += seen.graph
    _probe(house)
    kept = house.rows(EVENT, "Id", where="Subject LIKE 'Visit of%'")
    if len(kept) != (mailboxes if settings else 0):
        raise Unsound(f"{len(kept)} visits of {mailboxes} are Events")
    return {
        "salesforce_per_tick": salesforce / TICKS,
        "graph_http_per_session": graph / (TICKS * mailboxes),
    }


def _probe(house: House) -> None:
    """A change on each side arrives by the next tick, so what was counted was no standstill."""
    person, domain = next(iter(house.ids)), "rowan.test"
    house.pass_minutes(2)
    deliver(house, letter("Probe", f"new@{domain}", house.box(person).address, house.clock.now()))
    house.know(f"new@{domain}")
    house.tick()
    house.force()
    if not house.rows("EmailMessage", "Id", where="Subject = 'Probe'"):
        raise Unsound("a new mail from a new Contact was not saved by the next tick")


def fifty_mails(*, naming: bool = False) -> dict[str, float]:
    """Five mails with an attachment in each of ten mailboxes; senders known, directory warm. `naming`: the address
    of an Opportunity stands in each.
    """
    house = _house(MAILBOXES)
    intents = [_arrive(house, person, number, naming) for person in house.ids for number in range(MAILS)]
    house.pass_minutes(2)
    ticked = Counts.of(house.counting(house.tick))
    synced = Counts.of(house.counting(house.force))
    if found := problems(house, intents):
        raise Unsound("; ".join(found[:5]))
    return {
        "salesforce": ticked.salesforce + synced.salesforce,
        "salesforce_beside_tick": synced.salesforce,
        "graph_http_per_mailbox": synced.graph / MAILBOXES,
    }


def thousand_events() -> dict[str, float]:
    """Salesforce calls for reading, moving and deleting as many by their ids, each with somebody it is with."""
    house = _house(1)
    org, crm = house.org, house.ports.crm
    contact = org.insert(org.admin, "Contact", {"LastName": "Rowan"})
    start = house.clock.now().replace(microsecond=0) + timedelta(days=1)
    usual = {"StartDateTime": start.isoformat(), "DurationInMinutes": 30, "WhoId": contact}
    refs = [
        RecordRef(EVENT, org.insert(org.admin, EVENT, {"Subject": f"Visit {number}", **usual}))
        for number in range(EVENTS)
    ]
    moved: dict[str, Value] = {"StartDateTime": start + timedelta(hours=1)}
    acts: dict[str, Callable[[], object]] = {
        "read": lambda: crm.records(refs, {EVENT: ("Subject", "StartDateTime", "Description")}),
        "read_with_people": lambda: crm.records(refs, {EVENT: ("Subject", "EventWhoIds")}),
        "moved": lambda: crm.update([RecordUpdate(ref, moved) for ref in refs]),
        "deleted": lambda: crm.delete(refs),
    }
    crm.capabilities()
    counts: dict[str, float] = {name: Counts.of(house.counting(act)).salesforce for name, act in acts.items()}
    if any(crm.alive(refs).values()):
        raise Unsound("events that were deleted are there")
    return counts


def _arrive(house: House, person: str, number: int, naming: bool = False) -> Intent:
    sender, account = CUSTOMERS[(house.ids[person] + number) % len(CUSTOMERS)]
    subject = f"Offer {number} for {person}"
    data = f"{subject} ".encode().ljust(ATTACHMENT, b"=")
    address = house.box(person).address
    names = f"{HOST}/{house.company.deals[RENEWAL]}" if naming else ""
    files = {f"offer {number}.pdf": data}
    deliver(house, letter(subject, sender, address, house.clock.now(), files=files, names=names))
    related = tuple(name for name in (account, *house.company.deals) if name.startswith(account))
    return Intent(subject, True, frozenset({sender, address}), (RENEWAL,) if naming else related, (data,))


def _house(mailboxes: int, settings: Settings | None = None) -> House:
    """People at work for a while: first listings, sign-ins and descriptions are behind them."""
    people: list[Person] = [(f"person{number}", "Pat", f"Number {number}", ()) for number in range(mailboxes)]
    make = Make(people=people, syncing=[local for local, *_ in people])
    house = House(replace(make, settings=settings) if settings else make)
    for _ in range(2):
        house.round()
        house.pass_minutes(2)
    return house
