"""Mails, mailboxes and people out of the short forms the case tables use.

The company is `north.test`; the mailbox is Ann's (`ann@north.test`, also `ann@nord.test`), switched on at noon
of 10 June 2026. On the blocklist: the domain `news.test` and the address `rival@partner.test`. `free.test` stands
for a free mail service.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

from crosstie.domain.address import Address, canonical
from crosstie.domain.email import Email, Folder, MailKind
from crosstie.domain.mailboxes import MailboxInfo
from crosstie.domain.records import ACCOUNT, CONTACT, LEAD, USER, Opportunity, Person, RecordLinks
from crosstie.domain.settings import Settings
from crosstie.rules.participants import Circle

Cases = tuple[tuple[Any, ...], ...]

ACTIVATED = datetime(2026, 6, 10, 12, tzinfo=UTC)
OWN = frozenset({"ann@north.test", "ann@nord.test"})
SETTINGS = Settings(mail_auto_save=True, blocklist=("news.test", "rival@partner.test"))
OBJECTS = {"A": ACCOUNT, "C": CONTACT, "L": LEAD, "U": USER}

PREFIXES = {"A": "001", "O": "006", "": ""}
"""What the ids of Accounts and Opportunities begin with."""


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def addresses(listed: str) -> tuple[Address, ...]:
    return tuple(Address.of(one) for one in listed.split())


def mail(**short: Any) -> Email:
    """`sender`, `to`, `cc`, `bcc`: addresses apart by blanks; `folder`, `kind`: by name; times as ISO text."""
    sender = short.pop("sender", "joe@customer.test")
    fields: dict[str, Any] = {"sent_at": ACTIVATED, "to": addresses("ann@north.test")}
    for name, value in short.items():
        if name in ("to", "cc", "bcc"):
            fields[name] = addresses(value)
        elif name in ("sent_at", "received_at"):
            fields[name] = moment(value)
        else:
            fields[name] = {"folder": Folder, "kind": MailKind}.get(name, lambda plain: plain)(value)
    envelope = Email("i1", "v1", Folder.INBOX, "Offer", Address.of(sender) if sender else None)
    return replace(envelope, **fields)


def mailbox(**settings: Any) -> MailboxInfo:
    return MailboxInfo(1, 1, "ann@north.test", "005A", ACTIVATED, replace(SETTINGS, **settings), OWN)


def circle(info: MailboxInfo) -> Circle:
    """With `free.test` in place of the real services: nobody's real address stands in a test."""
    built = Circle.of(info)
    free = frozenset({"free.test"}) if info.settings.exclude_free_mail else frozenset()
    return replace(built, free_domains=free)


def people(known: Mapping[str, str]) -> dict[str, tuple[Person, ...]]:
    """Address → records as `C1/A1/2024-05-01`: kind and id, Account, day of creation; the last two may lack."""
    return {canonical(address): tuple(map(_person, listed.split())) for address, listed in known.items()}


def opportunities(listed: str) -> tuple[Opportunity, ...]:
    """`O1/A1/2026-07-01/2026-06-01`: id, Account, days of closing and of the last change; the days may lack."""
    return tuple(_opportunity(short) for short in listed.split())


def thread_links(listed: str) -> tuple[RecordLinks, ...]:
    """`C1 L1 > A1 | C2 >`: what each mail of a thread is linked to, and related to."""
    parts = (one.split(">") for one in listed.split("|"))
    return tuple(
        RecordLinks(f"{PREFIXES[what.strip()[:1]]}{what.strip()}", tuple(map(_person, whom.split())))
        for whom, what in parts
    )


def _opportunity(short: str) -> Opportunity:
    record_id, account, closes, changed = (*short.split("/"), "", "")[:4]
    closes_on = date.fromisoformat(closes or "2026-07-10")
    modified = moment(changed) if changed else ACTIVATED
    return Opportunity(record_id, account, "005A", closes_on, modified, moment("2026-01-01"))


def _person(short: str) -> Person:
    record_id, account, created = (*short.split("/"), "", "")[:3]
    return Person(OBJECTS[record_id[0]], record_id, account, moment(created) if created else None)
