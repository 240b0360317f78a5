"""What an e-mail's record is made from."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Self

from crosstie.domain.address import Address
from crosstie.domain.email import Content, Email
from crosstie.domain.operations import LinkedPerson, Save
from crosstie.mapping.fields import MANY_RECIPIENTS
from crosstie.mapping.markup import without_embedded
from crosstie.mapping.plain import plain_text
from crosstie.mapping.text import clean, one_line, units

LONGEST_TEXT = 131_072
"""Of all fields that take a mail's text the longest."""
FIRST_YEAR, LAST_YEAR = 1701, 3999
"""Salesforce takes dates from 1700 to 4000; the zone may move one by a day."""
ACCEPTED_EMAIL = re.compile(
    r"[a-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[a-z0-9!#$%&'*+/=?^_`{|}~-]+)*@(?:[a-z0-9-]+\.)+[a-z0-9-]{2,63}"
)
"""What Salesforce takes in a field of type Email; anything else is refused together with the whole record."""


@dataclass(frozen=True, slots=True)
class Source:
    """A mail that is being saved, its texts cleaned, pictures that only the mail has taken out."""

    save: Save
    html: str
    text: str
    headers: str
    owner_id: str
    many_people: bool
    zone: tzinfo
    """Of the mailbox: which day a mail belongs to depends on it."""

    @classmethod
    def of(cls, save: Save, content: Content, owner_id: str, many_people: bool, zone: tzinfo) -> Self:
        html = without_embedded(clean(content.html))
        text = clean(content.text).strip() or (plain_text(html, LONGEST_TEXT) if html else "")
        return cls(save, html, text, clean(content.headers).strip(), owner_id, many_people, zone)

    @property
    def email(self) -> Email:
        return self.save.email

    @property
    def subject(self) -> str:
        return (self.save.prefix + one_line(self.email.subject)).strip()

    @property
    def moment(self) -> datetime | None:
        """When the mail happened, in whole seconds: Salesforce keeps no smaller ones. A date it has no room for,
        made up or broken on the way, gives way to the one the mailbox noted.
        """
        noted = (self.email.sent_at, self.email.received_at)
        fitting = (moment for moment in noted if moment and FIRST_YEAR <= moment.year <= LAST_YEAR)
        first = next(fitting, None)
        return first.replace(microsecond=0) if first else None

    def linked(self, role: str) -> tuple[LinkedPerson, ...]:
        """Those linked in a part of the mail; who is beyond the most that are linked stays an address."""
        return tuple(one for one in self.save.people if one.role == role)[:MANY_RECIPIENTS]

    def unlinked(self, role: str, addresses: Iterable[Address]) -> list[Address]:
        known = {one.email for one in self.linked(role)}
        return [address for address in addresses if address.email not in known]


def identifier(value: str, room: int) -> str:
    """Whole or not at all: half an identifier would match others."""
    plain = "".join(clean(value).split())
    return plain if units(plain) <= room else ""


def accepted(address: Address | None) -> str:
    """The plain address if an Email field takes it."""
    return address.email if address and ACCEPTED_EMAIL.fullmatch(address.email) else ""
