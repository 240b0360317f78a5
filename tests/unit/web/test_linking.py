"""The page Linking rules: a switch of one's own, and what the administrator decided."""

import html
from typing import TYPE_CHECKING

from crosstie.accounts import people
from crosstie.accounts.governance import settings
from tests.unit.web.office import ADA
from tests.unit.web.test_pages import text

if TYPE_CHECKING:
    from tests.unit.web.office import Office

NAME = "links.opportunities"


def test_the_switch_is_shown_and_turned(office: "Office") -> None:
    browser = office.signed_in()
    assert "Now on: the default." in text(browser, "/linking")
    page = browser.post("/linking/keep", {}, follow=True).content.decode()
    assert "related to Accounts alone" in page
    assert "Now off: set by you." in page
    place = settings.for_person(office.scope, people.find(office.scope, ADA).person_id)
    assert settings.get(office.scope, place, NAME) is False
    page = browser.post("/linking/keep", {"reset": "1"}, follow=True).content.decode()
    assert "related to your Opportunities" in html.unescape(page)
    assert settings.get(office.scope, place, NAME) is True


def test_a_lock_is_said_and_obeyed(office: "Office") -> None:
    settings.put(office.scope, settings.EVERYBODY, NAME, "off", office.clock, locked=True)
    browser = office.signed_in()
    page = text(browser, "/linking")
    assert "Your administrator locked this setting." in page
    assert "Save changes" not in page
    answer = browser.post("/linking/keep", {"opportunities": "on"}, follow=True).content.decode()
    assert "is locked for everybody" in answer


def test_what_others_decided_stands_there_with_its_origin(office: "Office") -> None:
    settings.put(office.scope, settings.EVERYBODY, "links.opportunity-days-ahead", 90, office.clock)
    page = " ".join(text(office.signed_in(), "/linking").split())
    assert '<strong>90</strong> <span class="hint">set for everybody</span>' in page
    assert '<strong>off</strong> <span class="hint">the default</span>' in page
