"""E-mail messages: immutable once they are no draft, with a task beside them and rows for their people."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from sandbox.salesforce.core import Core
from sandbox.salesforce.errors import SalesforceError, integrity, no_access
from sandbox.salesforce.ids import Id
from sandbox.salesforce.records import Row
from sandbox.salesforce.rules.activities import CONTACT, LEAD, MAX_WHOS
from sandbox.salesforce.rules.base import NoRules
from sandbox.salesforce.rules.files import link_files
from sandbox.salesforce.write import Write
from sandbox.switches import declare

REFUSES_SAME_VALUE = declare(
    "salesforce.email_refuses_same_value",
    default=True,
    question="Does a standard field of a sent e-mail that is sent back unchanged make the update fail?",
    source="P10",
)
REMAKES_TASK = declare(
    "salesforce.email_update_remakes_task",
    default=False,
    question="Does an update of an e-mail delete its task and make another one?",
    source="notes 4.10",
)

NEW, READ, DRAFT = "0", "1", "5"
CASE = "500"
LISTS = {"ToIds": "ToAddress", "CcIds": "CcAddress", "BccIds": "BccAddress"}
FILES = "ContentDocumentIds"


class EmailRules(NoRules):
    def prepare(self, write: Write) -> None:
        old = write.old or {}
        if write.old is not None and old.get("Status") != DRAFT:
            _refuse_changes(write)
        if old.get("IsPrivateDraft") and old["CreatedById"] != write.user:
            raise no_access()
        draft = write.draft
        for name in (*LISTS, FILES):
            draft.pop(name, None)
        draft["Name"] = draft.get("Subject")
        write.default("MessageDate", write.core.now())
        _relate_to_case(write)
        if write.given.get("ActivityId") and not draft.get("ParentId"):
            raise SalesforceError(
                "INSUFFICIENT_ACCESS_OR_READONLY",
                "ActivityId can be set for case e-mails only.",
                fields=("ActivityId",),
            )

    def saved(self, write: Write) -> None:
        save_people(write)
        link_files(write, write.lists.get(FILES, []))
        if write.draft.get("Status") != DRAFT:
            _save_task(write)

    def goes_with(self, core: Core, row: Row) -> Iterable[Id]:
        task = row.get("ActivityId")
        return (task,) if task else ()


def _refuse_changes(write: Write) -> None:
    """What is no draft keeps what it says: custom fields and few others may still change."""
    old = write.old or {}
    managed = bool(old.get("IsClientManaged"))
    refused = []
    for name, value in write.given.items():
        same = name not in write.lists and value == old.get(name)
        if same and not write.core.switches.on(REFUSES_SAME_VALUE):
            continue
        if name == "Status" and (old.get("Status"), value) == (NEW, READ):
            continue
        if managed and name in ("RelatedToId", FILES):
            continue
        if not write.shape.fields[name].custom and name != "IsExternallyVisible":
            refused.append(name)
    if refused:
        raise SalesforceError(
            "INSUFFICIENT_ACCESS_OR_READONLY",
            f"You can't change these fields of an email message that isn't a draft: {', '.join(refused)}",
            fields=tuple(refused),
        )


def _relate_to_case(write: Write) -> None:
    """ParentId is the case RelatedToId names; either gives the other."""
    draft = write.draft
    related, parent = draft.get("RelatedToId"), draft.get("ParentId")
    if parent and related and parent != related:
        raise integrity("ParentId and RelatedToId must be the same case.", "RelatedToId")
    if parent:
        draft["RelatedToId"] = parent
    elif related and related.startswith(CASE):
        draft["ParentId"] = related


def save_people(write: Write) -> None:
    """A relation row for every id in To, Cc and Bcc; for drafts the lists may change."""
    core = write.core
    for name, kind in LISTS.items():
        ids = write.lists.get(name)
        if ids is None:
            continue
        for row in core.pointing("EmailMessageRelation", "EmailMessageId", write.id):
            if row["RelationType"] == kind and row.get("RelationId"):
                core.change("EmailMessageRelation", row, {"IsDeleted": True}, stamp=core.stamp(row))
        for person in ids:
            values = {"EmailMessageId": write.id, "RelationId": person, "RelationType": kind}
            core.put_new("EmailMessageRelation", values | _whose(core, person), write.user, core.stamp())


def _whose(core: Core, person: Id) -> dict[str, Any]:
    row = core.row(person) or {}
    return {"RelationAddress": row.get("Email"), "RelationObjectType": core.shape_of(person).name}


def _people(core: Core, message: Id) -> list[Id]:
    """Contacts, or the one lead, for the task: To before Cc before Bcc."""
    rows = core.pointing("EmailMessageRelation", "EmailMessageId", message)
    order = list(LISTS.values())
    ranked = sorted(
        (row for row in rows if row["RelationType"] in order), key=lambda r: order.index(r["RelationType"])
    )
    people = [row["RelationId"] for row in ranked if row.get("RelationId", "")[:3] in (CONTACT, LEAD)]
    first = people[:1]
    if first and first[0].startswith(LEAD):
        return first
    return list(dict.fromkeys(one for one in people if one.startswith(CONTACT)))[:MAX_WHOS]


def _save_task(write: Write) -> None:
    """Every message that is no draft has a completed task of subtype Email."""
    core, message = write.core, write.draft
    task = core.live(message.get("ActivityId"))
    was_draft = write.old is not None and write.old.get("Status") == DRAFT
    remake = task is not None and core.switches.on(REMAKES_TASK)
    if task is not None and remake:
        write.dml.delete(write.user, task["Id"])
    if write.new or was_draft or remake:
        if message.get("ActivityId") and not remake:
            return
        task_id = write.dml.insert(write.user, "Task", _task_fields(write))
        stored = core.row(write.id)
        if stored is not None:
            core.change("EmailMessage", stored, {"ActivityId": task_id})
    elif task is not None and write.changed("RelatedToId"):
        write.dml.update(write.user, "Task", task["Id"], {"WhatId": message.get("RelatedToId")})


def _task_fields(write: Write) -> dict[str, Any]:
    message, core = write.draft, write.core
    people = _people(core, write.id)
    lead = bool(people) and people[0].startswith(LEAD)
    day = message["MessageDate"].date()
    fields: dict[str, Any] = {
        "Subject": (message.get("Subject") or "")[:255],
        "Description": (message.get("TextBody") or "")[:32000],
        "Status": "Completed",
        "TaskSubtype": "Email",
        "ActivityDate": day if isinstance(day, date) else None,
        "WhatId": None if lead else message.get("RelatedToId"),
    }
    if core.features.shared_activities:
        return fields | {"TaskWhoIds": people}
    return fields | {"WhoId": people[0] if people else None}


class EmailRelationRules(NoRules):
    def prepare(self, write: Write) -> None:
        """The sender's row is inserted by the client; other rows of a sent mail need a permission."""
        draft, core = write.draft, write.core
        message = core.live(draft.get("EmailMessageId"))
        if message is None:
            return
        sent = message.get("Status") != DRAFT
        creator = message.get("CreatedById") == write.user
        if sent and not creator and not core.access.may_edit_sent_mail(write.user):
            raise no_access()
        person = core.live(draft.get("RelationId"))
        if person is not None:
            write.draft |= {
                name: value for name, value in _whose(core, person["Id"]).items() if not draft.get(name)
            }
        elif not draft.get("RelationAddress"):
            raise integrity("RelationId or RelationAddress is needed.", "RelationId")
        _refuse_second(core, draft)


def _refuse_second(core: Core, draft: dict[str, Any]) -> None:
    """One sender; and nobody twice in the same role."""
    for row in core.pointing("EmailMessageRelation", "EmailMessageId", draft["EmailMessageId"]):
        if row["RelationType"] != draft.get("RelationType"):
            continue
        same = row.get("RelationId") == draft.get("RelationId") and (
            row.get("RelationId") or row.get("RelationAddress") == draft.get("RelationAddress")
        )
        if same or row["RelationType"] == "FromAddress":
            raise SalesforceError(
                "DUPLICATE_VALUE",
                f"duplicate value found: RelationType duplicates value on record with id: {row['Id'][:15]}",
            )
