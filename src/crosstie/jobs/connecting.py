"""Somebody connects their own mailbox: to its vendor and back, a look whether all is there, and off it goes."""

from collections.abc import Callable
from datetime import timedelta

from django.db import transaction

from crosstie.accounts import words
from crosstie.accounts.activation import setting_up
from crosstie.accounts.audit import Actor
from crosstie.accounts.connection import connecting_words, mailboxes
from crosstie.accounts.connection.connections import ConnectionInfo
from crosstie.accounts.connection.mailboxes import MailboxDetails, MailboxRef
from crosstie.accounts.people import PersonInfo
from crosstie.accounts.sign_in import proving, proving_words, registering, signing_in
from crosstie.accounts.sync import schedule
from crosstie.accounts.words import Answer, Unacceptable, answer
from crosstie.domain.errors import CrosstieError
from crosstie.jobs import consenting, wiring
from crosstie.mailboxes.graph import owner, sign_in
from crosstie.mailboxes.graph.connection import GraphConnection
from crosstie.mailboxes.graph.owner import Owner
from crosstie.mailboxes.graph.sign_in import SignIn
from crosstie.store.models import Access

_TROUBLES = {
    "GRAPH-NO-MAILBOX": connecting_words.CONNECT_NO_MAILBOX,
    "GRAPH-ACCESS-DENIED": connecting_words.CONNECT_SHUT,
}


def begin(person: PersonInfo, redirect_uri: str, *, choose: bool = False) -> SignIn:
    """Raises Unacceptable where the mailbox is not for the person to connect, or not by signing in."""
    house = wiring.get()
    _, connection = _way(person, Access.DELEGATED)
    return sign_in.begin(house.clock, connection, redirect_uri, choose=choose)


def finish(
    person: PersonInfo,
    begun: SignIn,
    given: tuple[str, str],
    redirect_uri: str,
    actor: Actor,
    grace: timedelta = timedelta(),
) -> Answer:
    """`given` are the state and the code that came back; the first session waits for `grace`, if nobody forces it.
    Raises Unacceptable and CrosstieError. A mailbox of the company's own directory shows that its address is the
    person's; in any other one anybody may have written it.
    """
    house = wiring.get()
    way, connection = _way(person, Access.DELEGATED)
    granted = consenting.redeem(connection, begun, given, redirect_uri)
    found = _looked(
        person,
        lambda: owner.look(
            lambda path: sign_in.ask(house.mailboxes.http, connection, granted.access_token, path),
            "/me",
            house.clock.now(),
        ),
    )
    setting_up.check_own(person, found.address, found.others)
    with transaction.atomic():
        if signing_in.is_one(way.details.directory):
            proving.by_mailbox(person, house.clock, actor)
        ref = _activate(person, found, actor, grace)
        consenting.keep(ref, way.details, connection, granted, actor)
    return _started(ref, found, grace)


def at_once(person: PersonInfo, actor: Actor, grace: timedelta = timedelta()) -> Answer:
    """By what the administrator granted for all mailboxes: nobody has to sign in whose address is known to be
    theirs. Raises as `finish` does.
    """
    _, connection = _way(person, Access.APP_ONLY)
    if not person.address_proven:
        whom = registering.whom_to_ask(person.scope)
        raise Unacceptable(proving_words.PROOF_OWED, own=person.address, whom=whom)
    found = _looked(person, lambda: wiring.get().mailboxes.look(connection))
    return _started(_activate(person, found, actor, grace), found, grace)


def admin_consent_url(person: PersonInfo, redirect_uri: str) -> str:
    """Where an administrator allows for everybody what people are asked for. Raises Unacceptable."""
    house = wiring.get()
    way = setting_up.way_to(person)
    if way is None or way.details.access != Access.DELEGATED:
        raise Unacceptable(words.MEND_NOT_YOURS)
    connection = wiring.graph_connection(house.config, house.stores, person.address, way)
    return sign_in.admin_consent_url(connection, redirect_uri)


def _way(person: PersonInfo, access: Access) -> tuple[ConnectionInfo, GraphConnection]:
    house = wiring.get()
    way = setting_up.to_connect(person, house.clock.now())
    if way.details.access != access:
        raise Unacceptable(words.MEND_NOT_YOURS)
    return way, wiring.graph_connection(house.config, house.stores, person.address, way)


def _looked(person: PersonInfo, look: Callable[[], Owner]) -> Owner:
    try:
        return look()
    except CrosstieError as error:
        if error.code in _TROUBLES:
            raise Unacceptable(_TROUBLES[error.code], own=person.address) from error
        raise


def _activate(person: PersonInfo, found: Owner, actor: Actor, grace: timedelta) -> MailboxRef:
    details, clock = (
        MailboxDetails(setting_up.VENDOR, found.address, found.others, found.time_zone),
        wiring.get().clock,
    )
    with transaction.atomic():
        ref = mailboxes.activate(person.scope, person.person_id, details, clock, actor)
        if grace:
            schedule.wait(ref.scope, ref.mailbox_id, clock.now() + grace)
    return ref


def _started(ref: MailboxRef, found: Owner, grace: timedelta) -> Answer:
    consenting.wake(ref.scope)
    if grace:
        said = connecting_words.CONNECTED_WAITS
    else:
        said = connecting_words.CONNECTED if found.may_calendar else connecting_words.CONNECTED_NO_CALENDAR
    return answer(said, address=ref.address, minutes=int(grace.total_seconds() // 60))
