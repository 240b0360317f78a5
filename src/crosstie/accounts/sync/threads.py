"""A person wants all e-mails of a thread saved, or no longer does."""

from crosstie.accounts import audit, words
from crosstie.accounts.audit import SYSTEM, Actor, Deed
from crosstie.accounts.words import Answer, answer
from crosstie.domain.clock import Clock
from crosstie.domain.email import Email, Folder
from crosstie.domain.mailboxes import MailboxInfo
from crosstie.ports.states import States
from crosstie.rules.relevance import mark_verdict
from crosstie.store.models import Scope


def mark(
    scope: Scope, states: States, info: MailboxInfo, email: Email | None, clock: Clock, actor: Actor = SYSTEM
) -> Answer:
    """The thread of this mail, which its owner sees at this moment; the next session begins at once."""
    if not info.saves_threads:
        return answer(words.THREADS_OFF, ok=False)
    if email is None or not email.conversation_id or email.folder is Folder.OTHER:
        return answer(words.THREAD_UNKNOWN, ok=False)
    if against := mark_verdict(email):
        return Answer(False, against.code, against.sentence)
    with states.transaction():
        if not states.mark_thread(info.mailbox_id, email.conversation_id, email.item_id, clock.now()):
            return answer(words.THREAD_ALREADY, ok=False)
        _record(scope, info, email, "mail.thread", clock, actor)
    return answer(words.THREAD_MARKED)


def stop(
    scope: Scope, states: States, info: MailboxInfo, email: Email | None, clock: Clock, actor: Actor = SYSTEM
) -> Answer:
    if email is None:
        return answer(words.THREAD_UNKNOWN, ok=False)
    with states.transaction():
        if not states.stop_thread(info.mailbox_id, email.conversation_id):
            return answer(words.THREAD_NONE, ok=False)
        _record(scope, info, email, "mail.thread-stop", clock, actor)
    return answer(words.THREAD_STOPPED)


def _record(scope: Scope, info: MailboxInfo, email: Email, action: str, clock: Clock, actor: Actor) -> None:
    deed = Deed(clock.now(), actor, action, f"mailbox {info.mailbox_id}", {"item": email.item_id})
    audit.record(scope, deed)
