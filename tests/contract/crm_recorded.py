"""Cases of the CRM suite: records of e-mails that something else has made."""

from datetime import timedelta

import pytest

from crosstie.domain.errors import Unclear
from crosstie.domain.records import EMAIL_MESSAGE, KEY_FIELD, TASK, RecordRef
from crosstie.ports.crm import Crm, Recorded
from tests.contract.crm_company import Company, Trouble

KEY = "1:" + "a" * 64
DAY = "2026-10-17"


def stored(company: Company, message_id: str, **fields: object) -> str:
    if company.has_email_messages:
        given = {"MessageIdentifier": message_id, "FromAddress": "nora@birchworks.test", "Status": "1"}
        return company.add(EMAIL_MESSAGE, **given | {"MessageDate": f"{DAY}T09:00:00.000Z"} | fields)
    name = {"Crosstie_Message_Id__c": message_id} if company.keyed else {}
    return company.add(TASK, Subject="Offer", Status="Completed", ActivityDate=DAY, **name | fields)


def recorded(crm: Crm, *message_ids: str) -> list[Recorded]:
    return list(crm.recorded(message_ids, ("Crosstie_Message_Id__c", "NoSuch__c")))


class Recording:
    def test_records_of_mails_are_found_by_message_id(self, company: Company, crm: Crm) -> None:
        if not company.has_email_messages and not company.keyed:
            stored(company, "")
            assert recorded(crm, "<offer@birchworks.test>") == [], "nothing of it tells"
            return
        ids = []
        for message_id in ("<offer@birchworks.test>", "bare@birchworks.test", "offer@birchworks.test"):
            ids.append(stored(company, message_id))
            company.pass_time(timedelta(minutes=1))
        stored(company, "<other@birchworks.test>")
        company.delete(stored(company, "<offer@birchworks.test>"))
        found = recorded(crm, "<offer@birchworks.test>", "<bare@birchworks.test>", "<none@birchworks.test>")
        assert [one.record for one in found] == [RecordRef(company.mail_object, record_id) for record_id in ids]
        assert [one.message_id.partition("@")[0] for one in found] == ["offer", "bare", "offer"]
        if company.has_email_messages:
            assert {(one.sender, f"{one.at:%F %R}", one.day) for one in found} == {
                ("nora@birchworks.test", f"{DAY} 09:00", None)
            }
        else:
            assert {(one.sender, one.at, f"{one.day}") for one in found} == {("", None, DAY)}

    @pytest.mark.parametrize("message_id", ["<'\\@x.test>", '<"a b"@x.test>', "<" + "x" * 5000 + "@x.test>", "<>"])
    def test_whatever_a_mail_is_called(self, company: Company, crm: Crm, message_id: str) -> None:
        assert recorded(crm, message_id) == []

    def test_very_many_are_asked_for_in_few_calls(self, company: Company, crm: Crm) -> None:
        crm.capabilities()
        before = company.calls()
        assert recorded(crm, *(f"<{number:060d}@birchworks.test>" for number in range(200))) == []
        assert company.calls() - before <= 2
        assert recorded(crm) == []
        assert company.calls() - before <= 2

    def test_a_key_is_written_once_and_never_twice(self, company: Company, crm: Crm) -> None:
        first, second = (RecordRef(company.mail_object, stored(company, f"<{name}@x.test>")) for name in "ab")
        assert crm.stamp({first: KEY}) == (frozenset({first.record_id}) if company.keyed else frozenset())
        if not company.keyed:
            return
        assert crm.stamp({first: KEY, second: KEY}) == {first.record_id}
        rows = {row["Id"]: row[KEY_FIELD] for row in company.rows(company.mail_object, ["Id", KEY_FIELD])}
        assert rows == {first.record_id: KEY, second.record_id: None}
        assert {one.record: one.key for one in recorded(crm, "<a@x.test>", "<b@x.test>")} == {
            first: KEY,
            second: "",
        }
        company.delete(second.record_id)
        assert crm.stamp({second: KEY[:-1] + "b"}) == frozenset()

    def test_a_lost_answer_to_a_key_is_unclear_and_repeating_ends_it(self, company: Company, crm: Crm) -> None:
        record = RecordRef(company.mail_object, stored(company, "<a@x.test>"))
        crm.capabilities()
        company.cause(Trouble.LOSE_STAMP)
        if not company.keyed:
            assert crm.stamp({record: KEY}) == frozenset(), "there is nowhere to write a key"
            return
        with pytest.raises(Unclear):
            crm.stamp({record: KEY})
        assert crm.stamp({record: KEY}) == {record.record_id}
