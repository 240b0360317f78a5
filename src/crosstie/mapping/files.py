"""The field table of a File: an attachment as ContentVersion, published on the mail's record."""

import hashlib
from collections.abc import Iterable, Iterator

from crosstie.domain.email import Attachment
from crosstie.domain.keys import child_key
from crosstie.domain.records import ChildDraft
from crosstie.mapping.fields import CONTENT_VERSION
from crosstie.mapping.tables import Field, filled
from crosstie.mapping.text import file_name, head


def _title(attachment: Attachment, room: int) -> str:
    """Without its ending: Salesforce shows it of its own accord."""
    name = file_name(attachment.name, 500)
    stem = name.rpartition(".")[0].strip()
    return head(stem or name, room)


TABLE: tuple[Field[Attachment], ...] = (
    Field("Title", _title, 255, "Cut at the end."),
    Field(
        "PathOnClient",
        lambda attachment, room: file_name(attachment.name, room),
        500,
        "Folders, and marks that turn the reading direction; cut before the ending.",
    ),
    Field("VersionData", lambda attachment, _: attachment.data),
)


def children(attachments: Iterable[Attachment], parent_key: str) -> Iterator[ChildDraft]:
    """One File for each attachment that has its bytes; the same name with the same bytes again is the same File.

    The key rests on name and bytes, not on the place in the list, which mailboxes do not promise to keep.
    """
    given: set[str] = set()
    for attachment in attachments:
        if not attachment.data:
            continue
        digest = hashlib.sha256(attachment.data).hexdigest()
        key = child_key(parent_key, f"{attachment.name}:{digest}")
        if key not in given:
            given.add(key)
            yield ChildDraft(
                CONTENT_VERSION, "FirstPublishLocationId", filled(CONTENT_VERSION, TABLE, attachment, {}), key
            )
