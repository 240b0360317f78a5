"""An administrator activates somebody by keyboard alone: a look, the start, how far it is, and the failed again.

The workers are those of the demo, and the page lives.
"""

from collections.abc import Iterator

import httpx2
import pytest
from playwright.sync_api import Browser, FilePayload, Page, expect

from tests.browser import acts
from tests.browser.demo import Demo
from tests.browser.test_pages import NARROW, judged

pytestmark = [pytest.mark.browser, pytest.mark.node]

EVE, NOBODY = "eve@larch.test", "nobody@larch.test"
PATIENCE = 60_000
"""Milliseconds: a look waits for a worker, and asks both vendors."""


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(
        viewport={"width": NARROW, "height": 800}, reduced_motion="reduce", bypass_csp=True
    )
    yield context.new_page()
    context.close()


def hire(company: Demo, address: str) -> None:
    """Somebody whom nobody has activated: the others of the demo are, or are wanted new by another test."""
    box = {"address": address, "name": "Eve Stone"}
    httpx2.post(f"{company.sandbox}/sandbox/mailboxes", json={"mailboxes": [box]}).raise_for_status()
    [profile] = company.query("SELECT Id FROM Profile WHERE Name = 'Standard User'")
    name = address.partition("@")[0]
    names = {"Username": address, "Email": address, "CommunityNickname": name, "Alias": name[:8]}
    ways = {"TimeZoneSidKey": "Europe/Berlin", "LocaleSidKey": "en_US", "LanguageLocaleKey": "en_US"}
    rest = {"EmailEncodingKey": "UTF-8", "ProfileId": profile["Id"], "FirstName": "Eve", "LastName": "Stone"}
    company.create("User", **names, **ways, **rest)


def test_from_a_look_to_the_failed_again(page: Page, company: Demo) -> None:
    hire(company, EVE)
    acts.sign_in(page, company, "Ada Keller")
    acts.press(page, page.get_by_role("link", name="Activate people"))
    whom = page.get_by_label("All active users of the Salesforce org")
    acts.tab_to(page, whom)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    expect(page.get_by_label("The people in a file")).to_be_checked()
    listed = FilePayload(name="two.csv", mimeType="text/csv", buffer=f"email\n{EVE}\n{NOBODY}\n".encode())
    page.get_by_label("CSV file").set_input_files(listed)
    acts.press(page, page.get_by_role("button", name="Show what would happen"))

    begin = page.get_by_role("button", name="Activate 1 mailbox")
    expect(begin).to_be_visible(timeout=PATIENCE)
    expect(page.locator("#answer")).to_have_text("All mailboxes were looked at. Nobody was activated yet.")
    expect(page.get_by_role("heading", name="1 × No Salesforce user has this e-mail address.")).to_be_visible()
    judged(page)
    acts.press(page, begin)
    expect(page.get_by_text("1 of 1 mailboxes activated")).to_be_visible(timeout=PATIENCE)
    expect(page.locator("#run")).to_have_attribute("data-stage", "done", timeout=PATIENCE)

    hire(company, NOBODY)
    acts.press(page, page.get_by_role("button", name="Try the failed again"))
    expect(page.get_by_text("2 of 2 mailboxes activated")).to_be_visible(timeout=PATIENCE)
    expect(page.get_by_role("heading", name="Not activated, and why")).to_have_count(0)
