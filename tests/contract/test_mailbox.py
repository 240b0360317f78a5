"""The mailbox suite, run over every connector, and what is promised of each beside it."""

from collections.abc import Iterator

import pytest

from tests.contract.graph_office import GraphOffice
from tests.contract.mailbox_suite import MailboxSuite

MOODS = {
    "graph.plain_text_stays_text": False,
    "graph.large_pages": False,
    "graph.dead_cursor_is_410": False,
    "graph.long_tokens": True,
    "graph.batch_in_order": True,
    "graph.category_twice_is_409": False,
    "graph.move_back_hides": True,
    "graph.move_arrives_unseen": True,
    "graph.etag_forms_differ": True,
    "graph.rows_twice": True,
    "graph.rows_shuffled": True,
    "graph.empty_pages": True,
    "graph.received_is_finer": True,
}
"""The other answer to each doubt, as far as the suite's cases hold under it; test_graph.py has the rest."""


class TestGraph(MailboxSuite):
    @pytest.fixture
    def office(self) -> Iterator[GraphOffice]:
        office = GraphOffice()
        yield office
        office.judge()


class TestGraphInItsOtherMoods(MailboxSuite):
    @pytest.fixture
    def office(self) -> Iterator[GraphOffice]:
        office = GraphOffice(seed=1)
        for switch, on in MOODS.items():
            office.world.switches.turn(switch, on)
        yield office
        office.judge()
