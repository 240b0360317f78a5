"""What a mailbox shows of an issue."""

import pytest

from crosstie.domain import reasons
from crosstie.domain.reasons import KINDS, Outcome, ReasonKind, reason
from crosstie.rules.warnings import LONGEST, is_status, ours, warnings

RED = "Sync Error"
WHITE = "Status: A validation rule refused it"
HOLES = {"fields": "Level__c", "vendor_code": "STRING_TOO_LONG"}
TOLD = [kind for kind in KINDS.values() if kind.status]


@pytest.mark.parametrize(
    ("kind", "params", "said"),
    [
        (reasons.VALIDATION, {}, WHITE),
        (reasons.REQUIRED, {"fields": "Level__c"}, "Status: Required fields are missing: Level__c"),
        (
            reasons.REQUIRED,
            {"fields": "Level__c, Region__c"},
            "Status: Required fields are missing: Level__c / Region__c",
        ),
        (reasons.CRM_REFUSED, {"vendor_code": "BAD;CODE"}, "Status: Salesforce refused it: BAD / CODE"),
        (
            reasons.CRM_REFUSED,
            {"vendor_code": "A\u061bB\ufe54C\uff1bD"},
            "Status: Salesforce refused it: A / B / C / D",
        ),
    ],
)
def test_what_an_issue_says(kind: ReasonKind, params: dict[str, str], said: str) -> None:
    assert warnings(reason(kind, **params)) == {RED, said}


@pytest.mark.parametrize("kind", [reasons.SAVED_AUTO, reasons.UNKNOWN, reasons.BLOCKED, reasons.WAITS])
def test_what_is_no_issue_says_nothing(kind: ReasonKind) -> None:
    assert warnings(reason(kind)) == frozenset()


@pytest.mark.parametrize("kind", TOLD, ids=lambda kind: kind.code)
def test_what_we_say_is_known_again_and_no_program_parts_it(kind: ReasonKind) -> None:
    (said,) = warnings(reason(kind, **HOLES)) - {RED}
    assert is_status(said)
    assert not {",", ";"} & set(said)


def test_every_issue_of_an_e_mail_has_its_words() -> None:
    mails = [kind for kind in KINDS.values() if not kind.code.startswith("EVENT-")]
    assert [kind.code for kind in mails if bool(kind.status) is not (kind.outcome is Outcome.ISSUE)] == []


def test_a_long_one_is_cut_and_known_again() -> None:
    (said,) = warnings(reason(reasons.REQUIRED, fields="Level__c, " * 60)) - {RED}
    assert len(said) == LONGEST
    assert is_status(said)


@pytest.mark.parametrize(
    ("categories", "warned", "found"),
    [
        ({RED, WHITE, "Blue"}, False, {RED, WHITE}),
        ({WHITE}, False, {WHITE}),
        ({RED}, False, set()),
        ({RED}, True, {RED}),
        ({RED, f"{WHITE} again", WHITE.removeprefix("Status: ")}, False, set()),
        ({RED, "Status: open", "Status: Required fields are missing"}, False, set()),
        ({"sync error", "Salesforce"}, True, set()),
    ],
)
def test_whose_they_are(categories: set[str], warned: bool, found: set[str]) -> None:
    assert ours(categories, warned=warned) == found
