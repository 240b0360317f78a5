"""What somebody tries who means harm, or is careless: each ends as a problem, and nothing moves."""

import json
from typing import TYPE_CHECKING

import pytest
from django.test import Client

from crosstie.accounts import people
from crosstie.accounts.sign_in import tokens
from crosstie.store.models import AccessToken, AuditRow, Mailbox
from crosstie.web.api.middleware import LARGEST
from tests.unit.web.api.program import HOST, Program, of, refused, token_of
from tests.unit.web.office import ADA, BEN

if TYPE_CHECKING:
    from tests.unit.web.office import Office


@pytest.fixture
def program(office: "Office") -> Program:
    return of(office)


# -- tokens --------------------------------------------------------------------------------------------


def test_without_a_good_token_nothing_is_said(office: "Office", program: Program) -> None:
    good = program.token
    handle, _, rest = good.partition(".")
    other = token_of(office, BEN)[1]
    bad = [
        "",
        "x",
        handle,
        handle + ".",
        good + "x",
        good[:-1],
        good.upper(),
        good[:-1] + ("a" if good[-1] != "a" else "b"),
        f"{handle}.{other.partition('.')[2]}",
        f"{other.partition('.')[0]}.{rest}",
        f"{good} {good}",
        f" {good}",
        f"{good}\u00e9",
        "crosstie_" + "\u0661" * 12 + "." + rest,
        "\u00fc" * 60,
        "' OR 1=1 --",
        "x" * 20_000,
    ]
    for token in bad:
        answer = Program(token).ask("GET", "/me", authorization=f"Bearer {token}".encode().decode("latin-1"))
        refused(answer, 401, "UNAUTHORIZED")
        assert answer.headers["WWW-Authenticate"].startswith('Bearer realm="crosstie"')
    assert program.get("/me")["person"]["address"] == ADA
    assert AccessToken.of(office.scope).filter(used_on=None).count() == 1, "Ben's was guessed at, not used"


def test_a_token_stands_in_the_header_as_a_bearers(program: Program) -> None:
    for header in ("", "Basic {}", "Token {}", "{}", "Bearer", "Bearer  {}", "Bearer {},Bearer {}"):
        answer = program.ask("GET", "/me", authorization=header.replace("{}", program.token))
        refused(answer, 401, "UNAUTHORIZED")


def test_the_name_of_the_scheme_is_read_in_any_case(program: Program) -> None:
    assert program.ask("GET", "/me", authorization=f"bearer {program.token}").status_code == 200


def test_a_token_in_the_address_opens_nothing(program: Program) -> None:
    for name in ("access_token", "token", "authorization"):
        refused(Program("").ask("GET", f"/me?{name}={program.token}", authorization=""), 401, "UNAUTHORIZED")
        refused(program.ask("GET", f"/me?{name}={program.token}"), 422, "INPUT-BAD")


def test_being_signed_in_opens_nothing(office: "Office") -> None:
    browser = office.signed_in()
    for method, path in (("get", "/api/v1/me"), ("post", "/api/v1/sync/pause")):
        refused(getattr(browser, method)(path), 401, "UNAUTHORIZED")
    assert not Mailbox.of(office.scope).filter(paused=True).exists()


def test_a_token_expires(office: "Office") -> None:
    program = Program(token_of(office, days=1)[1])
    office.clock.pass_time(24 * 3600 - 1)
    assert program.get("/me")
    office.clock.pass_time(1)
    refused(program.ask("GET", "/me"), 401, "UNAUTHORIZED")


def test_a_revoked_token_is_good_for_nothing(office: "Office") -> None:
    made, token = token_of(office)
    ada, ben = (people.find(office.scope, one) for one in (ADA, BEN))
    with pytest.raises(ValueError, match="no such token"):
        tokens.revoke(office.scope, ben.person_id, made.token_id, office.clock)
    assert Program(token).get("/me")
    tokens.revoke(office.scope, ada.person_id, made.token_id, office.clock)
    refused(Program(token).ask("GET", "/me"), 401, "UNAUTHORIZED")


def test_guessing_is_slowed_down_and_those_who_need_not_guess_are_not(office: "Office", program: Program) -> None:
    codes = [Program(f"x{number}").ask("GET", "/me").status_code for number in range(32)]
    assert codes == [401] * 30 + [429] * 2
    assert refused(Program("x").ask("GET", "/me"), 429, "TOO-OFTEN")
    assert program.get("/me")


def test_asking_without_end_is_stopped(office: "Office", program: Program) -> None:
    codes = [program.ask("GET", "/sync").status_code for _ in range(121)]
    assert codes == [200] * 120 + [429]
    answer = of(office).ask("GET", "/sync")
    refused(answer, 429, "TOO-OFTEN")
    assert answer.headers["Retry-After"] == "60", "another token of the same person is no second purse"
    assert of(office, BEN).get("/sync")


