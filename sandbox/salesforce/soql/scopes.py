"""USING SCOPE: the rows of an object that are somebody's in one sense or another.

Which scopes an object has is as its recorded description says. Those of account teams and territories need
features that these orgs have not, and are refused.
"""

from collections.abc import Callable
from datetime import datetime

from sandbox.salesforce.errors import SalesforceError
from sandbox.salesforce.records import Row
from sandbox.salesforce.soql.bind import Scope

Test = Callable[[Row], bool]
MRU_KEPT = 200
"""Rows a list of recently used ones has at most."""

_ACTIVITIES = ("Task", "Event")
_SCOPING_RULES = ("Case", "Contact", "Event", "Lead", "Opportunity", "Task", "Account")


def scopes_of(object_name: str, *, owned: bool) -> tuple[str, ...]:
    """In lower case; `everything` is there always."""
    names = ["everything", "mru"]
    if owned:
        names.append("mine")
    if object_name in _ACTIVITIES:
        names += ["delegated", "team"]
    if object_name in ("Case", "Lead"):
        names += ["queue_owned", "user_owned", "team_by_role"]
    if object_name in _SCOPING_RULES:
        names.append("scopingrule")
    return tuple(names)


def scope_test(scope: Scope, name: str | None) -> Test | None:
    """Whether a row is within; None when all are. No scoping rule is set up, so that one hides nothing."""
    wanted = (name or "everything").lower()
    if wanted not in scopes_of(scope.shape.name, owned="OwnerId" in scope.shape.fields):
        raise SalesforceError("INVALID_QUERY_SCOPE", f"invalid query scope: {name}")
    user = scope.user
    if wanted == "mine":
        return lambda row: row.get("OwnerId") == user
    if wanted == "delegated":
        return lambda row: row.get("CreatedById") == user and row.get("OwnerId") != user
    if wanted in ("queue_owned", "user_owned"):
        prefix = "00G" if wanted == "queue_owned" else "005"
        return lambda row: str(row.get("OwnerId", "")).startswith(prefix)
    if wanted in ("team", "team_by_role"):
        sharing = scope.core.access.sharing
        return lambda row: row.get("OwnerId") == user or sharing.above(user, str(row.get("OwnerId", "")))
    return _recent(scope) if wanted == "mru" else None


def _recent(scope: Scope) -> Test:
    prefix = scope.shape.prefix
    looked: list[tuple[datetime, str]] = [
        (max(moments.values()), record_id)
        for (user, record_id), moments in scope.core.seen.items()
        if user == scope.user and record_id.startswith(prefix)
    ]
    recent = {record_id for _, record_id in sorted(looked, reverse=True)[:MRU_KEPT]}
    return lambda row: row["Id"] in recent
