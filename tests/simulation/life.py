"""A scripted life of two people's appointments, and how it must have ended whatever befell us on the way.

What must be there is written down by hand, from what Ada and Ben mean: no rule of the mirror is asked.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sandbox.mailboxes.calendar.model import Appointment, Place
from tests.simulation.desk import SOON, Desk
from tests.simulation.house import START, House

MARK, UNSYNC, ERROR = "Salesforce", "Salesforce Unsync", "Sync Error"
SAVED, ASKED, BARE = frozenset({MARK}), frozenset({MARK, ERROR}), frozenset[str]()
"""Our categories on what is saved, on what waits for a person's word, and on what is not ours."""
NOTES = "Salesforce Conflicts"
LATER = timedelta(hours=2)
LONG_AGO = START - timedelta(days=14) + timedelta(hours=2)
"""Two hours more, and it is out of the window."""
FAIR = date(2026, 11, 20)
LONG = SOON + timedelta(days=6)
VISIT = SOON + timedelta(days=5) + LATER


@dataclass(frozen=True, slots=True)
class Deed:
    """What somebody does at once, and which subjects must be on which side before it can be done."""

    name: str
    act: Callable[[Desk, Desk], None]
    here: tuple[str, ...] = ()
    there: tuple[str, ...] = ()
    hours: float = 0
    """That pass before anybody works."""


def _make(ada: Desk, ben: Desk) -> None:
    ada.put("Saw line", text="Bring the plans.", places=(Place("Room 2"),))
    ada.put("Fair", FAIR)
    ada.put("Long", LONG, hours=24 * 15)
    ada.put("Gone here", SOON + timedelta(hours=3))
    ada.put("Kept here", SOON + timedelta(hours=4))
    ada.put("Not there", SOON + timedelta(hours=5))
    ada.put("Past here", LONG_AGO - timedelta(hours=1))
    ada.put("With guests", SOON + timedelta(hours=6), guests=["nora@birchworks.test"])
    ben.put("Board", SOON + timedelta(days=1))


def _enter(ada: Desk, ben: Desk) -> None:
    ada.enter("Call")
    ada.enter("Gone there", SOON + timedelta(days=2))
    ada.enter("Past there", LONG_AGO - timedelta(minutes=30))
    ada.enter("Thrown away", SOON + timedelta(days=3))
    ben.enter("Visit", SOON + timedelta(days=4))


def _edit(ada: Desk, ben: Desk) -> None:
    ada.change(called(ada, "Saw line"), subject="Saw line, at last")
    ada.change(called(ada, "Long"), end=LONG + timedelta(hours=1))
    ada.edit(record(ada, "Call"), Location="Desk", Subject="Call 1")
    ben.change(called(ben, "Visit"), subject="Visit the mill")


def _both(ada: Desk, ben: Desk) -> None:
    board = record(ben, "Board")
    ben.move(called(ben, "Board"), LATER)
    ben.edit(board, Location="From Salesforce")
    ada.edit(record(ada, "Fair"), Subject="Fair there")
    ada.change(called(ada, "Fair"), subject="Fair here")
    ada.edit(record(ada, "With guests"), Subject="Guests of another name")


def _part(ada: Desk, _ben: Desk) -> None:
    ada.delete(called(ada, "Gone here"))
    ada.delete(called(ada, "Thrown away"))
    ada.erase(record(ada, "Gone there"))
    ada.erase(record(ada, "Kept here"))
    ada.change(called(ada, "Not there"), categories=(MARK, UNSYNC))
    ada.change(called(ada, "Saw line, at last"), categories=())


def _answer(ada: Desk, ben: Desk) -> None:
    ada.change(called(ada, "Call 1"), subject="Call 2")
    ben.edit(record(ben, "Visit the mill"), StartDateTime=SOON + timedelta(days=5))


def _answer_back(ada: Desk, ben: Desk) -> None:
    ada.edit(record(ada, "Call 2"), Subject="Call 3")
    ben.change(called(ben, "Visit the mill"), start=VISIT, end=VISIT + timedelta(minutes=30))


LIFE = (
    Deed("make", _make),
    Deed("enter", _enter),
    Deed("edit", _edit, here=("Saw line", "Visit"), there=("Call",)),
    Deed("both", _both, there=("Board", "Fair", "With guests")),
    Deed(
        "part",
        _part,
        here=("Thrown away", "Gone there", "Past there"),
        there=("Gone here", "Kept here", "Not there", "Saw line, at last", "Past here"),
    ),
    Deed("answer", _answer, here=("Call 1",), there=("Visit the mill",)),
    Deed("answer back", _answer_back, there=("Call 2",), hours=3),
)

