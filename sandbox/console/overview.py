"""The first page: the people and Salesforce side by side, and what has happened since the start."""

from collections import Counter
from collections.abc import Iterator

from markupsafe import Markup

from sandbox.console import mailbox as mailboxes
from sandbox.console.html import Child, address, facts, link, moment, table, tag
from sandbox.console.page import page
from sandbox.console.rows import file_link, files_of, latest, listed, place, record_link
from sandbox.console.sending import send_form
from sandbox.http import Call, Response
from sandbox.mailboxes import Mailbox
from sandbox.salesforce.records import Row
from sandbox.salesforce.site import Site

SHOWN = 6
"""Messages a mailbox and rows an object."""


def show(call: Call) -> Response:
    world = call.world
    people = [_mailbox(one) for one in world.mailboxes.mailboxes]
    orgs = [_org(site) for site in world.orgs.values()]
    return page(
        call,
        "Sandbox console",
        facts(_state(call)),
        tag(
            "div",
            tag("section", tag("h2", "Mailboxes"), people or tag("p", "None."), id="mailboxes"),
            tag("section", tag("h2", "Salesforce"), orgs or tag("p", "No org."), id="salesforce"),
            class_="sides",
        ),
        tag("section", tag("h2", "Send a mail as anyone"), send_form(world)),
    )


def _state(call: Call) -> Iterator[tuple[str, Child]]:
    world = call.world
    by_face = Counter(entry.face for entry in world.requests.entries)
    counts = ", ".join(f"{face} {number}" for face, number in sorted(by_face.items())) or "none yet"
    turned = len(world.switches.turned)
    yield "Clock", moment(world.clock.now())
    yield "Requests", link(f"{world.requests.count}: {counts}", address("requests"))
    yield "Outbox", link(f"{len(world.outbox.mails)} mails sent", address("outbox"))
    yield "Switches", link(f"{turned} turned", address("switches"))
    yield "Faults", link(f"{len(world.faults.waiting)} waiting", address("faults"))


def _mailbox(mailbox: Mailbox) -> Markup:
    rows = (
        (
            mailboxes.message_link(mailbox, one),
            one.mail.author.address if one.mail.author else "",
            mailbox.folders[one.folder].name,
            mailboxes.tags(one),
            moment(one.received),
        )
        for one in mailboxes.latest(mailbox)[:SHOWN]
    )
    heads = ("Subject", "From", "Folder", "Categories", "Received")
    name = link(f"{mailbox.name}, {mailbox.address}", address(*mailboxes.place(mailbox)))
    return tag("div", tag("h3", name), table(f"Latest of {mailbox.name}", heads, rows, empty="no message."))


def _org(site: Site) -> Markup:
    org = site.org
    name = link(f"{org.name}: people, records, create", address(*place(site)))
    mails = (_mail(site, row) for row in latest(site, "EmailMessage", SHOWN)) if _has_mail(site) else ()
    tasks = (
        (record_link(site, row["Id"]), record_link(site, row.get("WhoId")), record_link(site, row.get("WhatId")),
         row.get("Status", ""), moment(row["SystemModstamp"]))
        for row in latest(site, "Task", SHOWN)
    )  # fmt: skip
    files = (
        (file_link(site, row), listed(_linked(site, row)), moment(row["SystemModstamp"]))
        for row in latest(site, "ContentVersion", SHOWN)
    )
    return tag(
        "div",
        tag("h3", name),
        table("EmailMessages", ("Subject", "Related to", "People", "Files", "Changed"), mails),
        table("Tasks", ("Subject", "Who", "What", "Status", "Changed"), tasks),
        table("Files", ("Name", "Linked to", "Changed"), files),
    )


def _has_mail(site: Site) -> bool:
    return site.org.schema.object("EmailMessage") is not None


def _mail(site: Site, row: Row) -> tuple[Child, ...]:
    related = row.get("RelatedToId") or row.get("ParentId")
    relations = site.org.core.pointing("EmailMessageRelation", "EmailMessageId", row["Id"])
    whom = dict.fromkeys(one["RelationId"] for one in relations if one.get("RelationId"))
    return (
        record_link(site, row["Id"]),
        record_link(site, related),
        listed(record_link(site, one) for one in whom),
        len(files_of(site, row["Id"])) or "",
        moment(row["SystemModstamp"]),
    )


def _linked(site: Site, version: Row) -> Iterator[Child]:
    links = site.org.core.pointing("ContentDocumentLink", "ContentDocumentId", version["ContentDocumentId"])
    return (record_link(site, one["LinkedEntityId"]) for one in links)
