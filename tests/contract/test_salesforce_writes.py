"""How records get to Salesforce when org, automation or wire are slow, small or surprising."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import httpx2
import pytest

from crosstie.domain import reasons
from crosstie.domain.errors import Throttled
from crosstie.domain.reasons import reason
from crosstie.domain.records import EMAIL_MESSAGE, KEY_FIELD, RecordDraft, RecordRef, WriteStatus
from crosstie.ports.crm import Removal
from crosstie.salesforce.crm import SalesforceAccess, SalesforceCrm
from crosstie.transport import Http
from sandbox.faults import Fault
from sandbox.salesforce import mishaps
from sandbox.salesforce.errors import SalesforceError
from sandbox.salesforce.org import Org
from tests.contract.crm_company import CREATED, EXISTS, LATER, REFUSED, UNCLEAR, Trouble, mail, statuses
from tests.contract.salesforce_org import ORG, ORIGIN, TURNED, SalesforceCompany, Shape


@pytest.fixture
def company() -> Iterator[SalesforceCompany]:
    company = SalesforceCompany()
    yield company
    company.close()


@pytest.fixture
def apart() -> Iterator[SalesforceCompany]:
    """An org that takes no file in a graph."""
    company = SalesforceCompany(Shape(switches=TURNED))
    yield company
    company.close()


@pytest.fixture
def unkeyed() -> Iterator[SalesforceCompany]:
    """And one without keys, too."""
    company = SalesforceCompany(Shape(keyed=False, switches=TURNED))
    yield company
    company.close()


def bears_at_most(company: SalesforceCompany, most: int) -> None:
    """A customer's trigger that runs out of its limits with more mails than that in one request."""
    seen: Counter[int] = Counter()

    def trigger(_org: Org, _user: str, _row: dict[str, Any]) -> None:
        request = len(company.entries())
        seen[request] += 1
        if seen[request] > most:
            raise SalesforceError("CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY", "Too many SOQL queries: 101")

    company.site.org.add_automation(EMAIL_MESSAGE, "before", trigger)


def graph_sizes(company: SalesforceCompany, after: int) -> list[int]:
    entries = [entry for entry in company.world.requests.since(after) if entry.route == "graph"]
    return [entry.request_body.count(b'"graphId"') for entry in entries]


@pytest.mark.parametrize(("most", "remembered"), [(20, 20), (7, 5), (1, 1)])
def test_an_automation_with_limits_is_given_fewer_and_that_is_remembered(
    company: SalesforceCompany, most: int, remembered: int
) -> None:
    bears_at_most(company, most)
    crm = company.open()
    drafts = [mail(company, number, file=None) for number in range(24)]
    assert set(statuses(crm.create(drafts))) <= {CREATED, LATER}
    for _ in range(3):
        crm.create(drafts)
    assert len(company.mails()) == 24
    before = company.world.requests.count
    more = [mail(company, number, file=None) for number in range(30, 40)]
    assert statuses(crm.create(more)) == [CREATED] * 10
    if remembered < 10:
        assert max(graph_sizes(company, before)) <= most


def test_what_was_learned_is_forgotten_after_a_day(company: SalesforceCompany) -> None:
    bears_at_most(company, 1)
    crm = company.open()
    for _ in range(3):
        crm.create([mail(company, number, file=None) for number in range(10)])
    assert len(company.mails()) == 10
    company.site.org.dml.automation.clear()
    company.pass_time(timedelta(hours=25))
    before = company.world.requests.count
    crm.create([mail(company, number, file=None) for number in range(20, 30)])
    assert graph_sizes(company, before) == [10]


class Slow(httpx2.BaseTransport):
    """Every answer takes its time."""

    def __init__(self, company: SalesforceCompany, seconds: float) -> None:
        self.company, self.seconds = company, seconds
        self.inner = httpx2.WSGITransport(app=company.app)

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        try:
            return self.inner.handle_request(request)
        finally:
            self.company.pass_time(timedelta(seconds=self.seconds))


def slow(company: SalesforceCompany, seconds: float) -> SalesforceCrm:
    http = Http(transport=Slow(company, seconds))
    return SalesforceAccess(
        http, lambda _: company.connection, company.clock, company.secrets.exchange, trusted=frozenset((ORIGIN,))
    ).open(ORG)


def test_no_call_is_begun_that_a_lease_might_not_outlive(company: SalesforceCompany) -> None:
    crm = slow(company, 40)
    crm.capabilities()
    began = company.clock.now()
    written = crm.create([mail(company, number, file=None) for number in range(250)])
    assert statuses(written) == [CREATED] * 150 + [LATER] * 100
    assert company.clock.now() - began <= timedelta(seconds=135)
    assert statuses(crm.create([mail(company, 249, file=None)])) == [CREATED]


