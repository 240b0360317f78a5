"""Why the words of a mail could not be had, and when it is tried again."""

from collections.abc import Sequence

from crosstie.domain import reasons
from crosstie.domain.email import Email
from crosstie.domain.reasons import Reason, reason
from crosstie.engine.session import Session


def unread(session: Session, emails: Sequence[Email], limit: int) -> dict[str, Reason]:
    """Item id → why its content was not handed out: gone for good, refused, or not there at the moment.

    `limit`: the bytes of an attachment up to which it was asked for.
    """
    if session.must_wait:
        return {email.item_id: reason(reasons.WAITS) for email in emails}
    present = session.mailbox.envelopes([email.item_id for email in emails]) if emails else {}
    return {
        email.item_id: _why(session, email, limit) if email.item_id in present else reason(reasons.GONE)
        for email in emails
    }


def _why(session: Session, email: Email, limit: int) -> Reason:
    """Refused: it was put off before, and is not handed out by itself either."""
    situation = session.situation
    before = situation.states.get(email.item_id) if situation else None
    waited = before is not None and before.reason_code == reasons.WAITS.code
    if waited and email.item_id not in session.mailbox.content([email], max_attachment_bytes=limit).found:
        return reason(reasons.MAILBOX_REFUSED, vendor_code="content")
    return reason(reasons.WAITS)
