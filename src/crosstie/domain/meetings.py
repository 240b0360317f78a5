"""What makes a meeting the same in everybody's calendar: its UID, whatever a server made of it."""

import re

_HEAD = "040000008200E00074C5B7101A82E008"
_OF_EXCHANGE = re.compile(rf"{_HEAD}(?P<day>[0-9A-F]{{8}})(?P<rest>(?:[0-9A-F]{{2}}){{20,}})", re.IGNORECASE)
"""A global object id in hexadecimal: head, day of an occurrence, when it was made, size and data
([MS-OXOCAL] 2.2.1.27).
"""
_NO_DAY = "00000000"
_STRANGERS = b"vCal-Uid\x01\x00\x00\x00"
"""Begins the data where another program's UID was packed in."""
_BEFORE_DATA = 40
"""Hexadecimal digits between the day and the data."""


def canonical_uid(uid: str) -> str:
    """Of a series and of all its occurrences the same: an occurrence's day is taken out, a packed UID unpacked."""
    uid = uid.strip()
    found = _OF_EXCHANGE.fullmatch(uid)
    if found is None:
        return uid
    data = bytes.fromhex(found["rest"][_BEFORE_DATA:])
    if data.startswith(_STRANGERS):
        return data.removeprefix(_STRANGERS).rstrip(b"\x00").decode("utf-8", "replace")
    return f"{_HEAD}{_NO_DAY}{found['rest']}".upper()
