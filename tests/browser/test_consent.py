"""A person at the sandbox's login pages: typed and clicked, with nothing else than what the pages offer."""

from collections.abc import Iterator
from dataclasses import replace
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect

from sandbox import company
from sandbox.build import build
from sandbox.serve import Server

pytestmark = pytest.mark.browser
CHALLENGE = "7w_YNF9DSfIdPf_pRjSq646_kPr-2-o9NAl16JGghdM"
SCOPE = "openid profile offline_access Mail.ReadWrite"


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Server]:
    """An org and a tenant whose people nobody has asked yet."""
    app = build(seed=5)
    with Server(app) as server:
        found = company.found(app.world, callbacks=[back(server)])
        crm = found.site.apps[company.CRM_CLIENT]
        found.site.register(replace(crm, preauthorised=frozenset()))
        app.world.microsoft.apps[company.GRAPH_CLIENT].redirect_uris = (back(server),)
        yield server


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context()
    yield context.new_page()
    context.close()


def back(server: Server) -> str:
    """Some page that is there; nobody listens at an app's address."""
    return f"{server.url}/sandbox"


def go(page: Page, server: Server, path: str, client_id: str, scope: str) -> None:
    asked = {"client_id": client_id, "redirect_uri": back(server), "response_type": "code", "scope": scope,
             "state": "a&b", "code_challenge": CHALLENGE, "code_challenge_method": "S256"}  # fmt: skip
    page.goto(f"{server.url}{path}?{urlencode(asked)}")


def landed(page: Page, server: Server) -> dict[str, str]:
    page.wait_for_url(f"{back(server)}?*")
    answer = {name: values[0] for name, values in parse_qs(urlsplit(page.url).query).items()}
    assert answer.pop("state") == "a&b"
    return answer


def test_microsoft(page: Page, sandbox: Server) -> None:
    def sign_in(path: str = "/organizations/oauth2/v2.0/authorize") -> None:
        go(page, sandbox, path, company.GRAPH_CLIENT, SCOPE)

    sign_in()
    page.get_by_role("button", name="Ada Keller").click()
    expect(page.get_by_role("heading", name="Need admin approval")).to_be_visible()
    page.get_by_role("button", name="Return to the application").click()
    assert landed(page, sandbox)["error_description"].startswith("AADSTS90094")

    sign_in("/organizations/v2.0/adminconsent")
    page.get_by_role("button", name="Ada Keller").click()
    page.get_by_role("button", name="Have an admin account?").click()
    page.get_by_role("button", name="Cleo Marín").click()
    expect(page.get_by_text("Mail.ReadWrite")).to_be_visible()
    page.get_by_role("button", name="Cancel").click()
    assert landed(page, sandbox)["error"] == "access_denied"
    sign_in("/organizations/v2.0/adminconsent")
    page.get_by_role("button", name="Cleo Marín").click()
    page.get_by_role("button", name="Accept").click()
    assert landed(page, sandbox)["admin_consent"] == "True"

    sign_in()
    page.get_by_label("Email").fill("ada@larch.test")
    page.get_by_label("Password").fill("wrong")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("alert")).to_contain_text("AADSTS50126")
    page.get_by_label("Password").fill(company.PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    assert "code" in landed(page, sandbox)


def test_salesforce(page: Page, sandbox: Server) -> None:
    for button, told in (("Deny", "error"), ("Allow", "code")):
        go(page, sandbox, "/services/oauth2/authorize", company.CRM_CLIENT, "api refresh_token")
        page.get_by_label("Username").fill("ada@larch.test")
        page.get_by_label("Password").fill("wrong")
        page.get_by_role("button", name="Log in").click()
        expect(page.get_by_role("alert")).to_contain_text("check your username and password")
        page.get_by_label("Password").fill(company.PASSWORD)
        page.get_by_role("button", name="Log in").click()
        expect(page.get_by_role("heading", name="Allow access?")).to_be_visible()
        page.get_by_role("button", name=button, exact=True).click()
        assert told in landed(page, sandbox)
