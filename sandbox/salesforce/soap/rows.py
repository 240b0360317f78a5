"""Records written and read: each operation is the REST face's collection of the same name."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any

from sandbox.salesforce.errors import SalesforceError
from sandbox.salesforce.ids import Id, normalise
from sandbox.salesforce.rest import collections
from sandbox.salesforce.rest.exchange import Answer
from sandbox.salesforce.rest.together import kept_if_good
from sandbox.salesforce.soap import sobjects
from sandbox.salesforce.soap.asked import Asked
from sandbox.salesforce.soap.markup import Xml, element, joined
from sandbox.salesforce.wording import of_a_row

Result = dict[str, Any]
MOST_IN_BIN_CALL = 200


def create(asked: Asked) -> list[Xml]:
    return _saved(_written(asked, collections.create))


def update(asked: Asked) -> list[Xml]:
    return _saved(_written(asked, collections.change))


def upsert(asked: Asked) -> list[Xml]:
    """Records of one type, as in the REST face's collection."""
    records = [sobjects.read(asked.org, one, asked.dialect) for one in asked.members("sObjects")]
    types = sorted({record["attributes"]["type"] for record in records})
    if len(types) > 1:
        raise SalesforceError("INVALID_TYPE", f"upsert takes records of one type here: {', '.join(types)}")
    ask = replace(asked.ask, body={"records": records, "allOrNone": asked.all_or_none})
    field = asked.text("externalIDFieldName")
    answer = collections.upsert(ask, types[0] if types else "", field)
    return [_result(one, created=bool(one.get("created"))) for one in answer.body]


def delete(asked: Asked) -> list[Xml]:
    query = {"ids": ",".join(asked.texts("ids")), "allOrNone": str(asked.all_or_none)}
    return _saved(collections.remove(replace(asked.ask, query=query)))


def undelete(asked: Asked) -> list[Xml]:
    return _by_id(asked, lambda record_id: asked.org.undelete(asked.ask.user, record_id))


def empty_recycle_bin(asked: Asked) -> list[Xml]:
    def purge(record_id: Id) -> None:
        asked.org.empty_bin(asked.ask.user, [record_id])

    return _by_id(asked, purge)


def retrieve(asked: Asked) -> list[Xml]:
    """In the order of the ids, nil for what is not there."""
    names = [name.strip() for name in asked.text("fieldList").split(",")]
    body = {"ids": asked.texts("ids"), "fields": names}
    found = collections.read_many(replace(asked.ask, body=body), asked.object_name()).body
    wanted = {name.lower() for name in names} | {"attributes", "id"}
    return [
        element("result", None)
        if row is None
        else sobjects.show(
            asked.org,
            asked.ask.user,
            {name: value for name, value in row.items() if name.lower() in wanted},
            asked.dialect,
            "result",
        )
        for row in found
    ]


def _written(asked: Asked, act: Callable[..., Answer]) -> Answer:
    records = [sobjects.read(asked.org, one, asked.dialect) for one in asked.members("sObjects")]
    return act(replace(asked.ask, body={"records": records, "allOrNone": asked.all_or_none}))


def _by_id(asked: Asked, act: Callable[[Id], None]) -> list[Xml]:
    ids = asked.texts("ids")
    if len(ids) > MOST_IN_BIN_CALL:
        raise SalesforceError(
            "EXCEEDED_ID_LIMIT", f"cannot submit more than {MOST_IN_BIN_CALL} ids into this call"
        )

    def one(record_id: Id) -> Result:
        try:
            act(record_id)
        except SalesforceError as error:
            return {"success": False, "errors": [error.collection_error()]}
        return {"id": normalise(record_id), "success": True, "errors": []}

    def together() -> tuple[list[Result], bool]:
        results = [one(record_id) for record_id in ids]
        return results, not asked.all_or_none or all(result["success"] for result in results)

    results, good = kept_if_good(asked.org, together)
    if not good:
        rolled_back = {"success": False, "errors": [collections.ROLLED_BACK.collection_error()]}
        results = [rolled_back if result["success"] else result for result in results]
    return [_result(result) for result in results]


def _saved(answer: Answer) -> list[Xml]:
    return [_result(one) for one in answer.body]


def _result(result: Result, created: bool | None = None) -> Xml:
    parts = [] if created is None else [element("created", created)]
    parts += errors(result["errors"])
    return element(
        "result", joined([*parts, element("id", result.get("id")), element("success", result["success"])])
    )


def errors(found: Iterable[dict[str, Any]]) -> list[Xml]:
    return [
        element(
            "errors",
            joined(
                [
                    *(element("fields", name) for name in one["fields"]),
                    element("message", one["message"]),
                    element("statusCode", one["statusCode"]),
                ]
            ),
        )
        for one in map(of_a_row, found)
    ]
