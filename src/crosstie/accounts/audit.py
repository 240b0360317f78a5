"""Who did what, when, from where. Values of settings are kept, credentials and content never.

A row is never changed, and not deleted before its time: the database refuses (migration 0026).
"""

from collections.abc import Iterator, Mapping, Sequence
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import QuerySet

from crosstie.store.models import AuditRow, Person, Scope

WEB, API = "web", "api"
_caller: ContextVar[str] = ContextVar("caller", default="")


@dataclass(frozen=True, slots=True)
class Actor:
    """`face` is where it was done (`cli`, `web`, `api`, `system`); the first and the last name no person."""

    face: str
    person_id: int | None = None


SYSTEM = Actor("system")


@dataclass(frozen=True, slots=True)
class Deed:
    at: datetime
    actor: Actor
    action: str
    """Such as `settings.set` or `mailbox.activate`."""
    target: str = ""
    """Kind and id of what it was done to: `mailbox 7`."""
    details: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Entry:
    """A deed as it is read."""

    deed: Deed
    who: str
    """The person's address; `person 7` for one who is gone, the face where it was nobody."""
    caller: str


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which deeds: all that is given must fit."""

    who: str = ""
    """A part of the person's address or name."""
    action: str = ""
    """Or its beginning, up to a dot: `settings` means `settings.set` too."""
    since: datetime | None = None
    before: datetime | None = None


def calls_from(address: str) -> None:
    """Where the deeds of this thread's request come from."""
    _caller.set(address)


def caller() -> str:
    """Where this thread's request comes from; empty outside any."""
    return _caller.get()


def record(scope: Scope, deed: Deed) -> None:
    """Called in the transaction of the deed itself."""
    AuditRow.of(Scope(scope.tenant_id)).create(
        at=deed.at,
        actor_id=deed.actor.person_id,
        face=deed.actor.face,
        caller=_caller.get() if deed.actor.face in (WEB, API) else "",
        action=deed.action,
        target=deed.target,
        details=dict(deed.details),
    )


def recent(scope: Scope, limit: int = 100) -> Sequence[Deed]:
    """The newest first."""
    return [_deed(row) for row in _rows(scope, Wanted())[:limit]]


def entries(scope: Scope, wanted: Wanted, *, skip: int = 0, limit: int = 50) -> Iterator[Entry]:
    """The newest first."""
    scope = Scope(scope.tenant_id)
    rows = list(_rows(scope, wanted)[skip : skip + limit])
    acting = {row.actor_id for row in rows if row.actor_id}
    known = dict(Person.of(scope).filter(pk__in=acting).values_list("pk", "address"))
    for row in rows:
        who = known.get(row.actor_id, f"person {row.actor_id}") if row.actor_id else row.face
        yield Entry(_deed(row), who, row.caller)


def actions(scope: Scope) -> Sequence[str]:
    """All that were ever done here."""
    rows = AuditRow.of(Scope(scope.tenant_id)).order_by("action")
    return list(rows.values_list("action", flat=True).distinct())


def _rows(scope: Scope, wanted: Wanted) -> QuerySet[AuditRow]:
    scope = Scope(scope.tenant_id)
    rows = AuditRow.of(scope).order_by("-at", "-id")
    if wanted.who:
        people = Person.of(scope)
        named = people.filter(address__icontains=wanted.who) | people.filter(name__icontains=wanted.who)
        rows = rows.filter(actor_id__in=list(named.values_list("pk", flat=True)))
    if wanted.action:
        rows = rows.filter(action=wanted.action) | rows.filter(action__startswith=f"{wanted.action}.")
    if wanted.since:
        rows = rows.filter(at__gte=wanted.since)
    return rows.filter(at__lt=wanted.before) if wanted.before else rows


def _deed(row: AuditRow) -> Deed:
    return Deed(row.at, Actor(row.face, row.actor_id), row.action, row.target, row.details)
