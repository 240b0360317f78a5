"""The mailbox suite, run over every connector, and what is promised of each beside it."""

from collections.abc import Iterator

import pytest

from tests.contract.graph_office import GraphOffice
from tests.contract.graph_schema import GraphSchema
from tests.contract.mailbox_suite import MailboxSuite
from tests.places import SHARED


class TestGraph(MailboxSuite):
    @pytest.fixture
    def office(self) -> Iterator[GraphOffice]:
        office = GraphOffice()
        yield office
        if SHARED.is_dir():
            report = GraphSchema.load().judge(office.judged_calls())
            assert report.problems == []
