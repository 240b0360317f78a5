"""The one door: what an answer may weigh, and which failures mean that nothing was sent."""

import gzip
import json
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from threading import Thread

import httpx2
import pytest

from crosstie.domain.errors import CrosstieError, Refused, Retry, Unclear
from crosstie.transport import CROWDED, Http, retry_at
from tests.silent import silent

NOW = datetime(2026, 11, 16, 9, 0, tzinfo=UTC)
URL = "https://vendor.test/x"


def answering(handle: Callable[[httpx2.Request], httpx2.Response]) -> Http:
    return Http(transport=httpx2.MockTransport(handle))


def test_a_compressed_answer_arrives_plain() -> None:
    body = gzip.compress(b'{"a": 1}')
    http = answering(
        lambda _: httpx2.Response(201, content=body, headers={"Content-Encoding": "gzip", "X-Y": "z"})
    )
    response = http.request("GET", URL)
    assert (response.status_code, response.json(), response.headers["x-y"]) == (201, {"a": 1}, "z")


@pytest.mark.parametrize("told", ["\ud800", "Grüße"])
def test_what_a_vendor_told_goes_back_to_it_as_it_came(told: str) -> None:
    """JSON's escapes can tell half of a character, which no encoding has."""
    sent: list[httpx2.Request] = []

    def handle(request: httpx2.Request) -> httpx2.Response:
        sent.append(request)
        return httpx2.Response(200)

    answering(handle).request("POST", URL, json={"id": told, "none": None})
    assert json.loads(sent[0].content) == {"id": told, "none": None}
    assert sent[0].headers["content-type"] == "application/json"


def test_an_answer_beyond_all_measure_is_given_up() -> None:
    """A small compressed answer may hide a large one."""
    body = gzip.compress(bytes(50_000_000))
    http = answering(lambda _: httpx2.Response(200, content=body, headers={"Content-Encoding": "gzip"}))
    http.largest = 1_000_000
    with pytest.raises(Unclear) as caught:
        http.request("GET", URL)
    assert caught.value.code == "NET-TOO-LARGE"


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (httpx2.ConnectError("no"), Retry),
        (httpx2.ConnectTimeout("no"), Retry),
        (httpx2.PoolTimeout("no"), Retry),
        (httpx2.ReadTimeout("no"), Unclear),
        (httpx2.ReadError("no"), Unclear),
        (httpx2.WriteError("no"), Unclear),
        (httpx2.RemoteProtocolError("no"), Unclear),
    ],
)
def test_what_went_wrong_is_told_by_its_consequence(error: Exception, expected: type[CrosstieError]) -> None:
    def fail(_: httpx2.Request) -> httpx2.Response:
        raise error

    with pytest.raises(CrosstieError) as caught:
        answering(fail).request("POST", URL, json={})
    assert type(caught.value) is expected


def test_who_finds_no_free_connection_is_not_kept_waiting() -> None:
    with silent() as (origin, taken):
        http = Http(timeout=3, connections=2, patience=0)
        asking = [Thread(target=_asks, args=(http, origin)) for _ in range(2)]
        for one in asking:
            one.start()
        while len(taken) < 2:
            time.sleep(0.01)
        begun = time.monotonic()
        with pytest.raises(Retry) as caught:
            http.request("GET", origin)
        assert (caught.value.code, time.monotonic() - begun < 1) == (CROWDED, True)
        for one in asking:
            one.join()
    assert len(taken) == 2


def _asks(http: Http, origin: str) -> None:
    with suppress(Unclear):
        http.request("GET", origin)


def test_an_address_that_is_none_is_refused() -> None:
    with pytest.raises(Refused):
        Http().request("GET", "gopher://vendor.test/")


def test_redirects_are_not_followed() -> None:
    http = answering(lambda _: httpx2.Response(302, headers={"Location": "https://evil.test/"}))
    assert http.request("GET", URL).status_code == 302


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("7", NOW + timedelta(seconds=7)),
        (" 7 ", NOW + timedelta(seconds=7)),
        ("86401", NOW + timedelta(days=1)),
        ("Mon, 16 Nov 2026 09:00:30 GMT", NOW + timedelta(seconds=30)),
        ("Mon, 16 Nov 2096 09:00:30 GMT", NOW + timedelta(days=1)),
        ("later", None),
        ("-1", None),
        ("", None),
    ],
)
def test_when_to_ask_again(value: str, expected: datetime | None) -> None:
    assert retry_at(value, NOW) == expected
