"""Answers that no vendor should give, each of which once got through as an exception that nobody had declared."""

from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx2
import pytest

from crosstie.domain.access import AuthMode
from crosstie.domain.email import Folder
from crosstie.domain.errors import Fatal, Retry, Unclear
from crosstie.domain.records import RecordRef
from crosstie.mailboxes.graph import translate
from crosstie.mailboxes.graph.connection import GraphConnection
from crosstie.mailboxes.graph.mailbox import GraphAccess, GraphMailbox
from crosstie.mapping.markup import cut_html
from crosstie.mapping.text import units
from crosstie.ports.crm import Watch
from crosstie.salesforce import outcomes, soql
from crosstie.salesforce.auth import OrgConnection
from crosstie.salesforce.crm import SalesforceAccess, SalesforceCrm
from crosstie.salesforce.governor import Governor
from crosstie.salesforce.packing import Graph, Node
from crosstie.salesforce.values import parse_moment
from crosstie.transport import Http, http_date, integer, is_token, parsed
from tests.clocks import START, StepClock

HOST = "https://vendor.test"
DEEP = b"[" * 100_000
Answer = Callable[[httpx2.Request], httpx2.Response]
TASK = RecordRef("Task", "00T000000000001AAA")
TOKEN = {"access_token": "t", "expires_in": 3600, "instance_url": HOST}


class Kept:
    def get(self, mailbox_id: int) -> dict[str, str]:
        return {**{folder.value: folder.value for folder in Folder}, "checked": START.isoformat()}

    def put(self, mailbox_id: int, facts: object) -> None:
        """Nothing is remembered."""


def http(*answers: httpx2.Response | Any) -> Http:
    """Each answer once, the last for ever; what is no response is a JSON body."""
    left = list(answers)

    def answer(_: httpx2.Request) -> httpx2.Response:
        found = left.pop(0) if len(left) > 1 else left[0]
        return found if isinstance(found, httpx2.Response) else httpx2.Response(200, json=found)

    return Http(transport=httpx2.MockTransport(answer))


def graph(*answers: httpx2.Response | Any) -> GraphMailbox:
    connection = GraphConnection("a@x.test", "t", "c", secret="s", login_url=HOST, graph_url=HOST)
    access = GraphAccess(http(*answers), lambda _: connection, StepClock(), Kept(), lambda _box, step: step({}))
    return access.open(1)


def salesforce(*answers: httpx2.Response | Any) -> SalesforceCrm:
    connection = OrgConnection(HOST, AuthMode.CLIENT_CREDENTIALS, "c", "s")
    access = SalesforceAccess(
        http(*answers), lambda _: connection, StepClock(), lambda _org, step: step({}), frozenset((HOST,))
    )
    return access.open(1)


def test_an_answer_that_cannot_be_unpacked_is_a_lost_one() -> None:
    def garbled(_: httpx2.Request) -> httpx2.Response:
        return httpx2.Response(200, stream=httpx2.ByteStream(b"x" * 40), headers={"Content-Encoding": "gzip"})

    with pytest.raises(Unclear):
        Http(transport=httpx2.MockTransport(garbled)).request("GET", HOST)


def test_header_letters_beyond_ascii_are_kept() -> None:
    headers = [(b"Retry-After", "\u0663".encode()), (b"Content-Length", b"9")]
    response = http(httpx2.Response(200, headers=headers, content=b"x")).request("GET", HOST)
    assert (response.content, response.headers.raw[0]) == (b"x", headers[0])


def test_json_nested_beyond_reason_is_no_json() -> None:
    assert parsed(httpx2.Response(200, content=DEEP)) is None
    with pytest.raises(Retry):
        salesforce(httpx2.Response(200, content=DEEP)).capabilities()
    with pytest.raises(Exception, match="GRAPH-"):
        graph(httpx2.Response(200, content=DEEP)).envelopes(["a"])


UNCOUNTABLE: tuple[object, ...] = (
    True,
    None,
    "9" * 5000,
    "\u0663",
    float("nan"),
    float("inf"),
    10**400,
    [],
    "-1",
    "",
)


def test_whole_numbers() -> None:
    assert [integer(value) for value in (7, -7, "42", 2.9)] == [7, -7, 42, 2]
    assert [value for value in UNCOUNTABLE if integer(value) is not None] == []


def test_dates_of_no_calendar() -> None:
    assert http_date("Mon, 16 Nov 2026 10:00:00 +0100") == datetime(2026, 11, 16, 9, tzinfo=UTC)
    for text in ("", "Mon, 16 Nov 99999999999 09:00:00 GMT", "Fri, 31 Dec 9999 23:59:59 -1200", "x"):
        assert http_date(text) is None
    for text in ("2026-02-30T09:00:00.000+0000", "9999-12-31T23:59:59.000-1200", "2026-11-16T25:00:00Z"):
        with pytest.raises(Retry):
            parse_moment(text)
    row = {"id": "a", "sentDateTime": "9999-12-31T23:59:59-14:00", "receivedDateTime": "0001-01-01T00:00:00+14:00"}
    email = translate.email(row, {})
    assert (email.sent_at, email.received_at) == (None, None)