def test_what_asks_the_vendor_draws_on_the_pages_purse(office: "Office", program: Program) -> None:
    browser = office.signed_in()
    assert [browser.get("/mail").status_code for _ in range(29)] == [200] * 29
    refused(program.ask("GET", "/why?item=x"), 404, "WHY-UNKNOWN")
    refused(program.ask("GET", "/why?item=x"), 429, "TOO-OFTEN")


# -- bodies --------------------------------------------------------------------------------------------

DEEP = b'{"blocklist": ' + b"[" * 20_000 + b"]" * 20_000 + b"}"
HUGE = b'{"mail.auto-save": ' + b" " * LARGEST + b"false}"
BODIES = {
    "nothing": (b"", 422),
    "no JSON": (b"mail.auto-save=off", 400),
    "cut off": (b'{"mail.auto-save": fal', 400),
    "a name twice": (b'{"mail.auto-save": true, "mail.auto-save": false}', 400),
    "a name twice, written otherwise": (b'{"mail.auto-save": true, "mail.auto\\u002dsave": false}', 400),
    "NaN": (b'{"mail.lookback-days": NaN}', 400),
    "Infinity": (b'{"mail.lookback-days": -Infinity}', 400),
    "a number without end": (b'{"mail.lookback-days": ' + b"9" * 6000 + b"}", 400),
    "a number beyond all": (b'{"mail.lookback-days": 1e999}', 422),
    "nested": (DEEP, 400),
    "null character": (b'{"blocklist": ["a\\u0000@oak.test"]}', 400),
    "half a pair": (b'{"blocklist": ["\\ud800@oak.test"]}', 400),
    "not UTF-8": (b'{"blocklist": ["\xff@oak.test"]}', 400),
    "UTF-16": ('{"mail.auto-save": false}'.encode("utf-16"), 400),
    "byte order mark": (b'\xef\xbb\xbf{"mail.auto-save": false}', 400),
    "two documents": (b"{}{}", 400),
    "list": (b'["mail.auto-save"]', 422),
    "null": (b"null", 422),
    "text": (b'"mail.auto-save"', 422),
    "of another kind": (b'{"mail.auto-save": "false"}', 422),
    "number for a switch": (b'{"mail.auto-save": 0}', 422),
    "switch for a number": (b'{"mail.lookback-days": true}', 422),
    "out of range": (b'{"mail.lookback-days": 100000}', 422),
    "no such choice": (b'{"resolving": "everybody"}', 422),
    "a list of lists": (b'{"blocklist": [["eve@oak.test"]]}', 422),
    "an entry too long": (json.dumps({"blocklist": ["x" * 401]}).encode(), 422),
    "too many entries": (json.dumps({"blocklist": ["a@oak.test"] * 1001}).encode(), 422),
    "huge": (HUGE, 413),
}


CODES = {400: ("JSON-BAD",), 413: ("TOO-LARGE",), 422: ("INPUT-BAD", "SETTINGS-REFUSED")}


def test_a_bad_body_changes_nothing(office: "Office", program: Program) -> None:
    for name, (body, status) in BODIES.items():
        answer = program.ask("PATCH", "/settings", body)
        assert answer.status_code == status, name
        code = json.loads(answer.content)["code"]
        assert code in CODES[status], name
        refused(answer, status, code)
        assert "oak.test" not in answer.content.decode(), "what was sent is not sent back"
    assert not AuditRow.of(office.scope).filter(face="api").exists()


def test_where_a_body_is_wrong_is_said(program: Program) -> None:
    body: dict[str, object] = {"mail.auto-save": "off", "events.private": "never"}
    found = refused(program.ask("PATCH", "/settings", body), 422, "INPUT-BAD")
    assert [(one["pointer"], one["code"]) for one in found["errors"]] == [
        ("/mail.auto-save", "INPUT-BAD"),
        ("/events.private", "INPUT-BAD"),
    ]


def test_a_name_that_is_none_is_refused_with_what_may_have_been_meant(program: Program) -> None:
    body = {"mail.auto-save": False, "mail.auto-safe": True, "a/b~c": 1, "Auto-save meetings": True, "person": {}}
    found = refused(program.ask("PATCH", "/settings", body), 422, "SETTINGS-REFUSED")
    assert {one["pointer"]: one["code"] for one in found["errors"]} == dict.fromkeys(
        ["/mail.auto-safe", "/a~1b~0c", "/Auto-save meetings", "/person"], "SETTING-UNKNOWN"
    )
    assert "Did you mean mail.auto-save?" in found["errors"][0]["detail"]


KINDS = (
    "x",
    "text/plain",
    "application/x-www-form-urlencoded",
    "multipart/form-data; boundary=x",
    "text/json",
    "application/json; charset=utf-16",
    "application/json; charset=latin-1",
    "application/jsonx",
)


