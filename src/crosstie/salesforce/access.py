"""What a User may do with a record, asked about several at once."""

from collections.abc import Iterable, Sequence

from crosstie.domain.records import USER
from crosstie.salesforce import soql
from crosstie.salesforce.client import QUERIES, Client, query_part, rows

ACCESS = "UserRecordAccess"
READ, DELETE = "HasReadAccess", "HasDeleteAccess"
MOST_ASKED = 200
"""Records of one question about a user's access (vendor's limit)."""
_NOT_ANSWERED = ("INVALID_TYPE", "INVALID_FIELD", "INVALID_QUERY_FILTER_OPERATOR", "MALFORMED_QUERY")

Claim = tuple[str, str]
"""(a User, a record)."""


def granted(client: Client, kind: str, claims: Iterable[Claim], right: str) -> set[Claim]:
    """An org that will not answer about access grants nothing."""
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
        parts = [query_part(_question(user, records, right)) for user, records in some]
        answers, _ = client.composite(kind, parts)
        for (user, _records), answer in zip(some, answers, strict=True):
            if any(error.code in _NOT_ANSWERED for error in answer.errors):
                continue
            found |= {(user, str(row["RecordId"])) for row in rows(answer) if row.get(right) is True}
    return found


def _question(user: str, records: Sequence[str], right: str) -> str:
    where = soql.every((soql.equal(f"{USER}Id", user), soql.one_of("RecordId", records)))
    return soql.render(soql.Select(ACCESS, ("RecordId", right), where))
