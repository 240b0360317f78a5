"""Cases of the CRM suite: events are made once, with whom they are with."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from crosstie.domain import reasons
from crosstie.domain.reasons import reason
from crosstie.domain.records import EVENT, KEY_FIELD, ChildDraft, RecordDraft, Value, WriteStatus
from crosstie.ports.crm import Crm
from tests.contract.crm_company import (
    CREATED,
    EXISTS,
    REFUSED,
    UNCLEAR,
    Company,
    Trouble,
    appointment,
    statuses,
)

START = datetime(2026, 11, 20, 9, tzinfo=UTC)
SHOWN = ("Subject", "OwnerId", "WhoId", "StartDateTime", "EndDateTime")


def meeting(company: Company, number: int = 1, *invited: str, **fields: Value) -> RecordDraft:
    """An event as mapping drafts it, of the owner's calendar."""
    usual: dict[str, Value] = {
        "Subject": f"Visit {number:03d}",
        "StartDateTime": START,
        "DurationInMinutes": 30,
        "OwnerId": company.owner,
    }
    values = usual | fields
    children = tuple(
        ChildDraft("EventRelation", "EventId", {"RelationId": person, "Status": "New"}) for person in invited
    )
    lookup: dict[str, Value] = {name: values[name] for name in ("Subject", "StartDateTime", "OwnerId")}
    return RecordDraft(EVENT, f"1:{number:064x}", values, children, lookup, told_by="StartDateTime")


def events(company: Company, *fields: str) -> list[dict[str, Any]]:
    """Those that are not an invited user's."""
    rows = company.rows(EVENT, ("IsChild", *fields))
    return [{name: row[name] for name in fields} for row in rows if not row["IsChild"]]


def answers(company: Company) -> list[tuple[str, str]]:
    rows = company.rows("EventRelation", ("RelationId", "Status"))
    return sorted((row["RelationId"], row["Status"]) for row in rows if row["Status"])


