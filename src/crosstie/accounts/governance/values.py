"""Settings between text, JSON and the values sessions work with. Wrong text meets a sentence."""

import re
from collections.abc import Callable, Sequence
from enum import StrEnum
from typing import Any

from crosstie.accounts import checks, words
from crosstie.accounts.nearest import hint
from crosstie.accounts.words import Unacceptable
from crosstie.domain import folders
from crosstie.domain.records import EMAIL_MESSAGE, EVENT, KEY_FIELD, LINKED, TASK, long_id
from crosstie.domain.settings import SettingInfo, Settings, catalogue
from crosstie.mapping import emailmessage, task
from crosstie.mapping.event import COLUMNS
from crosstie.rules.participants import free_mail_domains

ON = frozenset({"on", "yes", "true", "1", "enabled"})
OFF = frozenset({"off", "no", "false", "0", "disabled"})
_SEPARATORS = re.compile(r"[\s,;]+")
_DEFAULT = re.compile(
    r"(lead|contact|account)\.([a-z][a-z0-9_]{0,60})\s*=\s*(\S[^\x00-\x1f]{0,254})", re.IGNORECASE
)
_MEANING = re.compile(
    r"(\S[^\x00-\x1f]{0,254}?)\s*->\s*(task|emailmessage|event)\.([a-z][a-z0-9_]{0,79})\s*=\s*(\S[^\x00-\x1f]{0,254})",
    re.IGNORECASE,
)
_EVENT_VALUE = re.compile(r"(?:event\.)?([a-z][a-z0-9_]{0,79})\s*=\s*(\S[^\x00-\x1f]{0,254})?", re.IGNORECASE)
_FIELD_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,79}")
_LABEL = re.compile(r"[^\s\x00-\x1f][^\x00-\x1f]{0,39}")
_PATH_SEPARATORS = re.compile(r"\s*[\n,;]\s*")
_EXTENSION = re.compile(r"[a-z0-9_+-]{1,20}(?:\.[a-z0-9_+-]{1,20})*")
ACCOUNT_PREFIX = "001"
EMPTY = "empty"
SPACED = ("mail.folders", "resolving.defaults", "categories.fields", "events.defaults", "events.unsync-conditions")
"""Beginnings of the names of lists whose entries may have white space within."""
FILLED = frozenset({"id", "name", "company", "email", "firstname", "lastname", "accountid", "ownerid"})
"""Fields of new records, in lower case, that are not an administrator's to fill."""
OF_MAILS = {TASK: task.TABLE, EMAIL_MESSAGE: emailmessage.TABLE}
OURS = {owner: frozenset(one.name.casefold() for one in table) for owner, table in OF_MAILS.items()}
OURS[EVENT] = frozenset(name.casefold() for name in (*COLUMNS, "OwnerId", "WhoId", "WhatId", "EventWhoIds"))
"""Fields that we fill, in lower case."""
OPEN = {TASK: frozenset({"priority", "status"})}
"""Of these those that an administrator may fill otherwise."""
DEFAULTS = Settings()


def known(name: str) -> tuple[str, SettingInfo]:
    """The attribute of Settings and what is known of a setting, by its name or one of its aliases."""
    listed = catalogue()
    for own, entry in listed.items():
        if name.strip().casefold() in (own.casefold(), *(alias.casefold() for alias in entry[1].aliases)):
            return entry
    raise Unacceptable(words.SETTING_UNKNOWN, name=name, hint=hint(name, listed))


def default(info: SettingInfo) -> Any:
    return getattr(DEFAULTS, catalogue()[info.name][0])


def parse(info: SettingInfo, given: object) -> Any:
    """The value that `given` (text, or a value as JSON has it) stands for."""
    model = default(info)
    if isinstance(model, bool):
        return _switch(info, given)
    if isinstance(model, int):
        return _number(info, given)
    if isinstance(model, StrEnum):
        return _choice(info, given, type(model))
    if isinstance(model, str):
        text = str(given).strip()
        return "" if text in ("", EMPTY) else _CHECKS[info.name](text)
    return _entries(info, given)


def to_json(value: Any) -> Any:
    """As it is stored."""
    return list(value) if isinstance(value, tuple) else value


def from_json(info: SettingInfo, stored: Any) -> Any:
    """As sessions want it; raises Unacceptable for what an earlier version may have stored."""
    model = default(info)
    if isinstance(model, tuple) and isinstance(stored, list):
        return tuple(map(str, stored))
    return type(model)(stored)


def show(value: Any) -> str:
    """As people read and write it."""
    if isinstance(value, bool):
        return "on" if value else "off"
    if isinstance(value, tuple):
        return ", ".join(value) or EMPTY
    return str(value) or EMPTY


def _switch(info: SettingInfo, given: object) -> bool:
    text = str(given).strip().casefold()
    if text not in ON | OFF:
        raise Unacceptable(words.NOT_A_SWITCH, name=info.name, value=given)
    return text in ON


def _number(info: SettingInfo, given: object) -> int:
    low, high = info.minimum or 0, info.maximum if info.maximum is not None else 2**31 - 1
    text = str(given).strip()
    if isinstance(given, bool) or not re.fullmatch(r"[0-9]{1,12}", text) or not low <= int(text) <= high:
        raise Unacceptable(words.NOT_A_NUMBER, name=info.name, value=given, minimum=low, maximum=high)
    return int(text)


def _choice(info: SettingInfo, given: object, kind: type[StrEnum]) -> StrEnum:
    text = str(given).strip().casefold()
    choices = [member.value for member in kind]
    if text not in choices:
        near = hint(text, choices)
        raise Unacceptable(words.NOT_A_CHOICE, name=info.name, value=given, hint=near, choices=", ".join(choices))
    return kind(text)


