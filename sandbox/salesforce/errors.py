"""What Salesforce answers when it refuses: a code, a sentence that may quote content, the fields."""

from collections.abc import Iterable
from typing import Any

ROW_CODES = frozenset(
    {
        "CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY",
        "DELETE_FAILED",
        "DUPLICATE_VALUE",
        "ENTITY_IS_DELETED",
        "FIELD_CUSTOM_VALIDATION_EXCEPTION",
        "FIELD_INTEGRITY_EXCEPTION",
        "INACTIVE_OWNER_OR_USER",
        "INSUFFICIENT_ACCESS_ON_CROSS_REFERENCE_ENTITY",
        "INSUFFICIENT_ACCESS_OR_READONLY",
        "INVALID_CROSS_REFERENCE_KEY",
    }
)
"""Refusals of a write: their bodies name fields even when there are none to name."""


class SalesforceError(Exception):
    """`code` and `message` are the vendor's, `status` is the HTTP status of a single-row call."""

    def __init__(
        self,
        code: str,
        message: str,
        status: int = 400,
        fields: tuple[str, ...] = (),
        extra: dict[str, Any] | None = None,
    ) -> None:
        super().__init__(f"{code}: {message}")
        self.code = code
        self.message = message
        self.status = status
        self.fields = fields
        self.extra = extra or {}
        """Further members of the row error, such as `duplicateResult`."""
        self.others: tuple[SalesforceError, ...] = ()
        """What else is wrong with the same row: every broken validation rule is told at once."""

    def with_others(self, others: Iterable["SalesforceError"]) -> "SalesforceError":
        self.others = tuple(others)
        return self

    def row_bodies(self) -> list[dict[str, Any]]:
        """The error list of a single-row or query call."""
        return [self.row_body(), *(other.row_body() for other in self.others)]

    def collection_errors(self) -> list[dict[str, Any]]:
        """`errors` of one row in a collections answer."""
        return [self.collection_error(), *(other.collection_error() for other in self.others)]

    def row_body(self) -> dict[str, Any]:
        """One element of the error list of a single-row or query call."""
        body: dict[str, Any] = {"message": self.message, "errorCode": self.code}
        if self.fields or self.code in ROW_CODES:
            body["fields"] = list(self.fields)
        return body | self.extra

    def collection_error(self) -> dict[str, Any]:
        """One element of `errors` in a collections answer."""
        return {"statusCode": self.code, "message": self.message, "fields": list(self.fields)} | self.extra


def not_found() -> SalesforceError:
    return SalesforceError("NOT_FOUND", "The requested resource does not exist", 404)


def no_such_record() -> SalesforceError:
    """In a collections answer this is the row's code; the single-row face words it as NOT_FOUND."""
    return SalesforceError("INVALID_CROSS_REFERENCE_KEY", "invalid cross reference id", 404)


def entity_is_deleted() -> SalesforceError:
    return SalesforceError("ENTITY_IS_DELETED", "entity is deleted", 404)


def no_such_column_on_write(field: str, object_name: str) -> SalesforceError:
    return SalesforceError("INVALID_FIELD", f"No such column '{field}' on sobject of type {object_name}")


def not_writable(fields: Iterable[str]) -> SalesforceError:
    names = tuple(fields)
    return SalesforceError(
        "INVALID_FIELD_FOR_INSERT_UPDATE",
        f"Unable to create/update fields: {', '.join(names)}. Please check the security settings of this field "
        "and verify that it is read/write for your profile or permission set.",
        fields=names,
    )


def required_missing(fields: Iterable[str]) -> SalesforceError:
    names = tuple(fields)
    return SalesforceError(
        "REQUIRED_FIELD_MISSING", f"Required fields are missing: [{', '.join(names)}]", fields=names
    )


def string_too_long(label: str, field: str, value: str, length: int) -> SalesforceError:
    return SalesforceError(
        "STRING_TOO_LONG", f"{label}: data value too large: {value} (max length={length})", fields=(field,)
    )


def integrity(message: str, *fields: str) -> SalesforceError:
    return SalesforceError("FIELD_INTEGRITY_EXCEPTION", message, fields=fields)


def no_access() -> SalesforceError:
    return SalesforceError("INSUFFICIENT_ACCESS_OR_READONLY", "insufficient access rights on object id", 403)


def duplicate_value(field: str, holder: str) -> SalesforceError:
    """`holder` is the 15-character id of the row that has the value already."""
    return SalesforceError(
        "DUPLICATE_VALUE",
        f"duplicate value found: {field} duplicates value on record with id: {holder}",
    )


def malformed_query(message: str) -> SalesforceError:
    return SalesforceError("MALFORMED_QUERY", message)
