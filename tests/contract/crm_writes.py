"""Cases of the CRM suite: records are written whole, few calls for many."""

from datetime import timedelta

import pytest

from crosstie.domain import reasons
from crosstie.domain.records import ChildDraft, RecordDraft, Value
from crosstie.ports.crm import Crm
from tests.contract.crm_company import CREATED, EXISTS, PICTURE, REFUSED, Company, mail, statuses, with_fields


class Writes:
    """Every org."""

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

    @pytest.mark.parametrize(
        "text", ["@{r0.id}", "see @{order.total} and @{", "<@{guid}@birchworks.test>", "%@{}"]
    )
    def test_text_that_looks_like_a_reference_is_kept(self, company: Company, crm: Crm, text: str) -> None:
        body = {"TextBody": text, "HtmlBody": f"<p>{text}</p>", "MessageIdentifier": text[:700]}
        fields = {"Description": text} if not company.has_email_messages else body
        draft = with_fields(mail(company, 1), fields)
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
        crm.create([with_fields(mail(company, 1), {body: text})])
        assert company.rows(company.mail_object, (body,)) == [{body: text}]

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


class KeyedWrites:
    """Orgs with our key fields: nothing twice, whatever is repeated."""

    def test_a_repeated_create_finds_the_record(self, company: Company, crm: Crm, nora: str) -> None:
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
        drafts = [mail(company, number) for number in range(70)]
        crm.create(drafts)
        before = company.calls()
        assert statuses(crm.create(drafts)) == [EXISTS] * 70
        assert company.calls() - before <= 6
        assert (len(company.mails()), company.count("ContentVersion")) == (70, 70)

    def test_what_was_written_before_is_found_though_the_org_refuses_it_by_now(
        self, company: Company, crm: Crm
    ) -> None:
        drafts = [mail(company, number) for number in range(3)]
        first = crm.create(drafts)
        company.forbid(company.mail_object, lambda _: True, "Not that.")
        again = company.reopen().create([*drafts, mail(company, 7)])
        assert statuses(again) == [EXISTS] * 3 + [REFUSED]
        assert [one.record_id for one in again[:3]] == [one.record_id for one in first]
        assert again[3].reason is not None

    def test_a_missing_file_or_relation_is_added_to_a_record_that_is_there(
        self, company: Company, crm: Crm, nora: str
    ) -> None:
        bare = mail(company, 1, file=None)
        (first,) = crm.create([bare])
        (second,) = company.reopen().create([mail(company, 1, sender=nora)])
        assert (second.status, second.record_id) == (EXISTS, first.record_id)
        assert company.files_of(first.record_id) == [("plan 1.png", PICTURE)]
        if company.has_email_messages:
            assert company.count("EmailMessageRelation") == 1

    def test_a_record_that_is_there_keeps_the_sender_it_has(self, company: Company, crm: Crm, nora: str) -> None:
        """Meanwhile somebody else has the address; a mail has one sender, and a second one is refused."""
        (first,) = crm.create([mail(company, 1, sender=nora)])
        other = company.add("Contact", LastName="Lindqvist", Email="nora@birchworks.test")
        (second,) = company.reopen().create([mail(company, 1, sender=other)])
        assert (second.status, second.record_id) == (EXISTS, first.record_id)
        if company.has_email_messages:
            assert company.count("EmailMessageRelation") == 1

    def test_a_file_that_outlived_its_record_is_linked_to_the_new_one(self, company: Company, crm: Crm) -> None:
        (first,) = crm.create([mail(company, 1)])
        company.delete(first.record_id)
        (second,) = crm.create([mail(company, 1)])
        assert second.status is CREATED
        assert second.record_id != first.record_id
        assert company.files_of(second.record_id) == [("plan 1.png", PICTURE)]
        assert company.count("ContentVersion") == 1


class UnkeyedWrites:
    """Orgs without them."""

    def test_an_unkeyed_record_is_found_by_its_fields(self, company: Company, crm: Crm) -> None:
        words = 'It\'s \\ "100%" _sure_\n見積'
        subject: dict[str, Value] = {"Subject": words.replace("\n", " ")}
        draft = with_fields(mail(company, 1, file=None), subject)
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


class MailWrites:
    """Orgs with EmailMessage."""

    def test_a_mail_of_another_sender_is_another_one(self, company: Company, crm: Crm) -> None:
        """Programs use a Message-ID again, within the same second too."""
        one = mail(company, 1, file=None)
        crm.create([one])
        lookup: dict[str, Value] = dict(one.lookup) | {"FromAddress": "omar@birchworks.test"}
        assert crm.find([RecordDraft(one.object, "2", one.fields, (), lookup)]) == {}

    def test_missing_fields_are_named(self, company: Company, crm: Crm) -> None:
        child = ChildDraft("EmailMessageRelation", "EmailMessageId", {"RelationAddress": "nora@birchworks.test"})
        draft = mail(company, 1, file=None)
        draft = RecordDraft(draft.object, draft.key, draft.fields, (child,), draft.lookup)
        (written,) = crm.create([draft])
        assert written.reason == reasons.reason(reasons.REQUIRED, fields="RelationType")
        assert company.mails() == []
