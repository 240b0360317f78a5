"""The shape of queries: what is one, what is not, and where the vendor says it went wrong."""

import pytest

from sandbox.salesforce.errors import SalesforceError
from sandbox.salesforce.soql.ast import Compare, Logic, Not
from sandbox.salesforce.soql.parse import parse
from sandbox.salesforce.soql.tokens import tokenise

VALID = """
SELECT Id FROM Task
select id from task
SELECT Id,Name FROM Account a
SELECT a.Id FROM Account a WHERE a.Name = 'x'
SELECT Name FROM Account OFFSET
SELECT Name FROM Account OFFSET 5
SELECT Name n FROM Account
SELECT COUNT() FROM Contact
SELECT COUNT()FROM Contact
SELECT COUNT(Id)c FROM Contact
SELECT MIN(A), MAX(B) biggest FROM X GROUP BY C, CALENDAR_YEAR(D) HAVING COUNT(Id) >= 2
SELECT Id FROM X WHERE A = 1 AND B = 2 AND C = 3
SELECT Id FROM X WHERE A = 1 OR B = 2
SELECT Id FROM X WHERE (A = 1 OR B = 2) AND C = 3
SELECT Id FROM X WHERE NOT A = 1
SELECT Id FROM X WHERE NOT (A = 1 OR B = 2)
SELECT Id FROM X WHERE (NOT A = 1) AND B = 2
SELECT Id FROM X WHERE A IN ('a') AND B NOT IN ('b','c')
SELECT Id FROM X WHERE A IN (SELECT B FROM Y WHERE C = 'd')
SELECT Id FROM X WHERE A NOT IN (SELECT B FROM Y)
SELECT Id FROM X WHERE A INCLUDES ('a;b','c') AND B EXCLUDES ('d')
SELECT Id FROM X WHERE A <> 1
SELECT Id FROM X WHERE A LIKE '%a_b%'
SELECT Id FROM X WHERE A = -1.5 AND B = +2 AND C = 1e3 AND D = .5
SELECT Id FROM X WHERE A = 2026-11-20 AND B < 2026-11-20T10:00:00Z AND C > 2026-11-20T10:00:00.000+0100
SELECT Id FROM X WHERE A = 2026-11-20T10:00:00-08:00
SELECT Id FROM X WHERE A = TODAY AND B > LAST_N_DAYS:14 AND C < NEXT_FISCAL_QUARTER AND D = N_WEEKS_AGO:2
SELECT Id FROM X WHERE A = TRUE AND B != null
SELECT Id FROM X WHERE A > USD5000 AND B < EUR10.50
SELECT Id FROM X WHERE A = 'it\\'s \\n \\u00e9 \\\\'
SELECT Id FROM X ORDER BY A, B DESC, C ASC NULLS LAST, D NULLS FIRST
SELECT Id FROM X LIMIT 10 OFFSET 20
SELECT Id FROM X FOR VIEW FOR REFERENCE
SELECT Id FROM X FOR UPDATE
SELECT Id FROM X USING SCOPE mine WHERE A = 1
SELECT Id FROM X WHERE A = 1 WITH SECURITY_ENFORCED ORDER BY B
SELECT Id, (SELECT Id FROM Children WHERE A = 1 ORDER BY B LIMIT 3) FROM X
SELECT TYPEOF What WHEN Account THEN Phone, Name WHEN Opportunity THEN Amount ELSE Name END FROM Event
SELECT FIELDS(STANDARD) FROM X
SELECT toLabel(Status) FROM X
""".strip().splitlines()

