"""USING SCOPE: the rows of an object that are somebody's in one sense or another.

Which scopes an object has is as the recorded descriptions say. Those of territories need a feature that these orgs
have not, and are refused.
"""

from collections.abc import Callable

from sandbox.salesforce.errors import SalesforceError
from sandbox.salesforce.recent import looked_at
from sandbox.salesforce.records import Row
from sandbox.salesforce.schema import ObjectSchema
from sandbox.salesforce.soql.bind import Scope

Test = Callable[[Row], bool]
LABELS = {
    "delegated": "My delegated {}",
    "everything": "All {}",
    "genericteam": "My case teams {}",
    "mine": "My {}",
    "queue_owned": "Queue owned {}",
    "scopingRule": "Filter by scope",
    "team": "My team's {}",
    "team_by_role": "My role-based team's {}",
    "user_owned": "User owned {}",
}
_MORE = {
    "Account": ("team",),
    "Case": ("genericteam", "queue_owned", "team_by_role", "user_owned"),
    "Contact": ("scopingRule", "team"),
    "Event": ("delegated", "scopingRule", "team"),
    "Lead": ("queue_owned", "scopingRule", "team", "user_owned"),
    "Opportunity": ("scopingRule", "team"),
    "Task": ("delegated", "scopingRule", "team"),
}


def described(shape: ObjectSchema) -> list[tuple[str, str]]:
    """Label and name of each scope of an object, in the order of their names."""
    mine = ("mine",) if "OwnerId" in shape.fields else ()
    names = sorted(("everything", *mine, *_MORE.get(shape.name, ())))
    plural = (shape.facts.plural or f"{shape.label}s").lower()
    return [(LABELS[name].format(plural), name) for name in names]


def scope_test(scope: Scope, name: str | None) -> Test | None:
    """Whether a row is within; None when all are. No scoping rule is set up, so that one hides nothing.

    `mru` is in no description, and taken everywhere.
    """
    wanted = (name or "everything").lower()
    if wanted not in {one.lower() for _, one in described(scope.shape)} | {"mru"}:
        raise SalesforceError("INVALID_QUERY_SCOPE", f"invalid query scope: {name}")
    if wanted in ("everything", "scopingrule"):
        return None
    return _recent(scope) if wanted == "mru" else _TESTS[wanted](scope)


def _mine(scope: Scope) -> Test:
    return lambda row: row.get("OwnerId") == scope.user


def _team(scope: Scope) -> Test:
    """Own rows, and those of everybody whose role stands below."""
    user, sharing = scope.user, scope.core.access.sharing
    return lambda row: row.get("OwnerId") == user or sharing.above(user, str(row.get("OwnerId", "")))


def _delegated(scope: Scope) -> Test:
    return lambda row: row.get("CreatedById") == scope.user and row.get("OwnerId") != scope.user


def _owned_by(prefix: str) -> Callable[[Scope], Test]:
    return lambda scope: lambda row: str(row.get("OwnerId", "")).startswith(prefix)


_TESTS: dict[str, Callable[[Scope], Test]] = {
    "mine": _mine,
    "team": _team,
    "team_by_role": _team,
    "delegated": _delegated,
    "queue_owned": _owned_by("00G"),
    "user_owned": _owned_by("005"),
    "genericteam": lambda _: lambda _row: False,
}
"""There are no case teams, so that nobody is in one."""


def _recent(scope: Scope) -> Test:
    ids = {row["Id"] for row in looked_at(scope.core, scope.user, scope.shape.prefix)}
    return lambda row: row["Id"] in ids
