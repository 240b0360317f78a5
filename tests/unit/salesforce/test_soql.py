"""SOQL: names are checked, values are literals, nothing a mail says can end a literal."""

import re
from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crosstie.domain.errors import Refused
from crosstie.domain.records import Value
from crosstie.salesforce import soql
from tests.judges.verdict import refused

BODY = re.compile(r"'((?:[^'\\]|\\[btnr\"'\\]|\\u[0-9a-f]{4})*)'")
NAMED = {"b": "\b", "t": "\t", "n": "\n", "r": "\r", '"': '"', "'": "'", "\\": "\\"}


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, "null"),
        (True, "TRUE"),
        (False, "FALSE"),
        (3, "3"),
        (-1.5, "-1.5"),
        ("", "''"),
        ("plain", "'plain'"),
        ("it's", r"'it\'s'"),
        ("a\\' OR Name != '", r"'a\\\' OR Name != \''"),
        ('"\n\r\t\b\f\0', r"'\"\n\r\t\b\u000c\u0000'"),
        ("見積 \N{GRINNING FACE}", "'見積 \N{GRINNING FACE}'"),
        ("half \ud83d", "'half \ufffd'"),
        (date(2026, 11, 21), "2026-11-21"),
        (datetime(2026, 11, 21, 8, 30, 5, tzinfo=UTC), "2026-11-21T08:30:05Z"),
        (datetime(2026, 11, 21, 8, 30, 5, 123_999, tzinfo=UTC), "2026-11-21T08:30:05.123Z"),
        (datetime(2026, 11, 21, 8, 30, 5, 999, tzinfo=UTC), "2026-11-21T08:30:05Z"),
        (datetime(2026, 11, 21, 8, tzinfo=timezone(timedelta(hours=5, minutes=30))), "2026-11-21T02:30:00Z"),
    ],
)
def test_literals(value: Value, text: str) -> None:
    assert soql.literal(value) == text


@given(st.text())
def test_a_text_literal_says_what_was_meant_and_ends_where_it_should(text: str) -> None:
    written = soql.literal(text)
    match = BODY.fullmatch(written)
    assert match is not None
    read = re.sub(
        r"\\(u[0-9a-f]{4}|.)",
        lambda found: chr(int(found[1][1:], 16)) if found[1][0] == "u" else NAMED[found[1]],
        match[1],
    )
    assert read == text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


@pytest.mark.parametrize("value", [b"bytes", ("a", "b"), datetime(2026, 1, 1)])  # noqa: DTZ001 - that is the case
def test_what_has_no_literal_is_a_mistake(value: Value) -> None:
    with pytest.raises(ValueError, match=r"."):
        soql.literal(value)


def test_a_text_too_long_for_a_filter_is_refused() -> None:
    assert len(soql.literal("x" * 4000)) == 4002
    with pytest.raises(Refused):
        soql.literal("x" * 4001)


@pytest.mark.parametrize("name", ["", "Name ", "Na me", "Name--", "1st", "A..B", "Name'", "A.B.C.D.E.F.G"])
def test_names_are_checked(name: str) -> None:
    with pytest.raises(ValueError, match="not a SOQL name"):
        soql.equal(name, 1)
    with pytest.raises(ValueError, match="not a SOQL name"):
        soql.render(soql.Select(name, ["Id"], soql.equal("Id", "1")))


def test_empty_lists_and_endless_statements_are_mistakes() -> None:
    with pytest.raises(ValueError, match="at least one"):
        soql.one_of("Id", [])
    with pytest.raises(ValueError, match="nothing to join"):
        soql.every([])
    with pytest.raises(ValueError, match="split"):
        soql.render(soql.Select("Lead", ["Id"], soql.one_of("Name", ["x" * 3000] * 40)))


EVERYTHING = soql.Select(
    "Contact",
    ["Id", "Account.Name"],
    soql.any_of(
        [
            soql.every([soql.at_least("SystemModstamp", datetime(2026, 1, 1, 0, 0, 0, 5000, tzinfo=UTC))]),
            soql.every([soql.above("Id", "003"), soql.at_most("CreatedDate", datetime(2026, 1, 1, tzinfo=UTC))]),
            soql.one_of("LastName", ['it\'s \\ "x" \n\t\r\b\f\x01\u2028\x85 見 \N{GRINNING FACE} %_ @{a}', "b"]),
            soql.equal("Email", None),
            soql.equal("IsDeleted", value=False),
            soql.equal("Amount__c", 1.5),
            soql.equal("Birthdate", date(2026, 1, 1)),
        ]
    ),
    ["SystemModstamp", "Id"],
    2000,
)


def test_observers_see_every_statement(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[str] = []
    monkeypatch.setattr(soql, "observers", [seen.append])
    statement = soql.render(EVERYTHING)
    assert seen == [statement]
    assert statement.startswith(
        "SELECT Id, Account.Name FROM Contact WHERE (SystemModstamp >= 2026-01-01T00:00:00.005Z)"
    )
    assert statement.endswith(" ORDER BY SystemModstamp, Id LIMIT 2000")


@pytest.mark.node
def test_the_vendors_parser_takes_it() -> None:
    assert refused([soql.render(EVERYTHING)]) == []
