"""Cases of the CRM suite: files on the record that a mail is about, besides the mail's own."""

from dataclasses import replace

from crosstie.domain.records import ChildDraft, RecordDraft, RecordRef, Value, WriteStatus
from crosstie.ports.crm import Crm, Removal
from crosstie.salesforce.publishing import related_field
from tests.contract.crm_company import CREATED, EXISTS, PICTURE, Company, Trouble, mail, statuses

FILE = ("plan 1.png", PICTURE)


def about(company: Company, record_id: str, number: int = 1) -> RecordDraft:
    draft = mail(company, number)
    fields = dict(draft.fields) | {related_field(company.mail_object): record_id}
    return replace(draft, fields=fields, files_also_on=record_id)


def with_two_files(draft: RecordDraft) -> RecordDraft:
    values: dict[str, Value] = {"Title": "more", "PathOnClient": "more.bin", "VersionData": b"more"}
    return replace(
        draft, children=(*draft.children, ChildDraft("ContentVersion", "FirstPublishLocationId", values, "1:more"))
    )


class Publishing:
    """Every org."""

    def test_files_are_on_both_and_stored_once(self, company: Company, crm: Crm) -> None:
        account = company.add("Account", Name="Birchworks")
        (written,) = crm.create([with_two_files(about(company, account))])
        assert (written.status, written.unpublished) == (CREATED, 0)
        both = [("more.bin", b"more"), FILE]
        assert company.files_of(account) == company.files_of(written.record_id) == both
        assert company.count("ContentVersion") == 2

    def test_a_mail_that_is_about_nothing_keeps_its_files_to_itself(self, company: Company, crm: Crm) -> None:
        account = company.add("Account", Name="Birchworks")
        other, plain = about(company, account, 1), mail(company, 2)
        crm.create([replace(other, files_also_on=""), plain])
        assert company.files_of(account) == []

    def test_fifty_cost_two_calls_more_at_most(self, company: Company, crm: Crm) -> None:
        account = company.add("Account", Name="Birchworks")
        crm.create([mail(company, 99)])
        before = company.calls()
        crm.create([mail(company, number) for number in range(50)])
        plain, before = company.calls() - before, company.calls()
        crm.create([about(company, account, number) for number in range(100, 150)])
        assert company.calls() - before <= plain + 2
        assert len(company.files_of(account)) == 50

    def test_what_is_there_already_is_completed_and_repeated_without_harm(
        self, company: Company, crm: Crm
    ) -> None:
        account = company.add("Account", Name="Birchworks")
        draft = about(company, account)
        (written,) = crm.create([replace(draft, files_also_on="")])
        for _ in range(2):
            (again,) = crm.complete([draft], [written.record_id])
            assert (again.status, again.unpublished) == (EXISTS, 0)
            assert company.files_of(account) == [FILE]

    def test_a_record_that_is_about_something_else_by_now_is_believed(self, company: Company, crm: Crm) -> None:
        first, second = (company.add("Account", Name=name) for name in ("Birchworks", "Cedar Bank"))
        (written,) = crm.create([replace(about(company, first), files_also_on="")])
        crm.complete([about(company, second)], [written.record_id])
        assert (company.files_of(first), company.files_of(second)) == ([FILE], [])

    def test_a_lost_answer_is_unclear_and_the_next_try_ends_it(self, company: Company, crm: Crm) -> None:
        account = company.add("Account", Name="Birchworks")
        draft = about(company, account)
        (there,) = crm.create([replace(draft, files_also_on="")])
        company.cause(Trouble.LOSE_CHILDREN)
        (written,) = crm.complete([draft], [there.record_id])
        assert written.status is WriteStatus.UNCLEAR
        assert company.count(company.mail_object) == 1
        (again,) = crm.complete([draft], [there.record_id])
        assert (again.status, company.files_of(account)) == (EXISTS, [FILE])

    def test_a_read_that_fails_waits_where_there_is_a_key(self, company: Company, crm: Crm) -> None:
        account = company.add("Account", Name="Birchworks")
        draft = about(company, account)
        (there,) = crm.create([replace(draft, files_also_on="")])
        company.cause(Trouble.LOSE_READ, skip=1)
        (written,) = crm.complete([draft], [there.record_id])
        assert written.status is (WriteStatus.LATER if company.keyed else EXISTS)
        assert company.files_of(written.record_id) == [FILE]

    def test_a_file_goes_with_the_mail_it_came_with(self, company: Company, crm: Crm) -> None:
        """What a person linked it to besides is another matter (crm_removal)."""
        account = company.add("Account", Name="Birchworks")
        (written,) = crm.create([about(company, account)])
        record = RecordRef(company.mail_object, written.record_id)
        assert crm.remove(record, company.owner) is Removal.DONE
        assert len(company.files_of(account)) == (0 if company.keyed else 1)

    def test_statuses_of_neighbours_are_their_own(self, company: Company, crm: Crm) -> None:
        account = company.add("Account", Name="Birchworks")
        gone = company.add("Account", Name="Gone")
        drafts = [about(company, account, 1), replace(about(company, account, 2), files_also_on=gone)]
        company.delete(gone)
        written = crm.create(drafts)
        assert statuses(written) == [CREATED, CREATED]
        assert [one.unpublished for one in written] == [0, 1]
