"""What it is called, where it is, and its text."""

from dataclasses import replace

from crosstie.domain.calendar import CalendarItem
from crosstie.domain.records import Record
from crosstie.mapping.event.reference import composed, reference, within, without
from crosstie.mapping.event.rows import Columns, Row, room
from crosstie.mapping.event.values import text_of
from crosstie.mapping.tables import Org
from crosstie.mapping.task import NO_SUBJECT
from crosstie.mapping.text import LINE_LOSS, SHORTENED, clean, one_line, shorten

LINE, TEXT = 255, 32_000
ELLIPSIS = "…"
ANCHOR = 20
"""Characters by which a cut is found again."""
CUT_LOSS = "What had no room in Salesforce stays in the item, behind what came from there."


def restored(there: str, sent: str, whole: str, mark: str) -> str:
    """What the record says now, with the end that it never had: `sent` is `whole`, or was cut from it.

    The cut is looked for near where it would be today: what stands below a text takes more room or less with time.
    """
    if sent == whole or not sent.endswith(mark) or not there.endswith(mark):
        return there
    head, expected = there.removesuffix(mark), len(sent.removesuffix(mark))
    last = head[-ANCHOR:]
    before = whole.rfind(last, 0, expected)
    after = whole.find(last, max(0, expected - len(last)))
    ends = [at + len(last) for at in (before, after) if last and at >= 0]
    return head + whole[min(ends, key=lambda end: abs(end - expected), default=expected) :]


def subject_of(item: CalendarItem, org: Org) -> str:
    return shorten(one_line(item.subject), room(org, "Subject", LINE)) or NO_SUBJECT


def _take_subject(record: Record, item: CalendarItem, org: Org) -> CalendarItem:
    whole = one_line(item.subject)
    there = restored(text_of(record, "Subject"), subject_of(item, org), whole, ELLIPSIS)
    return item if one_line(there) == whole else replace(item, subject=there)


SUBJECT = Row(
    "subject",
    ("Subject",),
    frozenset({"subject"}),
    of_item=lambda item: item.subject,
    of_record=lambda record: text_of(record, "Subject"),
    up=lambda item, org: {"Subject": subject_of(item, org)},
    take=_take_subject,
    announced=True,
    up_loss=f"{LINE_LOSS} Without a subject it is called {NO_SUBJECT}.",
    down_loss=CUT_LOSS,
)


def _location(item: CalendarItem, org: Org) -> str:
    return shorten(one_line(item.location), room(org, "Location", LINE))


def _take_location(record: Record, item: CalendarItem, org: Org) -> CalendarItem:
    whole = one_line(item.location)
    there = restored(text_of(record, "Location"), _location(item, org), whole, ELLIPSIS)
    return item if one_line(there) == whole else replace(item, location=there)


LOCATION = Row(
    "location",
    ("Location",),
    frozenset({"location"}),
    of_item=lambda item: item.location,
    of_record=lambda record: text_of(record, "Location"),
    up=lambda item, org: {"Location": _location(item, org)},
    take=_take_location,
    announced=True,
    up_loss=f"{LINE_LOSS} Addresses and links of a room are its name alone.",
    down_loss=CUT_LOSS,
)


def text_within(item: CalendarItem) -> str:
    return without(clean(item.text).strip())


def text_there(record: Record) -> str:
    """The record's own text, without the lines that say who is on the meeting."""
    return without(text_of(record, "Description"))


def described(text: str, item: CalendarItem, org: Org, *, with_reference: bool = True) -> Columns:
    """The text, and who is on the meeting where the record has to say it."""
    limit = room(org, "Description", TEXT)
    return {"Description": composed(text, reference(item, limit) if with_reference else "", limit)}


def shows_people(item: CalendarItem, record: Record) -> bool:
    """The lines that say who is on the meeting are there, or there is no text they were taken out of."""
    there = text_of(record, "Description")
    return not item.is_organizer and (not there or bool(within(there)))


def _sent(item: CalendarItem, record: Record, org: Org) -> str:
    """The text that the record has if nobody changed it."""
    columns = described(text_within(item), item, org, with_reference=shows_people(item, record))
    return without(str(columns["Description"]))


def _fits_text(item: CalendarItem, record: Record, org: Org) -> bool:
    sent = _sent(item, record, org)
    return "Description" not in record.fields or _words(sent) == _words(text_there(record))


def _take_text(record: Record, item: CalendarItem, org: Org) -> CalendarItem:
    whole = text_within(item)
    there = restored(text_there(record), _sent(item, record, org), whole, SHORTENED)
    return item if _words(there) == _words(whole) else replace(item, text=there)


def _words(text: str) -> list[str]:
    """What two sides must have in common: HTML at rest and line ends are each vendor's own affair."""
    return text.split()


TEXT_ROW = Row(
    "text",
    ("Description",),
    frozenset({"text"}),
    of_item=text_within,
    of_record=text_there,
    up=lambda item, org: described(text_within(item), item, org),
    take=_take_text,
    fits=_fits_text,
    announced=True,
    up_loss="Formatting and pictures; the end of a longer text. White space that alone is changed.",
    down_loss="White space that alone is changed. A text that comes down replaces formatting and "
    f"pictures. {CUT_LOSS}",
)
