"""What some histories have more of: those that look for a planted bug which shows too seldom in others.

A history is cheap where people do little else, and its accidents come where the bug is. Without a bug they end as
people meant it, like all (`python -m bench simulation --of calendar --amid dead-cursors`).
"""

import random
from collections.abc import Callable, Mapping
from dataclasses import replace

from crosstie.domain.settings import EventWay, MeetingUpdates, Wins
from sandbox.faults import Fault
from sandbox.salesforce import mishaps
from tests.simulation.accidents import Accident, graph_refuses
from tests.simulation.calendar import clerks, hand, history, makes, people
from tests.simulation.calendar.clerks import Clerks
from tests.simulation.calendar.luck import WEIGHTS, WRITE
from tests.simulation.calendar.makes import make_of
from tests.simulation.calendar.people import People
from tests.simulation.house import Make
from tests.simulation.more import More


def _without_keys(seed: int, dice: random.Random) -> Make:
    return replace(make_of(seed, dice), keyed=False)


def _ask_first(seed: int, dice: random.Random) -> Make:
    """Attendees are not told by themselves, and what is edited in Salesforce would come down."""
    made = make_of(seed, dice)
    updates = MeetingUpdates.KEEP if seed % 2 else MeetingUpdates.ASK
    settings = replace(made.settings, events_way=EventWay.BOTH, events_meeting_updates=updates)
    return replace(made, settings=settings)


def _only(weights: Mapping[Accident, int]) -> Mapping[Accident, int]:
    return {**dict.fromkeys(WEIGHTS, 0), **weights}


