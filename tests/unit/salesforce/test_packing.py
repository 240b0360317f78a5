"""Drafts into graphs, graphs into calls: every limit kept, nothing lost, order kept."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crosstie.domain.records import EMAIL_MESSAGE, KEY_FIELD, TASK, ChildDraft, RecordDraft, Value
from crosstie.salesforce import packing
from crosstie.salesforce.describe import CONTENT_VERSION, FieldInfo, ObjectInfo, Schema
from crosstie.salesforce.packing import Graph, Node


def schema(*, keyed: bool = True, unique: bool = True) -> Schema:
    key = {KEY_FIELD: FieldInfo("string", 80, createable=True, unique=unique)} if keyed else {}
    text = {"Subject": FieldInfo("string", 10, createable=True, unique=False)}
    body = {"HtmlBody": FieldInfo("textarea", 50, createable=True, unique=False)}
    mark = {"Crosstie_Mark__c": FieldInfo("boolean", 0, createable=True, unique=False)}
    fixed = {"Name": FieldInfo("string", 80, createable=False, unique=False)}
    return Schema(
        {
            EMAIL_MESSAGE: ObjectInfo(createable=True, fields={**key, **text, **body, **mark, **fixed}),
            CONTENT_VERSION: ObjectInfo(createable=True, fields=key),
        }
    )


def draft(fields: dict[str, Value], *children: ChildDraft, key: str = "1:k") -> RecordDraft:
    return RecordDraft(EMAIL_MESSAGE, key, fields, children)


FILE = ChildDraft(CONTENT_VERSION, "FirstPublishLocationId", {"Title": "t", "VersionData": b"\x00\xff"}, "1:f")
RELATION = ChildDraft("EmailMessageRelation", "EmailMessageId", {"RelationType": "FromAddress"}, "1:r")


def test_a_graph_refers_to_its_root_and_carries_keys_where_there_are_fields() -> None:
    body = packing.graph_of(4, draft({"Subject": "s"}, RELATION, FILE), schema()).body()
    assert json.loads(json.dumps(body)) == {
        "graphId": "g4",
        "compositeRequest": [
            {
                "method": "POST",
                "url": "/services/data/v67.0/sobjects/EmailMessage",
                "referenceId": "r4",
                "body": {"Subject": "s", KEY_FIELD: "1:k"},
            },
            {
                "method": "POST",
                "url": "/services/data/v67.0/sobjects/EmailMessageRelation",
                "referenceId": "r4c0",
                "body": {"RelationType": "FromAddress", "EmailMessageId": "@{r4.id}"},
            },
            {
                "method": "POST",
                "url": "/services/data/v67.0/sobjects/ContentVersion",
                "referenceId": "r4c1",
                "body": {
                    "Title": "t",
                    "VersionData": "AP8=",
                    KEY_FIELD: "1:f",
                    "FirstPublishLocationId": "@{r4.id}",
                },
            },
        ],
    }


@pytest.mark.parametrize("found", [schema(keyed=False), schema(unique=False), Schema({})])
def test_without_a_unique_key_field_no_key_is_sent(found: Schema) -> None:
    graph = packing.graph_of(0, draft({"Subject": "s"}, FILE), found)
    assert not graph.keyed
    assert all(KEY_FIELD not in node.fields for node in graph.nodes)


def test_custom_fields_that_the_org_lacks_are_left_out() -> None:
    fields: dict[str, Value] = {"Crosstie_Mark__c": True, "Crosstie_Absent__c": True, "Unknown": 1}
    assert set(packing.graph_of(0, draft(fields), schema()).root.fields) == {
        "Crosstie_Mark__c",
        "Unknown",
        KEY_FIELD,
    }


def test_unwanted_fields_are_left_out_of_every_node() -> None:
    graph = packing.graph_of(0, draft({"Subject": "s"}, RELATION, FILE), schema()).files_later()
    unwanted = {EMAIL_MESSAGE: {"Subject"}, CONTENT_VERSION: {"Title", KEY_FIELD}}
    cleaned = packing.without(graph, lambda name: unwanted.get(name, set()))
    assert [set(node.fields) for node in (*cleaned.nodes, *cleaned.later)] == [
        {KEY_FIELD},
        {"RelationType"},
        {"VersionData"},
    ]


@pytest.mark.parametrize(
    ("name", "value", "stored"),
    [
        ("Subject", "short", "short"),
        ("Subject", "x" * 11, "x" * 10),
        ("Subject", "\N{GRINNING FACE}" * 6, "\N{GRINNING FACE}" * 5),
        ("Subject", "a" + "\N{GRINNING FACE}" * 6, "a" + "\N{GRINNING FACE}" * 4),
        ("Subject", "@{r0.id}", "@\u2060{r0.id}"),
        ("HtmlBody", "<p>@{r0.id}</p>", "<p>@&#123;r0.id}</p>"),
        ("Subject", 12345678901, 12345678901),
        ("Elsewhere", "x" * 5000, "x" * 5000),
    ],
)
def test_texts_as_they_are_stored(name: str, value: Value, stored: Value) -> None:
    assert packing.as_stored(EMAIL_MESSAGE, name, value, schema()) == stored


def test_files_may_go_later() -> None:
    graph = packing.graph_of(0, draft({"Subject": "s"}, RELATION, FILE), schema()).files_later()
    assert [node.object for node in graph.nodes] == [EMAIL_MESSAGE, "EmailMessageRelation"]
    assert [node.object for node in graph.later] == [CONTENT_VERSION]
    assert graph.files_later() == graph


KINDS = [f"Object{number}__c" for number in range(20)]
children = st.lists(st.tuples(st.sampled_from(KINDS), st.integers(0, 12_000_000)), max_size=30)
graphs = st.lists(st.tuples(children, st.sampled_from([75, 20, 5, 1])), max_size=200)


def _graph(at: int, nodes: list[tuple[str, int]], chunk: int) -> Graph:
    made = tuple(Node(kind, {"Data": _Sized(size)}, "Parent__c") for kind, size in nodes)
    return Graph(at, Node(TASK, {"Subject": "s"}), made, chunk=chunk)


class _Sized(bytes):
    """Claims a size, so that the law can be tried with large files."""

    def __new__(cls, size: int) -> "_Sized":
        made = super().__new__(cls)
        made.size = size
        return made

    size: int

    def __len__(self) -> int:
        return self.size


@given(graphs)
def test_every_limit_is_kept_and_nothing_is_lost(wanted: list[tuple[list[tuple[str, int]], int]]) -> None:
    made = [_graph(at, nodes, chunk) for at, (nodes, chunk) in enumerate(wanted)]
    calls = packing.pack(made)
    assert sorted(graph.at for call in calls for graph in call) == list(range(len(made)))
    for call in calls:
        assert len({graph.chunk for graph in call}) == 1
        assert len(call) <= call[0].chunk
        assert sum(len(graph.nodes) for graph in call) <= packing.NODES
        assert [graph.at for graph in call] == sorted(graph.at for graph in call)
        if len(call) > 1:
            assert sum(graph.size for graph in call) <= packing.BODY
            assert len({node.object for graph in call for node in graph.nodes}) <= packing.KINDS


@given(st.lists(st.tuples(st.sampled_from(KINDS), st.integers(0, 12_000_000)), max_size=500))
def test_collections_keep_their_limits(wanted: list[tuple[str, int]]) -> None:
    nodes = [(Node(kind, {"Data": _Sized(size)}), "id", at) for at, (kind, size) in enumerate(wanted)]
    calls = packing.pack_nodes(nodes)
    assert sorted(at for call in calls for _, _, at in call) == list(range(len(nodes)))
    for call in calls:
        kinds = [node.object for node, _, _ in call]
        assert kinds == sorted(kinds)
        assert len(call) <= 200
        assert len(call) == 1 or sum(node.size for node, _, _ in call) <= packing.BODY


@given(
    st.dictionaries(st.sampled_from(["A", "B", "C"]), st.one_of(st.text(max_size=300), st.binary(max_size=300)))
)
def test_a_nodes_size_is_near_its_json(fields: dict[str, Any]) -> None:
    node = Node(TASK, fields)
    written = len(json.dumps(node.body(), ensure_ascii=False).encode("utf-8", "replace"))
    assert written <= node.size * 6
    assert node.size <= written + 1000


def test_fifty_mails_with_forty_kilobytes_are_one_call() -> None:
    file = ChildDraft(CONTENT_VERSION, "FirstPublishLocationId", {"Title": "t", "VersionData": b"x" * 40_000})
    made = [packing.graph_of(at, draft({"Subject": "s"}, RELATION, file), schema()) for at in range(50)]
    assert [len(call) for call in packing.pack(made)] == [50]
