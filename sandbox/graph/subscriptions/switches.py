"""Doubts about change notifications, each with both answers."""

from sandbox.switches import declare

NOTICES_ARE_LATE = declare(
    "graph.notices_are_late",
    default=False,
    question="Does a notice take one to three minutes (or half a minute at most)?",
    source="notes 1.8: under a minute on average, three at most",
)
NOTICES_COME_TWICE = declare(
    "graph.notices_come_twice",
    default=False,
    question="Are some notices delivered twice?",
    source="notes 1.8: one act makes several notices; delivery is at least once",
)
NOTICES_VANISH = declare(
    "graph.notices_vanish",
    default=False,
    question="Do some notices never come, without a word?",
    source="notes 1.8: notices only wake, polling is the baseline",
)
REAUTHORISATION_BEFORE_EXPIRY = declare(
    "graph.reauthorisation_before_expiry",
    default=True,
    question="Is reauthorizationRequired sent before a subscription expires (or only when asked for by hand)?",
    source="notes 1.8 names the event and not its moment",
)
PAUSED_NOTICES_KEPT = declare(
    "graph.paused_notices_kept",
    default=False,
    question="Are changes told after all that happened while a subscription waited for its reauthorisation?",
    source="notes 1.8 is silent",
)
ENDPOINT_JUDGED_AFTER_100 = declare(
    "graph.endpoint_judged_after_100",
    default=True,
    question="Is a receiver called slow only after a hundred notices (or from the first on)?",
    source="notes 1.8: one page says so",
)