Row = tuple[str, datetime | date, str]
"""Subject, start, place."""
BOARD = SOON + timedelta(days=1) + LATER
GUESTS = SOON + timedelta(hours=6)
ANSWERED: Row = ("Call 3", SOON, "Desk")
LAST: Row = ("Call 2", SOON, "Desk")
"""Whoever changes on one side what the other has just been told, while nobody knows whether it arrived, is taken
for one of two who changed it at once: then the mailbox's word stands, and the other one is kept as a note.
"""
HERE: dict[str, dict[Row, frozenset[str]]] = {
    "ada": {
        ("Saw line, at last", SOON, "Room 2"): SAVED,
        ("Fair here", FAIR, ""): SAVED,
        ("Kept here", SOON + timedelta(hours=4), ""): BARE,
        ("Not there", SOON + timedelta(hours=5), ""): BARE,
        ("Past here", LONG_AGO - timedelta(hours=1), ""): BARE,
        ("Long", LONG, ""): SAVED,
        ("With guests", GUESTS, ""): ASKED,
        ANSWERED: SAVED,
    },
    "ben": {("Board", BOARD, "From Salesforce"): SAVED, ("Visit the mill", VISIT, ""): SAVED},
}
"""Whose calendar → what is in it, and which of our categories it bears."""
THERE: dict[str, set[Row]] = {
    "ada": {
        ("Saw line, at last", SOON, "Room 2"),
        ("Fair here", FAIR, ""),
        ("Past here", LONG_AGO - timedelta(hours=1), ""),
        ("Long", LONG, ""),
        ("Past there", LONG_AGO - timedelta(minutes=30), ""),
        ("Guests of another name", GUESTS, ""),
        ANSWERED,
    },
    "ben": {("Board", BOARD, "From Salesforce"), ("Visit the mill", VISIT, "")},
}
NOTED = {"ada": {"Fair there"}, "ben": set[str]()}
"""What of a person's own words was overwritten on purpose."""


def called(desk: Desk, subject: str) -> Appointment:
    return next(one for one in desk.there() if one.details.subject == subject)


def record(desk: Desk, subject: str) -> str:
    return str(next(one["Id"] for one in desk.events() if one["Subject"] == subject))


def is_ready(house: House, deed: Deed) -> bool:
    """Whether everything is where its doer looks for it: nobody edits what is not there yet."""
    desks = [Desk(house, person) for person in house.ids]
    here = {one for desk in desks for one in desk.subjects()}
    there = {one["Subject"] for desk in desks for one in desk.events()}
    return here >= set(deed.here) and there >= set(deed.there)


def problems(house: House) -> list[str]:
    """Everything that is not as its people meant it."""
    found: list[str] = []
    for person in house.ids:
        desk = Desk(house, person)
        here, there = dict(HERE[person]), set(THERE[person])
        if any(ANSWERED[0] in note for note in _notes(desk)):
            here[LAST] = here.pop(ANSWERED)
            there = there - {ANSWERED} | {LAST}
        found += _differences(f"{person}'s calendar", Counter(_items(desk)), here.items())
        found += _differences(f"{person}'s records", Counter(_records(desk)), there)
        found += _unnoted(desk)
    owners = {Desk(house, person).user for person in house.ids}
    others = [row for row in house.rows("Event", "Subject", "OwnerId") if row["OwnerId"] not in owners]
    found += [f"records of nobody: {others}"] if others else []
    found += [f"mails sent because of a sync: {house.world.outbox.mails}"] if Desk(house).mails_sent() else []
    return found


def _items(desk: Desk) -> Iterator[tuple[Row, frozenset[str]]]:
    for one in desk.there():
        details = one.details
        place = ", ".join(place.name for place in details.places)
        yield (details.subject, details.start, place), frozenset(details.categories)


def _records(desk: Desk) -> Iterator[Row]:
    for one in desk.events():
        start = one["StartDateTime"]
        yield one["Subject"], start.date() if one["IsAllDayEvent"] else start, one["Location"] or ""


def _differences(where: str, there: Counter[object], wanted: Iterable[object]) -> Iterator[str]:
    meant = Counter(wanted)
    yield from (f"{where}: {one} is missing" for one in meant - there)
    yield from (f"{where}: {one} is doubled or uncalled for" for one in there - meant)


def _notes(desk: Desk) -> list[str]:
    box = desk.house.box(desk.person)
    folder = box.folder(NOTES)
    return [f"{one.mail.text or ''}{one.mail.html or ''}" for one in box.messages_in(folder)] if folder else []


def _unnoted(desk: Desk) -> Iterator[str]:
    for words in NOTED[desk.person]:
        if not any(words in note for note in _notes(desk)):
            yield f"{desk.person} was not told that '{words}' was overwritten"
