"""The calendar suite, run over every connector."""

from collections.abc import Iterator

import pytest

from tests.contract.calendar_suite import CalendarSuite
from tests.contract.graph_calendar_office import GraphCalendarOffice

MOODS = {
    "graph.large_pages": False,
    "graph.dead_cursor_is_410": False,
    "graph.long_tokens": True,
    "graph.batch_in_order": True,
    "graph.stale_key_is_irresolvable": False,
    "graph.etag_forms_differ": True,
    "graph.rows_twice": True,
    "graph.rows_shuffled": True,
    "graph.empty_pages": True,
    "graph.all_day_floats": False,
    "graph.uid_is_told": True,
    "graph.occurrences_are_thin": False,
    "graph.deleted_occurrences_are_told": True,
    "graph.removed_series_names_its_dates": True,
    "graph.event_delta_tells_text": False,
    "graph.bad_event_is_property_validation": False,
    "graph.read_only_parts_are_ignored": False,
}
"""The other answer to each doubt, as far as the cases hold under it; test_graph_calendar.py has the rest."""


class TestGraph(CalendarSuite):
    @pytest.fixture
    def office(self) -> Iterator[GraphCalendarOffice]:
        office = GraphCalendarOffice()
        yield office
        office.judge()


class TestGraphInItsOtherMoods(CalendarSuite):
    @pytest.fixture
    def office(self) -> Iterator[GraphCalendarOffice]:
        office = GraphCalendarOffice(seed=1)
        for switch, on in MOODS.items():
            office.world.switches.turn(switch, on)
        yield office
        office.judge()
