"""Somebody who is nobody here registers: by keyboard, on a small screen, in two languages; and what judges say."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser import acts
from tests.browser.demo import Demo
from tests.browser.test_connecting import heading
from tests.browser.test_pages import LOOKS, judged

pytestmark = [pytest.mark.browser, pytest.mark.node]


@pytest.fixture
def page(browser: Browser, request: pytest.FixtureRequest) -> Iterator[Page]:
    width, scheme = LOOKS[0]
    locale = request.param if hasattr(request, "param") else "en-GB"
    context = browser.new_context(
        viewport={"width": width, "height": 800},
        color_scheme=scheme,
        reduced_motion="reduce",
        bypass_csp=True,
        locale=locale,
    )
    yield context.new_page()
    context.close()


def button(page: Page, name: str) -> Locator:
    return page.get_by_role("button", name=name)


def test_somebody_new_registers_with_the_keyboard(page: Page, company: Demo) -> None:
    page.goto(f"{company.url}/sign-in")
    acts.press(page, page.get_by_role("link", name="New here? Register"))
    heading(page, "Register")
    judged(page)
    page.get_by_label("Address of the site").fill("https://partners.evilforce.com")
    acts.press(page, button(page, "Continue to the site"))
    expect(page.get_by_role("alert")).to_contain_text("partners.evilforce.com is not at Salesforce")
    expect(page.get_by_label("Address of the site")).to_have_value("https://partners.evilforce.com")
    judged(page)
    acts.press(page, button(page, "Production"))
    acts.press(page, button(page, "Edda Holm"))
    heading(page, "Create your account")
    expect(page.get_by_text("edda@larch.test")).to_be_visible()
    judged(page)
    acts.press(page, button(page, "Create my account"))
    heading(page, "Your mailbox")
    judged(page)
    acts.press(page, page.get_by_role("link", name="Skip this step"))
    heading(page, "Without a mailbox")
    judged(page)
    page.go_back()
    acts.press(page, button(page, "Microsoft 365"))
    acts.press(page, button(page, "Edda Holm"))
    heading(page, "What to sync")
    expect(page.locator(".count")).to_contain_text("0 would be saved, of 0 of the last")
    judged(page)
    acts.tab_to(page, page.get_by_label("Auto-save appointments"))
    page.keyboard.press("Space")
    acts.press(page, button(page, "Keep this and count again"))
    expect(page.locator(".count")).to_contain_text("0 in the coming 60 days")
    acts.press(page, button(page, "Start"))
    heading(page, "Sync settings")
    expect(page.locator("#answer")).to_contain_text("You are registered.")
    expect(page.locator("#strip")).to_contain_text("nothing to do", timeout=30_000)
    expect(page.get_by_label("Auto-save appointments")).to_be_checked()


@pytest.mark.parametrize("page", ["de-DE"], indirect=True)
def test_the_way_is_german_for_those_who_read_it(page: Page, company: Demo) -> None:
    """At the company's own site, which the demo's sandbox has."""
    page.goto(f"{company.url}/register")
    heading(page, "Registrieren")
    judged(page)
    button(page, "Sandbox").click()
    expect(page.get_by_role("alert")).to_contain_text("mit keiner solchen Salesforce-Org")
    page.get_by_role("link", name="Was Sie senden können").click()
    heading(page, "Ein Brief an Ihre Administration")
    judged(page)
    page.goto(f"{company.url}/register")
    page.get_by_label("Adresse der Site").fill(f"{company.sandbox}/partners/s/login")
    button(page, "Weiter zur Site").click()
    page.wait_for_url(f"{company.sandbox}/partners/services/oauth2/authorize?*")
    button(page, "Ada Keller").click()
    heading(page, "Was abgeglichen wird")
    expect(page.locator(".count")).to_contain_text("gespeichert, von")
    judged(page)
    page.goto(f"{company.url}/register/mailbox")
    heading(page, "Ihr Postfach")
    judged(page)


def test_without_javascript_the_way_is_the_same(browser: Browser, company: Demo) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{company.url}/register")
    button(page, "Production").click()
    button(page, "Cleo Marín").click()
    heading(page, "What to sync")
    page.get_by_role("link", name="Count them").click()
    expect(page.locator(".count")).to_contain_text("would be saved, of")
    button(page, "Start").click()
    heading(page, "Sync settings")
    expect(page.locator("#answer")).to_contain_text("You are registered.")
    context.close()
