"""What a User may do with a record, asked about several at once."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from crosstie.domain.clock import Clock
from crosstie.domain.records import USER
from crosstie.salesforce import soql
from crosstie.salesforce.client import QUERIES, Client, query_part, rows

ACCESS = "UserRecordAccess"
READ, DELETE = "HasReadAccess", "HasDeleteAccess"
MOST_ASKED = 200
"""Records of one question about a user's access (vendor's limit)."""
_NOT_ANSWERED = ("INVALID_TYPE", "INVALID_FIELD", "INVALID_QUERY_FILTER_OPERATOR", "MALFORMED_QUERY")

BELIEVED = timedelta(hours=1)
MOST_SEEN = 100_000
_NEVER = datetime.min.replace(tzinfo=UTC)
Claim = tuple[str, str]
"""(a User, a record)."""


def granted(client: Client, kind: str, claims: Iterable[Claim], right: str) -> set[Claim]:
    """An org that will not answer about access grants nothing."""
    return {claim for claim, allowed in _answers(client, kind, claims, right).items() if allowed}


def _answers(client: Client, kind: str, claims: Iterable[Claim], right: str) -> dict[Claim, bool]:
    """Those that were answered; what a short page left out is asked for anew."""
    of: dict[str, list[str]] = {}
    for user, record in sorted(claims):
        of.setdefault(user, []).append(record)
    asked = [
        (user, records[start : start + MOST_ASKED])
        for user, records in of.items()
        for start in range(0, len(records), MOST_ASKED)
    ]
    found: dict[Claim, bool] = {}
    while asked:
        some, asked = asked[:QUERIES], asked[QUERIES:]
        parts = [query_part(_question(user, records, right)) for user, records in some]
        answers, _ = client.composite(kind, parts)
        for (user, records), answer in zip(some, answers, strict=True):
            if any(error.code in _NOT_ANSWERED for error in answer.errors):
                continue
            page = {(user, str(row["RecordId"])): row.get(right) is True for row in rows(answer)}
            found |= page
            rest = [record for record in records if (user, record) not in page]
            if page and rest and answer.body.get("done") is False:
                asked.append((user, rest))
    return found


@dataclass(slots=True)
class Sight:
    """What users may not read, with a short memory for what they may: the same people write all day."""

    clock: Clock
    _seen: dict[Claim, datetime] = field(default_factory=dict)

    def hidden(self, client: Client, claims: Iterable[Claim]) -> set[Claim]:
        now = self.clock.now()
        open_ones = [claim for claim in claims if now - self._seen.get(claim, _NEVER) >= BELIEVED]
        if not open_ones:
            return set()
        answers = _answers(client, "access", open_ones, READ)
        if len(self._seen) > MOST_SEEN:
            self._seen.clear()
        self._seen.update({claim: now for claim, allowed in answers.items() if allowed})
        return {claim for claim, allowed in answers.items() if not allowed}


def _question(user: str, records: Sequence[str], right: str) -> str:
    where = soql.every((soql.equal(f"{USER}Id", user), soql.one_of("RecordId", records)))
    return soql.render(soql.Select(ACCESS, ("RecordId", right), where))
