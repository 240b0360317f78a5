"""`/<id>`, the address under which an org shows any of its records: here it leads to the console's page of it."""

from sandbox.console.html import address
from sandbox.console.page import missing
from sandbox.console.rows import place
from sandbox.http import Call, Response
from sandbox.salesforce.ids import normalise


def follow(call: Call, record_id: str) -> Response:
    for site in call.world.orgs.values():
        row = site.org.core.row(normalise(record_id))
        if row is not None:
            return Response(status=302, headers={"Location": address(*place(site, row["Id"]))})
    return missing(call, "There is no such record")
