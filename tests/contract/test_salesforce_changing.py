"""How records are changed when org, automation or wire are slow, small or surprising."""

import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import httpx2
import pytest

from crosstie.domain import reasons
from crosstie.domain.reasons import reason
from crosstie.domain.records import CONTACT, EVENT, RecordRef, RecordUpdate, Value
from crosstie.salesforce.crm import SalesforceAccess
from crosstie.transport import Http
from sandbox.faults import Fault
from sandbox.salesforce.errors import SalesforceError
from sandbox.salesforce.org import Org
from tests.contract.crm_changing import many, ref, subject, subjects
from tests.contract.crm_company import (
    CREATED,
    DELETED,
    GONE,
    LATER,
    REFUSED,
    UNCLEAR,
    UPDATED,
    appointment,
    statuses,
)
from tests.contract.crm_events import meeting
from tests.contract.salesforce_org import ORG, ORIGIN, SalesforceCompany

DAYS = 2 * 1440


@pytest.fixture
def company() -> Iterator[SalesforceCompany]:
    company = SalesforceCompany()
    yield company
    company.close()


def collections(company: SalesforceCompany, after: int) -> list[list[int]]:
    """Rows of each collection of each composite that wrote."""
    entries = [entry for entry in company.world.requests.since(after) if entry.route == "composite"]
    bodies = [json.loads(entry.request_body) for entry in entries]
    parts = [[part for part in body["compositeRequest"] if part["method"] == "PATCH"] for body in bodies]
    return [[len(part["body"]["records"]) for part in some] for some in parts if some]


def standard_profile(company: SalesforceCompany) -> str:
    """The connector's user is given the profile of people, who see and change only what is theirs."""
    org = company.site.org
    profile: str = org.get(org.admin, "User", company.owner, ["ProfileId"])["ProfileId"]
    org.update(org.admin, "User", company.user, {"ProfileId": profile})
    return profile


class Trigger:
    """A customer's own, that runs out of its limits with more rows than that in one collection."""

    def __init__(self, company: SalesforceCompany, most: int) -> None:
        self.most = most
        self.coming: list[int] = []
        """Of each row that is still to come: how many are in its collection."""
        company.site.org.add_automation(EVENT, "before", self)

    def __call__(self, _org: Org, _user: str, _row: dict[str, Any]) -> None:
        if self.coming.pop(0) > self.most:
            raise SalesforceError("CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY", "Too many SOQL queries: 101")


class Noting(httpx2.BaseTransport):
    """Tells the trigger how large the collections are that arrive."""

    def __init__(self, company: SalesforceCompany, trigger: Trigger) -> None:
        self.inner = httpx2.WSGITransport(app=company.app)
        self.trigger = trigger

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        if request.url.path.endswith("/composite"):
            parts = json.loads(request.content)["compositeRequest"]
            sizes = [len(one["body"]["records"]) for one in parts if one["method"] == "PATCH"]
            self.trigger.coming = [size for size in sizes for _ in range(size)]
        return self.inner.handle_request(request)


@pytest.mark.parametrize(("most", "remembered"), [(60, 50), (12, 10), (1, 1)])
def test_an_automation_with_limits_is_given_fewer_and_that_is_remembered(
    company: SalesforceCompany, most: int, remembered: int
) -> None:
    events = many(company, 100)
    trigger = Trigger(company, most)
    http = Http(transport=Noting(company, trigger))
    crm = SalesforceAccess(
        http, lambda _: company.connection, company.clock, company.secrets.exchange, trusted=frozenset((ORIGIN,))
    ).open(ORG)
    assert set(statuses(crm.update([subject(event, "Moved") for event in events]))) <= {UPDATED, LATER}
    for _ in range(3):
        crm.update([subject(event, "Moved") for event in events])
    assert subjects(company) == ["Moved"] * 100
    before = company.world.requests.count
    assert statuses(crm.update([subject(event, "Again") for event in events[:60]])) == [UPDATED] * 60
    assert max(max(some) for some in collections(company, before)) == remembered
    company.site.org.dml.automation.clear()
    company.pass_time(timedelta(hours=25))
    before = company.world.requests.count
    crm.update([subject(event, "x") for event in events])
    assert collections(company, before)[-1] == [100]


