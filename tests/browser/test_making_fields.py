"""*Create the fields for me*: from fields that are lacking to fields that are there, with the keyboard alone."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from crosstie.accounts import people
from crosstie.jobs import fields, preflight
from tests.browser import acts
from tests.browser.served import Served
from tests.browser.states.connections import OLGA, PAGE, maple, opening
from tests.browser.test_pages import LOOKS, judged
from tests.browser.test_states import allowed, company
from tests.tables import migrated, tables
from tests.unit.web.office import Office
from tests.unit.web.test_fields import ON_OBJECTS

__all__ = ["allowed", "company", "migrated", "tables"]

pytestmark = [pytest.mark.browser, pytest.mark.node]
PACE = 20_000
"""Milliseconds: the page looks every two seconds by itself how far it is."""


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    width, scheme = LOOKS[0]
    context = browser.new_context(
        viewport={"width": width, "height": 800}, color_scheme=scheme, reduced_motion="reduce", bypass_csp=True
    )
    yield context.new_page()
    context.close()


def work(office: Office) -> None:
    """As workers do who come to it."""
    preflight.work(str(office.org.org_id))


def test_from_fields_that_are_lacking_to_fields_that_are_there(company: Served, page: Page) -> None:
    office = company.office
    maple(office)
    company.seat(page.context, office.seated(people.find(office.scope, OLGA)))
    page.goto(company.url + PAGE)
    acts.press(page, page.get_by_role("button", name="Look now"))
    expect(page.get_by_text("Looking …")).to_be_visible()
    work(office)
    expect(page.get_by_text("lacks our key fields")).to_be_visible(timeout=PACE)

    opening("Create the fields for me")(page)
    expect(page.get_by_text("Task.Crosstie_Key__c", exact=True)).to_be_visible()
    acts.press(page, page.get_by_role("button", name=f"Create {ON_OBJECTS} fields"))
    expect(page.locator("#answer")).to_contain_text("The fields are being made in Salesforce.")
    expect(page.get_by_text("The fields are being made …")).to_be_visible()
    judged(page)
    assert not office.house.crm.open(office.org.org_id).capabilities().keyed

    fields.work(str(office.org.org_id))
    work(office)
    expect(page.get_by_text("All is there")).to_be_visible(timeout=PACE)
    expect(page.get_by_text("has our key fields: nothing is saved twice.")).to_be_visible()
    expect(page.get_by_text("Create the fields for me")).to_have_count(0)
    opening("results")(page)
    expect(page.get_by_text("Activity.Crosstie_Key__c was made.")).to_be_visible()
    judged(page)
    office.house.crm.forget(office.org.org_id)
    assert office.house.crm.open(office.org.org_id).capabilities().keyed
