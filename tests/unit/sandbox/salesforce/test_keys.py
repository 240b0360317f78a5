"""Unique keys, external ids, upserts: what keeps one thing one record."""

import pytest

from sandbox.salesforce.checks import NAMES_HOLDER
from sandbox.salesforce.write import WriteOptions
from tests.unit.sandbox.salesforce.conftest import Company, refusal

KEY = "Crosstie_Key__c"


@pytest.mark.parametrize("name", ["Task", "EmailMessage", "ContentVersion"])
def test_a_key_is_taken_once(company: Company, name: str) -> None:
    more = {"PathOnClient": "a.txt", "VersionData": "YQ=="} if name == "ContentVersion" else {}
    first = company.add(name, Crosstie_Key__c="k1", **more)
    refused = refusal(company.add, name, Crosstie_Key__c="k1", **more)
    assert refused.code == "DUPLICATE_VALUE"
    assert refused.message == f"duplicate value found: {KEY} duplicates value on record with id: {first[:15]}"
    assert company.values(f"SELECT Id FROM {name}") == [first]
    company.add(name, Crosstie_Key__c="k2", **more)


def test_the_refusal_may_name_nobody(company: Company) -> None:
    company.org.switches.turn(NAMES_HOLDER.name, False)
    company.add("Task", Crosstie_Key__c="k1")
    refused = refusal(company.add, "Task", Crosstie_Key__c="k1")
    assert refused.message == "duplicate value found: <unknown> duplicates value on record with id: <unknown>"


def test_an_update_may_not_take_a_key_either(company: Company) -> None:
    company.add("Task", Crosstie_Key__c="k1")
    other = company.add("Task", Crosstie_Key__c="k2")
    assert refusal(company.change, "Task", other, Crosstie_Key__c="k1").code == "DUPLICATE_VALUE"
    company.change("Task", other, Crosstie_Key__c="k2", Subject="itself")


def test_the_recycle_bin_holds_no_keys(company: Company) -> None:
    first = company.add("Task", Crosstie_Key__c="k1")
    company.org.delete(company.integration, first)
    second = company.add("Task", Crosstie_Key__c="k1")
    assert refusal(company.org.undelete, company.integration, first).code == "DUPLICATE_VALUE"
    company.org.delete(company.integration, second)
    company.org.undelete(company.integration, first)
    assert company.values("SELECT Id FROM Task") == [first]


def test_case_counts_where_the_field_says_so(company: Company) -> None:
    company.add("Task", Crosstie_Key__c="Key")
    company.add("Task", Crosstie_Key__c="KEY")
    assert len(company.values(f"SELECT Id FROM Task WHERE {KEY} = 'KEY'")) == 1
    company.org.add_user("carl@acme.test", "Carl", "C")
    assert refusal(company.org.add_user, "CARL@acme.test", "Carl", "D").code == "DUPLICATE_USERNAME"


def test_upserts(company: Company) -> None:
    org, user = company.org, company.integration
    first = org.upsert(user, "Task", KEY, "k1", {"Subject": "a"})
    second = org.upsert(user, "Task", KEY.lower(), "k1", {"Subject": "b"})
    assert (first.created, second.created, first.id) == (True, False, second.id)
    assert company.records(f"SELECT Subject, {KEY} FROM Task") == [{"Subject": "b", KEY: "k1"}]
    by_id = org.upsert(user, "Task", "Id", first.id, {"Subject": "c"})
    assert (by_id.created, company.values("SELECT Subject FROM Task")) == (False, ["c"])


def test_refused_upserts(company: Company) -> None:
    org, user = company.org, company.integration
    doubled = refusal(org.upsert, user, "Task", KEY, "k1", {KEY: "k1"})
    assert doubled.code == "INVALID_FIELD"
    for field in ("Subject", "Nope"):
        refused = refusal(org.upsert, user, "Task", field, "x", {})
        assert (refused.code, refused.status) == ("NOT_FOUND", 404)
    assert refusal(org.upsert, user, "Task", KEY, "", {}).code == "MISSING_ARGUMENT"
    only = WriteOptions(update_only=True)
    assert refusal(org.upsert, user, "Task", KEY, "k9", {}, options=only).status == 404
    assert company.values("SELECT Id FROM Task") == []


def test_several_matches_write_nothing(company: Company) -> None:
    ids = [company.add("Contact", LastName=f"x{number}", Email="a@x.test") for number in range(2)]
    refused = refusal(company.org.upsert, company.integration, "Contact", "Email", "A@x.test", {"Title": "t"})
    assert (refused.code, refused.status) == ("DUPLICATE_EXTERNAL_ID", 300)
    assert refused.extra["matches"] == [f"/services/data/v67.0/sobjects/Contact/{one}" for one in ids]
    assert company.values("SELECT Title FROM Contact") == [None, None]
    assert company.org.find_by_external_id(company.integration, "Contact", "Email", "a@x.test") == ids


def test_messages_are_looked_up_but_not_unique_by_identifier(company: Company) -> None:
    for _ in range(2):
        company.add("EmailMessage", MessageIdentifier="<1@x.test>")
    found = company.org.find_by_external_id(company.integration, "EmailMessage", "MessageIdentifier", "<1@x.test>")
    assert len(found) == 2


def test_parents_by_their_key(company: Company) -> None:
    message = company.add("EmailMessage", MessageIdentifier="<1@x.test>")
    reply = company.add("EmailMessage", ReplyToEmailMessage={"MessageIdentifier": "<1@x.test>"})
    assert company.row("EmailMessage", reply)["ReplyToEmailMessageId"] == message
    refused = refusal(company.add, "EmailMessage", ReplyToEmailMessage={"MessageIdentifier": "<2@x.test>"})
    assert (refused.code, "<2@x.test>" in refused.message) == ("INVALID_FIELD", True)
