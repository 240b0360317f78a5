"""Rows of a bulk job on their way into the org."""

from dataclasses import replace
from typing import Any, Protocol

from sandbox.salesforce.errors import SalesforceError
from sandbox.salesforce.ids import Id
from sandbox.salesforce.rest import collections
from sandbox.salesforce.rest.exchange import Ask
from sandbox.salesforce.site import Site
from sandbox.salesforce.wording import of_a_row
from sandbox.world import World

BATCHES = "DailyBulkApiBatches"


class Order(Protocol):
    """What a job of either version says about its rows."""

    user: Id
    operation: str
    object_name: str
    version: str
    key: str
    rule: str


def written(world: World, site: Site, job: Order, records: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """As a collection would, each record for itself; 200 at most."""
    results = _results(world, site, job, records) if records else []
    return [one | {"errors": [of_a_row(error) for error in one["errors"]]} for one in results]


def _results(world: World, site: Site, job: Order, records: list[dict[str, Any]]) -> list[dict[str, Any]]:
    headers = {"sforce-auto-assign": job.rule or "FALSE"}
    ask = Ask(world, site, job.user, job.version, "POST", headers=headers, body={"records": records})
    if job.operation in ("delete", "hardDelete"):
        return _removed(ask, job, [str(record.get("Id", "")) for record in records])
    if job.operation == "upsert":
        return list(collections.upsert(ask, job.object_name, job.key).body)
    act = collections.create if job.operation == "insert" else collections.change
    return list(act(ask).body)


def _removed(ask: Ask, job: Order, ids: list[str]) -> list[dict[str, Any]]:
    given = [one for one in ids if one]
    body = collections.remove(replace(ask, query={"ids": ",".join(given)})).body if given else []
    removed = iter(body)
    nothing = _failure("MISSING_ARGUMENT", "Id not specified in a delete call")
    results = [next(removed) if one else nothing for one in ids]
    if job.operation == "hardDelete":
        for result in results:
            if result["success"]:
                ask.org.purge(result["id"])
    return results


def _failure(code: str, message: str) -> dict[str, Any]:
    return {"success": False, "errors": [SalesforceError(code, message).collection_error()]}
