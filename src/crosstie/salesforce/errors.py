"""The vendor's error codes, turned into consequences.

Calls fail with the classes of `domain/errors.py`; a row of a write has a `Fate`. The codes' meanings are those of
the vendor's REST reference (status codes and error responses).
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from crosstie.domain import reasons
from crosstie.domain.errors import CrosstieError, Fatal, NeedsConsent, Refused, Retry, Throttled
from crosstie.domain.reasons import Reason, reason
from crosstie.domain.records import KEY_FIELD, long_id, whole_id

_ID_HINT = re.compile(r"record with id:\s*([A-Za-z0-9]{18}|[A-Za-z0-9]{15})\b")
_QUOTED = re.compile(r"column '([A-Za-z0-9_]+)'")
_CODE = re.compile(r"[A-Z][A-Z0-9_]{2,80}")
_ID = re.compile(r"[A-Za-z0-9]{18}|[A-Za-z0-9]{15}")
_FIELD_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,80}")


class Fate(StrEnum):
    """What to do about a row that was not written."""

    REFUSED = "refused"
    LATER = "later"
    LOCKED = "locked"
    """Another transaction holds a row: again in a moment."""
    AUTOMATION = "automation"
    """A trigger or flow of the customer failed, perhaps because of what was written beside the row."""
    DUPLICATE = "duplicate"
    ALIKE = "alike"
    """A duplicate rule of the customer found another record that is the same."""
    HALTED = "halted"
    """Rolled back or never tried because of another row."""
    UNKNOWN_FIELD = "unknown-field"
    """The schema moved, or field-level security hides what we were told of."""


@dataclass(frozen=True, slots=True)
class VendorError:
    """`message` quotes content: shown live at most, never stored or logged."""

    code: str
    message: str = field(default="", repr=False)
    fields: tuple[str, ...] = ()
    alike: tuple[str, ...] = ()
    """Ids of the records that a duplicate rule found, as far as we may see them."""

    @property
    def id_hint(self) -> str:
        """The id named by a duplicate's message, if it names one; a hint only. The message has its short form, and
        all that is told of a record later has the long one.
        """
        match = _ID_HINT.search(self.message)
        return long_id(match[1]) if match else ""

    @property
    def named(self) -> frozenset[str]:
        """Fields that the error is about, as told apart or quoted in its message; a hint only."""
        return frozenset(self.fields) | frozenset(_QUOTED.findall(self.message))

    @property
    def names_our_key(self) -> bool:
        """A duplicate of our key field, or of a field that the vendor does not name."""
        return KEY_FIELD in self.message or KEY_FIELD in self.fields or "<unknown>" in self.message


NOT_WRITTEN = "CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY"
"""A customer's trigger failed, or whoever we act as has no right to create the object: only a describe tells."""
NO_RIGHT = "INSUFFICIENT_ACCESS_OR_READONLY"
READ_ONLY = "INVALID_FIELD_FOR_INSERT_UPDATE"

_FATES: dict[str, Fate] = {
    "UNABLE_TO_LOCK_ROW": Fate.LOCKED,
    NOT_WRITTEN: Fate.AUTOMATION,
    "CANNOT_EXECUTE_FLOW_TRIGGER": Fate.AUTOMATION,
    "APEX_ERROR": Fate.AUTOMATION,
    "DUPLICATE_VALUE": Fate.DUPLICATE,
    "DUPLICATE_EXTERNAL_ID": Fate.DUPLICATE,
    "DUPLICATES_DETECTED": Fate.ALIKE,
    "PROCESSING_HALTED": Fate.HALTED,
    "ALL_OR_NONE_OPERATION_ROLLED_BACK": Fate.HALTED,
    "INVALID_FIELD": Fate.UNKNOWN_FIELD,
    READ_ONLY: Fate.UNKNOWN_FIELD,
    "ENTITY_IS_DELETED": Fate.LATER,  # a person who was merged or deleted: the next session knows
    "CANNOT_UPDATE_CONVERTED_LEAD": Fate.LATER,  # likewise: its Contact is known with the next tick
    "INVALID_CROSS_REFERENCE_KEY": Fate.LATER,
    "ENTITY_IS_LOCKED": Fate.LATER,
    "UNKNOWN_EXCEPTION": Fate.LATER,
    "SERVER_UNAVAILABLE": Fate.LATER,
    "REQUEST_RUNNING_TOO_LONG": Fate.LATER,
    "LIMIT_EXCEEDED": Fate.LATER,
    "REQUEST_LIMIT_EXCEEDED": Fate.LATER,
    "TXN_SECURITY_METERING_ERROR": Fate.LATER,
}
_REASONS = {
    "FIELD_CUSTOM_VALIDATION_EXCEPTION": reasons.VALIDATION,
    NO_RIGHT: reasons.ACCESS,
    "INSUFFICIENT_ACCESS_ON_CROSS_REFERENCE_ENTITY": reasons.ACCESS,
    "INSUFFICIENT_ACCESS": reasons.ACCESS,
    READ_ONLY: reasons.ACCESS,
    NOT_WRITTEN: reasons.AUTOMATION,
    "CANNOT_EXECUTE_FLOW_TRIGGER": reasons.AUTOMATION,
    "APEX_ERROR": reasons.AUTOMATION,
    "DUPLICATES_DETECTED": reasons.DUPLICATE,
}
_CULPRITS_FIRST = (
    Fate.DUPLICATE,
    Fate.ALIKE,
    Fate.REFUSED,
    Fate.UNKNOWN_FIELD,
    Fate.AUTOMATION,
    Fate.LOCKED,
    Fate.LATER,
)


