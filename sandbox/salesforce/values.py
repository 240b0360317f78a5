"""From what a client sent to what a row holds, and from there to what an answer shows."""

import base64
import binascii
import re
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, date, datetime
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Any

from sandbox.salesforce.errors import SalesforceError, string_too_long
from sandbox.salesforce.ids import normalise
from sandbox.salesforce.schema.facts import Field
from sandbox.switches import Switches, declare

LENGTH_IN_UTF16 = declare(
    "salesforce.length_in_utf16",
    default=False,
    question="Does a character beyond the basic plane count twice against a field's length?",
    source="object reference is silent",
)
LOWERCASES_EMAIL = declare(
    "salesforce.lowercases_email",
    default=True,
    question="Are values of e-mail fields stored in lower case?",
    source="field experience; object reference is silent",
)

TRIMS_TEXT = declare(
    "salesforce.trims_text",
    default=True,
    question="Is white space at either end of a text cut off when it is stored?",
    source="field experience; object reference is silent",
)

DATES_OUT_OF_RANGE = declare(
    "salesforce.date_out_of_range_is_number",
    default=False,
    question="Is a date outside of 1700 to 4000 NUMBER_OUTSIDE_VALID_RANGE, or FIELD_INTEGRITY_EXCEPTION?",
    source="query reference gives the range; field reports show FIELD_INTEGRITY_EXCEPTION for writes",
)
FIRST_YEAR, LAST_YEAR = 1700, 4000
LINE_ENDS_TURN_LF = declare(
    "salesforce.line_ends_turn_lf",
    default=False,
    question="Is CRLF in a text stored as LF?",
    source="design 5; field reports of notes that lost their carriage returns",
)
LINES_TRIMMED = declare(
    "salesforce.lines_trimmed",
    default=False,
    question="Is white space at the end of every line of a text cut off when it is stored?",
    source="design 5",
)

TEXT_TYPES = frozenset(
    ("string", "textarea", "picklist", "multipicklist", "combobox", "phone", "url", "email", "encryptedstring")
)
NUMBER_TYPES = frozenset(["double", "currency", "percent"])
MAX_BASE64_BYTES = 39_321_600
"""37.5 MB of file data in a JSON body; multipart uploads arrive as bytes and may be larger."""
MAX_FILE_BYTES = 2 * 1024**3

_EMAIL = re.compile(
    r"[^\s@<>()\[\],;:\\\"]+@[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?(?:\.[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?)+"
)
_LINE_END = re.compile(r"[ \t]+(?=\r?\n|\Z)")
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_DATETIME = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:?\d{2})")


Convert = Callable[[Field, Any, Switches], Any]


def is_email(value: str) -> bool:
    return bool(_EMAIL.fullmatch(value))


def coerce(field: Field, value: Any, switches: Switches) -> Any:
    """The typed value a row holds; None for null and for empty text. Lists of ids stay lists."""
    if value is None or (value == "" and field.type != "boolean"):
        if field.type == "boolean":
            raise _wrong_type(field, value)
        return None
    convert: Convert = _COERCIONS.get(field.type, _text)
    return convert(field, value, switches)


def _wrong_type(field: Field, value: Any) -> SalesforceError:
    return SalesforceError(
        "INVALID_TYPE_ON_FIELD_IN_RECORD",
        f"{field.label}: value not of required type: {'' if value is None else value}",
        fields=(field.name,),
    )


def _unreadable(kind: str, value: Any) -> SalesforceError:
    """The JSON reader's own refusal, before any field is looked at."""
    token = "VALUE_STRING" if isinstance(value, str) else "VALUE_NUMBER_INT" if _whole(value) else "START_OBJECT"
    if isinstance(value, bool):
        token = f"VALUE_{value}".upper()
    return SalesforceError(
        "JSON_PARSER_ERROR",
        f"Cannot deserialize instance of {kind} from {token} value {value} "
        "or request may be missing a required field at [line:1, column:1]",
    )


