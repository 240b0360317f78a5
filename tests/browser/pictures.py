"""Pictures of every page with something on it, for people who look and for the docs: `make pictures`.

Those of everyday life are taken in a demo, those of states that are seldom in the company of the unit tests.
"""

import os
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Literal

from playwright.sync_api import Browser, FilePayload, Page, expect, sync_playwright

from tests import places
from tests.browser import acts
from tests.browser import test_calendar as calendars
from tests.browser.conftest import ARGUMENTS
from tests.browser.demo import Demo, demo
from tests.browser.test_issues import CUSTOMER, refuse
from tests.simulation.database import ground

PAGES = {
    "general": "/",
    "issues": "/issues",
    "linking": "/linking",
    "mail": "/mail",
    "calendar": "/calendar",
    "switch-off": "/settings/events/leaving",
}
LOGO = FilePayload(name="logo.png", mimeType="image/png", buffer=b"\x89PNG small")
PLAN = FilePayload(name="drawings.pdf", mimeType="application/pdf", buffer=b"%PDF-1.7 " + bytes(20_000))
LOOKS: dict[str, tuple[int, Literal["light", "dark"]]] = {"wide": (1100, "light"), "narrow": (360, "dark")}
ADA = "ada@larch.test"
MEETING, LUNCH, LONG = "Saw line, second offer", "Lunch with Ben", "Parental leave"
HELD = ("Trade fair, first day", "Trade fair, second day")
MAILS = (
    ("Saw line drawings, second revision", CUSTOMER),
    ("Lunch on Thursday?", "ben@larch.test"),
    ("An offer from somebody new", "wim@willow.test"),
    ("You have won", "prize@lottery.test"),
)


def lived_in(page: Page, company: Demo) -> None:
    company.settings("set", "blocklist", "lottery.test")
    for name in ("auto-save-meetings", "auto-save-appointments", "from-salesforce"):
        company.settings("set", f"events.{name}", "on")
    company.settings("set", "events.removals-at-once", "1")
    acts.sign_in(page, company, "Ada Keller")
    console = page.context.new_page()
    in_the_calendar(console, company)
    for subject, sender in MAILS:
        files = [PLAN, LOGO] if sender == CUSTOMER else []
        acts.send_mail(console, company, subject=subject, sender=sender, files=files)
    synchronized(page)
    on_both_sides(console, company)
    refuse(company, times=9)
    acts.send_mail(console, company, subject="Contract, signed", sender=CUSTOMER)
    console.close()
    page.wait_for_timeout(61_000)  # sync is forced once a minute at most
    synchronized(page)


def in_the_calendar(console: Page, company: Demo) -> None:
    for hour, (subject, guests) in enumerate(
        {MEETING: (CUSTOMER,), LUNCH: (), **dict.fromkeys(HELD, ())}.items(), 9
    ):
        calendars.put(console, company, ADA, subject, hour, *guests)
    calendars.put(console, company, ADA, LONG, 8, days=20)


def on_both_sides(console: Page, company: Demo) -> None:
    """One waits for a word, of one there is a note, two are held back, and one comes down."""
    calendars.enter(company, ADA, "Call Cedar Bank", f"{calendars.DAY:%Y-%m-%d}T15:00:00Z")
    meeting, start = calendars.event(company, MEETING)
    company.change("Event", meeting, StartDateTime=calendars.later(start, 4))
    company.change("Event", calendars.event(company, LUNCH)[0], Subject="Lunch with Ben and Cleo")
    calendars.change(console, company, ADA, LUNCH, Subject="Long lunch with Ben")
    for subject in HELD:
        calendars.change(console, company, ADA, subject, "Delete")


def refused_entry(page: Page) -> None:
    page.get_by_label("Addresses or domains").fill("*.lottery.test")
    page.get_by_role("button", name="Block", exact=True).click()
    expect(page.locator("#answer")).to_contain_text("has a wildcard")


def one_opened(page: Page) -> None:
    for words in ("Attachments that were not saved", "Take it out of Salesforce"):
        page.get_by_text(words).first.click()


STATES: dict[str, tuple[str, Callable[[Page], None]]] = {
    "blocklist-refused": ("/blocklist", refused_entry),
    "mail-saved": ("/mail?show=saved", one_opened),
}
"""Pages on which somebody has done something."""


SELDOM = (
    "activate-looked",
    "activate-done",
    "products-named",
    "copies",
    "tokens-some",
    "operator-welcome",
    "sign-ins-several",
    "audit-day",
    "mend-own",
    "set-up",
    "connections",
    "connections-lacking",
    "register",
    "register-account",
    "register-mailbox",
    "register-data",
)
"""Of tests/browser/states."""


def synchronized(page: Page) -> None:
    page.get_by_role("button", name="Force sync").click()
    acts.session_ended(page)


def main(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=places.chromium(), args=ARGUMENTS)
        everyday(browser, folder)
        seldom(browser, folder)
        browser.close()


def everyday(browser: Browser, folder: Path) -> None:
    with tempfile.TemporaryDirectory() as home, demo(Path(home)) as company:
        lived_in(browser.new_context().new_page(), company)
        for look, (width, scheme) in LOOKS.items():
            context = browser.new_context(viewport={"width": width, "height": 700}, color_scheme=scheme)
            page = context.new_page()
            acts.sign_in(page, company, "Ada Keller")
            for name, path in PAGES.items():
                page.goto(f"{company.url}{path}")
                expect(page.get_by_role("heading", level=1)).to_be_visible()
                page.screenshot(path=folder / f"{name}-{look}.png", full_page=True)
            for name, (path, act) in STATES.items():
                page.goto(f"{company.url}{path}")
                act(page)
                page.screenshot(path=folder / f"{name}-{look}.png", full_page=True)


def seldom(browser: Browser, folder: Path) -> None:
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "yes"  # the thread in which Playwright keeps a loop
    ground()
    from tests.browser.served import served
    from tests.browser.states import STATES
    from tests.tables import empty

    for name in SELDOM:
        empty()
        state = STATES[name]
        with served() as company:
            path = state.stage(company.office)
            for look, (width, scheme) in LOOKS.items():
                context = browser.new_context(viewport={"width": width, "height": 700}, color_scheme=scheme)
                company.seat(context, state.browser(company.office))
                page = context.new_page()
                page.goto(company.url + path)
                if state.act:
                    state.act(page)
                expect(page.get_by_text(state.says).first).to_be_visible()
                page.screenshot(path=folder / f"{name}-{look}.png", full_page=True)
                context.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
