"""The Graph connector against damaged answers, and what the product makes of what it then believes."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from random import Random

import httpx2

from bench.fuzz.replay import Recorded, Recorder, Replay
from bench.fuzz.runner import Stateless
from bench.fuzz.targets.drafts import check_draft
from bench.fuzz.targets.events import DAYS, check_items, fill, writes
from bench.fuzz.targets.office import Memory, graph_connection, house, later
from crosstie.domain.calendar import Present
from crosstie.domain.email import Content, Email, Folder
from crosstie.domain.errors import CrosstieError
from crosstie.domain.mailboxes import MailboxWrite, Observation, Seen
from crosstie.domain.push import Hook
from crosstie.mailboxes.graph.mailbox import GraphAccess, GraphMailbox
from crosstie.ports.calendar import CalendarObservation
from crosstie.rules.participants import Circle
from crosstie.transport import Http
from tests.simulation.access import HOST

BOX = 1
Call = Callable[[GraphMailbox], object]


@dataclass(frozen=True, slots=True)
class Act:
    """A call of the port, what was remembered of the mailbox before it, and what the vendor answered to it."""

    call: Call
    facts: Mapping[str, str]
    answers: list[Recorded]


class Graph(Stateless):
    def __init__(self) -> None:
        office = house()
        fill(office)
        self._info = office.memory.mailbox(BOX).info
        self._circle = Circle.of(self._info)
        self._connection = graph_connection(office, "ada")
        self._replay = Replay()
        self._http = Http(transport=self._replay)
        recorder = Recorder(httpx2.WSGITransport(app=office.app))
        self._acts = self._record(Http(transport=recorder), recorder)

    def _record(self, http: Http, recorder: Recorder) -> list[Act]:
        facts: dict[str, str] = {}
        acts = [Act(GraphMailbox.prepare, {}, [])]
        self._open(http, Memory(facts)).prepare()
        acts[0].answers.extend(recorder.answers)
        box = self._open(http, Memory(facts))
        first, shown = box.observe({}, limit=500), box.calendar().observe({}, DAYS, limit=500)
        for call in (*_calls(first), *_of_the_calendar(shown)):
            recorder.answers.clear()
            call(self._open(http, Memory(facts)))
            acts.append(Act(call, dict(facts), list(recorder.answers)))
        return acts

    def _open(self, http: Http, memory: Memory) -> GraphMailbox:
        hook = Hook(f"{HOST}/push", lambda mailbox_id: f"word {mailbox_id}")
        connection = self._connection
        access = GraphAccess(http, lambda _: connection, later(), memory, lambda _box, step: step({}), hook)
        return access.open(BOX)

    def feed(self, dice: Random) -> None:
        act = dice.choice(self._acts)
        self._replay.load(act.answers, dice)
        try:
            found = act.call(self._open(self._http, Memory(dict(act.facts))))
        except CrosstieError:
            return
        self._believe(found)

    def _believe(self, found: object) -> None:
        """Whoever got through is sorted, keyed and drafted like any mail, or any meeting."""
        check_items(found, self._info)
        emails: list[Email] = []
        if isinstance(found, Observation):
            emails = [one.email for one in found.changes if isinstance(one, Seen)]
        elif isinstance(found, Mapping):
            for one in found.values():
                if isinstance(one, Content):
                    check_draft(Email("i", "v", Folder.INBOX, "", None), one)
        for email in emails:
            self._circle.sort(email)
            check_draft(email, Content())


def _calls(first: Observation) -> Sequence[Call]:
    emails = [one.email for one in first.changes if isinstance(one, Seen)][:6]
    cursors = {one.collection: one for one in first.cursors}
    ids = [email.item_id for email in emails]
    writes = [
        MailboxWrite(
            email.item_id,
            email.version,
            email.categories,
            frozenset({"Salesforce"}),
            move_to=Folder.INBOX if n % 2 else None,
        )
        for n, email in enumerate(emails)
    ]
    return (
        lambda box: box.observe({}, limit=500),
        lambda box: box.observe(cursors, limit=500),
        lambda box: box.envelopes(ids),
        lambda box: box.content(emails, max_attachment_bytes=10_000_000),
        lambda box: box.content(emails, max_attachment_bytes=1_000),
        lambda box: box.latest(20),
        lambda box: box.apply(writes),
    )


def _of_the_calendar(first: CalendarObservation) -> Sequence[Call]:
    items = [one.item for one in first.told if isinstance(one, Present)]
    cursors = {one.collection: one for one in first.cursors}
    ids = [item.item_id for item in items]
    wanted = writes(items)
    return (
        lambda box: box.calendar().prepare(),
        lambda box: box.calendar().observe({}, DAYS, limit=500),
        lambda box: box.calendar().observe(cursors, DAYS, limit=500),
        lambda box: box.calendar().items(ids),
        lambda box: box.calendar().coming(DAYS, 20),
        lambda box: box.calendar().apply(wanted),
    )
