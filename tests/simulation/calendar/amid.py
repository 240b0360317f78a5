"""What the histories that look for a planted bug have more of, where it shows too seldom: module, name, value.

A history is cheap where people do little else, and its accidents come where the bug is.
"""

import random
from collections.abc import Mapping
from dataclasses import replace

from tests.simulation.accidents import Accident, graph_refuses
from tests.simulation.calendar import clerks, hand, history, people
from tests.simulation.calendar.clerks import Clerks
from tests.simulation.calendar.luck import WEIGHTS, WRITE
from tests.simulation.calendar.makes import make_of
from tests.simulation.calendar.people import People
from tests.simulation.house import Make


def _without_keys(seed: int, dice: random.Random) -> Make:
    return replace(make_of(seed, dice), keyed=False)


def _only(weights: Mapping[Accident, int]) -> Mapping[Accident, int]:
    return {**dict.fromkeys(WEIGHTS, 0), **weights}


UNKEYED = ((history, "make_of", _without_keys),)
DEATHS_AT_WRITES = (
    (history, "TARGETS", (WRITE,)),
    (history, "WEIGHTS", _only({Accident.DEATH: 3, Accident.LOST: 1})),
)
DEAD_CURSORS = (
    (history, "FAULTS", (graph_refuses(410, "SyncStateNotFound", "calendar.delta"),)),
    (history, "WEIGHTS", _only({Accident.VENDOR: 1})),
    (people, "DEEDS", ((3, People.puts), (3, People.meets), (4, People.deletes))),
)
MEETINGS_EDITED = (
    (people, "DEEDS", ((3, People.meets), (1, People.edits))),
    (clerks, "DEEDS", ((3, Clerks.edits),)),
)
SHARED_FROM_OUTSIDE = (
    (people, "DEEDS", ((2, People.invited_from_outside), (4, People.answers))),
    (clerks, "DEEDS", ()),
)
EDITED_BY_BOTH = (
    (people, "DEEDS", ((2, People.puts), (6, People.edits))),
    (clerks, "DEEDS", ((1, Clerks.enters), (6, Clerks.edits))),
)
TWICE_IN_A_SECOND = (*EDITED_BY_BOTH, (history, "JUST_BEFORE", 0.8), (history, "ONCE_MORE", 0.8))
EDITED_AT_THE_LAST_MOMENT = (
    *EDITED_BY_BOTH,
    (people, "MEANWHILE", ((1, People.edits_what_is_on_its_way), (3, People.edits_beside_what_is_on_its_way))),
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
