"""Anna organises, Ben is invited, Nora is at a customer's; nobody asks over the wire."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from sandbox.clock import ManualClock
from sandbox.mailboxes import Mailbox, MailboxStore, Message, Person
from sandbox.mailboxes.calendar import Act, Appointment, Attendee, Details, Rule
from sandbox.mailboxes.calendar.meetings import BY_HAND
from sandbox.outbox import SentMail
from sandbox.world import World

START = datetime(2026, 11, 20, 12, tzinfo=UTC)
NINE = datetime(2026, 11, 24, 8, tzinfo=UTC)
"""Nine o'clock in Berlin, on a Tuesday in winter."""
NORA = "nora@birch.test"
BERLIN = "Europe/Berlin"


def attendees(*addresses: str, optional: Sequence[str] = ()) -> tuple[Attendee, ...]:
    required = tuple(Attendee(Person(one)) for one in addresses)
    return required + tuple(Attendee(Person(one), "optional") for one in optional)


def plan(*invited: str, start: datetime = NINE, hours: float = 1, **more: Any) -> Details:
    end = start + timedelta(hours=hours)
    more = {"subject": "Review", "start_zone": BERLIN, "end_zone": BERLIN} | more
    return Details(start=start, end=end, attendees=attendees(*invited), **more)


@dataclass
class Office:
    clock: ManualClock
    world: World
    anna: Mailbox
    ben: Mailbox
    told: int = 0

    @property
    def store(self) -> MailboxStore:
        return self.world.mailboxes

    def meet(self, *invited: str, rule: Rule | None = None, **more: Any) -> Appointment:
        """Anna makes it, and what was sent then is not asked about again."""
        made = self.store.meetings.create(self.anna, plan(*invited, **more), rule=rule)
        self.told = len(self.world.outbox.mails)
        return made

    def change(
        self, appointment: Appointment, original: datetime | None = None, act: Act = BY_HAND, **changes: Any
    ) -> None:
        self.store.meetings.update(self.anna, appointment, changes, original=original, act=act)

    def sent(self) -> list[tuple[str, tuple[str, ...]]]:
        """Reasons and recipients since it was last asked."""
        fresh: list[SentMail] = self.world.outbox.mails[self.told :]
        self.told = len(self.world.outbox.mails)
        return [(one.reason, one.recipients) for one in fresh]

    def copy(self, mailbox: Mailbox, appointment: Appointment) -> Appointment:
        found = self.store.calendar.by_uid(mailbox, appointment.uid)
        assert found is not None
        return found

    def inbox(self, mailbox: Mailbox) -> list[Message]:
        return list(mailbox.messages_in(mailbox.well_known("inbox")))

    def turn(self, **answers: bool) -> None:
        for name, on in answers.items():
            self.world.switches.turn(f"calendar.{name}", on)


@pytest.fixture
def office() -> Office:
    clock = ManualClock(START)
    world = World(clock, seed=7)
    anna = world.mailboxes.add_mailbox("anna@acme.test", "Anna Alt", time_zone=BERLIN)
    ben = world.mailboxes.add_mailbox("ben@acme.test", "Ben Bø", ["b.bo@acme.test"])
    return Office(clock, world, anna, ben)


def weekly(**more: Any) -> Rule:
    return replace(Rule("weekly", days=("tuesday",), count=4, zone=BERLIN), **more)
