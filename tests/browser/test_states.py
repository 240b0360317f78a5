"""Each state of a page: narrow and wide, dark and light, by keyboard, and in German, judged by axe-core."""

from collections.abc import Iterator

import pytest
from django.db import connections
from playwright.sync_api import Browser, Page, expect

from tests.browser.acts import small_targets, wide_enough
from tests.browser.served import Served, served
from tests.browser.states import STATES, State
from tests.browser.test_pages import NARROW, WIDE, Scheme, judged
from tests.tables import migrated, tables
from tests.unit.web.test_language import plain_sentences

__all__ = ["migrated", "tables"]

pytestmark = [pytest.mark.browser, pytest.mark.node]

NAMED = """one => one.type === "radio" ? one.name : [
  one.tagName, one.id, one.href, one.name, one.value, one.textContent.trim(),
  ...[...(one.form?.elements ?? [])].filter(two => two.type === "hidden" && two.name !== "csrfmiddlewaretoken")
    .map(two => two.value)
].join("|")"""
"""What a control goes by, also when a page under way has put another in its place."""
CONTROLS = f"""() => [...new Set(
  [...document.querySelectorAll("a[href], button, input, select, textarea, summary, [tabindex='0']")]
    .filter(one => one.checkVisibility({{visibilityProperty: true}}) && one.type !== "hidden" && !one.disabled)
    .map({NAMED}))]"""
FOCUSED = f"""() => [document.activeElement].map(one =>
  [({NAMED})(one), getComputedStyle(one).outlineStyle !== "none"])[0]"""


@pytest.fixture
def company(allowed: None, tables: None) -> Iterator[Served]:
    with served() as running:
        yield running


@pytest.fixture
def allowed(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Django's calls in the thread in which Playwright keeps a loop, until the tables are empty again. What is
    connected under the loop is not what the rest of the run closes.
    """
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "yes")
    yield
    connections.close_all()


@pytest.fixture(scope="module")
def page(browser: Browser) -> Page:
    """One for all states: a process for each would cost more than what is looked at."""
    return browser.new_context(reduced_motion="reduce", bypass_csp=True).new_page()


@pytest.mark.parametrize("state", STATES.values(), ids=STATES)
def test_a_state_is_legible_usable_and_german_too(company: Served, page: Page, state: State) -> None:
    path = state.stage(company.office)
    company.seat(page.context, state.browser(company.office))
    look(page, company.url + path, "en", "dark")
    english = page.locator("main").inner_text()
    if state.act:
        state.act(page)
    expect(page.get_by_text(state.says).first).to_be_visible()
    judged(page)
    walked(page)

    look(page, company.url + path, "de", "light")
    german = page.locator("main").inner_text()
    assert [text for text in plain_sentences() if text in english and text in german] == []
    judged(page)
    page.set_viewport_size({"width": WIDE, "height": 800})
    assert wide_enough(page)
    assert small_targets(page) == []


def test_the_picture_of_a_key_is_shown_under_our_own_policy(company: Served, browser: Browser) -> None:
    """The others' browser does not heed it, for the judge's sake."""
    context = browser.new_context()
    page = context.new_page()
    page.goto(company.url + STATES["operator-welcome"].stage(company.office))
    assert page.locator("img.qr").evaluate("one => one.decode().then(() => true, () => false)") is True
    context.close()


def look(page: Page, address: str, language: str, scheme: Scheme) -> None:
    """On a telephone."""
    page.set_viewport_size({"width": NARROW, "height": 800})
    page.emulate_media(color_scheme=scheme)
    page.set_extra_http_headers({"Accept-Language": language})
    page.goto(address)
    expect(page.locator("html")).to_have_attribute("lang", language)


def walked(page: Page) -> None:
    """Each control is come to with Tab, in whatever order, and shows that it has the focus."""
    wanted: list[str] = page.evaluate(CONTROLS)
    found: dict[str, bool] = {}
    page.evaluate("document.activeElement.blur()")
    for _ in range(len(wanted) * 3 + 10):  # a day has parts, and the last of them shows the focus itself
        page.keyboard.press("Tab")
        at, seen = page.evaluate(FOCUSED)
        found[at] = found.get(at, False) or seen
        if found.keys() >= set(wanted):
            break
    assert sorted(set(wanted) - found.keys()) == [], "not come to"
    assert [at for at in wanted if not found[at]] == [], "no focus to be seen"
