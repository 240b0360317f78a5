"""What records of saved mails are linked to at this moment: by whoever linked them."""

from collections import defaultdict
from collections.abc import Mapping, Sequence

from crosstie.domain.records import CONTACT, EMAIL_MESSAGE, LEAD, TASK, Person, RecordLinks, RecordRef
from crosstie.salesforce.client import Client
from crosstie.salesforce.queries import Row, fetch, selects

PREFIXES = {"003": CONTACT, "00Q": LEAD}
"""The first three characters of the ids of people who are not colleagues."""
PARTS = ("FromAddress", "ToAddress", "CcAddress", "BccAddress")
"""Parts of a mail, in the order in which the person it is about is looked for. Whoever was put to it by hand, or
is of its thread, is an OtherAddress.
"""
MAIL_RELATION, TASK_RELATION = "EmailMessageRelation", "TaskRelation"


def links(client: Client, records: Sequence[RecordRef]) -> dict[str, RecordLinks]:
    """By record id, of those that are live and that we may see."""
    mails = [one.record_id for one in records if one.object == EMAIL_MESSAGE]
    tasks = [one.record_id for one in records if one.object == TASK]
    found = fetch(
        client,
        "links",
        [
            *selects(EMAIL_MESSAGE, ("Id", "RelatedToId"), "Id", mails),
            *selects(MAIL_RELATION, ("EmailMessageId", "RelationId", "RelationType"), "EmailMessageId", mails),
            *selects(TASK, ("Id", "WhoId", "WhatId"), "Id", tasks),
            *selects(TASK_RELATION, ("TaskId", "RelationId"), "TaskId", tasks),
        ],
    )
    people = _people(found)
    return {
        str(row["Id"]): RecordLinks(_what(row), people.get(str(row["Id"]), ()))
        for row in found
        if "RelatedToId" in row or "WhatId" in row
    }


def _what(row: Row) -> str:
    return str(row.get("RelatedToId") or row.get("WhatId") or "")


def _people(found: Sequence[Row]) -> Mapping[str, tuple[Person, ...]]:
    """Record → people; a Task's Name first, then those related to it."""
    on_mails = [row for row in found if row.get("RelationType") in PARTS]
    on_mails.sort(key=lambda row: PARTS.index(str(row["RelationType"])))
    pairs = [(row["EmailMessageId"], row["RelationId"]) for row in on_mails]
    pairs += [(row["Id"], row["WhoId"]) for row in found if "WhoId" in row]
    pairs += [(row["TaskId"], row["RelationId"]) for row in found if "TaskId" in row]
    people: dict[str, dict[str, Person]] = defaultdict(dict)
    for owner, related in pairs:
        name = PREFIXES.get(str(related)[:3])
        if name:
            people[str(owner)].setdefault(str(related), Person(name, str(related)))
    return {owner: tuple(some.values()) for owner, some in people.items()}
