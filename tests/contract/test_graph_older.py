"""What Graph may answer to a listing of older mail, and what becomes of it."""

import json
from collections.abc import Iterator
from datetime import timedelta

import pytest

from crosstie.domain.errors import CrosstieError, Fatal
from crosstie.mailboxes.graph import older
from sandbox.faults import Fault
from tests.contract.graph_office import GraphOffice
from tests.contract.mailbox_office import START, View
from tests.contract.mailbox_older import LATER, fill, portions, subjects

NAMES = [f"Mail {number}" for number in range(6)]
ROUTE = "messages.list_folder"


@pytest.fixture
def office() -> Iterator[GraphOffice]:
    office = GraphOffice()
    View(office).look()
    fill(office, *NAMES)
    yield office
    office.judge()


def answer(office: GraphOffice, body: object, *, skip: int = 0) -> None:
    data = json.dumps(body).encode()
    office.world.faults.add(Fault("refuse", "graph", ROUTE, status=200, body=data, skip=skip))


def test_an_empty_page_with_a_link_is_not_the_end(office: GraphOffice) -> None:
    inbox = f"/v1.0/users/{office.address}/mailFolders/inbox/messages"
    condition = f"receivedDateTime ge {START:%FT%TZ} and receivedDateTime lt {LATER:%FT%TZ}"
    link = f"http://sandbox.test{inbox}?$filter={condition}&$orderby=receivedDateTime desc&$top=50"
    answer(office, {"value": [], "@odata.nextLink": link})
    found = portions(office, START, LATER, limit=50)
    assert [subject for one in found for subject in subjects(one)] == NAMES[::-1]


@pytest.mark.parametrize(
    "row",
    [
        {"id": "AAA", "receivedDateTime": None},
        {"id": "AAA", "receivedDateTime": "yesterday"},
        {"id": "AAA", "receivedDateTime": "0001-01-01T00:00:00Z"},
    ],
)
def test_a_message_without_a_moment_is_not_passed_over(office: GraphOffice, row: dict[str, object]) -> None:
    answer(office, {"value": [row]})
    with pytest.raises(CrosstieError, match="GRAPH-GARBLED"):
        office.open().older(START, LATER, limit=50)
    assert subjects(office.open().older(START, LATER, limit=50)) == NAMES[::-1]


def test_a_listing_that_leads_elsewhere_is_not_followed(office: GraphOffice) -> None:
    answer(office, {"value": [], "@odata.nextLink": "http://elsewhere.test/v1.0/users/x/messages"})
    with pytest.raises(Fatal, match="GRAPH-FOREIGN-LINK"):
        office.open().older(START, LATER, limit=50)


def test_more_of_one_second_than_anybody_has_ends_it(office: GraphOffice, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(older, "MOST_PAGES", 3)
    office.pass_time(timedelta(hours=1))
    fill(office, *(f"Import {number}" for number in range(9)), apart=timedelta())
    with pytest.raises(Fatal, match=older.CROWDED):
        portions(office, START, START + timedelta(hours=8), limit=1)
    assert subjects(office.open().older(START, START + timedelta(hours=7), limit=50)) == NAMES[::-1]
