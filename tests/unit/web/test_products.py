"""Other products: what an administrator is shown of them, what is kept, and who is not named."""

import html
import json
import os
from datetime import timedelta
from typing import Any

import pytest

from crosstie.config import environment
from crosstie.jobs import products as looks
from crosstie.jobs import sync
from crosstie.salesforce.describe import KEPT
from crosstie.store.models import OrgLook
from sandbox.salesforce import rival
from sandbox.salesforce.org import INTEGRATION
from sandbox.salesforce.switches import RIVAL_PRODUCT_RUNS
from tests.unit.web.office import ADA, BEN, Office

NOBODY = "No product was found that does what Crosstie does."


@pytest.fixture
def beside(office: Office) -> Office:
    """Another product marks what we saved, and we act as one who may see who signs in."""
    for number in range(4):
        office.mail(f"Offer {number}", "nora@birchworks.test")
    office.sync()
    office.app.world.switches.turn(RIVAL_PRODUCT_RUNS.name, True)
    for _ in range(3):
        office.clock.pass_time(rival.EVERY.total_seconds() + 60)
        office.sync()
    office.clock.pass_time(KEPT.total_seconds())  # what an org is like is asked that seldom
    return office


def text(answer: Any) -> str:
    return " ".join(html.unescape(answer.content.decode()).split())


def test_it_is_found_once_a_day_and_nothing_of_its_name_is_kept(beside: Office) -> None:
    scope = beside.org.scope
    assert [row.findings for row in OrgLook.of(scope)] == [[]], "it was looked at before anybody else came"
    beside.clock.pass_time(timedelta(days=1).total_seconds())
    before = calls(beside)
    beside.sync()
    beside.sync()
    assert calls(beside) - before == 1
    (row,) = OrgLook.of(scope)
    (found,) = row.findings
    assert (found["sign"], found["namespace"], found["count"]) == ("fills", "rivalsync", 4)
    assert rival.APP.name not in json.dumps([row.findings, row.unseen])
    page = text(beside.signed_in().get("/products"))
    assert "Fields of its package rivalsync were filled on 4 records" in page
    assert "Setup, App Manager, Connected Apps OAuth Usage and Login History" in page
    assert rival.APP.name not in page
    assert "Another product seems to keep" in text(beside.signed_in().get("/"))


def calls(office: Office) -> int:
    """Looks at other products, among the calls of the org's meter."""
    return office.house.crm.open(office.org.org_id).meter.by_kind.get("products", 0)


def test_the_button_names_the_app(beside: Office) -> None:
    browser = beside.signed_in()
    page = text(browser.post("/products/look"))
    assert f"as {rival.APP.name} with the user {rival.user(beside.company.site.org)}" in page
    assert "Looked at just now." in page
    assert [browser.post("/products/look").status_code for _ in range(4)] == [200, 200, 429, 429]
    assert "Fields of its package rivalsync" in text(browser.post("/products/look")), "what was found last"


def test_an_org_out_of_reach_says_so_and_shows_what_was_found_last(beside: Office) -> None:
    from sandbox.faults import Fault

    beside.app.world.faults.add(Fault("refuse", "salesforce", "composite", status=500, times=5, body=b"no"))
    page = text(beside.signed_in().post("/products/look"))
    assert NOBODY in page
    assert 'class="answer warning"' in page


def test_a_look_that_failed_is_not_said_to_have_been_one_and_is_the_next_days(office: Office) -> None:
    from sandbox.faults import Fault

    office.sync()
    (row,) = OrgLook.of(office.org.scope)
    seen = row.looked_at
    office.clock.pass_time(timedelta(days=1).total_seconds())
    office.app.world.faults.add(Fault("refuse", "salesforce", "composite", status=500, times=9, body=b"no"))
    looks.daily(office.org.scope)
    (row,) = OrgLook.of(office.org.scope)
    assert row.looked_at == seen
    office.app.world.faults.clear()
    before = calls(office)
    looks.daily(office.org.scope)
    assert calls(office) == before, "one a day"
    OrgLook.of(office.org.scope).delete()
    office.app.world.faults.add(Fault("refuse", "salesforce", "composite", status=500, times=9, body=b"no"))
    looks.daily(office.org.scope)
    office.app.world.faults.clear()
    assert "The org was not looked at yet." in text(office.signed_in().get("/products"))


def test_who_may_not_see_is_told_and_nobody_is_named(office: Office) -> None:
    org = office.company.site.org
    org.update(org.admin, "User", org.admin, {"ProfileId": org.profiles[INTEGRATION]})
    office.sync()
    page = text(office.signed_in().post("/products/look"))
    assert NOBODY in page
    assert "give it the permission Manage Users" in page
    assert "give it the permission Customize Application" in page


def test_it_is_for_administrators_alone(office: Office) -> None:
    browser = office.signed_in(BEN)
    assert [browser.get("/products").status_code, browser.post("/products/look").status_code] == [403, 403]
    assert "/products" not in browser.get("/").content.decode()
    assert office.signed_in(ADA).get("/products").status_code == 200


def test_no_look_is_taken_where_calls_are_short(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    crm = office.house.crm.open(office.org.org_id)
    monkeypatch.setattr(type(crm), "has_room", lambda _: False)
    looks.daily(office.org.scope)
    sync.run_tick(str(office.org.org_id))
    assert not OrgLook.of(office.org.scope).exists()


def test_the_doctor_says_it(beside: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    from crosstie.cli.doctor import vendors

    monkeypatch.setattr(vendors, "get", lambda: beside.house)
    found = [one for one in vendors.examine(environment.load(os.environ)) if one.subject == "products"]
    assert [one.level for one in found] == ["warning"]
    assert f"as {rival.APP.name}" in found[0].sentence
    assert "Connected Apps OAuth Usage" in found[0].advice
