"""Which attachments of a saved mail become Files."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import PurePosixPath

from crosstie.domain.email import Attachment, AttachmentKind
from crosstie.domain.settings import Settings
from crosstie.domain.speech import say

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
    NOT_ALLOWED = "not-allowed"
    TOO_LARGE = "too-large"
    SMALL_IMAGE = "small-image"
    SMALL = "small"
    TOO_MANY = "too-many"
    NOT_FETCHED = "not-fetched"
    NO_FILES = "no-files"
    NOT_ON_RELATED = "not-on-related"

    @property
    def sentence(self) -> str:
        return say(SENTENCES[self])


SENTENCES = {
    LeftOut.OFF: "Saving attachments is switched off.",
    LeftOut.CLOUD_LINK: "It is a link to a file in the cloud; there is no file to save.",
    LeftOut.ATTACHED_ITEM: "It is another item of the mailbox, of which the mailbox makes no file.",
    LeftOut.INLINE: "It is a picture shown within the text.",
    LeftOut.SIGNATURE: "It is the digital signature of the mail.",
    LeftOut.EMPTY: "It is empty, and Salesforce takes no empty files.",
    LeftOut.ENDING: "Files with its ending are never saved.",
    LeftOut.NOT_ALLOWED: "Files with its ending are not saved automatically; mark the mail to save it.",
    LeftOut.TOO_LARGE: "It is larger than the largest attachment that is saved.",
    LeftOut.SMALL_IMAGE: "It is a small image, as signatures have them.",
    LeftOut.SMALL: "It is smaller than files with its ending have to be to be saved.",
    LeftOut.TOO_MANY: "The mail has more attachments than are saved of one mail.",
    LeftOut.NOT_FETCHED: "The mailbox did not hand it out.",
    LeftOut.NO_FILES: "Salesforce takes no Files from Crosstie in your organization.",
    LeftOut.NOT_ON_RELATED: "It is saved, but Salesforce refused it on the record that the e-mail is related to.",
}


@dataclass(frozen=True, slots=True)
class Files:
    kept: tuple[Attachment, ...] = ()
    left_out: tuple[tuple[Attachment, LeftOut], ...] = ()


def choose(
    attachments: Iterable[Attachment], settings: Settings, *, by_hand: bool = False, takes_files: bool = True
) -> Files:
    """Sort attachments whose bytes were fetched; sizes are in bytes. `by_hand`: a person asked for the mail;
    `takes_files`: the org lets us make Files.
    """
    kept: list[Attachment] = []
    left_out: list[tuple[Attachment, LeftOut]] = []
    for attachment in attachments:
        why = unwanted(attachment, settings, by_hand=by_hand)
        if why is None and attachment.data is None:
            is_item = attachment.kind is AttachmentKind.ITEM
            why = LeftOut.ATTACHED_ITEM if is_item else LeftOut.NOT_FETCHED
        if why is None and not takes_files:
            why = LeftOut.NO_FILES
        if why is None and len(kept) >= settings.attachments_max_count:
            why = LeftOut.TOO_MANY
        if why:
            left_out.append((attachment, why))
        else:
            kept.append(attachment)
    return Files(tuple(kept), tuple(left_out))


def unwanted(attachment: Attachment, settings: Settings, *, by_hand: bool = False) -> LeftOut | None:
    """What is against saving it, from its description alone: bytes need not be fetched for it."""
    if not settings.attachments_save:
        return LeftOut.OFF
    return _by_nature(attachment) or _by_ending(attachment, settings, by_hand) or _by_size(attachment, settings)


def _by_nature(attachment: Attachment) -> LeftOut | None:
    if attachment.kind is AttachmentKind.LINK:
        return LeftOut.CLOUD_LINK
    if attachment.is_inline:
        return LeftOut.INLINE
    if _content_type(attachment) in SIGNATURE_TYPES:
        return LeftOut.SIGNATURE
    return LeftOut.EMPTY if _size(attachment) == 0 else None


def _by_ending(attachment: Attachment, settings: Settings, by_hand: bool) -> LeftOut | None:
    last = ending(attachment.name)
    if last and last in listed(settings.attachments_blocked_extensions):
        return LeftOut.ENDING
    allowed = listed(settings.attachments_allowed_extensions)
    return LeftOut.NOT_ALLOWED if allowed and last not in allowed and not by_hand else None


def listed(endings: Iterable[str]) -> set[str]:
    return {entry.strip().casefold().lstrip("*").lstrip(".") for entry in endings}


def _by_size(attachment: Attachment, settings: Settings) -> LeftOut | None:
    last = ending(attachment.name)
    if _size(attachment) > settings.attachments_max_bytes:
        return LeftOut.TOO_LARGE
    minima = dict(entry.rpartition(":")[::2] for entry in settings.attachments_min_bytes_by_extension)
    if last in minima:
        return LeftOut.SMALL if _size(attachment) < int(minima[last]) else None
    is_image = _content_type(attachment).startswith("image/") or last in IMAGE_ENDINGS
    if is_image and _size(attachment) < settings.attachments_min_image_bytes:
        return LeftOut.SMALL_IMAGE
    return None


def _content_type(attachment: Attachment) -> str:
    return attachment.content_type.partition(";")[0].strip().casefold()


def _size(attachment: Attachment) -> int:
    """The bytes that are there count; what a mailbox reports may include its wrapping."""
    return attachment.size if attachment.data is None else len(attachment.data)


def ending(name: str) -> str:
    """`Setup.EXE. ` → `exe`: trailing dots and blanks vanish when the file is stored on Windows."""
    return PurePosixPath(name.replace("\\", "/").rstrip(". ")).suffix.lstrip(".").casefold()
