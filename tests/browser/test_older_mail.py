"""Older e-mails are asked for on the page, without JavaScript too, and the page of what would happen is usable."""

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser import acts
from tests.browser.demo import Demo
from tests.browser.test_pages import NARROW, judged

pytestmark = pytest.mark.browser


def ask(page: Page, company: Demo) -> None:
    acts.sign_in(page, company, "Ada Keller")
    page.get_by_label("First day", exact=True).fill("2020-01-01")
    page.get_by_label("Last day", exact=True).fill("2099-12-31")


@pytest.mark.node
@pytest.mark.parametrize("scheme", ["dark", "light"])
def test_what_would_be_saved_is_legible(browser: Browser, company: Demo, scheme: str) -> None:
    dark = scheme == "dark"
    context = browser.new_context(
        viewport={"width": NARROW, "height": 800}, color_scheme="dark" if dark else "light", bypass_csp=True
    )
    page = context.new_page()
    ask(page, company)
    judged(page)
    acts.press(page, page.get_by_role("button", name="Show what would be saved"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Older e-mails")
    expect(page.get_by_text("Nothing was saved or changed yet.")).to_be_visible()
    judged(page)
    context.close()


def test_without_javascript_it_is_asked_for_and_told(browser: Browser, company: Demo) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    ask(page, company)
    page.get_by_role("button", name="Show what would be saved").click()
    page.get_by_role("button", name="Start", exact=True).click()
    expect(page.locator("#answer")).to_contain_text("are looked at from the next session on")
    for _ in range(60):
        if page.get_by_text("Done", exact=True).count():
            break
        page.wait_for_timeout(500)
        page.goto(company.url)
    expect(page.get_by_text("Done", exact=True).first).to_be_visible()
    expect(page.get_by_text("e-mails looked at").first).to_be_visible()
    context.close()
