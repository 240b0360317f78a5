"""What Outlook reads of a calendar file, by Microsoft's own words, written so that anybody's code can expand it.

[MS-STANOICAL] says what Outlook does with what is missing, [MS-OXCICAL] what becomes of dates beside a rule.
Nothing else of an event is kept than what tells when it is and what it is called.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from zoneinfo import ZoneInfo, available_timezones

KEPT = (
    "UID", "DTSTART", "DTEND", "DURATION", "RRULE", "RDATE", "EXDATE", "RECURRENCE-ID", "SUMMARY", "LOCATION",
)  # fmt: skip
TIMES = ("DTSTART", "DTEND", "RDATE", "EXDATE", "RECURRENCE-ID")
_TIME = re.compile(r"\d{8}(T\d{6}Z?)?")
_QUOTED = re.compile(r'"[^"]*"')


@dataclass(frozen=True, slots=True)
class Property:
    name: str
    parameters: dict[str, str]
    value: str

    def __str__(self) -> str:
        written = "".join(f';{name}="{value}"' for name, value in self.parameters.items())
        return f"{self.name}{written}:{self.value}"


@dataclass(slots=True)
class Component:
    name: str
    properties: list[Property] = field(default_factory=list)
    parts: list["Component"] = field(default_factory=list)

    def lines(self) -> Iterator[str]:
        yield f"BEGIN:{self.name}"
        yield from map(str, self.properties)
        for part in self.parts:
            yield from part.lines()
        yield f"END:{self.name}"

    def all(self, name: str) -> Iterator["Component"]:
        for part in self.parts:
            if part.name == name:
                yield part
            yield from part.all(name)


def read(text: str, zone: str, opened: datetime) -> str:
    """`zone` is the person's, `opened` when the file was."""
    root = _tree(text)
    brought = {
        one.value: whole for whole in root.all("VTIMEZONE") for one in whole.properties if one.name == "TZID"
    }
    calendar = Component("VCALENDAR", [Property("VERSION", {}, "2.0")], list(brought.values()))
    for event in root.all("VEVENT"):
        calendar.parts.append(Component("VEVENT", list(_event(event, set(brought), zone, opened))))
    return "\r\n".join(calendar.lines())


def _tree(text: str) -> Component:
    """What is never closed ends with the file."""
    stack = [Component("")]
    for line in re.sub(r"[\r\n]+[ \t]", "", text.lstrip("\ufeff")).splitlines():
        found = _property(line)
        if found.name == "BEGIN":
            made = Component(found.value.strip().upper())
            stack[-1].parts.append(made)
            stack.append(made)
        elif found.name == "END" and len(stack) > 1:
            stack.pop()
        elif re.fullmatch(r"[A-Z0-9-]+", found.name):
            stack[-1].properties.append(found)
    return stack[0]


def _property(line: str) -> Property:
    """Colons and semicolons between quotes mean nothing."""
    masked = _QUOTED.sub(lambda found: "_" * len(found[0]), line)
    head = masked.find(":") if ":" in masked else len(line)
    cuts = [at for at, sign in enumerate(masked[:head]) if sign == ";"]
    name, *parameters = (line[a + 1 : b] for a, b in zip([-1, *cuts], [*cuts, head], strict=True))
    pairs = (one.partition("=") for one in parameters if "=" in one)
    return Property(
        name.strip().upper(),
        {key.strip().upper(): value.strip().strip('"') for key, _, value in pairs},
        line[head + 1 :],
    )


def _event(event: Component, brought: set[str], zone: str, opened: datetime) -> Iterator[Property]:
    """What cannot be read is passed over."""
    found = [one for one in event.properties if one.name in KEPT]
    times = [_time(one, brought) for one in found if one.name in TIMES and not _is_period(one)]
    readable = [one for one in times if one.value]
    start = next((one for one in readable if one.name == "DTSTART"), None)
    if start is None:
        end = next((one for one in readable if one.name == "DTEND"), None)
        assert end is None or not any(one.name == "DURATION" for one in found)
        start = _without_start(end, opened)
    yield start
    for one in readable:
        if one.name == "EXDATE":
            yield from _same_days(one, start, zone)
        elif one.name != "DTSTART" and not _is_no_day(one, start):
            yield one
    for one in found:
        if one.name == "RRULE":
            yield replace(one, value=one.value.replace(" ", "").strip(";"))
        elif one.name not in TIMES:
            yield replace(one, parameters={})


def _without_start(end: Property | None, opened: datetime) -> Property:
    """It begins as long before its end as it lasts, here no time at all; without an end with the hour in which the
    file was opened ([MS-STANOICAL] 2.2.76).
    """
    if end is not None:
        return replace(end, name="DTSTART")
    return Property("DTSTART", {}, f"{opened.astimezone(UTC):%Y%m%dT%H0000Z}")


def _is_no_day(one: Property, start: Property) -> bool:
    """A day that ends where it begins is one."""
    return one.name == "DTEND" and len(one.value) == 8 and one.value == start.value


def _is_period(one: Property) -> bool:
    """[MS-OXCICAL] 2.1.3.1.1.20.18"""
    return one.parameters.get("VALUE", "").upper() == "PERIOD"


def _time(one: Property, brought: set[str]) -> Property:
    """A zone that nobody knows is none ([MS-STANOICAL] 2.2.47)."""
    values = [value for value in one.value.strip().split(",") if _TIME.fullmatch(value)]
    parameters = {"VALUE": "DATE"} if values and len(values[0]) == 8 else {}
    name = one.parameters.get("TZID", "")
    known = name if name in brought else _known(name)
    if known and not parameters and not one.value.strip().endswith("Z"):
        parameters = {"TZID": known}
    return Property(one.name, parameters, ",".join(values))


def _known(name: str) -> str:
    """`/example.org/20050126_1/Europe/Berlin` ends in a name that is known."""
    parts = name.strip("/").split("/")
    tails = ("/".join(parts[index:]) for index in range(len(parts)))
    return next((tail for tail in tails if tail in available_timezones()), "")


def _same_days(gone: Property, start: Property, zone: str) -> Iterator[Property]:
    """Of a deleted date the day alone counts, where the series lives ([MS-OXCICAL] 2.1.3.1.1.20.13)."""
    for value in gone.value.split(","):
        day = value[:8]
        if value.endswith("Z") and not start.value.endswith("Z"):
            moment = datetime.strptime(value, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
            day = f"{moment.astimezone(ZoneInfo(start.parameters.get('TZID', zone))):%Y%m%d}"
        yield Property("EXDATE", start.parameters, day + start.value[8:])
