"""Somebody new: from the sign-in to a sync that runs, with the keyboard, and what judges say of the pages."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browser import acts
from tests.browser.demo import Demo
from tests.browser.test_pages import LOOKS, judged

pytestmark = [pytest.mark.browser, pytest.mark.node]


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    width, scheme = LOOKS[0]
    context: BrowserContext = browser.new_context(
        viewport={"width": width, "height": 800}, color_scheme=scheme, reduced_motion="reduce", bypass_csp=True
    )
    yield context.new_page()
    context.close()


def heading(page: Page, name: str) -> None:
    expect(page.get_by_role("heading", name=name, level=1)).to_be_visible()


def test_a_newcomer_needs_four_presses_and_the_pages_are_legible(page: Page, company: Demo) -> None:
    page.goto(company.url)
    acts.press(page, page.get_by_role("button", name="Sign in with Salesforce"))
    acts.press(page, page.get_by_role("button", name="Dana Weiss"))
    heading(page, "Set up sync")
    judged(page)
    for name in ("Not now", "A letter to your administrator"):
        page.get_by_role("link", name=name).click()
        heading(page, name)
        judged(page)
        page.goto(f"{company.url}/activation")
    acts.press(page, page.get_by_role("button", name="Connect my mailbox"))
    acts.press(page, page.get_by_role("button", name="Dana Weiss"))
    heading(page, "Sync settings")
    expect(page.locator("#answer")).to_contain_text("The mailbox dana@larch.test is connected.")
    expect(page.locator("#strip")).to_contain_text("nothing to do", timeout=30_000)
    page.get_by_role("link", name="My connectivity").click()
    heading(page, "My connectivity")
    expect(page.get_by_role("img")).to_be_visible()
    judged(page)
    page.get_by_role("link", name="Disconnect", exact=True).click()
    heading(page, "Disconnect your mailbox")
    judged(page)
