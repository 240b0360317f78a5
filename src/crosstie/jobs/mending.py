"""What people do about sync that stands still: try again, give a new secret, sign in to the mailbox anew."""

from crosstie.accounts import audit, words
from crosstie.accounts.audit import Actor, Deed
from crosstie.accounts.connection import connections
from crosstie.accounts.connection.connections import ConnectionInfo
from crosstie.accounts.connection.mailboxes import MailboxRef
from crosstie.accounts.trouble import mending, mending_words, refusals
from crosstie.accounts.trouble.mending import Trouble
from crosstie.accounts.words import Answer, Unacceptable, answer
from crosstie.domain.errors import NeedsConsent
from crosstie.domain.stopping import Cause
from crosstie.jobs import consenting, wiring
from crosstie.mailboxes.graph import sign_in
from crosstie.mailboxes.graph.connection import GraphConnection
from crosstie.mailboxes.graph.sign_in import SignIn
from crosstie.store.sql import org_of

LONGEST_SECRET = 500


def again(trouble: Trouble, actor: Actor) -> Answer:
    """Somebody says that it was mended where we do not see it. Raises Unacceptable where it was not."""
    now, scope = wiring.get().clock.now(), trouble.scope
    if trouble.cause is Cause.OWN_USER and trouble.mailbox_id:
        _look_at_user(trouble, trouble.mailbox_id)
    if trouble.mailbox_id is None:
        refusals.org_again(scope)
    else:
        refusals.again(scope, [trouble.mailbox_id], now)
    audit.record(scope, Deed(now, actor, "sync.again", _target(trouble)))
    consenting.wake(scope)
    return answer(words.MEND_AGAIN)


def _look_at_user(trouble: Trouble, mailbox_id: int) -> None:
    """One question to Salesforce, because somebody asked; by itself it is seen with what the tick reads anyway."""
    house = wiring.get()
    states = house.stores.states(trouble.scope)
    user_id = states.info(mailbox_id).crm_user_id
    if not any(user.active for user in house.crm.open(org_of(trouble.scope)).users([user_id])):
        raise Unacceptable(mending_words.MEND_USER_INACTIVE, address=trouble.address)
    states.record_changes([], {}, [], users={user_id: True}, frozen={user_id: False})


def keep_secret(trouble: Trouble, secret: str, actor: Actor) -> Answer:
    """Of the app that enters the mailbox, or the org. It goes to the vault alone. Raises Unacceptable."""
    if not secret.strip() or len(secret) > LONGEST_SECRET or not secret.isprintable():
        raise Unacceptable(words.SECRET_BAD)
    house = wiring.get()
    found = _connection(trouble)
    wiring.keep_client_secret(house.stores, mending.secret_place(trouble, found), secret.strip())
    audit.record(trouble.scope, Deed(house.clock.now(), actor, "sync.secret", _target(trouble)))
    if found:
        refusals.granted(trouble.scope, found.details.vendor, found.mailbox_id, house.clock)
    else:
        refusals.org_again(trouble.scope)
    consenting.wake(trouble.scope)
    return answer(words.MEND_SECRET)


def begin_sign_in(ref: MailboxRef, redirect_uri: str) -> SignIn:
    """Raises Unacceptable where the mailbox is not entered with its owner's own sign-in."""
    return sign_in.begin(wiring.get().clock, _own(ref), redirect_uri)


def finish_sign_in(
    ref: MailboxRef, begun: SignIn, given: tuple[str, str], redirect_uri: str, actor: Actor
) -> Answer:
    """`given` are the state and the code that came back. Raises Unacceptable and CrosstieError."""
    house, connection = wiring.get(), _own(ref)
    granted = consenting.redeem(connection, begun, given, redirect_uri)
    try:
        sign_in.check_owner(house.mailboxes.http, house.clock, connection, granted.access_token)
    except NeedsConsent as refused:
        if refused.code == sign_in.FOREIGN:
            raise Unacceptable(words.MEND_FOREIGN, address=ref.address) from refused
        raise
    found = connections.of_mailbox(ref.mailbox_id)
    if found is None:
        raise Unacceptable(words.MAILBOX_UNKNOWN)
    consenting.keep(ref, found[1].details, connection, granted, actor)
    refusals.again(ref.scope, [ref.mailbox_id], house.clock.now())
    consenting.wake(ref.scope)
    return answer(words.MEND_SIGNED_IN)


def _own(ref: MailboxRef) -> GraphConnection:
    connection = wiring.get().mailboxes.lookup(ref.mailbox_id)
    if connection is None or not connection.delegated:
        raise Unacceptable(words.MEND_NOT_YOURS)
    return connection


def _connection(trouble: Trouble) -> ConnectionInfo | None:
    if trouble.mailbox_id is None:
        return None
    found = connections.of_mailbox(trouble.mailbox_id)
    if found is None:
        raise Unacceptable(words.MAILBOX_UNKNOWN)
    return found[1]


def _target(trouble: Trouble) -> str:
    return f"mailbox {trouble.mailbox_id}" if trouble.mailbox_id else f"org {trouble.scope.org_id}"
