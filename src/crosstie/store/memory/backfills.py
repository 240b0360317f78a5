"""The port Backfills in memory."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from crosstie.domain.backfills import Backfill, Stage, Step
from crosstie.domain.mailboxes import Lease, Span
from crosstie.store.memory.world import MemoryOrg


class MemoryBackfills:
    """ports.backfills.Backfills over a MemoryOrg."""

    def __init__(self, org: MemoryOrg) -> None:
        self._org = org

    def of(self, mailbox_ids: Iterable[int]) -> Mapping[int, tuple[Backfill, ...]]:
        found = {mailbox_id: tuple(self._mailboxs(mailbox_id)) for mailbox_id in mailbox_ids}
        return {mailbox_id: several for mailbox_id, several in found.items() if several}

    def add(self, mailbox_id: int, window: Span, *, replacing: bool = False) -> Backfill:
        with self._org.transaction():
            self._org.mailbox(mailbox_id)
            for one in self._open(mailbox_id) if replacing else ():
                self._org.backfills[one.backfill_id] = replace(one, stage=Stage.ENDED, waits="")
            number = self._org.next("backfills")
            now = self._org.clock.now()
            added = Backfill(number, mailbox_id, window, Stage.RUNNING, window.before, now)
            self._org.backfills[number] = added
            return added

    def pause(self, mailbox_id: int) -> bool:
        return self._turn(mailbox_id, Stage.RUNNING, Stage.PAUSED)

    def resume(self, mailbox_id: int) -> bool:
        return self._turn(mailbox_id, Stage.PAUSED, Stage.RUNNING)

    def step(self, lease: Lease, backfill_id: int, step: Step) -> None:
        with self._org.transaction():
            self._org.fence(lease)
            one = self._org.backfills.get(backfill_id)
            if one is None or one.mailbox_id != lease.mailbox_id:
                return
            done = one.open and step.reached <= one.window.since
            self._org.backfills[backfill_id] = replace(
                one,
                reached=step.reached,
                tally=one.tally.plus(step.tally),
                left=step.left,
                stepped_at=self._org.clock.now(),
                waits="",
                stage=Stage.DONE if done else one.stage,
            )

    def wait(self, lease: Lease, backfill_id: int, code: str) -> None:
        with self._org.transaction():
            self._org.fence(lease)
            one = self._org.backfills.get(backfill_id)
            if one is not None and one.mailbox_id == lease.mailbox_id:
                self._org.backfills[backfill_id] = replace(one, waits=code)

    def _mailboxs(self, mailbox_id: int) -> list[Backfill]:
        return [one for _, one in sorted(self._org.backfills.items()) if one.mailbox_id == mailbox_id]

    def _open(self, mailbox_id: int) -> list[Backfill]:
        return [one for one in self._mailboxs(mailbox_id) if one.open]

    def _turn(self, mailbox_id: int, before: Stage, after: Stage) -> bool:
        with self._org.transaction():
            first = next(iter(self._open(mailbox_id)), None)
            if first is None or first.stage is not before:
                return False
            self._org.backfills[first.backfill_id] = replace(first, stage=after)
            return True
