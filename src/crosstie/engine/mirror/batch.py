"""The calendars of a batch of mailboxes: gather, plan, write records once, write items, warn, commit each."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from crosstie.domain import reasons
from crosstie.domain.errors import CrosstieError
from crosstie.domain.links import GONE, Link, Side
from crosstie.domain.mirroring import Mirroring
from crosstie.domain.records import EVENT
from crosstie.engine.mirror.act import act
from crosstie.engine.mirror.comparing import keep_listed
from crosstie.engine.mirror.copying import alike
from crosstie.engine.mirror.gather import SLICE, gather
from crosstie.engine.mirror.planning import plan_all
from crosstie.engine.mirror.session import Mirror
from crosstie.engine.mirror.warn import warn
from crosstie.engine.pacing import ISSUE_RETRY
from crosstie.engine.ports import Ports
from crosstie.engine.session import Session
from crosstie.rules.calendar.conditions import judged
from crosstie.rules.calendar.guard import HELD

CONDITION_FIELD = "EVENT-CONDITION-FIELD"
SETTLED = frozenset(
    kind.code
    for kind in (reasons.EVENT_SWITCHED_OFF, reasons.EVENT_HIDDEN, reasons.EVENT_BOX_REFUSED, HELD[Side.CRM])
)
"""Told of a pair that came from Salesforce: there is nothing more to be done about it now."""
STAYING = SETTLED | {HELD[Side.MAILBOX].code}
"""The same in a mailbox that is not being left: what is held back waits for a person's word."""


def run(ports: Ports, sessions: Sequence[Session]) -> None:
    """Keep the calendars of those that want it, and take away what came from Salesforce where that is not wanted
    any more. An error ends the session it befell, with its mail done before.
    """
    brought = _brought(ports, sessions)
    mirrors = [
        _opened(session, tuple(brought.get(session.info.mailbox_id, ())))
        for session in sessions
        if session.info.keeps_calendar or session.info.leaving or session.info.mailbox_id in brought
    ]
    mirrors = [mirror for mirror in mirrors if mirror.live]
    try:
        _judge(ports, [mirror.session for mirror in mirrors])
        gather(ports, mirrors)
        plan_all(ports, [mirror for mirror in mirrors if mirror.live])
        act(ports, [mirror for mirror in mirrors if mirror.live])
        warn(ports, [mirror for mirror in mirrors if mirror.live])
    except CrosstieError as error:
        for mirror in mirrors:
            mirror.session.error = mirror.session.error or error
    for mirror in mirrors:
        if mirror.live:
            with mirror.session.ending():
                commit(ports, mirror)
        if mirror.live and mirror.session.info.leaving:
            with mirror.session.ending():
                _leave(ports, mirror)


def _judge(ports: Ports, sessions: Sequence[Session]) -> None:
    """Conditions on fields that cannot be compared are left aside, and said so."""
    for session in sessions:
        info = session.info
        if not info.settings.events_unsync:
            continue
        found = judged(info.settings, ports.crm.capabilities().fields.get(EVENT, {}))
        session.info = replace(info, settings=replace(info.settings, events_unsync=found.usable))
        if found.unusable:
            session.trouble = session.trouble or CONDITION_FIELD


def _brought(ports: Ports, sessions: Sequence[Session]) -> Mapping[int, Sequence[Link]]:
    """What is to be taken away again. What is aside is done with, and what cannot be helped waits its time."""
    infos = [session.info for session in sessions if not session.info.brings_down]
    leaving = [info.mailbox_id for info in infos if info.leaving]
    staying = [info.mailbox_id for info in infos if not info.leaving]
    asked = ((leaving, SETTLED), (staying, STAYING))
    return {
        mailbox_id: links
        for mailboxes, but in asked
        if mailboxes
        for mailbox_id, links in ports.states.brought(mailboxes, but, SLICE).items()
    }


def _opened(session: Session, brought: tuple[Link, ...]) -> Mirror:
    mirror = Mirror(session, session.mailbox.calendar(), brought=brought, closing=not session.info.keeps_calendar)
    if not mirror.closing:
        with session.ending():
            mirror.calendar.prepare()
    return mirror


def _leave(ports: Ports, mirror: Mirror) -> None:
    """Once everything was taken away that can be, our categories go too, nothing is pushed any more, and the
    mailbox may be left.
    """
    mirror.session.soon = True
    if not ports.states.brought([mirror.mailbox_id], SETTLED, 1):
        mirror.calendar.retire()
        mirror.session.mailbox.end_push()
        mirror.session.left = True


def commit(ports: Ports, mirror: Mirror) -> None:
    """What was decided, and then how far both sides were read: whoever dies before reads all of it again."""
    lease = mirror.session.lease
    kept = [(operation.natural, link) for operation, link in mirror.settled if link is not None]
    over = [operation.subject for operation, link in mirror.settled if link is None]
    over += [one for operation, link in mirror.settled if link and (one := _left_behind(operation, link))]
    awaits = {
        operation.item_id: operation.awaits for operation, link in mirror.settled if link and operation.awaits
    }
    known = frozenset().union(*(operation.known for operation, _ in mirror.settled))
    with ports.states.transaction():
        keep_listed(ports, mirror)
        if mirror.unseen:
            ports.states.review_links(lease, mirror.unseen)
            mirror.session.soon = True
        kept += _looked_at(mirror, ports.clock.now())
        kept = _without_items(mirror, kept)
        if kept:
            ports.states.save_links(lease, kept, awaits, known, alike(mirror))
        if over:
            ports.states.forget_links(
                lease, [link.item_id for link in over], [link.place[1] for link in over if not link.item_id]
            )
        mirror.session.more_calendar |= mirror.observation.more or mirror.page.more
        mirror.session.more_calendar |= mirror.more_due and not mirror.parked  # what is parked stays due
        mirror.session.more_calendar |= len(mirror.brought) == SLICE
        if not mirror.closing:
            ports.states.save_position(lease, mirror.page.position)
            ports.states.save_cursors(lease, mirror.observation.cursors)


def _left_behind(operation: Mirroring, link: Link) -> Link | None:
    """The item's own, where its record is remembered without it, or with another one, from now on."""
    before = operation.before
    return before if before and before.item_id and before.item_id != link.item_id else None


def _looked_at(mirror: Mirror, now: datetime) -> list[tuple[str, Link]]:
    """What was due and had nothing to tell is not due any more; what is hidden from us is asked for once a day."""
    told = {one.place for operation, _ in mirror.settled for one in (operation.before, operation.link) if one}
    rest = [link for link in mirror.due_links if link.place not in told and mirror.was_looked_at(link)]
    return [("", replace(link, recheck_at=_next(link, now))) for link in rest]


def _without_items(mirror: Mirror, kept: Sequence[tuple[str, Link]]) -> list[tuple[str, Link]]:
    """That an item is gone is told once: whoever has still to act on it knows it from here."""
    told = {one.item_id for operation, link in mirror.settled for one in (operation.before, link) if one}
    rest = [("", mirror.links[item_id]) for item_id in mirror.gone - told]
    return [(natural, _without_item(mirror, link)) for natural, link in (*rest, *kept)]


def _without_item(mirror: Mirror, link: Link) -> Link:
    if link.item is None or link.item_id not in mirror.gone:
        return link
    return replace(link, item=replace(link.item, version=GONE))


def _next(link: Link, now: datetime) -> datetime | None:
    if link.reason_code == reasons.EVENT_HIDDEN.code:
        return now + ISSUE_RETRY
    return link.recheck_at if link.recheck_at and link.recheck_at > now else None
