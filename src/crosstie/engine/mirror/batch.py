"""The calendars of a batch of mailboxes: gather, plan, write the records once, write the items, commit each."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from crosstie.domain import reasons
from crosstie.domain.errors import CrosstieError
from crosstie.domain.links import Link
from crosstie.engine.mirror.act import act
from crosstie.engine.mirror.gather import gather
from crosstie.engine.mirror.planning import plan_all
from crosstie.engine.mirror.session import Mirror
from crosstie.engine.session import ISSUE_RETRY, Ports, Session


def run(ports: Ports, sessions: Sequence[Session]) -> None:
    """Keep the calendars of those that want it. An error ends the session it befell, with its mail done before."""
    mirrors = [_opened(session) for session in sessions if session.info.settings.keeps_calendar]
    mirrors = [mirror for mirror in mirrors if mirror.live]
    try:
        gather(ports, mirrors)
        plan_all(ports, [mirror for mirror in mirrors if mirror.live])
        act(ports, [mirror for mirror in mirrors if mirror.live])
    except CrosstieError as error:
        for mirror in mirrors:
            mirror.session.error = mirror.session.error or error
    for mirror in mirrors:
        if mirror.live:
            with mirror.session.ending():
                _commit(ports, mirror)


def _opened(session: Session) -> Mirror:
    mirror = Mirror(session, session.mailbox.calendar())
    with session.ending():
        mirror.calendar.prepare()
    return mirror


def _commit(ports: Ports, mirror: Mirror) -> None:
    """What was decided, and then how far both sides were read: whoever dies before reads all of it again."""
    lease = mirror.session.lease
    kept = [(operation.natural, link) for operation, link in mirror.settled if link is not None]
    over = [operation.subject for operation, link in mirror.settled if link is None]
    awaits = {
        operation.item_id: operation.awaits for operation, link in mirror.settled if link and operation.awaits
    }
    known = frozenset().union(*(operation.known for operation, _ in mirror.settled))
    with ports.states.transaction():
        if mirror.observation.anew or mirror.page.lost:
            ports.states.review_links(lease)
            mirror.session.soon = True
        kept += _looked_at(mirror, ports.clock.now())
        if kept:
            ports.states.save_links(lease, kept, awaits, known)
        if over:
            ports.states.forget_links(
                lease, [link.item_id for link in over], [link.place[1] for link in over if not link.item_id]
            )
        mirror.session.more_calendar |= mirror.observation.more or mirror.page.more
        mirror.session.more_calendar |= mirror.more_due and not mirror.parked  # what is parked stays due
        ports.states.save_position(lease, mirror.page.position)
        ports.states.save_cursors(lease, mirror.observation.cursors)


def _looked_at(mirror: Mirror, now: datetime) -> list[tuple[str, Link]]:
    """What was due and had nothing to tell is not due any more; what is hidden from us is asked for once a day."""
    told = {operation.subject.place for operation, _ in mirror.settled}
    rest = [link for link in mirror.due_links if link.place not in told and mirror.was_looked_at(link)]
    return [("", replace(link, recheck_at=_next(link, now))) for link in rest]


def _next(link: Link, now: datetime) -> datetime | None:
    if link.reason_code == reasons.EVENT_HIDDEN.code:
        return now + ISSUE_RETRY
    return link.recheck_at if link.recheck_at and link.recheck_at > now else None
