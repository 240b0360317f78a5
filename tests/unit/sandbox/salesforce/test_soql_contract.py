"""Published SOQL cases: invalid ones are refused; valid ones run, or are refused for a reason stated here.

Where the list and Salesforce's own parser disagree is listed by name; the page `docs/soql.md` shows it.
"""

import json
import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from sandbox.salesforce.errors import SalesforceError
from tests.judges.verdict import refused
from tests.places import SHARED
from tests.unit.sandbox.salesforce import named_objects
from tests.unit.sandbox.salesforce.cases_soql import DISAGREEMENTS, FEATURES, NO_SUCH_OBJECTS, REASONS
from tests.unit.sandbox.salesforce.conftest import Company, refusal

CODES = ("MALFORMED_QUERY", "INVALID_FIELD", "INVALID_TYPE")
BIND = re.compile(r"(=|IN) :\w")


def cases(kind: str) -> list[dict[str, Any]]:
    """Those that need no option of the parser. Without the folder one stands for all, to be skipped."""
    if not SHARED.is_dir():
        return [{"soql": "", "isValid": False}]
    found: list[dict[str, Any]] = json.loads((SHARED / "contracts/salesforce/soql-cases.json").read_text())[kind]
    return [case for case in found if "options" not in case]


def listed() -> dict[str, bool]:
    """Every published statement, and whether the list takes it; those with binds belong to Apex."""
    verdicts = {case["soql"]: True for case in cases("parse") if not BIND.search(case["soql"])}
    return verdicts | {case["soql"]: case["isValid"] for case in cases("isValid")}


def verdict(company: Company, soql: str) -> str:
    """`ran`, or the stated reason of the refusal, or the refusal itself."""
    try:
        company.org.query(company.integration, soql)
    except SalesforceError as error:
        for reason, pattern in REASONS.items():
            if re.search(pattern, error.message):
                return reason
        return f"no stated reason: {error.message}"
    return "ran"


@pytest.fixture
def rich(company: Company, tmp_path: Path) -> Company:
    """With several currencies, and the custom objects that the cases name."""
    named_objects.write(tmp_path)
    company.org.setup.package(str(tmp_path))
    company.org.setup.currencies({"USD": 1.25})
    return company


@pytest.mark.shared
def test_valid_queries_run_or_are_refused_for_a_stated_reason(rich: Company) -> None:
    verdicts = {soql: verdict(rich, soql) for soql, valid in listed().items() if valid}
    assert [pair for pair in verdicts.items() if pair[1].startswith("no stated reason")] == []
    counts = Counter(verdicts.values())
    assert counts["ran"] >= 140
    assert set(REASONS) - set(counts) == set(), "a reason nobody needs any more"


@pytest.mark.shared
def test_the_objects_that_are_missing_are_known(rich: Company) -> None:
    missing = set()
    for soql, valid in listed().items():
        try:
            rich.org.query(rich.integration, soql)
        except SalesforceError as error:
            if valid and error.code == "INVALID_TYPE":
                missing |= set(re.findall(r"sObject type '(\w+)' is not supported", error.message))
    assert missing == NO_SUCH_OBJECTS


@pytest.mark.shared
@pytest.mark.parametrize(
    "case", [case for case in cases("isValid") if not case["isValid"]], ids=lambda c: c["soql"][:60]
)
def test_invalid_queries_are_refused(company: Company, case: dict[str, Any]) -> None:
    assert refusal(company.org.query, company.integration, case["soql"]).code in CODES


@pytest.mark.shared
@pytest.mark.node
def test_where_the_list_and_salesforces_own_parser_differ_is_known() -> None:
    taken = listed()
    wrong = set(refused(taken))
    differ = {soql: valid for soql, valid in taken.items() if valid == (soql in wrong)}
    assert differ == {soql: valid for soql, (valid, _) in DISAGREEMENTS.items()}


@pytest.mark.parametrize("soql", DISAGREEMENTS)
def test_what_is_in_dispute_is_refused(rich: Company, soql: str) -> None:
    assert refusal(rich.org.query, rich.integration, soql).code in (
        "MALFORMED_QUERY",
        "INVALID_FIELD",
        "INVALID_TYPE",
    )


@pytest.mark.parametrize(("feature", "soql"), FEATURES, ids=[feature for feature, _ in FEATURES])
def test_every_feature_on_the_page_runs(rich: Company, feature: str, soql: str) -> None:
    assert feature
    rich.org.query(rich.integration, soql)


@pytest.mark.node
def test_salesforces_own_parser_takes_every_example() -> None:
    assert refused(soql for _, soql in FEATURES) == []
