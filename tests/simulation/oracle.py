"""Judges a house by what people meant and by what the vendors hold; knows nothing of how Crosstie decides."""

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from sandbox.mailboxes import Message
from sandbox.salesforce.switches import FLOW_CHANGES_OWNER
from tests.simulation.house import House

CATEGORY, DROP = "Salesforce", "Salesforce Emails"


@dataclass(frozen=True, slots=True)
class Intent:
    """What must become of the mails of one subject, whoever has a copy."""

    subject: str
    saved: bool
    people: frozenset[str] = frozenset()
    """Addresses of the Contacts, Leads and colleagues the record is linked to."""
    related: tuple[str, ...] = ()
    """Names of Accounts and Opportunities: one of them is what it is related to. Several where it depends on who
    of those who have a copy saves it, for the Opportunity is its owner's.
    """
    files: tuple[bytes, ...] = ()
    """Contents of the Files on the record, each once."""
    folder: str = "inbox"
    """Where every licensed copy that was received lies in the end; sent copies lie in Sent Items."""
    records: int = 1
    """How many of this subject there must be: several only where a person asked again after a delete."""


def problems(house: House, intents: Iterable[Intent]) -> list[str]:
    """Everything that is not as people meant it."""
    listed = tuple(intents)
    mails = _mails(house)
    found = list(_counts(house, listed, mails))
    for intent in listed:
        rows = [row for row in mails if row["Subject"] == intent.subject]
        if intent.saved and rows:
            found += _links(house, intent, rows[-1])
            found += _files(house, intent, rows[-1])
        found += _copies(house, intent)
    found += _drop_folders(house)
    found += _silence(house)
    return found


def _is_task_house(house: House) -> bool:
    return not house.make.enhanced_email


def _mails(house: House) -> list[dict[str, object]]:
    if _is_task_house(house):
        return house.rows("Task", "Id", "Subject", "WhoId", "WhatId", "OwnerId")
    return house.rows("EmailMessage", "Id", "Subject", "RelatedToId", "MessageIdentifier", "ActivityId")


def _counts(house: House, intents: tuple[Intent, ...], mails: list[dict[str, object]]) -> Iterator[str]:
    counted = Counter(str(row["Subject"]) for row in mails)
    for intent in intents:
        wanted = intent.records if intent.saved else 0
        if counted[intent.subject] != wanted:
            verdict = "lost" if counted[intent.subject] < wanted else "doubled or uncalled for"
            yield f"{intent.subject}: {counted[intent.subject]} records instead of {wanted}: {verdict}"
    unknown = counted.keys() - {intent.subject for intent in intents}
    if unknown:
        yield f"records nobody asked for: {sorted(unknown)}"
    if not _is_task_house(house):
        tasks = {row["Id"] for row in house.rows("Task", "Id")}
        if tasks != {row["ActivityId"] for row in mails}:
            yield f"{len(tasks)} Tasks beside {len(mails)} e-mails that have one each"
        ids = Counter(str(row["MessageIdentifier"]) for row in mails if row["MessageIdentifier"])
        twice = [one for one, times in ids.items() if times > 1]
        if len(twice) > sum(intent.records > 1 for intent in intents):
            yield f"Message-IDs saved more than once: {twice}"


def _ids(house: House) -> dict[str, str]:
    """Address → the record of whom it is."""
    users = {one.address: one.user for one in house.company.colleagues}
    return {**users, **house.company.contacts, **house.company.leads}


def _links(house: House, intent: Intent, row: dict[str, object]) -> Iterator[str]:
    wanted = {_ids(house)[address] for address in intent.people}
    known = {**house.company.accounts, **house.company.deals}
    related: set[object] = {known[name] for name in intent.related} or {None}
    if house.world.switches.on(FLOW_CHANGES_OWNER):  # whose an Opportunity is, only the flow knows
        related |= set(house.company.accounts.values())
    if _is_task_house(house):
        who = {row["WhoId"]} - {None}
        outsiders = {one for one in wanted if one[:3] in ("003", "00Q")}
        if bool(who) != bool(outsiders) or not who <= outsiders:
            yield f"{intent.subject}: Name is {who}, wanted one of {outsiders}"
        is_lead = any(str(one).startswith("00Q") for one in who)
        if row["WhatId"] not in ({None} if is_lead else related):
            yield f"{intent.subject}: Related To is {row['WhatId']}, wanted one of {related}"
        return
    relations = house.rows("EmailMessageRelation", "RelationId", where=f"EmailMessageId = '{row['Id']}'")
    linked = Counter(one["RelationId"] for one in relations if one["RelationId"])
    if set(linked) != wanted or max(linked.values(), default=1) > 1:
        yield f"{intent.subject}: linked to {dict(linked)}, wanted {wanted}"
    if row["RelatedToId"] not in related:
        yield f"{intent.subject}: Related To is {row['RelatedToId']}, wanted one of {related}"


def _files(house: House, intent: Intent, row: dict[str, object]) -> Iterator[str]:
    links = house.rows("ContentDocumentLink", "ContentDocumentId", where=f"LinkedEntityId = '{row['Id']}'")
    digests = []
    for link in links:
        condition = f"IsLatest = TRUE AND ContentDocumentId = '{link['ContentDocumentId']}'"
        for version in house.rows("ContentVersion", "Id", where=condition):
            digests.append(_digest(house.org.blob(house.org.admin, version["Id"], "VersionData")))
    if sorted(digests) != sorted(map(_digest, intent.files)):
        yield f"{intent.subject}: {len(digests)} files instead of {len(intent.files)}, or others"


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _copies(house: House, intent: Intent) -> Iterator[str]:
    for person in house.ids:
        box = house.box(person)
        for message in house.world.mailboxes.find(box, subject=intent.subject):
            if (CATEGORY in message.categories) is not intent.saved:
                yield f"{intent.subject}: {person}'s copy has the categories {message.categories}"
            place = box.folders[message.folder].well_known
            wanted = "sentitems" if _is_own(message, box.addresses) else intent.folder
            if place != wanted:
                yield f"{intent.subject}: {person}'s copy lies in {place or 'another folder'} instead of {wanted}"


def _is_own(message: Message, addresses: tuple[str, ...]) -> bool:
    return message.mail.author is not None and message.mail.author.address in addresses


def _drop_folders(house: House) -> Iterator[str]:
    for person in house.ids:
        box = house.box(person)
        folders = [one for one in box.folders.values() if one.name == DROP]
        if len(folders) != 1:
            yield f"{person} has {len(folders)} folders {DROP}"
        if left := sum(len(list(box.messages_in(folder))) for folder in folders):
            yield f"{left} mails were left in {person}'s folder {DROP}"
        if sum(one.name == CATEGORY for one in box.categories) != 1:
            yield f"{person} has not got the category {CATEGORY} once"


def _silence(house: House) -> Iterator[str]:
    """No mail to outsiders, and nothing deleted."""
    if caused := [mail for mail in house.world.outbox.mails if mail.cause != "console"]:
        yield f"mails sent because of a sync: {len(caused)}"
    by_route: dict[str, int] = defaultdict(int)
    for entry in house.world.requests.entries:
        if entry.method == "DELETE" or any(part.startswith("DELETE") for part in entry.parts):
            by_route[entry.route] += 1
    if by_route:
        yield f"deletes were asked for: {dict(by_route)}"
