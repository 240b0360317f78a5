"""Whom the console knows by address: colleagues by their mailboxes, outsiders by the orgs' contacts and leads."""

from collections.abc import Iterator

from sandbox.mailboxes import Person
from sandbox.salesforce.ids import Id
from sandbox.salesforce.site import Site
from sandbox.world import World

OUTSIDERS = ("Contact", "Lead")
SHOWN = 500
"""Addresses offered at most; any other can be typed."""


def known_people(world: World) -> list[Person]:
    """Colleagues first, each address once."""
    found: dict[str, Person] = {}
    for person in _everybody(world):
        found.setdefault(person.address.lower(), person)
        if len(found) >= SHOWN:
            break
    return list(found.values())


def _everybody(world: World) -> Iterator[Person]:
    for mailbox in world.mailboxes.mailboxes:
        yield from (Person(one, mailbox.name) for one in mailbox.addresses)
    for site in world.orgs.values():
        for name in OUTSIDERS:
            for row in site.org.core.store.table(name).rows.values():
                if row.get("Email") and not row.get("IsDeleted"):
                    yield Person(row["Email"], row.get("Name", ""))


def named(world: World, written: Person) -> Person:
    """With the name the company knows, where none was written."""
    if written.name:
        return written
    wanted = written.address.lower()
    for person in _everybody(world):
        if person.address.lower() == wanted:
            return Person(written.address, person.name)
    return written


def active_users(site: Site) -> list[tuple[Id, str]]:
    """Who can act in the org, colleagues before the administrator."""
    rows = [row for row in site.org.core.store.table("User").rows.values() if row.get("IsActive")]
    rows.sort(key=lambda row: row["Id"] == site.org.admin)
    return [(row["Id"], f"{row['Name']} ({row['Username']})") for row in rows]
