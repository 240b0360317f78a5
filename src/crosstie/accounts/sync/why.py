"""For any item, the rule that decided: the same sentence in page, API and command line."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from crosstie.accounts import words
from crosstie.accounts.words import answer
from crosstie.domain.email import Email
from crosstie.domain.links import Link
from crosstie.domain.mailboxes import MailboxInfo
from crosstie.domain.reasons import BLOCKED, DELETED, FILES_LEFT_OUT, KINDS, LEFT_OUT, Outcome, Reason
from crosstie.domain.records import RecordRef
from crosstie.domain.states import ItemState
from crosstie.ports.journal import Entry, Journal, Status
from crosstie.ports.states import States
from crosstie.rules import leftovers
from crosstie.rules.leftovers import Leftover
from crosstie.rules.participants import Circle
from crosstie.rules.relevance import hits

_UNDER_WAY = (Status.PLANNED, Status.SENT)


@dataclass(frozen=True, slots=True)
class Why:
    """`outcome` is None for an item that was never looked at."""

    item_id: str
    code: str
    sentence: str
    outcome: Outcome | None = None
    record: RecordRef | None = None
    at: datetime | None = None
    left_out: tuple[Leftover, ...] = ()
    """Attachments of a saved mail that were not saved with it."""


def why(journal: Journal, states: States, mailbox_id: int, item_ids: Sequence[str]) -> Mapping[str, Why]:
    """One answer for each item, also for those nobody has heard of.

    The journal's last row explains; where its time is over, the code that the item's state remembers does. What
    was saved and deleted since is said to be deleted, whoever did it.
    """
    entries = journal.why(mailbox_id, item_ids)
    unsaid = [item_id for item_id in item_ids if item_id not in entries]
    known: dict[str, ItemState | Link] = {**states.links(mailbox_id, unsaid), **states.items(mailbox_id, unsaid)}
    found = {}
    for item_id in dict.fromkeys(item_ids):
        if entry := entries.get(item_id):
            found[item_id] = _of_entry(entry)
        elif state := known.get(item_id):
            found[item_id] = _said(item_id, state.reason_code, {}, state.record, state.decided_at)
        else:
            said = answer(words.NEVER_SEEN)
            found[item_id] = Why(item_id, said.code, said.sentence)
    return _without_deleted(states, found)


def _without_deleted(states: States, found: Mapping[str, Why]) -> Mapping[str, Why]:
    deleted = states.deleted([one.record for one in found.values() if one.record])
    return {
        item_id: _said(item_id, DELETED.code, {}, None, one.at)
        if one.record and one.record.record_id in deleted
        else one
        for item_id, one in found.items()
    }


def _of_entry(entry: Entry) -> Why:
    if entry.status in _UNDER_WAY:
        said = answer(words.UNDER_WAY)
        return Why(entry.item_id, said.code, said.sentence, Outcome.WAITING, entry.record, entry.at)
    said_why = _said(entry.item_id, entry.reason_code, entry.reason_params, entry.record, entry.at)
    kept = entry.reason_params.get(FILES_LEFT_OUT, "") if said_why.outcome is Outcome.SAVED else ""
    return replace(said_why, left_out=tuple(leftovers.read(kept)))


def _said(
    item_id: str, code: str, params: Mapping[str, str], record: RecordRef | None, at: datetime | None
) -> Why:
    kind = KINDS.get(code)
    if kind is None:
        return Why(item_id, code, answer(words.REASON_UNKNOWN, code=code).sentence, None, record, at)
    given = ({"object": record.object} if record else {}) | dict(params)
    sentence = Reason(kind, _Lenient(given)).sentence
    return Why(item_id, code, sentence, kind.outcome, record, at)


def sentence_of(code: str) -> str:
    """The sentence of a reason, whatever item it is said of."""
    kind = KINDS.get(code)
    return Reason(kind, _Lenient()).sentence if kind else answer(words.REASON_UNKNOWN, code=code).sentence


def with_entries(code: str, sentence: str, email: Email, info: MailboxInfo) -> str:
    """The sentence with the entries of the blocklist that keep the mail out. They are read off the mail as it is
    shown: kept with its item, an entry would tell who wrote it.
    """
    if code not in (BLOCKED.code, LEFT_OUT.code):
        return sentence
    found = hits(Circle.of(info).sort(email), info.settings.blocklist)
    return f"{sentence} {answer(words.ENTRIES, entries=', '.join(found)).sentence}" if found else sentence


class _Lenient(dict[str, str]):
    """A parameter that an earlier version did not write, or that was not kept, reads as an ellipsis."""

    def __missing__(self, name: str) -> str:
        return "…"
