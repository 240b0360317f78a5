"""Both implementations, told the same by chance, answer the same."""

import random
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

import pytest

from crosstie.domain.links import Bond, Link, Role, Touched
from crosstie.domain.mailboxes import Lease
from crosstie.domain.operations import Kind
from crosstie.domain.records import RecordRef
from crosstie.ports.journal import Status
from tests import mails
from tests.clocks import START, StepClock
from tests.contract.test_states import Crash, lease
from tests.meetings import Meant, change, link
from tests.stores import NEW, OLD, DatabaseStore, MemoryStore, Store

SEEDS, STEPS = 6, 40
BOXES = range(3)
ITEMS = ("a", "b", "c", "")
RECORDS = tuple(RecordRef("Event", f"00U00000000000{number}AAA") for number in range(4))
NATURALS = ("uid:1", "uid:2", "")
EMAILS = ("ann@x.example", "bob@x.example")
CODES = ("MAIL-AUTO-OFF", "MAIL-UNKNOWN", "MAIL-SAVED", "MAIL-NO-ACCOUNT")


@dataclass
class Told:
    """One implementation, and the leases its mailboxes are worked on with."""

    store: Store
    boxes: list[int] = field(default_factory=list)
    leases: list[Lease] = field(default_factory=list)
    ring: Any = OLD

    def __post_init__(self) -> None:
        self.boxes = [self.store.add_mailbox() for _ in BOXES]
        self.leases = [lease(self.store, box) for box in self.boxes]

    # -- what is asked
    def answers(self) -> dict[str, object]:
        found = {
            f"{name} of {number}": answer
            for number, box in enumerate(self.boxes)
            for name, answer in self._answers_of(box).items()
        }
        for natural, links in self.store.states(self.ring).meetings(NATURALS).items():
            found[f"meeting {natural}"] = [self._plain(one) for one in links]
        return found

    def _answers_of(self, box: int) -> dict[str, object]:
        states, now = self.store.states(self.ring), self.store.clock.now()
        due = states.links_due(box, now, 20)
        page = states.log(box, ["Event"], 3)
        found = states.links_of_records(box, [record.record_id for record in RECORDS])
        return {
            "links": {item: self._plain(one) for item, one in states.links(box, ITEMS).items()},
            "records": {record: self._plain(one) for record, one in found.items()},
            "unlisted": sorted(states.unlisted(box, ("a",), 20)),
            "remembered": sorted(states.remembered(box)),
            "series": [one.item_id for one in states.links_of_series(box, ["s"])],
            "due": [one.place for one in due],
            "log": ([self._named(one) for one in page.touched], page.more, page.lost),
            "due_at": self.store.due_at(box),
        }

    def _named(self, one: Touched) -> Touched:
        users = [self.store.user_of(box) for box in self.boxes]
        return replace(one, owner_id=str(users.index(one.owner_id)))

    def _plain(self, one: Link) -> Link:
        same = self.store.states(self.ring).same
        natural = next((plain for plain in NATURALS if same(one.natural, plain)), "?")
        return replace(one, mailbox_id=self.boxes.index(one.mailbox_id), natural=natural)

    # -- what happens
    def save(self, box: int, given: list[tuple[str, Link]], awaits: dict[str, frozenset[str]]) -> None:
        own = [(natural, replace(one, mailbox_id=self.boxes[box])) for natural, one in given]
        self.store.states(self.ring).save_links(self.leases[box], own, awaits)

    def next_session(self, box: int) -> None:
        later = self.store.clock.now() + timedelta(hours=1)
        self.store.states().release(self.leases[box], next_due=later, summary={}, error_code="")
        self.leases[box] = lease(self.store, self.boxes[box])

    def read(self, box: int, limit: int) -> None:
        page = self.store.states().log(self.boxes[box], ["Event"], limit)
        self.store.states().save_position(self.leases[box], page.position)

    def tick(self, rows: list[tuple[RecordRef, int, bool]], people: dict[str, frozenset[str]]) -> None:
        changes = [
            change(record, self.store.user_of(self.boxes[owner]), self.store.clock.now(), deleted=deleted)
            for record, owner, deleted in rows
        ]
        known = {record_id: (emails, mails.contact(record_id)) for record_id, emails in people.items()}
        self.store.states(self.ring).record_changes(changes, known, [])

    def die(self, box: int, meant: list[Meant], done: int) -> None:
        """The session writes down what it means to do, does a part of it, and is over before the rest is known."""
        entries = self.store.journal().plan(self.leases[box], meant)
        self.store.journal().send(self.leases[box], entries)
        for entry in entries[:done]:
            self.store.journal().finish(self.leases[box], entry, Status.DONE, mails.SAVED)
        self.next_session(box)
        self.store.journal().recover(self.leases[box])

    def crash(self, box: int, act: Callable[["Told"], None]) -> None:
        with suppress(Crash), self.store.states(self.ring).transaction():
            act(self)
            self.store.states(self.ring).review_links(self.leases[box], [RECORDS[0].record_id])
            raise Crash


