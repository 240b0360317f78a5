"""Whose an address is, as people would say it: written from docs/rules.md, not from the rules."""

from collections.abc import Iterable, Mapping

from crosstie.domain.settings import AutoTrackMode, MailWay, Settings
from tests.simulation.ledger import SENT, Copy

INTERNAL_DOMAIN = "larch.test"
FREE_DOMAIN = "gmail.com"
NOBODY = ("news", "robot", "shop")


def group(address: str, person: str, settings: Settings, *, known: bool) -> str:
    """`known`: whether it is a Contact's or Lead's; it matters at free mail services and for colleagues."""
    local, _, domain = address.rpartition("@")
    if domain == INTERNAL_DOMAIN:
        counts = settings.include_internal or (settings.internal_known and known)
        if local == person or not counts:
            return "internal"
    if address in settings.blocklist or domain in settings.blocklist:
        return "blocked"
    left_out = settings.exclude_free_mail and not (settings.free_mail_known and known)
    return "free" if left_out and domain == FREE_DOMAIN else "outside"


def against(groups: Iterable[str], settings: Settings) -> str:
    """Why a mail of these people is left out; empty where somebody on it counts."""
    found = set(groups)
    if "outside" in found or not found:
        return ""
    if "free" in found and settings.free_mail_known:
        return "MAIL-FREE-UNKNOWN"
    if {"blocked", "free"} <= found:
        return "MAIL-LEFT-OUT"
    if "blocked" in found:
        return "MAIL-BLOCKED"
    return "MAIL-FREE" if "free" in found else "MAIL-INTERNAL"


def takes_strangers(groups: Mapping[str, str], settings: Settings) -> bool:
    """Whether the mail is saved though nobody on it is in Salesforce."""
    domains = {address.rpartition("@")[2] for address, of in groups.items() if of == "outside"}
    wanted = {AutoTrackMode.FORCED: domains, AutoTrackMode.FLEXIBLE: domains - {FREE_DOMAIN}}
    return settings.mail_save_unlinked or bool(wanted.get(settings.mail_auto_track_mode))


def goes_wrong_way(copy: Copy, number: int, settings: Settings) -> bool:
    """Received, and sent ones are wanted, or the other way round."""
    own = copy.letter.sender == f"{copy.person}@{INTERNAL_DOMAIN}"
    sent = own or copy.place.at(number) == SENT
    return settings.mail_way is (MailWay.INBOUND if sent else MailWay.OUTBOUND)


def may_become_somebody(address: str) -> bool:
    """Whether a record may be made of it: never of colleagues, people at free mail services, groups, machines."""
    local, _, domain = address.rpartition("@")
    return domain not in (INTERNAL_DOMAIN, FREE_DOMAIN) and local not in NOBODY
