"""What a session and a tick ask about links, in milliseconds, with few of them and with many (tests/crowd.py)."""

import statistics
import time
from argparse import ArgumentParser, Namespace
from collections.abc import Callable, Mapping
from datetime import timedelta

from bench.measured import Measured
from tests.clocks import START, StepClock
from tests.simulation.database import DatabaseOrg

MAILBOXES = 1000
AT_ONCE = 100
"""Links, records or changes in one call."""
ROUNDS = 7
GROWTH = 4.0
"""How many times as long anything may take with ten times as many links."""
Calls = Mapping[str, Callable[[], object]]


def options(parser: ArgumentParser) -> None:
    parser.add_argument("--links", type=int, default=1_000_000, help=f"in all, of {MAILBOXES} mailboxes")


def measure(asked: Namespace) -> Measured:
    many = asked.links // MAILBOXES
    few, crowded = _times(many // 10), _times(many)
    growth = {name: crowded[name] / few[name] for name in few}
    figures = {f"{many // 10 * MAILBOXES} links": few, f"{many * MAILBOXES} links": crowded, "growth": growth}
    return Measured(figures, {f"growth.{name}": GROWTH for name in growth})


def _times(each: int) -> dict[str, float]:
    """The median of each call, in milliseconds."""
    found = {}
    for name, call in _calls(each).items():
        taken = []
        for _ in range(ROUNDS):
            began = time.perf_counter()
            call()
            taken.append(1000 * (time.perf_counter() - began))
        found[name] = statistics.median(taken)
    return found


def _calls(each: int) -> Calls:
    """Asked of an org that is made and filled for it."""
    clock = StepClock()
    org = DatabaseOrg(1, clock, takeover=120)
    from crosstie.domain.mailboxes import MailboxInfo
    from crosstie.domain.settings import Settings
    from crosstie.store.recheck import flag
    from tests import crowd, meetings

    boxes = range(1, MAILBOXES + 1)
    for box in boxes:
        address, user = f"b{box}@example.com", f"005{box:015d}"
        org.add_mailbox(MailboxInfo(box, 1, address, user, START, Settings()))
    last = crowd.fill(org.scope, boxes, each)
    states = org.states()
    held = states.claim(MAILBOXES // 2, clock.now(), holder="bench", lease_seconds=300)
    assert held is not None
    box, numbers = held.mailbox_id, range(1, min(AT_ONCE, each) + 1)
    items = [crowd.item_of(box, number) for number in numbers]
    records = [crowd.record_of(box, number, each) for number in numbers]
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
