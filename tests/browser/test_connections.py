"""An administrator connects the company by pages: Salesforce's account, consent at Microsoft, what is lacking."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser import acts
from tests.browser.demo import Demo
from tests.browser.test_pages import LOOKS, judged

pytestmark = [pytest.mark.browser, pytest.mark.node]
USER, BOSS = "Crosstie Integration", "Cleo Marín"
PATIENCE = 30_000
"""Milliseconds: on the way to a vendor are two pages, and a machine may be slow."""


@pytest.fixture(params=[LOOKS[0], LOOKS[-1]], ids=["narrow", "wide"])
def page(browser: Browser, request: pytest.FixtureRequest) -> Iterator[Page]:
    width, scheme = request.param
    context = browser.new_context(
        viewport={"width": width, "height": 800}, color_scheme=scheme, reduced_motion="reduce", bypass_csp=True
    )
    yield context.new_page()
    context.close()


def opened(page: Page, company: Demo) -> None:
    acts.sign_in(page, company, "Ada Keller")
    page.get_by_role("link", name="Connections", exact=True).click()
    expect(page.get_by_role("heading", name="Connections", level=1)).to_be_visible()


def promote(company: Demo) -> None:
    """The account may do all that is wanted of it."""
    (profile,) = company.query("SELECT Id FROM Profile WHERE Name = 'System Administrator'")
    (user,) = company.query("SELECT Id FROM User WHERE Username = 'crosstie@larch.test'")
    company.change("User", str(user["Id"]), ProfileId=profile["Id"])


def answered(page: Page, text: str) -> None:
    expect(page.locator("#answer")).to_contain_text(text)


def press_within(page: Page, fold: str, button: str) -> None:
    """With the keyboard; the fold is open where nothing is connected."""
    found = page.get_by_role("button", name=button)
    if not found.is_visible():
        page.get_by_text(fold).focus()
        page.keyboard.press("Enter")
    expect(found).to_be_visible()
    found.focus()
    page.keyboard.press("Enter")


def to_salesforce(page: Page) -> None:
    press_within(page, "Change the account, or how it is entered", "Connect with Salesforce")


def choose(page: Page, name: str) -> None:
    """A button of the vendor's; where the browser was sent back to us instead, the failure has what we said."""
    button = page.get_by_role("button", name=name)
    try:
        expect(button).to_be_visible(timeout=PATIENCE)
    except AssertionError as error:
        raise AssertionError(f"{page.url} said {page.locator('#answer').all_inner_texts()}") from error
    acts.press(page, button)


def test_the_account_is_connected_refused_and_looked_at(page: Page, company: Demo) -> None:
    promote(company)
    opened(page, company)
    judged(page)
    to_salesforce(page)
    choose(page, "Ben Okafor")
    answered(page, "belongs to ben@larch.test, who is a person here")
    to_salesforce(page)
    choose(page, USER)
    answered(page, "Salesforce is connected as crosstie@larch.test.")
    expect(page.get_by_text("All is there")).to_be_visible(timeout=60_000)
    page.get_by_text("Change the account, or how it is entered").click()
    judged(page)
    acts.press(page, page.get_by_role("button", name="Check now"))
    answered(page, "Salesforce lets crosstie@larch.test in.")


def test_what_is_entered_wrongly_is_said(page: Page, company: Demo) -> None:
    opened(page, company)
    page.get_by_text("Change the account, or how it is entered").click()
    page.get_by_label("Username of the account").fill("crosstie@larch.test")
    page.get_by_label("or paste it").fill("no key")
    page.get_by_role("button", name="Connect by certificate").click()
    refusal = page.get_by_role("alert")
    expect(refusal).to_contain_text("This is no private RSA key in PEM form")
    expect(refusal).to_be_focused()
    expect(refusal).to_be_in_viewport()
    expect(page.get_by_label("Username of the account")).to_have_value("crosstie@larch.test")
    expect(page.get_by_label("or paste it")).to_have_value("")
    judged(page)


def test_consent_is_given_for_the_company_and_a_mailbox_is_opened(page: Page, company: Demo) -> None:
    opened(page, company)
    for decision, said in (
        ("Cancel", "It was not allowed at Microsoft"),
        ("Accept", "Microsoft lets the app into"),
    ):
        press_within(page, "Give consent again, or enter a new secret", "Give consent for the company")
        choose(page, BOSS)
        choose(page, decision)
        if decision == "Accept":
            choose(page, BOSS)  # who signs in right after proves whose directory it is
        answered(page, said)
    page.get_by_label("A mailbox that the app may open").fill("ben@larch.test")
    page.get_by_label("One that must stay closed").fill("cleo@larch.test")
    page.get_by_role("button", name="Check", exact=True).focus()
    page.keyboard.press("Enter")
    expect(page.locator("#checked")).to_contain_text("ben@larch.test: e-mails can be opened.")
    expect(page.locator("#checked")).to_contain_text("can open cleo@larch.test, which shall stay closed")
    page.get_by_text("Restrict the app to a group of mailboxes").click()
    judged(page)


def test_it_is_said_in_german_too(page: Page, company: Demo) -> None:
    opened(page, company)
    page.get_by_role("button", name="Deutsch").click()
    expect(page.get_by_role("heading", name="Verbindungen", level=1)).to_be_visible()
    page.get_by_text("Das Konto ändern oder die Art, wie es angemeldet wird").click()
    judged(page)
