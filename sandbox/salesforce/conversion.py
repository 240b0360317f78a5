"""What people do with whole records on Salesforce's own pages: convert a lead, merge duplicates."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sandbox.salesforce.dml import Dml
from sandbox.salesforce.errors import SalesforceError
from sandbox.salesforce.ids import Id
from sandbox.salesforce.rules.activities import account_of

MERGEABLE = ("Account", "Contact", "Lead")
TO_CONTACT = ("FirstName", "LastName", "Salutation", "Email", "Phone", "MobilePhone", "Title", "LeadSource")


@dataclass(frozen=True, slots=True)
class Converted:
    account: Id
    contact: Id
    opportunity: Id | None


def convert_lead(
    dml: Dml, user: Id, lead_id: str, *, account: Id | None = None, opportunity: str | None = None
) -> Converted:
    """Into a contact of a new or given account, and a deal of that name; activities and mail follow."""
    core = dml.core
    lead = dml.existing(core.shape("Lead"), lead_id)
    if lead.get("IsConverted"):
        raise SalesforceError("CANNOT_UPDATE_CONVERTED_LEAD", "cannot reference converted lead")
    owner = lead["OwnerId"] if lead["OwnerId"].startswith("005") else user
    with core.store.transaction():
        account = account or dml.insert(user, "Account", {"Name": lead["Company"], "OwnerId": owner})
        person: dict[str, Any] = {name: lead[name] for name in TO_CONTACT if name in lead}
        contact = dml.insert(user, "Contact", person | {"AccountId": account, "OwnerId": owner})
        deal = _deal(dml, user, opportunity, account, owner) if opportunity else None
        facts = {
            "IsConverted": True,
            "Status": "Closed - Converted",
            "ConvertedDate": core.now().date(),
            "ConvertedAccountId": account,
            "ConvertedContactId": contact,
            "ConvertedOpportunityId": deal,
        }
        core.change("Lead", lead, facts, stamp=core.stamp(lead), user=user)
        _follow(dml, user, lead["Id"], contact)
    return Converted(account, contact, deal)


def _deal(dml: Dml, user: Id, name: str, account: Id, owner: Id) -> Id:
    closes: date = dml.core.now().date() + timedelta(days=90)
    fields = {
        "Name": name,
        "AccountId": account,
        "OwnerId": owner,
        "StageName": "Prospecting",
        "CloseDate": closes,
    }
    return dml.insert(user, "Opportunity", fields)


def _follow(dml: Dml, user: Id, old: Id, new: Id) -> None:
    """Activities, relations and mail that named one person name the other; records of their own do not."""
    core = dml.core
    for name in ("Task", "Event"):
        for row in core.pointing(name, "WhoId", old):
            changes = {"WhoId": new, "AccountId": account_of(core, row.get("WhatId"), new)}
            core.change(name, row, changes, stamp=core.stamp(row), user=user)
    kind = core.shape_of(new).name
    for name in ("TaskRelation", "EventRelation", "EmailMessageRelation"):
        for row in core.pointing(name, "RelationId", old):
            changes = {"RelationId": new}
            if "RelationObjectType" in row:
                changes["RelationObjectType"] = kind
            core.change(name, row, changes, stamp=core.stamp(row), user=user)


def merge(dml: Dml, user: Id, master_id: str, other_id: str) -> None:
    """`other` goes into the recycle bin, naming its master; what pointed at it points at the master."""
    core = dml.core
    shape = core.shape_of(master_id)
    master = dml.existing(shape, master_id)
    other = dml.existing(shape, other_id)
    if shape.name not in MERGEABLE or master["Id"] == other["Id"]:
        raise SalesforceError("MERGE_FAILED", f"Cannot merge these {shape.name} records")
    with core.store.transaction():
        for child in core.schema.children(shape.name):
            for row in core.pointing(child.object, child.field.name, other["Id"]):
                core.change(child.object, row, {child.field.name: master["Id"]}, stamp=core.stamp(row), user=user)
        stamp = core.stamp(other)
        gone = {"IsDeleted": True, "MasterRecordId": master["Id"]}
        core.change(shape.name, core.live(other["Id"]) or other, gone, stamp=stamp, user=user)
        core.bin.append((stamp, other["Id"]))
        core.change(shape.name, core.live(master["Id"]) or master, {}, stamp=core.stamp(master), user=user)
