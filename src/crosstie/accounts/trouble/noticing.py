"""Whom a stop is told: the one place that decides that a mail is owed. What is owed lies in the store before
anything is sent (jobs/notices.py); nothing here speaks to a mail server.

A person is written to about their own mailbox where they can mend it, administrators about everything else. One
mail a reader and cause: what stops for the same cause while it lasts is added to it, and what stops again soon
after it was mended waits.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from crosstie.accounts.governance import settings
from crosstie.accounts.trouble import letters, owing, stops
from crosstie.accounts.trouble.letters import Told
from crosstie.accounts.trouble.owing import Matter, Reader
from crosstie.accounts.trouble.stops import StopInfo
from crosstie.domain.access import AuthMode
from crosstie.domain.clock import Clock
from crosstie.domain.speech import say
from crosstie.domain.stopping import OWNERS, Cause, Mender, is_crm, mender
from crosstie.store.models import Access, Connection, Mailbox, MailboxState, Notice, Org, Person, Role, Scope, Stop
from crosstie.store.models.scope import ScopedQuerySet
from crosstie.store.sql import org_of

CAP = timedelta(hours=24)
"""Between two mails of the same cause to the same reader, the first of which was answered by its end."""
MOST_A_DAY = 5
"""Mails to one reader in 24 hours; what is more waits."""
MOST = 500
"""Stops that are decided at a time."""
STOPPED, MENDED = "stopped", "mended"
MOOT = "moot"


@dataclass(frozen=True, slots=True)
class House:
    """Where links lead, and whose name Message-IDs carry."""

    link: str
    host: str
    clock: Clock


def decide(house: House) -> int:
    """Turn what stopped, and what runs again, into mails that are owed; how many."""
    now = house.clock.now()
    with transaction.atomic():
        rows = Stop.everywhere().filter(ended_at=None, decided_at=None).select_related("mailbox", "org")
        found = [stops.info(row) for row in rows.select_for_update(of=("self",)).order_by("pk")[:MOST]]
        owed = sum(_decide(house, tenant, group, now) for tenant, group in _by_tenant(found).items())
        return owed + _answer(house, now)


def mended_by(scope: Scope, mailbox_id: int | None, cause: Cause) -> Mender:
    """Who can mend it, as the mailbox or the org (None) is entered. `scope` names the org."""
    (found,) = menders(scope, [(org_of(scope), mailbox_id, cause)])
    return found


def menders(scope: Scope, wanted: Sequence[tuple[int, int | None, Cause]]) -> list[Mender]:
    """The same for many of a tenant at once: the org, the mailbox and the cause of each."""
    mine = Scope(scope.tenant_id)
    orgs = {org_id for org_id, mailbox_id, _ in wanted if mailbox_id is None}
    boxes = {mailbox_id for _, mailbox_id, _ in wanted if mailbox_id is not None}
    by_person = Org.of(mine).filter(pk__in=orgs, auth_mode=AuthMode.REFRESH_TOKEN.value)
    by_owner = Connection.of(mine).filter(mailbox_id__in=boxes, access=Access.DELEGATED)
    signed_in = set(by_person.values_list("pk", flat=True)), set(by_owner.values_list("mailbox_id", flat=True))
    return [
        mender(cause, delegated=org_id in signed_in[0])
        if mailbox_id is None
        else mender(cause, delegated=mailbox_id in signed_in[1] and cause in OWNERS)
        for org_id, mailbox_id, cause in wanted
    ]


def administrators(scope: Scope, mailbox_id: int | None) -> list[Person]:
    """Of all of the tenant, and those of the mailbox's profile."""
    people = Person.of(Scope(scope.tenant_id)).order_by("pk")
    found = list(people.filter(role=Role.PLATFORM_ADMIN))
    if mailbox_id:
        box = Mailbox.of(scope).select_related("person").get(pk=mailbox_id)
        found += people.filter(role=Role.PROFILE_ADMIN, profile_id=box.person.profile_id)
    return found


def _by_tenant(found: Iterable[StopInfo]) -> dict[int, list[StopInfo]]:
    groups: dict[int, list[StopInfo]] = defaultdict(list)
    for stop in found:
        groups[stop.scope.tenant_id].append(stop)
    return groups


def _decide(house: House, tenant_id: int, found: Sequence[StopInfo], now: datetime) -> int:
    """Of one tenant. A stop with a reader who is not to be written to yet stays undecided."""
    scope = Scope(tenant_id)
    halted = {stop.scope.org_id for stop in stops.going_on(scope) if stop.mailbox_id is None}
    groups: dict[tuple[Reader, Cause], list[StopInfo]] = defaultdict(list)
    for stop in found:
        in_org = stop.mailbox_id is not None and is_crm(stop.code) and stop.scope.org_id in halted
        for reader in () if in_org else _readers(scope, stop):
            groups[reader, stop.cause].append(stop)
    owed, waiting = 0, set()
    for (reader, cause), group in groups.items():
        if _joins(scope, reader, cause, group):
            continue
        if _too_soon(scope, reader, cause, now):
            waiting |= {stop.stop_id for stop in group}
            continue
        _owe(house, scope, reader, cause, group)
        owed += 1
    done = [stop.stop_id for stop in found if stop.stop_id not in waiting]
    Stop.of(scope).filter(pk__in=done).update(decided_at=now)
    return owed


