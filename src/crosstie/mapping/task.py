"""The field table of a Task that stands for an e-mail. Its one text field begins with the mail's header."""

from collections.abc import Iterator
from datetime import date

from crosstie.domain.email import Direction
from crosstie.domain.records import Value
from crosstie.mapping.fields import (
    CREATED_BY_SYNC,
    DIRECTION,
    INBOUND,
    IS_PRIVATE,
    MESSAGE_ID,
    OUTBOUND,
    SENT_AT,
    THREAD_ID,
)
from crosstie.mapping.people import what_id, who_id, who_ids
from crosstie.mapping.source import Source, identifier
from crosstie.mapping.tables import Field
from crosstie.mapping.text import LINE_LOSS, SHORTENED, counted, displayed, shorten, units

NO_SUBJECT = "(no subject)"
HEADER_SHARE = 8
"""A line of the header takes at most this part of the room: 5,000 recipients must not drive the text out."""


def description(source: Source, room: int) -> str:
    """`From: … Sent: …`, an empty line, the text. The header stays, the text is cut."""
    header = "\n".join(_header(source, room // HEADER_SHARE))
    above = header + "\n\n" if header and source.text else header
    return above + shorten(source.text, room - units(above), SHORTENED)


def _header(source: Source, room: int) -> Iterator[str]:
    email = source.email
    if email.sender:
        yield "From: " + shorten(displayed(email.sender), room)
    for label, addresses in (("To", email.to), ("Cc", email.cc), ("Bcc", email.bcc)):
        shown = [text for text in map(displayed, addresses) if text]
        if shown:
            yield f"{label}: " + counted(shown, room)
    if source.moment:
        yield f"Sent: {source.moment.astimezone(source.zone):%Y-%m-%d %H:%M %Z}".rstrip()


def _day(source: Source, _: int) -> date | None:
    return source.moment.astimezone(source.zone).date() if source.moment else None


TABLE: tuple[Field[Source], ...] = (
    Field("Subject", lambda s, room: shorten(s.subject, room) or NO_SUBJECT, 255, LINE_LOSS),
    Field(
        "Description",
        description,
        32_000,
        "Formatting and pictures; the end of the text. Of very many recipients the last ones become a number.",
    ),
    Field("ActivityDate", _day, 0, "The time of day; it stands in the text and in our own field."),
    Field("Status", lambda _s, _: "Completed"),
    Field("Priority", lambda _s, _: "Normal"),
    Field("TaskSubtype", lambda _s, _: "Email"),
    Field("OwnerId", lambda s, _: s.owner_id),
    Field("WhoId", lambda s, _: who_id(s.save), 0, "With a Lead there, everybody else."),
    Field(
        "TaskWhoIds",
        lambda s, _: who_ids(s.save, many_people=s.many_people),
        0,
        "Leads and colleagues beside a Contact; Contacts beyond the 50th.",
    ),
    Field("WhatId", lambda s, _: what_id(s.save), 0, "With a Lead as Name, the Account."),
    Field(CREATED_BY_SYNC, lambda _s, _: True),
    Field(IS_PRIVATE, lambda s, _: s.email.is_private),
    Field(
        MESSAGE_ID,
        lambda s, room: identifier((s.email.message_id or "").strip().strip("<>"), room),
        255,
        "Left out if longer.",
    ),
    Field(THREAD_ID, lambda s, room: identifier(s.email.conversation_id, room), 255, "Left out if longer."),
    Field(DIRECTION, lambda s, _: OUTBOUND if s.save.direction is Direction.OUTBOUND else INBOUND),
    Field(SENT_AT, lambda s, _: s.moment, 0, "Fractions of a second."),
)


MOMENT = SENT_AT
RELATED = "WhatId"


def lookup(values: dict[str, Value]) -> dict[str, Value]:
    """What finds the record again without a key. Two mails of one day with one subject look the same here."""
    names = ("Subject", "ActivityDate", "OwnerId", "TaskSubtype", "WhoId")
    return {name: values[name] for name in names if name in values}
