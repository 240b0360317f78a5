"""Between RRULE (RFC 5545, 3.3.10) and a rule. What a mailbox cannot keep is refused by name."""

import re
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sandbox.mailboxes.calendar.expand import to_local, to_utc
from sandbox.mailboxes.calendar.model import DAYS, INDEXES, Day, Index, Moment, Pattern, Rule
from sandbox.mailboxes.calendar.problems import NotRepresentable

_WEEKDAY = re.compile(r"([+-]?\d{1,2})?(MO|TU|WE|TH|FR|SA|SU)")
_SHORT: dict[str, Day] = {day[:2].upper(): day for day in DAYS}
_KNOWN = {"FREQ", "INTERVAL", "COUNT", "UNTIL", "WKST", "BYDAY", "BYMONTHDAY", "BYMONTH", "BYSETPOS"}
_LAST = 31
_UP_TO = {",".join(map(str, range(28, last + 1))): last for last in (29, 30, _LAST)}
_POSITIONS: dict[int, Index] = {1: "first", 2: "second", 3: "third", 4: "fourth", -1: "last"}


def rule_from(text: str, start: Moment, zone: str, *, skips: bool) -> Rule:
    """Raises NotRepresentable. `skips` says how the mailbox counts a 31st of April."""
    parts = _parts(text)
    frequency = parts.get("FREQ", "")
    unknown = sorted(name for name in parts if name not in _KNOWN and not name.startswith("X-"))
    if unknown:
        raise NotRepresentable(f"RRULE with {', '.join(unknown)}")
    if frequency not in ("DAILY", "WEEKLY", "MONTHLY", "YEARLY"):
        raise NotRepresentable(f"RRULE with FREQ={frequency}")
    if "UNTIL" in parts and "COUNT" in parts:
        raise NotRepresentable("RRULE with both UNTIL and COUNT")
    kind, chosen = _pattern(frequency, parts, to_local(start, zone), skips)
    return Rule(
        kind,
        interval=_number(parts, "INTERVAL", 1),
        first_day=_SHORT.get(parts.get("WKST", "MO"), "monday"),
        until=_until(parts["UNTIL"], start, zone) if "UNTIL" in parts else None,
        count=_number(parts, "COUNT", 1) if "COUNT" in parts else None,
        zone=zone,
        **chosen,
    )


def _parts(text: str) -> dict[str, str]:
    pairs = (part.partition("=") for part in text.strip().upper().split(";") if part)
    return {name.strip(): value.strip() for name, _, value in pairs}


def _number(parts: dict[str, str], name: str, least: int) -> int:
    try:
        number = int(parts.get(name, str(least)))
    except ValueError:
        number = least - 1
    if number < least:
        raise NotRepresentable(f"RRULE with {name}={parts[name]}")
    return number


def _pattern(
    frequency: str, parts: dict[str, str], start: datetime, skips: bool
) -> tuple[Pattern, dict[str, Any]]:
    days = _days(parts.get("BYDAY", ""))
    names = tuple(name for _, name in days)
    ordered = tuple(number for number, _ in days if number)
    month = _month(parts, frequency, start)
    if frequency in ("DAILY", "WEEKLY"):
        if ordered or any(name in parts for name in ("BYMONTHDAY", "BYSETPOS", "BYMONTH")):
            raise NotRepresentable(f"RRULE with FREQ={frequency} and {_beside(parts)}")
        if frequency == "DAILY" and not names:
            return "daily", {}
        if frequency == "DAILY" and _number(parts, "INTERVAL", 1) != 1:
            raise NotRepresentable("RRULE with FREQ=DAILY, INTERVAL and BYDAY")
        return "weekly", {"days": names or (DAYS[start.weekday()],)}
    if names:
        index = _index(parts, ordered, len(names))
        pattern: Pattern = "relativeYearly" if frequency == "YEARLY" else "relativeMonthly"
        return pattern, {"days": names, "index": index, **month}
    day, exact = _day(parts, start)
    pattern = "absoluteYearly" if frequency == "YEARLY" else "absoluteMonthly"
    return pattern, {"day": day, "skips": skips and exact, **month}


def _beside(parts: dict[str, str]) -> str:
    return ", ".join(name for name in ("BYDAY", "BYMONTHDAY", "BYSETPOS", "BYMONTH") if name in parts)


def _days(text: str) -> list[tuple[int, Day]]:
    found = []
    for one in filter(None, text.split(",")):
        form = _WEEKDAY.fullmatch(one.strip())
        if form is None:
            raise NotRepresentable(f"RRULE with BYDAY={text}")
        found.append((int(form[1] or 0), _SHORT[form[2]]))
    return found


