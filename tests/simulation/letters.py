"""Mails as people write them."""

from collections.abc import Mapping
from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime

NORA, OMAR, PRIYA = "nora@birchworks.test", "omar@birchworks.test", "priya@cedarbank.test"
QUENTIN, SOFIA = "quentin@elmsons.test", "sofia@dogwood.test"
STRANGER, FREE = "wim@willow.test", "somebody@gmail.com"
SAID, BEFORE = "as discussed", "words from before"
"""In the text of every letter; in what it quotes of an earlier one."""
ADA, BEN, CLEO = "ada@larch.test", "ben@larch.test", "cleo@larch.test"
QUOTE = f'<div class="gmail_quote"><div>On Monday somebody wrote:</div><p>{BEFORE}</p></div>'


def letter(
    subject: str,
    sender: str,
    to: str,
    at: datetime,
    *,
    files: Mapping[str, bytes] | None = None,
    picture: bytes = b"",
    message_id: str = "",
    names: str = "",
    quotes: bool = False,
    **headers: str,
) -> EmailMessage:
    """`files` maps names to bytes; `picture` stands within the text, and so does the address `names`. `message_id`
    "-" leaves that header out. `quotes`: an earlier letter stands below the text.
    """
    one = EmailMessage()
    one["Subject"], one["From"], one["To"] = subject, sender, to
    one["Date"] = format_datetime(at)
    if message_id != "-":
        one["Message-ID"] = message_id or f"<{subject.replace(' ', '.')}@{sender.rpartition('@')[2]}>"
    for name, value in headers.items():
        one[name.replace("_", "-")] = value
    plain, marked = (f"\n\nOn Monday somebody wrote:\n> {BEFORE}", QUOTE) if quotes else ("", "")
    one.set_content(f"{subject}, {SAID}. {names}{plain}")
    source = '<img src="cid:logo">' if picture else ""
    one.add_alternative(f"<p>{subject}, {SAID}. {names}</p>{source}{marked}", subtype="html")
    if picture:
        part = one.get_payload(1)
        assert isinstance(part, EmailMessage)
        part.add_related(picture, "image", "png", cid="<logo>", disposition="inline", filename="logo.png")
    for name, data in (files or {}).items():
        one.add_attachment(data, maintype="application", subtype="octet-stream", filename=name)
    return one
