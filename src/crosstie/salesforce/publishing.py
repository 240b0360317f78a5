"""Files of saved mails on the records that those mails are about, besides the records of the mails."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from crosstie.domain.records import EMAIL_MESSAGE, RecordDraft
from crosstie.salesforce.children import Parent, write
from crosstie.salesforce.client import Client
from crosstie.salesforce.describe import LINK
from crosstie.salesforce.packing import Node, link_to
from crosstie.salesforce.queries import Row, fetch, selects
from crosstie.salesforce.values import same_id

_RELATED = {EMAIL_MESSAGE: "RelatedToId"}


def related_field(object_name: str) -> str:
    """The field that says what a mail is about."""
    return _RELATED.get(object_name, "WhatId")


@dataclass(frozen=True, slots=True)
class Bearer:
    """A record whose files are wanted on another one."""

    parent: Parent
    draft: RecordDraft


def publish(client: Client, bearers: Sequence[Bearer]) -> Mapping[int, int]:
    """Position of a graph → how many of its files the org refused to put on the record in question.

    A record that was there before may be about something else than this draft: it is asked. Raises what a call
    raises; repeating does no harm.
    """
    if not bearers:
        return {}
    ids = [one.parent.record_id for one in bearers]
    queries = selects(LINK, ("LinkedEntityId", "ContentDocumentId"), "LinkedEntityId", ids)
    for name in {one.draft.object for one in bearers if not one.parent.created}:
        met = [one.parent.record_id for one in bearers if not one.parent.created and one.draft.object == name]
        queries += selects(name, ("Id", related_field(name)), "Id", met)
    rows = fetch(client, "find", queries)
    wanted = [(one, node) for one in bearers for node in _links(one, rows)]
    pairs = [
        (Parent(replace(one.parent.graph, at=number), node.key, created=True), node)
        for number, (one, node) in enumerate(wanted)
    ]
    failed, _there_already = write(client, pairs)
    refused: dict[int, int] = {}
    for number in failed:
        at = wanted[number][0].parent.graph.at
        refused[at] = refused.get(at, 0) + 1
    return refused


def _links(bearer: Bearer, rows: Sequence[Row]) -> list[Node]:
    """One for each of its files, keyed by the record they go to."""
    target = bearer.draft.files_also_on if bearer.parent.created else _about(bearer, rows)
    documents = {
        str(row["ContentDocumentId"])
        for row in rows
        if "LinkedEntityId" in row and same_id(str(row["LinkedEntityId"]), bearer.parent.record_id)
    }
    return [link_to(document, target) for document in sorted(documents) if target]


def _about(bearer: Bearer, rows: Sequence[Row]) -> str:
    field = related_field(bearer.draft.object)
    found = (row for row in rows if field in row and same_id(str(row.get("Id")), bearer.parent.record_id))
    return str(next(found, {}).get(field) or "")
