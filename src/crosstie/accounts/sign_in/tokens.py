"""Personal access tokens: what a person's own programs show instead of signing in.

A token is `crosstie_HANDLE.REST`. The handle finds the row and is shown; of the rest a keyed digest is kept, so
that neither the tables nor a backup of them hold anything to sign in with.
"""

import hmac
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction

from crosstie.accounts import audit, people, words
from crosstie.accounts.audit import SYSTEM, Actor, Deed
from crosstie.accounts.connection import inactive
from crosstie.accounts.people import PersonInfo
from crosstie.accounts.sign_in import account_notices, api_words
from crosstie.accounts.sign_in.account_notices import Change
from crosstie.accounts.words import Unacceptable
from crosstie.config.secrets import KeyRing
from crosstie.domain.clock import Clock
from crosstie.store.models import AccessToken, Person, Scope, SignIn

BEGINNING = "crosstie_"
"""So that a token that was left lying about is known for what it is."""
DAYS, MOST_DAYS = 90, 365
MOST = 20
"""Tokens of a person that have not expired."""
PROVEN = timedelta(days=30)
"""How long a person's programs go on after they last signed in. Nobody tells us of an account that was taken away
at Microsoft or Google, but whoever had it cannot sign in any more.
"""
FRESH = timedelta(minutes=15)
"""How old a sign-in may be at which somebody makes what signs in as them later on."""
_HANDLE_BYTES, _REST_BYTES, _DIGEST_BYTES = 9, 33, 16
_TOKEN = re.compile(rf"{BEGINNING}([A-Za-z0-9_-]{{12}})\.([A-Za-z0-9_-]{{44}})")
_NAME = re.compile(r"[^\s\x00-\x1f\x7f-\x9f](?:[^\x00-\x1f\x7f-\x9f]{0,58}[^\s\x00-\x1f\x7f-\x9f])?")


@dataclass(frozen=True, slots=True)
class TokenDetails:
    """A token that may not act only reads."""

    name: str
    may_act: bool = False
    days: int = DAYS


@dataclass(frozen=True, slots=True)
class TokenInfo:
    token_id: int
    name: str
    handle: str
    may_act: bool
    created_at: datetime
    expires_at: datetime
    used_on: date | None
    """The last day, in UTC."""

    @property
    def beginning(self) -> str:
        """What a person knows it again by."""
        return BEGINNING + self.handle


@dataclass(frozen=True, slots=True)
class Bearer:
    """Who is asking, and what the token they show is good for."""

    person: PersonInfo
    token: TokenInfo


def is_fresh(scope: Scope, person_id: int, sign_in_id: int, now: datetime) -> bool:
    """Whether whoever is at this browser has just proven who they are, and was not signed out since."""
    recent = SignIn.of(Scope(scope.tenant_id)).filter(person_id=person_id, began_at__gt=now - FRESH)
    return bool(recent.filter(pk=sign_in_id).exists())


def make(
    scope: Scope,
    person_id: int,
    given: TokenDetails,
    ring: KeyRing,
    clock: Clock,
    actor: Actor = SYSTEM,
    *,
    sign_in_id: int | None = None,
) -> tuple[TokenInfo, str]:
    """The token as its holder needs it stands in this answer and nowhere else.

    Made in a browser, it wants the sign-in there to be fresh. That is asked while nobody can sign the person out
    everywhere: such a token is made before, and revoked then, or not made at all.
    """
    scope, now = Scope(scope.tenant_id), clock.now()
    name = given.name.strip()
    if not _NAME.fullmatch(name):
        raise Unacceptable(api_words.TOKEN_NAME_BAD)
    if not 1 <= given.days <= MOST_DAYS:
        raise Unacceptable(api_words.TOKEN_DAYS_BAD, most=MOST_DAYS)
    handle, rest = clock.token(_HANDLE_BYTES), clock.token(_REST_BYTES)
    with transaction.atomic():
        if not Person.of(scope).select_for_update(no_key=True).filter(pk=person_id).exists():
            raise Unacceptable(words.UNKNOWN, what="person", name=person_id, hint="")
        if sign_in_id is not None and not is_fresh(scope, person_id, sign_in_id, now):
            raise Unacceptable(api_words.TOKEN_SIGN_IN_OLD)
        if AccessToken.of(scope).filter(person_id=person_id, expires_at__gt=now).count() >= MOST:
            raise Unacceptable(api_words.TOKENS_MANY, most=MOST)
        row = AccessToken.of(scope).create(
            person_id=person_id,
            name=name,
            handle=handle,
            digest=_digest(ring, ring.current, handle, rest),
            may_act=given.may_act,
            created_at=now,
            proven_at=now,
            expires_at=now + timedelta(days=given.days),
        )
        details = {"handle": handle, "may_act": row.may_act, "days": given.days}
        audit.record(scope, Deed(now, actor, "token.make", f"token {row.pk}", details))
        account_notices.owe(scope, person_id, Change.PROGRAM, clock)
    return _info(row), f"{BEGINNING}{handle}.{rest}"


