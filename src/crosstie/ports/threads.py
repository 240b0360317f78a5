"""What is remembered of marked threads; a part of the port States."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from crosstie.domain.mailboxes import Lease
from crosstie.domain.threads import Thread, ThreadMail


class Threads(Protocol):
    """Conversations and letters are given as plain ids, and only their digests are stored."""

    def mark_thread(self, mailbox_id: int, conversation_id: str, item_id: str, now: datetime) -> bool:
        """From now on every mail of the conversation is to be saved, and the mailbox is due.

        False where it was marked already: nothing changes then.
        """

    def stop_thread(self, mailbox_id: int, conversation_id: str) -> bool:
        """It is a conversation like others again; False where it was one."""

    def threads(self, mailbox_id: int, conversation_ids: Iterable[str]) -> Mapping[str, Thread]:
        """Of these conversations the marked ones."""

    def threads_to_gather(self, mailbox_id: int, limit: int) -> Sequence[Thread]:
        """Those whose earlier mails were not looked for yet, the one marked first first."""

    def threads_gathered(self, lease: Lease, thread_ids: Iterable[int]) -> None: ...

    def note_thread_mails(self, lease: Lease, mails: Iterable[ThreadMail]) -> None:
        """A mail that is noted already keeps what was noted; one of a thread that was stopped is left out."""

    def thread_mails(self, thread_ids: Iterable[int]) -> Sequence[ThreadMail]:
        """As they were noted, the first one of each thread before all others; `letter` is a digest."""

    def threads_about(
        self, mailbox_id: int, conversation_ids: Iterable[str], letters: Iterable[str]
    ) -> Mapping[str, frozenset[int]]:
        """Conversation or letter → the threads, of whichever mailbox of the org, that it belongs to.

        A letter does if it was noted, and a conversation of this mailbox if a mail of it has the record of one
        that was noted.
        """
