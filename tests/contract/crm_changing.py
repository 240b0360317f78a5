"""Cases of the CRM suite: records that are there are read, changed and deleted by their ids."""

from datetime import UTC, date, datetime, timedelta

import pytest

from crosstie.domain import reasons
from crosstie.domain.errors import NeedsConsent, Retry, Throttled
from crosstie.domain.reasons import reason
from crosstie.domain.records import CONTACT, EVENT, Record, RecordRef, RecordUpdate, Value
from crosstie.ports.crm import Crm
from tests.contract.crm_company import (
    DELETED,
    GONE,
    LATER,
    REFUSED,
    UNCLEAR,
    UPDATED,
    Company,
    Trouble,
    appointment,
    statuses,
)

START = datetime(2026, 11, 20, 9, tzinfo=UTC)


def ref(record_id: str) -> RecordRef:
    return RecordRef(EVENT, record_id)


def subject(record_id: str, text: str) -> RecordUpdate:
    return RecordUpdate(ref(record_id), {"Subject": text})


def subjects(company: Company) -> list[str]:
    return sorted(row["Subject"] for row in company.rows(EVENT, ("Subject",)))


def many(company: Company, number: int) -> list[str]:
    return [appointment(company, at) for at in range(number)]


class Changing:
    """Every org."""

    def test_records_are_shown_with_the_fields_that_are_there(self, company: Company, crm: Crm, nora: str) -> None:
        event = appointment(company, Location="Hall", WhoId=nora)
        whole = appointment(company, 2, IsAllDayEvent=True, DurationInMinutes=1440)
        gone = appointment(company, 3)
        company.delete(gone)
        asked = {
            EVENT: ("Subject", "StartDateTime", "ActivityDate", "IsAllDayEvent", "WhoId", "Description", "No__c"),
            CONTACT: ("Email",),
        }
        refs = [
            ref(event),
            ref(whole),
            ref(gone),
            RecordRef(CONTACT, nora),
            RecordRef("Absent__c", "a00000000000001AAA"),
        ]
        found = crm.records(refs, asked)
        assert set(found) == {event, whole, nora}
        assert found[event] == Record(
            ref(event),
            found[event].modstamp,
            {
                "Subject": "Visit 001",
                "StartDateTime": START,
                "ActivityDate": date(2026, 11, 20),
                "IsAllDayEvent": False,
                "WhoId": nora,
                "Description": None,
            },
        )
        assert found[whole].fields["IsAllDayEvent"] is True
        assert found[nora].fields == {"Email": "nora@birchworks.test"}
        assert company.now() - found[event].modstamp < timedelta(minutes=1)

    def test_people_of_an_event_are_shown_as_lists(self, company: Company, crm: Crm, nora: str) -> None:
        weiss = company.add(CONTACT, LastName="Weiss")
        event, other = appointment(company, WhoId=nora), appointment(company, 2)
        company.add("EventRelation", EventId=event, RelationId=company.user)
        company.add("EventRelation", EventId=event, RelationId=weiss, Status="Declined")
        many = crm.capabilities().many_people_on_events
        names = ("EventWhoIds", "UndecidedEventInviteeIds", "DeclinedEventInviteeIds", "AcceptedEventInviteeIds")
        before = company.calls()
        found = crm.records([ref(event), ref(other)], {EVENT: names})
        assert company.calls() == before + 1
        nobody: dict[str, Value] = {name: () for name in names if many or name != "EventWhoIds"}
        assert found[other].fields == nobody
        here: dict[str, Value] = {"UndecidedEventInviteeIds": (company.user,), "DeclinedEventInviteeIds": (weiss,)}
        assert found[event].fields == nobody | here | ({"EventWhoIds": (nora,)} if many else {})
        if many:
            company.change(EVENT, event, EventWhoIds=[weiss, nora])
            assert crm.records([ref(event)], {EVENT: names})[event].fields["EventWhoIds"] == (weiss, nora)

    def test_answers_are_written_as_lists(self, company: Company, crm: Crm, nora: str) -> None:
        event = appointment(company)
        first: dict[str, Value] = {"UndecidedEventInviteeIds": (company.user, nora)}
        then: dict[str, Value] = {
            "AcceptedEventInviteeIds": (company.user,),
            "DeclinedEventInviteeIds": (),
            "UndecidedEventInviteeIds": (),
        }
        for fields in (first, then):
            assert statuses(crm.update([RecordUpdate(ref(event), fields)])) == [UPDATED]
            assert (
                crm.records([ref(event)], {EVENT: tuple(then)})[event].fields == dict.fromkeys(then, ()) | fields
            )

    def test_an_answer_makes_an_event_younger(self, company: Company, crm: Crm) -> None:
        event = appointment(company)
        relation = company.add("EventRelation", EventId=event, RelationId=company.user)
        asked = {EVENT: ("AcceptedEventInviteeIds",)}
        before = crm.records([ref(event)], asked)[event].modstamp
        company.pass_time(timedelta(minutes=1))
        company.change("EventRelation", relation, Status="Accepted")
        found = crm.records([ref(event)], asked)[event]
        assert found.fields == {"AcceptedEventInviteeIds": (company.user,)}
        assert found.modstamp > before
        assert crm.records([ref(event)], {EVENT: ("Subject",)})[event].modstamp == before

    def test_a_thousand_records_are_read_for_one_call(self, company: Company, crm: Crm) -> None:
        refs = [ref(event) for event in many(company, 1000)]
        crm.capabilities()
        before = company.calls()
        assert len(crm.records(refs, {EVENT: ("Subject", "Description")})) == 1000
        assert company.calls() == before + 1
        assert crm.records([], {}) == {}
        assert company.calls() == before + 1

    def test_a_field_that_vanished_is_not_read_any_more(self, company: Company, crm: Crm) -> None:
        event = appointment(company, Location="Hall")
        crm.capabilities()
        company.hide(EVENT, "Location")
        asked = {EVENT: ("Subject", "Location")}
        for _ in range(2):
            assert crm.records([ref(event)], asked)[event].fields == {"Subject": "Visit 001"}
        before = company.calls()
        crm.records([ref(event)], asked)
        assert company.calls() == before + 1

    def test_each_is_changed_by_itself(self, company: Company, crm: Crm) -> None:
        first, second, third = many(company, 3)
        company.forbid(EVENT, lambda row: row["Subject"] == "zebra", "Say horse first.")
        moved: dict[str, Value] = {"StartDateTime": START + timedelta(hours=1), "Description": None}
        written = crm.update(
            [subject(first, "One"), subject(second, "zebra"), RecordUpdate(ref(third), moved), subject(third, "3")]
        )
        assert statuses(written) == [UPDATED, REFUSED, UPDATED, UPDATED]
        assert written[1].reason == reason(reasons.VALIDATION)
        assert "horse" not in str(written[1].reason)
        assert [one.record_id for one in written] == [first, second, third, third]
        assert subjects(company) == ["3", "One", "Visit 001"]
        shown = crm.records([ref(third)], {EVENT: ("EndDateTime",)})[third].fields
        assert shown == {"EndDateTime": START + timedelta(minutes=90)}

    def test_nothing_to_change_costs_nothing(self, company: Company, crm: Crm) -> None:
        assert (tuple(crm.update([])), tuple(crm.delete([]))) == ((), ())
        assert company.calls() == 0

    def test_a_thousand_are_changed_and_deleted_for_a_call_each(self, company: Company, crm: Crm) -> None:
        events = many(company, 1000)
        crm.capabilities()
        before = company.calls()
        assert set(statuses(crm.update([subject(event, "Moved") for event in events]))) == {UPDATED}
        assert company.calls() == before + 1
        assert set(statuses(crm.delete([ref(event) for event in events]))) == {DELETED}
        assert company.calls() == before + 2
        assert subjects(company) == []

    def test_what_is_refused_is_told_by_field(self, company: Company, crm: Crm) -> None:
        event = appointment(company)
        updates: list[dict[str, Value]] = [
            {"StartDateTime": START, "EndDateTime": START - timedelta(hours=1)},
            {"DurationInMinutes": 15 * 1440},
            {"ShowAs": "Tentative"},
        ]
        written = crm.update([RecordUpdate(ref(event), fields) for fields in updates])
        codes = ["FIELD_INTEGRITY_EXCEPTION (EndDateTime)", "FIELD_INTEGRITY_EXCEPTION (DurationInMinutes)"]
        codes.append("INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST (ShowAs)")
        assert [one.reason for one in written] == [reason(reasons.CRM_REFUSED, vendor_code=code) for code in codes]

    def test_what_the_org_does_not_show_is_left_out_and_told(self, company: Company, crm: Crm) -> None:
        event = appointment(company)
        crm.capabilities()
        company.hide(EVENT, "Location")
        both: dict[str, Value] = {"Subject": "Seen", "Location": "Hall", "No__c": "x"}
        (written,) = crm.update([RecordUpdate(ref(event), both)])
        assert (written.status, sorted(written.unmet)) == (UPDATED, ["Location", "No__c"])
        before = company.calls()
        (none,) = crm.update([RecordUpdate(ref(event), {"Location": "Hall"})])
        assert (none.status, none.reason) == (REFUSED, reason(reasons.ACCESS))
        assert company.calls() == before, "nothing is asked that is known"
        assert subjects(company) == ["Seen"]

    def test_of_what_may_be_read_and_not_written_the_rest_is_written(self, company: Company, crm: Crm) -> None:
        event = appointment(company, Location="Room")
        crm.capabilities()
        company.fix(EVENT, "Location")
        wanted = reason(reasons.CRM_REFUSED, vendor_code="INVALID_FIELD_FOR_INSERT_UPDATE (Location)")
        for text in ("One", "Two"):
            (written,) = crm.update([RecordUpdate(ref(event), {"Subject": text, "Location": "Hall"})])
            assert (written.status, written.record_id, written.reason) == (REFUSED, event, wanted)
            shown = crm.records([ref(event)], {EVENT: ("Subject", "Location")})[event].fields
            assert shown == {"Subject": text, "Location": "Room"}
        assert "Location" not in crm.capabilities().writable[EVENT]
        before = company.calls()
        (alone,) = crm.update([RecordUpdate(ref(event), {"Location": "Hall"})])
        assert (alone.status, alone.reason, company.calls()) == (REFUSED, wanted, before)

    def test_what_is_gone_is_told(self, company: Company, crm: Crm, nora: str) -> None:
        binned, purged, there = many(company, 3)
        company.delete(binned)
        company.delete(purged)
        company.purge(purged)
        assert statuses(crm.update([subject(one, "x") for one in (binned, purged, there)])) == [
            GONE,
            GONE,
            UPDATED,
        ]
        company.delete(nora)
        named: dict[str, Value] = {"WhoId": nora}
        written = crm.update([RecordUpdate(ref(one), named) for one in (binned, purged, there)])
        assert statuses(written) == [GONE, GONE, LATER]
        deleted = crm.delete([ref(one) for one in (binned, purged, there, there)])
        assert statuses(deleted) == [DELETED, GONE, DELETED, DELETED]
        assert subjects(company) == []

    def test_a_lost_answer_to_a_change_does_no_harm(self, company: Company, crm: Crm) -> None:
        first, second = many(company, 2)
        crm.capabilities()
        company.cause(Trouble.LOSE_CHANGE)
        assert statuses(crm.update([subject(first, "1"), subject(second, "2")])) == [UNCLEAR] * 2
        assert subjects(company) == ["1", "2"]
        company.cause(Trouble.LOSE_CHANGE)
        assert statuses(crm.delete([ref(first), ref(second)])) == [DELETED] * 2
        company.cause(Trouble.CHANGE_BROKEN, times=2)
        assert statuses(crm.delete([ref(first), ref(second)])) == [UNCLEAR] * 2
        assert subjects(company) == []

    def test_a_locked_row_is_changed_in_a_moment_or_waits(self, company: Company, crm: Crm) -> None:
        first, second = many(company, 2)
        company.cause(Trouble.CHANGE_LOCK, times=2)
        assert statuses(crm.update([subject(first, "One"), subject(second, "Two")])) == [UPDATED] * 2
        company.cause(Trouble.CHANGE_LOCK, times=50)
        before = company.calls()
        assert statuses(crm.update([subject(first, "1"), subject(second, "2")])) == [LATER] * 2
        assert company.calls() - before <= 5
        assert subjects(company) == ["One", "Two"]

    def test_a_flow_that_fails_once_does_not_stop_a_change(self, company: Company, crm: Crm) -> None:
        first, second = many(company, 2)
        company.cause(Trouble.CHANGE_FLOW)
        assert statuses(crm.update([subject(first, "One"), subject(second, "Two")])) == [UPDATED] * 2

    def test_a_flow_that_fails_every_change_is_found_in_few_calls(self, company: Company, crm: Crm) -> None:
        events = many(company, 400)
        crm.capabilities()
        company.cause(Trouble.CHANGE_FLOW, times=10_000)
        before = company.calls()
        written = crm.update([subject(event, "x") for event in events])
        assert statuses(written) == [REFUSED] * 400
        assert {one.reason for one in written} == {reason(reasons.AUTOMATION)}
        assert company.calls() - before <= 6

    def test_limits_stop_changes_before_or_between(self, company: Company, crm: Crm) -> None:
        events = many(company, 1200)
        crm.capabilities()
        company.cause(Trouble.CHANGE_LIMIT, skip=1)
        written = crm.update([subject(event, "x") for event in events])
        assert sorted(set(statuses(written))) == [LATER, UPDATED]
        assert subjects(company).count("x") == statuses(written).count(UPDATED) == 1000
        with pytest.raises(Throttled):
            crm.delete([ref(events[0])])
        company.pass_time(timedelta(minutes=20))
        assert statuses(crm.delete([ref(events[0])])) == [DELETED]

    def test_changes_need_access(self, company: Company, crm: Crm) -> None:
        event = appointment(company)
        crm.capabilities()
        company.cause(Trouble.WITHDRAW)
        for act in (
            lambda: crm.update([subject(event, "x")]),
            lambda: crm.delete([ref(event)]),
            lambda: crm.records([ref(event)], {EVENT: ("Subject",)}),
        ):
            with pytest.raises(NeedsConsent):
                act()
        assert subjects(company) == ["Visit 001"]

    def test_a_lost_answer_to_a_reading_may_be_repeated(self, company: Company, crm: Crm) -> None:
        event = appointment(company)
        crm.capabilities()
        company.cause(Trouble.LOSE_READ)
        with pytest.raises(Retry):
            crm.records([ref(event)], {EVENT: ("Subject",)})
        assert crm.records([ref(event)], {EVENT: ("Subject",)})[event].fields == {"Subject": "Visit 001"}

    @pytest.mark.parametrize("text", ["@{r0.id}", "see @{order.total} and @{", "%@{}", "'quote' \\ \"x\" 見積"])
    def test_odd_texts_arrive(self, company: Company, crm: Crm, text: str) -> None:
        event = appointment(company)
        (written,) = crm.update([RecordUpdate(ref(event), {"Description": text, "Subject": "y" * 300})])
        assert written.status is UPDATED
        (row,) = company.rows(EVENT, ("Description", "Subject"))
        assert row["Description"].replace("\u2060", "") == text
        assert row["Subject"] == "y" * 255