def test_a_lost_answer_late_in_the_day_is_not_asked_again(company: SalesforceCompany) -> None:
    crm = slow(company, 80)
    crm.capabilities()
    company.cause(Trouble.LOSE_ANSWER)
    assert statuses(crm.create([mail(company, 1)])) == [UNCLEAR]
    assert statuses(company.open().create([mail(company, 1)])) == [EXISTS]
    assert company.mails() == ["Offer 001"]


def test_a_field_that_vanished_is_left_out(company: SalesforceCompany) -> None:
    crm = company.open()
    crm.capabilities()
    company.hide(EMAIL_MESSAGE, "Crosstie_Created_By_Sync__c")
    company.hide(EMAIL_MESSAGE, "HtmlBody")
    assert statuses(crm.create([mail(company, number) for number in range(3)])) == [CREATED] * 3
    assert f"{EMAIL_MESSAGE}.Crosstie_Created_By_Sync__c" not in crm.capabilities().custom_fields
    before = company.calls()
    assert statuses(crm.create([mail(company, 7)])) == [CREATED]
    assert company.calls() - before == 1
    assert company.rows(EMAIL_MESSAGE, ("HtmlBody",)) == [{"HtmlBody": None}] * 4
    assert company.rows(EMAIL_MESSAGE, ("TextBody",)) == [{"TextBody": "Dear all"}] * 4


def test_an_org_that_loses_its_keys_gets_nothing_before_the_caller_knows(company: SalesforceCompany) -> None:
    crm = company.open()
    assert crm.capabilities().keyed
    company.hide(EMAIL_MESSAGE, KEY_FIELD)
    assert statuses(crm.create([mail(company, 1)])) == [LATER]
    assert company.mails() == []
    assert not crm.capabilities().keyed


def test_a_holder_of_the_key_that_nobody_can_see_is_met_by_the_vendors_hint(company: SalesforceCompany) -> None:
    crm = company.open()
    (first,) = crm.create([mail(company, 1, file=None)])
    page = b'{"totalSize": 0, "done": true, "records": []}'
    body = (
        b'{"compositeResponse": [{"httpStatusCode": 200, "referenceId": "p0", "httpHeaders": {}, "body": ' + page
    )
    company.world.faults.add(Fault("refuse", "salesforce", "composite", status=200, body=body + b"}]}"))
    (again,) = crm.create([mail(company, 1, file=None)])
    assert (again.status, again.record_id[:15]) == (EXISTS, first.record_id[:15])


def test_a_unique_field_of_the_customer_is_not_taken_for_our_key(company: SalesforceCompany) -> None:
    message = "duplicate value found: Number__c duplicates value on record with id: 02s000000000001"
    company.world.faults.add(mishaps.row_refused("DUPLICATE_VALUE", message, EMAIL_MESSAGE))
    (written,) = company.open().create([mail(company, 1)])
    assert written.status is REFUSED
    assert written.reason == reason(reasons.CRM_REFUSED, vendor_code="DUPLICATE_VALUE")


@pytest.mark.parametrize("status", [400, 413])
def test_a_call_that_is_refused_as_a_whole_is_taken_apart(company: SalesforceCompany, status: int) -> None:
    body = b'[{"errorCode": "INVALID_INPUT", "message": "Something about it."}]'
    company.open().capabilities()
    company.world.faults.add(Fault("refuse", "salesforce", "graph", status=status, body=body, times=3))
    written = company.open().create([mail(company, number) for number in range(8)])
    assert statuses(written) == [CREATED] * 8
    assert len(company.mails()) == 8


def test_a_record_refused_as_a_whole_call_is_an_issue(company: SalesforceCompany) -> None:
    body = b'[{"errorCode": "INVALID_INPUT", "message": "Something about it."}]'
    company.world.faults.add(Fault("refuse", "salesforce", "graph", status=400, body=body, times=50))
    (written,) = company.open().create([mail(company, 1, file=None)])
    assert written.reason == reason(reasons.CRM_REFUSED, vendor_code="INVALID_INPUT")


@pytest.mark.parametrize("body", [b"{}", b"[]", b'{"graphs": []}', b"<html>", b'{"graphs": [{"graphId": "g0"}]}'])
def test_an_answer_that_says_nothing_is_unclear_or_told_apart(company: SalesforceCompany, body: bytes) -> None:
    company.open().capabilities()
    company.world.faults.add(Fault("refuse", "salesforce", "graph", status=200, body=body, times=20))
    (written,) = company.open().create([mail(company, 1)])
    assert written.status in (UNCLEAR, LATER)
    assert company.mails() == []


