"""What a CRM connector must do, whatever the org is like: one suite, the same cases for each shape of org.

A vendor brings a `Company`: the org, its admin acting in the vendor's own program, and the connector's view of it.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from enum import Enum, auto
from typing import Any

import pytest

from crosstie.domain import reasons
from crosstie.domain.errors import CrosstieError, Fatal, NeedsConsent, Retry, Throttled
from crosstie.domain.records import (
    CONTACT,
    EMAIL_MESSAGE,
    LEAD,
    TASK,
    USER,
    ChildDraft,
    RecordDraft,
    RecordRef,
    Value,
    WriteStatus,
    Written,
)
from crosstie.ports.crm import Crm, Watch

LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)
SENT = datetime(2026, 11, 16, 8, 30, 12, 345_000, tzinfo=UTC)
PICTURE = bytes(range(256)) * 160
"""40 kB that survive no text encoding."""


class Trouble(Enum):
    LOSE_ANSWER = auto()
    """A write is done and its answer lost."""
    LOSE_REQUEST = auto()
    """A write never arrives, and nobody knows."""
    LOSE_READ = auto()
    LOSE_CHILDREN = auto()
    """Files written apart from their record are there, the answer is lost."""
    BROKEN = auto()
    """The vendor answers a write with a server error and has done nothing."""
    DAILY_LIMIT = auto()
    BUSY = auto()
    ROW_LOCK = auto()
    FLOW = auto()
    FILE_REFUSED = auto()
    END_SESSION = auto()
    WITHDRAW = auto()
    """The access we were given is taken back."""


class Company(ABC):
    """The org as its admin acts on it."""

    keyed: bool
    has_email_messages: bool
    user: str
    """User whom the connector acts as."""
    owner: str
    """Another user."""

    @abstractmethod
    def open(self) -> Crm: ...

    @abstractmethod
    def reopen(self) -> Crm:
        """As a process that has just started: nothing is remembered."""

    @abstractmethod
    def pass_time(self, by: timedelta) -> None: ...

    @abstractmethod
    def add(self, object_name: str, **fields: Any) -> str: ...

    @abstractmethod
    def change(self, object_name: str, record_id: str, **fields: Any) -> None: ...

    @abstractmethod
    def delete(self, record_id: str) -> None: ...

    @abstractmethod
    def purge(self, record_id: str) -> None:
        """Out of the recycle bin for good."""

    @abstractmethod
    def rows(self, object_name: str, fields: Sequence[str]) -> list[dict[str, Any]]: ...

    @abstractmethod
    def files_of(self, record_id: str) -> list[tuple[str, bytes]]: ...

    @abstractmethod
    def hide(self, object_name: str, field: str) -> None: ...

    @abstractmethod
    def forbid(self, object_name: str, refuses: Callable[[dict[str, Any]], bool], message: str) -> None:
        """A validation rule."""

    @abstractmethod
    def calls(self) -> int:
        """Metered calls that reached the vendor."""

    @abstractmethod
    def cause(self, trouble: Trouble, *, times: int = 1, skip: int = 0) -> None: ...

    @abstractmethod
    def allow(self, calls: int) -> None:
        """The daily allowance of the whole org."""

    @property
    def mail_object(self) -> str:
        return EMAIL_MESSAGE if self.has_email_messages else TASK

    def count(self, object_name: str) -> int:
        return len(self.rows(object_name, ("Id",)))

    def mails(self) -> list[str]:
        """Subjects of the saved mails."""
        kind = [] if self.has_email_messages else [TASK]
        rows = self.rows(*(kind or [EMAIL_MESSAGE]), ("Subject",))
        return sorted(row["Subject"] for row in rows)


def mail(
    company: Company,
    number: int = 1,
    *,
    file: bytes | None = PICTURE,
    sender: str = "",
    **fields: Value,
) -> RecordDraft:
    """A saved mail as mapping drafts it: record, sender's relation, one file."""
    subject = f"Offer {number:03d}"
    key = f"1:{number:064x}"
    files = (
        (
            ChildDraft(
                "ContentVersion",
                "FirstPublishLocationId",
                {"Title": f"plan {number}", "PathOnClient": f"plan {number}.png", "VersionData": file},
                f"1:{number:060x}file",
            ),
        )
        if file is not None
        else ()
    )
    if not company.has_email_messages:
        values: dict[str, Value] = {
            "Subject": subject,
            "Status": "Completed",
            "Priority": "Normal",
            "TaskSubtype": "Email",
            "OwnerId": company.owner,
            "Description": "Dear all",
            "Crosstie_Created_By_Sync__c": True,
        }
        return RecordDraft(TASK, key, values | fields, files, {"Subject": subject, "OwnerId": company.owner})
    values = {
        "Subject": subject,
        "TextBody": "Dear all",
        "HtmlBody": "<p>Dear all</p>",
        "FromAddress": "nora@birchworks.test",
        "ToAddress": "ada@larch.test",
        "MessageIdentifier": f"<{number}@birchworks.test>",
        "MessageDate": SENT,
        "Incoming": True,
        "Status": "1",
        "IsClientManaged": True,
        "Crosstie_Created_By_Sync__c": True,
    }
    relation = (
        (
            ChildDraft(
                "EmailMessageRelation",
                "EmailMessageId",
                {"RelationId": sender, "RelationType": "FromAddress", "RelationAddress": "nora@birchworks.test"},
            ),
        )
        if sender
        else ()
    )
    lookup = {"MessageIdentifier": values["MessageIdentifier"], "MessageDate": SENT}
    return RecordDraft(EMAIL_MESSAGE, key, values | fields, relation + files, lookup)