@pytest.mark.parametrize("token", ["", "a b", "ü", "\U000850dd", "a\r\nX: y", None, 7, ["t"]])
def test_a_token_that_no_header_takes(token: object) -> None:
    assert not is_token(token)
    with pytest.raises(Retry):
        salesforce({**TOKEN, "access_token": token}).capabilities()
    if isinstance(token, str):
        with pytest.raises(Retry, match="GRAPH-GARBLED"):
            graph({**TOKEN, "access_token": token}).envelopes(["a"])


@pytest.mark.parametrize("life", [[], "Integer 0x0E08", "9999-12-31", 10**400, -5, None, 1e300, {}])
def test_a_token_that_lasts_for_an_odd_time(life: object) -> None:
    answer = {"responses": [{"id": "0", "status": 404}]}
    assert graph({**TOKEN, "expires_in": life}, answer).envelopes(["a"]) == {}


@pytest.mark.parametrize("number", ["²", "²1", "9" * 5000, "-0", [], {}, None, 1.5, True])
def test_parts_of_a_batch_with_odd_numbers(number: object) -> None:
    row = {"id": number, "status": 200, "body": {"id": "a"}}
    with pytest.raises(Retry):
        graph(TOKEN, {"responses": [row]}).envelopes(["a"])


@pytest.mark.parametrize("part", [{}, {"httpStatusCode": "x"}, {"httpStatusCode": {}, "body": None}, {"body": []}])
def test_parts_of_a_composite_without_a_status(part: dict[str, Any]) -> None:
    with pytest.raises(Retry):
        salesforce(TOKEN, {"compositeResponse": [{**part, "referenceId": "p0"}]}).alive([TASK])


@pytest.mark.parametrize("row", [{}, {"IsDeleted": False}, {"SystemModstamp": "2026-11-16T09:00:00Z"}])
def test_rows_without_a_field_that_was_asked_for(row: dict[str, Any]) -> None:
    body = {"records": [row], "done": True}
    part = {"referenceId": "p0", "httpStatusCode": 200, "body": body}
    with pytest.raises(Retry):
        salesforce(TOKEN, {"compositeResponse": [part]}).alive([TASK])
    with pytest.raises(Retry):
        salesforce(TOKEN, {"compositeResponse": [part]}).changes([Watch("Task", START)])


@pytest.mark.parametrize("odd", [7, 1e308, True, "x", {"a": 1}, [None, 3, []]])
def test_graphs_answered_with_no_list(odd: object) -> None:
    call = [Graph(0, Node("Task", {}))]
    assert outcomes.read(call, {"graphs": odd}) == {}
    answer = {"graphId": "g0", "isSuccessful": True, "graphResponse": {"compositeResponse": odd}}
    assert outcomes.read(call, {"graphs": [answer]}) == {}


@pytest.mark.parametrize("odd", [7.5, "x", [7, {"name": "A", "length": "x"}], {"a": 1}])
def test_a_description_with_no_list_of_fields(odd: object) -> None:
    for body in (
        {"fields": odd, "childRelationships": odd},
        {"fields": [{"name": "A", "length": "x"}], "childRelationships": [{"junctionIdListNames": odd}, 7]},
    ):
        parts = [{"referenceId": f"p{number}", "httpStatusCode": 200, "body": body} for number in range(12)]
        with suppress(Retry):
            assert not salesforce(TOKEN, {"compositeResponse": parts}).capabilities().keyed


def test_an_allowance_of_five_thousand_digits() -> None:
    governor = Governor(StepClock())
    governor.note(f"api-usage={'9' * 5000}/1")
    governor.note("api-usage=\u0665/\u0669")
    assert governor.allowance is None
    content = b'{"DailyApiRequests": {"Remaining": "x", "Max": Infinity}}'
    for one in (httpx2.Response(200, content=content), {"DailyApiRequests": {"Remaining": "\ufffe", "Max": []}}):
        with pytest.raises(Retry):
            salesforce(TOKEN, one).calls_left()


def test_a_link_that_is_no_address() -> None:
    page = {"id": "0", "status": 200, "body": {"value": [], "@odata.deltaLink": "http://[::1"}}
    with pytest.raises(Fatal, match="GRAPH-FOREIGN-LINK"):
        graph(TOKEN, {"responses": [page]}).observe({}, limit=10)


def test_numbers_in_a_filter_have_no_exponent_and_are_numbers() -> None:
    assert soql.literal(3.4e20) == "340000000000000000000"
    assert soql.literal(1e-7) == "0.0000001"
    for odd in (float("nan"), float("inf")):
        with pytest.raises(ValueError, match="no SOQL literal"):
            soql.literal(odd)


def test_html_is_cut_by_units_where_a_tag_is_named_by_an_emoji() -> None:
    html = "<b\U0001f600x>" + "word " * 40
    assert all(units(cut_html(html, limit)) <= limit for limit in range(60))


def test_a_retry_after_of_another_age() -> None:
    answer = httpx2.Response(429, headers={"Retry-After": "Fri, 31 Dec 9999 23:59:59 -1200"})
    with pytest.raises(Exception, match="GRAPH-"):
        graph(TOKEN, answer).envelopes(["a"])
    assert StepClock().now() - START < timedelta(days=1)