def test_files_apart_and_a_locked_file_the_record_stays_for_the_next_try(
    apart: SalesforceCompany,
) -> None:
    crm = apart.open()
    crm.create([mail(apart, 9)])
    apart.world.faults.add(mishaps.row_lock("ContentVersion"))
    (first,) = crm.create([mail(apart, 1)])
    assert (first.status, bool(first.record_id)) == (LATER, True)
    (second,) = crm.create([mail(apart, 1)])
    assert (second.status, second.record_id) == (EXISTS, first.record_id)
    assert apart.count("ContentVersion") == 2


def test_files_apart_without_keys_a_half_written_mail_is_taken_back(unkeyed: SalesforceCompany) -> None:
    crm = unkeyed.open()
    crm.create([mail(unkeyed, 9)])
    unkeyed.world.faults.add(mishaps.row_lock("ContentVersion"))
    (first,) = crm.create([mail(unkeyed, 1)])
    assert (first.status, first.record_id) == (LATER, "")
    assert unkeyed.mails() == ["Offer 009"]
    assert statuses(crm.create([mail(unkeyed, 1)])) == [CREATED]


def test_files_apart_and_no_calls_left_for_them(apart: SalesforceCompany) -> None:
    crm = apart.open()
    crm.create([mail(apart, 9)])
    apart.cause(Trouble.DAILY_LIMIT, skip=1)
    (first,) = crm.create([mail(apart, 1)])
    assert (first.status, bool(first.record_id)) == (LATER, True)
    with pytest.raises(Throttled):
        crm.create([mail(apart, 1)])
    apart.pass_time(timedelta(minutes=20))
    assert statuses(crm.create([mail(apart, 1)])) == [EXISTS]
    assert apart.count("ContentVersion") == 2


def offers(company: SalesforceCompany, account: str, *numbers: int) -> list[RecordDraft]:
    """Mails that are about the account, one file each."""
    drafts = [mail(company, number, RelatedToId=account) for number in numbers]
    return [replace(draft, files_also_on=account) for draft in drafts]


def test_files_that_go_on_what_their_mails_are_about_cost_no_call_more(company: SalesforceCompany) -> None:
    crm, account = company.open(), company.add("Account", Name="Birchworks")
    crm.create([mail(company, 99)])
    before = company.calls()
    written = crm.create(offers(company, account, *range(50)))
    assert company.calls() - before == 1
    assert {(one.status, one.unpublished) for one in written} == {(CREATED, 0)}
    assert len(company.files_of(account)) == 50


def test_an_org_that_cannot_link_in_a_graph_is_asked_once_whether_it_can(company: SalesforceCompany) -> None:
    company.world.switches.turn("salesforce.document_in_graph", False)
    crm, account = company.open(), company.add("Account", Name="Birchworks")
    crm.create([mail(company, 99)])
    first = crm.create(offers(company, account, *range(40)))
    before = company.calls()
    second = crm.create(offers(company, account, *range(40, 80)))
    assert company.calls() - before == 3
    assert {(one.status, one.unpublished) for one in (*first, *second)} == {(CREATED, 0)}
    assert len(company.files_of(account)) == 80


def test_a_link_that_is_refused_takes_no_mail_with_it(company: SalesforceCompany) -> None:
    crm = company.open()
    accounts = [company.add("Account", Name=name) for name in ("Birchworks", "Cedar Bank")]
    company.delete(accounts[1])
    for numbers in (range(20), range(20, 40)):
        drafts = [one for at in numbers for one in offers(company, accounts[at % 2], at)]
        written = crm.create([replace(one, fields={**one.fields, "RelatedToId": None}) for one in drafts])
        assert {one.status for one in written} == {CREATED}
        assert [one.unpublished for one in written] == [0, 1] * 10
    assert len(company.files_of(accounts[0])) == 20
    assert company.count("ContentVersion") == 40


def test_a_lock_on_what_a_mail_is_about_does_not_keep_the_mail(company: SalesforceCompany) -> None:
    crm, account = company.open(), company.add("Account", Name="Birchworks")
    company.world.faults.add(mishaps.row_lock("ContentDocumentLink", times=40))
    written = crm.create(offers(company, account, 1, 2))
    assert statuses(written) == [CREATED, CREATED]
    assert len(company.mails()) == 2