def _entries(info: SettingInfo, given: object) -> tuple[str, ...]:
    """A list, or a text with commas, semicolons or white space between its entries; each entry once. White space
    is a part of some.
    """
    separators = _PATH_SEPARATORS if info.name.startswith(SPACED) else _SEPARATORS
    listed: Sequence[object] = given if isinstance(given, list | tuple) else separators.split(str(given))
    check = _CHECKS[info.name]
    found = tuple(dict.fromkeys(check(str(entry)) for entry in listed if str(entry).strip()))
    if info.name == "links.never" and set(found) >= set(LINKED):
        raise Unacceptable(words.NOTHING_LINKED, choices=", ".join(LINKED))
    return found


def _internal_domain(text: str) -> str:
    found = checks.domain(text)
    if found in free_mail_domains():
        raise Unacceptable(words.FREE_MAIL_INTERNAL, value=found)
    return found


def _extension(text: str) -> str:
    plain = text.strip().casefold().removeprefix("*").lstrip(".")
    if not _EXTENSION.fullmatch(plain):
        raise Unacceptable(words.EXTENSION_BAD, value=text)
    return plain


def _minimum(text: str) -> str:
    """`.PDF: 2000` is `pdf:2000`."""
    ending, _, size = text.rpartition(":")
    if not re.fullmatch(r"[0-9]{1,8}", size.strip()):
        raise Unacceptable(words.MINIMUM_BAD, value=text)
    return f"{_extension(ending)}:{int(size)}"


def _folder(text: str) -> str:
    try:
        return folders.path_of(text)
    except folders.NotAPath as wrong:
        raise Unacceptable(words.FOLDER_BAD, value=text.strip(), why=wrong) from None


def _kind_of_record(text: str) -> str:
    """By the vendor's name, however it is capitalised."""
    found = next((kind for kind in LINKED if kind.casefold() == text.strip().casefold()), None)
    if found is None:
        near = hint(text.strip(), LINKED)
        raise Unacceptable(
            words.NOT_A_CHOICE, name="links.never", value=text, hint=near, choices=", ".join(LINKED)
        )
    return found


def _given_value(text: str) -> str:
    """`lead.LeadSource = Web` is `Lead.LeadSource=Web`."""
    match = _DEFAULT.fullmatch(text.strip())
    if match is None or match[2].casefold() in FILLED:
        raise Unacceptable(words.DEFAULT_BAD, value=text)
    return f"{match[1].capitalize()}.{match[2]}={match[3].strip()}"


def _meaning(text: str) -> str:
    """`Urgent -> task.Priority = High` is `Urgent->Task.Priority=High`."""
    match = _MEANING.fullmatch(text.strip())
    if match is None:
        raise Unacceptable(words.MEANING_BAD, value=text)
    owner = next(one for one in OURS if one.casefold() == match[2].casefold())
    if _is_ours(owner, match[3]):
        raise Unacceptable(words.FIELD_OURS, value=f"{owner}.{match[3]}")
    return f"{match[1]}->{owner}.{match[3]}={match[4].strip()}"


def _default_of_events(text: str) -> str:
    """`Event.Reason__c = Visit` is `Reason__c=Visit`."""
    match = _EVENT_VALUE.fullmatch(text.strip())
    if match is None or not match[2]:
        raise Unacceptable(words.EVENT_VALUE_BAD, value=text)
    if _is_ours(EVENT, match[1]):
        raise Unacceptable(words.FIELD_OURS, value=f"{EVENT}.{match[1]}")
    return f"{match[1]}={match[2].strip()}"


def _condition(text: str) -> str:
    """No value behind the sign stands for an empty field."""
    match = _EVENT_VALUE.fullmatch(text.strip())
    if match is None:
        raise Unacceptable(words.EVENT_VALUE_BAD, value=text)
    return f"{match[1]}={(match[2] or '').strip()}"


def _field_of_mails(text: str) -> str:
    if not _FIELD_NAME.fullmatch(text):
        raise Unacceptable(words.FIELD_BAD, value=text)
    if any(_is_ours(owner, text) for owner in OF_MAILS):
        raise Unacceptable(words.FIELD_OURS, value=text)
    return text


def _is_ours(owner: str, name: str) -> bool:
    filled = OURS[owner] - OPEN.get(owner, frozenset())
    return name.casefold() in filled | {KEY_FIELD.casefold(), "id", "parentid", "activityid"}


def _label(text: str) -> str:
    if not _LABEL.fullmatch(text):
        raise Unacceptable(words.LABEL_BAD, value=text)
    return text


def _account(text: str) -> str:
    found = long_id(text.strip())
    if not found.startswith(ACCOUNT_PREFIX):
        raise Unacceptable(words.ACCOUNT_ID_BAD, value=text)
    return found


_CHECKS: dict[str, Callable[[str], str]] = {
    "org.internal-domains": _internal_domain,
    "mail.folders": _folder,
    "mail.folders-excluded": _folder,
    "blocklist": checks.address_or_domain,
    "blocklist.pinned": checks.address_or_domain,
    "blocklist.removed": checks.address_or_domain,
    "links.never": _kind_of_record,
    "attachments.blocked-extensions": _extension,
    "attachments.allowed-extensions": _extension,
    "resolving.account": _account,
    "resolving.defaults": _given_value,
    "categories.fields": _meaning,
    "events.defaults": _default_of_events,
    "events.unsync-conditions": _condition,
    "mail.thread-field": _field_of_mails,
    "direction.field": _field_of_mails,
    "direction.inbound-label": _label,
    "direction.outbound-label": _label,
    "attachments.min-bytes-by-extension": _minimum,
    "notices.addresses": checks.address,
}
