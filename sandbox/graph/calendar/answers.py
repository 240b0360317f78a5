"""What the invited and the organiser do about a meeting, and what anybody does about a reminder."""

from datetime import datetime
from typing import Any

from sandbox.graph.calendar.items import Item, find
from sandbox.graph.calendar.problems import refusing
from sandbox.graph.calendar.times import read_local
from sandbox.graph.calendar.writing import act_of, delete_event
from sandbox.graph.context import Context
from sandbox.graph.errors import bad_request
from sandbox.graph.values import object_of, people, text, truth
from sandbox.http import Response
from sandbox.mailboxes.calendar.model import Response as Answer


def accept(context: Context, event: str) -> Response:
    return _answer(context, event, "accepted")


def tentatively_accept(context: Context, event: str) -> Response:
    return _answer(context, event, "tentativelyAccepted")


def decline(context: Context, event: str) -> Response:
    return _answer(context, event, "declined")


def _answer(context: Context, event: str, response: Answer) -> Response:
    item = find(context, event)
    may_propose = response != "accepted"
    body = parameters(context, "comment", "sendresponse", *(("proposednewtime",) if may_propose else ()))
    send = truth("sendResponse", body.get("sendresponse", True))
    comment = text("comment", body.get("comment"))
    if comment and not send:
        raise bad_request("'SendResponse' must be true when 'Comment' is not null.", "ErrorInvalidParameter")
    with refusing():
        context.store.meetings.answer(
            context.mailbox, item.series, response, comment=comment, send=send,
            proposed=_proposal(item, body.get("proposednewtime"), send=send), original=_original(item),
            act=act_of(context),
        )  # fmt: skip
    return context.nothing(202)


def _proposal(item: Item, value: Any, *, send: bool) -> tuple[datetime, datetime] | None:
    if value is None:
        return None
    slot = object_of("proposedNewTime", value, "start", "end")
    start, end = (read_local(f"proposedNewTime.{name}", slot.get(name)).moment for name in ("start", "end"))
    if not send or not item.details.takes_proposals or end < start:
        raise bad_request("No other time can be proposed here.", "ErrorInvalidParameter")
    return start, end


def cancel(context: Context, event: str) -> Response:
    item = find(context, event)
    comment = text("comment", parameters(context, "comment").get("comment"))
    with refusing():
        context.store.meetings.cancel(
            context.mailbox, item.series, comment=comment, original=_original(item), act=act_of(context)
        )
    return context.nothing(202)


def forward(context: Context, event: str) -> Response:
    item = find(context, event)
    body = parameters(context, "comment", "torecipients")
    to = people("toRecipients", body.get("torecipients") or [])
    if not to or any("@" not in one.address for one in to):
        raise bad_request("A forward needs recipients.", "ErrorInvalidRecipients")
    comment = text("comment", body.get("comment"))
    with refusing():
        context.store.meetings.forward(
            context.mailbox, item.series, to, comment=comment, original=_original(item), act=act_of(context)
        )
    return context.nothing(202)


def purge(context: Context, event: str) -> Response:
    delete_event(context, find(context, event), for_good=True)
    return context.nothing()


def dismiss_reminder(context: Context, event: str) -> Response:
    """Nobody is reminded here, so there is nothing to stop; what there is not cannot be dismissed either."""
    find(context, event)
    parameters(context)
    return context.nothing(200)


def snooze_reminder(context: Context, event: str) -> Response:
    find(context, event)
    read_local("newReminderTime", parameters(context, "newremindertime").get("newremindertime"))
    return context.nothing(200)


def _original(item: Item) -> Any:
    return item.occurrence.original if item.occurrence else None


def parameters(context: Context, *known: str) -> dict[str, Any]:
    """Parameters by their names in small letters: the schema and the pages write them differently."""
    sent = context.body() if context.request.get_data(cache=True) else {}
    body = {name.lower(): value for name, value in sent.items() if "@" not in name}
    unknown = set(body) - set(known)
    if unknown:
        raise bad_request(f"There is no parameter {min(unknown)} here.", "RequestBodyRead")
    return body
