"""An event as an id names it: a single one, a series, or one occurrence of a series."""

from dataclasses import dataclass
from datetime import date

from sandbox.graph import ids
from sandbox.graph.calendar.switches import DELETED_EVENT_IS_FOUND
from sandbox.graph.context import Context
from sandbox.graph.errors import item_not_found
from sandbox.graph.ids import Form
from sandbox.mailboxes import Mailbox
from sandbox.mailboxes.calendar.expand import occurrence, occurrence_on, to_local
from sandbox.mailboxes.calendar.model import Appointment, Details, Occurrence
from sandbox.mailboxes.calendar.problems import NoOccurrence


@dataclass(frozen=True, slots=True)
class Item:
    series: Appointment
    """Or the single event itself."""
    occurrence: Occurrence | None = None

    @property
    def details(self) -> Details:
        return self.occurrence.details if self.occurrence else self.series.details

    @property
    def version(self) -> int:
        """All dates of a series have its own, those with changes of their own too."""
        return self.series.version

    @property
    def type(self) -> str:
        if self.occurrence:
            return "exception" if self.occurrence.deviation else "occurrence"
        return "seriesMaster" if self.series.rule else "singleInstance"

    @property
    def day(self) -> date | None:
        """Of an occurrence: where the rule has it, in the rule's zone."""
        if self.occurrence is None or self.series.rule is None:
            return None
        return to_local(self.occurrence.original, self.series.rule.zone).date()

    def id(self, mailbox: Mailbox, form: Form) -> str:
        return ids.event_id(mailbox, self.series.number, self.series.moves, form, self.day)

    def master_id(self, mailbox: Mailbox, form: Form) -> str | None:
        """Of an occurrence's series."""
        if self.occurrence is None:
            return None
        return ids.event_id(mailbox, self.series.number, self.series.moves, form)


def find(context: Context, event: str) -> Item:
    """By either form of its id. Raises 404."""
    return find_in(context.mailbox, event, binned=context.world.switches.on(DELETED_EVENT_IS_FOUND))


def find_in(mailbox: Mailbox, event: str, *, binned: bool) -> Item:
    """`binned`: what lies in Deleted Items is found, too."""
    named = ids.read_event_id(mailbox, event)
    series = mailbox.appointments.get(named.number)
    if series is None or (named.moves is not None and named.moves != series.moves):
        raise item_not_found()
    if not series.calendar and not binned:
        raise item_not_found()
    if named.day is None:
        return Item(series)
    try:
        return Item(series, occurrence_on(series, named.day))
    except NoOccurrence:
        raise item_not_found() from None


def exceptions(series: Appointment) -> list[Item]:
    """Occurrences of a series with changes of their own, by their dates."""
    there = sorted((one for one in series.deviations if one not in series.gone), key=str)
    return [Item(series, occurrence(series, one)) for one in there]


def cancelled_days(series: Appointment) -> list[date]:
    """By the rule's own zone."""
    zone = series.rule.zone if series.rule else "UTC"
    return sorted(to_local(one, zone).date() for one in series.gone)
