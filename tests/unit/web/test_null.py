"""A null character, which no database takes and nobody types, wherever a request can carry one."""

from typing import TYPE_CHECKING, Any

import pytest
from django.test import Client
from django.urls import URLPattern, reverse

from crosstie.web.urls import urlpatterns
from tests.unit.web.api.program import of
from tests.unit.web.office import ADA, BEN

if TYPE_CHECKING:
    from tests.unit.web.office import Office

NAMES = sorted(str(one.name) for one in urlpatterns if isinstance(one, URLPattern))
FIELDS = ("next", "company", "name", "code", "item", "entries", "language", "mailbox", "trouble", "token", "run")


@pytest.fixture(params=["a stranger", "somebody"])
def browser(office: "Office", request: pytest.FixtureRequest) -> Client:
    found = office.browser() if request.param == "a stranger" else office.signed_in(ADA)
    found.raise_request_exception = False
    return found


def test_in_a_form_or_a_query(browser: Client) -> None:
    for name in NAMES:
        assert browser.post(reverse(name), dict.fromkeys(FIELDS, "a\0b")).status_code == 400, name
        assert browser.post(reverse(name), {"a\0b": "x"}).status_code == 400, name
        assert browser.get(reverse(name), dict.fromkeys(FIELDS, "a\0b")).status_code == 400, name
        assert browser.get(f"{reverse(name)}?a%00b=x").status_code == 400, name


def test_in_a_path(browser: Client) -> None:
    for path in ("/%00", "/mail%00", "/static/%00", "/sign-in/salesforce%00"):
        assert browser.get(path).status_code in (400, 404), path


@pytest.mark.parametrize("kept", ["a\0b", '"a\\000b"'])
def test_in_a_cookie(browser: Client, kept: str) -> None:
    """The second is how a cookie can hold what a header cannot."""
    for cookie in ("crosstie", "crosstie-csrf", "crosstie-language", "another"):
        answer = browser.get("/", headers={"cookie": f"{cookie}={kept}"})
        assert answer.status_code == 400, cookie


@pytest.mark.parametrize(
    "header", ["user-agent", "accept-language", "x-forwarded-for", "referer", "hx-current-url"]
)
def test_in_a_header(browser: Client, header: str) -> None:
    assert browser.get("/", headers={header: "a\0b"}).status_code == 400


def test_a_program_is_told_so_as_a_problem(office: "Office") -> None:
    answer: Any = of(office, BEN).ask("GET", "/me", user_agent="a\0b")
    assert (answer.status_code, answer.headers["Content-Type"]) == (400, "application/problem+json")
