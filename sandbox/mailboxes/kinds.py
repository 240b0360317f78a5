"""Which kind of item Exchange makes of a mail: [MS-OXCMAIL] and [MS-OXOCAL] name the message classes."""

from email.message import Message

from sandbox.mailboxes.model import Meeting

_REPORT_OF_ACTION = {
    "failed": "REPORT.IPM.Note.NDR",
    "delayed": "REPORT.IPM.Note.DELAYED",
    "delivered": "REPORT.IPM.Note.DR",
    "relayed": "REPORT.IPM.Note.Relayed",
    "expanded": "REPORT.IPM.Note.Expanded",
}
_RESPONSE_OF_ANSWER = {"ACCEPTED": "Pos", "DECLINED": "Neg", "TENTATIVE": "Tent"}


def item_class(message: "Message[str, str]", meeting: Meeting | None) -> str:
    content_type = message.get_content_type()
    if content_type == "multipart/report":
        return _report_class(message)
    if content_type == "multipart/signed":
        return "IPM.Note.SMIME.MultipartSigned"
    if content_type in ("application/pkcs7-mime", "application/x-pkcs7-mime"):
        return "IPM.Note.SMIME"
    if meeting is not None:
        return _meeting_class(meeting)
    return "IPM.Note"


def _report_class(message: "Message[str, str]") -> str:
    kind = str(message.get_param("report-type", "")).lower()
    for part in message.walk():
        content_type = part.get_content_type()
        if content_type == "message/disposition-notification":
            deleted = "deleted" in _text(part).lower()
            return "REPORT.IPM.Note.IPNNRN" if deleted else "REPORT.IPM.Note.IPNRN"
        if content_type == "message/delivery-status":
            return _delivery_class(_text(part))
    return "REPORT.IPM.Note.NDR" if kind == "delivery-status" else "IPM.Note"


def _delivery_class(status: str) -> str:
    """A report on several recipients is as bad as its worst."""
    actions = [
        line.partition(":")[2].split()[0].lower()
        for line in status.splitlines()
        if line.lower().startswith("action:") and line.partition(":")[2].split()
    ]
    for action, name in _REPORT_OF_ACTION.items():
        if action in actions:
            return name
    return "REPORT.IPM.Note.NDR"


def _text(part: "Message[str, str]") -> str:
    """A message/* part is parsed into header blocks; its text is all of them."""
    payload = part.get_payload()
    if isinstance(payload, str):
        return payload
    blocks = payload if isinstance(payload, list) else [payload]
    return "\n".join(str(block) for block in blocks)


def is_scheduling(meeting: Meeting) -> bool:
    return _meeting_class(meeting) != "IPM.Note"


def _meeting_class(meeting: Meeting) -> str:
    if meeting.method == "REQUEST":
        return "IPM.Schedule.Meeting.Request"
    if meeting.method == "CANCEL":
        return "IPM.Schedule.Meeting.Canceled"
    if meeting.method in ("REPLY", "COUNTER"):
        return "IPM.Schedule.Meeting.Resp." + _RESPONSE_OF_ANSWER.get(meeting.answer, "Tent")
    return "IPM.Note"
