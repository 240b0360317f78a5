"""Random lives of meetings: colleagues' copies say what the organiser's say, and every mail has its reason."""

from collections import Counter
from datetime import timedelta
from random import Random
from typing import Any

import pytest

from sandbox.mailboxes import Mailbox
from sandbox.mailboxes.calendar import Appointment, CrossesNeighbour, Details, Moment, Rule, expand
from tests.unit.sandbox.calendar.conftest import BERLIN, NINE, NORA, Office, attendees, plan, weekly

PEOPLE = ("ben@acme.test", "cleo@acme.test", NORA, "omar@birch.test")
STEPS = 25
HORIZON = NINE + timedelta(days=90)


def shown(details: Details) -> tuple[Any, ...]:
    called_off = details.cancelled
    return (None,) if called_off else (details.subject, details.start, details.end, details.places, details.text)


def dates(appointment: Appointment) -> dict[Moment | None, tuple[Any, ...]]:
    """What there is to see, by original start; what is called off is not there."""
    if appointment.rule is None:
        return {None: shown(appointment.details)}
    found = {one.original: shown(one.details) for one in expand.first(appointment, 40)}
    return {one: seen for one, seen in found.items() if seen != (None,) and one < HORIZON}


class Life:
    """One meeting of Anna's; `mails` counts what must have been sent, by reason and person."""

    def __init__(self, office: Office, dice: Random) -> None:
        self.office, self.dice = office, dice
        self.cleo = office.store.add_mailbox("cleo@acme.test", "Cleo", time_zone="America/New_York")
        self.mails: Counter[tuple[str, str]] = Counter()
        invited = dice.sample(PEOPLE, dice.randint(1, 3))
        rules: list[Rule | None] = [None, weekly(), weekly(count=None, days=("tuesday", "friday")), _monthly()]
        self.made = office.store.meetings.create(office.anna, plan(*invited), rule=dice.choice(rules))
        self.count("invitation", invited)

    @property
    def invited(self) -> list[str]:
        return [one.person.address for one in self.made.details.attendees]

    def count(self, reason: str, people: list[str], times: int = 1) -> None:
        for person in people:
            self.mails[reason, person] += times

    def step(self) -> None:
        acts = [self.edit, self.edit, self.people, self.own, self.answer, self.nothing]
        if self.made.rule:
            acts += [self.edit_one, self.edit_one, self.drop_one, self.move]
        self.dice.choice(acts)()

    def edit(self) -> None:
        field = self.dice.choice(("subject", "text"))
        changes: dict[str, Any] = {field: f"{field} {self.dice.random()}"}
        self.office.change(self.made, **changes)
        self.count("update", self.invited, 1 + len(self.made.deviations))

    def move(self) -> None:
        start = self.made.details.start + timedelta(hours=self.dice.choice((-1, 1)))
        self.office.change(self.made, start=start, end=start + timedelta(minutes=30))
        assert self.made.deviations == {}
        self.count("update", self.invited)

    def edit_one(self) -> None:
        one = self.dice.choice(expand.first(self.made, 4))
        changes: dict[str, Any] = {"subject": f"One {self.dice.random()}"}
        if self.dice.random() < 0.5:
            start = one.details.start + timedelta(days=self.dice.choice((-2, -1, 1, 2)))
            changes |= {"start": start, "end": start + timedelta(hours=2)}
        try:
            self.office.change(self.made, one.original, **changes)  # type: ignore[arg-type]
        except CrossesNeighbour:
            return
        self.count("update", [person.person.address for person in one.details.attendees])

    def drop_one(self) -> None:
        if len(expand.first(self.made, 4)) < 4:
            return
        one = self.dice.choice(expand.first(self.made, 4))
        self.office.store.meetings.delete(self.office.anna, self.made, original=one.original)
        self.count("cancellation", self.invited)

    def people(self) -> None:
        before, after = self.invited, self.dice.sample(PEOPLE, self.dice.randint(1, 3))
        known = {one.person.address: one for one in self.made.details.attendees}
        wanted = tuple(known.get(one, attendees(one)[0]) for one in after)
        self.office.change(self.made, attendees=wanted)
        came = [one for one in after if one not in before]
        self.count("cancellation", [one for one in before if one not in after])
        self.count("invitation", came, 1 + len(self.made.deviations))

    def own(self) -> None:
        self.office.change(self.made, categories=(f"{self.dice.random()}",), reminder=5)

    def answer(self) -> None:
        for mailbox in (self.office.ben, self.cleo):
            copy = self.copy(mailbox)
            if copy and not copy.details.cancelled and mailbox.address in self.invited:
                response = self.dice.choice(("accepted", "tentativelyAccepted"))
                self.office.store.meetings.answer(mailbox, copy, response)  # type: ignore[arg-type]
                self.count("answer", [self.office.anna.address])
                known = {one.person.address: one.answer.response for one in self.made.details.attendees}
                assert known[mailbox.address] == response

    def nothing(self) -> None:
        self.office.change(self.made, subject=self.made.details.subject)

    def copy(self, mailbox: Mailbox) -> Appointment | None:
        return self.office.store.calendar.by_uid(mailbox, self.made.uid)

    def check(self) -> None:
        sent = Counter((mail.reason, one) for mail in self.office.world.outbox.mails for one in mail.recipients)
        assert sent == self.mails
        for mailbox in (self.office.ben, self.cleo):
            copy = self.copy(mailbox)
            if mailbox.address in self.invited:
                assert copy is not None
                assert dates(copy) == dates(self.made)
                assert copy.details.categories == ()
            elif copy is not None:
                assert copy.details.cancelled


def _monthly() -> Rule:
    return Rule("relativeMonthly", days=("tuesday",), index="last", zone=BERLIN, count=9)


@pytest.mark.parametrize("seed", range(12))
def test_copies_say_the_same_and_mails_are_counted(office: Office, seed: int) -> None:
    life = Life(office, Random(seed))
    life.check()
    for _ in range(STEPS):
        life.step()
        life.check()
