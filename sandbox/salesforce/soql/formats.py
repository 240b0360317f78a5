"""FORMAT(): values as a person of some locale reads them.

A handful of locales in the spelling of the Unicode locale data; others read as en_US does. [recall]
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sandbox.salesforce.schema.facts import Field
from sandbox.salesforce.values import NUMBER_TYPES

SYMBOLS = {"EUR": "€", "USD": "$", "GBP": "£", "JPY": "¥"}
NARROW_SPACE = "\u202f"


@dataclass(frozen=True, slots=True)
class Locale:
    point: str = "."
    comma: str = ","
    day: str = "{0.month}/{0.day}/{0.year}"
    half_days: bool = True
    between: str = ", "
    symbol_first: bool = True


LOCALES = {
    "en_US": Locale(),
    "en_GB": Locale(day="{0.day:02}/{0.month:02}/{0.year}", half_days=False),
    "de_DE": Locale(",", ".", "{0.day:02}.{0.month:02}.{0.year}", half_days=False, symbol_first=False),
    "fr_FR": Locale(
        ",", NARROW_SPACE, "{0.day:02}/{0.month:02}/{0.year}", half_days=False, between=" ", symbol_first=False
    ),
}


def locale_of(name: str) -> Locale:
    return LOCALES.get(name, LOCALES["en_US"])


def written(locale: Locale, zone: ZoneInfo, fact: Field, value: Any) -> str | None:
    """A number, day or moment; anything else is text already."""
    if value is None:
        return None
    if isinstance(value, datetime):
        local = value.astimezone(zone)
        return f"{locale.day.format(local)}{locale.between}{_time(locale, local)}"
    if isinstance(value, date):
        return locale.day.format(value)
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return str(value).lower() if isinstance(value, bool) else str(value)
    places = fact.scale if fact.type in NUMBER_TYPES else 0
    text = number(locale, value, places)
    return f"{text}%" if fact.type == "percent" else text


def number(locale: Locale, value: float, places: int) -> str:
    text = f"{value:,.{places}f}"
    return text.replace(",", "\0").replace(".", locale.point).replace("\0", locale.comma)


def money(locale: Locale, value: float, iso_code: str, *, several: bool) -> str:
    """With the symbol where the org has one currency, with the code where it has several."""
    text = number(locale, abs(value), 2)
    sign = "-" if value < 0 else ""
    if several:
        return f"{iso_code} {sign}{text}"
    symbol = SYMBOLS.get(iso_code, iso_code)
    return f"{sign}{symbol}{text}" if locale.symbol_first else f"{sign}{text}\u00a0{symbol}"


def _time(locale: Locale, moment: datetime) -> str:
    if not locale.half_days:
        return f"{moment:%H:%M}"
    return f"{(moment.hour - 1) % 12 + 1}:{moment.minute:02} {'AM' if moment.hour < 12 else 'PM'}"
