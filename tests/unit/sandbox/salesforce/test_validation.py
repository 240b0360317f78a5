"""Validation rules a customer writes as formulas, and how their refusals look on the wire."""

import pickle

import pytest

from sandbox.salesforce.formula.parse import BadFormula
from tests.unit.sandbox.salesforce.conftest import Company, refusal


def test_a_formula_refuses_with_its_message_and_field(company: Company) -> None:
    company.org.add_validation_rule(
        "Contact", "ISBLANK(Email) && ISBLANK(Phone)", "Give an address or a number.", "Email"
    )
    refused = refusal(company.add, "Contact", LastName="x")
    assert (refused.code, refused.status) == ("FIELD_CUSTOM_VALIDATION_EXCEPTION", 400)
    assert refused.row_bodies() == [
        {
            "message": "Give an address or a number.",
            "errorCode": "FIELD_CUSTOM_VALIDATION_EXCEPTION",
            "fields": ["Email"],
        }
    ]
    contact = company.add("Contact", LastName="x", Phone="1")
    assert refusal(company.change, "Contact", contact, Phone=None).code == "FIELD_CUSTOM_VALIDATION_EXCEPTION"
    assert company.row("Contact", contact)["Phone"] == "1"


def test_every_broken_rule_is_told(company: Company) -> None:
    company.org.add_validation_rule("Task", "Subject = 'x'", "First.")
    company.org.add_validation_rule("Task", "Description = 'fine'", "Never.")
    company.org.add_validation_rule("Task", "ISPICKVAL(Priority, 'Low')", "Second.", "Priority")
    refused = refusal(company.add, "Task", Subject="x", Priority="Low")
    assert [(one["message"], one["fields"]) for one in refused.collection_errors()] == [
        ("First.", []),
        ("Second.", ["Priority"]),
    ]


def test_what_was_and_who_writes(company: Company) -> None:
    company.org.add_validation_rule(
        "Opportunity",
        "ISCHANGED(StageName) && ISPICKVAL(PRIORVALUE(StageName), 'Closed Won') && $User.Alias <> 'suser'",
        "A won deal stays won.",
    )
    deal = company.add("Opportunity", Name="d", StageName="Closed Won", CloseDate="2026-12-01")
    stage = {"StageName": "Prospecting"}
    assert refusal(company.org.update, company.ann, "Opportunity", deal, stage).message == "A won deal stays won."
    company.org.update(company.ann, "Opportunity", deal, {"NextStep": "celebrate"})
    company.change("Opportunity", deal, StageName="Prospecting")


def test_a_formula_is_judged_when_it_is_made_and_survives_saving(company: Company) -> None:
    with pytest.raises(BadFormula, match="no field Emial"):
        company.org.add_validation_rule("Contact", "ISBLANK(Emial)", "x")
    company.org.add_validation_rule("Contact", "ISBLANK(Email)", "x")
    again = pickle.loads(pickle.dumps(company.org))
    assert refusal(again.insert, company.ann, "Contact", {"LastName": "x"}).message == "x"
