"""What Salesforce answers when it refuses: a code, a sentence that may quote content, the fields."""

from typing import Any


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

    def row_body(self) -> dict[str, Any]:
        """One element of the error list of a single-row or query call."""
        body: dict[str, Any] = {"message": self.message, "errorCode": self.code}
        if self.fields:
            body["fields"] = list(self.fields)
        return body | self.extra

    def collection_error(self) -> dict[str, Any]:
        """One element of `errors` in a collections answer."""
        return {"statusCode": self.code, "message": self.message, "fields": list(self.fields)} | self.extra
