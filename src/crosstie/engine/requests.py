"""The mark by which a person asks for a mail: when it is one, when it is news, and when it is answered."""

from crosstie.domain import reasons
from crosstie.domain.email import Email, Folder
from crosstie.domain.mailboxes import SALESFORCE_CATEGORY, MailboxInfo
from crosstie.domain.operations import Trigger
from crosstie.domain.reasons import Outcome
from crosstie.domain.states import ItemState
from crosstie.engine.facts import Facts
from crosstie.engine.grounds import Situation
from crosstie.rules.warnings import is_status


def requested(email: Email, state: ItemState | None, situation: Situation, facts: Facts) -> Trigger | None:
    """The mark that newly asks for this mail, if any: present now and not before, and not set by us."""
    mark = mark_of(email)
    if mark is None:
        return None
    if state is None and email.item_id in situation.baseline and not _came_since(email, situation.info):
        return None
    moved_in = mark is Trigger.FOLDER and state is not None and state.folder is not Folder.DROP
    if state and state.marked and not moved_in:
        return None
    return None if mark is Trigger.CATEGORY and state is None and _inherits(email, facts) else mark


def _inherits(email: Email, facts: Facts) -> bool:
    """Programs give a reply the categories of what it answers: the receipt of a saved mail, or the mark of one
    that could not be saved, with what we told of that.
    """
    is_reply = email.conversation_id in facts.threads or any(map(is_status, email.categories))
    return email.folder is Folder.SENT and is_reply


def _came_since(email: Email, info: MailboxInfo) -> bool:
    """Nobody can have marked it before we came: the mailbox received it later."""
    return email.received_at is not None and email.received_at > info.activated_at


def mark_of(email: Email) -> Trigger | None:
    """The mark the mail carries; in folders other than ours a category means nothing."""
    if email.folder is Folder.DROP:
        return Trigger.FOLDER
    if SALESFORCE_CATEGORY in email.categories and email.folder is not Folder.OTHER:
        return Trigger.CATEGORY
    return None


def keeps_mark(email: Email, before: ItemState | None) -> bool:
    """Whether its mark is no news when it is met again: a category from before it was filed away does not
    become a request when it comes back.
    """
    stayed = before is not None and before.marked and SALESFORCE_CATEGORY in email.categories
    return stayed or mark_of(email) is not None


def unsettled(reason_code: str) -> bool:
    """Whether the item is still to be saved, or a person has to act: its mark stays a request until then."""
    kind = reasons.KINDS.get(reason_code)
    return kind is not None and kind.outcome in (Outcome.WAITING, Outcome.ISSUE)
