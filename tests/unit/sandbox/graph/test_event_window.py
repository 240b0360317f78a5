"""Random lives of a calendar: who follows its delta by the rules holds what a view shows, however rude it is."""

import random
from dataclasses import dataclass, field
from typing import Any

import pytest

from tests.unit.sandbox.graph.conftest import IMMUTABLE, Office
from tests.unit.sandbox.graph.diary import WINDOW, at, dates, event, weekly

RUDE = (
    "rows_twice", "rows_shuffled", "unchanged_emitted", "empty_pages", "pages_repeated", "occurrences_are_thin",
    "deleted_occurrences_are_told", "removed_series_names_its_dates", "change_key_moves_at_rest",
    "etag_forms_differ", "all_day_lies_in_utc", "large_pages", "default_page_is_small",
)  # fmt: skip
MOST_PAGES = 400
Row = dict[str, Any]


@dataclass
class Copy:
    """A series that is told takes the place of what was told of it before; a removed one goes with its dates."""

    office: Office
    link: str = f"calendarView/delta?{WINDOW}"
    rows: dict[str, Row] = field(default_factory=dict)

    def round(self, size: int) -> None:
        told: list[Row] = []
        head = {"Prefer": f'IdType="ImmutableId", odata.maxpagesize={size}'}
        for _ in range(MOST_PAGES):
            page = self.office.get(self.link, headers=head)
            told += page["value"]
            self.link = page.get("@odata.nextLink") or page["@odata.deltaLink"]
            if "@odata.deltaLink" in page:
                break
        else:
            raise AssertionError("the round does not end")
        renewed = {row["id"] for row in told if "@removed" in row or row["type"] == "seriesMaster"}
        self.rows = {id_: row for id_, row in self.rows.items() if row["seriesMasterId"] not in renewed}
        for row in told:
            self.rows.pop(row["id"], None)
            if "@removed" not in row:
                self.rows[row["id"]] = row

    def shown(self) -> dict[str, str]:
        """Id → start, without the series themselves."""
        there = self.rows.values()
        return {row["id"]: row["start"]["dateTime"] for row in there if row["type"] != "seriesMaster"}


@dataclass
class Life:
    office: Office
    dice: random.Random

    def act(self) -> None:
        choice = self.dice.choice(
            (self.single, self.whole, self.series, self.move, self.move, self.rename, self.remove)
        )
        choice()

    def single(self) -> None:
        self._write("POST", "events", event(*self._hours()))

    def whole(self) -> None:
        """On the window's first day or beside it."""
        days = ("2026-10-31", "2026-11-01", "2026-11-02", "2026-12-30", "2026-12-31", "2027-01-01")
        first = self.dice.choice((0, 1, 3, 4))
        self._write("POST", "events", event(f"{days[first]}T00:00", f"{days[first + 1]}T00:00", isAllDay=True))

    def series(self) -> None:
        body = weekly(*self.dice.sample(("monday", "wednesday", "friday"), 2))
        body["recurrence"]["range"]["numberOfOccurrences"] = self.dice.randint(2, 9)
        self._write("POST", "events", body)

    def move(self) -> None:
        start, end = self._hours()
        self._write("PATCH", self._any(), {"start": at(start), "end": at(end)})

    def rename(self) -> None:
        self._write("PATCH", self._any(), {"subject": f"New {self.dice.random()}"})

    def remove(self) -> None:
        self._write("DELETE", self._any())

    def _hours(self) -> tuple[str, str]:
        """In the window or beside it."""
        day = self.dice.choice(("2026-10-20", "2026-11-05", "2026-11-24", "2026-12-04", "2027-01-15"))
        hour = self.dice.randint(8, 15)
        return f"{day}T{hour:02}:00", f"{day}T{hour + 1:02}:30"

    def _any(self) -> str:
        """A single event, a series, or one date of it."""
        rows = self.office.get("events?$top=100")["value"]
        if not rows:
            return "events/none"
        row = self.dice.choice(rows)
        if row["type"] == "seriesMaster" and self.dice.random() < 0.7:
            row = self.dice.choice(dates(self.office, row["id"]) or [row])
        return f"events/{row['id']}"

    def _write(self, method: str, path: str, body: Row | None = None) -> None:
        """What cannot be is refused, and nothing of it is done."""
        assert self.office.call(method, path, body).status_code in (200, 201, 204, 400)


@pytest.mark.parametrize("seed", range(12))
def test_who_follows_holds_what_a_view_shows(office: Office, seed: int) -> None:
    life = Life(office, random.Random(seed))
    office.turn(**{name: life.dice.random() < 0.5 for name in RUDE})
    copy, size = Copy(office), life.dice.choice((1, 3, 50))
    for _ in range(12):
        for _act in range(life.dice.randint(0, 4)):
            life.act()
        copy.round(size)
        view = office.get(f"calendarView?{WINDOW}&$top=1000", headers=IMMUTABLE)["value"]
        assert copy.shown() == {row["id"]: row["start"]["dateTime"] for row in view}
