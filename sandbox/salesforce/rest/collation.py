"""The order in which a composite's parts are run when the client leaves it to the vendor.

Unless `collateSubrequests` is false the vendor puts unrelated parts of one kind together; only references
between parts keep their order. The answers come in the order of the request all the same.
"""

from collections.abc import Sequence

from sandbox.salesforce.errors import SalesforceError
from sandbox.salesforce.rest.parts import Part
from sandbox.salesforce.rest.references import names_in
from sandbox.salesforce.rest.table import Table
from sandbox.switches import declare

COLLATES = declare(
    "salesforce.collates_composite",
    default=True,
    question="Are unrelated creates of one object put together unless collateSubrequests is false?",
    source="Composite request body: collateSubrequests is true by default since v49, order then not guaranteed",
)


def collated(table: Table, parts: Sequence[Part]) -> list[int]:
    """Positions in the order they are run: a create takes along later creates of its object that are ready."""
    order: list[int] = []
    waiting = list(range(len(parts)))
    while waiting:
        first = waiting.pop(0)
        order.append(first)
        kind = _kind(table, parts[first])
        if kind is None:
            continue
        done = {parts[at].reference for at in order}
        alike = [at for at in waiting if _kind(table, parts[at]) == kind and _needs(parts[at]) <= done]
        order += alike
        waiting = [at for at in waiting if at not in alike]
    return order


def _kind(table: Table, part: Part) -> tuple[str, str] | None:
    """Version and object of a create without headers of its own; None for what is never put together."""
    if part.headers:
        return None
    try:
        target = table.target(part.method, part.url)
    except SalesforceError:
        return None
    if target.resource.name != "row_create":
        return None
    return target.version, str(target.arguments["object_name"]).lower()


def _needs(part: Part) -> set[str]:
    return names_in([part.url, part.body])
