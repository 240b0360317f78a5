"""Cases of the CRM suite: a record is taken out of the org again, at the word of a user who may."""

from datetime import timedelta

import pytest

from crosstie.domain.errors import Unclear
from crosstie.domain.keys import person_key
from crosstie.domain.operations import Stranger
from crosstie.domain.records import CONTACT, LEAD, RecordRef
from crosstie.mapping.person import draft
from crosstie.ports.crm import Crm, Made, Removal
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

    def person(self, company: Company, crm: Crm, object_name: str) -> tuple[str, RecordRef]:
        email = f"wim.{object_name.casefold()}@willow.test"
        (written,) = crm.create([draft(Stranger(email, "Wim Willow", object_name), company.owner)])
        return person_key(email), RecordRef(object_name, written.record_id)

    @pytest.mark.parametrize("object_name", [LEAD, CONTACT])
    def test_what_speaks_against_taking_out_a_person(self, company: Company, crm: Crm, object_name: str) -> None:
        record = self.saved(company, crm)
        key, person = self.person(company, crm, object_name)
        absent = person_key("nobody@willow.test")
        assert crm.made([key, absent], record) == ({key: Made(person, False)} if company.keyed else {})
        if not company.keyed:
            return
        company.add("Task", Subject="Call", WhoId=person.record_id)
        assert "Task" in crm.made([key], record)[key].hanging
        company.pass_time(timedelta(minutes=1))
        company.change(object_name, person.record_id, LastName="Elm")
        assert crm.made([key], record)[key].changed
        company.delete(person.record_id)
        assert crm.made([key], record) == {}

    def test_who_is_asked_about_costs_five_calls_at_most(self, company: Company, crm: Crm) -> None:
        record = self.saved(company, crm)
        keys = [self.person(company, crm, name)[0] for name in (LEAD, CONTACT)]
        before = company.calls()
        assert len(crm.made(keys, record)) == (2 if company.keyed else 0)
        assert company.calls() <= before + 5
