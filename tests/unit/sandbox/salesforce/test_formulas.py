"""The formula language of validation rules: what it answers, and what is no formula."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from sandbox.salesforce.formula.check import compiled
from sandbox.salesforce.formula.evaluate import Context, evaluate
from sandbox.salesforce.formula.parse import BadFormula
from tests.unit.sandbox.salesforce.conftest import Company

OLD = {"Name": "Old", "Amount": 5.0, "StageName": "Prospecting"}
ROW = {
    "Name": "Saw line",
    "Amount": 1200.0,
    "StageName": "Closed Won",
    "CloseDate": date(2026, 12, 1),
    "CreatedDate": datetime(2026, 11, 20, 9, tzinfo=UTC),
    "Probability": 90.0,
}


def answer(company: Company, text: str, row: dict[str, Any] | None = None) -> Any:
    core = company.org.core
    context = Context(core, company.ann, core.shape("Opportunity"), ROW if row is None else row, OLD)
    return evaluate(compiled(core, "Opportunity", text), context)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1 + 2 * 3 ^ 2 - -1", 20.0),
        ("(1 + 2) * 3 / 0", None),
        ("1 < 2 && 2 <> 3 || FALSE", True),
        ("!TRUE", False),
        ("'a' & 'b' & 3", "ab3"),
        (r"'it\'s'", "it's"),
        ('/* why */ "x" + "y"', "xy"),
        ("Amount > 1000", True),
        ("amount / 2", 600.0),
        ("NextStep = ''", True),
        ("NextStep <> 'x'", True),
        ("TotalOpportunityQuantity > 0", None),
        ("ISBLANK(NextStep) && NOT(ISBLANK(Name))", True),
        ("ISPICKVAL(StageName, 'Closed Won')", True),
        ("CASE(StageName, 'Closed Won', 1, 'Closed Lost', 2, 0)", 1.0),
        ("IF(Amount > 1000, 'big', 'small')", "big"),
        ("ISCHANGED(StageName) && PRIORVALUE(Amount) = 5", True),
        ("ISCHANGED(CloseDate)", True),
        ("ISNEW()", False),
        ("CloseDate - TODAY()", 11.0),
        ("CloseDate + 30", date(2026, 12, 31)),
        ("CloseDate = DATE(2026, 12, 1)", True),
        ("DATE(2026, 13, 1)", None),
        ("YEAR(CloseDate) * 100 + MONTH(CloseDate)", 202612.0),
        ("NOW() - CreatedDate", 1 / 24),
        ("DATEVALUE(CreatedDate)", date(2026, 11, 20)),
        ("REGEX(Name, '[A-Z][a-z]+ .*')", True),
        ("LEN(Name) + LEN(NextStep)", 8.0),
        ("LEFT(Name, 3) & '|' & RIGHT(Name, 4) & '|' & MID(Name, 2, 2)", "Saw|line|aw"),
        ("BEGINS(UPPER(Name), 'SAW') && CONTAINS(LOWER(Name), 'line')", True),
        ("SUBSTITUTE(Name, 'line', 'lines')", "Saw lines"),
        ("ROUND(2.345, 2)", 2.35),
        ("MAX(1, Probability, 3) - MIN(4, 2)", 88.0),
        ("MOD(7, 4) + ABS(0 - 2) + FLOOR(1.9) + CEILING(1.1)", 8.0),
        ("VALUE('12') + VALUE('x')", None),
        ("TEXT(Amount) & TEXT(StageName)", "1200Closed Won"),
        ("BLANKVALUE(NextStep, 'call')", "call"),
        ("$User.FirstName & ' ' & $Profile.Name", "Ann Standard User"),
        ("$Organization.Name", "Acme"),
        ("IsPrivate", False),
        ("ISBLANK(Account.Name)", True),
    ],
)
def test_answers(company: Company, text: str, expected: Any) -> None:
    found = answer(company, text)
    assert found == pytest.approx(expected) if isinstance(expected, float) else found == expected


def test_the_way_up(company: Company) -> None:
    account = company.add("Account", Name="Birchworks", ParentId=company.add("Account", Name="Holding"))
    row = ROW | {"AccountId": account, "OwnerId": company.bob}
    assert answer(company, "Account.Parent.Name & ' ' & Account.Name", row) == "Holding Birchworks"
    assert answer(company, "Owner.Username", row) == "bob@acme.test"


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("1 +", "the end"),
        ("(1", "'\\)' is expected"),
        ("1 2", "'2' is not expected"),
        ("#", "nothing known"),
        ("Nope = 1", "no field Nope"),
        ("Account.Nope = 1", "no field Account.Nope"),
        ("Nobody.Name = 1", "Nobody leads to no one object"),
        ("VLOOKUP(1)", "VLOOKUP is not modelled"),
        ("LEN()", "LEN takes 1 to 1 arguments, not 0"),
        ("CASE(Name, 'a', 1, 'b', 2)", "CASE takes a value, pairs"),
        ("StageName = 'x'", "StageName is a picklist"),
        ("ISCHANGED('x')", "takes a field"),
        ("REGEX(Name, '(')", "no regular expression"),
        ("(" * 60 + "1" + ")" * 60, "nested deeper"),
        ("1+" * 2000 + "1", "longer than 3900"),
    ],
)
def test_what_is_no_formula(company: Company, text: str, sentence: str) -> None:
    with pytest.raises(BadFormula, match=sentence):
        answer(company, text)
