"""Rows that another transaction holds, and records that an approval has locked."""

import pytest

from tests.unit.sandbox.salesforce.conftest import Company, refusal

BUSY = "UNABLE_TO_LOCK_ROW"


def test_children_need_their_parent(company: Company) -> None:
    account = company.add("Account", Name="x")
    contact = company.add("Contact", LastName="x", AccountId=account)
    task, message = company.add("Task", WhoId=contact), company.add("EmailMessage", Subject="x")
    company.org.hold(account, 60)
    refused = refusal(company.add, "Contact", LastName="y", AccountId=account)
    assert (refused.code, refused.status) == (BUSY, 400)
    assert refused.message == f"unable to obtain exclusive access to this record or 1 records: {account[:15]}"
    for act in (
        lambda: company.change("Account", account, Site="x"),
        lambda: company.change("Contact", contact, Title="x"),
        lambda: company.change("Contact", contact, AccountId=None),
        lambda: company.change("Task", task, Subject="x"),
        lambda: company.add("Task", WhoId=contact),
        lambda: company.add("EmailMessage", RelatedToId=account),
        lambda: company.org.delete(company.integration, contact),
        lambda: company.org.delete(company.integration, account),
    ):
        assert refusal(act).code == BUSY
    company.change("EmailMessage", message, Crosstie_Key__c="k")
    company.add("Contact", LastName="elsewhere")
    company.later(seconds=60)
    company.change("Account", account, Site="x")
    company.org.hold(account, 60)
    company.org.release(account)
    company.change("Account", account, Site="y")
    assert len(company.values("SELECT Id FROM Contact")) == 2


@pytest.mark.parametrize("administrators", [True, False])
def test_an_approval_locks_a_record(company: Company, administrators: bool) -> None:
    company.org.switches.turn("salesforce.administrators_edit_locked", administrators)
    deal = company.add("Opportunity", Name="d", StageName="Prospecting", CloseDate="2026-12-01")
    company.org.lock(deal)
    refused = refusal(company.org.update, company.ann, "Opportunity", deal, {"NextStep": "x"})
    assert (refused.code, refused.message) == ("ENTITY_IS_LOCKED", "the entity is locked for editing")
    assert refusal(company.org.delete, company.ann, deal).code == "ENTITY_IS_LOCKED"
    company.org.insert(company.ann, "Task", {"WhatId": deal})
    if administrators:
        company.change("Opportunity", deal, NextStep="x")
    else:
        assert refusal(company.change, "Opportunity", deal, NextStep="x").code == "ENTITY_IS_LOCKED"
    company.org.unlock(deal)
    company.org.update(company.ann, "Opportunity", deal, {"NextStep": "y"})
