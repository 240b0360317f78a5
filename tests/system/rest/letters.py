"""The mails, and the people they are from, that carry the planted words."""

from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime

from tests.system.rest.words import IN_MAIL as W
from tests.system.rest.words import IN_SALESFORCE

ADA, BEN = "ada@larch.test", "ben@larch.test"
CUSTOMER = f"{W['local part']}@{W['domain']}.test"
STRANGER = f"{W['stranger, local part']}@{W['stranger, domain']}.test"
CONTACT = f"{IN_SALESFORCE['Contact'].lower()}@{IN_SALESFORCE['Account, domain']}.test"


def letter(number: int, sender: str, to: str, now: datetime, *, attach: bool = False) -> EmailMessage:
    """A mail whose every part says something of its own; `number` tells them apart."""
    one = EmailMessage()
    one["Subject"] = f"{W['subject']} {W['subject, not ASCII']} {number}"
    one["From"] = f'"{W["display name"]} {W["display name, not ASCII"]}" <{sender}>'
    one["To"], one["Date"] = f'"{W["display name, not ASCII"]}" <{to}>', format_datetime(now)
    one["Message-ID"] = f"<{number}.{W['Message-ID']}@{W['domain']}.test>"
    one["Thread-Topic"] = W["conversation"]
    one["References"] = f"<{W['conversation']}@{W['domain']}.test>"
    body = f"{W['text']} {W['text, not ASCII']} {number}"
    one.set_content(body)
    one.add_alternative(f"<p title='{W['markup']}'>{W['markup']}, {body}</p>", subtype="html")
    if attach:
        name = f"{W['file name']} {W['file name, not ASCII']}.txt"
        content = W["file content"].encode() * 9
        one.add_attachment(content, maintype="application", subtype="octet-stream", filename=name)
    return one
