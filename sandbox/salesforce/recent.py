"""What a user has looked at: queries FOR VIEW and FOR REFERENCE say so, and list views do."""

from typing import Any

from sandbox.salesforce import render
from sandbox.salesforce.core import Core
from sandbox.salesforce.ids import Id
from sandbox.salesforce.records import Row

KEPT = 200
"""Rows such a list has at most."""


def looked_at(core: Core, user: Id, prefix: str = "") -> list[Row]:
    """Live rows this user may still see, the latest first; of one object when `prefix` is its."""
    moments = sorted(
        (
            (max(times.values()), record_id)
            for (who, record_id), times in core.seen.items()
            if who == user and record_id.startswith(prefix)
        ),
        reverse=True,
    )
    rows = (core.live(record_id) for _, record_id in moments)
    found = [
        row for row in rows if row is not None and core.access.can_see(user, core.shape_of(row["Id"]).name, row)
    ]
    return found[:KEPT]


def item(core: Core, row: Row) -> dict[str, Any]:
    """As lists of recent rows show one."""
    shape = core.shape_of(row["Id"])
    name = shape.name_field
    shown = {"Id": row["Id"], "Name": row.get(name.name) if name else None}
    return {"attributes": render.attributes(shape.name, row["Id"])} | shown
