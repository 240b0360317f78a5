"""Judges what became of the mails, by the vendors' wire and what people did; knows nothing of Crosstie."""

import hashlib
from collections import Counter, defaultdict
from collections.abc import Sequence
from typing import Any

from tests.system.trouble.letters import Expected
from tests.system.trouble.vendors import DROP, MARK, Vendors

LINK = "ContentDocumentLink"


def complaints(vendors: Vendors, sent: Sequence[Expected]) -> list[str]:
    """One sentence for each promise broken; empty when all is well."""
    records = _records(vendors)
    people, deals = _people(vendors), _deals(vendors)
    found = []
    for mail in sent:
        own = records.pop(mail.message_id, [])
        if len(own) != mail.saved:
            found.append(f"{mail.message_id} {mail.act}: {len(own)} records instead of {int(mail.saved)}")
        elif own:
            found += _links(own[0], mail, people, deals)
    found += [f"a record of nothing: {message_id}" for message_id in records]
    found += _files(vendors, sent)
    found += _copies(vendors, sent)
    found += [f"a mail to outsiders: {mail}" for mail in vendors.outbox()]
    return found


def _records(vendors: Vendors) -> dict[str, list[dict[str, Any]]]:
    """Message-ID → its EmailMessages."""
    rows = vendors.query(
        "SELECT Id, MessageIdentifier, RelatedToId, (SELECT RelationId FROM EmailMessageRelations)"
        " FROM EmailMessage"
    )
    found: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in rows:
        found[row["MessageIdentifier"]].append(row)
    return found


def _people(vendors: Vendors) -> dict[str, tuple[str, str | None]]:
    """Address → its record and that one's account."""
    found = {
        row["Email"]: (row["Id"], row["AccountId"])
        for row in vendors.query("SELECT Id, Email, AccountId FROM Contact")
    }
    found |= {row["Email"]: (row["Id"], None) for row in vendors.query("SELECT Id, Email FROM Lead")}
    return found | {row["Username"]: (row["Id"], None) for row in vendors.query("SELECT Id, Username FROM User")}


def _deals(vendors: Vendors) -> dict[tuple[str, str], str]:
    """(owner, account) → the one open Opportunity."""
    rows = vendors.query("SELECT Id, OwnerId, AccountId FROM Opportunity WHERE IsClosed = FALSE")
    return {(row["OwnerId"], row["AccountId"]): row["Id"] for row in rows}


def _links(
    record: dict[str, Any],
    mail: Expected,
    people: dict[str, tuple[str, str | None]],
    deals: dict[tuple[str, str], str],
) -> list[str]:
    """Every person on the mail is linked once; it is about a holder's deal with the customer, or him."""
    rows = (record["EmailMessageRelations"] or {"records": []})["records"]
    linked = Counter(row["RelationId"] for row in rows if row["RelationId"])
    wanted = Counter(people[one][0] for one in (*mail.holders, *mail.outsiders) if one in people)
    found = [] if linked == wanted else [f"{mail.message_id}: linked {linked} instead of {wanted}"]
    account = next((people[one][1] for one in mail.outsiders if one in people and people[one][1]), None)
    about = {deals.get((people[one][0], account), account) for one in mail.holders} if account else set()
    if account and record["RelatedToId"] not in about:
        found.append(f"{mail.message_id}: about {record['RelatedToId']} instead of {about}")
    return found


def _files(vendors: Vendors, sent: Sequence[Expected]) -> list[str]:
    """Every attachment of a saved mail is there once, linked to its record, and nothing else is."""
    versions = {
        row["ContentDocumentId"]: row["Id"]
        for row in vendors.query("SELECT Id, ContentDocumentId FROM ContentVersion")
    }
    names = {
        row["Id"]: row["MessageIdentifier"]
        for row in vendors.query("SELECT Id, MessageIdentifier FROM EmailMessage")
    }
    links = []
    ids = list(names)
    for chunk in (ids[at : at + 100] for at in range(0, len(ids), 100)):
        quoted = ", ".join(f"'{one}'" for one in chunk)
        links += vendors.query(
            f"SELECT ContentDocumentId, LinkedEntityId FROM {LINK} WHERE LinkedEntityId IN ({quoted})"
        )
    digests = {
        document: hashlib.sha256(vendors.file(version)).hexdigest() for document, version in versions.items()
    }
    there = Counter((names[row["LinkedEntityId"]], digests[row["ContentDocumentId"]]) for row in links)
    wanted = Counter((mail.message_id, digest) for mail in sent if mail.saved for digest in mail.files)
    found = [f"a file is missing: {key}" for key in (wanted - there).elements()]
    found += [f"a file too many: {key}" for key in (there - wanted).elements()]
    if len(versions) != len(links):
        found.append(f"{len(versions)} files, {len(links)} links")
    return found


def _copies(vendors: Vendors, sent: Sequence[Expected]) -> list[str]:
    """Each copy carries the receipt if, and only if, its mail was saved, and none is left in the drop folder."""
    found = []
    for mailbox in vendors.people:
        drop = vendors.folders(mailbox).get(DROP)
        items: dict[str, list[dict[str, Any]]] = defaultdict(list)
        for item in vendors.messages(mailbox):
            items[item["internetMessageId"]].append(item)
        for mail in sent:
            copies = items.pop(mail.message_id, [])
            if len(copies) != (mailbox in mail.holders):
                found.append(f"{mailbox}: {mail.message_id} is there {len(copies)} times")
            for copy in copies:
                if copy["categories"].count(MARK) != mail.saved:
                    found.append(f"{mailbox}: {mail.message_id} {mail.act} carries {copy['categories']}")
                if copy["parentFolderId"] == drop:
                    found.append(f"{mailbox}: {mail.message_id} is still in the drop folder")
        found += [f"{mailbox}: {message_id} is nobody's" for message_id in items]
    return found
