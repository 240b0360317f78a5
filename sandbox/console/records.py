"""Lists of records and the page of one record with its fields, its files and what points at it."""

from collections.abc import Callable, Iterator
from functools import wraps
from typing import Any

from markupsafe import Markup

from sandbox.console import changes
from sandbox.console.html import address, button, facts, link, moment, table, tag, text_field
from sandbox.console.page import download, missing, page
from sandbox.console.rows import (
    file_link,
    file_name,
    files_of,
    newest,
    place,
    record_link,
    shown_fields,
    title,
)
from sandbox.http import Call, Response
from sandbox.salesforce.ids import normalise
from sandbox.salesforce.records import Row
from sandbox.salesforce.site import Site

LISTED = (
    "Contact", "Lead", "Account", "Opportunity", "EmailMessage", "Task", "ContentVersion", "Event", "Case", "User",
)  # fmt: skip
SHOWN = 200
RELATED = 50


def in_org(handler: Callable[..., Response]) -> Callable[..., Response]:
    """`org_id` of the address becomes its Site."""

    @wraps(handler)
    def found(call: Call, org_id: str, **arguments: Any) -> Response:
        site = call.world.orgs.get(normalise(org_id) or "")
        return handler(call, site, **arguments) if site else missing(call, "There is no such org")

    return found


def _objects(site: Site, chosen: str = "") -> Markup:
    items = (
        tag(
            "li",
            link(name, address(*place(site), "objects", name), aria_current="true" if name == chosen else None),
        )
        for name in LISTED
        if site.org.schema.object(name)
    )
    return tag("nav", tag("ul", *items), aria_label="Objects")


@in_org
def show_org(call: Call, site: Site) -> Response:
    return page(call, f"Salesforce: {site.org.name}", _objects(site), changes.create_forms(site))


@in_org
def show_list(call: Call, site: Site, name: str) -> Response:
    """Rows whose name or address holds `q`; `deleted` adds the recycle bin."""
    shape = site.org.schema.object(name)
    if shape is None:
        return missing(call, "This org has no such object")
    wanted, deleted = call.request.args.get("q", "").casefold(), bool(call.request.args.get("deleted"))
    rows = [
        row
        for row in site.org.core.store.table(shape.name).rows.values()
        if (deleted or not row.get("IsDeleted"))
        and wanted in f"{title(site, row)} {row.get('Email', '')}".casefold()
    ]
    shown = (
        (record_link(site, row["Id"]), row.get("Email", ""), record_link(site, row.get("OwnerId")),
         moment(row["SystemModstamp"]))
        for row in newest(rows, SHOWN)
    )  # fmt: skip
    search = tag(
        "form",
        text_field("Name or address", "q", call.request.args.get("q", "")),
        tag(
            "label",
            tag("input", type="checkbox", name="deleted", value="1", checked=deleted),
            tag("span", " with the recycle bin"),
            class_="tick",
        ),
        button("Search"),
        class_="row",
        id="search",
    )
    whole = table(f"{len(rows)} rows", ("Name", "E-mail", "Owner", "Changed"), shown)
    return page(call, shape.facts.plural or shape.name, _objects(site, shape.name), search, whole)


@in_org
def show_record(call: Call, site: Site, record_id: str) -> Response:
    row = site.org.core.row(normalise(record_id))
    if row is None:
        return missing(call, "There is no such record")
    shape = site.org.core.shape_of(row["Id"])
    gone = tag("p", "This record is in the recycle bin.") if row.get("IsDeleted") else None
    files = [file_link(site, row)] if shape.name == "ContentVersion" else [
        file_link(site, one) for one in files_of(site, row["Id"])
    ]  # fmt: skip
    return page(
        call,
        f"{shape.label}: {title(site, row)}",
        _objects(site, shape.name),
        gone,
        facts(shown_fields(site, shape, row)),
        tag("h2", "Files"),
        tag("ul", (tag("li", one) for one in files)) if files else tag("p", "None.", class_="empty"),
        tag("h2", "Related"),
        tag("div", list(_related(site, row)) or tag("p", "None.", class_="empty")),
        tag("h2", "What a user does with it"),
        changes.record_forms(site, shape, row),
    )


def _related(site: Site, row: Row) -> Iterator[Markup]:
    """Every list of rows that point here; who wrote or owns what is left out, for people own everything."""
    core = site.org.core
    for child in core.schema.children(core.shape_of(row["Id"]).name):
        if child.field.on_delete == "keep" or child.field.name == "OwnerId":
            continue
        rows = core.pointing(child.object, child.field.name, row["Id"])
        if rows:
            shown = ((_said(site, one), moment(one["SystemModstamp"])) for one in newest(rows, RELATED))
            yield table(f"{child.object}, by {child.field.name}", ("Name", "Changed"), shown)


def _said(site: Site, row: Row) -> list[Markup | str]:
    """A relation has no name of its own; the two ends it joins tell more."""
    ends = ("EmailMessageId", "RelationId", "ContactId", "ContentDocumentId", "LinkedEntityId")
    said: list[Markup | str] = [record_link(site, row["Id"])]
    if title(site, row) == row["Id"]:
        said += [Markup(" {} ").format(record_link(site, row[name])) for name in ends if name in row]
        said += [str(row[name]) for name in ("RelationType", "RelationAddress") if name in row]
    return said if len(said) < 2 else [part for one in said for part in (one, " ")]


@in_org
def show_file(call: Call, site: Site, version_id: str) -> Response:
    row = site.org.core.row(normalise(version_id))
    if row is None or "VersionData" not in row:
        return missing(call, "There is no such file")
    return download(bytes(row["VersionData"]), file_name(row))
