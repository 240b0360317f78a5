"""An administrator lets our app into all mailboxes of a company, and sees whether, and how far, it is let in.

What the browser brings back from the consent proves nothing: Microsoft itself warns of its `tenant`, which anybody
can type. So whoever allowed it signs in right after, and the signed token says in which directory that was. A
token of the app's own says only that the directory knows the app: of one that customers share, all of them do.
https://learn.microsoft.com/entra/identity-platform/v2-admin-consent
"""

import hmac
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace

from crosstie import openid
from crosstie.accounts import checks
from crosstie.accounts.activation.preflight import Words
from crosstie.accounts.audit import Actor
from crosstie.accounts.connection import connections, consent_words, credentials
from crosstie.accounts.connection.connections import ConnectionDetails, ConnectionInfo
from crosstie.accounts.people import PersonInfo
from crosstie.accounts.sign_in import signing_in
from crosstie.accounts.trouble import letters
from crosstie.accounts.words import SECRET_BAD, Answer, Unacceptable, answer
from crosstie.domain.errors import CrosstieError, Fatal, NeedsConsent, Refused, Retry, Throttled
from crosstie.domain.preflight import Level
from crosstie.domain.speech import say
from crosstie.domain.stopping import cause
from crosstie.jobs import wiring
from crosstie.mailboxes.graph import sign_in
from crosstie.mailboxes.graph.connection import EVERYTHING_GRANTED, GRAPH, LOGIN, GraphConnection
from crosstie.openid import App, Begun, Provider
from crosstie.store.models import Access, Scope

VENDOR = "graph"
ANY = "organizations"
"""The directory of whoever signs in, where ours is not known yet."""
LONGEST = 500
_GUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
_DOMAIN = re.compile(r"[a-z0-9-]+(\.[a-z0-9-]+)+", re.IGNORECASE)
_SAID = {sign_in.DECLINED: consent_words.CONSENT_DECLINED, sign_in.ADMIN: consent_words.CONSENT_NO_ADMIN}
_SLOW = ("GRAPH-APP-CONSENT", "GRAPH-APP-MISSING")
"""What Microsoft may say for some minutes after it was allowed."""
_STALE = (openid.STATE, openid.CODE)
ADMINISTRATORS = frozenset({"62e90394-69f5-4237-9190-012177145e10", "e8611ab8-c189-46e8-94e1-60213ab1f814"})
"""Who may allow an app what is asked for here, as `wids` names them: Global and Privileged Role Administrators.

https://learn.microsoft.com/entra/identity/role-based-access-control/permissions-reference
"""


@dataclass(frozen=True, slots=True)
class Wish:
    """The app, and whose mailboxes it is to be let into. An empty directory is that of whoever allows it."""

    directory: str
    client_id: str
    authority: str = LOGIN
    endpoint: str = GRAPH


@dataclass(frozen=True, slots=True)
class Claimed:
    """For which directory it is said to be allowed, and the sign-in there that is to prove it."""

    directory: str
    url: str
    begun: Begun


@dataclass(frozen=True, slots=True)
class Finding:
    level: Level
    words: Words


def wish(scope: Scope, directory: str, client_id: str, authority: str = "", endpoint: str = "") -> Wish:
    """Checked; what is left out is as it was. Raises Unacceptable."""
    known = connections.of_all(scope)
    kept = known.details if known else ConnectionDetails(VENDOR, Access.APP_ONLY)
    directory = (directory.strip() or kept.directory).lower()
    client_id = client_id.strip() or kept.client_id
    if not client_id or len(client_id) > LONGEST or not client_id.isprintable():
        raise Unacceptable(consent_words.CLIENT_ID_MISSING)
    if directory and not (
        _GUID.fullmatch(directory) or (_DOMAIN.fullmatch(directory) and len(directory) < LONGEST)
    ):
        raise Unacceptable(consent_words.DIRECTORY_BAD, value=directory[:LONGEST])
    if kept.directory and directory != kept.directory.lower():
        raise Unacceptable(consent_words.DIRECTORY_OTHER, known=kept.directory, value=directory)
    found = Wish(
        directory,
        client_id,
        _address(authority or kept.authority or LOGIN),
        _address(endpoint or kept.endpoint or GRAPH),
    )
    _connection(found, "")
    return found


