"""People's own program for calendars: what Outlook asks of Graph, with tokens of its own."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sandbox.graph.ids import event_id
from sandbox.mailboxes import Mailbox
from sandbox.mailboxes.calendar.model import Appointment
from tests.simulation.wire import Wire, box_of, good


@dataclass(slots=True)
class Outlook:
    wire: Wire

    def create(self, box: Mailbox, body: dict[str, Any]) -> None:
        good(self.wire.graph("POST", f"{box_of(box.address)}/events", json=body))

    def change(self, box: Mailbox, item: Appointment, body: dict[str, Any], day: date | None = None) -> None:
        """`day`: of the occurrence of a series."""
        good(self.wire.graph("PATCH", _where(box, item, day), json=body))

    def delete(self, box: Mailbox, item: Appointment, day: date | None = None) -> None:
        good(self.wire.graph("DELETE", _where(box, item, day)))

    def call_off(self, box: Mailbox, item: Appointment) -> None:
        good(self.wire.graph("POST", f"{_where(box, item)}/cancel", json={"comment": "Another time."}))

    def answer(self, box: Mailbox, item: Appointment, verb: str) -> None:
        """`verb`: accept, tentativelyAccept or decline."""
        good(self.wire.graph("POST", f"{_where(box, item)}/{verb}", json={"sendResponse": True}))


def _where(box: Mailbox, item: Appointment, day: date | None = None) -> str:
    return f"{box_of(box.address)}/events/{event_id(box, item.number, item.moves, 'immutable', day)}"


def times(start: datetime | date, end: datetime | date) -> dict[str, Any]:
    return {"start": _stamp(start), "end": _stamp(end), "isAllDay": not isinstance(start, datetime)}


def _stamp(moment: datetime | date) -> dict[str, str]:
    clock = moment.strftime("%H:%M:%S") if isinstance(moment, datetime) else "00:00:00"
    return {"dateTime": f"{moment:%Y-%m-%d}T{clock}", "timeZone": "UTC"}


def place(name: str) -> dict[str, Any]:
    return {"location": {"displayName": name}}


def text(words: str) -> dict[str, Any]:
    return {"body": {"contentType": "text", "content": words}}


def guests(addresses: Iterable[str]) -> dict[str, Any]:
    return {"attendees": [{"emailAddress": {"address": one}, "type": "required"} for one in addresses]}


def daily(first: date, count: int) -> dict[str, Any]:
    reach = {"type": "numbered", "startDate": first.isoformat(), "numberOfOccurrences": count}
    return {"recurrence": {"pattern": {"type": "daily", "interval": 1}, "range": reach}}