class Events:
    """Every org."""

    def test_an_event_is_made_whole(self, company: Company, crm: Crm, nora: str) -> None:
        draft = meeting(company, 1, company.user, WhoId=nora, Crosstie_Created_By_Sync__c=True)
        (written,) = crm.create([draft])
        assert (written.status, written.reason) == (CREATED, None)
        (row,) = events(company, *SHOWN)
        assert row == {
            "Subject": "Visit 001",
            "OwnerId": company.owner,
            "WhoId": nora,
            "StartDateTime": "2026-11-20T09:00:00.000+0000",
            "EndDateTime": "2026-11-20T09:30:00.000+0000",
        }
        assert answers(company) == [(company.user, "New")]
        if company.keyed:
            assert crm.capabilities().keyed_events
            assert events(company, KEY_FIELD) == [{KEY_FIELD: draft.key}]

    def test_a_whole_day_is_dates(self, company: Company, crm: Crm) -> None:
        fields: dict[str, Value] = {"IsAllDayEvent": True, "ActivityDate": date(2026, 11, 20)}
        draft = meeting(company, 1, StartDateTime=datetime(2026, 11, 20, tzinfo=UTC), DurationInMinutes=2880)
        draft = RecordDraft(draft.object, draft.key, {**draft.fields, **fields}, lookup=draft.lookup)
        (written,) = crm.create([draft])
        assert written.status is CREATED
        row = events(company, "IsAllDayEvent", "ActivityDate", "DurationInMinutes", "StartDateTime")
        assert row == [
            {
                "IsAllDayEvent": True,
                "ActivityDate": "2026-11-20",
                "DurationInMinutes": 2880,
                "StartDateTime": "2026-11-20T00:00:00.000+0000",
            }
        ]
        assert crm.find([draft]) == {draft.key: written.record_id}

    def test_several_contacts_where_an_event_may_have_them(self, company: Company, crm: Crm, nora: str) -> None:
        other = company.add("Contact", LastName="Weiss")
        many = crm.capabilities().many_people_on_events
        who: dict[str, Value] = {"EventWhoIds": (nora, other)} if many else {"WhoId": nora}
        (written,) = crm.create([meeting(company, 1, **who)])
        assert written.status is CREATED
        if many:
            related = {row["RelationId"] for row in company.rows("EventRelation", ("RelationId",))}
            assert related == {nora, other}
        assert events(company, "WhoId") == [{"WhoId": nora}]

    def test_a_lost_answer_makes_no_second_event(self, company: Company, crm: Crm) -> None:
        company.cause(Trouble.LOSE_ANSWER)
        drafts = [meeting(company, number, company.user) for number in range(4)]
        written = crm.create(drafts)
        if company.keyed:
            assert statuses(written) == [EXISTS] * 4
        else:
            assert statuses(written) == [UNCLEAR] * 4
            found = crm.find(drafts)
            assert statuses(crm.complete(drafts, [found[draft.key] for draft in drafts])) == [EXISTS] * 4
        assert len(events(company, "Id")) == 4
        assert answers(company) == [(company.user, "New")] * 4

    def test_who_answered_is_not_invited_again(self, company: Company, crm: Crm) -> None:
        draft = meeting(company, 1, company.user)
        (first,) = crm.create([draft])
        (relation,) = company.rows("EventRelation", ("Id",))
        company.change("EventRelation", relation["Id"], Status="Accepted")
        assert statuses(crm.complete([draft], [first.record_id])) == [EXISTS]
        assert answers(company) == [(company.user, "Accepted")]

    def test_who_was_not_invited_is_when_the_event_is_met(self, company: Company, crm: Crm) -> None:
        (first,) = crm.create([meeting(company, 1)])
        assert statuses(crm.complete([meeting(company, 1, company.user)], [first.record_id])) == [EXISTS]
        assert answers(company) == [(company.user, "New")]

    def test_an_invited_users_own_event_is_never_taken_for_another(self, company: Company, crm: Crm) -> None:
        organised = meeting(company, 1, company.user)
        (made,) = crm.create([organised])
        theirs = meeting(company, 1, OwnerId=company.user)
        theirs = RecordDraft(EVENT, "1:theirs", theirs.fields, (), theirs.lookup)
        if not company.keyed:
            assert crm.find([organised, theirs]) == {organised.key: made.record_id}

    def test_what_is_refused_is_told_by_its_field(self, company: Company, crm: Crm, nora: str) -> None:
        lead = company.add("Lead", LastName="Haddad", Company="Alder")
        account = company.add("Account", Name="Alder")
        wrong: list[dict[str, Value]] = [
            {"IsPrivate": True, "WhoId": nora},
            {"WhoId": lead, "WhatId": account},
            {"DurationInMinutes": 15 * 1440},
            {"EndDateTime": START, "DurationInMinutes": 5},
        ]
        drafts = [meeting(company, number, **fields) for number, fields in enumerate(wrong)]
        written = crm.create([*drafts, meeting(company, 9)])
        assert statuses(written) == [REFUSED] * 4 + [CREATED]
        names = ("IsPrivate", "WhatId", "DurationInMinutes", "DurationInMinutes")
        assert [one.reason for one in written[:4]] == [
            reason(reasons.CRM_REFUSED, vendor_code=f"FIELD_INTEGRITY_EXCEPTION ({name})") for name in names
        ]
        (none,) = crm.create([meeting(company, 10, DurationInMinutes=None)])
        assert none.reason == reason(reasons.REQUIRED, fields="DurationInMinutes")
        assert crm.capabilities().long_events, "fifteen days are too long for every org"

    def test_an_event_is_made_without_what_the_org_does_not_take_and_that_is_told(
        self, company: Company, crm: Crm
    ) -> None:
        crm.capabilities()
        company.fix(EVENT, "Location")
        for number in (1, 2):
            (written,) = crm.create([meeting(company, number, Location="Hall")])
            assert (written.status, written.unmet) == (CREATED, ("Location",))
        assert events(company, "Location") == [{"Location": None}] * 2

    def test_columns_of_an_event_that_may_be_changed_are_told(self, company: Company, crm: Crm) -> None:
        found = crm.capabilities()
        assert {"Subject", "StartDateTime", "ShowAs", "WhoId", "OwnerId"} <= found.writable[EVENT]
        assert not {"IsChild", "IsRecurrence", "IsArchived", "CreatedDate"} & found.writable[EVENT]
        assert ("EventWhoIds" in found.writable[EVENT]) is found.many_people_on_events
        assert found.lengths["Event.Subject"] == 255
        assert found.keyed_events is company.keyed


class KeyedEvents:
    """Orgs with our key fields."""

    def test_the_same_event_is_met_and_another_day_is_anothers(self, company: Company, crm: Crm) -> None:
        (first,) = crm.create([meeting(company, 1)])
        (again,) = company.reopen().create([meeting(company, 1, StartDateTime=START + timedelta(hours=3))])
        assert (again.status, again.record_id) == (EXISTS, first.record_id)
        (other,) = crm.create([meeting(company, 1, StartDateTime=START + timedelta(days=3))])
        assert (other.status, other.record_id, other.moment) == (WriteStatus.TAKEN, first.record_id, START)
        assert len(events(company, "Id")) == 1


class UnkeyedEvents:
    """Orgs without them."""

    @pytest.mark.parametrize("differs", [{"Subject": "Other"}, {"StartDateTime": START + timedelta(minutes=1)}])
    def test_an_event_is_found_by_subject_start_and_owner(
        self, company: Company, crm: Crm, differs: dict[str, Value]
    ) -> None:
        there = appointment(company, 1)
        appointment(company, 2)
        assert crm.find([meeting(company, 1)]) == {meeting(company, 1).key: there}
        assert crm.find([meeting(company, 1, **differs)]) == {}
