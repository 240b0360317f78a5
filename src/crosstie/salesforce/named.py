"""Which of the records that mails name are there for whom: asked about several mails and users at once."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from crosstie.domain.records import CASE, USER
from crosstie.ports.crm import Mention
from crosstie.salesforce import soql
from crosstie.salesforce.client import QUERIES, Client, query_part, rows
from crosstie.salesforce.queries import Row, fetch, selects
from crosstie.salesforce.values import parse_moment

ACCESS = "UserRecordAccess"
MOST_ASKED = 200
"""Records of one question about a user's access (vendor's limit)."""
CASE_FIELDS = ("Id", "CaseNumber", "IsClosed", "CreatedDate")
_NOT_ANSWERED = ("INVALID_TYPE", "INVALID_FIELD", "INVALID_QUERY_FILTER_OPERATOR", "MALFORMED_QUERY")

Claim = tuple[str, str]
"""(a User, a record)."""


def named(client: Client, mentions: Sequence[Mention]) -> list[str]:
    numbers = sorted({number for one in mentions for number in one.cases})
    cases = fetch(client, "named", selects(CASE, CASE_FIELDS, "CaseNumber", numbers))
    wanted = [_wanted(one, cases) for one in mentions]
    claims = {(one.user_id, record) for one, some in zip(mentions, wanted, strict=True) for record in some}
    readable = _readable(client, claims)
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


def _readable(client: Client, claims: Iterable[Claim]) -> set[Claim]:
    """An org that will not answer about access has nothing that may be shown."""
    of: dict[str, list[str]] = {}
    for user, record in sorted(claims):
        of.setdefault(user, []).append(record)
    asked = [
        (user, records[start : start + MOST_ASKED])
        for user, records in of.items()
        for start in range(0, len(records), MOST_ASKED)
    ]
    found: set[Claim] = set()
    for start in range(0, len(asked), QUERIES):
        some = asked[start : start + QUERIES]
        answers, _ = client.composite("named", [query_part(_question(user, records)) for user, records in some])
        for (user, _records), answer in zip(some, answers, strict=True):
            if any(error.code in _NOT_ANSWERED for error in answer.errors):
                continue
            found |= {(user, str(row["RecordId"])) for row in rows(answer) if row.get("HasReadAccess") is True}
    return found


def _question(user: str, records: Sequence[str]) -> str:
    where = soql.every((soql.equal(f"{USER}Id", user), soql.one_of("RecordId", records)))
    return soql.render(soql.Select(ACCESS, ("RecordId", "HasReadAccess"), where))
