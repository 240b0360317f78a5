"""One day of two people with mailboxes: what arrives, what they do, and what they expect of it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from email.message import EmailMessage

from crosstie.domain.settings import Settings
from tests.simulation.house import House
from tests.simulation.letters import (
    ADA,
    BEN,
    CLEO,
    FREE,
    NORA,
    OMAR,
    PRIYA,
    QUENTIN,
    SOFIA,
    STRANGER,
    letter,
)
from tests.simulation.oracle import DROP, Intent

SAW_LINE, RENEWAL = "Birchworks: new saw line", "Cedar Bank: renewal"
"""Ada's Opportunity, and Ben's."""
NEWS = "news@shouting.test"
PLAN, QUOTE, LIST = bytes(range(256)) * 160, b"quote " * 7000, b"list " * 9000
LOGO = bytes(range(200)) * 20
DAY_SETTINGS = Settings(mail_auto_save=True, blocklist=(NEWS,))

Act = Callable[[House], None]


@dataclass(frozen=True, slots=True)
class Step:
    """People act; then Crosstie works."""

    name: str
    act: Act


def deliver(house: House, mail: EmailMessage, to: Sequence[str] | None = None) -> None:
    house.world.mailboxes.deliver(mail.as_bytes(), to)


def send(house: House, person: str, mail: EmailMessage) -> None:
    house.world.mailboxes.send_raw(house.box(person), mail.as_bytes(), face="console", cause="console")


def move(house: House, person: str, subject: str, folder: str) -> None:
    box = house.box(person)
    target = box.folder(folder)
    assert target is not None, f"{person} has no folder {folder}"
    house.world.mailboxes.move(box, next(house.world.mailboxes.find(box, subject=subject)), target)


def categorise(house: House, person: str, subject: str, *categories: str) -> None:
    box = house.box(person)
    message = next(house.world.mailboxes.find(box, subject=subject))
    house.world.mailboxes.set_categories(box, message, categories)


def notice(subject: str, sender: str, to: str, house: House) -> EmailMessage:
    """A meeting request."""
    one = EmailMessage()
    one["Subject"], one["From"], one["To"] = subject, sender, to
    one["Message-ID"], one["MIME-Version"] = f"<{subject}@x.test>", "1.0"
    one["Content-Type"] = "text/calendar; method=REQUEST; charset=utf-8"
    one.set_payload(
        "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nMETHOD:REQUEST\r\nBEGIN:VEVENT\r\nUID:1@x.test\r\n"
        "DTSTAMP:20261116T090000Z\r\nDTSTART:20261117T090000Z\r\nDTEND:20261117T100000Z\r\n"
        f"SUMMARY:{subject}\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
    )
    return one


def before(house: House) -> None:
    """What lies in the mailboxes when they are activated."""
    now, box = house.clock.now(), house.box("ada")
    for subject, days in (("Yesteryear", 30), ("The day before", 2)):
        then = now - timedelta(days=days)
        raw = letter(subject, NORA, ADA, then).as_bytes()
        house.world.mailboxes.put(box, raw, received=then)


def morning(house: House) -> None:
    now = house.clock.now()
    deliver(house, letter("Saw line offer", NORA, ADA, now, files={"plan.pdf": PLAN}, picture=LOGO))
    deliver(house, letter("Renewal", PRIYA, f"{ADA}, {BEN}", now, files={"quote.pdf": QUOTE}))
    deliver(house, letter("Lead question", SOFIA, BEN, now))
    deliver(house, letter("Nameless", QUENTIN, BEN, now, message_id="-"))
    deliver(house, letter("News", NEWS, ADA, now))
    deliver(house, letter("Party", FREE, BEN, now))
    deliver(house, letter("From a stranger", STRANGER, BEN, now))
    deliver(house, letter("Please save", STRANGER, ADA, now))
    deliver(house, letter("Please file", FREE, BEN, now, files={"list.csv": LIST}))
    deliver(house, notice("Kick-off", NORA, ADA, house))


def noon(house: House) -> None:
    now = house.clock.now()
    send(house, "ada", letter("Our answer", ADA, OMAR, now, files={"plan.pdf": PLAN, "list.csv": LIST}))
    send(house, "ben", letter("To a stranger", BEN, STRANGER, now))
    send(house, "ben", letter("Lunch", BEN, f"{ADA}, {CLEO}", now))
    send(house, "ben", letter("All of you", BEN, f"{ADA}, {NORA}, {SOFIA}", now, files={"quote.pdf": QUOTE}))
    categorise(house, "ada", "Please save", "Salesforce", "Red category")
    move(house, "ben", "Please file", DROP)


def evening(house: House) -> None:
    move(house, "ben", "To a stranger", DROP)
    now = house.clock.now()
    thanks = letter("Thanks", OMAR, ADA, now, In_Reply_To="<Our.answer@larch.test>")
    deliver(house, thanks)
    deliver(house, letter("Late", QUENTIN, f"{BEN}, {ADA}", now, files={"a.bin": LIST, "b.bin": PLAN}))


DAY = (Step("before", before), Step("morning", morning), Step("noon", noon), Step("evening", evening))


def _saved(subject: str, *people: str, related: tuple[str, ...] = (), files: tuple[bytes, ...] = ()) -> Intent:
    return Intent(subject, True, frozenset(people), related, files)


INTENTS = (
    _saved("The day before", NORA, ADA, related=(SAW_LINE,)),
    _saved("Saw line offer", NORA, ADA, related=(SAW_LINE,), files=(PLAN,)),
    _saved("Renewal", PRIYA, ADA, BEN, related=("Cedar Bank", RENEWAL), files=(QUOTE,)),
    _saved("Lead question", SOFIA, BEN),
    _saved("Nameless", QUENTIN, BEN, related=("Elm & Sons",)),
    _saved("Please save", ADA),
    _saved("Please file", BEN, files=(LIST,)),
    _saved("Our answer", ADA, OMAR, related=(SAW_LINE,), files=(PLAN, LIST)),
    _saved("To a stranger", BEN),
    _saved("All of you", BEN, ADA, NORA, SOFIA, related=("Birchworks", SAW_LINE), files=(QUOTE,)),
    _saved("Thanks", OMAR, ADA, related=(SAW_LINE,)),
    _saved("Late", QUENTIN, BEN, ADA, related=("Elm & Sons",), files=(LIST, PLAN)),
    *(
        Intent(subject, False)
        for subject in ("Yesteryear", "News", "Party", "From a stranger", "Lunch", "Kick-off")
    ),
)