def revoke(scope: Scope, person_id: int, token_id: int, clock: Clock, actor: Actor = SYSTEM) -> TokenInfo:
    """From this moment on it is good for nothing."""
    scope = Scope(scope.tenant_id)
    with transaction.atomic():
        rows = AccessToken.of(scope).select_for_update()
        row = rows.filter(person_id=person_id, pk=token_id).first()
        if row is None:
            raise Unacceptable(api_words.TOKEN_UNKNOWN)
        return _revoke(row, clock, actor)


def revoke_all(scope: Scope, person_id: int, clock: Clock, actor: Actor = SYSTEM) -> int:
    """Those of the person; how many there were."""
    with transaction.atomic():
        rows = AccessToken.of(Scope(scope.tenant_id)).select_for_update().filter(person_id=person_id)
        return len([_revoke(row, clock, actor) for row in rows.order_by("pk")])


def _revoke(row: AccessToken, clock: Clock, actor: Actor) -> TokenInfo:
    found = _info(row)
    row.delete()
    deed = Deed(clock.now(), actor, "token.revoke", f"token {found.token_id}", {"handle": found.handle})
    audit.record(Scope(row.tenant_id), deed)
    return found


def of_person(scope: Scope, person_id: int) -> Sequence[TokenInfo]:
    """The newest first; those that have expired are among them for a while."""
    rows = AccessToken.of(Scope(scope.tenant_id)).filter(person_id=person_id)
    return [_info(row) for row in rows.order_by("-created_at", "-pk")[: 2 * MOST]]


def bearer(token: str, ring: KeyRing, now: datetime) -> Bearer | None:
    """Whose token it is; None for one that is none of ours, has expired, or was revoked.

    Nor is it anybody's while its person's user is switched off at Salesforce, or has not signed in for long.
    """
    parts = _TOKEN.fullmatch(token)
    if parts is None:
        return None
    handle, rest = parts.groups()
    rows = AccessToken.everywhere().exclude(inactive.user("person__org_id", "person__crm_user_id"))
    row = rows.filter(handle=handle, expires_at__gt=now, proven_at__gt=now - PROVEN).first()
    if row is None or not _is_same(ring, row, rest):
        return None
    today = now.date()
    if row.used_on != today:
        AccessToken.of(Scope(row.tenant_id)).filter(pk=row.pk).update(used_on=today)
    return Bearer(people.get(Scope(row.tenant_id), row.person_id), _info(row))


def proven(scope: Scope, person_id: int, now: datetime) -> None:
    """The person signed in: their programs go on."""
    AccessToken.of(Scope(scope.tenant_id)).filter(person_id=person_id).update(proven_at=now)


def doubted(scope: Scope, person_ids: Sequence[int]) -> None:
    """Their programs wait until they sign in again."""
    AccessToken.of(Scope(scope.tenant_id)).filter(person_id__in=person_ids).update(proven_at=None)


def _is_same(ring: KeyRing, row: AccessToken, rest: str) -> bool:
    key_id = row.digest.partition(":")[0]
    return key_id in ring.keys and hmac.compare_digest(_digest(ring, key_id, row.handle, rest), row.digest)


def _digest(ring: KeyRing, key_id: str, handle: str, rest: str) -> str:
    message = f"access-token\x1f{handle}\x1f{rest}".encode()
    return f"{key_id}:{hmac.digest(ring.keys[key_id], message, 'sha256')[:_DIGEST_BYTES].hex()}"


def _info(row: AccessToken) -> TokenInfo:
    return TokenInfo(
        token_id=row.pk,
        name=row.name,
        handle=row.handle,
        may_act=row.may_act,
        created_at=row.created_at,
        expires_at=row.expires_at,
        used_on=row.used_on,
    )
