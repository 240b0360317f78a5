"""Every form by keyboard alone, at the width of a telephone: its states, what it refuses, what it says.

A person's sync is forced once a minute at most; where a test needs a session, Ben pauses and starts his.
"""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, FilePayload, Locator, Page, expect

from tests.browser import acts
from tests.browser.demo import Demo
from tests.browser.test_issues import BEN, CUSTOMER, refuse
from tests.browser.test_pages import NARROW, judged

pytestmark = [pytest.mark.browser, pytest.mark.node]

LOGO = FilePayload(name="their-logo.png", mimeType="image/png", buffer=b"\x89PNG small")


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(
        viewport={"width": NARROW, "height": 800}, reduced_motion="reduce", bypass_csp=True
    )
    yield context.new_page()
    context.close()


def toggle(page: Page, box: Locator) -> None:
    acts.tab_to(page, box)
    page.keyboard.press("Space")


def said(page: Page) -> Locator:
    return page.locator("#answer")


def show(page: Page, outcome: str) -> None:
    """Press a filter and wait for its page."""
    acts.press(page, page.get_by_role("link", name=outcome, exact=True))
    expect(page.get_by_role("link", name=outcome, exact=True)).to_have_attribute("aria-current", "page")


def caught_up(page: Page) -> None:
    """Pause and start: what came meanwhile is looked at at once."""
    page.get_by_role("button", name="Pause").click()
    expect(page.get_by_role("button", name="Start")).to_be_visible()
    page.get_by_role("button", name="Start").click()
    acts.session_ended(page)


def test_auto_saving_is_switched_and_given_back(page: Page, company: Demo) -> None:
    acts.sign_in(page, company, "Cleo Marín")
    box = page.get_by_label("Enable auto-saving")
    expect(box).to_be_checked()
    toggle(page, box)
    acts.press(page, page.get_by_role("button", name="Save changes", exact=True))
    expect(said(page)).to_contain_text("Auto-saving is off.")
    expect(box).not_to_be_checked()
    expect(page.get_by_text("Now off: set by you.")).to_be_visible()
    acts.press(page, page.locator("summary", has_text="Decided by your administrator").first)
    expect(page.get_by_text("Make records of people outside whom Salesforce does not know")).to_be_visible()
    judged(page)
    acts.press(page, page.get_by_role("button", name="Use what applies to everybody", exact=True))
    expect(box).to_be_checked()
    expect(page.get_by_role("button", name="Use what applies to everybody", exact=True)).to_have_count(0)


def test_what_is_locked_cannot_be_reached(page: Page, company: Demo) -> None:
    company.settings("set", "links.opportunities", "on", "--lock")
    try:
        acts.sign_in(page, company, "Cleo Marín")
        acts.press(page, page.get_by_role("link", name="Linking rules", exact=True))
        expect(page.get_by_label("Link to Opportunities")).to_be_disabled()
        expect(page.get_by_text("Your administrator locked this setting.")).to_be_visible()
        expect(page.get_by_role("button", name="Save changes", exact=True)).to_have_count(0)
        judged(page)
    finally:
        company.settings("unset", "links.opportunities")


def test_linking_is_switched_and_given_back(page: Page, company: Demo) -> None:
    acts.sign_in(page, company, "Cleo Marín")
    acts.press(page, page.get_by_role("link", name="Linking rules", exact=True))
    box = page.get_by_label("Link to Opportunities")
    toggle(page, box)
    acts.press(page, page.get_by_role("button", name="Save changes", exact=True))
    expect(said(page)).to_contain_text("related to Accounts alone")
    expect(box).not_to_be_checked()
    judged(page)
    acts.press(page, page.get_by_role("button", name="Use what applies to everybody", exact=True))
    expect(said(page)).to_contain_text("related to your Opportunities")
    expect(box).to_be_checked()


def test_somebody_is_blocked_and_let_in_again(page: Page, company: Demo) -> None:
    acts.sign_in(page, company, "Cleo Marín")
    acts.press(page, page.get_by_role("link", name="Blocklist", exact=True))
    field = page.get_by_label("Addresses or domains")
    acts.tab_to(page, field)
    page.keyboard.type("*.rival.test")
    acts.press(page, page.get_by_role("button", name="Block", exact=True))
    expect(said(page)).to_contain_text("has a wildcard")
    expect(field).to_have_value("*.rival.test")
    expect(field).to_be_focused()
    judged(page)
    page.keyboard.press("Control+A")
    page.keyboard.type("rival.test\neve@shop.test")
    acts.press(page, page.get_by_role("button", name="Block", exact=True))
    expect(said(page)).to_contain_text("rival.test is on the blocklist")
    expect(page.get_by_role("listitem").filter(has_text="eve@shop.test")).to_contain_text("listed by you")
    expect(field).to_have_value("")
    judged(page)
    for entry in ("rival.test", "eve@shop.test"):
        acts.press(page, page.get_by_role("button", name=f"Remove {entry}"))
        expect(said(page)).to_contain_text(f"{entry} is not on the blocklist any more")
    expect(page.get_by_role("button", name="Remove eve@shop.test")).to_have_count(0)