def test_a_body_is_json_and_says_so(office: "Office", program: Program) -> None:
    for kind in KINDS:
        answer = program.ask("PATCH", "/settings", b'{"mail.auto-save": false}', content_type=kind)
        refused(answer, 415, "NOT-JSON")
    assert not AuditRow.of(office.scope).filter(face="api").exists()


def test_json_may_say_that_it_is_utf8(program: Program) -> None:
    kind = "application/json; charset=UTF-8"
    answer = program.ask("PATCH", "/settings", b'{"mail.auto-save": false}', content_type=kind)
    assert answer.status_code == 200


# -- addresses and methods -----------------------------------------------------------------------------


METHODS = (
    ("POST", "/me", "GET, HEAD"),
    ("DELETE", "/settings", "GET, HEAD, PATCH"),
    ("OPTIONS", "/settings", "GET, HEAD, PATCH"),
    ("PUT", "/settings", "GET, HEAD, PATCH"),
    ("GET", "/sync/force", "POST"),
    ("HEAD", "/sync/force", "POST"),
    ("TRACE", "/me", "GET, HEAD"),
    ("POST", "/openapi.json", "GET, HEAD"),
    ("BREW", "/why", "GET, HEAD"),
)


def test_another_method_is_told_which_there_are(program: Program) -> None:
    for method, path, allowed in METHODS:
        answer = program.ask(method, path, origin="https://elsewhere.test")
        assert answer.status_code == 405
        assert answer.headers["Allow"] == allowed, (method, path)
        assert not [name for name in answer.headers if name.startswith("Access-Control")]
        if method != "HEAD":
            refused(answer, 405, "NO-SUCH-METHOD")


def test_a_method_is_what_the_request_line_says(office: "Office", program: Program) -> None:
    for header in ("x_http_method_override", "x_method_override", "x_http_method"):
        refused(
            program.ask("POST", "/settings", {"mail.auto-save": False}, **{header: "PATCH"}), 405, "NO-SUCH-METHOD"
        )
        assert program.ask("GET", "/sync", **{header: "POST"}).status_code == 200
    refused(program.ask("POST", "/settings?_method=PATCH", {"mail.auto-save": False}), 405, "NO-SUCH-METHOD")
    assert not AuditRow.of(office.scope).filter(face="api").exists()


def test_head_says_what_get_would_without_saying_it(program: Program) -> None:
    whole, head = program.ask("GET", "/me"), program.ask("HEAD", "/me")
    assert (head.status_code, head.content) == (200, b"")
    assert int(head.headers["Content-Length"]) == len(whole.content)
    assert Program("x").ask("HEAD", "/me").status_code == 401


def test_there_is_nothing_elsewhere(program: Program) -> None:
    for path in ("", "/", "/nothing", "/me/", "/me/../sync", "/issues/retry", "//me", "/%00", "/ME"):
        refused(program.ask("GET", path), 404, "NO-SUCH-PLACE")


def test_another_version_is_not_there(office: "Office", program: Program) -> None:
    answer = office.browser().get("/api/v2/me", headers={"authorization": f"Bearer {program.token}"})
    refused(answer, 404, "NO-SUCH-PLACE")  # type: ignore[arg-type]


QUERIES = ("mailbox=7", "item=x&item=y", "item=x&person=1", "item=", "item=%00", "", "item=" + "x" * 999, "Item=x")


def test_a_query_holds_what_is_asked_for_and_nothing_else(program: Program) -> None:
    for query in QUERIES:
        refused(program.ask("GET", f"/why?{query}"), 422, "INPUT-BAD")


def test_an_odd_id_is_nobodys(program: Program) -> None:
    for item in ("%FF", "%F0%9F%98%80", "../../me", "a%2Fb", "%0d%0aX: y", "%E2%80%AE", "'%22<>"):
        refused(program.ask("GET", f"/why?item={item}"), 404, "WHY-UNKNOWN")


def test_a_host_that_is_not_ours_is_a_problem_too(program: Program) -> None:
    refused(program.ask("GET", "/me", host="elsewhere.test"), 400, "REQUEST-BAD")
    assert program.ask("GET", "/me", host=HOST).status_code == 200


def test_a_length_that_is_none(program: Program) -> None:
    for length in ("-1", "x", "1e3", "\u0661", "9" * 30):
        answer = Client().get("/api/v1/me", headers={"host": HOST}, CONTENT_LENGTH=length)
        refused(answer, 400, "REQUEST-BAD")  # type: ignore[arg-type]


def test_what_breaks_here_is_said_without_what_it_was(
    office: "Office", program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    from crosstie.accounts.sync import status

    def broken(*_: object) -> None:
        raise RuntimeError("secret detail")

    monkeypatch.setattr(status, "status", broken)
    answer = program.ask("GET", "/sync")
    refused(answer, 500, "FAILED")
    assert "secret" not in answer.content.decode()


def test_no_answer_is_kept_by_anybody_on_the_way(program: Program) -> None:
    answer = program.ask("GET", "/me")
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "Set-Cookie" not in answer.headers
    assert not answer.cookies
