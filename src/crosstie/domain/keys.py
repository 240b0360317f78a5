"""Natural identity of e-mails and the keys their records carry.

A key is the same whoever computes it and whenever: it depends on no secret and on no database, so that a
re-installed server, a colleague or a second worker meets the record that is already there.
"""

import hashlib
from datetime import date, datetime, timedelta

from crosstie.domain.email import Email

KEY_VERSION = "1"
SAME_MAIL_WITHIN = timedelta(hours=24)
"""Copies of one mail differ in their sent time by clocks and queues, never by more than this."""


def natural_key(email: Email) -> str:
    """What makes two copies one e-mail: its Message-ID and who wrote it, else who wrote what to whom and when.

    Without the sender, a second mail of that Message-ID would take the first one's record for its own when a crash
    came between the record and our memory of it.
    """
    sender = email.sender.email if email.sender else ""
    if email.message_id:
        return f"mid:{normal_message_id(email.message_id)}>{sender}"
    sent = email.at.isoformat(timespec="seconds") if email.at else ""
    recipients = ",".join(sorted({address.email for address in email.recipients}))
    return "env:" + _hash(sender, sent, recipients, email.fingerprint)


def letter_key(email: Email) -> str:
    """What a later mail may name this one by: its Message-ID, else nothing does."""
    return named_key(email.message_id) if email.message_id else natural_key(email)


def named_key(message_id: str) -> str:
    """The `letter_key` of the mail with that Message-ID."""
    return f"msg:{normal_message_id(message_id)}"


def within_a_day(one: datetime | None, other: datetime | None) -> bool:
    """A time that is not known does not tell two mails apart."""
    return one is None or other is None or abs(one - other) <= SAME_MAIL_WITHIN


def variant_key(email: Email, natural: str) -> str:
    """The natural key of a mail whose Message-ID was already used by a different mail."""
    sent = email.at.isoformat(timespec="seconds") if email.at else ""
    return f"{natural}|{_hash(email.sender.email if email.sender else '', sent)}"


def record_key(natural: str, generation: int = 0) -> str:
    """The value of the key field; `generation` grows only after the record's delete was confirmed."""
    return f"{KEY_VERSION}:{_hash(natural, str(generation))}"


def meeting_key(uid: str, original: date | None, owner: str) -> str:
    """The natural key of a calendar item: its canonical UID, with the day of an occurrence; the same in all
    calendars. Without a UID it is its owner's alone: `owner` tells whose, and which.
    """
    whole = f"uid:{uid}" if uid else f"own:{owner}"
    return f"{whole}#{original.isoformat()}" if original else whole


def born_key(record_id: str) -> str:
    """The natural key of an item that is made of a record."""
    return f"crm:{record_id}"


def person_key(email: str) -> str:
    """The key of the record that is made for an address; Lead or Contact, so that neither is made twice."""
    return f"{KEY_VERSION}:{_hash('person', email)}"


def account_key(domain: str) -> str:
    """The key of the Account that is made for a domain."""
    return f"{KEY_VERSION}:{_hash('account', domain)}"


def child_key(parent_key: str, part: str) -> str:
    """The key of a file of a record; `part` tells the files of one mail apart."""
    return f"{KEY_VERSION}:{_hash(parent_key, part)}"


def fingerprint(text: str) -> str:
    """Digest of a mail's words alone: white space and markup differ between copies."""
    return _hash(" ".join(text.split()))


def normal_message_id(message_id: str) -> str:
    """Without angle brackets and white space."""
    return "".join(message_id.split()).strip("<>")


def _hash(*parts: str) -> str:
    joined = "\x1f".join(parts).encode("utf-8", "surrogatepass")
    return hashlib.sha256(joined).hexdigest()
