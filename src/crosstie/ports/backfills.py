"""What was asked for of older mails, and how far it got."""

from collections.abc import Iterable, Mapping
from typing import Protocol

from crosstie.domain.backfills import Backfill, Step
from crosstie.domain.mailboxes import Lease, Span


class Backfills(Protocol):
    """Bound to one org. Of a mailbox's open back-fills the one that was asked for first is worked on."""

    def of(self, mailbox_ids: Iterable[int]) -> Mapping[int, tuple[Backfill, ...]]:
        """Each mailbox's in the order they were asked for, those that are over too; without any, left out."""

    def add(self, mailbox_id: int, window: Span, *, replacing: bool = False) -> Backfill:
        """The last in line. `replacing`: the open ones end where they are, in the same transaction.

        Raises Fatal for a mailbox that the org has not got.
        """

    def pause(self, mailbox_id: int) -> bool:
        """The one that is worked on stops after the session that may be running; False when none was running."""

    def resume(self, mailbox_id: int) -> bool:
        """False when none was paused."""

    def step(self, lease: Lease, backfill_id: int, step: Step) -> None:
        """A portion is behind it: the tally grows, and one whose window's beginning is reached is done.

        Belongs into the transaction that stores what was decided. One that was paused or ended meanwhile stays
        so, and remembers how far it got. Raises LeaseLost.
        """

    def wait(self, lease: Lease, backfill_id: int, code: str) -> None:
        """What keeps it from going on; the next step takes that back. Raises LeaseLost."""
