"""UIDs of events. Exchange's are global object ids in hexadecimal ([MS-OXOCAL] 2.2.1.27)."""

import random
import re
from datetime import UTC, date, datetime

from sandbox.mailboxes.model import Home

_HEAD = "040000008200E00074C5B7101A82E008"
_NO_DATE = "00000000"
_OWN = re.compile(_HEAD + r"[0-9A-F]{8}(?P<rest>(?:[0-9A-F]{2}){20,})", re.IGNORECASE)
_EPOCH = datetime(1601, 1, 1, tzinfo=UTC)
_LETTERS = "0123456789abcdefghijklmnopqrstuv"


def new_uid(home: Home, now: datetime, dice: random.Random) -> str:
    if home == "google":
        return "".join(dice.choice(_LETTERS) for _ in range(26)) + "@google.com"
    ticks = int((now - _EPOCH).total_seconds()) * 10_000_000
    made = ticks.to_bytes(8, "little").hex()
    return f"{_HEAD}{_NO_DATE}{made}{'0' * 16}10000000{dice.getrandbits(128):032x}".upper()


def global_id(uid: str, day: date | None = None) -> bytes:
    """The global object id of an event, or of the occurrence that a series has on that day.

    A stranger's UID is packed into one.
    """
    there = f"{day.year:04X}{day.month:02X}{day.day:02X}" if day else _NO_DATE
    own = _OWN.fullmatch(uid)
    if own:
        return bytes.fromhex(f"{_HEAD}{there}{own['rest']}")
    packed = b"vCal-Uid\x01\x00\x00\x00" + uid.encode() + b"\x00"
    return bytes.fromhex(_HEAD + there) + bytes(16) + len(packed).to_bytes(4, "little") + packed


def uid_on(uid: str, day: date) -> str:
    """The UID of one occurrence, which has the original date in it."""
    return global_id(uid, day).hex().upper()
