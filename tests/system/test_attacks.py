"""What somebody might try from outside: through addresses, forms, cookies, links, ids and the names of hosts."""

import http.client
import itertools
from collections.abc import Iterator
from datetime import UTC, datetime

import httpx2
import pytest

from crosstie.web.sign_in import BEGINNINGS
from tests.system.rest.browser import Browser
from tests.system.rest.ground import Ground, ground
from tests.system.rest.letters import ADA, BEN, letter

ACTIONS = ("/sync/force", "/sync/pause", "/sync/start", "/settings/emails", "/sign-out", "/sign-in/salesforce")


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ground]:
    with ground(tmp_path_factory.mktemp("attacks")) as made:
        made.sync(ADA, BEN)
        yield made


@pytest.fixture(scope="module")
def signed_in(running: Ground) -> Iterator[Browser]:
    """Once: signing in again and again is refused after a while."""
    with Browser(f"http://localhost:{running.server.port}") as browser:
        assert browser.sign_in(ADA).url.path == "/"
        yield browser


@pytest.fixture
def ada(signed_in: Browser) -> Iterator[Browser]:
    """Her session in a browser of its own."""
    with Browser(signed_in.url) as browser:
        browser.client.cookies = httpx2.Cookies(signed_in.client.cookies.jar)
        browser.page = browser.get("/").text
        yield browser


def paused(running: Ground) -> list[bool]:
    with running.database() as connection:
        return [row[0] for row in connection.execute("SELECT paused FROM store_mailbox ORDER BY id").fetchall()]


def cookie(browser: Browser) -> str:
    return next((one.value or "" for one in browser.client.cookies.jar if one.name == "crosstie"), "")


@pytest.mark.parametrize("path", ACTIONS)
@pytest.mark.parametrize("origin", ["", "https://evil.example", "null"])
def test_nobody_else_s_page_can_act(running: Ground, ada: Browser, path: str, origin: str) -> None:
    """The cookie goes with it, the page's token does not."""
    before = paused(running)
    headers = {"Origin": origin, "Referer": f"{origin}/"} if origin else {}
    assert ada.client.post(ada.url + path, headers=headers).status_code == 403
    assert ada.client.get(ada.url + path).status_code == 405
    assert paused(running) == before
    assert ada.get("/").url.path == "/", "still signed in"


def test_a_token_of_another_session_is_worthless(running: Ground, ada: Browser) -> None:
    with Browser(ada.url) as thief:
        ada.page = thief.get("/sign-in").text
    assert ada.post("/sync/pause").status_code == 403
    assert not any(paused(running))


def test_signing_in_changes_the_session(running: Ground) -> None:
    with Browser(f"http://localhost:{running.server.port}") as browser:
        browser.client.cookies.set("crosstie", "a" * 32, domain="localhost.local")
        browser.page = browser.get("/sign-in").text
        browser.post("/sign-in/salesforce")
        before = cookie(browser)
        browser.sign_in(ADA)
        assert cookie(browser) != before


def test_what_was_signed_out_is_over(running: Ground) -> None:
    with Browser(f"http://localhost:{running.server.port}") as browser:
        browser.sign_in(ADA)
        old = {"Cookie": f"crosstie={cookie(browser)}"}
        assert httpx2.get(f"{browser.url}/mail", headers=old).status_code == 200
        browser.post("/sign-out")
        answer = httpx2.get(f"{browser.url}/mail", headers=old)
    assert (answer.status_code, answer.headers["Location"].partition("?")[0]) == (302, "/sign-in")


@pytest.mark.parametrize("path", ["/", "/mail", "/sync"])
def test_pages_want_a_sign_in_and_are_kept_by_nobody(ada: Browser, path: str) -> None:
    stranger = httpx2.get(ada.url + path)
    assert stranger.status_code == 302
    assert stranger.headers["Location"].startswith("/sign-in")
    answer = ada.get(path)
    assert "no-store" in answer.headers["Cache-Control"]
    assert answer.headers["X-Frame-Options"] == "DENY"
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize(
    "wanted",
    [
        "//evil.example",
        "https://evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "javascript:alert(1)",
        "http:evil.example",
        "/\t/evil.example",
        "///evil.example",
        "/\r\nLocation: https://evil.example",
    ],
)
def test_no_link_leads_away_from_here(ada: Browser, wanted: str) -> None:
    """Somebody who is signed in already is sent on to `next` at once."""
    answer = httpx2.get(
        f"{ada.url}/sign-in", params={"next": wanted}, headers={"Cookie": f"crosstie={cookie(ada)}"}
    )
    assert answer.status_code == 302
    assert httpx2.URL(ada.url).join(answer.headers["Location"]).host == "localhost"
    assert not answer.headers["Location"].startswith(("//", "/\\"))


