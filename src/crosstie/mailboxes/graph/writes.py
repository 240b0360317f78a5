"""Marks on messages: the category, and the move out of the drop folder."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from crosstie.domain.email import Email
from crosstie.domain.errors import CrosstieError, Unclear
from crosstie.domain.mailboxes import MailboxWrite, WriteResult
from crosstie.mailboxes.graph import translate
from crosstie.mailboxes.graph.client import BATCH, GraphClient, Part
from crosstie.mailboxes.graph.errors import BUSY, CONFLICT_CODES, Answer
from crosstie.mailboxes.graph.marks import Marks

CONFLICT, GONE, REFUSED, LATER, UNCLEAR = "conflict", "gone", "refused", "later", "unclear"
Look = Callable[[Iterable[str]], Mapping[str, Email]]
"""Fetches present envelopes by item id."""
Results = dict[int, WriteResult]
"""By place; a write is in it only when nothing of it is left to do."""
Numbered = Sequence[tuple[int, MailboxWrite]]


@dataclass(slots=True)
class Writes:
    """Categories are written under the condition that the message is unchanged, moves only after that.

    Graph's batches are all parallel or one chain. A single message is marked and moved by a chain in one round
    trip; several take two, so that one message's conflict cannot hold up another's move.
    """

    client: GraphClient
    marks: Marks
    look: Look

    def apply(self, writes: Sequence[MailboxWrite]) -> list[WriteResult]:
        def run(wave: Sequence[int], results: Results) -> None:
            self._apply_wave([(n, _following(n, writes, results)) for n in wave], results)

        item_ids = [write.item_id for write in writes]
        return carried_out(waves(item_ids), item_ids, run)

    def _apply_wave(self, wave: Numbered, results: Results) -> None:
        """Writes of different messages."""
        if len(wave) == 1 and not wave[0][1].is_bare and wave[0][1].move_to:
            self._apply_chain(*wave[0], results)
            return
        for start in range(0, len(wave), BATCH):
            chunk = wave[start : start + BATCH]
            ready = {**self._compare(chunk, results), **self._categorise(chunk, results)}
            self._move([(n, write) for n, write in chunk if n in ready and write.move_to], results)
            results.update({n: ready[n] for n, write in chunk if n in ready and not write.move_to})

    def _compare(self, chunk: Numbered, results: Results) -> Results:
        """A move knows no condition: where no category is written, versions are compared beforehand."""
        bare = [(n, write) for n, write in chunk if write.is_bare]
        present = self.look([write.item_id for _, write in bare]) if bare else {}
        ready: Results = {}
        for n, write in bare:
            email = present.get(write.item_id)
            if email is not None and email.version == write.version:
                ready[n] = WriteResult(write.item_id, email.version)
            else:
                results[n] = WriteResult(write.item_id, code=CONFLICT if email else GONE)
        return ready

    def _categorise(self, chunk: Numbered, results: Results) -> Results:
        """What was marked; what was not is among the results."""
        wanted = [(n, write) for n, write in chunk if not write.is_bare]
        answers = self.client.batch([self._patch(write) for _, write in wanted])
        done = {n: self._result(write, answer) for (n, write), answer in zip(wanted, answers, strict=True)}
        results.update({n: result for n, result in done.items() if not result.applied})
        return {n: result for n, result in done.items() if result.applied}

    def _move(self, chunk: Numbered, results: Results) -> None:
        answers = self.client.batch([self._post_move(write) for _, write in chunk])
        for (n, write), answer in zip(chunk, answers, strict=True):
            results[n] = self._moved(write, answer)

    def _apply_chain(self, n: int, write: MailboxWrite, results: Results) -> None:
        marked, moved = self.client.batch([self._patch(write), replace(self._post_move(write), after=0)])
        result = self._result(write, marked)
        results[n] = self._moved(write, moved) if result.applied else result

    def _moved(self, write: MailboxWrite, answer: Answer) -> WriteResult:
        result = self._result(write, answer)
        if result.code in (REFUSED, CONFLICT):
            # Moving a message to where it is already may be refused; then it is done all the same.
            email = self.look([write.item_id]).get(write.item_id)
            if email and email.folder is write.move_to:
                return WriteResult(write.item_id, email.version)
        return result

    def _patch(self, write: MailboxWrite) -> Part:
        headers = {"If-Match": translate.if_match(write.version)}
        return Part("PATCH", self._url(write), {"categories": sorted(write.categories)}, headers)

    def _post_move(self, write: MailboxWrite) -> Part:
        body = {"destinationId": self.marks.folder_id(write.move_to) if write.move_to else ""}
        return Part("POST", f"{self._url(write)}/move", body)

    def _url(self, write: MailboxWrite) -> str:
        return f"{self.client.root}/messages/{translate.segment(write.item_id)}"

    def _result(self, write: MailboxWrite, answer: Answer) -> WriteResult:
        return result(self.client, write.item_id, write.version, answer)


def result(client: GraphClient, item_id: str, version: str, answer: Answer) -> WriteResult:
    """What an answer makes of a write; `version` is the one where it tells none. Raises where the answer concerns
    more than this item.
    """
    if answer.ok:
        return WriteResult(item_id, translate.version(answer.json) or version)
    if answer.status in (401, 403):
        client.raise_for(answer)
    until = answer.retry_at(client.clock.now()) if answer.status in BUSY else None
    return WriteResult(item_id, code=code_of(answer), until=until)


def code_of(answer: Answer) -> str:
    if answer.status == 404:
        return GONE
    if answer.status == 412 or answer.codes & CONFLICT_CODES:
        return CONFLICT
    if answer.status in (500, 502, 504):
        return UNCLEAR
    return LATER if answer.status in BUSY or answer.status in (423, 424) else REFUSED


def carried_out(
    waves: Iterable[Sequence[int]], item_ids: Sequence[str], run: Callable[[Sequence[int], Results], None]
) -> list[WriteResult]:
    """A result a write. A failure of the whole puts off what it did not come to; raises if it came to nothing."""
    results: Results = {}
    rest = LATER
    try:
        for wave in waves:
            run(wave, results)
    except Unclear:
        rest = UNCLEAR
    except CrosstieError:
        if not results:
            raise
    return [results.get(n) or WriteResult(item_id, code=rest) for n, item_id in enumerate(item_ids)]


def waves(names: Sequence[str]) -> list[list[int]]:
    """Places of writes that may go side by side: an item's second write waits for its first."""
    found: list[list[int]] = []
    met: dict[str, int] = {}
    for n, name in enumerate(names):
        turn = met[name] = met.get(name, -1) + 1
        if turn == len(found):
            found.append([])
        found[turn].append(n)
    return found


def _following(n: int, writes: Sequence[MailboxWrite], results: Results) -> MailboxWrite:
    """A message's later write is conditional on what its earlier one left."""
    write = writes[n]
    for place, before in enumerate(writes[:n]):
        result = results.get(place)
        if before.item_id == write.item_id and before.version == writes[n].version and result and result.applied:
            there = (write.there | before.add) - before.take
            write = replace(write, version=result.version, there=there)
    return write
