"""Which e-mails are saved. The first rule that applies is the sentence people see, so the order matters:

what the mail is (nothing can be done about it) → where and when → what is switched off → who is on it.
"""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime, timedelta
from enum import StrEnum

from crosstie.domain import reasons
from crosstie.domain.email import Email, Folder, MailKind
from crosstie.domain.mailboxes import MailboxInfo
from crosstie.domain.reasons import Reason, ReasonKind, reason
from crosstie.domain.settings import AutoTrackMode, Level, MailWay
from crosstie.rules import spam
from crosstie.rules.direction import direction
from crosstie.rules.linking import Links
from crosstie.rules.participants import Participants, free_mail_domains

SERVICE_KINDS = {
    MailKind.MEETING_NOTICE: "meeting notice",
    MailKind.READ_RECEIPT: "read receipt",
    MailKind.DELIVERY_REPORT: "delivery report",
}
WHOSE = {
    Level.GLOBAL: "your organization's",
    Level.PROFILE: "your profile's",
    Level.USER: "your own",
}
WHO_IS_ON_IT = (
    reasons.INTERNAL,
    reasons.BLOCKED,
    reasons.FREE_MAIL,
    reasons.FREE_KNOWN,
    reasons.FREE_UNKNOWN,
    reasons.LEFT_OUT,
)
"""Answers that depend on who is in Salesforce, as far as `Circle.undecided` says."""


def mark_verdict(email: Email) -> Reason | None:
    """Why a mail that a person marked is not saved; None: it is.

    A mark is a person's word and outdoes every automatic rule: internal, blocklisted, old and unknown mails are
    saved, with auto-saving off too. What stays out is what is no mail between people. Whom the saved mail is
    linked to is not the mark's business: blocklisted and internal people never are.
    """
    if email.kind in SERVICE_KINDS:
        return reason(reasons.SERVICE, kind=SERVICE_KINDS[email.kind])
    if email.kind is MailKind.ENCRYPTED:
        return reason(reasons.ENCRYPTED)
    if email.is_draft:
        return reason(reasons.DRAFT)
    return None


def auto_verdict(
    email: Email, participants: Participants, info: MailboxInfo, known: Collection[str] = ()
) -> Reason | None:
    """Why a mail is not saved automatically; None: it is, if `unknown_verdict` has nothing against it.

    `known` are those of its addresses that are a Contact's or Lead's; asked only for `WHO_IS_ON_IT`.
    """
    return (
        mark_verdict(email)
        or _place_and_time(email, info)
        or _switches(email, info)
        or spam_verdict(info, level=email.spam_level)
        or _people(participants, info, known)
    )


def spam_verdict(info: MailboxInfo, *, level: int | None = None, headers: str = "") -> Reason | None:
    """Asked twice: about what the envelope tells, and again when the headers of a mail to be saved are there."""
    if info.settings.skip_spam and (spam.is_level(level) or spam.stamped(headers)):
        return reason(reasons.SPAM)
    return None


def unknown_verdict(links: Links, participants: Participants, info: MailboxInfo) -> Reason | None:
    """The last automatic rule, asked once it is known who is in Salesforce. Colleagues alone do not count."""
    at_an_account = info.settings.mail_auto_track_mode is AutoTrackMode.SMART and links.what_id
    if links.who or at_an_account or takes_strangers(participants, info):
        return None
    return reason(reasons.UNKNOWN)


def text_decides(info: MailboxInfo) -> bool:
    """Whether a mail that nobody known is on is saved for the record that its text names."""
    return info.settings.mail_auto_track_mode is AutoTrackMode.USEFUL and info.settings.link_mentions


def takes_strangers(participants: Participants, info: MailboxInfo) -> bool:
    """Whether the mail is saved although nobody on it is in Salesforce."""
    mode, domains = info.settings.mail_auto_track_mode, {address.domain for address in participants.outside}
    if mode is AutoTrackMode.FORCED and domains:
        return True
    if mode is AutoTrackMode.FLEXIBLE and domains - free_mail_domains():
        return True
    return info.settings.mail_save_unlinked


