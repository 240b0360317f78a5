"""Which fields of an object a search looks into."""

from sandbox.salesforce.schema import ObjectSchema
from sandbox.salesforce.schema.facts import Field

TEXT = frozenset(("string", "textarea", "email", "phone", "url"))
FILES = ("ContentDocument", "ContentVersion")
"""Of these everything is searched, whatever the group."""
MORE_NAMES = {
    "Account": ("Website", "Site"),
    "Case": ("SuppliedName", "SuppliedCompany", "Subject"),
    "Contact": ("FirstName", "LastName", "AssistantName"),
    "Event": ("Subject",),
    "Lead": ("FirstName", "LastName", "Company"),
    "Task": ("Subject",),
    "User": ("FirstName", "LastName", "CommunityNickname"),
}
"""What IN NAME FIELDS searches besides the name field. (SOSL reference, IN SearchGroup)"""


def searched(shape: ObjectSchema, group: str) -> list[Field]:
    """Text of any kind for ALL and SIDEBAR; numbers, picklists and ids are in no index."""
    facts = [fact for fact in shape.present() if fact.type in TEXT]
    if group in ("ALL", "SIDEBAR") or shape.name in FILES:
        return facts
    if group == "NAME":
        return [fact for fact in facts if fact.is_name or fact.name in MORE_NAMES.get(shape.name, ())]
    return [fact for fact in facts if fact.type == group.lower()]
