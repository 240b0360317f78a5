"""What objects gain where an org has person accounts: one person that is an account and a contact at once.

A field of the person's on the account is named after the contact's: PersonEmail is Email.
"""

from dataclasses import replace

from sandbox.salesforce.schema.facts import REFERENCE, Field, address, f, stamped
from sandbox.salesforce.schema.values import LEAD_SOURCES, SALUTATIONS

FEATURE = "person_accounts"
PREFIX = "Person"


def _gained(*facts: Field) -> tuple[Field, ...]:
    return tuple(replace(fact, feature=FEATURE) for fact in stamped(facts, REFERENCE, "recall"))


FIELDS: dict[str, tuple[Field, ...]] = {
    "Account": _gained(
        f("LastName", "string", 80, compound="Name"),
        f("FirstName", "string", 40, compound="Name"),
        f("Salutation", "picklist", 40, values=SALUTATIONS, compound="Name"),
        f("IsPersonAccount", "boolean", 0, "fsgD"),
        f("PersonContactId", "reference", 18, "Nfsg", to="Contact", rel="PersonContact", on_delete="keep"),
        *address("PersonMailing"),
        *address("PersonOther"),
        f("PersonMobilePhone", "phone", 40),
        f("PersonHomePhone", "phone", 40),
        f("PersonOtherPhone", "phone", 40),
        f("PersonAssistantPhone", "phone", 40),
        f("PersonEmail", "email", 80, "Ncufsgi"),
        f("PersonTitle", "string", 80),
        f("PersonDepartment", "string", 80),
        f("PersonAssistantName", "string", 40),
        f("PersonLeadSource", "picklist", 255, values=LEAD_SOURCES),
        f("PersonBirthdate", "date"),
    ),
    "Contact": _gained(f("IsPersonAccount", "boolean", 0, "fsgD")),
    "RecordType": _gained(f("IsPersonType", "boolean", 0, "cfsgD")),
}
SHARED = ("FirstName", "LastName", "Salutation", "Phone", "Fax", "OwnerId")
"""Fields that account and contact have under the same name."""
OWN = {
    fact.name: fact.name.removeprefix(PREFIX)
    for fact in FIELDS["Account"]
    if fact.name.startswith(PREFIX) and fact.type != "address" and fact.name != "PersonContactId"
}
"""The person's fields on the account, and their names on the contact."""
OF_CONTACT = "__pc"
"""How the account calls a custom field of its person's contact: Key__c is Key__pc."""
ONLY_PERSONS = ("FirstName", "LastName", "Salutation", *OWN)
"""What a business account has none of, though the describe shows it."""


def of_contact(fact: Field) -> Field:
    """A contact's custom field as the person account has it; a key it is on the contact only."""
    name = fact.name.removesuffix("__c") + OF_CONTACT
    flags = "".join(flag for flag in fact.flags if flag not in "xiq")
    rel = fact.rel and fact.rel.removesuffix("__r") + "__pr"
    return replace(fact, name=name, flags=flags, rel=rel, kids=None, feature=FEATURE)
