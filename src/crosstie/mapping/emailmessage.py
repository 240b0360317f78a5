"""The field table of EmailMessage, and its relation to the sender."""

from collections.abc import Callable, Iterator

from crosstie.domain.address import Address
from crosstie.domain.email import Direction, Email
from crosstie.domain.records import ChildDraft, Value
from crosstie.mapping.fields import CREATED_BY_SYNC, EMAIL_MESSAGE_RELATION, IS_PRIVATE
from crosstie.mapping.markup import cut_html
from crosstie.mapping.source import Source, accepted, identifier
from crosstie.mapping.tables import Field
from crosstie.mapping.text import LINE_LOSS, SHORTENED, displayed, emails, joined, one_line, shorten, whole_lines

SENT, READ, NEW = "3", "1", "0"
"""Values of Status."""
LONGEST_RELATION_ADDRESS = 333
RECIPIENTS_LOSS = "Names, capitals, a second mention, and whole addresses at the end; domains in ASCII form."

RECIPIENTS: dict[str, Callable[[Email], tuple[Address, ...]]] = {
    "to": lambda email: email.to,
    "cc": lambda email: email.cc,
    "bcc": lambda email: email.bcc,
}


def _from_name(source: Source, room: int) -> str:
    """The name; with an address that the address field refuses, that too, so that it is not lost."""
    sender = source.email.sender
    if sender is None:
        return ""
    return shorten(one_line(sender.name) if accepted(sender) else displayed(sender), room)


def _addresses(role: str) -> Callable[[Source, int], Value]:
    """Those who are no records: Salesforce adds the addresses of linked people, and would show them twice."""
    return lambda source, room: joined(emails(source.unlinked(role, RECIPIENTS[role](source.email))), room)


def _ids(role: str) -> Callable[[Source, int], Value]:
    return lambda source, _: tuple(one.person.record_id for one in source.linked(role))


def _status(source: Source, _: int) -> str:
    if source.save.direction is Direction.OUTBOUND:
        return SENT
    return READ if source.email.is_read else NEW


TABLE: tuple[Field[Source], ...] = (
    Field("Subject", lambda s, room: shorten(s.subject, room), 3000, LINE_LOSS),
    Field(
        "HtmlBody",
        lambda s, room: cut_html(s.html, room),
        131_072,
        "Pictures within the text are taken out. A longer body loses pictures spelled out in it, then style "
        "sheets and comments, then its end.",
    ),
    Field("TextBody", lambda s, room: shorten(s.text, room, SHORTENED), 131_072, "Cut at the end."),
    Field(
        "Headers", lambda s, room: whole_lines(s.headers, room), 32_000, "Whole headers at the end are left out."
    ),
    Field(
        "FromAddress",
        lambda s, room: identifier(accepted(s.email.sender), room),
        1000,
        "Capitals. An address that Salesforce refuses stands beside the name instead.",
    ),
    Field("FromName", _from_name, 1000, LINE_LOSS),
    Field("ToAddress", _addresses("to"), 4000, RECIPIENTS_LOSS),
    Field("CcAddress", _addresses("cc"), 4000, RECIPIENTS_LOSS),
    Field("BccAddress", _addresses("bcc"), 4000, RECIPIENTS_LOSS),
    Field("ToIds", _ids("to")),
    Field("CcIds", _ids("cc")),
    Field("BccIds", _ids("bcc")),
    Field(
        "MessageIdentifier", lambda s, room: identifier(s.email.message_id or "", room), 765, "Left out if longer."
    ),
    Field(
        "ThreadIdentifier", lambda s, room: identifier(s.email.conversation_id, room), 765, "Left out if longer."
    ),
    Field("MessageDate", lambda s, _: s.moment, 0, "Fractions of a second."),
    Field("Incoming", lambda s, _: s.save.direction is Direction.INBOUND),
    Field("Status", _status),
    Field("RelatedToId", lambda s, _: s.save.what_id),
    Field("IsClientManaged", lambda _s, _: True),
    Field(CREATED_BY_SYNC, lambda _s, _: True),
    Field(IS_PRIVATE, lambda s, _: s.email.is_private),
)
"""IsClientManaged can be set at creation only and keeps RelatedToId and the files open to later changes."""


def relations(source: Source) -> Iterator[ChildDraft]:
    """Salesforce makes the relations of recipients out of their ids; the sender's is for us to write, and that of
    somebody who is not on the mail: an address field that named them would say what is not true.
    """
    for one in source.linked("from")[:1]:
        fields: dict[str, Value] = {"RelationId": one.person.record_id, "RelationType": "FromAddress"}
        if len(one.email) <= LONGEST_RELATION_ADDRESS:
            fields["RelationAddress"] = one.email
        yield ChildDraft(EMAIL_MESSAGE_RELATION, "EmailMessageId", fields)
    for one in source.linked("other"):
        fields = {"RelationId": one.person.record_id, "RelationType": "OtherAddress"}
        yield ChildDraft(EMAIL_MESSAGE_RELATION, "EmailMessageId", fields)


MOMENT = "MessageDate"
RELATED = "RelatedToId"


def lookup(values: dict[str, Value]) -> dict[str, Value]:
    """What finds the record again without a key: who wrote when, and the Message-ID, else the subject.

    Some programs use a Message-ID again for another sender, within the same second too.
    """
    what = "MessageIdentifier" if values.get("MessageIdentifier") else "Subject"
    return {name: values[name] for name in (what, "FromAddress", "MessageDate") if name in values}
