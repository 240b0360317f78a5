"""What a session and a tick ask about links, with few of them and with ten times as many (tests/crowd.py).

What counts is how many pages of tables and indexes PostgreSQL looks at; the milliseconds are the machine's.
"""

import time
from argparse import ArgumentParser, Namespace
from collections.abc import Callable, Mapping
from datetime import timedelta

from django.db import connection

from bench.measured import Measured
from tests.clocks import START, StepClock
from tests.simulation.database import DatabaseOrg

EACH = 1000
"""Links of a mailbox."""
AT_ONCE = 100
"""Links, records or changes in one call."""
ROUNDS = 3
GROWTH = 4.0
"""How many times as many pages may be looked at with ten times as many links: trees are deeper, and what lies side
by side among few lies apart among many.
"""
Calls = Mapping[str, Callable[[], object]]


def options(parser: ArgumentParser) -> None:
    parser.add_argument("--mailboxes", type=int, default=1000, help=f"of {EACH} links each")


def measure(asked: Namespace) -> Measured:
    figures, pages = {}, []
    for mailboxes in (max(asked.mailboxes // 10, 1), asked.mailboxes):
        looked_at, milliseconds = _measured(mailboxes)
        pages.append(looked_at)
        figures[f"{mailboxes * EACH} links"] = {"pages": looked_at, "ms": milliseconds}
    growth = {name: pages[1][name] / pages[0][name] for name in pages[0]}
    return Measured(figures | {"growth": growth}, {f"growth.{name}": GROWTH for name in growth})


def _measured(mailboxes: int) -> tuple[dict[str, int], dict[str, float]]:
    """Pages and milliseconds of each call, of the round with the fewest of them."""
    pages, milliseconds = {}, {}
    for name, call in _calls(mailboxes).items():
        rounds = [_round(call) for _ in range(ROUNDS)]
        pages[name] = min(looked_at for looked_at, _ in rounds)
        milliseconds[name] = min(taken for _, taken in rounds)
    return pages, milliseconds


def _round(call: Callable[[], object]) -> tuple[int, float]:
    before, began = _pages(), time.perf_counter()
    call()
    taken = 1000 * (time.perf_counter() - began)
    return _pages() - before, taken


def _pages() -> int:
    """Of all our tables and their indexes, looked at until now."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_stat_force_next_flush()")
        cursor.execute("SELECT pg_stat_clear_snapshot()")
        cursor.execute(
            "SELECT sum(heap_blks_read + heap_blks_hit + idx_blks_read + idx_blks_hit) FROM pg_statio_user_tables"
        )
        return int(cursor.fetchone()[0])


def _calls(mailboxes: int) -> Calls:
    """Asked of an org that is made and filled for it."""
    clock = StepClock()
    org = DatabaseOrg(1, clock, takeover=120)
    from crosstie.domain.mailboxes import MailboxInfo
    from crosstie.domain.settings import Settings
    from crosstie.store.recheck import flag
    from tests import crowd, meetings

    boxes = range(1, mailboxes + 1)
    for box in boxes:
        address, user = f"b{box}@example.com", f"005{box:015d}"
        org.add_mailbox(MailboxInfo(box, 1, address, user, START, Settings()))
    last = crowd.fill(org.scope, boxes, EACH)
    states = org.states()
    held = states.claim((mailboxes + 1) // 2, clock.now(), holder="bench", lease_seconds=300)
    assert held is not None
    box, numbers = held.mailbox_id, range(1, AT_ONCE + 1)
    items = [crowd.item_of(box, number) for number in numbers]
    records = [crowd.record_of(box, number, EACH) for number in numbers]
    known = [(f"uid:{number}", link) for number, link in enumerate(states.links(box, items).values())]
    states.save_links(held, known, {})
    states.save_position(held, last - AT_ONCE)

    def tick() -> None:
        clock.step(120)
        states.record_changes([meetings.change(one, "005x", clock.now()) for one in records], {}, [])

    return {
        "links": lambda: states.links(box, items),
        "links_of_records": lambda: states.links_of_records(box, [one.record_id for one in records]),
        "meetings": lambda: states.meetings([natural for natural, _ in known]),
        "save_links": lambda: states.save_links(held, known, {}),
        "links_due": lambda: states.links_due(box, clock.now() + timedelta(days=3), AT_ONCE),
        "log": lambda: states.log(box, ["Event"], AT_ONCE),
        "record_changes": tick,
        "settings of one moved": lambda: flag(org.scope, [box], ["MAIL-AUTO-OFF"], clock.now()),
    }
