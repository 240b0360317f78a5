"""The shape of queries: what is one, what is not, and where the vendor says it went wrong."""

import random
import re

import pytest

from sandbox.salesforce.errors import SalesforceError
from sandbox.salesforce.soql.ast import Compare, Logic, Not
from sandbox.salesforce.soql.parse import parse
from sandbox.salesforce.soql.tokens import LITERALLY, tokenise
from tests.judges.verdict import refused
from tests.unit.sandbox.salesforce.cases_soql import INVALID, VALID

OURS_ALONE = {
    "SELECT Id FROM X WHERE A = LAST_N_DAYS": "without its number it would be a name, and no name is a value",
    "SELECT Id FROM X LIMIT -1": "a number of rows is not negative",
    "SELECT Id FROM X OFFSET -1": "a number of rows is not negative",
    "SELECT A..B FROM X": "there is no field without a name",
    "SELECT A. FROM X": "there is no field without a name",
    "SELECT FIELDS(SOME) FROM X": "the reference knows ALL, STANDARD and CUSTOM",
    "SELECT Id FROM X;": "the REST resource is given one statement",
}
"""Refused here and not by Salesforce's parser, which judges the shape alone: the server refuses them later."""


@pytest.mark.parametrize("soql", VALID)
def test_valid(soql: str) -> None:
    parse(soql)


@pytest.mark.parametrize("soql", INVALID)
def test_invalid(soql: str) -> None:
    with pytest.raises(SalesforceError) as refusal:
        parse(soql)
    assert refusal.value.code == "MALFORMED_QUERY"


@pytest.mark.node
def test_salesforces_own_parser_says_the_same() -> None:
    assert refused(VALID) == []
    assert set(INVALID) - set(refused(INVALID)) == set(OURS_ALONE)


WORD = re.compile(r"'(?:\\.|[^'\\])*'|\d{4}-\d\d-\d\d(?:T[\d:.]+(?:Z|[+-][\d:]+))?|\w+|[!<>]=|<>|\S")
MISTAKES = 2000


def mistaken(dice: random.Random) -> str:
    """A good statement with a word missing, too many, of another statement, or in the wrong place."""
    words = WORD.findall(dice.choice(VALID))
    for _ in range(dice.choice((1, 1, 2))):
        place, other = dice.randrange(len(words)), WORD.findall(dice.choice(VALID))
        word = dice.choice(other)
        words = dice.choice(
            (
                words[:place] + words[place + 1 :],
                [*words[:place], word, *words[place:]],
                [*words[:place], word, *words[place + 1 :]],
                [*words[: place - 1], *reversed(words[place - 1 : place + 1]), *words[place + 1 :]],
                words[:place] + other[dice.randrange(len(other)) :],
            )
        ) or ["SELECT"]
    return " ".join(words).replace(" . ", ".").replace(" : ", ":")


def taken(soql: str) -> bool:
    try:
        parse(soql)
    except SalesforceError:
        return False
    return True


@pytest.mark.node
def test_what_salesforces_own_parser_refuses_is_refused_here() -> None:
    """Of mistakes nobody thought of. The other way round is no law: dots and aliases are freer there."""
    dice = random.Random(11)
    statements = {mistaken(dice) for _ in range(MISTAKES)}
    wrong = set(refused(statements))
    assert len(wrong) > MISTAKES / 2
    assert [soql for soql in wrong if taken(soql)] == []
    stricter = [soql for soql in statements - wrong if not taken(soql)]
    assert len(stricter) < (len(statements) - len(wrong)) / 5


@pytest.mark.parametrize(
    ("soql", "row", "column", "sentence"),
    [
        ("SELECT Id FROM X WHERE A = foo", 1, 28, "unexpected token: 'foo'"),
        ("SELECT Id\nFROM X\nWHERE A = 1 AND B = 2 OR C = 3", 3, 23, "unexpected token: 'OR'"),
        ("SELECT Id FROM X WHERE A = :b", 1, 28, "Bind variables only allowed in Apex code"),
    ],
)
def test_errors_point_at_the_place(soql: str, row: int, column: int, sentence: str) -> None:
    with pytest.raises(SalesforceError) as refusal:
        parse(soql)
    lines = refusal.value.message.split("\n")
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
    assert token.text == f'it\'s "q" \\ \n é {LITERALLY}_ {LITERALLY}%'


def test_limits_of_length() -> None:
    parse(f"SELECT Id FROM X WHERE A = '{'x' * 4000}'")
    for too_long in (f"SELECT Id FROM X WHERE A = '{'x' * 4001}'", "SELECT Id FROM X" + " " * 100_000):
        with pytest.raises(SalesforceError, match="MALFORMED_QUERY"):
            parse(too_long)


def test_deep_parentheses_are_refused_not_crashed_on() -> None:
    with pytest.raises(SalesforceError, match="MALFORMED_QUERY"):
        parse("SELECT Id FROM X WHERE " + "(" * 5000 + "A = 1" + ")" * 5000)
