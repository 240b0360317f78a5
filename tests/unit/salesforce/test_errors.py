"""The vendor's codes and what follows from them."""

from typing import Any

import pytest

from crosstie.domain import reasons
from crosstie.domain.errors import CrosstieError, Fatal, NeedsConsent, Refused, Retry, Throttled
from crosstie.domain.reasons import Reason, reason
from crosstie.salesforce import errors
from crosstie.salesforce.errors import Fate, VendorError


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ([{"message": "m", "errorCode": "A_B", "fields": ["X"]}], (VendorError("A_B", "m", ("X",)),)),
        ([{"message": "m", "errorCode": "A_B"}], (VendorError("A_B", "m"),)),
        (
            {"success": False, "errors": [{"statusCode": "C", "message": "m", "fields": []}]},
            (VendorError("C", "m"),),
        ),
        ({"error": "invalid_grant", "error_description": "no"}, (VendorError("invalid_grant", "no"),)),
        ([], ()),
        (None, ()),
        ("<html>", ()),
        ([None, 3, {"fields": "X"}], (VendorError(""),)),
    ],
)
def test_every_shape_is_read(body: Any, expected: tuple[VendorError, ...]) -> None:
    assert errors.parse(body) == expected


@pytest.mark.parametrize(
    ("code", "fate"),
    [
        ("UNABLE_TO_LOCK_ROW", Fate.LOCKED),
        ("CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY", Fate.AUTOMATION),
        ("DUPLICATE_VALUE", Fate.DUPLICATE),
        ("PROCESSING_HALTED", Fate.HALTED),
        ("ALL_OR_NONE_OPERATION_ROLLED_BACK", Fate.HALTED),
        ("INVALID_FIELD", Fate.UNKNOWN_FIELD),
        ("INVALID_FIELD_FOR_INSERT_UPDATE", Fate.UNKNOWN_FIELD),
        ("ENTITY_IS_DELETED", Fate.LATER),
        ("INVALID_CROSS_REFERENCE_KEY", Fate.LATER),
        ("SERVER_UNAVAILABLE", Fate.LATER),
        ("FIELD_CUSTOM_VALIDATION_EXCEPTION", Fate.REFUSED),
        ("STRING_TOO_LONG", Fate.REFUSED),
        ("STORAGE_LIMIT_EXCEEDED", Fate.REFUSED),
        ("A_CODE_OF_NEXT_YEAR", Fate.REFUSED),
    ],
)
def test_fates(code: str, fate: Fate) -> None:
    assert errors.fate(VendorError(code)) is fate


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (VendorError("FIELD_CUSTOM_VALIDATION_EXCEPTION", "Mr Secret"), reason(reasons.VALIDATION)),
        (
            VendorError("REQUIRED_FIELD_MISSING", "m", ("B__c", "A__c")),
            reason(reasons.REQUIRED, fields="A__c, B__c"),
        ),
        (VendorError("REQUIRED_FIELD_MISSING", "m"), reason(reasons.REQUIRED, fields="?")),
        (VendorError("REQUIRED_FIELD_MISSING", "m", ("Mr Secret!",)), reason(reasons.REQUIRED, fields="?")),
        (VendorError("INSUFFICIENT_ACCESS_OR_READONLY"), reason(reasons.ACCESS)),
        (VendorError("CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY"), reason(reasons.AUTOMATION)),
        (VendorError("INVALID_EMAIL_ADDRESS"), reason(reasons.CRM_REFUSED, vendor_code="INVALID_EMAIL_ADDRESS")),
        (VendorError("Mr Secret said so"), reason(reasons.CRM_REFUSED, vendor_code="UNKNOWN")),
    ],
)
def test_refusals_name_codes_and_fields_only(error: VendorError, expected: Reason) -> None:
    assert errors.refusal(error) == expected
    assert "Secret" not in errors.refusal(error).sentence


@pytest.mark.parametrize(
    ("status", "code", "kind", "ours"),
    [
        (401, "INVALID_SESSION_ID", NeedsConsent, "CRM-SESSION"),
        (403, "INVALID_SESSION_ID", NeedsConsent, "CRM-SESSION"),
        (403, "REQUEST_LIMIT_EXCEEDED", Throttled, "CRM-LIMIT"),
        (429, "", Throttled, "CRM-LIMIT"),
        (403, "API_DISABLED_FOR_ORG", NeedsConsent, "CRM-API-DISABLED"),
        (503, "SERVER_UNAVAILABLE", Retry, "CRM-SERVER-UNAVAILABLE"),
        (500, "", Retry, "CRM-HTTP-500"),
        (400, "QUERY_TIMEOUT", Retry, "CRM-QUERY-TIMEOUT"),
        (400, "INVALID_QUERY_LOCATOR", Retry, "CRM-INVALID-QUERY-LOCATOR"),
        (404, "NOT_FOUND", Fatal, "CRM-NOT-FOUND"),
        (400, "MALFORMED_QUERY", Refused, "CRM-MALFORMED-QUERY"),
        (403, "Mr Secret", Refused, "CRM-UNKNOWN"),
    ],
)
def test_failed_calls(status: int, code: str, kind: type[CrosstieError], ours: str) -> None:
    found = errors.of_call(status, (VendorError(code, "Mr Secret"),) if code else ())
    assert (type(found), found.code) == (kind, ours)
    assert "Secret" not in str(found)


def test_the_deciding_error_is_not_the_collateral() -> None:
    halted, locked, own = (
        VendorError(code)
        for code in ("PROCESSING_HALTED", "UNABLE_TO_LOCK_ROW", "FIELD_CUSTOM_VALIDATION_EXCEPTION")
    )
    assert errors.culprit([halted, locked, own]) is own
    assert errors.culprit([halted, locked]) is locked
    assert errors.culprit([halted]) is None


@pytest.mark.parametrize(
    ("message", "hint", "ours"),
    [
        (
            "duplicate value found: Crosstie_Key__c duplicates value on record with id: 02sUZ0000WUNyz0",
            "02sUZ0000WUNyz0YQD",
            True,
        ),
        (
            "duplicate value found: Crosstie_Key__c duplicates value on record with id: 02sUZ0000WUNyz0YQD",
            "02sUZ0000WUNyz0YQD",
            True,
        ),
        ("duplicate value found: <unknown> duplicates value on record with id: <unknown>", "", True),
        (
            "duplicate value found: Number__c duplicates value on record with id: 00TUZ0000WUNyz0",
            "00TUZ0000WUNyz02QD",
            False,
        ),
    ],
)
def test_hints_of_a_duplicate(message: str, hint: str, ours: bool) -> None:
    error = VendorError("DUPLICATE_VALUE", message)
    assert (error.id_hint, error.names_our_key) == (hint, ours)


def test_a_duplicate_may_name_our_key_among_its_fields_alone() -> None:
    assert VendorError("DUPLICATE_EXTERNAL_ID", "duplicate external id", ("Crosstie_Key__c",)).names_our_key
    assert not VendorError("DUPLICATE_EXTERNAL_ID", "duplicate external id", ("Number__c",)).names_our_key
