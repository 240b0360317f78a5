"""Raw mail: the sandbox reads it as a vendor does, the product translates it and drafts its record."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC
from random import Random
from typing import Any

from bench.fuzz.mutate import mutated_bytes
from bench.fuzz.runner import Stateless
from bench.fuzz.targets.drafts import check_draft
from bench.fuzz.targets.seeds import WORDS, seeds
from crosstie.domain.email import Attachment, Content, Folder
from crosstie.mailboxes.graph import translate
from sandbox.graph.shape import instant, recipient, recipients
from sandbox.mailboxes.compose import compose
from sandbox.mailboxes.mime import read_heads, read_mail, received_moment
from sandbox.mailboxes.model import Mail as Stored
from sandbox.mailboxes.text import clean_html, html_to_text, preview, text_to_html
from tests.simulation.corpus.runs import MAIL


class Mail(Stateless):
    def __init__(self, letters: Sequence[bytes] = ()) -> None:
        self._letters = list(letters) or seeds()

    def feed(self, dice: Random) -> None:
        raw = mutated_bytes(dice.choice(self._letters), dice, WORDS, self._letters)
        mail, attachments = read_mail(raw)
        received_moment(read_heads(raw))
        compose(mail, attachments)
        email = translate.email(_row(mail), {})
        attached = [
            Attachment(str(one.number), one.name, one.content_type, len(one.content), data=one.content)
            for one in attachments
        ]
        shown = clean_html(mail.html) if mail.html is not None else text_to_html(mail.text or "")
        preview(html_to_text(shown))
        heads = translate.headers({"internetMessageHeaders": [{"name": n, "value": v} for n, v in mail.headers]})
        check_draft(replace(email, folder=Folder.INBOX), Content(shown, "", heads, tuple(attached)))


class RealMail(Mail):
    """The shared corpus of real and broken mails; an input's number means the same wherever that folder is."""

    def __init__(self) -> None:
        files = sorted(MAIL.rglob("*.eml"))
        if not files:
            raise SystemExit("the shared folder with real mail is missing")
        super().__init__([file.read_bytes() for file in files])


def _row(mail: Stored) -> dict[str, Any]:
    """A message as Graph shows it, as far as the product looks."""
    return {
        "id": "AAMk=",
        "changeKey": "CQAA",
        "subject": mail.subject,
        "from": recipient(mail.author),
        "sender": recipient(mail.sender),
        "toRecipients": recipients(mail.to),
        "ccRecipients": recipients(mail.cc),
        "bccRecipients": recipients(mail.bcc),
        "internetMessageId": mail.message_id or None,
        "sentDateTime": instant(mail.sent.astimezone(UTC)) if mail.sent else None,
    }
