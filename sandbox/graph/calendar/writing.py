"""From what a client wrote to what the calendar does; whom it tells of that is the calendar's own business."""

import html
from typing import Any

from sandbox.graph.attached import read_attachment
from sandbox.graph.calendar.items import Item
from sandbox.graph.calendar.problems import refusing
from sandbox.graph.calendar.reading import Written
from sandbox.graph.context import Context
from sandbox.graph.errors import bad_request
from sandbox.mailboxes.calendar.expand import occurrence
from sandbox.mailboxes.calendar.meetings import Act
from sandbox.mailboxes.calendar.model import Appointment, Calendar, Details, OnlineMeeting
from sandbox.mailboxes.text import text_to_html

_BLOB = (
    '<br><div class="me-email-text"><a class="me-email-headline" href="{url}">Join the meeting now</a>'
    "<div>Meeting ID: {id}</div></div>"
)
_BODY_END = "</body>"


def act_of(context: Context) -> Act:
    return Act("graph", context.call.route.name)


def create_event(context: Context, written: Written, calendar: Calendar) -> Appointment:
    changes = changes_of(context, written, Details())
    changes["attachments"] = tuple(
        read_attachment(one, number) for number, one in enumerate(written.attachments, start=1)
    )
    rule = None if written.rule == "kept" else written.rule
    with refusing():
        return context.store.meetings.create(
            context.mailbox, Details(**changes), rule=rule, calendar=calendar, transaction=written.transaction,
            act=act_of(context),
        )  # fmt: skip


def update_event(context: Context, item: Item, written: Written) -> Item:
    if written.attachments:
        raise bad_request("Attachments are added one by one.", "ErrorInvalidPropertySet")
    if item.occurrence and written.rule != "kept":
        raise bad_request("An occurrence has no recurrence of its own.", "ErrorInvalidRequest")
    change_event(context, item, changes_of(context, written, item.details), rule=written.rule)
    return renewed(item)


def change_event(context: Context, item: Item, changes: dict[str, Any], **options: Any) -> None:
    original = item.occurrence.original if item.occurrence else None
    with refusing():
        context.store.meetings.update(
            context.mailbox, item.series, changes, original=original, act=act_of(context), **options
        )


def renewed(item: Item) -> Item:
    """As it is after a change."""
    if item.occurrence is None:
        return item
    return Item(item.series, occurrence(item.series, item.occurrence.original))


def delete_event(context: Context, item: Item, *, for_good: bool = False) -> None:
    original = item.occurrence.original if item.occurrence else None
    with refusing():
        context.store.meetings.delete(
            context.mailbox, item.series, original=original, for_good=for_good, act=act_of(context)
        )


def changes_of(context: Context, written: Written, before: Details) -> dict[str, Any]:
    changes = dict(written.changes)
    if written.properties:
        merged = {**before.properties, **written.properties}
        changes["properties"] = {name: value for name, value in merged.items() if value is not None}
    if written.extensions:
        changes["extensions"] = {**before.extensions, **written.extensions}
    return changes | _online(context, written, before)


def _online(context: Context, written: Written, before: Details) -> dict[str, Any]:
    """A meeting that is online stays so, unless its body loses the part that leads there."""
    if before.online:
        html_kept = written.changes.get("html", before.html) or ""
        lost = written.names >= {"body"} and html.escape(before.online.url) not in html_kept
        return {"online": None} if lost else {}
    if not written.online:
        return {}
    dice = context.store.dice
    meeting = f"{dice.getrandbits(48)}"
    thread = f"19%3ameeting_{dice.getrandbits(128):032x}%40thread.v2"
    url = f"https://teams.microsoft.com/l/meetup-join/{thread}/0?context=%7b%22Tid%22%3a%22{context.grant.tenant}%22%7d"
    body = written.changes.get("html") or text_to_html(written.changes.get("text") or before.text or "")
    blob = _BLOB.format(url=html.escape(url), id=meeting)
    end = body.lower().rfind(_BODY_END)
    body = f"{body}{blob}" if end < 0 else f"{body[:end]}{blob}{body[end:]}"
    return {
        "online": OnlineMeeting("teamsForBusiness", url, {"conferenceId": meeting}),
        "html": body,
        "text": None,
    }