def _place_and_time(email: Email, info: MailboxInfo) -> Reason | None:
    if email.folder is Folder.OTHER:
        return reason(reasons.ELSEWHERE)
    days = info.settings.mail_lookback_days
    moment = _last_moment(email)
    if moment and moment < info.activated_at - timedelta(days=days) and not info.reaches(email):
        return reason(reasons.OLD, days=str(days))
    return None


def _switches(email: Email, info: MailboxInfo) -> Reason | None:
    if not info.settings.mail_auto_save:
        return reason(reasons.AUTO_OFF)
    wanted, found = info.settings.mail_way, direction(email, info.own_addresses)
    if wanted is not MailWay.BOTH and wanted.value != found.value:
        return reason(reasons.DIRECTION, wanted=wanted.value, found=found.value)
    return None


def _last_moment(email: Email) -> datetime | None:
    """The later of sent and received: a sender whose clock is years behind does not make a new mail an old one."""
    return max((moment for moment in (email.sent_at, email.received_at) if moment), default=None)


class KeptOut(StrEnum):
    """What keeps out a mail, or a meeting, on which nobody counts as outside."""

    INTERNAL = "internal"
    BLOCKED = "blocked"
    FREE_MAIL = "free-mail"
    FREE_KNOWN = "free-known"
    FREE_UNKNOWN = "free-unknown"
    LEFT_OUT = "left-out"


KEPT_OUT = {
    KeptOut.INTERNAL: reasons.INTERNAL,
    KeptOut.BLOCKED: reasons.BLOCKED,
    KeptOut.FREE_MAIL: reasons.FREE_MAIL,
    KeptOut.FREE_KNOWN: reasons.FREE_KNOWN,
    KeptOut.FREE_UNKNOWN: reasons.FREE_UNKNOWN,
    KeptOut.LEFT_OUT: reasons.LEFT_OUT,
}


def _people(participants: Participants, info: MailboxInfo, known: Collection[str]) -> Reason | None:
    return kept_out(KEPT_OUT, participants, info, known)


def kept_out(
    kinds: Mapping[KeptOut, ReasonKind], participants: Participants, info: MailboxInfo, known: Collection[str]
) -> Reason | None:
    """In the words of `kinds`."""
    found = _kept_out(participants, info, known)
    if found is None:
        return None
    blocked = found in (KeptOut.BLOCKED, KeptOut.LEFT_OUT)
    return reason(kinds[found], **({"layer": _whose(participants, info)} if blocked else {}))


def _kept_out(participants: Participants, info: MailboxInfo, known: Collection[str]) -> KeptOut | None:
    if participants.outside:
        return None
    if participants.free and info.settings.free_mail_known:
        return KeptOut.FREE_UNKNOWN
    if any(address.email in known for address in participants.free):
        return KeptOut.FREE_KNOWN
    if participants.blocked:
        return KeptOut.LEFT_OUT if participants.free else KeptOut.BLOCKED
    if participants.free:
        return KeptOut.FREE_MAIL
    return KeptOut.INTERNAL if participants.internal else None


def _whose(participants: Participants, info: MailboxInfo) -> str:
    """Whose list keeps the mail out, the highest level first. An entry that is on no level is not known here."""
    found = {info.listed_by.get(entry) for entry in hits(participants, info.settings.blocklist)}
    return " and ".join(words for level, words in WHOSE.items() if level in found) or "a"


def hits(participants: Participants, blocklist: Iterable[str]) -> tuple[str, ...]:
    """The entries, as settings keep them, that block somebody on the mail; in the order of the list."""
    there = {text for address in participants.blocked for text in (address.email, address.domain)}
    return tuple(entry for entry in blocklist if entry in there)
