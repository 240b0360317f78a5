"""An administrator signs in to Salesforce as the user that we act as, and access to the org goes on with that."""

from crosstie.accounts import audit, words
from crosstie.accounts.audit import Actor, Deed
from crosstie.accounts.connection import credentials, orgs
from crosstie.accounts.connection.orgs import OrgInfo
from crosstie.accounts.sign_in.signing_in import Way
from crosstie.accounts.trouble import mending_words, refusals
from crosstie.accounts.trouble.mending import Trouble
from crosstie.accounts.words import Answer, Unacceptable, answer
from crosstie.domain.errors import CrosstieError, Retry, Throttled
from crosstie.jobs import wiring
from crosstie.jobs.consenting import wake
from crosstie.jobs.signing_in import Given
from crosstie.salesforce import hosts, sign_in
from crosstie.salesforce.auth import Authority, OrgConnection, Token
from crosstie.salesforce.session import with_token
from crosstie.salesforce.sign_in import Identity, SignIn
from crosstie.store.sql import org_of

DATA_SCOPES = frozenset({"api", "full"})
"""Either opens the org's records."""


def begin(trouble: Trouble, redirect_uri: str) -> SignIn:
    """Raises Unacceptable where signing in does not mend it."""
    if not trouble.by_org_sign_in:
        raise Unacceptable(words.MEND_NOTHING)
    crm = wiring.get().crm
    try:
        return sign_in.begin(crm.authority, crm.connections(org_of(trouble.scope)), redirect_uri)
    except CrosstieError as error:
        raise _refusal(error) from error


def finish(org_id: int, begun: SignIn, given: Given, redirect_uri: str, actor: Actor) -> Answer:
    """Raises Unacceptable, and then everything is as it was."""
    house, info = wiring.get(), orgs.get(org_id)
    authority, connection = house.crm.authority, house.crm.connections(org_id)
    try:
        if given.issuer:  # RFC 9207: not every org sends it, but a foreign one is a mix-up
            hosts.answered_origin(given.issuer, authority.login(connection))
        if given.error:
            raise Unacceptable(words.SIGN_IN_DENIED, vendor=Way.SALESFORCE.vendor)
        token, who = sign_in.finish(
            authority, connection, begun, state=given.state, code=given.code, redirect_uri=redirect_uri
        )
    except CrosstieError as error:
        raise _refusal(error) from error
    try:
        _check(info, token, who)
    except Unacceptable:
        _give_back(authority, connection, token)
        raise
    credentials.change(house.stores.vault(), info.secret_place, lambda secrets: with_token(secrets, token))
    refusals.org_again(info.scope)
    details = {"crm_user_id": who.user_id}
    audit.record(info.scope, Deed(house.clock.now(), actor, "org.sign-in", f"org {org_id}", details))
    wake(info.scope)
    return answer(mending_words.MEND_ORG_SIGNED_IN)


def _check(info: OrgInfo, token: Token, who: Identity) -> None:
    """Consent may have been given in part, in another org, or by somebody else than was agreed."""
    if who.org_id != info.details.crm_org_id:
        raise Unacceptable(words.SIGN_IN_OTHER_ORG)
    wanted = info.details.username
    if wanted and wanted.casefold() != who.username.casefold():
        raise Unacceptable(mending_words.MEND_ORG_OTHER, given=who.username, wanted=wanted)
    if not token.refresh_token or not DATA_SCOPES & set(token.scope.split()):
        raise Unacceptable(mending_words.MEND_ORG_SHORT)


def _refusal(error: CrosstieError) -> Unacceptable:
    if error.code in ("CRM-SIGN-IN-STATE", "CRM-TOKEN-GRANT"):
        return Unacceptable(words.SIGN_IN_STALE)
    said = words.SIGN_IN_FOREIGN
    if isinstance(error, Retry | Throttled):
        said = words.SIGN_IN_AWAY
    elif error.code.startswith("CRM-TOKEN-"):
        said = words.SIGN_IN_APP
    return Unacceptable(said, vendor=Way.SALESFORCE.vendor)


def _give_back(authority: Authority, connection: OrgConnection, token: Token) -> None:
    """Nobody needs it. Of what stays at Salesforce nothing is kept here."""
    try:
        authority.revoke(connection, token.refresh_token or token.access_token)
    except CrosstieError:
        return
