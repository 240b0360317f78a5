"""Bugs planted on purpose: a simulation that misses them would miss their like.

Each is a small change to the product, made for the length of a `with` and taken back. `find` runs histories until
one notices. `python -m bench planted --json` goes through all of them and tells the seed that found each.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from typing import Any
from unittest.mock import patch

from crosstie.accounts.governance import layers
from crosstie.domain.email import Content
from crosstie.domain.folders import FolderWishes
from crosstie.domain.mailboxes import Lease, MailboxInfo, MailboxWrite, WriteResult
from crosstie.domain.settings import AutoTrackMode, Level, MailWay
from crosstie.engine import batch, grounds, plan, planning, resolving, saves, saving, session, states, telling
from crosstie.mailboxes.graph import writes as graph_writes
from crosstie.mailboxes.graph.writes import Writes
from crosstie.rules import files as file_rules
from crosstie.rules import linking, participants, relevance, spam
from crosstie.rules import resolving as resolving_rules
from crosstie.salesforce import named
from crosstie.store.memory.journal import MemoryJournal
from crosstie.store.memory.states import MemoryStates
from crosstie.store.memory.world import MailboxRow, MemoryOrg
from tests.simulation import accidents, clerks
from tests.simulation.accidents import Accident
from tests.simulation.campaign import MAIL, run
from tests.simulation.clerks import Clerks
from tests.simulation.more import More, more_of
from tests.simulation.refusals import ERROR

SEEDS = 60
"""Histories that a bug may take to be found."""
FOUND_BY = {
    "a Contact needs no Account": 2,
    "a calendar's lost lease is not noticed": 10,
    "a closed Case counts": 9,
    "a conflict is taken for done": 1,
    "a deleted record is not noticed": 20,
    "a doubtful write is repeated at once": 5,
    "a lock holds nobody": 18,
    "a mail without an issue is said to have one": 2,
    "a mailbox is written without If-Match": 4,
    "a mark is not heard": 31000011,
    "a record is alive for ever": 1,
    "a saved item is not marked": 3,
    "a write is not journalled before it begins": 15,
    "an event is written without If-Match": 5,
    "an event's conflict is taken for done": 5,
    "an item is never known by its token": 5,
    "an item is not remembered before it is made": 1,
    "any open Opportunity will do": 30,
    "blocked people are linked": 1,
    "cursors are stored before what they stand for": 4,
    "endings of attachments are passed over": 12,
    "further folders are not looked at": 32,
    "groups and machines become Leads": 11,
    "guests are not kept": 2,
    "only the first attachment is saved": 3,
    "our own mark is a wish": 13,
    "private events are saved": 1,
    "private items are saved": 5,
    "strangers beside people who are known are made": 4,
    "the way a mail goes is passed over": 1,
    "two items of one meeting make a record each": 1,
    "what a dead cursor did not tell is not looked for": 3,
    "what a mail names is passed over": 2,
    "what is never linked is linked": 8,
    "what is not shown is not asked for again": 1,
    "what is not shown passes for deleted": 1,
    "what is taken out keeps its mark": 11,
    "what nobody has answered is saved": 12,
    "what tells of an issue is never taken off": 4,
    "who appears wakes nobody": 1,
    "who is on a meeting does not matter": 1,
    "who was made and deleted is made again": 6,
    "who was made is not linked": 6,
    "whoever is first saves a colleague's meeting": 2,
}
"""The first of the histories that finds a bug, where it is not 0 (`python -m bench planted`)."""


@dataclass(frozen=True, slots=True)
class Planted:
    name: str
    target: object
    attribute: str
    make: Callable[[Any], Any]
    """From what is there to what takes its place."""
    besides: tuple[tuple[str, Callable[[Any], Any]], ...] = ()
    """More of the same target: what would rightly make the first harmless."""
    amid: More = ()
    """What the histories that look for it have more of, where it shows too seldom."""
    of: str = MAIL
    """What the histories are of."""

    @property
    def seed(self) -> int:
        """The history that found it last, tried first: only when histories have changed must another be sought."""
        return FOUND_BY.get(self.name, 0)

    @contextmanager
    def planted(self) -> Iterator[None]:
        with ExitStack() as stack:
            for attribute, make in ((self.attribute, self.make), *self.besides):
                there = getattr(self.target, attribute)
                stack.enter_context(patch.object(self.target, attribute, make(there)))
            yield

    @contextmanager
    def sought(self) -> Iterator[None]:
        """The histories in which it is looked for."""
        with more_of(self.amid):
            yield


def _told(**values: object) -> Callable[[Any], Any]:
    """The same rule, told other settings than those that are in force."""

    def make(there: Any) -> Any:
        def rule(*args: Any) -> Any:
            return there(*(_other(one, values) if isinstance(one, MailboxInfo) else one for one in args))

        return rule

    return make


def _other(info: MailboxInfo, values: Mapping[str, Any]) -> MailboxInfo:
    return replace(info, settings=replace(info.settings, **values))


def nothing(_there: Any) -> Any:
    return lambda *_args, **_kwargs: None


def _empty(_there: Any) -> Any:
    return lambda *_args, **_kwargs: {}


def _no_condition(there: Any) -> Any:
    def patched(self: Writes, write: MailboxWrite) -> Any:
        return replace(there(self, write), headers={})

    return patched


def _conflict_is_done(there: Any) -> Any:
    def result(self: Writes, write: MailboxWrite, answer: Any) -> WriteResult:
        found: WriteResult = there(self, write, answer)
        return WriteResult(write.item_id, write.version) if found.code == graph_writes.CONFLICT else found

    return result


def _cursors_first(_there: Any) -> Any:
    def commit(ports: Any, one: session.Session) -> None:
        with ports.states.transaction():
            ports.states.save_cursors(one.lease, one.observation.cursors)
        with ports.states.transaction():
            left = states.item_states(one, ports.states, ports.clock.now())
            ports.states.save_items(one.lease, left, awaits=states.awaited(one))

    return commit


def unfenced(_there: Any) -> Any:
    def fence(self: MemoryOrg, lease: Lease) -> MailboxRow:
        return self.mailbox(lease.mailbox_id)

    return fence


def _first_file_only(there: Any) -> Any:
    def choose(*args: Any, **options: Any) -> file_rules.Files:
        found: file_rules.Files = there(*args, **options)
        return replace(found, kept=found.kept[:1])

    return choose


def _without_sender(there: Any) -> Any:
    return lambda email: there(email).partition(">")[0]


def _own_categories_only(there: Any) -> Any:
    def receipt(*args: Any) -> MailboxWrite | None:
        write: MailboxWrite | None = there(*args)
        return replace(write, there=frozenset()) if write else None

    return receipt


def _left_in_the_folder(there: Any) -> Any:
    def receipt(*args: Any) -> MailboxWrite | None:
        write: MailboxWrite | None = there(*args)
        return replace(write, move_to=None) if write else None

    return receipt


def _nobody_blocked(there: Any) -> Any:
    def linked(email: Any, sorted_: participants.Participants, people: Any) -> Any:
        everybody = replace(sorted_, outside=sorted_.outside + sorted_.blocked, blocked=())
        return there(email, everybody, people)

    return linked


def _included_only(_there: Any) -> Any:
    def counts(self: participants.Circle, _colleague: Any, _known: Any) -> bool:
        return self.include_internal

    return counts


def _with_text(there: Any) -> Any:
    def shaped(job: Any, content: Content, *rest: Any) -> Content:
        found: Content = there(job, content, *rest)
        return replace(found, html=content.html, text=content.text)

    return shaped


def _unlocked(there: Any) -> Any:
    def in_force(info: Any, found: Iterable[layers.Layer]) -> Any:
        said = [{name: replace(word, locked=False) for name, word in one.stored.items()} for one in found]
        return there(info, [layers.Layer(level, words) for level, words in zip(Level, said, strict=True)])

    return in_force


def _forgotten(_there: Any) -> Any:
    """Instead of remembered as deleted."""

    def forget(self: Any, record: Any) -> None:
        saved = self._org.saved
        for natural in [natural for natural, mail in saved.items() if mail.record == record]:
            del saved[natural]

    return forget


def _flexible(there: Any) -> Any:
    def strangers(*args: Any) -> Any:
        *rest, settings = args
        return there(*rest, replace(settings, mail_auto_track_mode=AutoTrackMode.FLEXIBLE))

    return strangers


def _oldest(_there: Any) -> Any:
    return lambda known, *_rest: min(known, key=lambda one: one.modified_at, default=None)


def _as_planned(_there: Any) -> Any:
    return lambda _ports, saves, _contents: [save for _, save in saves]


def always(value: object) -> Callable[[Any], Any]:
    return lambda _there: lambda *_args, **_kwargs: value


def records_live_for_ever(there: Any) -> Any:
    def alive(self: Any, records: Any) -> Mapping[str, bool]:
        return dict.fromkeys(there(self, records), True)

    return alive


def _also_unknown(there: Any) -> Any:
    """As if it were an issue that nobody on a mail is known."""
    return lambda why: there(why) or frozenset({ERROR} if why.code == "MAIL-UNKNOWN" else ())


def crm() -> type:
    from crosstie.salesforce.crm import SalesforceCrm

    return SalesforceCrm


_DEATHS_WHILE_SAVING = ((accidents, "TARGETS", ("states.save",)), (accidents, "WEIGHTS", {Accident.DEATH: 1}))
_MORE_PEOPLE_DELETED = ((clerks, "DIRECTORY", ((1, Clerks.person_is_deleted),)),)
_MORE_TAKEN_OUT = ((clerks, "SETTINGS", ((1, Clerks.mail_is_taken_out),)),)
BUGS: tuple[Planted, ...] = (
    Planted("a write is not journalled before it begins", MemoryJournal, "send", nothing),
    Planted("a mailbox is written without If-Match", Writes, "_patch", _no_condition),
    Planted("a conflict is taken for done", Writes, "_result", _conflict_is_done),
    Planted(
        "cursors are stored before what they stand for",
        batch,
        "_commit",
        _cursors_first,
        amid=_DEATHS_WHILE_SAVING,
    ),
    Planted("a doubtful write is repeated at once", MemoryJournal, "unclear", _empty),
    Planted("a lost lease is not noticed", MemoryOrg, "fence", unfenced),
    Planted("only the first attachment is saved", saving, "choose", _first_file_only),
    Planted(
        "a Message-ID is compared without its sender",
        saves,
        "natural_key",
        _without_sender,
        (("same_mail", always(True)), ("same_letter", always(True))),
    ),
    Planted("people's categories are overwritten", saves, "_receipt", _own_categories_only),
    Planted("saved mails stay in the drop folder", saves, "_receipt", _left_in_the_folder),
    Planted("no receipt is set", saves, "_receipt", always(None)),
    Planted("blocked people are linked", linking, "_linked", _nobody_blocked),
    Planted("mail of blocked people is saved", relevance, "_people", always(None)),
    Planted("who appears wakes nobody", MemoryStates, "_wake", nothing),
    Planted("a deleted record is not noticed", MemoryStates, "_mark_deleted", nothing),
    Planted("a record is alive for ever", crm(), "alive", records_live_for_ever),
    Planted("nothing is looked at again", planning, "_look_again", nothing),
    Planted("our own mark is a wish", saving, "settled_states", always([])),
    Planted("a draft is left out for good", plan, "_outgrown", always(False)),
    Planted("one record for each copy", planning, "merge", lambda _there: lambda plans, _setbacks: tuple(plans)),
    Planted("any open Opportunity will do", grounds, "latest", _oldest),
    Planted("a Contact needs no Account", grounds, "account_verdict", always(None)),
    Planted("what a mail names is passed over", saving, "relate", _as_planned),
    Planted("the way a mail goes is passed over", relevance, "_switches", _told(mail_way=MailWay.BOTH)),
    Planted("every mode is general", relevance, "takes_strangers", _told(mail_auto_track_mode=None)),
    Planted("spam is saved", spam, "stamped", always(False), (("is_level", always(False)),)),
    Planted("a colleague who is a Contact does not count", participants.Circle, "_counts", _included_only),
    Planted(
        "what is never linked is linked", linking.Links, "without", lambda _there: lambda links, _never: links
    ),
    Planted("a closed Case counts", named, "_counts", always(True)),
    Planted("endings of attachments are passed over", file_rules, "_by_ending", always(None)),
    Planted("all text is saved", saving, "_shaped", _with_text),
    Planted("who was made and deleted is made again", resolving, "_found", _empty, amid=_MORE_PEOPLE_DELETED),
    Planted("groups and machines become Leads", resolving_rules, "is_somebody", always(True)),
    Planted("strangers beside people who are known are made", saves, "strangers", _flexible),
    Planted("who was made is not linked", resolving, "relinked", lambda _there: lambda save, *_rest: save),
    Planted("further folders are not looked at", FolderWishes, "chosen", always([])),
    Planted("what is taken out is forgotten", MemoryStates, "forget_record", _forgotten, amid=_MORE_TAKEN_OUT),
    Planted("a lock holds nobody", layers, "in_force", _unlocked),
    Planted("a colleague's record is not remembered", MemoryStates, "remember_saved", nothing),
    Planted("what tells of an issue is never taken off", telling, "ours", always(frozenset())),
    Planted("a mail without an issue is said to have one", telling, "warnings", _also_unknown),
)


def find(bug: Planted, seeds: Iterable[int] = range(SEEDS)) -> tuple[int, str] | None:
    """The first seed whose history notices, and what it says. What is said without the bug does not count."""
    with bug.sought():
        for seed in seeds:
            with bug.planted():
                found = run(seed, of=bug.of).violations
            if found and found[0] not in run(seed, of=bug.of).violations:
                return seed, found[0]
    return None
