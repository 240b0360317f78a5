"""Who may come in: by which company's provider of identities, and which person its claims mean."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from urllib.parse import urlsplit

from django.db import transaction

from crosstie.accounts import admin_words, checks, people, words
from crosstie.accounts.connection import connections, inactive, orgs
from crosstie.accounts.connection.connections import ConnectionInfo
from crosstie.accounts.connection.orgs import OrgInfo
from crosstie.accounts.people import PersonInfo
from crosstie.accounts.sign_in import identities, proving_words, registering, registering_words, workspaces
from crosstie.accounts.sign_in.entrances import Entrance, Kind
from crosstie.accounts.sign_in.workspaces import Workspace
from crosstie.accounts.words import Unacceptable
from crosstie.domain.clock import Clock
from crosstie.store.models import Access, Connection, Org, OrgState, Scope

GRAPH = "graph"
_GUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_PERSONAL = "9188040d-6c67-4c5b-b112-36a304b66dad"
"""The directory of all personal accounts, whose owners chose their addresses themselves.

https://learn.microsoft.com/entra/identity-platform/id-token-claims-reference (`tid`)
"""
_SUBJECT = re.compile(r"[!-~]{1,255}")
"""Of Google's accounts. https://developers.google.com/identity/openid-connect/reference (`sub`)"""
_YES = (True, 1, "1", "true", "True")
Claims = Mapping[str, Any]


class Way(StrEnum):
    SALESFORCE = "salesforce"
    MICROSOFT = "microsoft"
    GOOGLE = "google"

    @property
    def vendor(self) -> str:
        """As people call it."""
        return self.value.title()


@dataclass(frozen=True, slots=True)
class Door:
    """One company's way in: its Salesforce org, its Microsoft directory, or its Google Workspace."""

    way: Way
    scope: Scope
    org: OrgInfo | None = None
    connection: ConnectionInfo | None = None
    workspace: Workspace | None = None
    site: str = ""
    """Of Experience Cloud, at which the org is asked; empty: at its own address."""

    @property
    def key(self) -> int:
        """Our own id of what stands behind it."""
        if self.org:
            return self.org.org_id
        if self.workspace:
            return self.scope.tenant_id
        return self.connection.connection_id if self.connection else 0


@dataclass(frozen=True, slots=True)
class Account:
    """Whoever signed in at Microsoft or Google, as that knows them for ever."""

    issuer: str
    subject: str
    addresses: Sequence[str]
    """Those that nobody could give themselves."""
    domain: str = ""
    """Of the company's Workspace; empty at Microsoft."""


class Stranger(Unacceptable):
    """A user of this very org, as its Salesforce has proven, who is nobody here."""

    def __init__(self, org: OrgInfo, crm_user_id: str) -> None:
        super().__init__(words.SIGN_IN_UNKNOWN, vendor=Way.SALESFORCE.vendor)
        self.org = org
        self.crm_user_id = crm_user_id


def ways() -> tuple[Way, ...]:
    """Those by which anybody at all can come in; Salesforce is always named."""
    return tuple(way for way in Way if way is Way.SALESFORCE or _behind(way))


def needs_company() -> bool:
    """Whether a person has to say which company's. The names are nobody's business."""
    return any(len(_behind(way)) > 1 for way in Way)


def find(way: Way, company: str = "", entrance: Entrance | None = None) -> Door:
    """The only company there is, or the one that `company` names: by its org's label, its tenant, its My Domain,
    or its directory. Of its orgs the one that `entrance` leads to, where somebody said at which they sign in.
    """
    found = _behind(way)
    if not found:
        raise Unacceptable(words.NOT_CONNECTED, vendor=way.vendor)
    if len(found) > 1:
        wanted = company.strip().casefold()
        if not wanted:
            raise Unacceptable(words.COMPANY_MISSING)
        found = _called(wanted, found)
    if found and entrance:
        found = [row for row in found if _is_behind(row, entrance)]
        if not found:
            raise Unacceptable(registering_words.NO_SUCH_ORG)
    if len(found) != 1:
        raise Unacceptable(words.COMPANY_UNKNOWN)
    return _door(way, found[0], entrance.site if entrance else "")


def of_company(scope: Scope) -> Sequence[Door]:
    """At which of them somebody's own company can say who they are, who is signed in with Salesforce: of two
    directories at the one whose mailboxes are all entered.
    """
    ways = (Way.MICROSOFT, Way.GOOGLE)
    rows = {way: row for way in ways for row in _behind(way) if row.tenant_id == scope.tenant_id}
    return [_door(way, row) for way, row in rows.items()]