def draw(dice: random.Random) -> Callable[[Told], None]:
    """Something that happens, the same to whoever is told."""
    box = dice.randrange(len(BOXES))
    makers: list[tuple[int, Callable[[random.Random, int], Callable[[Told], None]]]] = [
        (8, _saving),
        (3, _ticking),
        (2, lambda dice, box: lambda told: told.next_session(box)),
        (2, _dying),
        (1, _forgetting),
        (1, _reading),
        (1, _reviewing),
        (2, _listing),
        (1, lambda dice, box: lambda told: told.store.move_rules(told.boxes[box], CODES[:1])),
        (1, lambda dice, box: lambda told: told.store.clear_log(told.store.clock.now() - timedelta(minutes=9))),
        (1, lambda dice, box: lambda told: setattr(told, "ring", NEW)),
    ]
    make = dice.choices([make for _, make in makers], [weight for weight, _ in makers])[0]
    act = make(dice, box)
    return (lambda told: told.crash(box, act)) if make is _saving and dice.random() < 0.1 else act


def _saving(dice: random.Random, box: int) -> Callable[[Told], None]:
    given = [_drawn(dice) for _ in range(dice.randint(1, 3))]
    awaits = {item: frozenset(dice.sample(EMAILS, dice.randint(1, 2))) for item in ITEMS if dice.random() < 0.3}
    return lambda told: told.save(box, given, awaits)


def _drawn(dice: random.Random) -> tuple[str, Link]:
    item, record = dice.choice(ITEMS), dice.choice((*RECORDS, None))
    record = record or (None if item else RECORDS[0])
    bond = dice.choice(list(Bond)) if item and record else Bond.NONE
    held = Lease(0, 0, START)
    made = link(
        held,
        item,
        dice.choice(CODES),
        bond=bond,
        record=record,
        role=dice.choice(list(Role)),
        decided_at=START + timedelta(seconds=dice.randrange(5)),
        series_id=dice.choice(("s", "")),
        recheck_at=dice.choice((None, START + timedelta(minutes=dice.randrange(60)))),
    )
    return dice.choice(NATURALS), made


def _ticking(dice: random.Random, box: int) -> Callable[[Told], None]:
    rows = [
        (dice.choice(RECORDS), dice.randrange(len(BOXES)), dice.random() < 0.3) for _ in range(dice.randint(0, 2))
    ]
    people = {f"003{number}": frozenset({dice.choice(EMAILS)}) for number in range(dice.randint(0, 1))}
    return lambda told: told.tick(rows, people)


def _dying(dice: random.Random, box: int) -> Callable[[Told], None]:
    meant = [
        Meant(dice.choice((Kind.UPDATE_RECORD, Kind.CREATE_ITEM)), dice.choice(ITEMS), dice.choice(RECORDS))
        for _ in range(dice.randint(1, 2))
    ]
    done = dice.randint(0, 1)
    return lambda told: told.die(box, meant, done)


def _forgetting(dice: random.Random, box: int) -> Callable[[Told], None]:
    items, record = dice.sample(ITEMS, 2), dice.choice(RECORDS).record_id
    return lambda told: told.store.states().forget_links(told.leases[box], items, [record])


def _reviewing(dice: random.Random, box: int) -> Callable[[Told], None]:
    records = [one.record_id for one in dice.sample(RECORDS, 2)]
    return lambda told: told.store.states().review_links(told.leases[box], records)


def _listing(dice: random.Random, box: int) -> Callable[[Told], None]:
    items, flag, ends = dice.sample(ITEMS, 2), dice.random() < 0.5, dice.random() < 0.5

    def act(told: Told) -> None:
        states, held = told.store.states(), told.leases[box]
        if ends:
            states.review_unlisted(held, items)
        else:
            states.note_listed(held, items, first=flag)

    return act


def _reading(dice: random.Random, box: int) -> Callable[[Told], None]:
    limit = dice.choice((1, 9))
    return lambda told: told.read(box, limit)


@pytest.mark.parametrize("seed", range(SEEDS))
def test_told_the_same_they_answer_the_same(tables: None, seed: int) -> None:
    dice, clocks = random.Random(seed), [StepClock(), StepClock()]
    both = [Told(MemoryStore(clocks[0])), Told(DatabaseStore(clocks[1]))]
    for step in range(STEPS):
        act, minutes = draw(dice), dice.choice((0, 0, 1, 5))
        for told in both:
            told.store.clock.step(60 * minutes)
            act(told)
        memory, database = (told.answers() for told in both)
        apart = {name: (one, database.get(name)) for name, one in memory.items() if one != database.get(name)}
        assert (apart, memory.keys()) == ({}, database.keys()), f"step {step}"
