"""What an org has handed out: authorization codes, refresh tokens and sessions (access tokens)."""

import random
import string
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Protocol

from sandbox.salesforce.ids import Id

CODE_LIFE = timedelta(minutes=15)
APPROVALS = 5
"""Refresh tokens one user may hold for one app; a further one ends the oldest [recall]."""
_LETTERS = string.ascii_letters + string.digits + "._"


@dataclass(frozen=True, slots=True)
class Code:
    code: str
    user: Id
    client_id: str
    redirect_uri: str
    scope: str
    challenge: str
    """PKCE S256 challenge, empty when the client sent none."""
    expires: datetime
    nonce: str = ""


@dataclass(frozen=True, slots=True)
class Grant:
    """A refresh token."""

    token: str
    user: Id
    client_id: str
    scope: str
    issued: datetime | None = None
    used: datetime | None = None


@dataclass(frozen=True, slots=True)
class Session:
    """An access token."""

    token: str
    user: Id
    client_id: str
    scope: str
    opened: datetime
    expires: datetime
    grant: str = ""
    """The refresh token it came from, which takes it along when it is revoked."""


def approval_key(session: Session) -> str:
    return session.grant or f"{session.user}/{session.client_id}"


class Book(Protocol):
    """Who is told when an approval is another token's, or nobody's any more."""

    def forget(self, key: str) -> None: ...

    def rename(self, old: str, new: str) -> None: ...


@dataclass(slots=True)
class Tokens:
    org_id: Id
    dice: random.Random
    book: Book | None = None
    spent: dict[str, str] = field(default_factory=dict)
    """Refresh token that another replaced → that other."""
    codes: dict[str, Code] = field(default_factory=dict)
    grants: dict[str, Grant] = field(default_factory=dict)
    sessions: dict[str, Session] = field(default_factory=dict)

    def issue_code(
        self,
        user: Id,
        client_id: str,
        redirect_uri: str,
        scope: str,
        challenge: str,
        now: datetime,
        nonce: str = "",
    ) -> Code:
        text, until = "aPrx" + self._random(60), now + CODE_LIFE
        code = Code(text, user, client_id, redirect_uri, scope, challenge, until, nonce)
        self.codes[code.code] = code
        return code

    def redeem(self, code: str, client_id: str, now: datetime) -> Code | None:
        """The code's content, once; None when it is unknown, used, another app's or too old."""
        found = self.codes.get(code)
        if found is None or found.client_id != client_id:
            return None
        del self.codes[code]
        return found if now < found.expires else None

    def issue_grant(
        self, user: Id, client_id: str, scope: str, *, kept: int = APPROVALS, now: datetime | None = None
    ) -> Grant:
        grant = Grant("5Aep861" + self._random(80), user, client_id, scope, now, now)
        self.grants[grant.token] = grant
        held = [one for one in self.grants.values() if (one.user, one.client_id) == (user, client_id)]
        for oldest in held[:-kept]:
            self.revoke(oldest.token)
        return grant

    def rotate(self, grant: Grant) -> Grant:
        """A new refresh token in place of the old one; sessions made with the old one live on."""
        del self.grants[grant.token]
        new = replace(grant, token="5Aep861" + self._random(80))
        self.grants[new.token] = new
        self.spent[grant.token] = new.token
        for session in [one for one in self.sessions.values() if one.grant == grant.token]:
            self.sessions[session.token] = replace(session, grant=new.token)
        if self.book:
            self.book.rename(grant.token, new.token)
        return new

    def use(self, grant: Grant, now: datetime) -> Grant:
        self.grants[grant.token] = replace(grant, used=now)
        return self.grants[grant.token]

    def successor(self, token: str) -> str:
        """The refresh token that stands in the end where this one stood; empty for one that was never replaced."""
        found = ""
        while token in self.spent:
            found = token = self.spent[token]
        return found

    def open_session(
        self, user: Id, client_id: str, scope: str, now: datetime, length: timedelta, grant: str = ""
    ) -> Session:
        token = f"{self.org_id[:15]}!AQ{self._random(94)}"
        session = Session(token, user, client_id, scope, now, now + length, grant)
        self.sessions[token] = session
        return session

    def session(self, token: str, now: datetime) -> Session | None:
        """The live session of an access token; an expired one is forgotten."""
        session = self.sessions.get(token)
        if session is not None and now >= session.expires:
            del self.sessions[token]
            return None
        return session

    def prolong(self, session: Session, until: datetime) -> None:
        self.sessions[session.token] = replace(session, expires=until)

    def revoke(self, token: str) -> bool:
        """Ends a session, or a refresh token with the sessions made from it; False when it is neither."""
        if self._end_grant(token):
            return True
        ended = self.sessions.pop(token, None)
        if ended is not None and not (ended.grant and self._end_grant(ended.grant)):
            self._end_approval(ended)
        return ended is not None

    def revoke_app(self, client_id: str, user: Id | None = None) -> int:
        """Whatever the app holds, for one user or for all; answers how many tokens ended."""
        held: list[Grant | Session] = [*self.grants.values(), *self.sessions.values()]
        mine = [one.token for one in held if one.client_id == client_id and user in (None, one.user)]
        return sum(self.revoke(token) for token in mine)

    def _end_grant(self, token: str) -> bool:
        if self.grants.pop(token, None) is None:
            return False
        for session in [one for one in self.sessions.values() if one.grant == token]:
            del self.sessions[session.token]
        if self.book:
            self.book.forget(token)
        return True

    def _end_approval(self, ended: Session) -> None:
        """Of an app without a refresh token, once the last of its sessions was revoked."""
        key = approval_key(ended)
        if self.book and all(approval_key(one) != key for one in self.sessions.values()):
            self.book.forget(key)

    def end_sessions(self, user: Id | None = None) -> int:
        """Every session of the org, or of one user, is over; refresh tokens stay. Answers how many."""
        ended = [one.token for one in self.sessions.values() if user in (None, one.user)]
        for token in ended:
            del self.sessions[token]
        return len(ended)

    def _random(self, length: int) -> str:
        return "".join(self.dice.choices(_LETTERS, k=length))
