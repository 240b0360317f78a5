"""What a back-fill would do, without doing any of it: nothing is leased, written or remembered anywhere."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from crosstie.domain.backfills import Older, Tally
from crosstie.domain.mailboxes import Lease, Seen, Span
from crosstie.domain.operations import Join, Save, Skip
from crosstie.domain.settings import Settings
from crosstie.engine import planning
from crosstie.engine.backfilling import PORTION, reaching, tally_of
from crosstie.engine.ports import Ports
from crosstie.engine.session import Session

GRAPHS, NODES = 75, 500
"""Mails and records that one call writes at most."""
CALLS_FOR_STRANGERS = 3
"""They are looked for, put under an Account and made, all of a portion together."""
NODES_TO_LINK = 2
"""More for a file that is wanted on what its mail is about too."""


@dataclass(frozen=True, slots=True)
class Foreseen:
    """`calls` is an estimate: what a text names is looked up too, and a customer's rules may take further ones."""

    tally: Tally
    calls: int
    left: int | None
    """Mails of the window that were not looked at, for they are too many; None where nobody counts them."""
    reached: datetime


def foresee(ports: Ports, mailbox_id: int, window: Span, most: int) -> Foreseen:
    """Of the newest `most` mails of the window. Raises what the mailbox raises."""
    info = reaching(ports.states.info(mailbox_id), ports.backfills.of([mailbox_id]).get(mailbox_id, ()))
    info = replace(info, past=(*info.past, window))
    mailbox = ports.mailboxes.open(mailbox_id, info.folders)
    tally, calls, seen = Tally(), 0, set[str]()
    older = Older((), window.before, None)
    while older.reached > window.since and tally.looked < most:
        older = mailbox.older(window.since, older.reached, limit=PORTION)
        session = Session(Lease(mailbox_id, 0, ports.clock.now()), info, mailbox)
        session.changes = tuple(Seen(email) for email in older.emails)
        planning.plan_all(ports, [session], look_again=False)
        if session.error:
            raise session.error
        tally = tally.plus(_tally(ports, session, older, seen))
        calls += _calls(session.of(Save), info.settings)
    return Foreseen(tally, calls, older.left if older.reached > window.since else 0, older.reached)


def _tally(ports: Ports, session: Session, older: Older, seen: set[str]) -> Tally:
    """`seen` are the keys of earlier portions: a second copy of a mail points to the first one's record."""
    saved = already = 0
    left_out: Counter[str] = Counter()
    decided = set()
    for operation in session.operations:
        if isinstance(operation, Skip):
            left_out[operation.reason.code] += 1
        elif isinstance(operation, Save) and operation.key not in seen:
            saved += 1
            seen.add(operation.key)
        elif isinstance(operation, Save | Join):
            already += 1
        else:
            continue
        decided.add(operation.email.item_id)
    states = session.situation.states if session.situation else {}
    settled = [states.get(email.item_id) for email in older.emails if email.item_id not in decided]
    return Tally(saved, already, left_out).plus(tally_of(ports, settled, since=None))


def _calls(saves: Sequence[Save], settings: Settings) -> int:
    if not saves:
        return 0
    linked = settings.attachments_save and settings.attachments_on_related
    nodes = sum(
        2 + len(save.people) + save.email.has_attachments * (1 + NODES_TO_LINK * bool(linked and save.what_id))
        for save in saves
    )
    strangers = CALLS_FOR_STRANGERS if any(save.strangers for save in saves) else 0
    return max(-(-len(saves) // GRAPHS), -(-nodes // NODES)) + strangers
