"""Files: a version makes its document and its first links; documents, versions and links go together."""

import hashlib
from collections.abc import Iterable
from typing import Any

from sandbox.salesforce.core import Core
from sandbox.salesforce.errors import SalesforceError, duplicate_value, integrity, required_missing
from sandbox.salesforce.ids import Id
from sandbox.salesforce.records import Row
from sandbox.salesforce.rules.base import NoRules
from sandbox.salesforce.rules.people import refuse_person_contact
from sandbox.salesforce.write import Write

VIEWER, INFERRED = "V", "I"
FILE_TYPES = {
    "txt": "TEXT",
    "htm": "HTML",
    "html": "HTML",
    "doc": "WORD",
    "docx": "WORD_X",
    "xls": "EXCEL",
    "xlsx": "EXCEL_X",
    "ppt": "POWER_POINT",
    "pptx": "POWER_POINT_X",
    "jpg": "JPG",
    "jpeg": "JPG",
}
"""Where FileType is not simply the extension in capitals."""


class VersionRules(NoRules):
    def prepare(self, write: Write) -> None:
        draft = write.draft
        if not write.new:
            if "VersionData" in write.given and not draft.get("IsLatest"):
                raise integrity("Only the latest version's data can be changed.", "VersionData")
            self._measure(draft)
            return
        if draft.get("PathOnClient") is None:
            raise required_missing(["PathOnClient"])
        if "VersionData" not in write.given:
            raise required_missing(["VersionData"])
        draft["VersionData"] = draft.get("VersionData") or b""
        name = draft["PathOnClient"].replace("\\", "/").rpartition("/")[2]
        stem, dot, extension = name.rpartition(".")
        draft["FileExtension"] = extension.lower()[:40] if dot else None
        kind = extension.lower() if dot else ""
        draft["FileType"] = FILE_TYPES.get(kind, kind.upper()[:20] or "UNKNOWN")
        write.default("Title", (stem if dot else name)[:255])
        refuse_person_contact(write.core.row(draft.get("FirstPublishLocationId")))
        self._measure(draft)
        _place(write)

    @staticmethod
    def _measure(draft: dict[str, Any]) -> None:
        data = draft.get("VersionData") or b""
        draft["ContentSize"] = len(data)
        draft["Checksum"] = hashlib.md5(data, usedforsecurity=False).hexdigest()

    def saved(self, write: Write) -> None:
        core, row = write.core, write.draft
        document = core.row(row["ContentDocumentId"])
        if document is not None and row.get("IsLatest"):
            names = ("Title", "ContentSize", "FileExtension", "FileType", "Description", "ContentModifiedDate")
            latest = {name: row.get(name) for name in names} | {"LatestPublishedVersionId": write.id}
            core.change("ContentDocument", document, latest, stamp=row["SystemModstamp"], user=write.user)
        if write.new and row["VersionNumber"] == "1":
            _first_links(write)


def _place(write: Write) -> None:
    """The next version of its document, or the first one of a new document."""
    core, draft = write.core, write.draft
    earlier = core.pointing("ContentVersion", "ContentDocumentId", draft.get("ContentDocumentId") or "")
    for row in earlier:
        if row.get("IsLatest"):
            core.change("ContentVersion", row, {"IsLatest": False}, stamp=core.stamp(row))
    if not draft.get("ContentDocumentId"):
        values = {"Title": draft["Title"], "OwnerId": draft["OwnerId"], "PublishStatus": "P"}
        draft["ContentDocumentId"] = core.put_new("ContentDocument", values, write.user, core.stamp())["Id"]
    draft |= {
        "IsLatest": True,
        "VersionNumber": str(len(earlier) + 1),
        "ContentModifiedDate": core.now(),
        "ContentModifiedById": write.user,
    }


def _first_links(write: Write) -> None:
    """The owner's own link, and one to the record the file was published to."""
    core, row = write.core, write.draft
    link(core, row["ContentDocumentId"], row["OwnerId"], INFERRED, write.user)
    place = row.get("FirstPublishLocationId")
    if place and place != row["OwnerId"]:
        link(core, row["ContentDocumentId"], place, VIEWER, write.user)


def link(core: Core, document: Id, entity: Id, share: str, user: Id) -> None:
    values = {
        "ContentDocumentId": document,
        "LinkedEntityId": entity,
        "ShareType": share,
        "Visibility": "AllUsers",
    }
    core.put_new("ContentDocumentLink", values, user, core.stamp())
    mark_attachment(core, entity)


def mark_attachment(core: Core, entity: Id) -> None:
    message = core.live(entity) if entity.startswith("02s") else None
    if message is not None and not message.get("HasAttachment"):
        core.change("EmailMessage", message, {"HasAttachment": True})


def link_files(write: Write, documents: Iterable[Id]) -> None:
    """ContentDocumentIds of an e-mail: a link for each file that has none yet."""
    rows = write.core.pointing("ContentDocumentLink", "LinkedEntityId", write.id)
    held = {row["ContentDocumentId"] for row in rows}
    for document in documents:
        if document not in held:
            link(write.core, document, write.id, VIEWER, write.user)


class DocumentRules(NoRules):
    def goes_with(self, core: Core, row: Row) -> Iterable[Id]:
        links = core.pointing("ContentDocumentLink", "ContentDocumentId", row["Id"])
        return [item["Id"] for item in links]


class DocumentLinkRules(NoRules):
    def prepare(self, write: Write) -> None:
        draft = write.draft
        document, entity = draft.get("ContentDocumentId"), draft.get("LinkedEntityId")
        if not write.new or not document or not entity:
            return
        refuse_person_contact(write.core.row(entity))
        write.default("ShareType", VIEWER)
        write.default("Visibility", "AllUsers")
        for row in write.core.pointing("ContentDocumentLink", "LinkedEntityId", entity):
            if row["ContentDocumentId"] == document:
                raise duplicate_value("LinkedEntityId", row["Id"][:15])
        owner = write.core.row(document)
        if owner is not None and not write.core.access.can_see(write.user, "ContentDocument", owner):
            raise SalesforceError(
                "INSUFFICIENT_ACCESS_OR_READONLY", "insufficient access rights on object id", 403
            )

    def saved(self, write: Write) -> None:
        mark_attachment(write.core, write.draft["LinkedEntityId"])
