"""The console's addresses: like those below `/sandbox` not logged as requests, and no fault befalls them."""

from sandbox.console import agenda, changes, deeplink, logs, luck, mailbox, overview, page, records, sending
from sandbox.http import Call, Face, Response, Route

_MESSAGE = "/console/mailboxes/<owner>/messages/<int:number>"
_CALENDAR = "/console/mailboxes/<owner>/calendar"
_ORG = "/console/orgs/<org_id>"
_RECORD = f"{_ORG}/records/<record_id>"


def _unknown(call: Call) -> Response:
    return page.missing(call)


_ROUTES = (
    Route("overview", "GET", "/console", overview.show),
    Route("style", "GET", "/console/style.css", page.stylesheet),
    Route("send", "GET", "/console/send", sending.show),
    Route("send_post", "POST", "/console/send", sending.post),
    Route("mailbox", "GET", "/console/mailboxes/<owner>", mailbox.show),
    Route("message", "GET", _MESSAGE, mailbox.open_message),
    Route("message_raw", "GET", f"{_MESSAGE}/raw", mailbox.raw),
    Route("attachment", "GET", f"{_MESSAGE}/attachments/<int:file>", mailbox.attachment),
    Route("category", "POST", f"{_MESSAGE}/category", mailbox.change_category),
    Route("move", "POST", f"{_MESSAGE}/move", mailbox.move),
    Route("message_delete", "POST", f"{_MESSAGE}/delete", mailbox.delete),
    Route("calendar", "GET", _CALENDAR, agenda.show),
    Route("calendar_make", "POST", _CALENDAR, agenda.make),
    Route("appointment", "GET", f"{_CALENDAR}/<int:number>", agenda.show_one),
    Route("appointment_do", "POST", f"{_CALENDAR}/<int:number>/<act>", agenda.do),
    Route("org", "GET", _ORG, records.show_org),
    Route("list", "GET", f"{_ORG}/objects/<name>", records.show_list),
    Route("record", "GET", _RECORD, records.show_record),
    Route("file", "GET", f"{_ORG}/files/<version_id>", records.show_file),
    Route("create", "POST", f"{_ORG}/objects/<name>", page.act(records.in_org(changes.create))),
    Route("change", "POST", f"{_RECORD}/change", page.act(records.in_org(changes.change))),
    Route("delete", "POST", f"{_RECORD}/delete", page.act(records.in_org(changes.delete))),
    Route("undelete", "POST", f"{_RECORD}/undelete", page.act(records.in_org(changes.undelete))),
    Route("convert", "POST", f"{_RECORD}/convert", page.act(records.in_org(changes.convert))),
    Route("deeplink", "GET", "/<string(length=18):record_id>", deeplink.follow),
    Route("outbox", "GET", "/console/outbox", logs.outbox),
    Route("requests", "GET", "/console/requests", logs.requests),
    Route("request", "GET", "/console/requests/<int:number>", logs.one_request),
    Route("switches", "GET", "/console/switches", luck.show_switches),
    Route("switches_turn", "POST", "/console/switches", luck.turn_switch),
    Route("faults", "GET", "/console/faults", luck.show_faults),
    Route("faults_add", "POST", "/console/faults", luck.add_fault),
    Route("faults_clear", "POST", "/console/faults/clear", luck.clear_faults),
)

FACE = Face(
    name="console",
    hosts=(),
    routes=_ROUTES,
    not_found=_unknown,
    path_prefixes=("/console",),
    logged=False,
)