def again(way: Way, key: int, site: str = "") -> Door:
    """The door of `Door.key` and `Door.site`, if it still stands open."""
    for row in _behind(way):
        if _key(row) == key and (not site or _is_behind(row, Entrance(Kind.SITE, site))):
            return _door(way, row, site)
    raise Unacceptable(words.NOT_CONNECTED, vendor=way.vendor)


def who(door: Door, claims: Claims, clock: Clock) -> PersonInfo:
    """The person of this very company whom verified claims mean. No name and no address of Salesforce's is used,
    of Microsoft's only as `_vouched` says, and of Google's as `_owned` does.

    Raises Unacceptable for whoever's user is switched off at Salesforce, however they come; nobody is bound then.
    """
    with transaction.atomic():
        found = _meant(door, claims, clock)
        if inactive.is_off(found.org_id, found.crm_user_id):
            raise Unacceptable(admin_words.SIGN_IN_INACTIVE)
    return found


def _meant(door: Door, claims: Claims, clock: Clock) -> PersonInfo:
    if door.org:
        org_id, user_id = _in_salesforce(claims)
        return of_org(door.org, org_id, user_id)
    known = account(door, claims)
    found = _bound(door, known, clock)
    identities.came_from(door.scope, known.issuer, known.subject, known.domain)
    return found


def account(door: Door, claims: Claims) -> Account:
    """At Microsoft or Google."""
    if door.workspace:
        return _of_workspace(door, door.workspace, claims)
    return _of_directory(door, claims)


def of_org(org: OrgInfo, crm_org_id: str, crm_user_id: str) -> PersonInfo:
    """The person of this very org; a user of another org is nobody, whoever has the same id there."""
    if checks.record_id(crm_org_id, "00D", words.ORG_ID_BAD) != org.details.crm_org_id:
        raise Unacceptable(words.SIGN_IN_OTHER_ORG)
    user_id = checks.record_id(crm_user_id, "005", words.CRM_USER_BAD)
    found = people.by_crm_user(org.scope, user_id)
    if found is None:
        raise Stranger(org, user_id)
    return found


def _in_salesforce(claims: Claims) -> tuple[str, str]:
    """Org and user of `sub`: `https://login.salesforce.com/id/<org>/<user>`, at a site below its name."""
    steps = urlsplit(str(claims["sub"])).path.strip("/").split("/")
    if len(steps) not in (3, 4) or steps[-3] != "id":
        raise Unacceptable(words.SIGN_IN_FOREIGN, vendor=Way.SALESFORCE.vendor)
    return steps[-2], steps[-1]


def _of_directory(door: Door, claims: Claims) -> Account:
    """By directory and object id, which are for ever."""
    issuer, subject = str(claims["iss"]), str(claims.get("oid", ""))
    if directory_of(issuer) != claims.get("tid") or not _GUID.fullmatch(subject):
        raise Unacceptable(words.SIGN_IN_FOREIGN, vendor=door.way.vendor)
    return Account(issuer, subject, _vouched(claims))


def _of_workspace(door: Door, workspace: Workspace, claims: Claims) -> Account:
    """Of one of its domains, each time: Google has one issuer for everybody, be they a company's or a consumer."""
    subject = str(claims["sub"])
    if claims.get("hd") not in workspace.domains or not _SUBJECT.fullmatch(subject):
        raise Unacceptable(words.SIGN_IN_FOREIGN, vendor=door.way.vendor)
    return Account(workspace.base, subject, _owned(claims, workspace.domains), str(claims["hd"]))


def _bound(door: Door, account: Account, clock: Clock) -> PersonInfo:
    """Whoever this account is bound to; where it is nobody's, it is bound to whoever has one of its addresses."""
    known = identities.find(door.scope, account.issuer, account.subject)
    if known is not None:
        return people.get(door.scope, known)
    for person in filter(None, (people.claimant(door.scope, one) for one in account.addresses)):
        if not person.address_proven:
            whom = registering.whom_to_ask(door.scope)
            raise Unacceptable(
                proving_words.SIGN_IN_UNPROVEN, own=person.address, vendor=door.way.vendor, whom=whom
            )
        identities.bind(door.scope, person.person_id, account.issuer, account.subject, door.way.vendor, clock)
        return person
    raise Unacceptable(words.SIGN_IN_UNKNOWN, vendor=door.way.vendor)


def _owned(claims: Claims, domains: Iterable[str]) -> Sequence[str]:
    """The address, where it is verified and lies in one of the company's domains, be it the one that `hd` names or
    another: Google gives an organisation's accounts addresses in the domains that it has proven to be its own.

    Without `hd` an account is a consumer's, whose address may have had another owner since it was verified.
    https://developers.google.com/identity/gsi/web/guides/verify-google-id-token
    """
    address, verified = claims.get("email"), claims.get("email_verified")
    if not isinstance(address, str) or not address.isascii() or verified not in (True, "true"):
        return []
    return [address] if address.rpartition("@")[2].lower() in domains else []


