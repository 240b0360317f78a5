"""Ways into a Salesforce org."""

from enum import StrEnum


class AuthMode(StrEnum):
    """How an org is entered; the secret each one needs lies in the vault."""

    JWT_BEARER = "jwt-bearer"
    CLIENT_CREDENTIALS = "client-credentials"
    REFRESH_TOKEN = "refresh-token"  # noqa: S105 - the name of a mode