def statuses(written: Sequence[Written]) -> list[WriteStatus]:
    return [one.status for one in written]


CREATED, EXISTS, REFUSED, LATER, UNCLEAR = (
    WriteStatus.CREATED,
    WriteStatus.EXISTS,
    WriteStatus.REFUSED,
    WriteStatus.LATER,
    WriteStatus.UNCLEAR,
)


class CrmSuite:
    """Subclasses give the fixture `company`."""

    @pytest.fixture
    def crm(self, company: Company) -> Crm:
        return company.open()

    @pytest.fixture
    def nora(self, company: Company) -> str:
        account = company.add("Account", Name="Birchworks")
        return company.add(
            CONTACT, FirstName="Nora", LastName="Lindqvist", Email="nora@birchworks.test", AccountId=account
        )

    # -- what the org offers -----------------------------------------------------------------------------

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

    def test_capabilities_are_asked_once_in_hours(self, company: Company, crm: Crm) -> None:
        crm.capabilities()
        before = company.calls()
        company.pass_time(timedelta(hours=3))
        crm.capabilities()
        assert company.calls() == before
        company.pass_time(timedelta(hours=2))
        crm.capabilities()
        assert company.calls() == before + 1

    # -- what changed ------------------------------------------------------------------------------------

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

    # -- creating ----------------------------------------------------------------------------------------

    def test_a_mail_is_written_whole(self, company: Company, crm: Crm, nora: str) -> None:
        draft = mail(company, sender=nora)
        (written,) = crm.create([draft])
        assert (written.status, written.reason) == (CREATED, None)
        assert company.mails() == ["Offer 001"]
        assert company.files_of(written.record_id) == [("plan 1.png", PICTURE)]
        if company.has_email_messages:
            fields = ("EmailMessageId", "RelationId", "RelationType", "RelationAddress")
            assert {
                "EmailMessageId": written.record_id,
                "RelationId": nora,
                "RelationType": "FromAddress",
                "RelationAddress": "nora@birchworks.test",
            } in company.rows("EmailMessageRelation", fields)

    def test_nothing_to_write_costs_nothing(self, company: Company, crm: Crm) -> None:
        assert tuple(crm.create([])) == ()
        assert crm.find([]) == {}
        assert crm.alive([]) == {}
        assert company.calls() == 0

    def test_fifty_mails_with_files_are_written_in_few_calls(self, company: Company, crm: Crm, nora: str) -> None:
        drafts = [mail(company, number, sender=nora) for number in range(50)]
        crm.capabilities()
        before = company.calls()
        written = crm.create(drafts)
        assert statuses(written) == [CREATED] * 50
        assert company.calls() - before <= 3
        assert company.mails() == [f"Offer {number:03d}" for number in range(50)]
        assert company.count("ContentVersion") == 50
        before = company.calls()
        again = crm.create([mail(company, number, sender=nora) for number in range(50, 100)])
        assert statuses(again) == [CREATED] * 50
        assert company.calls() - before <= 2, "what was learned is remembered"

    def test_results_keep_the_order_of_the_drafts(self, company: Company, crm: Crm) -> None:
        drafts = [mail(company, number, file=None) for number in (5, 1, 9, 3)]
        written = crm.create(drafts)
        rows = company.rows(company.mail_object, ("Id", "Subject"))
        subjects = {row["Id"]: row["Subject"] for row in rows}
        assert [subjects[one.record_id] for one in written] == [draft.fields["Subject"] for draft in drafts]

    def test_a_repeated_create_finds_the_record(self, company: Company, crm: Crm, nora: str) -> None:
        if not company.keyed:
            pytest.skip("needs key fields")
        drafts = [mail(company, number, sender=nora) for number in range(3)]
        first = crm.create(drafts)
        again = company.reopen().create([*drafts, mail(company, 7)])
        assert statuses(again) == [EXISTS] * 3 + [CREATED]
        assert [one.record_id for one in again[:3]] == [one.record_id for one in first]
        assert len(company.mails()) == 4
        assert company.count("ContentVersion") == 4
        if company.has_email_messages:
            assert company.count("EmailMessageRelation") == 3

    def test_many_repeated_creates_cost_few_calls(self, company: Company, crm: Crm) -> None:
        if not company.keyed:
            pytest.skip("needs key fields")
        drafts = [mail(company, number) for number in range(70)]
        crm.create(drafts)
        before = company.calls()
        assert statuses(crm.create(drafts)) == [EXISTS] * 70
        assert company.calls() - before <= 6
        assert (len(company.mails()), company.count("ContentVersion")) == (70, 70)

    def test_a_lost_answer_never_doubles(self, company: Company, crm: Crm, nora: str) -> None:
        crm.create([mail(company, 9)])
        company.cause(Trouble.LOSE_ANSWER)
        drafts = [mail(company, number, sender=nora) for number in range(4)]
        written = crm.create(drafts)
        assert len(company.mails()) == 5
        if company.keyed:
            assert statuses(written) == [EXISTS] * 4
        else:
            assert statuses(written) == [UNCLEAR] * 4
            assert len(crm.find(drafts)) == 4
        assert company.count("ContentVersion") == 5

    def test_lost_files_are_added(self, company: Company, crm: Crm) -> None:
        """Matters where files are written apart from their record."""
        crm.create([mail(company, 9)])
        company.cause(Trouble.LOSE_CHILDREN)
        drafts = [mail(company, number) for number in range(3)]
        written = crm.create(drafts)
        if company.keyed and UNCLEAR in statuses(written):
            written = crm.create(drafts)
            assert statuses(written) == [EXISTS] * 3
        elif UNCLEAR in statuses(written):
            assert len(crm.find(drafts)) == 3
        assert company.mails() == ["Offer 000", "Offer 001", "Offer 002", "Offer 009"]
        assert company.count("ContentVersion") == 4

    def test_a_request_that_may_have_been_lost_is_unclear_or_done(self, company: Company, crm: Crm) -> None:
        crm.capabilities()
        drafts = [mail(company, number, file=None) for number in range(2)]
        company.cause(Trouble.LOSE_REQUEST)
        written = crm.create(drafts)
        assert statuses(written) == [CREATED if company.keyed else UNCLEAR] * 2
        assert len(company.mails()) == (2 if company.keyed else 0)
        company.cause(Trouble.BROKEN, times=2)
        written = crm.create([mail(company, 9)])
        assert statuses(written) == [UNCLEAR]
        assert crm.find([mail(company, 9)]) == {}

    def test_a_refused_record_leaves_nothing_and_spoils_no_other(
        self, company: Company, crm: Crm, nora: str
    ) -> None:
        company.forbid(company.mail_object, lambda row: row["Subject"] == "Offer 002", "Say zebra first.")
        written = crm.create([mail(company, number, sender=nora) for number in range(4)])
        assert statuses(written) == [CREATED, CREATED, REFUSED, CREATED]
        assert written[2].reason == reasons.reason(reasons.VALIDATION)
        assert written[2].vendor_text == "Say zebra first."
        assert "zebra" not in str(written[2].reason)
        assert company.mails() == ["Offer 000", "Offer 001", "Offer 003"]
        assert company.count("ContentVersion") == 3

    def test_many_refusals_do_not_take_the_good_ones_along(self, company: Company, crm: Crm) -> None:
        company.forbid(company.mail_object, lambda row: row["Subject"] < "Offer 040", "No.")
        written = crm.create([mail(company, number, file=None) for number in range(60)])
        assert statuses(written) == [REFUSED] * 40 + [CREATED] * 20
        assert len(company.mails()) == 20

    def test_a_refused_file_takes_its_mail_along(self, company: Company, crm: Crm) -> None:
        company.forbid("ContentVersion", lambda row: row["Title"] == "plan 1", "No plans.")
        written = crm.create([mail(company, 1), mail(company, 2)])
        assert statuses(written) == [REFUSED, CREATED]
        assert written[0].reason == reasons.reason(reasons.VALIDATION)
        assert company.mails() == ["Offer 002"]

    def test_missing_fields_are_named(self, company: Company, crm: Crm) -> None:
        if not company.has_email_messages:
            pytest.skip("needs a child with required fields")
        child = ChildDraft("EmailMessageRelation", "EmailMessageId", {"RelationAddress": "nora@birchworks.test"})
        draft = mail(company, 1, file=None)
        draft = RecordDraft(draft.object, draft.key, draft.fields, (child,), draft.lookup)
        (written,) = crm.create([draft])
        assert written.reason == reasons.reason(reasons.REQUIRED, fields="RelationType")
        assert company.mails() == []

    def test_an_unknown_person_waits(self, company: Company, crm: Crm, nora: str) -> None:
        who = "RelatedToId" if company.has_email_messages else "WhoId"
        gone = company.add("Account", Name="Gone") if company.has_email_messages else nora
        company.delete(gone)
        written = crm.create([mail(company, 1, file=None, **{who: gone}), mail(company, 2)])
        assert statuses(written) == [LATER, CREATED]
        assert written[0].reason == reasons.reason(reasons.WAITS)

    def test_a_locked_row_is_tried_again(self, company: Company, crm: Crm) -> None:
        company.cause(Trouble.ROW_LOCK, times=2)
        written = crm.create([mail(company, 1), mail(company, 2)])
        assert statuses(written) == [CREATED] * 2
        assert len(company.mails()) == 2

    def test_a_row_that_stays_locked_waits(self, company: Company, crm: Crm) -> None:
        company.cause(Trouble.ROW_LOCK, times=50)
        assert statuses(crm.create([mail(company, 1)])) == [LATER]
        assert company.mails() == []
        assert company.calls() < 12

    def test_a_flow_that_fails_once_does_not_matter(self, company: Company, crm: Crm) -> None:
        company.cause(Trouble.FLOW)
        assert statuses(crm.create([mail(company, 1), mail(company, 2)])) == [CREATED] * 2

    def test_a_flow_that_always_fails_is_an_issue_found_in_few_calls(self, company: Company, crm: Crm) -> None:
        crm.capabilities()
        company.cause(Trouble.FLOW, times=10_000)
        before = company.calls()
        written = crm.create([mail(company, number) for number in range(50)])
        assert statuses(written) == [REFUSED] * 50
        assert {one.reason for one in written} == {reasons.reason(reasons.AUTOMATION)}
        assert company.calls() - before <= 12
        assert company.mails() == []

    def test_long_texts_are_cut_rather_than_refused(self, company: Company, crm: Crm) -> None:
        body = "Description" if not company.has_email_messages else "HtmlBody"
        long = "\N{GRINNING FACE}" * 140_000
        (written,) = crm.create([mail(company, 1, file=None, Subject="x" * 4000, **{body: long})])
        assert written.status is CREATED
        (row,) = company.rows(company.mail_object, ("Subject", body))
        assert set(row["Subject"]) == {"x"}
        assert set(row[body]) == {"\N{GRINNING FACE}"}

    @pytest.mark.parametrize(
        "text", ["@{r0.id}", "see @{order.total} and @{", "<@{guid}@birchworks.test>", "%@{}"]
    )
    def test_text_that_looks_like_a_reference_is_kept(self, company: Company, crm: Crm, text: str) -> None:
        body = {"TextBody": text, "HtmlBody": f"<p>{text}</p>", "MessageIdentifier": text[:700]}
        fields: dict[str, Value] = {"Description": text} if not company.has_email_messages else dict(body)
        draft = mail(company, 1, **fields)
        lookup = dict(draft.lookup) | {name: fields[name] for name in ("MessageIdentifier",) if name in fields}
        draft = RecordDraft(draft.object, draft.key, draft.fields, draft.children, lookup)
        (written,) = crm.create([draft])
        assert written.status is CREATED
        (row,) = company.rows(company.mail_object, tuple(fields))
        visible = {name: value.replace("\u2060", "").replace("&#123;", "{") for name, value in row.items()}
        assert visible == fields
        assert crm.find([draft]) == {draft.key: written.record_id}

    def test_odd_characters_arrive_as_they_are(self, company: Company, crm: Crm) -> None:
        body = "Description" if not company.has_email_messages else "TextBody"
        text = "tab\there 'quote' \"double\" back\\slash\nline ünï 見積 \N{GRINNING FACE} \u2028 {0} %s"
        crm.create([mail(company, 1, **{body: text})])
        assert company.rows(company.mail_object, (body,)) == [{body: text}]

    def test_a_missing_file_or_relation_is_added_to_a_record_that_is_there(
        self, company: Company, crm: Crm, nora: str
    ) -> None:
        if not company.keyed:
            pytest.skip("needs key fields")
        bare = mail(company, 1, file=None)
        (first,) = crm.create([bare])
        (second,) = company.reopen().create([mail(company, 1, sender=nora)])
        assert (second.status, second.record_id) == (EXISTS, first.record_id)
        assert company.files_of(first.record_id) == [("plan 1.png", PICTURE)]
        if company.has_email_messages:
            assert company.count("EmailMessageRelation") == 1

    def test_a_file_that_outlived_its_record_is_linked_to_the_new_one(self, company: Company, crm: Crm) -> None:
        if not company.keyed:
            pytest.skip("needs key fields")
        (first,) = crm.create([mail(company, 1)])
        company.delete(first.record_id)
        (second,) = crm.create([mail(company, 1)])
        assert second.status is CREATED
        assert second.record_id != first.record_id
        assert company.files_of(second.record_id) == [("plan 1.png", PICTURE)]
        assert company.count("ContentVersion") == 1

    def test_a_large_mail_is_written(self, company: Company, crm: Crm) -> None:
        big = b"\xff" * (24 * 1024 * 1024)
        draft = mail(company, 1, file=big)
        second = ChildDraft(
            "ContentVersion",
            "FirstPublishLocationId",
            {"Title": "more", "PathOnClient": "more.bin", "VersionData": big},
            "1:more",
        )
        draft = RecordDraft(draft.object, draft.key, draft.fields, (*draft.children, second), draft.lookup)
        (written,) = crm.create([draft])
        assert written.status is CREATED
        assert [(name, len(data)) for name, data in company.files_of(written.record_id)] == [
            ("more.bin", len(big)),
            ("plan 1.png", len(big)),
        ]

    # -- access and allowance ----------------------------------------------------------------------------

    def test_a_session_that_ended_is_renewed(self, company: Company, crm: Crm, nora: str) -> None:
        crm.capabilities()
        company.cause(Trouble.END_SESSION)
        assert statuses(crm.create([mail(company, 1)])) == [CREATED]
        company.pass_time(timedelta(hours=3))
        assert crm.changes([Watch(CONTACT, LONG_AGO)]).pages[0].changes
        assert company.mails() == ["Offer 001"]

    def test_access_that_was_taken_back_needs_consent(self, company: Company, crm: Crm) -> None:
        crm.capabilities()
        company.cause(Trouble.WITHDRAW)
        actions: list[Callable[[], object]] = [
            lambda: crm.create([mail(company, 1)]),
            lambda: crm.changes([Watch(CONTACT, LONG_AGO)]),
            lambda: crm.find([mail(company, 1)]),
            lambda: crm.alive([RecordRef(CONTACT, company.owner)]),
        ]
        for action in actions:
            with pytest.raises(NeedsConsent):
                action()
        assert company.mails() == []

    @pytest.mark.parametrize("trouble", [Trouble.DAILY_LIMIT, Trouble.BUSY])
    def test_the_vendors_limit_stops_before_anything_is_written(
        self, company: Company, crm: Crm, trouble: Trouble
    ) -> None:
        crm.capabilities()
        company.cause(trouble)
        with pytest.raises(Throttled) as caught:
            crm.create([mail(company, 1)])
        assert caught.value.until is not None
        before = company.calls()
        with pytest.raises(Throttled):
            crm.changes([Watch(CONTACT, LONG_AGO)])
        assert company.calls() == before
        company.pass_time(timedelta(minutes=20))
        assert statuses(crm.create([mail(company, 1)])) == [CREATED]

    def test_a_limit_between_two_calls_puts_the_rest_off(self, company: Company, crm: Crm) -> None:
        crm.capabilities()
        company.cause(Trouble.DAILY_LIMIT, skip=1)
        written = crm.create([mail(company, number, file=None) for number in range(80)])
        assert statuses(written) == [CREATED] * 75 + [LATER] * 5
        assert len(company.mails()) == 75

    def test_our_share_of_the_allowance_is_never_exceeded(self, company: Company, crm: Crm, nora: str) -> None:
        company.allow(1000)
        made = 0
        with pytest.raises(Throttled) as caught:
            for _ in range(200):
                crm.changes([Watch(CONTACT, LONG_AGO)])
                made += 1
        assert made == 100
        assert company.calls() == 100
        assert caught.value.until is not None
        company.pass_time(timedelta(hours=25))
        assert crm.changes([Watch(CONTACT, LONG_AGO)]).pages

    # -- looking up --------------------------------------------------------------------------------------

    def test_records_are_found_again(self, company: Company, crm: Crm) -> None:
        drafts = [mail(company, number, file=None) for number in range(3)]
        written = crm.create(drafts[:2])
        assert company.reopen().find(drafts) == {
            draft.key: one.record_id for draft, one in zip(drafts, written, strict=False)
        }

    def test_an_unkeyed_record_is_found_by_its_fields(self, company: Company, crm: Crm) -> None:
        if company.keyed:
            pytest.skip("needs an org without key fields")
        words = 'It\'s \\ "100%" _sure_\n見積'
        subject: dict[str, Value] = {"Subject": words.replace("\n", " ")}
        draft = mail(company, 1, file=None, **subject)
        lookup: dict[str, Value] = dict(draft.lookup) | subject
        draft = RecordDraft(draft.object, draft.key, draft.fields, (), lookup)
        (written,) = crm.create([draft])
        company.pass_time(timedelta(minutes=1))
        crm.create([draft])
        assert crm.find([draft]) == {draft.key: written.record_id}, "the older of the two"
        other = RecordDraft(draft.object, "2", draft.fields, (), lookup | {"Subject": "It's"})
        assert crm.find([other]) == {}
        bare = RecordDraft(draft.object, "3", draft.fields)
        assert crm.find([bare]) == {}

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

    def test_lost_answers_of_look_ups_may_be_repeated(self, company: Company, crm: Crm, nora: str) -> None:
        crm.capabilities()
        company.cause(Trouble.LOSE_READ)
        with pytest.raises(CrosstieError) as caught:
            crm.alive([RecordRef(CONTACT, nora)])
        assert isinstance(caught.value, Retry)
        assert crm.alive([RecordRef(CONTACT, nora)]) == {nora: True}