def directory_of(issuer: str) -> str:
    """The id of the company's Microsoft directory that an issuer is of; empty where it is of none."""
    steps = urlsplit(issuer).path.strip("/").split("/")
    named = len(steps) == 2 and steps[1] == "v2.0" and _GUID.fullmatch(steps[0])
    return steps[0] if named and steps[0] != _PERSONAL else ""


def _vouched(claims: Claims) -> Sequence[str]:
    """Addresses that nobody could give themselves.

    The name of one of the directory's own members ends in a domain that the directory has proven to be its own;
    a guest's is another directory's word. `email` is what anybody wrote there, unless the domain's owner is said
    to be verified (`xms_edov`). Plain ASCII alone: two other spellings may be one address to us.
    https://learn.microsoft.com/entra/identity-platform/claims-validation
    """
    named = claims.get("preferred_username") if is_member(claims) else None
    written = claims.get("email") if claims.get("xms_edov") in _YES else None
    return [text for text in (named, written) if isinstance(text, str) and text.isascii() and "@" in text]


def is_member(claims: Claims) -> bool:
    """Of the directory, rather than somebody's guest there."""
    own = (None, claims["iss"], f"https://sts.windows.net/{claims['tid']}/")
    return claims.get("idp") in own and claims.get("acct") not in (1, "1")


def _behind(way: Way) -> Sequence[Org | Connection]:
    known: Mapping[Way, Callable[[], Sequence[Org | Connection]]] = {
        Way.SALESFORCE: _orgs,
        Way.MICROSOFT: _directories,
        Way.GOOGLE: _workspaces,
    }
    return known[way]()


def _orgs() -> list[Org]:
    return list(Org.everywhere().exclude(state=OrgState.DISABLED).select_related("tenant"))


def _directories() -> list[Connection]:
    """One row each, where a customer has two apps in the same directory: the one that enters all mailboxes."""
    rows = Connection.everywhere().filter(vendor=GRAPH, mailbox=None).order_by("-access", "pk")
    named = rows.exclude(client_id="").select_related("tenant")
    return list({(row.tenant_id, row.directory): row for row in named if is_one(row.directory)}.values())


def _workspaces() -> list[Connection]:
    """One row for each customer, whichever of its domains it is of."""
    rows = Connection.everywhere().filter(vendor=workspaces.VENDOR, access=Access.SIGN_IN).order_by("-pk")
    return list({row.tenant_id: row for row in rows.select_related("tenant")}.values())


def is_one(directory: str) -> bool:
    """Whether it names one company's, by its id or a domain of its own. Whoever comes from `common` and its like,
    or with a personal account, proves nothing to us.
    """
    plain = directory.casefold()
    return checks.is_domain(plain) or bool(_GUID.fullmatch(plain) and plain != _PERSONAL)


def _is_behind(row: Org | Connection, entrance: Entrance) -> bool:
    return isinstance(row, Org) and entrance.is_of((row.login_url, row.instance_url))


def _door(way: Way, row: Org | Connection, site: str = "") -> Door:
    if isinstance(row, Org):
        info = orgs.get(row.pk)
        return Door(way, info.scope, org=info, site=site)
    scope = Scope(row.tenant_id)
    if way is Way.GOOGLE:
        return Door(way, scope, workspace=workspaces.of_tenant(scope))
    found = next(info for info in connections.of_tenant(scope) if info.connection_id == row.pk)
    return Door(way, scope, connection=found)


def _key(row: Org | Connection) -> int:
    """`Door.key` of what it leads to."""
    return row.tenant_id if isinstance(row, Connection) and row.access == Access.SIGN_IN else row.pk


def _called(wanted: str, rows: Sequence[Org | Connection]) -> list[Org | Connection]:
    """By a label only where nothing else goes by that name: it is what a customer's org says of itself, and no
    customer may take another's.
    """
    return [row for row in rows if wanted in _names(row)] or [row for row in rows if wanted in _labels(row)]


def _names(row: Org | Connection) -> set[str]:
    """What whoever runs this server, or the vendor, calls it."""
    if isinstance(row, Org):
        given = [orgs.my_domain(address) for address in (row.login_url, row.instance_url)]
    else:
        alike = Connection.of(Scope(row.tenant_id)).filter(vendor=row.vendor, access=row.access, mailbox=None)
        given = list(alike.values_list("directory", flat=True))
    return {name.casefold() for name in (row.tenant.name, *given) if name}


def _labels(row: Org | Connection) -> set[str]:
    """What the orgs of a customer call themselves."""
    of_all = Org.of(Scope(row.tenant_id)).values_list("label", flat=True)
    labels = [row.label] if isinstance(row, Org) else of_all
    return {name.casefold() for name in labels if name}
