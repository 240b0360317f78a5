"""Every operation of the SOAP face that needs a session, by its name in the WSDL."""

from collections.abc import Callable
from dataclasses import replace
from typing import NamedTuple

from sandbox.salesforce.errors import SalesforceError
from sandbox.salesforce.rest import password, query, replication
from sandbox.salesforce.rest.exchange import Answer, Ask
from sandbox.salesforce.soap import describes, rows, sobjects, whole
from sandbox.salesforce.soap.asked import Asked
from sandbox.salesforce.soap.login import user_info
from sandbox.salesforce.soap.markup import Xml, element, joined


class Operation(NamedTuple):
    act: Callable[[Asked], list[Xml]]
    members: tuple[str, ...] = ()
    """What its element may hold; the vendor refuses anything else."""


_STAMP = "%Y-%m-%dT%H:%M:%S.000Z"


def _user_info(asked: Asked) -> list[Xml]:
    return [element("result", user_info(asked.ask.site, asked.session, asked.ask.world.clock.now()))]


def _timestamp(asked: Asked) -> list[Xml]:
    now = asked.ask.world.clock.now().strftime(_STAMP)
    return [element("result", element("timestamp", now))]


def _logout(asked: Asked) -> list[Xml]:
    asked.ask.site.tokens.revoke(asked.session.token)
    return []


def _invalidate(asked: Asked) -> list[Xml]:
    ended = [asked.ask.site.tokens.revoke(token) for token in asked.texts("sessionIds")]
    return [
        element("result", joined([*([] if one else [_no_session()]), element("success", one)])) for one in ended
    ]


def _no_session() -> Xml:
    return rows.errors([SalesforceError("INVALID_SESSION_ID", "Invalid session id").collection_error()])[0]


def _set_password(asked: Asked) -> list[Xml]:
    password.put(asked.ask, asked.text("userId"), asked.text("password"))
    return [element("result", Xml(""))]


def _query(asked: Asked) -> list[Xml]:
    return _page(asked, query.query(_soql(asked)))


def _query_all(asked: Asked) -> list[Xml]:
    return _page(asked, query.query_all(_soql(asked)))


def _query_more(asked: Asked) -> list[Xml]:
    return _page(asked, query.more(asked.ask, asked.text("queryLocator")))


def _soql(asked: Asked) -> Ask:
    return replace(asked.ask, query={"q": asked.text("queryString")})


def _page(asked: Asked, answer: Answer) -> list[Xml]:
    body = answer.body
    found = [sobjects.show(asked.org, asked.ask.user, row, asked.dialect) for row in body["records"]]
    locator = str(body.get("nextRecordsUrl", "")).rpartition("/")[2]
    return [element("result", sobjects.page(found, body["totalSize"], locator), kind="QueryResult")]


def _search(asked: Asked) -> list[Xml]:
    """Each record in a wrapper of its own; nothing is ever promoted or corrected."""
    told = joined([element("searchPromoted", False), element("spellCorrected", False)])
    found = [
        element(
            "searchRecords",
            joined(
                [
                    sobjects.show(asked.org, asked.ask.user, row, asked.dialect, "record"),
                    element("searchRecordMetadata", told),
                ]
            ),
        )
        for row in asked.org.search(asked.ask.user, asked.text("searchString"))
    ]
    query_id = element("queryId", asked.org.core.ids.make("0Qi")[:15])
    return [element("result", joined([query_id, *found]))]


def _updated(asked: Asked) -> list[Xml]:
    body = replication.updated(_stretch(asked), asked.object_name()).body
    ids = [element("ids", one) for one in body["ids"]]
    covered = element("latestDateCovered", sobjects.moment(body["latestDateCovered"]))
    return [element("result", joined([*ids, covered]))]


def _deleted(asked: Asked) -> list[Xml]:
    body = replication.deleted(_stretch(asked), asked.object_name()).body
    gone = [
        element(
            "deletedRecords",
            joined([element("deletedDate", sobjects.moment(one["deletedDate"])), element("id", one["id"])]),
        )
        for one in body["deletedRecords"]
    ]
    dates = [element(name, sobjects.moment(body[name])) for name in ("earliestDateAvailable", "latestDateCovered")]
    return [element("result", joined([*gone, *dates]))]


def _stretch(asked: Asked) -> Ask:
    return replace(asked.ask, query={"start": asked.text("startDate"), "end": asked.text("endDate")})


OPERATIONS: dict[str, Operation] = {
    "convertLead": Operation(whole.convert_lead, ("leadConverts",)),
    "create": Operation(rows.create, ("sObjects",)),
    "delete": Operation(rows.delete, ("ids",)),
    "describeGlobal": Operation(describes.describe_global),
    "describeSObject": Operation(describes.describe_one, ("sObjectType",)),
    "describeSObjects": Operation(describes.describe_many, ("sObjectType",)),
    "emptyRecycleBin": Operation(rows.empty_recycle_bin, ("ids",)),
    "getDeleted": Operation(_deleted, ("sObjectType", "startDate", "endDate")),
    "getServerTimestamp": Operation(_timestamp),
    "getUpdated": Operation(_updated, ("sObjectType", "startDate", "endDate")),
    "getUserInfo": Operation(_user_info),
    "invalidateSessions": Operation(_invalidate, ("sessionIds",)),
    "logout": Operation(_logout),
    "merge": Operation(whole.merge, ("request",)),
    "query": Operation(_query, ("queryString",)),
    "queryAll": Operation(_query_all, ("queryString",)),
    "queryMore": Operation(_query_more, ("queryLocator",)),
    "retrieve": Operation(rows.retrieve, ("fieldList", "sObjectType", "ids")),
    "search": Operation(_search, ("searchString",)),
    "setPassword": Operation(_set_password, ("userId", "password")),
    "undelete": Operation(rows.undelete, ("ids",)),
    "update": Operation(rows.update, ("sObjects",)),
    "upsert": Operation(rows.upsert, ("externalIDFieldName", "sObjects")),
}