def begin(person: PersonInfo, wanted: Wish, client_secret: str, redirect_uri: str) -> tuple[str, str]:
    """Where the browser goes, and the state that comes back. The secret waits in the vault."""
    house = wiring.get()
    state, secret = house.clock.token(24), _client_secret(person.scope, wanted, client_secret)
    credentials.put(house.stores.vault(), _waiting(person), {"client_secret": secret, "state": state})
    connection = _connection(wanted, secret)
    return sign_in.admin_consent_url(connection, redirect_uri, scope=EVERYTHING_GRANTED, state=state), state


def consented(
    person: PersonInfo, wanted: Wish, state: str, given: Mapping[str, str], redirect_uri: str
) -> Claimed:
    """`given` is what the browser brought back; it is sent on to sign in. Raises Unacceptable."""
    house, secret = wiring.get(), _taken(person, state)
    if not hmac.compare_digest(given.get("state", "").encode(), state.encode()):
        raise Unacceptable(consent_words.CONSENT_STALE)
    if "error" in given or given.get("admin_consent", "").casefold() != "true":
        raise _declined(given)
    directory = _directory(wanted, given.get("tenant", "").lower(), secret)
    app = _app(wanted, directory, secret, redirect_uri)
    with _asking():
        url, begun = house.openid.begin(app, _provider(app, directory))
    credentials.put(house.stores.vault(), _waiting(person), {"client_secret": secret, "state": begun.state})
    return Claimed(directory, url, begun)


def finish(
    person: PersonInfo, wanted: Wish, claimed: Claimed, given: Mapping[str, str], redirect_uri: str, actor: Actor
) -> Answer:
    """`given` is what the sign-in brought back. Raises Unacceptable, and then everything is as it was."""
    house, secret, directory = wiring.get(), _taken(person, claimed.begun.state), claimed.directory
    if "error" in given:
        raise _declined(given)
    app, said = _app(wanted, directory, secret, redirect_uri), (given.get("state", ""), given.get("code", ""))
    with _asking():
        claims = house.openid.finish(app, _provider(app, directory), claimed.begun, state=said[0], code=said[1])
    _check(person.scope, wanted, directory, claims)
    _enter(_connection(replace(wanted, directory=directory), secret))
    details = ConnectionDetails(
        VENDOR,
        Access.APP_ONLY,
        directory,
        wanted.client_id,
        _kept(wanted.authority, LOGIN),
        _kept(wanted.endpoint, GRAPH),
    )
    written, vault = credentials.written({"client_secret": secret}), house.stores.vault()
    connections.grant(person.scope, details, written, vault, house.clock, actor=actor)
    return answer(consent_words.CONSENT_GIVEN, directory=directory)


def check(scope: Scope, inside: str, outside: str = "") -> Sequence[Finding]:
    """Open a mailbox with a token of the app's own, and see that another one stays closed. Raises Unacceptable."""
    info = connections.of_all(scope)
    if info is None:
        raise Unacceptable(consent_words.NOT_CONSENTED)
    inside, outside = checks.address(inside), checks.address(outside) if outside.strip() else ""
    if inside == outside:
        raise Unacceptable(consent_words.CHECKED_SAME)
    return list(_checked(scope, info, inside, outside))


def _checked(scope: Scope, info: ConnectionInfo, inside: str, outside: str) -> Iterator[Finding]:
    house = wiring.get()
    roster = replace(house.mailboxes).roster(wiring.graph_connection(house.config, house.stores, "", info))
    try:
        refused = roster.refused(inside)
        beyond = roster.refused(outside) if outside else {}
    except CrosstieError as error:
        connections.note(scope, Access.APP_ONLY, error.code)
        why = letters.trouble(cause(error.code), inside)
        yield Finding(Level.PROBLEM, Words(say(consent_words.NO_TOKEN, code=error.code, why=why)))
        return
    mails = refused.get("Mail.ReadWrite")
    connections.note(scope, Access.APP_ONLY, mails.code if mails and mails.code == "GRAPH-UNAUTHORIZED" else "")
    yield Finding(Level.OK, Words(say(consent_words.LET_IN)))
    yield from _inside(inside, refused)
    if outside:
        yield _outside(outside, beyond.get("Mail.ReadWrite"))