def test_a_list_that_is_too_long_is_refused_and_kept(page: Page, company: Demo) -> None:
    acts.sign_in(page, company, "Cleo Marín")
    page.goto(f"{company.url}/blocklist")
    typed = "\n".join(f"somebody{number}@shop.test" for number in range(150))
    page.get_by_label("Addresses or domains").fill(typed)
    page.get_by_role("button", name="Block", exact=True).click()
    expect(said(page)).to_contain_text("2000 are taken at a time")
    expect(page.get_by_label("Addresses or domains")).to_have_value(typed)
    judged(page)


def test_mails_are_filtered_and_one_is_taken_out(page: Page, company: Demo) -> None:
    acts.sign_in(page, company, "Ben Okafor")
    subject, other = acts.unique("Blade offer"), acts.unique("Who is this")
    console = page.context.new_page()
    acts.send_mail(console, company, subject=subject, sender=CUSTOMER, to=BEN, files=[LOGO])
    acts.send_mail(console, company, subject=other, sender="wim@willow.test", to=BEN)
    console.close()
    page.bring_to_front()
    caught_up(page)
    acts.press(page, page.get_by_role("link", name="Mail", exact=True))
    show(page, "Saved")
    expect(acts.card(page, other)).to_have_count(0)
    saved = acts.card(page, subject)
    acts.press(page, saved.get_by_text("Attachments that were not saved"))
    expect(saved).to_contain_text("1 × png: It is a small image")
    expect(saved).not_to_contain_text("their-logo")
    acts.press(page, saved.get_by_text("Take it out of Salesforce"))
    judged(page)
    acts.press(page, saved.get_by_role("button", name="Delete it in Salesforce"))
    expect(said(page)).to_contain_text("was deleted in Salesforce, for everybody")
    expect(acts.card(page, subject)).to_contain_text("its record was deleted in Salesforce")
    assert company.query(f"SELECT Id FROM EmailMessage WHERE Subject = '{subject}'") == []
    show(page, "Waiting")
    expect(acts.card(page, other)).to_be_visible()
    show(page, "Needs attention")
    expect(acts.card(page, other)).to_have_count(0)
    judged(page)


def test_a_sender_is_blocked_and_the_mail_taken_out(page: Page, company: Demo) -> None:
    acts.sign_in(page, company, "Ben Okafor")
    subject = acts.unique("Prize draw")
    console = page.context.new_page()
    acts.send_mail(console, company, subject=subject, sender="priya@cedarbank.test", to=BEN)
    console.close()
    page.bring_to_front()
    caught_up(page)
    acts.press(page, page.get_by_role("link", name="Mail", exact=True))
    acts.press(page, acts.card(page, subject).get_by_role("link", name="Block the sender and undo"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Block the sender and undo")
    expect(page.get_by_text("Nothing was blocked or deleted yet.")).to_be_visible()
    expect(page.get_by_role("radio", name="priya@cedarbank.test")).to_be_checked()
    judged(page)
    acts.press(page, page.get_by_role("button", name="Block and delete"))
    expect(said(page)).to_contain_text("priya@cedarbank.test is on the blocklist")
    expect(said(page)).to_contain_text("was deleted in Salesforce, for everybody")
    assert company.query(f"SELECT Id FROM EmailMessage WHERE Subject = '{subject}'") == []
    judged(page)


def test_an_issue_fits_a_telephone_and_none_says_so(page: Page, company: Demo) -> None:
    acts.sign_in(page, company, "Ben Okafor")
    subject = acts.unique("Refused drawings")
    refuse(company, times=1)
    console = page.context.new_page()
    acts.send_mail(console, company, subject=subject, sender=CUSTOMER, to=BEN)
    console.close()
    page.bring_to_front()
    caught_up(page)
    acts.press(page, page.get_by_role("link", name="Issues", exact=True))
    issue = acts.card(page, subject)
    expect(issue).to_contain_text("CRM-VALIDATION")
    judged(page)
    acts.press(page, issue.get_by_role("button", name="Retry"))
    expect(acts.card(page, subject)).to_have_count(0, timeout=60_000)
    expect(page.get_by_text("There are no issues")).to_be_visible()
    judged(page)
