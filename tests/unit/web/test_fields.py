"""Our fields, made in an org that has none because an administrator presses a button, and what came of each."""

import html
from typing import TYPE_CHECKING, Any

import pytest

from crosstie.accounts.activation import org_runs
from crosstie.accounts.connection import orgs
from crosstie.jobs import fields, preflight
from crosstie.mapping.fields import PACKAGE
from crosstie.store.models import AuditRow, OrgRun
from sandbox import company
from sandbox.faults import Fault
from tests.unit.web.office import ADA, Office

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.test import Client

ALL = sum(map(len, PACKAGE.values()))
ON_OBJECTS = ALL + len(PACKAGE["Activity"])
"""Those of Activity are on Task and on Event."""


@pytest.fixture
def bare(tables: None, monkeypatch: pytest.MonkeyPatch) -> "Iterator[Office]":
    """The company, whose org has none of our fields."""
    from django.core.cache import cache

    from crosstie.jobs import wiring
    from tests.unit.web.office import ORIGIN

    found = company.found
    monkeypatch.setattr(company, "found", lambda world, **given: found(world, **given, package=None))
    monkeypatch.setenv("CROSSTIE_TRUSTED_ORIGINS", ORIGIN)
    wiring.get.cache_clear()
    made = Office(wiring.get())
    monkeypatch.setattr(wiring, "get", lambda: made.house)
    cache.clear()
    yield made
    monkeypatch.undo()
    wiring.get.cache_clear()


def text(answer: Any) -> str:
    return " ".join(html.unescape(answer.content.decode()).split())


def looked(office: Office) -> str:
    preflight.begin(orgs.only(office.scope).scope)
    preflight.work(str(office.org.org_id))
    return text(office.signed_in(ADA).get("/connections"))


def press(office: Office, browser: "Client") -> dict[str, int]:
    """The button, and the worker's run: code → how many."""
    browser.post("/connections/salesforce/fields", {"org": str(office.org.org_id)})
    fields.work(str(office.org.org_id))
    preflight.work(str(office.org.org_id))
    run = org_runs.find(orgs.only(office.scope).scope, fields.FIELDS)
    assert run
    assert run.ended_at
    codes = [one.code for one in run.items]
    return {code: codes.count(code) for code in codes}


def test_they_are_named_first_and_made_then(bare: Office) -> None:
    page = looked(bare)
    assert "lacks our key fields" in page
    assert f"Create {ON_OBJECTS} fields" in page
    assert "Nothing else is changed: no record, no layout, no profile." in page
    assert "Task.Crosstie_Key__c" in page
    browser = bare.signed_in(ADA)
    assert press(bare, browser) == {"made": ALL, "shown": 1}
    page = text(browser.get("/connections"))
    assert "All is there" in page
    assert "has our key fields: nothing is saved twice." in page
    assert "Activity.Crosstie_Key__c was made." in page
    assert f"{ON_OBJECTS} fields are shown to the account" in page
    assert bare.house.crm.open(bare.org.org_id).capabilities().keyed
    assert AuditRow.of(bare.scope).filter(action="org.fields").count() == 1
    bare.mail("Hello", "nora@birchworks.test")
    bare.sync()
    site = bare.company.site
    (row,) = site.org.query(site.org.admin, "SELECT Crosstie_Key__c FROM EmailMessage").records
    assert row["Crosstie_Key__c"]


def test_nobody_else_sees_them(bare: Office) -> None:
    press(bare, bare.signed_in(ADA))
    access, ada = bare.company.site.org.core.access, bare.company.colleagues[0].user
    assert access.hides(ada, "Task", "Crosstie_Key__c")
    assert not access.hides(bare.company.site.org.admin, "Task", "Crosstie_Key__c")


def test_the_second_time_nothing_is_made(bare: Office) -> None:
    browser = bare.signed_in(ADA)
    press(bare, browser)
    assert press(bare, browser) == {"shown": 1}
    assert "0 fields are shown" in text(browser.get("/connections"))


def test_a_worker_that_died_in_the_middle_is_followed_by_one_that_makes_the_rest(bare: Office) -> None:
    browser = bare.signed_in(ADA)
    browser.post("/connections/salesforce/fields", {"org": str(bare.org.org_id)})
    bare.app.world.faults.add(Fault("refuse", "salesforce", "tooling_create_field", status=503, times=2, skip=5))
    fields.work(str(bare.org.org_id))
    run = org_runs.find(orgs.only(bare.scope).scope, fields.FIELDS)
    assert run
    assert run.error_code
    page = text(browser.get("/connections"))
    assert "The other side does not answer as it should at the moment." in page
    assert "Create the fields once more for the rest." in page
    bare.app.world.faults.clear()
    found = press(bare, browser)
    assert found["shown"] == 1
    assert found.get("made", 0) + found.get("there", 0) == ALL
    assert "All is there" in text(browser.get("/connections"))


def test_what_an_org_refuses_does_not_keep_the_others_from_being_made(bare: Office) -> None:
    body = b'[{"errorCode": "FIELD_INTEGRITY_EXCEPTION", "message": "no"}]'
    bare.app.world.faults.add(
        Fault("refuse", "salesforce", "tooling_create_field", status=400, times=1, body=body)
    )
    browser = bare.signed_in(ADA)
    found = press(bare, browser)
    assert (found["refused"], found["made"]) == (1, ALL - 1)
    assert "was not made (CRM-" in text(browser.get("/connections"))


def test_an_account_that_may_not_make_fields_is_told_so(bare: Office) -> None:
    org = bare.company.site.org
    profile = org.core.access.profile(org.admin)
    org.core.store.put("Profile", {**profile, "PermissionsCustomizeApplication": False})
    browser = bare.signed_in(ADA)
    assert press(bare, browser) == {"no-customize": 1}
    assert "may not make fields (Customize Application), so nothing was made" in text(browser.get("/connections"))


def test_only_what_was_asked_for_runs(bare: Office) -> None:
    fields.work(str(bare.org.org_id))
    assert not OrgRun.of(bare.scope).exists()
    assert bare.signed_in(ADA).post("/connections/salesforce/fields", {"org": "999999"}).status_code == 302
    assert not OrgRun.of(bare.scope).exists()
