"""A lead that becomes a contact of an account, and a deal if there is one."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sandbox.salesforce import errors, locks
from sandbox.salesforce.dml import Dml
from sandbox.salesforce.errors import SalesforceError, integrity, required_missing
from sandbox.salesforce.ids import Id, normalise
from sandbox.salesforce.records import Row
from sandbox.salesforce.rules.activities import account_of
from sandbox.salesforce.schema.persons import OWN
from sandbox.salesforce.write import WriteOptions
from sandbox.switches import declare

SETS_WHAT = declare(
    "salesforce.conversion_sets_what",
    default=True,
    question="Do a converted lead's activities become related to the deal, or without one to the account?",
    source="help pages: activities are attached to account, contact and opportunity; how is not said",
)
CONVERTED = "Closed - Converted"
"""The one lead status that stands for a converted lead here."""
TO_CONTACT = {
    "FirstName": "FirstName",
    "LastName": "LastName",
    "Salutation": "Salutation",
    "Email": "Email",
    "Phone": "Phone",
    "MobilePhone": "MobilePhone",
    "Fax": "Fax",
    "Title": "Title",
    "LeadSource": "LeadSource",
    "Description": "Description",
    "Street": "MailingStreet",
    "City": "MailingCity",
    "State": "MailingState",
    "PostalCode": "MailingPostalCode",
    "Country": "MailingCountry",
}
TO_ACCOUNT = {
    "Company": "Name",
    "Phone": "Phone",
    "Fax": "Fax",
    "Website": "Website",
    "Industry": "Industry",
    "AnnualRevenue": "AnnualRevenue",
    "NumberOfEmployees": "NumberOfEmployees",
    "Street": "BillingStreet",
    "City": "BillingCity",
    "State": "BillingState",
    "PostalCode": "BillingPostalCode",
    "Country": "BillingCountry",
}


@dataclass(frozen=True, slots=True)
class Converted:
    account: Id
    contact: Id
    opportunity: Id | None


@dataclass(frozen=True, slots=True)
class Wish:
    """What a lead shall become; what is not given is made."""

    account: Id | None = None
    contact: Id | None = None
    opportunity: str | None = None
    """Name of a new deal, or the id of one that is there; none is made without."""
    owner: Id | None = None
    status: str = CONVERTED
    overwrite_lead_source: bool = False


def convert_lead(dml: Dml, user: Id, lead_id: str, wish: Wish) -> Converted:
    """Activities and mail follow to the contact. Raises what an org refuses, and then nothing has happened."""
    core = dml.core
    lead = dml.existing(core.shape("Lead"), lead_id)
    owner = _check(dml, user, lead, wish)
    options = WriteOptions(replaces=lead["Id"])
    with core.store.transaction():
        account, contact = _account_and_contact(dml, user, lead, wish, owner, options)
        deal = _deal(dml, user, wish.opportunity, account, contact, owner) if wish.opportunity else None
        facts = {
            "IsConverted": True,
            "Status": wish.status,
            "ConvertedDate": core.now().date(),
            "ConvertedAccountId": account,
            "ConvertedContactId": contact,
            "ConvertedOpportunityId": deal,
        }
        core.change("Lead", lead, facts, stamp=core.stamp(lead), user=user)
        _follow(dml, user, lead["Id"], contact, deal or account)
        dml.run_automation("Lead", "after_update", user, lead["Id"])
    return Converted(account, contact, deal)


def _check(dml: Dml, user: Id, lead: Row, wish: Wish) -> Id:
    """Who will own what is made."""
    core = dml.core
    if lead.get("IsConverted"):
        raise SalesforceError("CANNOT_UPDATE_CONVERTED_LEAD", "cannot reference converted lead")
    if not core.access.can_edit(user, "Lead", lead):
        raise errors.no_access()
    locks.check(core, user, core.shape("Lead"), lead, lead)
    if wish.status != CONVERTED:
        raise SalesforceError("INVALID_STATUS", f"invalid convertedStatus: {wish.status}")
    owner = wish.owner or str(lead["OwnerId"])
    if not owner.startswith("005"):
        message = (
            "Converted objects can only be owned by users. If the lead is not owned by a user, "
            "you must specify a user for the Owner field."
        )
        raise SalesforceError("INVALID_OWNER", message)
    if wish.contact and not wish.account:
        raise required_missing(["accountId"])
    return owner


def _account_and_contact(
    dml: Dml, user: Id, lead: Row, wish: Wish, owner: Id, options: WriteOptions
) -> tuple[Id, Id]:
    account = _existing(dml, user, "Account", wish.account)
    contact = _existing(dml, user, "Contact", wish.contact)
    person = {name: lead[own] for own, name in TO_CONTACT.items() if own in lead}
    if contact is not None and account is not None:
        if contact.get("AccountId") != account["Id"]:
            raise integrity("The contact belongs to another account.", "ContactId")
        _fill(dml, user, contact, person, overwrite=wish.overwrite_lead_source)
        return account["Id"], contact["Id"]
    if account is not None and account.get("IsPersonAccount"):
        return account["Id"], account["PersonContactId"]
    if account is None and not lead.get("Company"):
        return _person(dml, user, lead, owner, options)
    if account is None:
        facts = {name: lead[own] for own, name in TO_ACCOUNT.items() if own in lead}
        made = dml.insert(user, "Account", facts | {"OwnerId": owner}, options)
    else:
        made = account["Id"]
    return made, dml.insert(user, "Contact", person | {"AccountId": made, "OwnerId": owner}, options)


def _person(dml: Dml, user: Id, lead: Row, owner: Id, options: WriteOptions) -> tuple[Id, Id]:
    """A lead without a company is one person, where the org has person accounts."""
    kinds = (row for row in dml.core.store.table("RecordType").rows.values() if row.get("IsPersonType"))
    names = {own: f"Person{name}" if f"Person{name}" in OWN else name for own, name in TO_CONTACT.items()}
    names |= {"Street": "BillingStreet", "City": "BillingCity", "State": "BillingState"}
    names |= {"PostalCode": "BillingPostalCode", "Country": "BillingCountry"}
    facts = {name: lead[own] for own, name in names.items() if own in lead}
    record_type = next((row["Id"] for row in kinds if row.get("IsActive")), None)
    made = dml.insert(user, "Account", facts | {"RecordTypeId": record_type, "OwnerId": owner}, options)
    return made, str((dml.core.live(made) or {})["PersonContactId"])


def _existing(dml: Dml, user: Id, object_name: str, record_id: Id | None) -> Row | None:
    if not record_id:
        return None
    row = dml.core.live(normalise(record_id))
    if row is None or dml.core.shape_of(row["Id"]).name != object_name:
        raise SalesforceError("INVALID_CROSS_REFERENCE_KEY", "invalid cross reference id")
    if not dml.core.access.can_edit(user, object_name, row):
        message = f"insufficient access rights on cross-reference id: {row['Id'][:15]}"
        raise SalesforceError("INSUFFICIENT_ACCESS_ON_CROSS_REFERENCE_ENTITY", message)
    return row


def _fill(dml: Dml, user: Id, contact: Row, person: dict[str, Any], *, overwrite: bool) -> None:
    """An existing contact keeps what it says; the lead fills what is empty."""
    given = {name: value for name, value in person.items() if contact.get(name) is None}
    if overwrite and person.get("LeadSource"):
        given["LeadSource"] = person["LeadSource"]
    if given:
        dml.update(user, "Contact", contact["Id"], given)


def _deal(dml: Dml, user: Id, name: str, account: Id, contact: Id, owner: Id) -> Id:
    if (normalise(name) or "").startswith("006"):
        there = _existing(dml, user, "Opportunity", name) or {}
        if there.get("AccountId") != account:
            raise integrity("The opportunity belongs to another account.", "OpportunityId")
        return str(there["Id"])
    closes: date = dml.core.now().date() + timedelta(days=90)
    fields = {
        "Name": name,
        "AccountId": account,
        "OwnerId": owner,
        "StageName": "Prospecting",
        "CloseDate": closes,
    }
    deal = dml.insert(user, "Opportunity", fields)
    role = {"OpportunityId": deal, "ContactId": contact, "IsPrimary": True}
    dml.insert(user, "OpportunityContactRole", role)
    return deal


def _follow(dml: Dml, user: Id, old: Id, new: Id, what: Id) -> None:
    """Activities, relations and mail that named the lead name the contact; records of their own do not."""
    core = dml.core
    for name in ("Task", "Event"):
        for row in core.pointing(name, "WhoId", old):
            about = row.get("WhatId") or (
                what if core.switches.on(SETS_WHAT) and not row.get("IsPrivate") else None
            )
            changes: dict[str, Any] = {"WhoId": new, "WhatId": about, "AccountId": account_of(core, about, new)}
            if core.features.shared_activities:
                changes["WhatCount"] = 1 if about else 0
            core.change(name, row, changes, stamp=core.stamp(row), user=user)
            _relate(dml, user, name, row, about)
    kind = core.shape_of(new).name
    for name in ("TaskRelation", "EventRelation", "EmailMessageRelation"):
        for row in core.pointing(name, "RelationId", old):
            changes = {"RelationId": new}
            if "RelationObjectType" in row:
                changes["RelationObjectType"] = kind
            core.change(name, row, changes, stamp=core.stamp(row), user=user)


def _relate(dml: Dml, user: Id, name: str, row: Row, about: Id | None) -> None:
    """The relation row of what the activity is about now."""
    core = dml.core
    if not core.features.shared_activities or about is None or row.get("WhatId") == about:
        return
    values = {f"{name}Id": row["Id"], "RelationId": about, "IsWhat": True}
    more = {"IsParent": True} if name == "Event" else {}
    core.put_new(f"{name}Relation", values | more, user, core.stamp())