REFUSALS: tuple[Callable[[random.Random], Fault], ...] = (
    lambda dice: mishaps.row_lock("Event", times=dice.choice((1, 9))),
    lambda dice: mishaps.busy(skip=dice.randrange(3), times=dice.choice((1, 2))),
    graph_refuses(429, "ApplicationThrottled", "events.*"),
    graph_refuses(503, "ServiceUnavailable", "events.update"),
    graph_refuses(500, "InternalServerError", "events.*"),
)
UNKEYED = ((history, "make_of", _without_keys),)
DEATHS_AT_WRITES = (
    (history, "TARGETS", (WRITE,)),
    (history, "WEIGHTS", _only({Accident.DEATH: 3, Accident.LOST: 1})),
)
MEETINGS_EDITED = (
    (history, "make_of", _ask_first),
    (clerks, "SETTINGS", {"events_conflicts": tuple(Wins)}),
    (people, "DEEDS", ((3, People.meets), (1, People.edits))),
    (clerks, "DEEDS", ((3, Clerks.edits),)),
)
SHARED_FROM_OUTSIDE = (
    (makes, "UNANSWERED", 0.8),
    (people, "DEEDS", ((2, People.invited_from_outside), (4, People.answers))),
    (clerks, "DEEDS", ()),
)
NOTHING_ERASED = ((clerks, "AFTER_A_DEATH", ((1, Clerks.edits),)),)
EDITED_BY_BOTH = (
    *NOTHING_ERASED,
    (people, "DEEDS", ((2, People.puts), (6, People.edits))),
    (clerks, "DEEDS", ((1, Clerks.enters), (6, Clerks.edits))),
)
DEAD_CURSORS = (
    *NOTHING_ERASED,
    (history, "FAULTS", (graph_refuses(410, "SyncStateNotFound", "calendar.delta"),)),
    (history, "WEIGHTS", _only({Accident.VENDOR: 1})),
    (people, "DEEDS", ((3, People.puts), (1, People.meets), (3, People.deletes))),
    (clerks, "DEEDS", ((1, Clerks.enters),)),
)
EDITED_HERE = (
    *NOTHING_ERASED,
    (people, "DEEDS", ((2, People.puts), (6, People.edits))),
    (clerks, "DEEDS", ((1, Clerks.enters),)),
)
EDITED_AT_ONCE = (
    *NOTHING_ERASED,
    (people, "DEEDS", ((2, People.puts), (4, People.edits), (2, People.edits_what_is_on_its_way))),
    (clerks, "DEEDS", ((4, Clerks.edits_what_is_on_its_way),)),
)
SECRETS = (
    *NOTHING_ERASED,
    (people, "DEEDS", ((3, People.puts), (3, People.hides), (4, People.edits_what_is_private))),
    (clerks, "DEEDS", ((1, Clerks.enters),)),
)
ANSWERED = (
    *NOTHING_ERASED,
    (people, "DEEDS", ((3, People.meets), (4, People.answers))),
    (clerks, "DEEDS", ()),
)
SERIES = (
    *NOTHING_ERASED,
    (people, "DEEDS", ((3, People.repeats), (3, People.changes_a_day), (4, People.drops_a_day))),
    (clerks, "DEEDS", ()),
)
REFUSED = (
    *EDITED_BY_BOTH,
    (history, "TARGETS", (WRITE,)),
    (history, "FAULTS", REFUSALS),
    (history, "WEIGHTS", _only({Accident.VENDOR: 1})),
)
OUT_OF_SIGHT = (
    *NOTHING_ERASED,
    (makes, "SIGHTED", 0.0),
    (people, "DEEDS", ((2, People.puts), (4, People.edits))),
    (clerks, "DEEDS", ((2, Clerks.enters),)),
    (clerks, "UNSIGHTED", ((4, Clerks.takes_out_of_sight),)),
    (clerks, "OUT_OF_SIGHT", (20, 90)),
)
ENTERED = (
    *NOTHING_ERASED,
    (people, "DEEDS", ((1, People.puts),)),
    (clerks, "DEEDS", ((3, Clerks.enters), (2, Clerks.edits))),
)
TWICE_IN_A_SECOND = (*ENTERED, (history, "JUST_BEFORE", 0.8), (history, "ONCE_MORE", 0.8))
EDITED_AT_THE_LAST_MOMENT = (
    *EDITED_BY_BOTH,
    (people, "MEANWHILE", ((2, People.edits_what_is_on_its_way), (3, People.edits_beside_what_is_on_its_way))),
    (clerks, "MEANWHILE", ()),
    (history, "TALKS", (0.01,)),
    (history, "LAST_MOMENT", 0.8),
)
ERASED_WHEN_JUST_MADE = (
    (people, "DEEDS", ((1, People.puts),)),
    (clerks, "DEEDS", ((3, Clerks.enters),)),
    (clerks, "AFTER_A_DEATH", ((1, Clerks.erases_what_was_just_made),)),
)
ERASED = (
    (people, "DEEDS", ((1, People.puts),)),
    (clerks, "DEEDS", ((3, Clerks.enters), (3, Clerks.erases))),
)
PUT_OFF = (
    (people, "DEEDS", ((1, People.puts),)),
    (clerks, "DEEDS", ((3, Clerks.enters), (4, Clerks.puts_off))),
)
FAR_AWAY = ((hand, "OFTEN", 0.5), (hand, "EDGES", (-20, 61, 75)))
AMID: Mapping[str, More] = {
    "unkeyed": UNKEYED,
    "deaths-at-writes": DEATHS_AT_WRITES,
    "dead-cursors": DEAD_CURSORS,
    "meetings-edited": MEETINGS_EDITED,
    "shared-from-outside": SHARED_FROM_OUTSIDE,
    "edited-by-both": EDITED_BY_BOTH,
    "edited-here": EDITED_HERE,
    "edited-at-once": EDITED_AT_ONCE,
    "secrets": SECRETS,
    "answered": ANSWERED,
    "entered": ENTERED,
    "series": SERIES,
    "refused": REFUSED,
    "out-of-sight": OUT_OF_SIGHT,
    "twice-in-a-second": TWICE_IN_A_SECOND,
    "edited-at-the-last-moment": EDITED_AT_THE_LAST_MOMENT,
    "erased-when-just-made": ERASED_WHEN_JUST_MADE,
    "erased": ERASED,
    "put-off": PUT_OFF,
    "far-away": FAR_AWAY,
}
"""Several may go together; of what two of them set the later one counts."""