INVALID = """
SELECT
SELECT FROM X
SELECT Id
SELECT Id FROM
SELECT Id Name A FROM X
SELECT Id, FROM X
SELECT Id FROM X Y Z
SELECT Id FROM X WHERE
SELECT Id FROM X WHERE A
SELECT Id FROM X WHERE A =
SELECT Id FROM X WHERE A = foo
SELECT Id FROM X WHERE A == 1
SELECT Id FROM X WHERE A = 1 AND
SELECT Id FROM X WHERE A = 1 AND B = 2 OR C = 3
SELECT Id FROM X WHERE A = 1 OR B = 2 AND C = 3
SELECT Id FROM X WHERE NOT A = 1 AND B = 2
SELECT Id FROM X WHERE A = 1 AND NOT B = 2
SELECT Id FROM X WHERE (A = 1
SELECT Id FROM X WHERE A = 1)
SELECT Id FROM X WHERE A IN ()
SELECT Id FROM X WHERE A IN 'a'
SELECT Id FROM X WHERE A NOT LIKE 'a'
SELECT Id FROM X WHERE A = 'open
SELECT Id FROM X WHERE A = 'bad \\q escape'
SELECT Id FROM X WHERE A = :bind
SELECT Id FROM X WHERE A = LAST_N_DAYS
SELECT Id FROM X WHERE A = LAST_N_DAYS:x
SELECT Id FROM X WHERE A = LAST_N_DAYS:-1
SELECT Id FROM X ORDER BY
SELECT Id FROM X ORDER A
SELECT Id FROM X ORDER BY A NULLS
SELECT Id FROM X LIMIT
SELECT Id FROM X LIMIT 'a'
SELECT Id FROM X LIMIT -1
SELECT Id FROM X LIMIT 1.5
SELECT Id FROM X OFFSET -1
SELECT Id FROM X FOR
SELECT Id FROM X FOR DELETE
SELECT Id FROM X GROUP BY
SELECT Id FROM X HAVING COUNT(Id) > 1
SELECT Id FROM X WITH
SELECT Id FROM X, Y
SELECT A..B FROM X
SELECT A. FROM X
SELECT COUNT() FROM X GROUP
SELECT (SELECT Id FROM Y FROM X
SELECT TYPEOF What END FROM X
SELECT FIELDS(SOME) FROM X
SELECT Id FROM X;
SELECT * FROM X
UPDATE X SET A = 1
""".strip().splitlines()


@pytest.mark.parametrize("soql", VALID)
def test_valid(soql: str) -> None:
    parse(soql)


@pytest.mark.parametrize("soql", INVALID)
def test_invalid(soql: str) -> None:
    with pytest.raises(SalesforceError) as refused:
        parse(soql)
    assert refused.value.code == "MALFORMED_QUERY"


@pytest.mark.parametrize(
    ("soql", "row", "column", "sentence"),
    [
        ("SELECT Id FROM X WHERE A = foo", 1, 28, "unexpected token: 'foo'"),
        ("SELECT Id\nFROM X\nWHERE A = 1 AND B = 2 OR C = 3", 3, 23, "unexpected token: 'OR'"),
        ("SELECT Id FROM X WHERE A = :b", 1, 28, "Bind variables only allowed in Apex code"),
    ],
)
def test_errors_point_at_the_place(soql: str, row: int, column: int, sentence: str) -> None:
    with pytest.raises(SalesforceError) as refused:
        parse(soql)
    lines = refused.value.message.split("\n")
    assert lines[-2:] == [f"ERROR at Row:{row}:Column:{column}", sentence]
    assert lines[1][lines[2].index("^") :].startswith(sentence.split("'")[1] if "'" in sentence else ":b")


def test_nesting_of_conditions() -> None:
    where = parse("SELECT Id FROM X WHERE (A = 1 OR (NOT B = 2)) AND C = 3").where
    assert isinstance(where, Logic)
    assert where.op == "AND"
    either = where.parts[0]
    assert isinstance(either, Logic)
    assert either.op == "OR"
    assert isinstance(either.parts[0], Compare)
    negated = either.parts[1]
    assert isinstance(negated, Logic)
    assert isinstance(negated.parts[0], Not)


def test_strings_say_what_they_mean() -> None:
    (token, _end) = tokenise(r"'it\'s \"q\" \\ \n \u00e9 \_ \%'")
    assert token.text == 'it\'s "q" \\ \n é \\_ \\%'


def test_limits_of_length() -> None:
    parse(f"SELECT Id FROM X WHERE A = '{'x' * 4000}'")
    for too_long in (f"SELECT Id FROM X WHERE A = '{'x' * 4001}'", "SELECT Id FROM X" + " " * 100_000):
        with pytest.raises(SalesforceError, match="MALFORMED_QUERY"):
            parse(too_long)


def test_deep_parentheses_are_refused_not_crashed_on() -> None:
    with pytest.raises(SalesforceError, match="MALFORMED_QUERY"):
        parse("SELECT Id FROM X WHERE " + "(" * 5000 + "A = 1" + ")" * 5000)