def _month(parts: dict[str, str], frequency: str, start: datetime) -> dict[str, int]:
    if frequency != "YEARLY":
        if "BYMONTH" in parts and frequency == "MONTHLY":
            raise NotRepresentable("RRULE with FREQ=MONTHLY and BYMONTH")
        return {}
    text = parts.get("BYMONTH", str(start.month))
    if not text.isdecimal() or not 1 <= int(text) <= 12:
        raise NotRepresentable(f"RRULE with BYMONTH={text}")
    if "BYMONTH" not in parts and "BYDAY" in parts:
        raise NotRepresentable("RRULE with FREQ=YEARLY and BYDAY but no BYMONTH")
    return {"month": int(text)}


def _index(parts: dict[str, str], ordered: tuple[int, ...], days: int) -> Index:
    """`BYDAY=2MO`, or `BYDAY=MO,TU;BYSETPOS=2`."""
    position = parts.get("BYSETPOS", "")
    if "BYMONTHDAY" in parts or (ordered and (days > 1 or position)) or not (ordered or position):
        raise NotRepresentable(f"RRULE with {_beside(parts)}={parts['BYDAY']}")
    try:
        return _POSITIONS[ordered[0] if ordered else int(position)]
    except (KeyError, ValueError):
        raise NotRepresentable(f"RRULE with BYDAY={parts['BYDAY']};BYSETPOS={position}") from None


def _day(parts: dict[str, str], start: datetime) -> tuple[int, bool]:
    """And whether it is that day alone, rather than the last one up to it that a month has."""
    text = parts.get("BYMONTHDAY", str(start.day))
    if text == "-1" and "BYSETPOS" not in parts:
        return _LAST, False
    if parts.get("BYSETPOS") == "-1" and text in _UP_TO:
        return _UP_TO[text], False
    if "BYSETPOS" in parts or not re.fullmatch(r"[12]?\d|3[01]", text) or text == "0":
        raise NotRepresentable(f"RRULE with BYMONTHDAY={text}")
    return int(text), True


def _until(text: str, start: Moment, zone: str) -> date:
    """The last day on which an occurrence may start, in the zone; not the named one when it ends too early. Whole
    days are in no zone, whatever hour their end is told at.
    """
    try:
        if len(text) == 8 or not isinstance(start, datetime):
            return datetime.strptime(text[:8], "%Y%m%d").replace(tzinfo=UTC).date()
        moment = datetime.strptime(text.rstrip("Z"), "%Y%m%dT%H%M%S").replace(tzinfo=UTC)
    except ValueError:
        raise NotRepresentable(f"RRULE with UNTIL={text}") from None
    local = to_local(moment, zone) if text.endswith("Z") else moment.replace(tzinfo=None)
    begins = to_local(start, zone).time()
    return local.date() if local.time() >= begins else local.date() - timedelta(days=1)


def text_of(rule: Rule, start: Moment) -> str:
    """As one RRULE value. Needs the series' start, whose hour the end of the range is told at."""
    parts = [f"FREQ={_frequency(rule)}"]
    if rule.interval != 1:
        parts.append(f"INTERVAL={rule.interval}")
    if rule.count is not None:
        parts.append(f"COUNT={rule.count}")
    elif rule.until is not None:
        parts.append(f"UNTIL={_until_text(rule, start)}")
    if rule.pattern.startswith("relative"):
        names = ",".join(day[:2].upper() for day in rule.days)
        position = INDEXES.index(rule.index) + 1 if rule.index != "last" else -1
        parts += [f"BYDAY={names}", f"BYSETPOS={position}"] if len(rule.days) > 1 else [f"BYDAY={position}{names}"]
    elif rule.pattern == "weekly":
        parts.append("BYDAY=" + ",".join(day[:2].upper() for day in rule.days))
    elif rule.pattern.startswith("absolute"):
        parts += _month_day(rule)
    if rule.month:
        parts.append(f"BYMONTH={rule.month}")
    if rule.pattern == "weekly":
        parts.append(f"WKST={rule.first_day[:2].upper()}")
    return ";".join(parts)


def _frequency(rule: Rule) -> str:
    if rule.pattern in ("daily", "weekly"):
        return rule.pattern.upper()
    return "YEARLY" if rule.pattern.endswith("Yearly") else "MONTHLY"


def _month_day(rule: Rule) -> list[str]:
    if rule.skips or rule.day <= 28:
        return [f"BYMONTHDAY={rule.day}"] if rule.day else []
    days = next(text for text, last in _UP_TO.items() if last == rule.day)
    return ["BYMONTHDAY=-1"] if rule.day == _LAST else [f"BYMONTHDAY={days}", "BYSETPOS=-1"]


def _until_text(rule: Rule, start: Moment) -> str:
    assert rule.until is not None
    if not isinstance(start, datetime):
        return rule.until.strftime("%Y%m%d")
    hour = to_local(start, rule.zone).time()
    last = to_utc(datetime.combine(rule.until, hour), rule.zone)
    return last.strftime("%Y%m%dT%H%M%SZ")
