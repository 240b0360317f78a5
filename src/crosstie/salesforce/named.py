"""Which of the records that mails name are there for whom: asked about several mails and users at once."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from crosstie.domain.records import CASE, EMAIL_MESSAGE
from crosstie.ports.crm import Mention
from crosstie.salesforce import access
from crosstie.salesforce.client import Client
from crosstie.salesforce.queries import Row, fetch, selects
from crosstie.salesforce.values import parse_moment

CASE_FIELDS = ("Id", "CaseNumber", "IsClosed", "CreatedDate")
MAIL_FIELDS = ("Id", "MessageIdentifier", "RelatedToId")


@dataclass(frozen=True, slots=True)
class Found:
    """What is there of all that was named: Cases by number and by id, and what mails are related to."""

    by_number: Mapping[str, Row]
    cases: frozenset[str]
    related: Mapping[str, str]


def named(client: Client, mentions: Sequence[Mention]) -> list[str]:
    found = _found(client, mentions)
    wanted = [tuple(_wanted(one, found)) for one in mentions]
    claims = {(one.user_id, record) for one, some in zip(mentions, wanted, strict=True) for record in some}
    readable = access.granted(client, "named", claims, access.READ)
    return [
        next((record for record in some if (one.user_id, record) in readable), "")
        for one, some in zip(mentions, wanted, strict=True)
    ]


def _found(client: Client, mentions: Sequence[Mention]) -> Found:
    """In one call, unless the lists are long; what was referred to by an id alone is taken as it stands."""
    numbers = sorted({number for one in mentions for number in one.cases})
    ids = sorted({record for one in mentions for some in one.references for record in some})
    answered = sorted({message for one in mentions for message in one.answered})
    asked = [
        *selects(CASE, CASE_FIELDS, "CaseNumber", numbers),
        *selects(CASE, CASE_FIELDS, "Id", ids),
        *selects(EMAIL_MESSAGE, MAIL_FIELDS, "MessageIdentifier", answered),
    ]
    rows = fetch(client, "named", asked)
    cases = [row for row in rows if "CaseNumber" in row]
    related = {str(row["MessageIdentifier"]): row["RelatedToId"] for row in rows if row.get("RelatedToId")}
    return Found(
        {str(row["CaseNumber"]): row for row in cases}, frozenset(str(row["Id"]) for row in cases), related
    )


def _wanted(mention: Mention, found: Found) -> Iterator[str]:
    yield from mention.records
    for some in mention.references:
        there = [record for record in some if record in found.cases]
        if len(there) == 1:
            yield there[0]
    yield from (found.related[message] for message in mention.answered if message in found.related)
    for number in mention.cases:
        row = found.by_number.get(number)
        if row is not None and _counts(row, mention.cases_since):
            yield str(row["Id"])


def _counts(row: Row, since: datetime) -> bool:
    return row["IsClosed"] is False and parse_moment(row["CreatedDate"]) >= since
