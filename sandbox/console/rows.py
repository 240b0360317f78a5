"""Salesforce's rows as a console shows them: names, links and values."""

from collections.abc import Iterable, Iterator

from markupsafe import Markup

from sandbox.console.html import Child, address, link, moment
from sandbox.salesforce import render
from sandbox.salesforce.ids import Id
from sandbox.salesforce.records import Row
from sandbox.salesforce.schema import ObjectSchema
from sandbox.salesforce.schema.facts import Field
from sandbox.salesforce.site import Site

LONGEST = 10_000
"""Characters of a value shown."""


def place(site: Site, record_id: Id = "") -> tuple[str, ...]:
    """The parts of the address of an org or of a record in it."""
    return ("orgs", site.org.id, "records", record_id) if record_id else ("orgs", site.org.id)


def title(site: Site, row: Row) -> str:
    """The row's name, or for rows without one its id."""
    shape = site.org.core.shape_of(row["Id"])
    return str((shape.name_field and row.get(shape.name_field.name)) or row["Id"])


def record_link(site: Site, record_id: Id | None) -> Markup:
    """By the record's name; ids that lead nowhere stay plain."""
    row = site.org.core.row(record_id)
    if row is None:
        return (
            link(record_id, address(*place(site)))
            if record_id == site.org.id
            else Markup("{}").format(record_id or "")
        )
    gone = " (deleted)" if row.get("IsDeleted") else ""
    return Markup("{}{}").format(link(title(site, row), address(*place(site, row["Id"]))), gone)


def listed(links: Iterable[Child]) -> list[Child]:
    found = list(links)
    return [[one, ", " if number < len(found) else ""] for number, one in enumerate(found, 1)]


def latest(site: Site, name: str, most: int) -> list[Row]:
    """Live rows, the one changed last first."""
    return newest((row for row in site.org.core.store.table(name).rows.values() if not row.get("IsDeleted")), most)


def newest(rows: Iterable[Row], most: int) -> list[Row]:
    return sorted(rows, key=lambda row: (row["SystemModstamp"], row["Id"]), reverse=True)[:most]


def shown_fields(site: Site, shape: ObjectSchema, row: Row) -> Iterator[tuple[str, Child]]:
    """Fields that have a value; booleans always have one."""
    for fact in shape.present():
        value = render.value(site.org.core, shape, fact, row)
        if value is not None and value != [] and fact.type != "base64":
            yield fact.name, _shown(site, fact, value, row)


def _shown(site: Site, fact: Field, value: object, row: Row) -> Child:
    if fact.type == "reference" or (fact.type == "id" and fact.name != "Id"):
        return record_link(site, str(value))
    if fact.type == "junctionidlist" and isinstance(value, list):
        return listed(record_link(site, one) for one in value)
    if fact.type == "datetime" and fact.name in row:
        return moment(row[fact.name])
    if isinstance(value, dict):
        return ", ".join(f"{name} {part}" for name, part in value.items() if part is not None)
    return ("yes" if value else "no") if fact.type == "boolean" else str(value)[:LONGEST]


def files_of(site: Site, entity: Id) -> list[Row]:
    """The latest versions of the files linked to a record."""
    core = site.org.core
    links = core.pointing("ContentDocumentLink", "LinkedEntityId", entity)
    documents = [core.live(one["ContentDocumentId"]) for one in links]
    versions = [core.live(one.get("LatestPublishedVersionId")) for one in documents if one]
    return [one for one in versions if one]


def file_link(site: Site, version: Row) -> Markup:
    name = file_name(version)
    return link(f"{name} ({version['ContentSize']} bytes)", address(*place(site), "files", version["Id"]))


def file_name(version: Row) -> str:
    """The title gets the file's ending back where it has lost it."""
    ending = f".{version['FileExtension']}" if version.get("FileExtension") else ""
    name = str(version["Title"])
    return name if name.lower().endswith(ending) else name + ending
