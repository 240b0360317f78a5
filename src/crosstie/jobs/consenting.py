"""A mailbox's owner comes back from signing in to it: one way to take what they bring and to keep it."""

from crosstie.accounts import words
from crosstie.accounts.audit import Actor
from crosstie.accounts.connection import connecting_words, connections, credentials
from crosstie.accounts.connection.connections import ConnectionDetails
from crosstie.accounts.connection.mailboxes import MailboxRef
from crosstie.accounts.words import Unacceptable
from crosstie.domain.errors import NeedsConsent
from crosstie.jobs import wiring
from crosstie.jobs.queue import Priority, enqueue
from crosstie.jobs.sync import SESSIONS, TICK
from crosstie.mailboxes.graph import sign_in
from crosstie.mailboxes.graph.connection import GraphConnection
from crosstie.mailboxes.graph.sign_in import Granted, SignIn
from crosstie.store.models import Scope


def redeem(connection: GraphConnection, begun: SignIn, given: tuple[str, str], redirect_uri: str) -> Granted:
    """`given` are the state and the code that came back. Raises Unacceptable and CrosstieError."""
    house = wiring.get()
    state, code = given
    try:
        return sign_in.finish(
            house.mailboxes.http, house.clock, connection, begun, state=state, code=code, redirect_uri=redirect_uri
        )
    except NeedsConsent as refused:
        if refused.code == sign_in.STATE:
            raise Unacceptable(words.SIGN_IN_STALE) from refused
        if refused.code == sign_in.PARTIAL:
            missing = connecting_words.missing(refused.detail)
            raise Unacceptable(connecting_words.CONNECT_PARTIAL, missing=missing) from refused
        raise


def refused(begun: SignIn, state: str, description: str) -> Unacceptable:
    """Why the login page sent somebody back without a code; `state` shows that it was that page."""
    try:
        sign_in.check_state(begun, state)
    except NeedsConsent:
        return Unacceptable(words.SIGN_IN_STALE)
    return Unacceptable(_REFUSALS.get(sign_in.refusal(description).code, words.MEND_DENIED))


def keep(
    ref: MailboxRef, details: ConnectionDetails, connection: GraphConnection, granted: Granted, actor: Actor
) -> None:
    """As this mailbox's own access."""
    house = wiring.get()
    secret = credentials.written({"client_secret": connection.secret, "refresh_token": granted.refresh_token})
    vault = house.stores.vault()
    connections.grant(ref.scope, details, secret, vault, house.clock, mailbox_id=ref.mailbox_id, actor=actor)


def wake(scope: Scope) -> None:
    """The org is read, and whatever is due has a session."""
    for kind in (TICK, SESSIONS):
        enqueue(kind, str(scope.org_id), priority=Priority.FORCED)


_REFUSALS = {sign_in.ADMIN: connecting_words.CONNECT_ADMIN, sign_in.DECLINED: connecting_words.CONNECT_DECLINED}
