"""Cases of the CRM suite: what a saved mail is linked to, as the org has it at the moment."""

from crosstie.domain.records import CONTACT, LEAD, Person, RecordRef
from crosstie.ports.crm import Crm
from tests.contract.crm_company import Company, mail


class Linking:
    """Every org."""

    def saved(self, company: Company, crm: Crm, number: int = 1) -> RecordRef:
        (written,) = crm.create([mail(company, number)])
        return RecordRef(company.mail_object, written.record_id)

    def link(self, company: Company, record: RecordRef, person: str) -> None:
        """As a person does it in Salesforce."""
        if company.has_email_messages:
            fields = {"RelationId": person, "RelationType": "CcAddress", "RelationAddress": "someone@x.test"}
            company.add("EmailMessageRelation", EmailMessageId=record.record_id, **fields)
        else:
            company.change("Task", record.record_id, WhoId=person)

    def relate(self, company: Company, record: RecordRef, what_id: str) -> None:
        field = "RelatedToId" if company.has_email_messages else "WhatId"
        company.change(record.object, record.record_id, **{field: what_id})

    def test_what_a_person_relates_it_to_is_told(self, company: Company, crm: Crm, nora: str) -> None:
        record, account = self.saved(company, crm), company.add("Account", Name="Alder")
        self.relate(company, record, account)
        self.link(company, record, nora)
        found = crm.links([record])[record.record_id]
        assert found.what_id == account
        assert Person(CONTACT, nora) in found.people

    def test_each_record_has_its_own(self, company: Company, crm: Crm, nora: str) -> None:
        one, two = self.saved(company, crm, 1), self.saved(company, crm, 2)
        lead = company.add(LEAD, LastName="Haddad", Company="Alder", Email="omar@alder.test")
        before = company.calls()
        plain = crm.links([one, two])
        assert company.calls() == before + 1
        self.link(company, one, nora)
        self.link(company, two, lead)
        found = crm.links([one, two])
        assert Person(CONTACT, nora) in found[one.record_id].people
        assert Person(LEAD, lead) in found[two.record_id].people
        assert Person(LEAD, lead) not in (*found[one.record_id].people, *plain[two.record_id].people)

    def test_what_is_deleted_is_left_out_and_so_is_a_deleted_person(
        self, company: Company, crm: Crm, nora: str
    ) -> None:
        kept, gone = self.saved(company, crm, 1), self.saved(company, crm, 2)
        self.link(company, kept, nora)
        company.delete(gone.record_id)
        company.delete(nora)
        found = crm.links([kept, gone])
        assert gone.record_id not in found
        assert (kept.record_id in found) is company.has_email_messages, "a Task goes with whom it is about"
        assert not any(Person(CONTACT, nora) in one.people for one in found.values())

    def test_nothing_is_asked_of_nothing(self, company: Company, crm: Crm) -> None:
        before = company.calls()
        assert crm.links([]) == {}
        assert company.calls() == before

    def test_colleagues_are_left_out(self, company: Company, crm: Crm) -> None:
        record = self.saved(company, crm)
        if company.has_email_messages:
            self.link(company, record, company.owner)
        assert all(one.object in (CONTACT, LEAD) for one in crm.links([record])[record.record_id].people)
