"""What other people's code makes of calendars and of rules: ical.js, in one Node.js process for any number.

It shares nothing with the sandbox's dateutil, nor its time zones with Python's.
"""

import json
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from tests.places import ROOT, node

PROGRAM = Path(__file__).with_name("expand.mjs")
Moment = datetime | date


@dataclass(frozen=True, slots=True)
class Date:
    """One occurrence; of a whole day the end is the day after."""

    start: Moment
    end: Moment
    subject: str = ""
    location: str = ""


@dataclass(frozen=True, slots=True)
class File:
    """What of a calendar reaches into a time. Times without a zone are in `zone`."""

    text: str
    zone: str
    since: datetime
    before: datetime
    most: int = 20_000
    """Of the dates of one event."""

    def job(self) -> dict[str, Any]:
        window = {"since": self.since.timestamp(), "before": self.before.timestamp()}
        return {"text": self.text, "zone": self.zone, "most": self.most, **window}


@dataclass(frozen=True, slots=True)
class Rule:
    """Of a series that begins at `start` on the clocks of `zone`, all that begins before a moment."""

    text: str
    start: Moment
    zone: str
    length: timedelta
    before: datetime

    def job(self) -> dict[str, Any]:
        length = int(self.length.total_seconds())
        window = {"zone": self.zone, "length": length, "before": self.before.timestamp()}
        return {"rule": self.text, "start": self.start.isoformat(), **window}


@dataclass(frozen=True, slots=True)
class Answer:
    found: tuple[Date, ...] = ()
    problem: str = ""
    """Why it cannot be read."""


def asked(jobs: Sequence[File | Rule]) -> list[Answer]:
    program = node()
    if program is None:
        raise RuntimeError("Node.js or its packages are missing (npm ci)")
    told = json.dumps([one.job() for one in jobs])
    run = subprocess.run(
        [program, str(PROGRAM)], input=told, capture_output=True, text=True, cwd=ROOT, check=True, timeout=600
    )
    return [
        Answer(tuple(map(_date, one.get("found", ()))), one.get("problem", "")) for one in json.loads(run.stdout)
    ]


def _date(told: dict[str, Any]) -> Date:
    return Date(_moment(told["start"]), _moment(told["end"]), told.get("subject", ""), told.get("location", ""))


def _moment(told: float | str) -> Moment:
    return date.fromisoformat(told) if isinstance(told, str) else datetime.fromtimestamp(told, UTC)
