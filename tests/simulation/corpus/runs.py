"""The corpus through houses: every message in a mailbox where no other has its Message-ID, or all in one."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from crosstie.domain.settings import AutoTrackMode, Settings
from sandbox.graph.ids import message_id
from tests.places import SHARED
from tests.simulation.corpus.expected import Expected, read
from tests.simulation.house import House, Make

MAIL = SHARED / "corpora" / "mail"
DEFAULT = Settings(mail_auto_save=True)
FORCED = Settings(
    mail_auto_save=True,
    mail_auto_track_mode=AutoTrackMode.FORCED,
    mail_save_unlinked=True,
    exclude_free_mail=False,
    attachments_min_image_bytes=0,
)
"""Blocklists are empty unless somebody fills them. Small images are files like others here, so that all count."""
EMAIL_FIELDS = (
    "Subject", "FromName", "FromAddress", "ToAddress", "CcAddress", "BccAddress", "MessageDate", "TextBody",
    "MessageIdentifier",
)  # fmt: skip
TASK_FIELDS = ("Subject", "Description", "ActivityDate", "Crosstie_Sent_At__c", "Crosstie_Message_Id__c")


@dataclass(frozen=True, slots=True)
class Run:
    name: str
    settings: Settings
    as_dated: bool = False
    """Received when the mail says so rather than now."""
    enhanced_email: bool = True


RUNS = (
    Run("default rules, received as dated", DEFAULT, as_dated=True),
    Run("default rules, received now", DEFAULT),
    Run("Forced", FORCED),
    Run("Forced, as Tasks", FORCED, enhanced_email=False),
)


@dataclass(frozen=True, slots=True)
class Letter:
    name: str
    """Folder and file."""
    raw: bytes
    expected: Expected


@dataclass(frozen=True, slots=True)
class Outcome:
    """`code` is empty where nothing was noted: old mail of a first listing leaves no trace."""

    letter: Letter
    code: str
    sentence: str
    now: datetime
    """When it was received, if it was received now."""
    record_id: str = ""
    record: Mapping[str, Any] | None = None
    files: tuple[tuple[str, bytes], ...] = ()


def letters(folder: Path = MAIL) -> list[Letter]:
    files = sorted(folder.rglob("*.eml"))
    return [Letter(str(one.relative_to(folder)), raw, read(raw)) for one in files for raw in (one.read_bytes(),)]


def apart(run: Run, all_letters: Iterable[Letter]) -> Iterator[Outcome]:
    """As few houses as possible, none of which has two mails that could be taken for one."""
    for group in _groups(all_letters):
        yield from through(run, group)


def _groups(all_letters: Iterable[Letter]) -> list[list[Letter]]:
    groups: list[list[Letter]] = []
    for letter in all_letters:
        identity = letter.expected.message_id or letter.raw
        fitting = (one for one in groups if all((x.expected.message_id or x.raw) != identity for x in one))
        group = next(fitting, None)
        if group is None:
            groups.append(group := [])
        group.append(letter)
    return groups


def through(run: Run, group: Sequence[Letter]) -> list[Outcome]:
    """All of them into one mailbox, then a tick and a session."""
    house = House(Make(syncing=("ada",), settings=run.settings, enhanced_email=run.enhanced_email))
    box, now = house.box("ada"), house.clock.now()
    items = []
    for letter in group:
        received = letter.expected.received if run.as_dated else now
        stored = house.world.mailboxes.put(box, letter.raw, box.well_known("inbox"), received=received or now)
        items.append(message_id(box, stored.number, stored.moves, "immutable"))
    house.pass_minutes(2)
    house.round()
    assert not house.errors, house.errors
    return [_outcome(house, letter, item_id, now) for letter, item_id in zip(group, items, strict=True)]


def _outcome(house: House, letter: Letter, item_id: str, now: datetime) -> Outcome:
    entry = house.ports.journal.why(house.ids["ada"], [item_id]).get(item_id)
    if entry is None:
        return Outcome(letter, "", "", now)
    sentence = house.said(entry)
    if entry.record is None:
        return Outcome(letter, entry.reason_code, sentence, now)
    record_id = entry.record.record_id
    fields = EMAIL_FIELDS if entry.record.object == "EmailMessage" else TASK_FIELDS
    [row] = house.rows(entry.record.object, *fields, where=f"Id = '{record_id}'")
    return Outcome(letter, entry.reason_code, sentence, now, record_id, row, tuple(_files(house, record_id)))


def _files(house: House, record_id: str) -> Iterator[tuple[str, bytes]]:
    for link in house.rows("ContentDocumentLink", "ContentDocumentId", where=f"LinkedEntityId = '{record_id}'"):
        condition = f"IsLatest = TRUE AND ContentDocumentId = '{link['ContentDocumentId']}'"
        for version in house.rows("ContentVersion", "Id", "PathOnClient", where=condition):
            yield version["PathOnClient"], house.org.blob(house.org.admin, version["Id"], "VersionData")