@pytest.mark.parametrize("begun", [False, True])
@pytest.mark.parametrize(
    "query",
    [
        "",
        "?code=x",
        "?code=x&state=y",
        "?error=access_denied&error_description=<script>alert(1)</script>",
        "?code=x&state=y&iss=https://evil.example",
    ],
)
def test_an_answer_nobody_asked_for_signs_nobody_in(running: Ground, query: str, begun: bool) -> None:
    with Browser(f"http://localhost:{running.server.port}") as browser:
        if begun:
            browser.page = browser.get("/sign-in").text
            browser.post("/sign-in/salesforce")
        answer = browser.get(f"/sign-in/salesforce/callback{query}")
        assert answer.status_code == 403
        assert "<script>alert" not in answer.text
        assert browser.get("/mail").url.path == "/sign-in"


def test_a_sign_in_begun_by_one_is_not_finished_by_another(running: Ground) -> None:
    """The way back of an attacker's own sign-in, put before a victim's browser."""
    with Browser(f"http://localhost:{running.server.port}") as attacker:
        attacker.page = attacker.get("/sign-in").text
        page = attacker.post("/sign-in/salesforce").text
        link = page.partition('content="0;url=')[2].partition('"')[0].replace("&amp;", "&")
        back = attacker.client.get(f"{link}&auto={BEN}", follow_redirects=False).headers["Location"]
    assert httpx2.get(back).status_code == 403


@pytest.mark.parametrize(
    "host", ["evil.example", "localhost.evil.example", "127.0.0.1@evil.example", "evil.example:80"]
)
def test_a_foreign_host_s_name_is_not_taken(running: Ground, host: str) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", running.server.port, timeout=10)
    connection.putrequest("GET", "/sign-in", skip_host=True)
    connection.putheader("Host", host)
    connection.endheaders()
    answer = connection.getresponse()
    assert answer.status == 400
    assert b"evil" not in answer.read()
    connection.close()


@pytest.mark.parametrize(
    "wanted",
    ["..", ".", "../../ben@larch.test/messages", "..%2f..", "x?$filter=1", "'; DROP", "<x@y>\r\nA: b"],
)
def test_an_id_shapes_no_address(running: Ground, wanted: str) -> None:
    before = httpx2.get(f"{running.sandbox.url}/sandbox/requests").json()["last"]
    answer = running.command("why", ADA, wanted)
    assert answer.returncode == 1, answer.stderr
    assert not answer.stderr
    found = httpx2.get(f"{running.sandbox.url}/sandbox/requests?entries=1&since={before}").json()["entries"]
    bodies = "".join(one["request_body"] + one["path"] for one in found if one["subject"] == ADA)
    assert "ben" not in bodies
    assert "/messages/" not in bodies


def test_another_person_s_mail_is_not_found_by_its_id(running: Ground) -> None:
    running.sandbox.deliver(letter(70, "nora@birchworks.test", BEN, datetime.now(UTC)), BEN)
    (mail,) = running.json("why", BEN)
    assert running.command("why", ADA, mail["item_id"]).returncode == 1
    assert running.command("why", BEN, mail["item_id"]).returncode == 0


def test_a_path_forges_no_line_of_the_log(running: Ground) -> None:
    httpx2.get(f"http://localhost:{running.server.port}/x%0d%0a2026-01-01T00:00:00Z%20info%20crosstie%20forged")
    assert "forged" not in running.server.log()


@pytest.mark.usefixtures("signed_in")
def test_beginning_to_sign_in_has_a_limit(running: Ground) -> None:
    with Browser(f"http://localhost:{running.server.port}") as browser:
        browser.page = browser.get("/sign-in").text
        codes = itertools.takewhile(lambda code: code == 200, (_begin(browser) for _ in range(400)))
        assert len(list(codes)) <= 2 * BEGINNINGS, "two windows at most"


def _begin(browser: Browser) -> int:
    return browser.post("/sign-in/salesforce").status_code


def test_a_huge_form_or_header_ends_in_a_refusal(running: Ground, ada: Browser) -> None:
    assert ada.post("/sync/force", note="x" * 5_000_000).status_code in (400, 403, 413)
    answer = ada.client.get(f"{ada.url}/mail", headers={"X-Long": "y" * 30_000})
    assert answer.status_code in (200, 400, 431)
    assert running.server.healthy()
