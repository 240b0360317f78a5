"""What must hold whatever befell: judged by what the vendors hold and saw, and by what people read."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sandbox.faults import Fault
from sandbox.requestlog import Entry
from tests.matrix.life import Case, Life
from tests.matrix.troubles import CANARY, Group
from tests.simulation.day import INTENTS

A_SESSION = 24
"""Requests of one session at most, whatever befalls it; an undisturbed one takes up to eight here."""
A_TICK = 8
"""Requests of one tick at most: a refused one, a new token, three descriptions of the org, two readings of it."""
AN_HOUR = 200
"""Requests of the whole house in an hour of trouble at most: thirty ticks, and six sessions of each of two
mailboxes that back off on their own, of some fourteen requests each where files go apart.
"""
LATER_HOUR = 30
"""Requests in the second hour of a trouble at the troubled address: by then everybody has backed off."""
CODE = re.compile(r"[A-Z][A-Z0-9]*(-[A-Z0-9]+)*")
LONGEST_CODE = 60
ASLEEP, BUSY, SHUT, WRONG = "Nothing is lost", "slow down", "refuses our access", "cannot be used"
SAYS: Mapping[Group, tuple[str, ...]] = {
    Group.LOST: (ASLEEP,),
    Group.DOWN: (ASLEEP, BUSY),
    Group.BUSY: (BUSY, ASLEEP),
    Group.DAMAGED: (ASLEEP, WRONG),
    Group.SHUT: (SHUT, WRONG),
    Group.ENDED: (SHUT, ASLEEP),
    Group.LOCKED: (ASLEEP, BUSY, WRONG),
    Group.GONE: (WRONG, ASLEEP),
    Group.CONFLICT: (WRONG, ASLEEP),
    Group.REFUSED: (WRONG, ASLEEP, SHUT),
}
"""What the sentence about a session or tick that stopped may say."""
PAGE = "as a page"
"""Whatever its status, a gateway before the vendor wrote it: whether the vendor was reached, nobody knows."""
WORKS = "e-mails are saved and marked all the same"
"""Of a session that did not stop: what was refused it can do without."""


@dataclass(frozen=True, slots=True)
class Outcome:
    case: Case
    problems: tuple[str, ...]
    happened: bool
    session_requests: int
    tick_requests: int
    hour_requests: int
    asked: tuple[int, int]
    """Requests to the troubled address in the first and second hour."""
    codes: frozenset[str]
    sentences: frozenset[str]
    reasons_meanwhile: frozenset[str]
    """Why mails were not saved while the trouble lasted."""


def run(case: Case) -> Outcome:
    life = Life(case)
    life.live()
    found = [*life.judge(), *_judged(life, case)]
    notes = life.ward.notes
    return Outcome(
        case,
        tuple(dict.fromkeys(found)),
        bool(life.ward.watching.hits),
        max((-(-work.requests // work.sessions) for work in notes.batches), default=0),
        max((work.requests for work in notes.ticks), default=0),
        max(_by_hour(life).values(), default=0),
        (_hits(life)[0], _hits(life)[1]),
        frozenset(code for _, code, _ in notes.errors),
        frozenset(sentence for _, _, sentence in notes.errors),
        life.unsaved,
    )


def _judged(life: Life, case: Case) -> Iterator[str]:
    notes, ward = life.ward.notes, life.ward
    yield from (f"escaped: {one}" for one in notes.escaped)
    yield from (f"a stranger was asked: {one}" for one in ward.strangers)
    yield from (f"the other mailbox had to wait with {subject}" for subject in life.waiting)
    yield from _bounded(life)
    yield from _patient(life)
    yield from _said(life, case)
    yield from _silent(life)
    yield from _explained(life)


def _bounded(life: Life) -> Iterator[str]:
    for work in life.ward.notes.batches:
        if work.requests > A_SESSION * work.sessions:
            yield f"{work.requests} requests of {work.sessions} sessions"
    for work in life.ward.notes.ticks:
        if work.requests > A_TICK:
            yield f"{work.requests} requests of a tick"
    by_hour = _by_hour(life)
    for hour, count in by_hour.items():
        if count > AN_HOUR:
            yield f"{count} requests in hour {hour} of the trouble"
    hits = _hits(life)
    if hits[1] > LATER_HOUR:
        yield f"{hits[1]} requests to the troubled address in the second hour, {hits[0]} in the first"


def _hits(life: Life) -> Counter[int]:
    """Requests to the troubled address by hour; the parts of one batch are one."""
    return Counter(_hour(life, at) for at, _ in {(hit.at, hit.subject) for hit in life.ward.watching.hits})


def _by_hour(life: Life) -> Counter[int]:
    entries = life.ward.world.requests.entries
    return Counter(_hour(life, entry.at) for entry in entries if life.began <= entry.at <= life.ended)


def _hour(life: Life, at: datetime) -> int:
    return int((at - life.began) / timedelta(hours=1))


def _patient(life: Life) -> Iterator[str]:
    """Who is told for how long to wait asks the same of nobody before."""
    for hit in life.ward.watching.hits:
        until = _asked_to_wait(hit.fault, hit.at)
        if until is None or until > life.ended:
            continue
        for entry in life.ward.world.requests.entries:
            if hit.at < entry.at < until and _is_same(entry, hit.name, hit.subject, hit.fault.face):
                yield f"asked again after {(entry.at - hit.at).total_seconds():.0f} s of a longer wait: {hit.name}"
                return


def _asked_to_wait(fault: Fault, at: datetime) -> datetime | None:
    value = dict(fault.headers).get("Retry-After", "")
    return at + timedelta(seconds=int(value)) if value.isdigit() else None


def _is_same(entry: Entry, name: str, subject: str, face: str) -> bool:
    named = entry.route == name or any(part.endswith(f" {name}") for part in entry.parts)
    return entry.face == face and named and (not subject or entry.subject == subject)


def _said(life: Life, case: Case) -> Iterator[str]:
    for at, code, sentence in life.ward.notes.errors:
        if not CODE.fullmatch(code) or len(code) > LONGEST_CODE:
            yield f"no code for an error: {code!r}"
        allowed = (*SAYS[case.trouble.group], WORKS, *((ASLEEP,) if case.trouble.name.endswith(PAGE) else ()))
        if life.began <= at <= life.ended and not any(part in sentence for part in allowed):
            yield f"{code} is said as: {sentence}"


def _silent(life: Life) -> Iterator[str]:
    """Neither the vendor's sentences nor the mails' are kept or logged."""
    words = (CANARY, *(intent.subject for intent in INTENTS if " " in intent.subject))
    for place, text in (("the log", " ".join(life.ward.heard.lines)), ("the store", life.ward.kept())):
        yield from (f"{word!r} is in {place}" for word in words if word in text)


def _explained(life: Life) -> Iterator[str]:
    for intent in INTENTS:
        for person in life.ward.ids:
            box = life.ward.box(person)
            has_it = any(life.ward.world.mailboxes.find(box, subject=intent.subject))
            said = life.ward.sentence(person, intent.subject) if has_it else ""
            if intent.saved and has_it and not said.startswith(("Saved", "Already")):
                yield f"{intent.subject}: {person} reads: {said or 'nothing'}"