def _whole(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def text_length(value: str, switches: Switches) -> int:
    return len(value.encode("utf-16-le")) // 2 if switches.on(LENGTH_IN_UTF16) else len(value)


def _text(field: Field, value: Any, switches: Switches) -> str | None:
    if not isinstance(value, str):
        raise _unreadable("string", value)
    value = value.strip() if switches.on(TRIMS_TEXT) or field.type != "textarea" else value
    if switches.on(LINE_ENDS_TURN_LF):
        value = value.replace("\r\n", "\n")
    if switches.on(LINES_TRIMMED):
        value = _LINE_END.sub("", value)
    if field.length and text_length(value, switches) > field.length:
        raise string_too_long(field.label, field.name, value, field.length)
    chosen = value.split(";") if field.type == "multipicklist" else [value]
    if field.restricted and value and not set(chosen) <= set(field.values):
        raise bad_picklist_value(field, value)
    return value or None


def bad_picklist_value(field: Field, value: str) -> SalesforceError:
    return SalesforceError(
        "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST",
        f"{field.label}: bad value for restricted picklist field: {value}",
        fields=(field.name,),
    )


def _email(field: Field, value: Any, switches: Switches) -> str | None:
    text = _text(field, value, switches)
    if text is None:
        return None
    if not is_email(text):
        raise SalesforceError(
            "INVALID_EMAIL_ADDRESS", f"{field.label}: invalid email address: {text}", fields=(field.name,)
        )
    return text.lower() if switches.on(LOWERCASES_EMAIL) else text


def _boolean(field: Field, value: Any, _switches: Switches) -> bool:
    if isinstance(value, bool):
        return value
    if isinstance(value, str) and value.lower() in ("true", "false"):
        return value.lower() == "true"
    raise _unreadable("boolean", value)


def _int(field: Field, value: Any, _switches: Switches) -> int:
    if isinstance(value, bool):
        raise _unreadable("int", value)
    try:
        number = int(value) if not isinstance(value, float) or value.is_integer() else None
    except (TypeError, ValueError):
        number = None
    if number is None:
        raise _unreadable("int", value)
    if abs(number) >= 10 ** (field.digits or 9):
        raise _out_of_range(field, value)
    return number


def _out_of_range(field: Field, value: Any) -> SalesforceError:
    return SalesforceError(
        "NUMBER_OUTSIDE_VALID_RANGE",
        f"{field.label}: value outside of valid range on numeric field: {value}",
        fields=(field.name,),
    )


def _number(field: Field, value: Any, _switches: Switches) -> float:
    if isinstance(value, bool) or not isinstance(value, (int, float, str)):
        raise _unreadable("double", value)
    try:
        number = Decimal(str(value))
    except InvalidOperation:
        raise _unreadable("double", value) from None
    if not number.is_finite():
        raise _unreadable("double", value)
    if abs(number) >= Decimal(10) ** (field.precision - field.scale):
        raise _out_of_range(field, value)
    return float(number.quantize(Decimal(1).scaleb(-field.scale), ROUND_HALF_UP))


def _in_range(field: Field, moment: date, switches: Switches) -> None:
    if FIRST_YEAR <= moment.year <= LAST_YEAR:
        return
    code = "NUMBER_OUTSIDE_VALID_RANGE" if switches.on(DATES_OUT_OF_RANGE) else "FIELD_INTEGRITY_EXCEPTION"
    said = f"{moment:%a %b %d} {moment.year}"
    raise SalesforceError(code, f"{field.label}: invalid date: {said}", fields=(field.name,))


def _date(field: Field, value: Any, switches: Switches) -> date:
    found = value if isinstance(value, date) and not isinstance(value, datetime) else None
    if isinstance(value, str) and _DATE.fullmatch(value):
        with suppress(ValueError):
            found = date.fromisoformat(value)
    if found is None:
        raise _unreadable("date", value)
    _in_range(field, found, switches)
    return found


def parse_datetime(value: str) -> datetime | None:
    """An instant with its offset, in UTC and whole seconds; None when it is not one."""
    if not _DATETIME.fullmatch(value):
        return None
    whole_seconds = re.sub(r"\.\d+", "", value).replace("Z", "+00:00")
    try:
        return datetime.fromisoformat(whole_seconds).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _datetime(field: Field, value: Any, switches: Switches) -> datetime:
    found = parse_datetime(value) if isinstance(value, str) else None
    if isinstance(value, datetime) and value.tzinfo is not None:
        found = value.astimezone(UTC).replace(microsecond=0)
    if found is None:
        raise _unreadable("datetime", value)
    _in_range(field, found, switches)
    return found


def _reference(field: Field, value: Any, _switches: Switches) -> str:
    whole = normalise(value)
    if whole is None:
        raise SalesforceError(
            "MALFORMED_ID", f"{field.label}: id value of incorrect type: {value}", fields=(field.name,)
        )
    return whole


def _base64(field: Field, value: Any, _switches: Switches) -> bytes:
    if isinstance(value, bytes):
        data, limit = value, MAX_FILE_BYTES
    else:
        try:
            data, limit = base64.b64decode(value, validate=True), MAX_BASE64_BYTES
        except (TypeError, ValueError, binascii.Error):
            raise _unreadable("base64", "...") from None
    if len(data) > limit:
        raise SalesforceError(
            "FILE_SIZE_LIMIT_EXCEEDED", f"{field.label}: file size limit exceeded", fields=(field.name,)
        )
    return data


def _id_list(field: Field, value: Any, switches: Switches) -> list[str]:
    if not isinstance(value, (list, tuple)):
        raise _unreadable("JunctionIdList", value)
    return list(dict.fromkeys(_reference(field, item, switches) for item in value))


_COERCIONS: dict[str, Convert] = {
    "email": _email,
    "boolean": _boolean,
    "int": _int,
    "date": _date,
    "datetime": _datetime,
    "reference": _reference,
    "id": _reference,
    "base64": _base64,
    "junctionidlist": _id_list,
    **dict.fromkeys(NUMBER_TYPES, _number),
}


def show(value: Any) -> Any:
    """A stored value as JSON has it."""
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%dT%H:%M:%S.000+0000")
    if isinstance(value, date):
        return value.isoformat()
    return value
