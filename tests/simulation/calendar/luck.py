"""What befalls vendors and workers while calendars are kept, beside what befalls them with mails."""

import random
from collections.abc import Callable

from sandbox.faults import Fault
from sandbox.salesforce import mishaps
from tests.simulation.accidents import Accident, delay, graph_refuses

WEIGHTS: dict[Accident, int] = {
    Accident.DEATH: 22,
    Accident.LOST: 8,
    Accident.ZOMBIE: 2,
    Accident.SECOND: 2,
    Accident.FORGOTTEN: 3,
    Accident.CLOCK: 1,
    Accident.VENDOR: 4,
    Accident.WEATHER: 1,
}
WRITE = "(a write)"
"""Added to the name of the first request after the journal was told what is about to be written."""
TARGETS = (WRITE, WRITE, "$batch", "graph", "journal.", "states.save_links", "commit", "", "", "")
"""What an accident waits for: any effect whose name holds this."""
FAULTS: tuple[Callable[[random.Random], Fault], ...] = (
    lambda dice: mishaps.unavailable(skip=dice.randrange(3), times=dice.choice((1, 2))),
    lambda dice: mishaps.busy(skip=dice.randrange(3), times=dice.choice((1, 2))),
    lambda dice: mishaps.row_lock("Event", times=dice.choice((1, 9))),
    lambda dice: mishaps.lost("lose_answer", route=dice.choice(("graph", "collection_*", "composite"))),
    lambda dice: mishaps.lost("drop_before", route=dice.choice(("graph", "collection_*"))),
    lambda dice: mishaps.lost(
        "finish_later", route=dice.choice(("graph", "collection_*")), delay=delay(dice),
        early_stamp=dice.random() < 0.5,
    ),
    graph_refuses(429, "ApplicationThrottled", "batch", 3),
    graph_refuses(429, "ApplicationThrottled", "calendar.delta", 30),
    graph_refuses(429, "ApplicationThrottled", "events.*", 20),
    graph_refuses(503, "ServiceUnavailable", "*"),
    graph_refuses(504, "GatewayTimeout", "events.update"),
    graph_refuses(503, "ServiceUnavailable", "events.get"),
    graph_refuses(500, "InternalServerError", "batch"),
    lambda dice: Fault("lose_answer", "graph", "batch", skip=dice.randrange(4)),
    lambda dice: Fault("lose_answer", "graph", dice.choice(("events.create", "events.update", "events.delete"))),
    lambda dice: Fault(
        "finish_later", "graph", dice.choice(("events.create", "events.update")), delay=delay(dice)
    ),
    lambda dice: Fault("drop_before", "*", "*", skip=dice.randrange(6)),
)  # fmt: skip
