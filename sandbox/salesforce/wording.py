"""How REST's own refusals are worded where there is neither JSON nor an address: in SOAP and in bulk jobs."""

import re
from typing import Any

_VALUE = re.compile(r" value (.*) or request may be", re.DOTALL)
_CODES = {
    "NOT_FOUND": ("INVALID_CROSS_REFERENCE_KEY", "invalid cross reference id"),
    "PRECONDITION_FAILED": ("INVALID_INPUT", "the record was changed meanwhile"),
}


def of_a_row(error: dict[str, Any]) -> dict[str, Any]:
    """The same error of a record, with a status code that the WSDL knows."""
    code, message = in_soap(str(error["statusCode"]), str(error["message"]))
    return error | {"statusCode": code, "message": message}


def in_soap(code: str, message: str) -> tuple[str, str]:
    if code == "JSON_PARSER_ERROR":
        value = _VALUE.search(message)
        told = f"value not of required type: {value[1]}" if value else message
        return "INVALID_TYPE_ON_FIELD_IN_RECORD", told
    return _CODES.get(code, (code, message))
