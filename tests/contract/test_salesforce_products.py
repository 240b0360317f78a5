"""What the org shows of other products: to one who may see it, and to one who may not."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from crosstie.domain.products import OrgLook, Unseen, namespace
from crosstie.domain.records import EMAIL_MESSAGE, EVENT
from sandbox.salesforce import rival
from sandbox.salesforce.org import ADMINISTRATOR
from tests.contract.crm_events import meeting
from tests.contract.salesforce_org import SalesforceCompany, Shape

WEEK = timedelta(days=7)


@pytest.fixture
def company() -> Iterator[SalesforceCompany]:
    company = SalesforceCompany()
    company.world.switches.turn("salesforce.rival_product_runs", True)
    yield company
    company.close()


def administrates(company: SalesforceCompany) -> None:
    org = company.site.org
    org.update(org.admin, "User", company.user, {"ProfileId": org.profiles[ADMINISTRATOR]})


def looked(company: SalesforceCompany) -> tuple[OrgLook, int]:
    """With how many metered calls it took."""
    crm = company.open()
    crm.capabilities()
    before = company.calls()
    found = crm.products(company.now() - WEEK)
    return found, company.calls() - before


def written(company: SalesforceCompany, count: int = 3) -> None:
    assert all(one.record_id for one in company.open().create([meeting(company, 1 + n) for n in range(count)]))


def runs(company: SalesforceCompany, times: int = 4) -> None:
    for _ in range(times):
        company.pass_time(rival.EVERY + timedelta(minutes=1))
        company.open().calls_left()


def test_one_call_shows_the_product_that_runs_beside_us(company: SalesforceCompany) -> None:
    administrates(company)
    written(company)
    runs(company)
    found, calls = looked(company)
    assert calls == 1
    other = rival.user(company.site.org)
    assert {(one.app, one.user_id, one.times) for one in found.signed_in} == {(rival.APP.name, other, 5)}
    assert [(one.app, one.users) for one in found.held] == [(rival.APP.name, 1)]
    [edited] = [one for one in found.edited if one.object == EVENT]
    assert (edited.user_id, edited.records, edited.filled) == (other, 3, {rival.KEY: 3})
    assert found.packages == {"rivalsync"}
    assert (found.managed, found.unseen) == (0, frozenset())


def test_what_is_kept_from_us_is_said(company: SalesforceCompany) -> None:
    written(company)
    runs(company)
    found, _ = looked(company)
    assert found.unseen == {Unseen.SIGN_INS, Unseen.TOKENS}
    assert not found.signed_in
    assert not found.held
    assert [one.filled for one in found.edited] == [{rival.KEY: 3}]


def test_what_we_and_people_did_long_ago_is_not_told(company: SalesforceCompany) -> None:
    administrates(company)
    company.world.switches.turn("salesforce.rival_product_runs", False)
    written(company)
    found, _ = looked(company)
    assert not found.edited
    [row] = company.rows(EVENT, ("Id", "Subject"))[:1]
    company.change(EVENT, row["Id"], Subject="Another")
    found, _ = looked(company)
    assert [(one.user_id, one.records) for one in found.edited] == [(company.site.org.admin, 1)]
    company.pass_time(WEEK + timedelta(hours=1))
    assert not looked(company)[0].edited


def test_events_that_salesforce_keeps_are_counted(company: SalesforceCompany) -> None:
    administrates(company)
    times: dict[str, Any] = {"StartDateTime": "2026-11-20T09:00:00Z", "DurationInMinutes": 30}
    row = company.add(EVENT, Subject="Kept", **times)
    company.site.org.setup.client_managed(row)
    assert looked(company)[0].managed == 1


def test_an_org_without_our_key_says_nothing_of_our_records() -> None:
    company = SalesforceCompany(Shape(keyed=False))
    try:
        administrates(company)
        assert Unseen.RECORDS in looked(company)[0].unseen
    finally:
        company.close()


@pytest.mark.parametrize("field", ["rivalsync__Key__c", "a_b__Some_Id__c"])
def test_the_namespace_of_a_field(field: str) -> None:
    assert namespace(field) in ("rivalsync", "a_b")


@pytest.mark.parametrize("field", ["Key__c", "Crosstie_Key__c", "Subject", "rivalsync__Key__pc", EMAIL_MESSAGE])
def test_a_field_of_no_package(field: str) -> None:
    assert namespace(field) == ""
