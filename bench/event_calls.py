"""Calls that events cost beyond what every tick and session asks anyway: changes, their echo, a first sync."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sandbox.requestlog import Entry
from tests.simulation.desk import CALENDAR, SOON, Desk
from tests.simulation.house import House, Make, Person

MARKED = 400
MAILBOXES = 50
GRAPHS, PAGE, BATCH = 75, 200, 20
"""Of one call: graphs of a composite, events that Graph hands out, requests of a batch."""
PAGES_BEYOND = -(-MARKED // PAGE) - 1
"""The first page is what every session asks for."""
GOALS = {
    "one_event.up.salesforce": 2.0,
    "one_event.up.graph": 0.0,
    "one_event.echo_of_up.salesforce": 1.0,
    "one_event.echo_of_up.graph": 1.0,
    "one_event.down.salesforce": 1.0,
    "one_event.down.graph": 2.0,
    "one_event.echo_of_down.salesforce": 0.0,
    "one_event.echo_of_down.graph": 0.0,
    f"{MAILBOXES}_events.up.salesforce": 2.0,
    f"{MAILBOXES}_events.echo_of_up.salesforce": 1.0,
    f"{MAILBOXES}_events.down.salesforce": 1.0,
    "first_sync.marked.salesforce": -(-MARKED // GRAPHS),
    "first_sync.marked.graph": PAGES_BEYOND,
    "first_sync.found.salesforce": -(-MARKED // GRAPHS),
    "first_sync.found.graph": PAGES_BEYOND + -(-MARKED // BATCH),
    "unchanged.dead_cursor.salesforce": 0.0,
    "unchanged.dead_cursor.graph": PAGES_BEYOND + 3.0,
    "unchanged.lost_log.salesforce": 1.0,
    "unchanged.lost_log.graph": 0.0,
}
"""One call to read and one to write, however many events of however many mailboxes (decision 50); of a first sync
the fewest that the vendors' limits allow. Behind dead cursors the calendar's listing, whose first page rides along
with nothing, the answer that its cursor is dead, and the mails' listing; behind a lost log the records' versions.
"""


class Unsound(Exception):
    """What was counted did not do its work, so the count is worth nothing."""


@dataclass(frozen=True, slots=True)
class Beyond:
    """Of one round: metered calls to Salesforce beside the tick, HTTP requests to Graph beside one a session."""

    salesforce: int
    graph: int

    @classmethod
    def of(cls, house: House) -> "Beyond":
        house.pass_minutes(2)
        house.tick()
        before = len(house.memory.sessions)
        seen = house.counting(house.force)
        sessions = len(house.memory.sessions) - before
        return cls(_metered(seen), sum(one.path.startswith("/v1.0/") for one in seen) - sessions)

    def figures(self) -> dict[str, float]:
        return {"salesforce": self.salesforce, "graph": self.graph}


def _metered(entries: Sequence[Entry]) -> int:
    return sum(one.path.startswith("/services/data/") for one in entries)


def measure() -> dict[str, dict[str, dict[str, float]]]:
    return {
        "one_event": changes(1),
        f"{MAILBOXES}_events": changes(MAILBOXES),
        "first_sync": first_sync(),
        "unchanged": unchanged(),
    }


def unchanged() -> dict[str, dict[str, float]]:
    """Pairs that nobody touched, behind a dead cursor and behind a lost log: until it is known that nobody did."""
    house = _house(1)
    desk = Desk(house, next(iter(house.ids)))
    for number in range(MARKED):
        _put_marked(desk, number)
    _settle(house)
    house.world.mailboxes.expire_cursors(house.box(desk.person))
    dead = [Beyond.of(house) for _ in range(3)]
    house.memory.counters["cleared"] = house.memory.next("log")
    lost = [Beyond.of(house) for _ in range(3)]
    if len(desk.events()) != MARKED:
        raise Unsound(f"{len(desk.events())} of {MARKED} events are left")
    return {"dead_cursor": _together(dead).figures(), "lost_log": _together(lost).figures()}


def _together(several: Sequence[Beyond]) -> Beyond:
    return Beyond(sum(one.salesforce for one in several), sum(one.graph for one in several))


def changes(mailboxes: int) -> dict[str, dict[str, float]]:
    """One event in each mailbox is renamed on one side, then on the other."""
    house = _house(mailboxes)
    desks = [Desk(house, person) for person in house.ids]
    for desk in desks:
        desk.put("Visit")
    _settle(house)
    found = {"idle": Beyond.of(house)}
    for desk in desks:
        desk.change(desk.only(), subject="Renamed here")
    found |= {"up": Beyond.of(house), "echo_of_up": Beyond.of(house)}
    _check(desks, "Renamed here")
    _settle(house)
    for desk in desks:
        desk.edit(desk.event()["Id"], Subject="Renamed there")
    found |= {"down": Beyond.of(house), "echo_of_down": Beyond.of(house)}
    _check(desks, "Renamed there")
    return {name: beyond.figures() for name, beyond in found.items()}


def _check(desks: Sequence[Desk], subject: str) -> None:
    said = {(desk.only().details.subject, desk.event()["Subject"]) for desk in desks}
    if said != {(subject, subject)}:
        raise Unsound(f"{said} instead of {subject}")


def first_sync() -> dict[str, dict[str, float]]:
    """Somebody marks so many appointments, or auto-saving finds them: each becomes an Event in one session."""
    kinds: dict[str, Callable[[Desk, int], None]] = {"marked": _put_marked, "found": _put_plain}
    return {name: _first_sync(put) for name, put in kinds.items()}


def _first_sync(put: Callable[[Desk, int], None]) -> dict[str, float]:
    house = _house(1)
    desk = Desk(house, next(iter(house.ids)))
    for number in range(MARKED):
        put(desk, number)
    seen = Beyond.of(house)
    if len(desk.events()) != MARKED:
        raise Unsound(f"{len(desk.events())} of {MARKED} events after the first sync")
    echo = Beyond.of(house)
    return {**seen.figures(), "echo_salesforce": echo.salesforce, "echo_graph": echo.graph}


def _start(number: int) -> datetime:
    return SOON + timedelta(hours=3 * number)


def _put_marked(desk: Desk, number: int) -> None:
    desk.put(f"Visit {number}", _start(number), categories=("Salesforce",))


def _put_plain(desk: Desk, number: int) -> None:
    desk.put(f"Visit {number}", _start(number))


def _house(mailboxes: int) -> House:
    people: list[Person] = [(f"person{number}", "Pat", f"Number {number}", ()) for number in range(mailboxes)]
    house = House(Make(people=people, syncing=[local for local, *_ in people], settings=CALENDAR))
    _settle(house)
    return house


def _settle(house: House) -> None:
    for _ in range(4):
        house.pass_minutes(11)
        house.round()
