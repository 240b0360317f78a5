"""A person signs in by their company's provider of identities: one way for all of them (openid.py).

Every refusal is one of accounts/words.py's sentences.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace

from django.core.cache import cache

from crosstie import openid
from crosstie.accounts import words
from crosstie.accounts.people import PersonInfo
from crosstie.accounts.sign_in import proving, proving_words, signing_in
from crosstie.accounts.sign_in.signing_in import Account, Claims, Door, Way
from crosstie.accounts.words import Answer, Phrase, Unacceptable, answer
from crosstie.domain.address import canonical
from crosstie.domain.errors import CrosstieError, Refused, Retry, Throttled
from crosstie.jobs import wiring
from crosstie.openid import App, Begun, Provider
from crosstie.salesforce import hosts
from crosstie.store.models import Access
from crosstie.transport import CROWDED

METADATA_LIFE = 3600
"""Seconds; keys are fetched each time, because they may be thrown away at any moment."""
AWAY_LIFE = 15
"""Seconds that a provider which did not answer is taken to be away."""
_SAID = {
    openid.STATE: words.SIGN_IN_STALE,
    openid.CODE: words.SIGN_IN_STALE,
    "OPENID-CLIENT": words.SIGN_IN_APP,
}


@dataclass(frozen=True, slots=True)
class Given:
    """What the browser brings back; `issuer` only from providers that name themselves (RFC 9207)."""

    state: str
    code: str
    error: str = ""
    issuer: str = ""
    description: str = ""
    """Of the error, in the provider's words."""


def begin(door: Door, redirect_uri: str, whose: str = "") -> tuple[str, Begun]:
    """Where the browser is sent, and what is to be kept until it comes back. `whose` is the address of the account
    that is asked for there, where it is known.
    """
    house = wiring.get()
    hints = (("login_hint", whose),) if whose else ()
    with _asking(door, redirect_uri) as app:
        return house.openid.begin(replace(app, hints=(*app.hints, *hints)), _provider(door, app))


def finish(door: Door, begun: Begun, given: Given, redirect_uri: str) -> PersonInfo:
    """Who came back."""
    return signing_in.who(door, _claims(door, begun, given, redirect_uri), wiring.get().clock)


def prove(person: PersonInfo, door: Door, begun: Begun, given: Given, redirect_uri: str) -> Answer:
    """The address is the person's, whom we know, because whoever came back has it. Raises Unacceptable."""
    account = signing_in.account(door, _claims(door, begun, given, redirect_uri))
    addresses = {canonical(one) for one in account.addresses}
    if person.address not in addresses:
        addresses |= _others(door, account)
    proving.by_sign_in(person, door.way, account, addresses, wiring.get().clock)
    return answer(proving_words.PROVEN, own=person.address, vendor=door.way.vendor)


def _others(door: Door, account: Account) -> frozenset[str]:
    """All addresses of the account's own mailbox, where we may open it; its vendor names one at the sign-in."""
    info, house = door.connection, wiring.get()
    if info is None or info.details.access != Access.APP_ONLY or not account.addresses:
        return frozenset()
    connection = wiring.graph_connection(house.config, house.stores, account.addresses[0], info)
    try:
        return house.mailboxes.look(connection).addresses
    except CrosstieError:
        return frozenset()


def _claims(door: Door, begun: Begun, given: Given, redirect_uri: str) -> Claims:
    house = wiring.get()
    with _asking(door, redirect_uri) as app:
        provider = _provider(door, app)
        if given.issuer and given.issuer.rstrip("/") not in (provider.issuer, *app.issuers):
            raise Refused(openid.FOREIGN)
        if given.error:
            raise Unacceptable(words.SIGN_IN_DENIED, vendor=door.way.vendor)
        return house.openid.finish(app, provider, begun, state=given.state, code=given.code)


@contextmanager
def _asking(door: Door, redirect_uri: str) -> Iterator[App]:
    """Us, at the door's provider. Anybody can have us ask, so one that was away just now is left alone."""
    try:
        app = wiring.get().sign_in_app(door, redirect_uri)
        away = f"openid-away:{app.base}"
        if cache.get(away):
            raise Unacceptable(words.SIGN_IN_AWAY, vendor=door.way.vendor)
        try:
            yield app
        except Retry as error:
            if error.code != CROWDED:
                cache.set(away, True, AWAY_LIFE)
            raise
    except CrosstieError as error:
        raise _refusal(door.way, error) from error


def _provider(door: Door, app: App) -> Provider:
    """Its metadata, if they are of the very company: an issuer that stands for everybody would let in anybody."""
    key = f"openid:{app.base}"
    found: Provider | None = cache.get(key)
    if found is None:
        found = wiring.get().openid.discover(app)
        _check_issuer(found.issuer, door, app)
        cache.set(key, found, METADATA_LIFE)
    return found


def _check_issuer(issuer: str, door: Door, app: App) -> None:
    """Raises Refused. Google's stands for everybody: whose people come in is told by each token's `hd`."""
    if door.way is Way.SALESFORCE:
        _check_salesforces(issuer, door, app)
    elif not (issuer == app.base if door.way is Way.GOOGLE else _is_of(issuer, app.base)):
        raise Refused(openid.FOREIGN)


def _check_salesforces(issuer: str, door: Door, app: App) -> None:
    """A site speaks for its org alone; raises Refused."""
    if not door.site:
        hosts.answered_origin(issuer, app.base)
    elif issuer.rstrip("/") not in app.issuers:
        raise Refused(openid.FOREIGN)


def _is_of(issuer: str, base: str) -> bool:
    """`base` names the directory by its id, which must be the issuer's, or by one of its domains."""
    directory = signing_in.directory_of(issuer)
    named = signing_in.directory_of(base)
    login = base.rsplit("/", 2)[0]
    return bool(directory) and named in ("", directory) and issuer == f"{login}/{directory}/v2.0"


def _refusal(way: Way, error: CrosstieError) -> Unacceptable:
    said: Phrase = _SAID.get(error.code, words.SIGN_IN_FOREIGN)
    if isinstance(error, Retry | Throttled):
        said = words.SIGN_IN_AWAY
    return Unacceptable(said, vendor=way.vendor)
