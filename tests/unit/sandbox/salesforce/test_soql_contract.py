"""Published SOQL cases: invalid ones are refused; valid ones run, or are refused for a reason stated here."""

import json
import re
from collections import Counter
from typing import Any

import pytest

from sandbox.salesforce.errors import SalesforceError
from tests.places import SHARED
from tests.unit.sandbox.salesforce.conftest import Company

pytestmark = pytest.mark.shared

REASONS = {
    "the sandbox has no such object": r"sObject type '\w+' is not supported",
    "the org has no such field or relationship": r"No such column|Didn't understand relationship",
    "ROLLUP and CUBE are not modelled": r"GROUP BY (ROLLUP|CUBE) is not supported",
    "data categories belong to knowledge articles": r"WITH DATA is not supported",
    "FORMAT() and convertCurrency() are not modelled": r"(FORMAT|CONVERTCURRENCY) is not supported",
    "currency literals need several currencies": r"invalid currency value",
    "long text cannot be filtered": r"can not be filtered",
    "the id in the query is none": r"invalid ID field",
    "this scope is not modelled": r"invalid query scope",
    "a grouped query's plain columns must be grouped": r"Field must be grouped or aggregated",
    "FIELDS() needs a LIMIT": r"FIELDS function must have a LIMIT",
    "a number is no picklist value": r"must be of type string",
}
BY_QUERY = {
    r"DISTANCE\(": "distances are not modelled",
    r"//|/\*": "the REST resource knows no comments",
    r"(?i)select count\(\) \w+ from": "COUNT() takes no alias: the vendor's own parser refuses it too",
    r"UPDATE (TRACKING|VIEWSTAT)": "statistics of knowledge articles are not modelled",
    r"TYPEOF Owner": "a semi-join selects one field",
}
BIND = re.compile(r"(=|IN) :\w")


def cases(kind: str) -> list[dict[str, Any]]:
    """Those that need no option of the parser. Without the folder one stands for all, to be skipped."""
    if not SHARED.is_dir():
        return [{"soql": "", "isValid": False}]
    found: list[dict[str, Any]] = json.loads((SHARED / "contracts/salesforce/soql-cases.json").read_text())[kind]
    return [case for case in found if "options" not in case]


def verdict(company: Company, soql: str) -> str:
    """`ran`, or the stated reason of the refusal, or the refusal itself."""
    try:
        company.org.query(company.integration, soql)
    except SalesforceError as refused:
        for reason, pattern in REASONS.items():
            if re.search(pattern, refused.message):
                return reason
        for pattern, reason in BY_QUERY.items():
            if re.search(pattern, soql):
                return reason
        return f"no stated reason: {refused.message}"
    return "ran"


@pytest.fixture
def verdicts(company: Company) -> dict[str, str]:
    valid = [case["soql"] for case in cases("isValid") if case["isValid"]]
    parsed = [case["soql"] for case in cases("parse") if not BIND.search(case["soql"])]
    return {soql: verdict(company, soql) for soql in (*valid, *parsed)}


def test_valid_queries_run_or_are_refused_for_a_stated_reason(verdicts: dict[str, str]) -> None:
    assert [pair for pair in verdicts.items() if pair[1].startswith("no stated reason")] == []
    counts = Counter(verdicts.values())
    assert counts["ran"] >= 100
    unused = set(REASONS) | set(BY_QUERY.values())
    assert unused - set(counts) == set(), "a reason nobody needs any more"


@pytest.mark.parametrize(
    "case", [case for case in cases("isValid") if not case["isValid"]], ids=lambda c: c["soql"][:60]
)
def test_invalid_queries_are_refused(company: Company, case: dict[str, Any]) -> None:
    with pytest.raises(SalesforceError) as refused:
        company.org.query(company.integration, case["soql"])
    assert refused.value.code in ("MALFORMED_QUERY", "INVALID_FIELD", "INVALID_TYPE")