def _readers(scope: Scope, stop: StopInfo) -> list[Reader]:
    """Nobody where it passes by itself; where no administrator is known, whoever is concerned is told."""
    who = mended_by(stop.scope, stop.mailbox_id, stop.cause)
    if who is Mender.NOBODY:
        return []
    owner = _owner(stop)
    if who is Mender.OWNER and owner and _wants(scope, owner, "notices.owner"):
        return [_reader(owner, is_owner=True)]
    admins = administrators(stop.scope, stop.mailbox_id)
    found = [_reader(admin) for admin in admins if _wants(scope, admin, "notices.admin")]
    named = settings.get(scope, settings.EVERYBODY, "notices.addresses")
    found += [Reader(address) for address in named if address not in {reader.address for reader in found}]
    if found or admins:
        return found
    concerned = [owner] if owner else _working(stop.scope)
    return [_reader(person, is_owner=True) for person in concerned if _wants(scope, person, "notices.owner")]


def _owner(stop: StopInfo) -> Person | None:
    if stop.mailbox_id is None:
        return None
    row = Mailbox.of(stop.scope).select_related("person").filter(pk=stop.mailbox_id).first()
    return row.person if row else None


def _working(scope: Scope) -> list[Person]:
    rows = Mailbox.of(scope).exclude(state=MailboxState.DISABLED).select_related("person").order_by("pk")
    return [row.person for row in rows]


def _reader(person: Person, *, is_owner: bool = False) -> Reader:
    return Reader(person.address, person.pk, person.name, is_owner)


def _wants(scope: Scope, person: Person, name: str) -> bool:
    return bool(settings.get(scope, settings.for_person(scope, person.pk), name))


def _mails(scope: Scope, reader: Reader, about: str = STOPPED) -> ScopedQuerySet[Notice]:
    return Notice.of(scope).filter(address=reader.address, about=about).exclude(dropped=MOOT)


def _joins(scope: Scope, reader: Reader, cause: Cause, group: Sequence[StopInfo]) -> bool:
    """They know already that this is so, and it has not ended."""
    row = _mails(scope, reader).filter(cause=cause.value, answered_at=None).order_by("-pk").first()
    if row is None:
        return False
    row.stops = sorted({*row.stops, *(stop.stop_id for stop in group)})
    row.save(update_fields=["stops"])
    return True


def _too_soon(scope: Scope, reader: Reader, cause: Cause, now: datetime) -> bool:
    lately = _mails(scope, reader).filter(owed_at__gt=now - CAP)
    return lately.filter(cause=cause.value).exists() or lately.count() >= MOST_A_DAY


def _owe(house: House, scope: Scope, reader: Reader, cause: Cause, group: Sequence[StopInfo]) -> None:
    first = group[0]
    who = mended_by(first.scope, first.mailbox_id, cause)
    if who is Mender.OWNER and not reader.is_owner:
        who = Mender.ADMIN
    told = _told(scope, reader, group)
    with owing.speaking_to(scope, reader):
        address = told.names[0] if len(told.names) == 1 else say(letters.THESE)
        advice = letters.advice(cause, who, address)
        letter = letters.stopped(told, reader.name, advice, first.code, house.link, owner=reader.is_owner)
    matter = Matter(STOPPED, cause.value, [stop.stop_id for stop in group])
    owing.owe(scope, reader, matter, letter, house.host, house.clock)


def _told(scope: Scope, reader: Reader, group: Sequence[StopInfo]) -> Told:
    since = min(stop.since for stop in group).astimezone(owing.zone(scope, reader.person_id))
    return Told([stop.address for stop in group], group[0].mailbox_id is None, since)


def _answer(house: House, now: datetime) -> int:
    """Whoever was told that something had stopped is told that it runs again; what was not sent yet is dropped."""
    owed = 0
    rows = Notice.everywhere().filter(about=STOPPED, answered_at=None).exclude(dropped=MOOT)
    for row in rows.select_for_update().order_by("pk")[:MOST]:
        scope = Scope(row.tenant_id)
        told = Stop.of(scope).filter(pk__in=row.stops).select_related("mailbox", "org")
        if told.filter(ended_at=None).exists():
            continue
        row.answered_at = now
        if row.sent_at is None and row.claimed_until is None:
            row.due_at, row.dropped = None, row.dropped or MOOT
        row.save(update_fields=["answered_at", "due_at", "dropped"])
        if told and not row.dropped:
            _say_mended(house, scope, row, [stops.info(stop) for stop in told.order_by("pk")], now)
            owed += 1
    return owed


def _say_mended(house: House, scope: Scope, row: Notice, group: Sequence[StopInfo], now: datetime) -> None:
    reader = Reader(row.address, row.person_id, row.person.name if row.person else "")
    filled = [stops.lately(stop.scope, stop.mailbox_id, now) for stop in group if stop.mailbox_id]
    saved = sum(one.saved for one in filled if one)
    at = max(stop.ended_at or now for stop in group).astimezone(owing.zone(scope, row.person_id))
    with owing.speaking_to(scope, reader):
        letter = letters.mended(_told(scope, reader, group), reader.name, at, saved, house.link)
    owing.owe(scope, reader, Matter(MENDED, row.cause, row.stops), letter, house.host, house.clock)