def _inside(address: str, refused: Mapping[str, CrosstieError]) -> Iterator[Finding]:
    mails = refused.get("Mail.ReadWrite")
    if mails and mails.code == "GRAPH-NO-MAILBOX":
        advice = say(consent_words.NO_MAILBOX_ADVICE)
        yield Finding(
            Level.PROBLEM, Words(say(consent_words.NO_MAILBOX, address=address, code=mails.code), advice)
        )
        return
    for permission, what in consent_words.OPENS.items():
        error = refused.get(permission)
        if error is None:
            yield Finding(Level.OK, Words(say(consent_words.OPENED, address=address, what=say(what))))
            continue
        said = say(consent_words.PARTLY, address=address, what=say(what), code=error.code)
        optional = permission == "User.Read.All"
        advice = say(
            consent_words.ALIASES_ADVICE if optional else consent_words.PARTLY_ADVICE, permission=permission
        )
        if permission == "Mail.ReadWrite":
            advice += " " + say(consent_words.CLOSED_ADVICE)
        yield Finding(Level.WARNING if optional else Level.PROBLEM, Words(said, advice))


def _outside(address: str, error: CrosstieError | None) -> Finding:
    if error is None:
        said, advice = say(consent_words.STANDS_OPEN, address=address), say(consent_words.STANDS_OPEN_ADVICE)
        return Finding(Level.PROBLEM, Words(said, advice))
    if isinstance(error, NeedsConsent):
        return Finding(Level.OK, Words(say(consent_words.STAYS_CLOSED, address=address)))
    said = say(consent_words.NO_MAILBOX, address=address, code=error.code)
    return Finding(Level.WARNING, Words(said, say(consent_words.NO_MAILBOX_ADVICE)))


def _directory(wanted: Wish, given: str, secret: str) -> str:
    """The id of the directory it was allowed for, if that is the one that is meant."""
    if not _GUID.fullmatch(given):
        raise Unacceptable(consent_words.CONSENT_STALE)
    expected = wanted.directory
    if expected and not _GUID.fullmatch(expected):
        expected = _id_of(wanted, secret)
    if expected and expected != given:
        raise Unacceptable(consent_words.CONSENT_FOREIGN, given=given, wanted=wanted.directory)
    return given


def _id_of(wanted: Wish, secret: str) -> str:
    """Of a directory that is named by one of its domains: what its metadata say."""
    house = wiring.get()
    base = f"{wanted.authority.rstrip('/')}/{wanted.directory}/v2.0"
    try:
        return signing_in.directory_of(house.openid.discover(App(base, wanted.client_id, "", secret)).issuer)
    except CrosstieError as error:
        raise Unacceptable(consent_words.CONSENT_AWAY, code=error.code) from error


def _app(wanted: Wish, directory: str, secret: str, redirect_uri: str) -> App:
    base = f"{wanted.authority.rstrip('/')}/{directory}/v2.0"
    return App(base, wanted.client_id, redirect_uri, secret, "openid profile")


def _provider(app: App, directory: str) -> Provider:
    """Raises Refused where the metadata are of another directory, or of all."""
    found = wiring.get().openid.discover(app)
    if found.issuer != app.base or signing_in.directory_of(found.issuer) != directory:
        raise Refused(openid.FOREIGN)
    return found


