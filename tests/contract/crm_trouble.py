"""Cases of the CRM suite: refusals, locks, lost answers, lost access, allowances."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from crosstie.domain import reasons
from crosstie.domain.errors import NeedsConsent, Throttled
from crosstie.domain.records import (
    CONTACT,
    RecordRef,
)
from crosstie.ports.crm import Crm, Watch
from tests.contract.crm_company import (
    CREATED,
    EXISTS,
    LATER,
    LONG_AGO,
    PICTURE,
    REFUSED,
    UNCLEAR,
    Company,
    Trouble,
    mail,
    statuses,
    whole,
)


class Troubles:
    """Every org."""

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
            assert whole(crm, drafts) == [EXISTS] * 4
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
            assert whole(crm, drafts) == [EXISTS] * 3
        assert company.mails() == ["Offer 000", "Offer 001", "Offer 002", "Offer 009"]
        assert company.count("ContentVersion") == 4

    def test_what_is_added_to_a_record_may_be_unclear_as_well(self, company: Company, crm: Crm) -> None:
        drafts = [mail(company, 1)]
        (bare,) = crm.create([mail(company, 1, file=None)])
        company.cause(Trouble.LOSE_CHILDREN)
        assert statuses(crm.complete(drafts, [bare.record_id])) == [UNCLEAR]
        assert statuses(crm.complete(drafts, [bare.record_id])) == [EXISTS]
        assert company.files_of(bare.record_id) == [("plan 1.png", PICTURE)]

    def test_a_record_that_cannot_be_completed_is_not_said_to_be_whole(self, company: Company, crm: Crm) -> None:
        (bare,) = crm.create([mail(company, 1, file=None)])
        company.forbid("ContentVersion", lambda row: True, "No files today.")
        (written,) = crm.complete([mail(company, 1)], [bare.record_id])
        assert (written.status, written.record_id) == (REFUSED, bare.record_id)
        assert company.mails() == ["Offer 001"]

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
        for _ in range(100):
            crm.changes([Watch(CONTACT, LONG_AGO)])
        with pytest.raises(Throttled) as caught:
            crm.changes([Watch(CONTACT, LONG_AGO)])
        assert company.calls() == 100
        assert caught.value.until is not None
        company.pass_time(timedelta(hours=25))
        assert crm.changes([Watch(CONTACT, LONG_AGO)]).pages
