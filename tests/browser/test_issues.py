"""An issue by keyboard alone: noticed, read, tried again once its cause is mended; also without JavaScript."""

from collections.abc import Iterator

import httpx2
import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser import acts
from tests.browser.demo import Demo

pytestmark = pytest.mark.browser

CUSTOMER, BEN, CLEO = "nora@birchworks.test", "ben@larch.test", "cleo@larch.test"
"""Each test forces somebody else's sync: a person's is forced once a minute at most."""


def refuse(company: Demo, times: int) -> None:
    """A validation rule of the customer's stands in the way so many times."""
    fault = {
        "effect": "inside",
        "face": "salesforce",
        "route": "insert:EmailMessage",
        "code": "FIELD_CUSTOM_VALIDATION_EXCEPTION",
        "message": "No drawings here.",
        "times": times,
    }
    httpx2.post(f"{company.sandbox}/sandbox/faults", json=fault).raise_for_status()


@pytest.fixture
def page(browser: Browser, request: pytest.FixtureRequest) -> Iterator[Page]:
    context = browser.new_context(java_script_enabled=getattr(request, "param", True))
    yield context.new_page()
    context.close()


def test_an_issue_is_mended_by_keyboard_while_the_page_lives(page: Page, company: Demo) -> None:
    acts.sign_in(page, company, "Cleo Marín")
    subject = acts.unique("Crooked drawings")
    refuse(company, times=1)
    acts.send_mail(page.context.new_page(), company, subject=subject, sender=CUSTOMER, to=CLEO)
    page.bring_to_front()
    page.get_by_role("button", name="Force sync").click()
    acts.session_ended(page)
    expect(page.locator("#answer")).to_contain_text("needs attention")

    acts.press(page, page.get_by_role("link", name="Issues", exact=True))
    issue = acts.card(page, subject)
    expect(issue).to_contain_text("CRM-VALIDATION")
    expect(issue).to_contain_text("Ask your Salesforce administrator")
    expect(issue.get_by_role("link", name="Open in your mailbox")).to_have_attribute("href", acts.ANYTHING)
    acts.press(page, issue.get_by_role("button", name="Retry"))
    expect(page.locator("#answer")).to_contain_text("tried again within seconds")
    expect(acts.card(page, subject)).to_have_count(0, timeout=60_000)
    assert company.query(f"SELECT Id FROM EmailMessage WHERE Subject = '{subject}'")


@pytest.mark.parametrize("page", [False], indirect=True, ids=["no-javascript"])
def test_an_issue_is_tried_again_without_javascript(page: Page, company: Demo) -> None:
    acts.sign_in(page, company, "Ben Okafor")
    subject = acts.unique("Bent drawings")
    refuse(company, times=1)
    acts.send_mail(page, company, subject=subject, sender=CUSTOMER, to=BEN)
    assert company.server.run("sync", BEN).returncode == 0
    page.goto(f"{company.url}/issues")
    issue = acts.card(page, subject)
    for _ in range(60):
        if issue.count():
            break
        page.wait_for_timeout(500)
        page.get_by_role("link", name="Refresh").click()
    issue.get_by_role("button", name="Retry").click()
    expect(page.locator("#answer")).to_contain_text("tried again within seconds")