def _check(scope: Scope, wanted: Wish, directory: str, claims: openid.Claims) -> None:
    """Who signed in is of the directory. Where customers share an app, they administer it, and no other has it:
    with an app of one's own the secret says as much, which lets its holder in without us.
    """
    if claims.get("tid") != directory or not signing_in.is_member(claims):
        raise Unacceptable(consent_words.CONSENT_STRANGER, directory=directory)
    others = connections.elsewhere(scope, VENDOR, wanted.client_id)
    if others and not ADMINISTRATORS.intersection(_roles(claims)):
        raise Unacceptable(consent_words.CONSENT_SHARED)
    if directory in others:
        raise Unacceptable(consent_words.CONSENT_TAKEN, directory=directory)


def _roles(claims: openid.Claims) -> list[str]:
    """In the directory, if the app is registered to be told.

    https://learn.microsoft.com/entra/identity-platform/access-token-claims-reference (`wids`)
    """
    found = claims.get("wids")
    return [one for one in found if isinstance(one, str)] if isinstance(found, list) else []


def _enter(connection: GraphConnection) -> None:
    """Raises Unacceptable where we get no token there."""
    house = wiring.get()
    try:
        replace(house.mailboxes).enter(connection)
    except CrosstieError as error:
        if error.code in _SLOW:
            raise Unacceptable(consent_words.CONSENT_SLOW, code=error.code) from error
        raise _refusal(error) from error


@contextmanager
def _asking() -> Iterator[None]:
    """Somebody signs in at Microsoft; raises Unacceptable for what it says to that."""
    try:
        yield
    except CrosstieError as error:
        raise _refusal(error) from error


def _refusal(error: CrosstieError) -> Unacceptable:
    if error.code in _STALE:
        return Unacceptable(consent_words.CONSENT_STALE)
    away = isinstance(error, Retry | Throttled)
    return Unacceptable(consent_words.CONSENT_AWAY if away else consent_words.CONSENT_APP, code=error.code)


def _taken(person: PersonInfo, state: str) -> str:
    """The app's secret, which waited for whoever left with this state."""
    vault = wiring.get().stores.vault()
    kept = credentials.of(vault, _waiting(person))
    vault.forget(_waiting(person))
    if kept.get("state") != state:
        raise Unacceptable(consent_words.CONSENT_STALE)
    return kept.get("client_secret", "")


def _declined(given: Mapping[str, str]) -> Unacceptable:
    if given.get("error") == "permission_denied":
        return Unacceptable(consent_words.CONSENT_DECLINED)
    said = given.get("error_description", "")
    found = _SAID.get(sign_in.refusal(said).code)
    if found:
        return Unacceptable(found)
    return Unacceptable(
        consent_words.CONSENT_REFUSED, said=(said or given.get("error", "?"))[:LONGEST].rstrip(". ")
    )


def _client_secret(scope: Scope, wanted: Wish, given: str) -> str:
    """The one that was entered, else the one that is kept for the same app."""
    if given.strip():
        if len(given) > LONGEST or not given.isprintable():
            raise Unacceptable(SECRET_BAD)
        return given.strip()
    known = connections.of_all(scope)
    if known is None or known.details.client_id != wanted.client_id:
        raise Unacceptable(consent_words.CLIENT_ID_MISSING)
    return credentials.of(wiring.get().stores.vault(), known.secret_place).get("client_secret", "")


def _connection(wanted: Wish, secret: str) -> GraphConnection:
    """Raises Unacceptable for an address that is not the vendor's."""
    config = wiring.get().config
    try:
        login = wiring.vendor_url(wanted.authority, wiring.LOGIN_HOSTS, config)
        graph = wiring.vendor_url(wanted.endpoint, wiring.GRAPH_HOSTS, config)
    except Fatal as foreign:
        raise Unacceptable(consent_words.MICROSOFT_FOREIGN, value=wanted.authority[:LONGEST]) from foreign
    directory = wanted.directory or ANY
    return GraphConnection("", directory, wanted.client_id, secret, login_url=login, graph_url=graph)


def _address(text: str) -> str:
    return checks.url(text)[:LONGEST]


def _kept(address: str, usual: str) -> str:
    """Empty addresses are the vendor's public ones."""
    return "" if address == usual else address


def _waiting(person: PersonInfo) -> str:
    return f"{VENDOR}/{person.scope.tenant_id}/begun-{person.person_id}"
