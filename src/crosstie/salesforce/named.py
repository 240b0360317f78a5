"""Which of the records that mails name are there for whom: asked about several mails and users at once."""

from collections.abc import Sequence
from datetime import datetime

from crosstie.domain.records import CASE
from crosstie.ports.crm import Mention
from crosstie.salesforce import access
from crosstie.salesforce.client import Client
from crosstie.salesforce.queries import Row, fetch, selects
from crosstie.salesforce.values import parse_moment

CASE_FIELDS = ("Id", "CaseNumber", "IsClosed", "CreatedDate")


def named(client: Client, mentions: Sequence[Mention]) -> list[str]:
    numbers = sorted({number for one in mentions for number in one.cases})
    cases = fetch(client, "named", selects(CASE, CASE_FIELDS, "CaseNumber", numbers))
    wanted = [_wanted(one, cases) for one in mentions]
    claims = {(one.user_id, record) for one, some in zip(mentions, wanted, strict=True) for record in some}
    readable = access.granted(client, "named", claims, access.READ)
    return [
        next((record for record in some if (one.user_id, record) in readable), "")
        for one, some in zip(mentions, wanted, strict=True)
    ]


def _wanted(mention: Mention, cases: Sequence[Row]) -> tuple[str, ...]:
    """Its records, then the Cases whose numbers it names."""
    by_number = {str(row["CaseNumber"]): str(row["Id"]) for row in cases if _counts(row, mention.cases_since)}
    return (*mention.records, *(by_number[number] for number in mention.cases if number in by_number))


def _counts(row: Row, since: datetime) -> bool:
    return row["IsClosed"] is False and parse_moment(row["CreatedDate"]) >= since