def test_a_mail_that_cannot_be_taken_out_now_keeps_its_files(company: SalesforceCompany) -> None:
    crm = company.open()
    (written,) = crm.create([mail(company, 1)])
    record = RecordRef(EMAIL_MESSAGE, written.record_id)
    company.world.faults.add(mishaps.row_lock(EMAIL_MESSAGE, operation="delete"))
    assert crm.remove(record, company.owner) is Removal.REFUSED
    assert len(company.files_of(written.record_id)) == 1
    assert crm.remove(record, company.owner) is Removal.DONE
    assert (company.mails(), company.count("ContentVersion")) == ([], 0)


def test_a_file_that_may_not_go_keeps_no_mail_in(company: SalesforceCompany) -> None:
    crm = company.open()
    (written,) = crm.create([mail(company, 1)])
    refusal = mishaps.row_refused("INSUFFICIENT_ACCESS_OR_READONLY", "no", "ContentDocument", operation="delete")
    company.world.faults.add(refusal)
    assert crm.remove(RecordRef(EMAIL_MESSAGE, written.record_id), company.owner) is Removal.DONE
    assert (company.mails(), company.count("ContentVersion")) == ([], 1)


def test_what_was_sent_and_not_heard_of_stays_in_doubt_when_the_second_try_is_refused(
    company: SalesforceCompany,
) -> None:
    """Whether the first one is still under way nobody knows."""
    crm = company.open()
    crm.create([mail(company, 9)])
    company.cause(Trouble.LOSE_REQUEST)
    company.world.faults.add(
        mishaps.row_refused("FIELD_CUSTOM_VALIDATION_EXCEPTION", "no", EMAIL_MESSAGE, operation="insert")
    )
    (written,) = crm.create([mail(company, 1)])
    assert (written.status, company.mails()) == (UNCLEAR, ["Offer 009"])


def test_calls_are_metered_by_kind(company: SalesforceCompany) -> None:
    crm = company.open()
    crm.create([mail(company, 1)])
    crm.find([mail(company, 1)])
    assert crm.meter.snapshot() == {"describe": 1, "create": 1, "find": 1}
    assert crm.meter.total == company.calls() == 3


def test_every_request_says_who_asks_and_assigns_nobody(company: SalesforceCompany) -> None:
    heard: list[httpx2.Headers] = []

    class Listening(Slow):
        def handle_request(self, request: httpx2.Request) -> httpx2.Response:
            if request.url.path.startswith("/services/data/"):
                heard.append(request.headers)
            return super().handle_request(request)

    http = Http(transport=Listening(company, 0))
    crm = SalesforceAccess(
        http, lambda _: company.connection, company.clock, company.secrets.exchange, trusted=frozenset((ORIGIN,))
    ).open(ORG)
    crm.create([mail(company, 1)])
    assert len(heard) == 2
    for headers in heard:
        assert headers["Sforce-Call-Options"] == "client=Crosstie"
        assert headers["Sforce-Auto-Assign"] == "FALSE"
        assert "allowSave=true" in headers["Sforce-Duplicate-Rule-Header"]
        assert headers["User-Agent"].startswith("Crosstie/")


def test_reads_come_to_their_end_though_every_locator_dies() -> None:
    """Pages of few rows: what is unread is asked for anew, less what was read."""
    company = SalesforceCompany(Shape(switches={"salesforce.small_pages": True, "salesforce.pages_overlap": True}))
    drafts = [mail(company, number) for number in range(6)]
    assert statuses(company.open().create(drafts)) == [CREATED] * 6
    company.world.faults.add(mishaps.refused("INVALID_QUERY_LOCATOR", "gone", 404, route="query_more", times=999))
    assert len(company.open().find(drafts)) == 6
    assert statuses(company.reopen().create(drafts)) == [EXISTS] * 6
    assert company.count("ContentVersion") == 6
    company.close()


@pytest.mark.parametrize("lacking", [True, False])
def test_a_missing_right_is_told_from_an_automation_that_fails(lacking: bool) -> None:
    """The vendor has one code for both; who may not create the object is described so."""
    company = SalesforceCompany()
    crm = company.open()
    crm.capabilities()
    if lacking:
        profile = company.site.org.profiles["Standard User"]
        company.change("User", company.user, ProfileId=profile)
        company.site.org.core.access.permit(profile, EMAIL_MESSAGE, frozenset({"read"}))
    else:
        bears_at_most(company, 0)
    written = crm.create([mail(company, number) for number in range(8)])
    expected = reasons.ACCESS if lacking else reasons.AUTOMATION
    assert {(one.status, one.reason) for one in written} == {(WriteStatus.REFUSED, reason(expected))}
    assert company.mails() == []
    company.close()
