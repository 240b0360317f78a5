"""The users of an org, many for one metered call, and who we are among them."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit

from crosstie.domain.activation import CrmUser
from crosstie.domain.address import canonical
from crosstie.domain.errors import Retry
from crosstie.domain.records import USER, USER_LOGIN, long_id
from crosstie.salesforce import soql
from crosstie.salesforce.client import Client
from crosstie.salesforce.queries import Row, fetch, selects

PERSON = "Standard"
"""The UserType of people; users of sites, integrations and guests are of others."""
_FIELDS = ("Id", "Name", "Email", "IsActive", "UserType", "TimeZoneSidKey")
_PREFIX = "005"
_FROZEN = soql.Select(USER_LOGIN, ("UserId",), soql.equal("IsFrozen", True))
"""Wants Manage Users; to an account that has not got it, nobody is frozen.

https://developer.salesforce.com/docs/platform/object-reference/references/standard-objects/object-userlogin.html
"""


def active(client: Client) -> Sequence[CrmUser]:
    """Everybody who may sign in; two thousand a call."""
    where = soql.every((soql.equal("IsActive", True), soql.equal("UserType", PERSON)))
    return [one for one in _users(client, [soql.Select(USER, _FIELDS, where)]) if one.active]


def by_address(client: Client, addresses: Sequence[str]) -> Sequence[CrmUser]:
    """Whoever has one of these addresses, active or not: an address may be of several users."""
    return _users(client, selects(USER, _FIELDS, "Email", addresses))


def by_id(client: Client, user_ids: Sequence[str]) -> Sequence[CrmUser]:
    return _users(client, selects(USER, _FIELDS, "Id", user_ids))


def ourselves(client: Client) -> str:
    """The user whose rights we work with; told with every token: `https://login…/id/<org>/<user>`."""
    found = long_id(urlsplit(client.session.token().identity_url).path.rpartition("/")[2])
    if not found.startswith(_PREFIX):
        raise Retry("CRM-ANSWER", "a token without a user")
    return found


def _users(client: Client, wanted: Sequence[soql.Select]) -> Sequence[CrmUser]:
    """Who is frozen is asked in the same call, and is active as little as who is inactive: both cannot sign in."""
    found = fetch(client, "users", [*wanted, _FROZEN]) if wanted else []
    frozen = {long_id(str(row["UserId"])) for row in found if "UserId" in row}
    users = [_user(row) for row in found if "UserId" not in row]
    return [replace(one, active=one.active and one.user_id not in frozen) for one in users]


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
