"""Conversations of which a person wants every mail saved."""

from dataclasses import dataclass

from crosstie.domain.records import RecordRef


@dataclass(frozen=True, slots=True)
class Thread:
    """A marked conversation of one mailbox. `item_id` is the mail that it was marked at, its first."""

    thread_id: int
    item_id: str
    gathered: bool = False
    """Its earlier mails were looked for in the mailbox."""


@dataclass(frozen=True, slots=True)
class ThreadMail:
    """A saved mail of a marked thread, whoever saved it. In the States port `letter` is its plain `letter_key`."""

    thread_id: int
    letter: str
    record: RecordRef
    first: bool = False
    """The thread was marked at it: the others are linked like it."""
    foreign: bool = False
    """A colleague saved it, by rules of his own."""
