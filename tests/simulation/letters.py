"""Mails as people write them."""

from collections.abc import Mapping
from copy import deepcopy
from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime

from tests.simulation.texts import BARE, Words

NORA, OMAR, PRIYA = "nora@birchworks.test", "omar@birchworks.test", "priya@cedarbank.test"
QUENTIN, SOFIA = "quentin@elmsons.test", "sofia@dogwood.test"
STRANGER, FREE = "wim@willow.test", "somebody@gmail.com"
SAID = "as discussed"
"""In the text of every letter."""
ADA, BEN, CLEO = "ada@larch.test", "ben@larch.test", "cleo@larch.test"


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
    words: Words = BARE,
    **headers: str,
) -> EmailMessage:
    """`files` maps names to bytes; `picture` stands within the text, and so does the address `names`. `message_id`
    "-" leaves that header out. `words` stand below the first line.
    """
    one = EmailMessage()
    one["Subject"], one["From"], one["To"] = subject, sender, to
    one["Date"] = format_datetime(at)
    if message_id != "-":
        one["Message-ID"] = message_id or f"<{subject.replace(' ', '.')}@{sender.rpartition('@')[2].rstrip('>')}>"
    for name, value in headers.items():
        one[name.replace("_", "-")] = value
    first = f"{subject}, {SAID}. {names}"
    if words.alone:
        one.set_content("\n\n".join(filter(None, (first, words.reads, words.signature))) + words.quote)
    else:
        one.set_content(first)
        source = '<img src="cid:logo">' if picture else ""
        signed = f"<div>{words.signature.replace(chr(10), '<br>')}</div>" if words.signature else ""
        one.add_alternative(f"<p>{first}</p>{source}{words.html}{signed}{words.quote}", subtype="html")
    if picture:
        part = one.get_payload(1)
        assert isinstance(part, EmailMessage)
        part.add_related(picture, "image", "png", cid="<logo>", disposition="inline", filename="logo.png")
    for name, data in (files or {}).items():
        one.add_attachment(data, maintype="application", subtype="octet-stream", filename=name)
    return one


def signed(one: EmailMessage) -> EmailMessage:
    """Clear-signed, as mail programs send it: the letter within, files and all, and its signature beside it."""
    outer, inner = EmailMessage(), deepcopy(one)
    for name, value in one.items():
        if not name.lower().startswith(("content-", "mime-")):
            outer[name] = value
            del inner[name]
    outer["MIME-Version"] = "1.0"
    outer["Content-Type"] = (
        'multipart/signed; protocol="application/pkcs7-signature"; micalg=sha-256; boundary="s"'
    )
    signature = "Content-Type: application/pkcs7-signature; name=smime.p7s\n\nMIIB"
    outer.set_payload(f"--s\n{inner.as_string()}\n--s\n{signature}\n--s--\n")
    return outer
