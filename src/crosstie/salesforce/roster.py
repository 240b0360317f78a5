"""The users of an org, many for one metered call, and who we are among them."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlsplit

from crosstie.domain.activation import CrmUser
from crosstie.domain.address import canonical
from crosstie.domain.errors import Retry
from crosstie.domain.records import USER, long_id
from crosstie.salesforce import soql
from crosstie.salesforce.client import Client
from crosstie.salesforce.queries import Row, fetch, selects

PERSON = "Standard"
"""The UserType of people; users of sites, integrations and guests are of others."""
_FIELDS = ("Id", "Name", "Email", "IsActive", "UserType", "TimeZoneSidKey")
_PREFIX = "005"


def active(client: Client) -> Sequence[CrmUser]:
    """Everybody who may sign in; two thousand a call."""
    where = soql.every((soql.equal("IsActive", True), soql.equal("UserType", PERSON)))
    return [_user(row) for row in fetch(client, "users", [soql.Select(USER, _FIELDS, where)])]


def by_address(client: Client, addresses: Sequence[str]) -> Sequence[CrmUser]:
    """Whoever has one of these addresses, active or not: an address may be of several users."""
    return [_user(row) for row in fetch(client, "users", selects(USER, _FIELDS, "Email", addresses))]


def by_id(client: Client, user_ids: Sequence[str]) -> Sequence[CrmUser]:
    return [_user(row) for row in fetch(client, "users", selects(USER, _FIELDS, "Id", user_ids))]


def ourselves(client: Client) -> str:
    """The user whose rights we work with; told with every token: `https://login…/id/<org>/<user>`."""
    found = long_id(urlsplit(client.session.token().identity_url).path.rpartition("/")[2])
    if not found.startswith(_PREFIX):
        raise Retry("CRM-ANSWER", "a token without a user")
    return found


def _user(row: Row) -> CrmUser:
    return CrmUser(
        user_id=long_id(str(row["Id"])),
        name=_text(row, "Name"),
        email=canonical(_text(row, "Email")),
        active=row.get("IsActive") is True,
        person=row.get("UserType") == PERSON,
        time_zone=_text(row, "TimeZoneSidKey"),
    )


def _text(row: Row, name: str) -> str:
    value: Any = row.get(name)
    return value if isinstance(value, str) else ""
