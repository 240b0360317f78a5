"""Accounts that are persons: the contact beside each, which nobody writes himself."""

from typing import Any

from sandbox.salesforce.errors import SalesforceError, integrity, not_writable, required_missing
from sandbox.salesforce.rules.activities import NOT_MODELLED
from sandbox.salesforce.rules.base import NoRules
from sandbox.salesforce.rules.people import full_name
from sandbox.salesforce.schema.persons import OF_CONTACT, ONLY_PERSONS, OWN, SHARED
from sandbox.salesforce.write import Write


class AccountRules(NoRules):
    def prepare(self, write: Write) -> None:
        if not write.core.features.person_accounts:
            return
        person = _is_person(write)
        refused = ["Name"] if person and "Name" in write.given else []
        if not person:
            refused = [name for name, value in write.given.items() if value is not None and _of_person(name)]
        if refused:
            raise not_writable(refused)
        if not person:
            return
        if not write.draft.get("LastName"):
            raise required_missing(["LastName"])
        if write.draft.get("ParentId"):
            raise integrity("Parent Account ID: a person account has no parent.", "ParentId")
        write.draft["IsPersonAccount"] = True
        full_name(write)

    def saved(self, write: Write) -> None:
        """The contact says what the account says; no rule of contacts is asked."""
        if not write.draft.get("IsPersonAccount"):
            return
        core, draft = write.core, write.draft
        names = {**{name: name for name in SHARED}, **OWN}
        names |= {name: f"{name.removesuffix(OF_CONTACT)}__c" for name in draft if name.endswith(OF_CONTACT)}
        values: dict[str, Any] = {theirs: draft.get(own) for own, theirs in names.items()}
        values["Name"] = draft["Name"]
        contact = core.live(draft.get("PersonContactId"))
        if contact is None:
            values |= {"AccountId": write.id, "IsPersonAccount": True}
            made = core.put_new("Contact", values, write.user, draft["SystemModstamp"])
            core.change("Account", core.live(write.id) or draft, {"PersonContactId": made["Id"]})
        elif any(contact.get(name) != value for name, value in values.items()):
            core.change("Contact", contact, values, stamp=draft["SystemModstamp"], user=write.user)


def _of_person(name: str) -> bool:
    return name in ONLY_PERSONS or name.endswith(OF_CONTACT)


def _is_person(write: Write) -> bool:
    """The record type's kind decides once and for all."""
    record_type = write.core.row(write.draft.get("RecordTypeId")) or {}
    wanted = bool(record_type.get("IsPersonType"))
    is_one = wanted if write.old is None else bool(write.old.get("IsPersonAccount"))
    if write.changed("RecordTypeId") and wanted != is_one:
        message = "Making a person account of a business account or the reverse is not modelled."
        raise SalesforceError(NOT_MODELLED, message, fields=("RecordTypeId",))
    return is_one
