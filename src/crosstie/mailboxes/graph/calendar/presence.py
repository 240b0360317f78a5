"""Whether an event that left the change stream is still in one of the person's calendars.

An id that lasts may find an event in Deleted Items too, and nothing in it says that it lies there.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import quote

from crosstie.domain.errors import Retry, Throttled
from crosstie.mailboxes.graph.client import GraphClient, Part
from crosstie.mailboxes.graph.errors import Answer, translate
from crosstie.mailboxes.graph.translate import Row, segment, text

MOST = 50
"""Calendars of one person that are looked into; a person with more is taken at the event's word."""


@dataclass(frozen=True, slots=True)
class Presence:
    client: GraphClient

    def deleted(self, events: Iterable[Row]) -> set[str]:
        """Ids of those, single events and series, that no calendar lists; what can never be looked for is there.
        Raises where it may be looked for later: nothing else would ever ask again.
        """
        asked = [(str(one["id"]), text(one, "iCalUId")) for one in events if text(one, "iCalUId")]
        calendars = self._calendars() if asked else []
        parts = [Part("GET", self._url(calendar, uid)) for _, uid in asked for calendar in calendars]
        answers = iter([self._lasting(one) for one in self.client.batches(parts)])
        gone = set()
        for event_id, _ in asked if calendars else ():
            found = [next(answers) for _ in calendars]
            if all(one.ok for one in found) and event_id not in {row["id"] for one in found for row in one.listed}:
                gone.add(event_id)
        return gone

    def _calendars(self) -> list[str]:
        """None where they cannot be told, or not all."""
        answer = self._lasting(
            self.client.ask(Part("GET", f"{self.client.root}/calendars?$select=id&$top={MOST}"))
        )
        if not answer.ok or "@odata.nextLink" in answer.json:
            return []
        return [str(row["id"]) for row in answer.listed]

    def _lasting(self, answer: Answer) -> Answer:
        """An answer that will be the same another time."""
        if not answer.ok and isinstance(translate(answer, self.client.clock.now()), Retry | Throttled):
            self.client.raise_for(answer)
        return answer

    def _url(self, calendar: str, uid: str) -> str:
        literal = uid.replace("'", "''")
        condition = quote(f"iCalUId eq '{literal}'", safe="'")
        return f"{self.client.root}/calendars/{segment(calendar)}/events?$filter={condition}&$select=id"
