"""Which attachments of a saved mail become Files."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import PurePosixPath

from crosstie.domain.email import Attachment, AttachmentKind
from crosstie.domain.settings import Settings

IMAGE_ENDINGS = frozenset({"bmp", "gif", "heic", "jpe", "jpeg", "jpg", "png", "svg", "tif", "tiff", "webp"})
SIGNATURE_TYPES = frozenset(
    {"application/pkcs7-signature", "application/x-pkcs7-signature", "application/pgp-signature"}
)


class LeftOut(StrEnum):
    """Why an attachment is not saved; the sentence is for the page that lists the mail's attachments."""

    OFF = "off"
    CLOUD_LINK = "cloud-link"
    ATTACHED_ITEM = "attached-item"
    INLINE = "inline"
    SIGNATURE = "signature"
    EMPTY = "empty"
    ENDING = "ending"
    TOO_LARGE = "too-large"
    SMALL_IMAGE = "small-image"
    NOT_FETCHED = "not-fetched"

    @property
    def sentence(self) -> str:
        return SENTENCES[self]


SENTENCES = {
    LeftOut.OFF: "Saving attachments is switched off.",
    LeftOut.CLOUD_LINK: "It is a link to a file in the cloud; there is no file to save.",
    LeftOut.ATTACHED_ITEM: "It is another item of the mailbox, not a file.",
    LeftOut.INLINE: "It is a picture shown within the text.",
    LeftOut.SIGNATURE: "It is the digital signature of the mail.",
    LeftOut.EMPTY: "It is empty, and Salesforce takes no empty files.",
    LeftOut.ENDING: "Files with its ending are never saved.",
    LeftOut.TOO_LARGE: "It is larger than the largest attachment that is saved.",
    LeftOut.SMALL_IMAGE: "It is a small image, as signatures have them.",
    LeftOut.NOT_FETCHED: "The mailbox did not hand it out.",
}


@dataclass(frozen=True, slots=True)
class Files:
    kept: tuple[Attachment, ...] = ()
    left_out: tuple[tuple[Attachment, LeftOut], ...] = ()


def choose(attachments: Iterable[Attachment], settings: Settings) -> Files:
    """Sort attachments whose bytes were fetched; sizes are in bytes."""
    kept: list[Attachment] = []
    left_out: list[tuple[Attachment, LeftOut]] = []
    for attachment in attachments:
        why = unwanted(attachment, settings)
        if why is None and attachment.data is None:
            why = LeftOut.NOT_FETCHED
        if why:
            left_out.append((attachment, why))
        else:
            kept.append(attachment)
    return Files(tuple(kept), tuple(left_out))


def unwanted(attachment: Attachment, settings: Settings) -> LeftOut | None:
    """What is against saving it, from its description alone: bytes need not be fetched for it."""
    if not settings.attachments_save:
        return LeftOut.OFF
    return _by_nature(attachment) or _by_settings(attachment, settings)


def _by_nature(attachment: Attachment) -> LeftOut | None:
    if attachment.kind is AttachmentKind.LINK:
        return LeftOut.CLOUD_LINK
    if attachment.kind is AttachmentKind.ITEM:
        return LeftOut.ATTACHED_ITEM
    if attachment.is_inline:
        return LeftOut.INLINE
    if _content_type(attachment) in SIGNATURE_TYPES:
        return LeftOut.SIGNATURE
    return LeftOut.EMPTY if _size(attachment) == 0 else None


def _by_settings(attachment: Attachment, settings: Settings) -> LeftOut | None:
    ending = _ending(attachment.name)
    blocked = {
        entry.strip().casefold().lstrip("*").lstrip(".") for entry in settings.attachments_blocked_extensions
    }
    if ending and ending in blocked:
        return LeftOut.ENDING
    if _size(attachment) > settings.attachments_max_bytes:
        return LeftOut.TOO_LARGE
    is_image = _content_type(attachment).startswith("image/") or ending in IMAGE_ENDINGS
    if is_image and _size(attachment) < settings.attachments_min_image_bytes:
        return LeftOut.SMALL_IMAGE
    return None


def _content_type(attachment: Attachment) -> str:
    return attachment.content_type.partition(";")[0].strip().casefold()


def _size(attachment: Attachment) -> int:
    """The bytes that are there count; what a mailbox reports may include its wrapping."""
    return attachment.size if attachment.data is None else len(attachment.data)


def _ending(name: str) -> str:
    """`Setup.EXE. ` → `exe`: trailing dots and blanks vanish when the file is stored on Windows."""
    return PurePosixPath(name.replace("\\", "/").rstrip(". ")).suffix.lstrip(".").casefold()
