"""Time zones: Exchange speaks of them by Windows' names, everybody else by IANA's.

The table is CLDR's (windowsZones), as tzlocal keeps it.
"""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from tzlocal.windows_tz import tz_win, win_tz

NO_ZONE = "UTC"
"""Where an event names none that anybody else knows, such as `tzone://Microsoft/Custom`: its moments are right."""
_OLD = {"Kamchatka Standard Time": "Asia/Kamchatka", "Mid-Atlantic Standard Time": "Etc/GMT+2"}
"""Names that Windows still shows as old ones, which CLDR has dropped."""
_WINDOWS = {name.casefold(): iana for name, iana in (win_tz | _OLD).items()}


def to_iana(name: str) -> str:
    """From a name of either kind; empty where it is neither."""
    known = _WINDOWS.get(name.casefold(), name)
    if known in ("UTC", "Etc/UTC"):
        return NO_ZONE
    return known if _exists(known) else ""


def to_windows(iana: str) -> str:
    """The IANA name itself where Windows has none: Exchange takes most of those too."""
    return "UTC" if iana == NO_ZONE else tz_win.get(iana, iana)


def local(moment: datetime, iana: str) -> datetime | None:
    """What a clock there shows, without a zone; None where that clock shows it twice a year, or nobody knows."""
    if not _exists(iana):
        return None
    zone = ZoneInfo(iana)
    shown = moment.astimezone(zone).replace(tzinfo=None, fold=0)
    return shown if shown.replace(tzinfo=zone).astimezone(UTC) == moment else None


def seen_in(moment: datetime, iana: str) -> datetime:
    """The moment as it is seen there, by UTC where the zone is unknown."""
    return moment.astimezone(ZoneInfo(iana) if _exists(iana) else UTC)


def _exists(iana: str) -> bool:
    try:
        return bool(iana) and ZoneInfo(iana) is not None
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
