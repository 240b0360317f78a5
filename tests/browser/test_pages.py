"""Every page for everybody: narrow and wide, dark and light, judged by axe-core, and without JavaScript."""

from collections.abc import Iterator
from typing import Any, Literal

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browser import acts
from tests.browser.demo import Demo
from tests.places import ROOT

pytestmark = pytest.mark.browser

AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
NARROW, WIDE = 360, 1100
FINGERS = 200
"""Milliseconds nobody is faster than."""
Scheme = Literal["light", "dark"]


LOOKS: list[tuple[int, Scheme]] = [(NARROW, "dark"), (NARROW, "light"), (WIDE, "dark"), (WIDE, "light")]


@pytest.fixture
def context(browser: Browser, request: pytest.FixtureRequest) -> Iterator[BrowserContext]:
    width, scheme = request.param if hasattr(request, "param") else LOOKS[-1]
    # axe-core is given to the page by the test, which the page's own policy would refuse.
    opened = browser.new_context(
        viewport={"width": width, "height": 800}, color_scheme=scheme, reduced_motion="reduce", bypass_csp=True
    )
    yield opened
    opened.close()


@pytest.fixture
def page(context: BrowserContext) -> Page:
    return context.new_page()


@pytest.mark.node
@pytest.mark.parametrize("context", LOOKS, indirect=True, ids=["narrow-dark", "narrow-light", "dark", "light"])
def test_every_page_is_legible_and_usable(page: Page, company: Demo) -> None:
    acts.send_mail(page, company, subject="W" * 120, sender="someone@pine.test")
    page.goto(f"{company.url}/sign-in")
    judged(page)
    acts.sign_in(page, company, "Ada Keller")
    judged(page)
    page.get_by_role("link", name="Issues", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Issues")
    judged(page)
    page.get_by_role("link", name="Linking rules", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Linking rules")
    judged(page)
    page.get_by_role("link", name="Blocklist", exact=True).click()
    page.get_by_label("Addresses or domains").fill("w" * 200 + "@example.com")
    page.get_by_role("button", name="Block", exact=True).click()
    expect(page.locator("#answer")).to_contain_text("is neither an address nor a domain")
    judged(page)
    page.get_by_role("link", name="Mail", exact=True).click()
    expect(page.get_by_role("listitem").first).to_be_visible()
    judged(page)
    page.get_by_role("link", name="Calendar", exact=True).click()
    expect(page.get_by_text("There is nothing in your calendar")).to_be_visible()
    judged(page)
    page.goto(f"{company.url}/no-such-page")
    expect(page.get_by_role("heading", level=1)).to_have_text("There is no such page")
    judged(page)


def judged(page: Page) -> None:
    assert acts.wide_enough(page), f"{page.url} scrolls sideways"
    assert acts.small_targets(page) == []
    page.add_script_tag(path=AXE)
    found: dict[str, Any] = page.evaluate("axe.run()")
    bad = [
        (one["id"], [node["html"] for node in one["nodes"]])
        for one in found["violations"]
        if one["impact"] in ("serious", "critical")
    ]
    assert bad == [], page.url
    assert len(found["passes"]) > 10, "axe looked at the page"


def test_light_and_dark_differ(browser: Browser, company: Demo) -> None:
    grounds = set()
    schemes: tuple[Scheme, Scheme] = ("light", "dark")
    for scheme in schemes:
        context = browser.new_context(color_scheme=scheme)
        page = context.new_page()
        page.goto(f"{company.url}/sign-in")
        grounds.add(page.evaluate("getComputedStyle(document.body).backgroundColor"))
        context.close()
    assert len(grounds) == 2


def test_the_page_breaks_none_of_its_own_rules(browser: Browser, company: Demo) -> None:
    context = browser.new_context()
    page = context.new_page()
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text) if message.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: said.append(str(error)))
    acts.sign_in(page, company, "Cleo Marín")
    page.get_by_role("button", name="Pause").click()
    expect(page.locator("#answer")).to_contain_text("Sync is paused.")
    page.get_by_role("button", name="Start").click()
    expect(page.locator("#answer")).to_contain_text("Sync runs again.")
    assert said == []
    context.close()


def test_the_first_tab_leads_past_the_header(page: Page, company: Demo) -> None:
    acts.sign_in(page, company, "Ada Keller")
    page.goto(company.url)
    acts.press(page, page.get_by_role("link", name="Skip to the content"))
    expect(page.locator("main")).to_be_focused()


def test_the_focus_stays_where_it_is_while_the_page_lives(page: Page, company: Demo) -> None:
    acts.sign_in(page, company, "Cleo Marín")
    acts.press(page, page.get_by_role("button", name="Pause"))
    expect(page.get_by_role("button", name="Start")).to_be_focused()
    page.wait_for_timeout(FINGERS)
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Pause")).to_be_focused()
    acts.session_ended(page)
    expect(page.get_by_role("button", name="Pause")).to_be_focused()


def test_without_javascript_everything_works(browser: Browser, company: Demo) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    acts.sign_in(page, company, "Ben Okafor")
    answer = page.locator("#answer")
    page.get_by_role("button", name="Pause").click()
    expect(answer).to_contain_text("Sync is paused.")
    expect(page.get_by_role("button", name="Force sync")).to_have_count(0)
    page.get_by_role("button", name="Start").click()
    expect(answer).to_contain_text("Sync runs again.")
    box = page.get_by_label("Enable auto-saving")
    box.uncheck()
    page.get_by_role("button", name="Save changes", exact=True).click()
    expect(answer).to_contain_text("Auto-saving is off.")
    expect(page.get_by_text("Now off: set by you.")).to_be_visible()
    page.get_by_role("button", name="Use what applies to everybody", exact=True).click()
    expect(box).to_be_checked()
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    page.goto(f"{company.url}/mail")
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    context.close()
