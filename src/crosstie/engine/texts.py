"""Texts of mails that are read before it is decided what becomes of them; a few are held at a time."""

from collections.abc import Collection, Iterator

from crosstie.domain.email import Content, Email
from crosstie.domain.mailboxes import Seen
from crosstie.engine.session import Session
from crosstie.engine.unread import unread

HELD = 50


def read(session: Session, item_ids: Collection[str]) -> Iterator[tuple[Email, Content]]:
    """Without attachments. Why others could not be had stands in the session's facts."""
    wanted = [one.email for one in session.changes if isinstance(one, Seen) and one.email.item_id in item_ids]
    for start in range(0, len(wanted), HELD):
        some = wanted[start : start + HELD]
        fetched = session.mailbox.content(some, max_attachment_bytes=0)
        session.wait_for(fetched.until)
        missing = [email for email in some if email.item_id not in fetched.found]
        session.facts.unread.update(unread(session, missing, limit=0))
        yield from ((email, fetched.found[email.item_id]) for email in some if email.item_id in fetched.found)