def parse(body: Any) -> tuple[VendorError, ...]:
    """The errors of an answer, a composite part or a collections row, in any of the vendor's shapes."""
    if isinstance(body, dict):
        body = body["errors"] if isinstance(body.get("errors"), list) else [body]
    if not isinstance(body, list):
        return ()
    return tuple(_one(item) for item in body if isinstance(item, dict))


def fate(error: VendorError) -> Fate:
    return _FATES.get(error.code, Fate.REFUSED)


def culprit(errors: Sequence[VendorError]) -> VendorError | None:
    """Of several errors the one that decides; None when all are collateral."""
    for wanted in _CULPRITS_FIRST:
        for error in errors:
            if fate(error) is wanted:
                return error
    return None


def refusal(error: VendorError) -> Reason:
    """What a person is told about a refused row."""
    names = ", ".join(sorted(name for name in error.fields if _FIELD_NAME.fullmatch(name)))
    if error.code == "REQUIRED_FIELD_MISSING":
        return reason(reasons.REQUIRED, fields=names or "?")
    kind = _REASONS.get(error.code)
    if kind and not (names and error.code == READ_ONLY):
        return reason(kind)
    code = safe_code(error.code)
    return reason(reasons.CRM_REFUSED, vendor_code=f"{code} ({names})" if names else code)


def safe_code(code: str) -> str:
    """A vendor's code may enter a reason or log only if it looks like one."""
    return code if _CODE.fullmatch(code) else "UNKNOWN"


def of_call(status: int, errors: Sequence[VendorError]) -> CrosstieError:
    """Why a whole call, or a part that only reads, failed."""
    first = errors[0] if errors else VendorError("")
    if status == 401 or first.code in ("INVALID_SESSION_ID", "INVALID_AUTH_HEADER"):
        return NeedsConsent("CRM-SESSION", first.message)
    if first.code == "REQUEST_LIMIT_EXCEEDED" or status in (420, 429):
        return Throttled("CRM-LIMIT", first.message)
    if first.code in ("API_DISABLED_FOR_ORG", "API_CURRENTLY_DISABLED"):
        return NeedsConsent("CRM-API-DISABLED", first.message)
    if status >= 500 or fate(first) in (Fate.LATER, Fate.LOCKED) or first.code in _QUERY_TOO_HEAVY:
        return Retry(f"CRM-{_dashed(first.code, status)}", first.message)
    if status in (404, 410) and first.code in ("", "NOT_FOUND"):
        return Fatal("CRM-NOT-FOUND", first.message)
    return Refused(f"CRM-{_dashed(first.code, status)}", first.message)


_QUERY_TOO_HEAVY = ("QUERY_TIMEOUT", "OPERATION_TOO_LARGE", "INVALID_QUERY_LOCATOR")


def _dashed(code: str, status: int) -> str:
    return safe_code(code).replace("_", "-") if code else f"HTTP-{status}"


def _one(item: dict[str, Any]) -> VendorError:
    code = item.get("errorCode") or item.get("statusCode") or item.get("error") or ""
    message = item.get("message") or item.get("error_description") or ""
    fields = item.get("fields") or []
    names = tuple(str(name) for name in fields) if isinstance(fields, list) else ()
    return VendorError(str(code), str(message), names, tuple(_alike(item)))


def _alike(item: dict[str, Any]) -> Iterator[str]:
    """Some versions misspell the member's name."""
    result = item.get("duplicateResult") or item.get("duplicateResut")
    for match in _dicts(result, "matchResults"):
        for found in _dicts(match, "matchRecords"):
            record = found.get("record")
            record_id = record.get("Id") if isinstance(record, dict) else None
            if isinstance(record_id, str) and _ID.fullmatch(record_id):
                yield whole_id(record_id)


def _dicts(value: Any, member: str) -> list[dict[str, Any]]:
    listed = value.get(member) if isinstance(value, dict) else None
    return [one for one in listed if isinstance(one, dict)] if isinstance(listed, list) else []