def test_a_row_that_fails_alone_spoils_no_other(company: SalesforceCompany) -> None:
    events = many(company, 300)

    def refuses(_org: Org, _user: str, row: dict[str, Any]) -> None:
        if row["Subject"] == "zebra":
            raise SalesforceError("FIELD_CUSTOM_VALIDATION_EXCEPTION", "no")

    company.site.org.add_automation(EVENT, "before", refuses)
    crm = company.open()
    crm.capabilities()
    before = company.calls()
    written = crm.update([subject(one, "zebra" if at % 100 == 7 else "x") for at, one in enumerate(events)])
    assert [at for at, one in enumerate(written) if one.status is REFUSED] == [7, 107, 207]
    assert {one.reason for one in written if one.status is REFUSED} == {reason(reasons.AUTOMATION)}
    assert statuses(written).count(UPDATED) == 297
    assert company.calls() - before == 3


def test_several_objects_go_in_one_call_and_the_same_record_in_turn(company: SalesforceCompany) -> None:
    event, contact = appointment(company), company.add(CONTACT, LastName="Weiss")
    crm = company.open()
    crm.capabilities()
    before = company.calls()
    name: dict[str, Value] = {"LastName": "Braun"}
    assert (
        statuses(crm.update([subject(event, "a"), RecordUpdate(RecordRef(CONTACT, contact), name)]))
        == [UPDATED] * 2
    )
    assert company.calls() == before + 1
    assert statuses(crm.update([subject(event, text) for text in ("b", "c", "d")])) == [UPDATED] * 3
    assert (subjects(company), company.calls()) == (["d"], before + 4)


@pytest.mark.parametrize(
    ("status", "code", "wanted"),
    [
        (400, "INVALID_INPUT", [UPDATED] * 4),
        (500, "UNKNOWN_EXCEPTION", [UNCLEAR] * 4),
        (403, "REQUEST_LIMIT_EXCEEDED", [LATER] * 4),
        (401, "INVALID_SESSION_ID", [LATER] * 4),
    ],
)
def test_a_collection_that_is_refused_as_a_whole(
    company: SalesforceCompany, status: int, code: str, wanted: list[str]
) -> None:
    crm = company.open()
    crm.capabilities()
    fault = Fault("inside", "salesforce", "PATCH collection_update", status=status, code=code, message="m")
    company.world.faults.add(fault)
    events = many(company, 4)
    assert statuses(crm.update([subject(one, "x") for one in events])) == wanted
    assert subjects(company).count("x") == wanted.count(UPDATED)


def test_a_row_whose_collection_is_always_refused_is_an_issue(company: SalesforceCompany) -> None:
    crm = company.open()
    crm.capabilities()
    step = "DELETE collection_delete"
    company.world.faults.add(
        Fault("inside", "salesforce", step, status=400, code="INVALID_INPUT", message="m", times=9)
    )
    (written,) = crm.delete([ref(appointment(company))])
    assert written.reason == reason(reasons.CRM_REFUSED, vendor_code="INVALID_INPUT")


@pytest.mark.parametrize(
    "body", [b"{}", b"[]", b"<html>", b'{"compositeResponse": []}', b'{"compositeResponse": [{"a": 1}]}']
)
def test_an_answer_that_says_nothing_is_unclear(company: SalesforceCompany, body: bytes) -> None:
    crm = company.open()
    crm.capabilities()
    company.world.faults.add(Fault("refuse", "salesforce", "composite", status=200, body=body, times=2))
    assert statuses(crm.update([subject(appointment(company), "x")])) == [UNCLEAR]


