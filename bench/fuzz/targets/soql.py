"""Queries: the sandbox's reader against damaged statements, the product's builder against odd values."""

from datetime import UTC, date, datetime, timedelta
from random import Random

from bench.fuzz.mutate import ODD_TEXTS, mutated_text
from bench.fuzz.runner import Stateless
from bench.fuzz.targets.office import house
from crosstie.domain.errors import Refused
from crosstie.domain.records import Value
from crosstie.salesforce import soql
from sandbox.salesforce.errors import SalesforceError
from sandbox.salesforce.soql.ast import Compare
from sandbox.salesforce.soql.parse import parse
from tests.unit.sandbox.salesforce.cases_soql import INVALID, VALID

OWN = (
    "SELECT Id, Name, Email, Account.Name FROM Contact WHERE Email IN ('nora@birchworks.test', 'x') ORDER BY Name",
    "SELECT Id, (SELECT Id, LastName FROM Contacts ORDER BY LastName LIMIT 2) FROM Account",
    "SELECT COUNT(Id) c, AccountId FROM Contact GROUP BY AccountId HAVING COUNT(Id) > 1",
    "SELECT Id FROM Contact WHERE AccountId IN (SELECT Id FROM Account WHERE Name = 'Birchworks') LIMIT 5",
    "SELECT Id FROM Task WHERE SystemModstamp >= 2026-11-16T09:00:00Z ORDER BY SystemModstamp, Id",
    "SELECT FIELDS(STANDARD) FROM Account LIMIT 200",
    "SELECT Id FROM Opportunity WHERE CloseDate > TODAY AND Amount > 5 AND StageName INCLUDES ('a;b')",
    "SELECT TYPEOF What WHEN Account THEN Name ELSE Id END FROM Task",
)
PIECES = (
    "SELECT ", " FROM ", " WHERE ", " AND ", " OR ", " NOT ", "(", ")", ",", "'", "\\'", "\\u0041", "%",
    "_", " IN ", " LIKE ", " INCLUDES ", " ORDER BY ", " LIMIT ", " OFFSET ", " GROUP BY ", " HAVING ",
    "COUNT()", "COUNT(Id)", "FIELDS(ALL)", "Id", "Name", "Account.Owner.Name", "null", "TRUE", "TODAY",
    "LAST_N_DAYS:9", "N_DAYS_AGO:99999999999", "2026-02-30", "1e999", "9999-12-31T23:59:59Z",
    "0001-01-01T00:00:00+1400", "-", "=", "!=", "<", ":", " NULLS LAST", " FOR UPDATE",
    " USING SCOPE mine", " WITH SECURITY_ENFORCED", "EUR5", "toLabel(", "convertCurrency(", "DISTANCE(",
    "GEOLOCATION(1,2)", "CALENDAR_YEAR(", "a.b.c.d.e.f.g", "\n", "\t", "/*", "--", ";", "TYPEOF ",
    " WHEN ", " END ", " ALL ROWS", " GROUP BY ROLLUP(Name)", "🙂", "\x00",
)  # fmt: skip


class Soql(Stateless):
    def __init__(self) -> None:
        self._org = house().org
        self._statements = (*VALID, *INVALID, *OWN, *OWN, *OWN)

    def feed(self, dice: Random) -> None:
        if dice.random() < 0.25:
            _build(dice)
        else:
            self._read(_damaged(dice.choice(self._statements), self._statements, dice))

    def _read(self, statement: str) -> None:
        try:
            page = self._org.query(self._org.admin, statement)
        except SalesforceError as error:
            error.row_bodies()
            return
        assert page.total_size >= 0


def _damaged(statement: str, others: tuple[str, ...], dice: Random) -> str:
    for _ in range(dice.choice((0, 1, 1, 2, 4, 8))):
        chance, at = dice.random(), dice.randint(0, len(statement))
        if chance < 0.4:
            statement = statement[:at] + dice.choice(PIECES) * dice.choice((1, 1, 1, 1, 2, 200)) + statement[at:]
        elif chance < 0.6:
            words = statement.split(" ")
            words[dice.randrange(len(words))] = dice.choice(PIECES).strip()
            statement = " ".join(words)
        elif chance < 0.7:
            other = dice.choice(others)
            statement = statement[:at] + other[dice.randint(0, len(other)) :]
        else:
            statement = mutated_text(statement, dice)
    return statement[:30_000]


def _build(dice: Random) -> None:
    """A condition that is built means to the reader what was meant; one that cannot be is refused."""
    value = _value(dice)
    field = dice.choice(("Name", "Account.Name", "a b", "x'", "", "Id", "1a", "é", "A" * 300, "a.b.c.d.e.f.g.h"))
    make = dice.choice((soql.equal, soql.at_least, soql.at_most, soql.above))
    try:
        one = make(field, value)
        several = soql.every((one, soql.one_of("Id", [value, value]), soql.any_of((one, one))))
        statement = soql.render(
            soql.Select("Contact", ("Id", field), several, ("Id",), dice.choice((None, 1, 2000)))
        )
    except (ValueError, Refused):
        return
    assert parse(statement).where is not None
    compared = parse(soql.render(soql.Select("Contact", ("Id",), one))).where
    assert isinstance(compared, Compare)
    if isinstance(value, str):
        meant = "".join("\ufffd" if "\ud800" <= sign <= "\udfff" else sign for sign in value)
        assert compared.value.text == meant, "a text that reads as another"


def _value(dice: Random) -> Value:
    moment = datetime(2026, 11, 16, 9, tzinfo=UTC) + timedelta(microseconds=dice.randrange(10**12))
    text = mutated_text(dice.choice(('O\'Neil \\ "x"', "Grüße", "a\nb", *ODD_TEXTS)), dice)
    numbers = (dice.randrange(-(10**20), 10**20), dice.random() * 10 ** dice.randrange(30), float("nan"))
    dates = (moment, datetime.max.replace(tzinfo=UTC), moment.replace(tzinfo=None), date.min)
    return dice.choice((text, text, text, *numbers, *dates, None, True, b"x", ("a",)))
