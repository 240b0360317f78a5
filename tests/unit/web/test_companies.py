"""Several companies on one server: each signs in to its own org, and nobody learns of the others."""

from typing import TYPE_CHECKING

import pytest

from crosstie.accounts import people, tenants
from crosstie.store.models import Org, Person
from sandbox.salesforce.site import Site, open_org
from tests.unit.web.office import ADA

if TYPE_CHECKING:
    from tests.unit.web.office import Office

BACK = "/sign-in/salesforce/callback"


@pytest.fixture
def rival(office: "Office") -> Site:
    """Another tenant with an org of its own, in which somebody has the very id that Ada has in hers."""
    site = open_org(office.app.world, name="Rival", my_domain="rival")
    office.register(site, "rival-app", "rival-secret")
    scope = tenants.create("Rival Inc", office.clock)
    org = office.connect(site, scope, "rival-app", "rival-secret")
    ada = office.company.colleagues[0].user
    people.add(scope, people.PersonDetails("Rita", "rita@rival.test", ada, org.org_id), office.clock)
    return site


def test_one_company_is_not_asked_for_its_name(office: "Office") -> None:
    assert 'name="company"' not in office.browser().get("/sign-in").content.decode()


@pytest.mark.parametrize("company", ["Larch", " larch "])
def test_a_company_is_known_by_its_name_in_any_case(office: "Office", rival: Site, company: str) -> None:
    browser = office.browser()
    page = browser.get("/sign-in").content.decode()
    assert 'name="company"' in page
    assert "Rival" not in page
    answer = office.choose(office.leave(browser, company=company), ADA)
    browser.get(BACK, answer)
    assert "Ada Keller" in browser.get("/").content.decode()


@pytest.mark.parametrize(
    ("company", "sentence"),
    [("", "Enter the name"), ("Oak", "No company of this name"), ("L", "No company of this name")],
)
def test_an_unknown_company_is_refused(office: "Office", rival: Site, company: str, sentence: str) -> None:
    page = office.browser().post("/sign-in/salesforce", {"company": company})
    assert page.status_code == 400
    assert sentence in page.content.decode()


def test_the_same_id_in_another_org_is_another_person(office: "Office", rival: Site) -> None:
    """Ada signs in to her org; the person of the other tenant with her id stays out of it."""
    browser = office.browser()
    browser.get(BACK, office.choose(office.leave(browser, company="Larch"), ADA))
    assert Person.of(office.scope).get(address=ADA).login_id
    assert Person.everywhere().get(address="rita@rival.test").login_id is None


def test_an_answer_from_another_org_lets_nobody_in(office: "Office", rival: Site) -> None:
    """One app, two orgs: who answers is not the org that was asked for."""
    office.register(office.company.site, "rival-app", "rival-secret")
    browser = office.browser()
    page = browser.get(BACK, office.choose(office.leave(browser, company="Rival Inc"), ADA))
    assert page.status_code == 403
    assert "another Salesforce org" in page.content.decode()
    assert "/register/letter" in page.content.decode(), "an administrator could connect that org"
    assert not Person.everywhere().filter(login__isnull=False).exists()


def test_a_server_without_an_org_says_so(office: "Office") -> None:
    Org.everywhere().delete()
    page = office.browser().post("/sign-in/salesforce")
    assert page.status_code == 400
    assert "not connected to Salesforce yet" in page.content.decode()
