"""Somebody on a mail to a Lead or Contact, a domain to an Account: a mail tells a name and an address."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

from crosstie.domain.keys import account_key, person_key
from crosstie.domain.operations import Stranger
from crosstie.domain.records import ACCOUNT, CONTACT, LEAD, RecordDraft
from crosstie.mapping.fields import CREATED_BY_SYNC, CREATED_BY_SYNC_OF_PERSON
from crosstie.mapping.signature import Signature
from crosstie.mapping.tables import Field, filled
from crosstie.mapping.text import one_line, shorten

NO_DEFAULTS: Mapping[str, str] = MappingProxyType({})
_ASIDE = re.compile(r"\([^()]*\)|\[[^\[\]]*\]|\s[|/–-]\s.*")
"""What follows a name and is none: (Acme), [EXT], - Acme Ltd."""
_SPACES = re.compile(r"[._\s]+")
_QUOTES = "\"'“”‘’<> "
TITLES = frozenset(["dr", "ing", "mag", "miss", "mr", "mrs", "ms", "mx", "prof", "sir"])


@dataclass(frozen=True, slots=True)
class Name:
    first: str
    last: str


def name_of(stranger: Stranger) -> Name:
    """The last word is the last name, unless a comma says otherwise; without a name, what stands before the @."""
    local, _, _ = stranger.email.rpartition("@")
    shown = _ASIDE.sub(" ", one_line(stranger.name)).strip(_QUOTES)
    if not shown or "@" in shown:
        words = [word.capitalize() for word in _SPACES.split(local.partition("+")[0]) if word]
        return _split(words) if words else Name("", local)
    last, comma, first = shown.partition(",")
    if comma and last.strip() and first.strip():
        return Name(" ".join(_untitled(first.split())), last.strip())
    return _split(_untitled(shown.replace(",", " ").split()))


def _split(words: list[str]) -> Name:
    return Name(" ".join(words[:-1]), words[-1])


def _untitled(words: list[str]) -> list[str]:
    plain = [word for word in words if word.rstrip(".").casefold() not in TITLES]
    return plain or words


@dataclass(frozen=True, slots=True)
class Source:
    """A stranger, and who met them first."""

    stranger: Stranger
    name: Name
    owner_id: str
    account_id: str = ""

    @property
    def domain(self) -> str:
        return self.stranger.email.rpartition("@")[2]


PERSON: tuple[Field[Source], ...] = (
    Field("FirstName", lambda s, room: shorten(s.name.first, room), 40),
    Field("LastName", lambda s, room: shorten(s.name.last, room), 80),
    Field("Email", lambda s, _: s.stranger.email),
    Field("OwnerId", lambda s, _: s.owner_id),
    Field(CREATED_BY_SYNC, lambda _s, _: True),
)
OF_SIGNATURES: dict[str, tuple[str, ...]] = {
    LEAD: ("Title", "Company", "Phone", "MobilePhone", "Fax"),
    CONTACT: ("Title", "Phone", "MobilePhone", "Fax", "OtherPhone"),
}
"""Fields that a signature may fill, of those that `signed` has."""
OF_PERSONS = {"Title": "PersonTitle", "MobilePhone": "PersonMobilePhone", "OtherPhone": "PersonOtherPhone"}
"""A Contact's fields, as its Person Account calls them."""
ROOM = {"Title": 128, "Company": 255}
OF_PHONES = 40
COMPANY: Field[Source] = Field("Company", lambda s, room: shorten(s.domain, room), 255)
"""Salesforce wants one of every Lead; the domain is all that is known of it."""


UNDER: Field[Source] = Field("AccountId", lambda s, _: s.account_id)

Company = tuple[str, str]
"""(domain, owner)."""
ACCOUNT_TABLE: tuple[Field[Company], ...] = (
    Field("Name", lambda company, room: shorten(company[0], room), 255),
    Field("Website", lambda company, room: shorten(company[0], room), 255),
    Field("OwnerId", lambda company, _: company[1]),
    Field(CREATED_BY_SYNC, lambda _company, _: True),
)


def draft(
    stranger: Stranger, owner_id: str, account_id: str = "", defaults: Mapping[str, str] = NO_DEFAULTS
) -> RecordDraft:
    """`defaults` fill fields that a mail says nothing about."""
    source = Source(stranger, name_of(stranger), owner_id, account_id)
    table = (*PERSON, COMPANY if stranger.object == LEAD else UNDER)
    values = {**defaults, **filled(stranger.object, table, source, {})}
    return RecordDraft(
        stranger.object, person_key(stranger.email), values, order=source.domain, wished=_told(stranger, {})
    )


def signed(stranger: Stranger, found: Signature) -> Stranger:
    """With what their signature says. A name that the mail displays is the better one."""
    named = stranger.name and "@" not in stranger.name
    values = {
        "Title": found.title,
        "Company": found.company,
        "Phone": found.phone,
        "MobilePhone": found.mobile,
        "Fax": found.fax,
        "OtherPhone": found.other_phone,
    }
    known = tuple((name, value) for name, value in values.items() if value)
    return replace(stranger, name=stranger.name if named else found.name or stranger.name, known=known)


def _told(stranger: Stranger, names: Mapping[str, str]) -> dict[str, tuple[str, ...]]:
    """What the org does not take of it is left out: a phone is no reason to refuse the person."""
    return {
        names.get(name, name): (shorten(value, ROOM.get(name, OF_PHONES)),)
        for name, value in stranger.known
        if name in OF_SIGNATURES[stranger.object]
    }


def person_account_draft(
    stranger: Stranger, owner_id: str, record_type: str, defaults: Mapping[str, str] = NO_DEFAULTS
) -> RecordDraft:
    """A Contact's fields under the names that the Account has for them."""
    source = Source(stranger, name_of(stranger), owner_id)
    plain = filled(ACCOUNT, PERSON, source, {})
    email = plain.pop("Email")
    own = {**plain, "PersonEmail": email, "RecordTypeId": record_type, CREATED_BY_SYNC_OF_PERSON: True}
    wished = _told(stranger, OF_PERSONS)
    return RecordDraft(
        ACCOUNT, person_key(stranger.email), {**defaults, **own}, order=source.domain, wished=wished
    )


def account_draft(domain: str, owner_id: str, defaults: Mapping[str, str] = NO_DEFAULTS) -> RecordDraft:
    values = {**defaults, **filled(ACCOUNT, ACCOUNT_TABLE, (domain, owner_id), {})}
    return RecordDraft(ACCOUNT, account_key(domain), values, order=domain)
