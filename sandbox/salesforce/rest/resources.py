"""Every REST address of the sandbox's Salesforce."""

from functools import partial

from sandbox.salesforce.bulk import ingest
from sandbox.salesforce.bulk import query as bulk_query
from sandbox.salesforce.rest import (
    batch,
    collections,
    composite,
    describe,
    graph,
    limits,
    listviews,
    password,
    query,
    replication,
    rows,
    search,
    tooling,
    tree,
)
from sandbox.salesforce.rest.exchange import Handler, Parent
from sandbox.salesforce.rest.table import Resource, Table

_ROWS: frozenset[Parent] = frozenset(("composite", "graph", "batch"))
_PARTS: frozenset[Parent] = frozenset(("composite", "batch"))
_BATCH: frozenset[Parent] = frozenset(("batch",))
_OBJECT = "/sobjects/<object_name>"
_ROW = f"{_OBJECT}/<record_id>"
_KEY = f"{_OBJECT}/<field>/<value>"
_VIEWS = f"{_OBJECT}/listviews"
_VIEW = f"{_VIEWS}/<view_id>"
_SIGN_IN = "/sobjects/User/<user_id>/password"
_COLLECTION = "/composite/sobjects"


def _collection(name: str, method: str, rule: str, handler: Handler) -> Resource:
    return Resource(name, method, rule, handler, frozenset(("composite",)), collection=True)


_SINGLE = (
    Resource("resources", "GET", "/", describe.resources),
    Resource("limits", "GET", "/limits", limits.limits, _BATCH),
    Resource("query", "GET", "/query", query.query, _PARTS, query=True),
    Resource("query_all", "GET", "/queryAll", query.query_all, _PARTS, query=True),
    Resource("query_more", "GET", "/query/<locator>", query.more, _PARTS, query=True),
    Resource("search", "GET", "/search", search.search, _BATCH),
    Resource("parameterized_search", "GET", "/parameterizedSearch", search.by_address, _BATCH),
    Resource("parameterized_search_body", "POST", "/parameterizedSearch", search.by_body),
    Resource("list_views", "GET", _VIEWS, listviews.listed, _PARTS),
    Resource("list_views_recent", "GET", f"{_VIEWS}/recent", listviews.recent, _PARTS),
    Resource("list_view", "GET", _VIEW, listviews.one, _PARTS),
    Resource("list_view_describe", "GET", f"{_VIEW}/describe", listviews.describe, _PARTS),
    Resource("list_view_results", "GET", f"{_VIEW}/results", listviews.results, _PARTS),
    Resource("recent", "GET", "/recent", describe.recent, _BATCH),
    Resource("describe_global", "GET", "/sobjects", describe.everything, _PARTS),
    Resource("describe", "GET", f"{_OBJECT}/describe", describe.one, _PARTS),
    Resource("describe_basics", "GET", _OBJECT, describe.basics, _PARTS),
    Resource("updated", "GET", f"{_OBJECT}/updated", replication.updated, _PARTS),
    Resource("deleted", "GET", f"{_OBJECT}/deleted", replication.deleted, _PARTS),
    Resource("row_create", "POST", _OBJECT, rows.create, _ROWS),
    Resource("row_read", "GET", _ROW, rows.read, _ROWS),
    Resource("row_update", "PATCH", _ROW, rows.change, _ROWS),
    Resource("row_delete", "DELETE", _ROW, rows.remove, _ROWS),
    Resource("row_read_by_key", "GET", _KEY, rows.read_by_key, _ROWS),
    Resource("row_upsert", "PATCH", _KEY, rows.upsert, _ROWS),
    Resource("row_delete_by_key", "DELETE", _KEY, rows.remove_by_key, _ROWS),
    Resource("tooling_create_field", "POST", "/tooling/sobjects/CustomField", tooling.create_field),
    Resource("password", "GET", _SIGN_IN, password.is_expired),
    Resource("password_change", "POST", _SIGN_IN, password.change),
    Resource("password_reset", "DELETE", _SIGN_IN, password.reset),
    Resource("blob", "GET", "/sobjects/ContentVersion/<record_id>/VersionData", rows.version_data),
    _collection("collection_create", "POST", _COLLECTION, collections.create),
    _collection("collection_update", "PATCH", _COLLECTION, collections.change),
    _collection("collection_delete", "DELETE", _COLLECTION, collections.remove),
    _collection("collection_read", "GET", f"{_COLLECTION}/<object_name>", collections.read),
    _collection("collection_read_many", "POST", f"{_COLLECTION}/<object_name>", collections.read_many),
    _collection("collection_upsert", "PATCH", f"{_COLLECTION}/<object_name>/<field>", collections.upsert),
)

PARTS = Table(_SINGLE)
"""What a composite, graph or batch looks its parts up in; `within` says what it may use."""

_INGEST = "/jobs/ingest"
_FOUND = "/jobs/query"
_JOBS = (
    Resource("ingest_list", "GET", _INGEST, ingest.every),
    Resource("ingest_create", "POST", _INGEST, ingest.create),
    Resource("ingest_info", "GET", f"{_INGEST}/<job_id>", ingest.info),
    Resource("ingest_turn", "PATCH", f"{_INGEST}/<job_id>", ingest.turn),
    Resource("ingest_delete", "DELETE", f"{_INGEST}/<job_id>", ingest.delete),
    Resource("ingest_upload", "PUT", f"{_INGEST}/<job_id>/batches", ingest.upload, raw=ingest.LARGEST_CONTENT),
    Resource("ingest_results", "GET", f"{_INGEST}/<job_id>/<which>", ingest.results),
    Resource("bulk_query_list", "GET", _FOUND, bulk_query.every),
    Resource("bulk_query_create", "POST", _FOUND, bulk_query.create),
    Resource("bulk_query_info", "GET", f"{_FOUND}/<job_id>", bulk_query.info),
    Resource("bulk_query_turn", "PATCH", f"{_FOUND}/<job_id>", bulk_query.turn),
    Resource("bulk_query_delete", "DELETE", f"{_FOUND}/<job_id>", bulk_query.delete),
    Resource("bulk_query_results", "GET", f"{_FOUND}/<job_id>/results", bulk_query.results),
)

RESOURCES = (
    *_SINGLE,
    *_JOBS,
    Resource("composite_resources", "GET", "/composite", describe.composite_resources),
    Resource("composite", "POST", "/composite", partial(composite.composite, PARTS)),
    Resource("graph", "POST", "/composite/graph", partial(graph.graphs, PARTS)),
    Resource("batch", "POST", "/composite/batch", partial(batch.batch, PARTS)),
    Resource("tree", "POST", "/composite/tree/<object_name>", tree.tree),
)