def test_what_waits_for_an_approval_waits(company: SalesforceCompany) -> None:
    event = appointment(company)
    standard_profile(company)
    company.site.org.lock(event)
    (written,) = company.open().update([subject(event, "x")])
    assert (written.status, written.reason) == (LATER, reason(reasons.WAITS))
    company.site.org.unlock(event)
    assert statuses(company.open().update([subject(event, "x")])) == [UPDATED]


def test_an_archived_event_is_refused(company: SalesforceCompany) -> None:
    event = appointment(company, StartDateTime="2025-11-01T09:00:00Z")
    assert company.site.org.archive_activities() == 1
    crm = company.open()
    (written,) = crm.update([subject(event, "x")])
    assert written.reason == reason(reasons.CRM_REFUSED, vendor_code="ENTITY_IS_ARCHIVED")
    shown = crm.records([ref(event)], {EVENT: ("Subject", "IsArchived")})[event].fields
    assert shown == {"Subject": "Visit 001", "IsArchived": True}
    company.delete(event)
    assert crm.records([ref(event)], {EVENT: ("Subject",)}) == {}


def test_what_we_may_not_change_or_delete_is_told_apart_from_automation(company: SalesforceCompany) -> None:
    event = appointment(company)
    profile = standard_profile(company)
    crm = company.open()
    crm.capabilities()
    company.site.org.core.access.permit(profile, EVENT, frozenset({"read"}))
    for (written,) in (crm.update([subject(event, "x")]), crm.delete([ref(event)])):
        assert (written.status, written.reason) == (REFUSED, reason(reasons.ACCESS))


@pytest.mark.parametrize("unknown", [True, False])
def test_what_we_may_not_see_is_never_said_to_be_deleted(company: SalesforceCompany, unknown: bool) -> None:
    company.site.org.setup.org_defaults({EVENT: "private"})
    company.world.switches.turn("salesforce.unseen_row_is_unknown", unknown)
    event = appointment(company)
    standard_profile(company)
    crm = company.open()
    for (written,) in (crm.update([subject(event, "x")]), crm.delete([ref(event)])):
        assert written.status is (GONE if unknown else REFUSED), "gone or kept from us"
    assert crm.records([ref(event)], {EVENT: ("Subject",)}) == {}
    assert subjects(company) == ["Visit 001"]


def test_long_events_are_known_to_be_refused_for_a_day(company: SalesforceCompany) -> None:
    company.site.org.features.multiday_events = False
    crm = company.open()
    assert crm.capabilities().long_events
    event = appointment(company)
    longer: dict[str, Value] = {"DurationInMinutes": DAYS}
    (written,) = crm.update([RecordUpdate(ref(event), longer)])
    assert written.reason == reason(
        reasons.CRM_REFUSED, vendor_code="FIELD_INTEGRITY_EXCEPTION (DurationInMinutes)"
    )
    assert not crm.capabilities().long_events
    company.pass_time(timedelta(hours=25))
    assert crm.capabilities().long_events
    assert statuses(crm.create([meeting(company, 2, DurationInMinutes=DAYS)])) == [REFUSED]
    assert not crm.capabilities().long_events
    company.site.org.features.multiday_events = True
    assert statuses(crm.create([meeting(company, 2, DurationInMinutes=DAYS)])) == [CREATED]


def test_calls_are_metered_by_what_they_do(company: SalesforceCompany) -> None:
    crm = company.open()
    event = appointment(company)
    crm.records([ref(event)], {EVENT: ("Subject",)})
    crm.update([subject(event, "x")])
    assert statuses(crm.delete([ref(event)])) == [DELETED]
    assert crm.meter.snapshot() == {"describe": 1, "records": 1, "update": 1, "delete": 1}


def test_an_org_without_events_shows_and_changes_none(company: SalesforceCompany) -> None:
    event = appointment(company)
    company.site.org.core.access.permit(standard_profile(company), EVENT, frozenset())
    crm = company.open()
    assert crm.records([ref(event)], {EVENT: ("Subject",)}) == {}
    (written,) = crm.update([subject(event, "x")])
    assert (written.status, written.reason) == (REFUSED, reason(reasons.ACCESS))
