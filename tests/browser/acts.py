"""What people do in a browser, with the keyboard alone where a test says so."""

import itertools
import re
from collections.abc import Sequence
from typing import Any

from playwright.sync_api import FilePayload, Locator, Page, expect

from tests.browser.demo import Demo

_numbers = itertools.count(1)
MOST_TABS = 40


def unique(text: str) -> str:
    return f"{text} {next(_numbers)}"


def sign_in(page: Page, company: Demo, name: str) -> None:
    page.goto(f"{company.url}/")
    page.get_by_role("button", name="Sign in with Salesforce").click()
    page.get_by_role("button", name=name).click()
    expect(page.get_by_role("heading", name="Sync settings", level=1)).to_be_visible()


def tab_to(page: Page, target: Locator) -> None:
    """Press Tab until the target has the focus, and see that the focus can be seen."""
    for _ in range(MOST_TABS):
        page.keyboard.press("Tab")
        if target.evaluate("one => one === document.activeElement"):
            assert target.evaluate("one => getComputedStyle(one).outlineStyle") != "none"
            return
    raise AssertionError(f"not reached by {MOST_TABS} tabs: {target}")


def press(page: Page, target: Locator) -> None:
    tab_to(page, target)
    page.keyboard.press("Enter")


def send_mail(
    page: Page,
    company: Demo,
    *,
    subject: str,
    sender: str,
    to: str = "ada@larch.test",
    files: Sequence[FilePayload] = (),
) -> None:
    """In the sandbox's console, as anyone."""
    page.goto(f"{company.sandbox}/console/send")
    page.get_by_label("From", exact=True).fill(sender)
    page.get_by_label("To", exact=True).fill(to)
    page.get_by_label("Subject").fill(subject)
    page.get_by_label("Body", exact=True).fill("Please find it attached.")
    page.get_by_label("Attachments").set_input_files(list(files))
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_text(subject).first).to_be_visible()


def session_ended(page: Page) -> None:
    """The page says so by itself."""
    expect(page.locator("#answer")).to_contain_text("The session has ended", timeout=30_000)


def card(page: Page, subject: str) -> Locator:
    return page.get_by_role("listitem").filter(has=page.get_by_role("heading", name=subject))


def wide_enough(page: Page) -> bool:
    """Nothing has to be scrolled sideways."""
    found: Any = page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    return bool(found)


SMALL = """() => [...document.querySelectorAll("button, nav a, .plain, .mail a, input[type=text], .choice")]
  .filter(one => one.offsetParent !== null)
  .filter(one => one.getBoundingClientRect().height < 43.5)
  .map(one => one.outerHTML.slice(0, 120))"""


def small_targets(page: Page) -> list[str]:
    found: list[str] = page.evaluate(SMALL)
    return found


ANYTHING = re.compile(".")
