"""`/composite/batch`: up to 25 independent parts, each of which costs an API call of its own."""

from typing import Any

from sandbox.salesforce.errors import SalesforceError
from sandbox.salesforce.rest.exchange import Answer, Ask, flag
from sandbox.salesforce.rest.parts import Part, note, run_part
from sandbox.salesforce.rest.table import Table

MOST_PARTS = 25
_HALTED = SalesforceError("BATCH_PROCESSING_HALTED", "Batch processing halted per request", 412)


def batch(table: Table, ask: Ask) -> Answer:
    parts = _read(ask.body)
    note(table, ask, parts)
    ask.site.usage.count(ask.world.clock.now(), max(0, len(parts) - 1))
    halting = flag(ask.body.get("haltOnError"))
    results: list[dict[str, Any]] = []
    has_errors = False
    for part in parts:
        if has_errors and halting:
            results.append({"statusCode": _HALTED.status, "result": [_HALTED.row_body()]})
            continue
        answer = run_part(table, ask, part, {}, "batch")
        has_errors = has_errors or answer.failed
        results.append({"statusCode": answer.status, "result": answer.body})
    return Answer(200, {"hasErrors": has_errors, "results": results})


def _read(body: Any) -> list[Part]:
    raw = body.get("batchRequests") if isinstance(body, dict) else None
    if not isinstance(raw, list) or not all(isinstance(one, dict) for one in raw):
        raise SalesforceError("JSON_PARSER_ERROR", "batchRequests is required, a list of objects")
    if len(raw) > MOST_PARTS:
        raise SalesforceError("LIMIT_EXCEEDED", f"The request can’t contain more than {MOST_PARTS} operations.")
    return [
        Part(
            str(one.get("method", "")).upper(),
            "/services/data/" + str(one.get("url", "")).removeprefix("/services/data/").lstrip("/"),
            str(at),
            one.get("richInput"),
        )
        for at, one in enumerate(raw)
    ]
