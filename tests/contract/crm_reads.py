"""Cases of the CRM suite: what the org offers, what changed, what is there."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from crosstie.domain.errors import CrosstieError, Fatal, Retry
from crosstie.domain.records import CONTACT, EMAIL_MESSAGE, LEAD, TASK, USER, RecordRef
from crosstie.ports.crm import Crm, Mention, Watch
from tests.contract.crm_company import LONG_AGO, Company, Trouble, mail


def _mention(user: str, *records: str, cases: tuple[str, ...] = (), since: datetime = LONG_AGO) -> Mention:
    return Mention(user, records, cases, since)


class Reads:
    """Every org."""

    def test_capabilities_are_the_orgs(self, company: Company, crm: Crm) -> None:
        found = crm.capabilities()
        assert found.enhanced_email is company.has_email_messages
        assert found.keyed is company.keyed
        assert found.email_fields[CONTACT] == ("Email",)
        assert "Email" in found.email_fields[LEAD]
        assert "Email" in found.email_fields[USER]
        assert (f"{company.mail_object}.Crosstie_Created_By_Sync__c" in found.custom_fields) is company.keyed
        assert found.lengths[f"{company.mail_object}.Subject"] == (3000 if company.has_email_messages else 255)
        assert found.files

    def test_what_is_private_is_told(self, company: Company, crm: Crm) -> None:
        assert crm.capabilities().private == frozenset()
        company.keep_private("Account")
        company.keep_private("Lead")
        assert company.reopen().capabilities().private == {"Account", LEAD}

    def test_what_a_user_may_not_read_is_hidden_until_it_is_shared(self, company: Company, crm: Crm) -> None:
        own, other = (company.add("Account", Name=name, OwnerId=company.owner) for name in ("Own", "Own too"))
        company.keep_private("Account")
        theirs = company.add("Account", Name="Theirs")
        claims = {(company.owner, record) for record in (own, other, theirs)}
        assert crm.hidden(claims) == {(company.owner, theirs)}
        before = company.calls()
        assert crm.hidden({(company.owner, own)}) == set()
        assert company.calls() == before, "what was seen is believed for a while"
        company.change("Account", theirs, OwnerId=company.owner)
        assert crm.hidden(claims) == set()
        company.pass_time(timedelta(hours=1))
        company.change("Account", other, OwnerId=company.reader())
        assert crm.hidden(claims) == {(company.owner, other)}

    def test_what_is_not_there_is_not_hidden(self, company: Company, crm: Crm) -> None:
        assert crm.hidden(set()) == set()
        assert crm.hidden({(company.owner, "001000000000001AAA")}) == set()

    def test_capabilities_are_asked_once_in_hours(self, company: Company, crm: Crm) -> None:
        crm.capabilities()
        before = company.calls()
        company.pass_time(timedelta(hours=3))
        crm.capabilities()
        assert company.calls() == before
        company.pass_time(timedelta(hours=2))
        crm.capabilities()
        missing_is_asked_for_again = not company.has_email_messages
        assert company.calls() == before + 1 + missing_is_asked_for_again

    def test_new_changed_and_deleted_rows_are_seen_oldest_first(
        self, company: Company, crm: Crm, nora: str
    ) -> None:
        company.pass_time(timedelta(minutes=1))
        lead = company.add(LEAD, LastName="Haddad", Company="Alder", Email="omar@alder.test")
        company.pass_time(timedelta(minutes=1))
        other = company.add(CONTACT, LastName="Weiss", Email="weiss@birchworks.test")
        company.pass_time(timedelta(minutes=1))
        company.change(CONTACT, nora, Email="n.lindqvist@birchworks.test")
        company.delete(lead)
        answer = crm.changes(
            [Watch(CONTACT, LONG_AGO, fields=("Email", "AccountId", "CreatedDate")), Watch(LEAD, LONG_AGO)]
        )
        contacts, leads = answer.pages
        assert [change.record_id for change in contacts.changes] == [other, nora]
        assert contacts.changes[1].fields["Email"] == "n.lindqvist@birchworks.test"
        assert contacts.changes[1].fields["CreatedDate"] == datetime(2026, 11, 16, 9, tzinfo=UTC)
        assert contacts.changes[0].fields["AccountId"] is None
        assert all(change.owner_id for change in contacts.changes)
        assert [(change.record_id, change.deleted) for change in leads.changes] == [(lead, True)]
        assert all(page.complete for page in answer.pages)
        assert contacts.changes[1].modstamp.tzinfo is UTC

    def test_a_position_shows_what_is_behind_it_only(self, company: Company, crm: Crm) -> None:
        same_moment = sorted(company.add(CONTACT, LastName=name) for name in ("A", "B", "C"))
        first = crm.changes([Watch(CONTACT, LONG_AGO)]).pages[0].changes
        assert [change.record_id for change in first] == same_moment
        at = first[1].modstamp
        later = crm.changes([Watch(CONTACT, at, first[1].record_id)]).pages[0]
        assert [change.record_id for change in later.changes] == same_moment[2:]
        assert len(crm.changes([Watch(CONTACT, at)]).pages[0].changes) == 3
        assert not crm.changes([Watch(CONTACT, at, same_moment[2])]).pages[0].changes
        company.pass_time(timedelta(minutes=3))
        new = company.add(CONTACT, LastName="D")
        behind = crm.changes([Watch(CONTACT, at, same_moment[2])]).pages[0].changes
        assert [change.record_id for change in behind] == [new]

    def test_long_pages_go_on_from_their_last_row(self, company: Company, crm: Crm) -> None:
        for number in range(2003):
            company.add(LEAD, LastName=f"L{number}", Company="Alder")
        seen: list[str] = []
        watch, pages = Watch(LEAD, LONG_AGO), 0
        while True:
            page = crm.changes([watch]).pages[0]
            seen += [change.record_id for change in page.changes]
            pages += 1
            if page.complete:
                break
            watch = Watch(LEAD, page.changes[-1].modstamp, page.changes[-1].record_id)
        assert len(seen) == len(set(seen)) == 2003
        assert pages >= 2

    def test_an_idle_tick_costs_one_call(self, company: Company, crm: Crm, nora: str) -> None:
        watches = [Watch(name, LONG_AGO) for name in ("Event", TASK, CONTACT, LEAD, "EventRelation")]
        crm.changes(watches)
        for _ in range(3):
            company.pass_time(timedelta(minutes=2))
            before = company.calls()
            assert len(crm.changes(watches).pages) == 5
            assert company.calls() == before + 1

    def test_the_orgs_own_clock_is_told(self, company: Company, crm: Crm) -> None:
        for _ in range(3):
            company.pass_time(timedelta(minutes=7, milliseconds=350))
            told = crm.changes([Watch(CONTACT, LONG_AGO)]).server_time
            assert timedelta() <= company.now() - told < timedelta(seconds=1)

    def test_the_slow_set_is_read_without_learning_anything(self, company: Company, crm: Crm) -> None:
        crm.capabilities()
        names = [USER, "Account", "Opportunity", "OpportunityContactRole"]
        names += [EMAIL_MESSAGE] if company.has_email_messages else []
        before = company.calls()
        pages = crm.changes([Watch(name, LONG_AGO) for name in names]).pages
        assert company.calls() == before + 1
        assert {change.record_id for change in pages[0].changes} >= {company.user, company.owner}

    def test_a_hidden_field_is_left_out_and_learned_once(self, company: Company, crm: Crm, nora: str) -> None:
        company.hide(CONTACT, "AccountId")
        watch = Watch(CONTACT, LONG_AGO, fields=("Email", "AccountId"))
        (change,) = crm.changes([watch, Watch(LEAD, LONG_AGO)]).pages[0].changes
        assert change.fields == {"Email": "nora@birchworks.test"}
        before = company.calls()
        assert crm.changes([watch]).pages[0].changes == (change,)
        assert company.calls() == before + 1

    def test_an_unknown_object_has_an_empty_page(self, company: Company, crm: Crm, nora: str) -> None:
        watches = [Watch("Absent__c", LONG_AGO, fields=("Name",)), Watch(CONTACT, LONG_AGO)]
        pages = crm.changes(watches).pages
        assert (pages[0].object, pages[0].changes, pages[0].complete) == ("Absent__c", (), True)
        assert len(pages[1].changes) == 1
        before = company.calls()
        crm.changes(watches)
        assert company.calls() == before + 1
        assert crm.changes(watches[:1]).pages[0].complete
        assert company.calls() == before + 1

    def test_more_watches_than_a_call_takes_are_a_mistake(self, crm: Crm) -> None:
        with pytest.raises(Fatal):
            crm.changes([Watch(CONTACT, LONG_AGO)] * 6)

    def test_a_lost_read_may_be_repeated(self, company: Company, crm: Crm, nora: str) -> None:
        company.cause(Trouble.LOSE_READ)
        with pytest.raises(Retry):
            crm.changes([Watch(CONTACT, LONG_AGO)])
        assert len(crm.changes([Watch(CONTACT, LONG_AGO)]).pages[0].changes) == 1

    def test_records_are_found_again(self, company: Company, crm: Crm) -> None:
        drafts = [mail(company, number, file=None) for number in range(3)]
        written = crm.create(drafts[:2])
        assert company.reopen().find(drafts) == {
            draft.key: one.record_id for draft, one in zip(drafts, written, strict=False)
        }

    def test_long_lists_are_split_and_cheap(self, company: Company, crm: Crm) -> None:
        drafts = [mail(company, number, file=None) for number in range(400)]
        crm.create(drafts[350:])
        before = company.calls()
        assert len(crm.find(drafts)) == 50
        assert company.calls() - before <= 6

    def test_alive_tells_deleted_from_unknown(self, company: Company, crm: Crm, nora: str) -> None:
        lead = company.add(LEAD, LastName="Haddad", Company="Alder")
        gone = company.add(LEAD, LastName="Weiss", Company="Alder")
        (saved,) = crm.create([mail(company, 1, file=None)])
        company.delete(lead)
        company.purge(gone)
        before = company.calls()
        found = crm.alive(
            [
                RecordRef(CONTACT, nora),
                RecordRef(LEAD, lead),
                RecordRef(LEAD, gone),
                RecordRef(USER, company.owner),
                RecordRef(company.mail_object, saved.record_id),
                RecordRef("Absent__c", "a00000000000001AAA"),
            ]
        )
        assert found == {nora: True, lead: False, company.owner: True, saved.record_id: True}
        assert company.calls() == before + 1

    def test_named_records_are_those_their_user_may_read(self, company: Company, crm: Crm) -> None:
        other = company.add("Account", Name="Cedar Bank", OwnerId=company.owner)
        own = company.add("Account", Name="Birchworks", OwnerId=company.user)
        gone = company.add("Account", Name="Dogwood", OwnerId=company.owner)
        company.delete(gone)
        company.keep_private("Account")
        crm.capabilities()
        before = company.calls()
        asked = [
            _mention(company.owner, own, other),
            _mention(company.owner, own[:15], gone),
            _mention(company.user, own, other),
        ]
        assert crm.named(asked) == [other, "", own]
        assert company.calls() == before + 1

    def test_cases_are_named_by_their_number(self, company: Company, crm: Crm) -> None:
        old, closed, fresh = (
            company.add("Case", Subject=word, OwnerId=company.owner) for word in ("old", "closed", "fresh")
        )
        numbers = {row["Id"]: row["CaseNumber"] for row in company.rows("Case", ("Id", "CaseNumber"))}
        company.change("Case", closed, Status="Closed")
        since = company.now() - timedelta(days=90)
        by_number = [_mention(company.owner, cases=(numbers[one],), since=since) for one in (old, closed, fresh)]
        assert crm.named(by_number) == [old, "", fresh]
        company.pass_time(timedelta(days=91))
        late = [
            _mention(company.owner, cases=("99999999", numbers[fresh]), since=since + timedelta(days=days))
            for days in (89, 91)
        ]
        assert crm.named(late) == [fresh, ""]

    def test_of_a_references_ids_one_must_be_there(self, company: Company, crm: Crm) -> None:
        case = company.add("Case", Subject="Saw", OwnerId=company.owner)
        other = company.add("Case", Subject="Drill", OwnerId=company.owner)
        nowhere = "50000000000zzzzAAA"
        asked = [
            replace(_mention(company.owner), references=references)
            for references in (((nowhere, case),), ((case, other),), ((case, other), (other,)), ((nowhere,),))
        ]
        before = company.calls()
        assert crm.named(asked) == [case, "", other, ""]
        assert company.calls() <= before + 2

    def test_replies_are_about_what_they_answer(self, company: Company, crm: Crm) -> None:
        """An org without e-mails has none to be answered."""
        case = company.add("Case", Subject="Saw", OwnerId=company.owner)
        for name, related in (("a", case), ("b", None)) if company.has_email_messages else ():
            company.add("EmailMessage", MessageIdentifier=f"<{name}@x.test>", Status="3", RelatedToId=related)
        asked = [
            replace(_mention(company.owner), answered=answered)
            for answered in (("<c@x.test>", "<b@x.test>", "<a@x.test>"), ("<b@x.test>",), ("<'\\@x.test>",))
        ]
        assert crm.named(asked) == [case if company.has_email_messages else "", "", ""]

    def test_asking_for_nothing_costs_nothing(self, company: Company, crm: Crm) -> None:
        before = company.calls()
        assert crm.named([]) == []
        assert company.calls() == before

    def test_lost_answers_of_look_ups_may_be_repeated(self, company: Company, crm: Crm, nora: str) -> None:
        crm.capabilities()
        company.cause(Trouble.LOSE_READ)
        with pytest.raises(CrosstieError) as caught:
            crm.alive([RecordRef(CONTACT, nora)])
        assert isinstance(caught.value, Retry)
        assert crm.alive([RecordRef(CONTACT, nora)]) == {nora: True}
