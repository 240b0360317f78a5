"""`/query?explain=`: which way a query would go, without going it.

Cardinalities are those of the sandbox's own indexes; costs compare with looking at every row, which costs 1.
"""

from typing import Any

from sandbox.salesforce.ids import Id
from sandbox.salesforce.soql.bind import Scope
from sandbox.salesforce.soql.engine import QueryEngine
from sandbox.salesforce.soql.parse import parse


def explain(engine: QueryEngine, user: Id, soql: str) -> dict[str, Any]:
    """Plans from the cheapest on; the first is the one that is taken."""
    query = parse(soql)
    scope = engine.scope(user, soql, query, all_rows=False)
    lookup = engine.condition(scope, query).lookup
    total = len(engine.core.store.table(scope.shape.name).rows)
    note = {
        "description": "Not considering filter for optimization because unindexed",
        "fields": ["IsDeleted"],
        "tableEnumOrId": scope.shape.name,
    }
    notes = [note] if "IsDeleted" in scope.shape.fields else []
    plans = [_plan(scope, "TableScan", total, 1.0) | {"notes": notes}]
    if lookup is not None:
        cost = lookup.count() / total if total else 0.0
        index = _plan(scope, "Index", lookup.count(), cost)
        plans.append(index | {"fields": sorted(lookup.fields()), "sobjectCardinality": total})
    return {"plans": sorted(plans, key=lambda plan: float(plan["relativeCost"])), "sourceQuery": soql}


def _plan(scope: Scope, kind: str, count: int, cost: float) -> dict[str, Any]:
    return {
        "cardinality": count,
        "fields": [],
        "leadingOperationType": kind,
        "notes": [],
        "relativeCost": cost,
        "sobjectCardinality": count,
        "sobjectType": scope.shape.name,
    }
