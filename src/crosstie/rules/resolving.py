"""For whom a record is made, of those on a mail or a meeting whom Salesforce does not know."""

import re
from collections.abc import Mapping

from crosstie.domain.address import Address, Gathering
from crosstie.domain.operations import Stranger
from crosstie.domain.records import CONTACT, LEAD, Housed, Person
from crosstie.domain.settings import AutoTrackMode, Resolving, Settings
from crosstie.mapping.source import accepted
from crosstie.rules.linking import Links
from crosstie.rules.participants import Circle, Participants, free_mail_domains

MOST = 10
"""Records made for one mail: for the first in the mail's order. Hundreds in Cc are a circular, not business."""
LONGEST_ADDRESS = 80
"""Characters of an Email field; a longer address would have the record refused."""
OBJECTS = {Resolving.LEAD: LEAD, Resolving.CONTACT: CONTACT, Resolving.SMART: CONTACT}

_MACHINES = """
    abuse alert alerts autoreply automailer bounce bounces daemon donotreply hostmaster listserv mailer
    mailerdaemon majordomo news newsletter newsletters noc noreply nobody notification notifications notify
    postmaster root security spam unsubscribe usenet uucp webmaster www
"""
MACHINES = frozenset(_MACHINES.split())
"""Nobody reads or writes there: what comes from them is made by programs, or is about the running of a domain
(RFC 2142 has most of them).
"""
_GROUPS = """
    accounting accounts admin administration administrator all billing booking bookings careers contact crew
    customercare customerservice desk enquiries events everyone feedback finance frontdesk hello help helpdesk
    hi hr info inquiries invoice invoices it jobs kontakt legal mail mailbox marketing office order orders
    payroll post press privacy purchasing reception recruiting rechnung reservations returns sales service
    services shop staff support team teams tickets welcome
"""
GROUPS = frozenset(_GROUPS.split())
"""Several people, today's and tomorrow's, read there: a Contact of that name would be nobody."""
_SEPARATORS = re.compile(r"[._-]+")
_LIST = re.compile(r"owner-.|.*-(?:request|owner|bounces?|unsubscribe|subscribe)\Z")
"""Addresses that a mailing list has beside its own (RFC 2142, section 6)."""
_UNANSWERED = re.compile(r"noreply|donotreply|mailerdaemon|notification")


def strangers(
    gathering: Gathering,
    participants: Participants,
    circle: Circle,
    known: Mapping[str, tuple[Person, ...]],
    links: Links,
    settings: Settings,
) -> tuple[Stranger, ...]:
    """`known` are the addresses that belong to anybody in Salesforce, and the domains that belong to Accounts.

    Where somebody on the mail is known nobody is made, unless the mode asks for everybody; the mode Smart asks for
    those alone who are at an Account's domain.
    """
    if settings.resolving is Resolving.OFF or OBJECTS[settings.resolving] in settings.never_linked:
        return ()
    if links.who and settings.mail_auto_track_mode is not AutoTrackMode.FLEXIBLE:
        return ()
    outside = {address.email for address in participants.outside}
    if settings.mail_auto_track_mode is AutoTrackMode.SMART:
        outside = {email for email in outside if len(known.get(email.rpartition("@")[2], ())) == 1}
    found = [
        Stranger(address.email, address.name, OBJECTS[settings.resolving])
        for address in gathering.participants
        if address.email in outside - set(known) and not circle.is_colleague(address) and is_somebody(address)
    ]
    return tuple(found[:MOST])


def is_somebody(address: Address) -> bool:
    """Whether the address may be one person's, and a company's that can be told by its domain."""
    if len(address.email) > LONGEST_ADDRESS or address.domain in free_mail_domains() or not accepted(address):
        return False
    local = address.email.rpartition("@")[0].partition("+")[0]
    plain = _SEPARATORS.sub("", local).rstrip("0123456789")
    if plain in MACHINES | GROUPS or _LIST.match(local) or _UNANSWERED.search(plain):
        return False
    return bool(re.search(r"[^\W\d_]", local))


def account_of(found: Housed, settings: Settings) -> str:
    """The Account of a new Contact, of those that are there. What was made for the domain stays its Account."""
    if settings.resolving is Resolving.SMART:
        return found.by_people if found.by_people == found.by_website else ""
    looked_up = (found.by_people, found.by_website, found.by_name) if settings.resolving_lookup else ()
    return next((one for one in (*looked_up, found.ours) if one), "")


def defaults_of(object_name: str, settings: Settings) -> dict[str, str]:
    """Field → value that an administrator wants new records of the object to carry."""
    given = (entry.partition("=") for entry in settings.resolving_defaults)
    named = ((*name.partition("."), value) for name, _, value in given)
    return {field: value for owner, _, field, value in named if owner == object_name}
