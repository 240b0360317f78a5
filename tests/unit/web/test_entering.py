"""An org that is entered with a user's sign-in: lost, told, and given again from the page Mend."""

import html
import json
import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from crosstie.accounts.connection import credentials, orgs
from crosstie.domain.access import AuthMode
from crosstie.store.models import AuditRow, Person, Role, Stop
from sandbox import company
from sandbox.salesforce.org import ADMINISTRATOR
from tests.unit.web.office import ADA, BEN, ORIGIN
from tests.unit.web.test_mend import follow_link, shown
from tests.unit.web.ways import live, posted, with_mail

if TYPE_CHECKING:
    from django.test import Client

    from tests.unit.web.office import Office

USER = "crosstie@larch.test"
BUTTON = "Sign in to Salesforce"
IN_AGAIN = "Salesforce lets us in again."


def entered(office: "Office", username: str = "") -> None:
    """The org is entered with the sign-in of a user of its own; the app replaces its refresh token each time."""
    site, user = office.company.site, office.company.integration_user
    site.org.update(site.org.admin, "User", user, {"ProfileId": site.org.profiles[ADMINISTRATOR]})
    site.apps[company.CRM_CLIENT].rotate_refresh_tokens = True
    office.app.world.switches.turn("salesforce.reused_refresh_token_ends_all", True)
    grant = site.tokens.issue_grant(user, company.CRM_CLIENT, "api id refresh_token")
    details = orgs.OrgDetails(
        site.org.id, ORIGIN, ORIGIN, AuthMode.REFRESH_TOKEN, company.CRM_CLIENT, username, label=site.org.name
    )
    orgs.connect(office.scope, details, office.clock)
    secret = {"client_secret": company.CRM_SECRET, "refresh_token": grant.token}
    office.house.stores.vault().put(office.org.secret_place, json.dumps(secret))
    office.house.crm.forget(office.org.org_id)


def lost(office: "Office") -> None:
    """An administrator of the org revokes it, in Setup under OAuth Usage."""
    assert office.company.site.tokens.revoke_app(company.CRM_CLIENT)
    live(office, 10)
    assert stopped(office)


@pytest.fixture
def folder(office: "Office", tmp_path: Path) -> Path:
    with_mail(office, tmp_path / "mail")
    entered(office)
    live(office)
    assert not Stop.of(office.scope).exists()
    return tmp_path / "mail"


def trouble(office: "Office") -> dict[str, str]:
    return {"trouble": f"org-{office.org.org_id}"}


def left(office: "Office", browser: "Client") -> str:
    """Press the button; the address at Salesforce that the page leads to."""
    page = browser.post("/mend/salesforce", trouble(office)).content.decode()
    found = re.search(r'content="0;url=([^"]+)"', page)
    assert found, page
    return html.unescape(found[1])


def come_back(browser: "Client", answer: dict[str, str]) -> str:
    """What Mend says then."""
    assert browser.get("/sign-in/salesforce/callback", answer).headers["Location"] == "/mend"
    return shown(browser, "/mend")


def signs_in(office: "Office", browser: "Client", username: str = USER) -> str:
    return come_back(browser, office.choose(left(office, browser), username))


def stopped(office: "Office") -> bool:
    return Stop.of(office.scope).filter(ended_at=None).exists()


def kept(office: "Office") -> str:
    return credentials.of(office.house.stores.vault(), office.org.secret_place)["refresh_token"]


def test_access_that_was_revoked_is_given_again_by_signing_in(office: "Office", folder: Path) -> None:
    before = kept(office)
    lost(office)
    (mail,) = posted(folder)
    assert mail["To"] == ADA
    assert "2. Press Sign in to Salesforce." in mail.get_content()
    browser = follow_link(office, folder, ADA)
    assert BUTTON in shown(browser, "/mend")
    assert IN_AGAIN in signs_in(office, browser)
    assert kept(office) != before
    office.clock.pass_time(30)
    office.sync()
    assert not stopped(office)
    assert "Nothing has to be mended" in shown(browser, "/mend")
    assert AuditRow.of(office.scope).filter(action="org.sign-in").count() == 1
    office.clock.pass_time(3 * 3600)
    office.sync()
    assert not orgs.get(office.org.org_id).details.username
    assert not stopped(office), "the new token rotates as the old one did"


def test_somebody_else_than_agreed_opens_nothing(office: "Office", folder: Path) -> None:
    entered(office, USER.upper())
    before = kept(office)
    lost(office)
    browser = office.signed_in(ADA)
    said = signs_in(office, browser, BEN)
    assert f"You signed in to Salesforce as {BEN}, but Crosstie acts as {USER.upper()}" in said
    assert not office.company.site.tokens.grants, "what was granted was given back"
    assert stopped(office)
    assert kept(office) == before
    assert IN_AGAIN in signs_in(office, browser)


def test_consent_for_a_visit_only_is_not_enough(office: "Office", folder: Path) -> None:
    lost(office)
    app = office.company.site.apps[company.CRM_CLIENT]
    app.flows -= {"refresh"}
    browser = office.signed_in(ADA)
    assert "Give the app in Salesforce the scopes api and refresh_token" in signs_in(office, browser)
    assert stopped(office)


def test_nothing_is_played_twice_and_nothing_forged_is_believed(office: "Office", folder: Path) -> None:
    lost(office)
    before, browser = kept(office), office.signed_in(ADA)
    given = office.choose(left(office, browser), USER)
    assert "was not begun in this browser" in come_back(browser, given | {"state": "forged"})
    assert browser.get("/sign-in/salesforce/callback", given).status_code == 403
    left(office, browser)
    assert "you said no there" in come_back(browser, {"error": "access_denied"})
    given = office.choose(left(office, browser), USER)
    assert "did not come from your company" in come_back(browser, given | {"iss": "https://elsewhere.test"})
    assert kept(office) == before
    assert stopped(office)


def test_only_an_administrator_has_the_button(office: "Office", folder: Path) -> None:
    lost(office)
    before = kept(office)
    Person.of(office.scope).filter(address=BEN).update(role=Role.PROFILE_ADMIN)
    browser = office.signed_in(BEN)
    page = shown(browser, "/mend")
    assert "Only your administrator can mend this" in page
    assert BUTTON not in page
    assert browser.post("/mend/salesforce", trouble(office)).headers["Location"] == "/mend"
    ada = office.signed_in(ADA)
    answer = office.choose(left(office, ada), USER)
    Person.of(office.scope).filter(address=ADA).update(role=Role.USER)
    come_back(ada, answer)
    assert kept(office) == before
    assert stopped(office)


def test_an_org_that_is_entered_by_its_app_has_no_such_button(office: "Office", tmp_path: Path) -> None:
    with_mail(office, tmp_path / "mail")
    site = office.company.site
    site.org.update(site.org.admin, "User", site.org.admin, {"IsActive": False})
    site.tokens.end_sessions()
    live(office, 10)
    assert stopped(office)
    browser = office.signed_in(ADA)
    page = shown(browser, "/mend")
    assert "The Salesforce user that we act as is inactive or frozen." in page
    assert "Try again now" in page
    assert BUTTON not in page
    assert browser.post("/mend/salesforce", trouble(office)).headers["Location"] == "/mend"
