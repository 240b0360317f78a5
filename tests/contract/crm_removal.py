"""Cases of the CRM suite: a record is taken out of the org again, at the word of a user who may."""

import pytest

from crosstie.domain.errors import Unclear
from crosstie.domain.records import RecordRef
from crosstie.ports.crm import Crm, Removal
from tests.contract.crm_company import Company, Trouble, mail


class Removals:
    """Every org."""

    def saved(self, company: Company, crm: Crm, number: int = 1) -> RecordRef:
        (written,) = crm.create([mail(company, number)])
        return RecordRef(company.mail_object, written.record_id)

    def test_a_removed_mail_is_gone_and_no_other(self, company: Company, crm: Crm) -> None:
        kept, gone = self.saved(company, crm, 1), self.saved(company, crm, 2)
        assert crm.remove(gone, company.owner) is Removal.DONE
        assert company.mails() == ["Offer 001"]
        assert crm.alive([kept, gone]) == {kept.record_id: True, gone.record_id: False}
        assert company.files_of(kept.record_id) != []

    def test_files_that_we_wrote_go_with_it(self, company: Company, crm: Crm) -> None:
        record = self.saved(company, crm)
        assert company.count("ContentVersion") == 1
        crm.remove(record, company.owner)
        assert company.count("ContentVersion") == (0 if company.keyed else 1), (
            "without a key nobody knows whose it is"
        )

    def test_a_file_that_somebody_linked_elsewhere_stays(self, company: Company, crm: Crm) -> None:
        record = self.saved(company, crm)
        account = company.add("Account", Name="Birchworks")
        (link,) = [
            row for row in company.rows("ContentVersion", ("ContentDocumentId",)) if row["ContentDocumentId"]
        ]
        company.add("ContentDocumentLink", LinkedEntityId=account, ContentDocumentId=link["ContentDocumentId"])
        assert crm.remove(record, company.owner) is Removal.DONE
        assert company.count("ContentVersion") == 1

    def test_who_may_not_delete_removes_nothing(self, company: Company, crm: Crm) -> None:
        record = self.saved(company, crm)
        assert crm.remove(record, company.reader()) is Removal.FORBIDDEN
        assert company.mails() == ["Offer 001"]

    def test_what_is_gone_already_is_done(self, company: Company, crm: Crm) -> None:
        record = self.saved(company, crm)
        company.delete(record.record_id)
        assert crm.remove(record, company.owner) is Removal.DONE

    def test_a_lost_answer_is_unclear_and_asking_again_ends_it(self, company: Company, crm: Crm) -> None:
        record = self.saved(company, crm)
        company.cause(Trouble.LOSE_REMOVAL)
        with pytest.raises(Unclear):
            crm.remove(record, company.owner)
        assert crm.remove(record, company.owner) is Removal.DONE
        assert company.mails() == []
