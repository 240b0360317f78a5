"""Creating records: graphs are sent in rounds until each draft has its outcome.

A draft's failure never spoils another: what was rolled back beside it is sent again, within limits of rounds,
calls and time; what is left then comes back as LATER. Whatever the vendor may or may not have applied is UNCLEAR.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from crosstie.domain.clock import Clock
from crosstie.domain.errors import CrosstieError, NeedsConsent, Retry, Throttled, Unclear
from crosstie.domain.keys import within_a_day
from crosstie.domain.records import EVENT, KEY_FIELD, RecordDraft, WriteStatus, Written
from crosstie.salesforce import errors, lookup, outcomes, wishes
from crosstie.salesforce.children import Parent, complete, remove
from crosstie.salesforce.client import Client
from crosstie.salesforce.describe import DESCRIBED, SchemaCache
from crosstie.salesforce.durations import is_refused_for_length
from crosstie.salesforce.errors import NO_RIGHT, NOT_WRITTEN, Fate, VendorError
from crosstie.salesforce.lookup import Holder
from crosstie.salesforce.outcomes import Created, Failed
from crosstie.salesforce.pace import (
    EXTRA_CALLS,
    FIELD_TRIES,
    HOPELESS,
    LOCK_TRIES,
    ROUNDS,
    TIME,
    Memory,
    jitter,
)
from crosstie.salesforce.packing import BODY, GRAPHS, Graph, Node, graph_of, pack, unwished, without
from crosstie.salesforce.publishing import Bearer, publish

_NOT_THERE = (WriteStatus.LATER, WriteStatus.TAKEN, WriteStatus.REFUSED)
SMALLER = (20, 5, 1)
"""Graphs a call where a customer's automation fails with more."""


@dataclass(slots=True)
class Writer:
    client: Client
    schemas: SchemaCache
    memory: Memory
    clock: Clock

    def create(self, drafts: Sequence[RecordDraft], *, duplicates: bool = True) -> tuple[Written, ...]:
        """One result a draft, in order. Raises only when nothing was sent: Throttled, NeedsConsent, Retry."""
        return _Run(self, drafts, duplicates=duplicates).results() if drafts else ()

    def complete(self, drafts: Sequence[RecordDraft], record_ids: Sequence[str]) -> tuple[Written, ...]:
        """One result a draft, in order, of records that are there and may lack some of their children."""
        return _Run(self, drafts).completed(record_ids) if drafts else ()


class _Run:
    """One `create` or `complete`. `open` are the graphs that have no outcome yet."""

    def __init__(self, writer: Writer, drafts: Sequence[RecordDraft], *, duplicates: bool = True) -> None:
        self.duplicates_wanted = duplicates
        self.client, self.memory, self.clock = writer.client, writer.memory, writer.clock
        self.schemas, self.schema = writer.schemas, writer.schemas.get()
        self.drafts = drafts
        self.until = self.clock.now() + TIME
        self.written: dict[int, Written] = {}
        self.parents: list[Parent] = []
        self.bearers: list[Bearer] = []
        self.duplicates: dict[int, tuple[Graph, VendorError]] = {}
        self.refused: list[Graph] = []
        self.tries: Counter[tuple[int, Fate]] = Counter()
        self.locked = self.sent = self.stopped = self.refreshed = False
        self.files_refused: set[int] = set()
        self.links_refused: set[int] = set()
        self.doubted: set[int] = set()
        """Sent with a call of which no answer came: only that it is there ends the doubt."""
        self.failed_alone = 0
        """Graphs that a customer's automation refused with nothing beside them."""
        self.too_many = GRAPHS + 1
        """In this round a whole call of that many failed by automation; no further one is tried."""
        order = sorted(range(len(drafts)), key=lambda at: (drafts[at].order, drafts[at].key))
        self.open = [self._first(at) for at in order]
        self.calls_left = len(pack(self.open)) + EXTRA_CALLS

    def results(self) -> tuple[Written, ...]:
        for number in range(ROUNDS):
            if not self.open:
                break
            if self.locked:
                self.clock.sleep(jitter(self.clock, number))
            self._round()
        for graph in self.open:
            self.written[graph.at] = outcomes.later()
        self._meet_known()
        self._finish_parents()
        self._publish()
        return self._in_order()

    def completed(self, record_ids: Sequence[str]) -> tuple[Written, ...]:
        for graph in self.open:
            self._exists(graph, record_ids[graph.at])
        self._finish_parents()
        self._publish()
        return self._in_order()

    def _in_order(self) -> tuple[Written, ...]:
        for at in self.doubted:
            found = self.written[at]
            if found.status in _NOT_THERE and not found.record_id:
                self.written[at] = outcomes.unclear()
        return tuple(self.written[at] for at in range(len(self.drafts)))

    def _first(self, at: int) -> Graph:
        graph = without(graph_of(at, self.drafts[at], self.schema), self.memory.hidden.of)
        also_on = "" if self.memory.links_apart else self.drafts[at].files_also_on
        graph = replace(graph, chunk=self.memory.chunk(graph.root.object, self.clock.now()), also_on=also_on)
        return graph.files_later() if self.memory.files_apart or graph.size > BODY else graph

    def _round(self) -> None:
        pending, self.open, self.locked, self.too_many = self.open, [], False, GRAPHS + 1
        for call in pack(pending):
            if self.stopped or self.calls_left <= 0 or self._is_late():
                self._put_off(call)
            elif self.failed_alone >= HOPELESS and call[0].chunk == 1:
                self._refuse_by_automation(call)
            elif self.too_many <= call[0].chunk:
                self.open += [replace(graph, chunk=_smaller(graph.chunk)) for graph in call]
            else:
                self.calls_left -= 1
                self._send(call)
        self._skip_known()

    def _is_late(self) -> bool:
        return self.clock.now() >= self.until

    def _refuse_by_automation(self, call: list[Graph]) -> None:
        """They failed in company, and others failed alone: it is not their number."""
        for graph in call:
            self._refuse(graph, self._told_apart(VendorError(NOT_WRITTEN), graph.root))

    def _send(self, call: list[Graph]) -> None:
        body = {"graphs": [graph.body() for graph in call]}
        attempts = 2 if all(graph.keyed for graph in call) else 1
        for attempt in range(attempts):
            if attempt and self._is_late():
                break
            try:
                status, answer = self.client.write(
                    "create", "/composite/graph", body, duplicates=self.duplicates_wanted
                )
            except Unclear:
                self.sent = True  # a keyed insert repeats harmlessly: the key is taken if the first came through
                self.doubted |= {graph.at for graph in call}
                continue
            except (Throttled, NeedsConsent, Retry) as error:
                if attempt:
                    break
                self._not_sent(call, error)
                return
            self.sent = True
            self._read(call, status, answer)
            return
        for graph in call:
            self.written[graph.at] = outcomes.unclear()

    def _not_sent(self, call: list[Graph], error: CrosstieError) -> None:
        if not self.sent:
            raise error
        self.stopped = True
        self._put_off(call)

    def _put_off(self, call: list[Graph]) -> None:
        for graph in call:
            self.written[graph.at] = outcomes.later()

    def _read(self, call: list[Graph], status: int, answer: object) -> None:
        if status != 200:
            self._call_refused(call, status, answer)
            return
        found = outcomes.read(call, answer)
        if found and all(isinstance(one, Failed) and one.fate is Fate.HALTED for one in found.values()):
            self._halted_by_nobody(call)
            return
        failing = [one for one in found.values() if isinstance(one, Failed) and one.fate is Fate.AUTOMATION]
        crowd = len(failing) > 1 and not any(isinstance(one, Created) for one in found.values())
        if crowd:
            self.too_many = min(self.too_many, call[0].chunk)
        apart = any(isinstance(one, Failed) and one.files_may_go_apart for one in found.values())
        unlinked = any(isinstance(one, Failed) and one.of_a_link for one in found.values())
        for graph in call:
            outcome = found.get(graph.at)
            if isinstance(outcome, Created):
                self._created(graph, outcome.record_id)
            elif outcome is None:
                self.written[graph.at] = outcomes.unclear()
            elif apart and outcome.fate is Fate.HALTED:
                self._files_apart(graph)
            elif unlinked and outcome.fate is Fate.HALTED:
                self._links_apart(graph)
            elif crowd and outcome.fate is Fate.HALTED:
                self._fewer(graph, alone=False, together=len(failing))
            else:
                self._failed(graph, outcome, alone=len(call) == 1, together=len(failing))

    def _created(self, graph: Graph, record_id: str) -> None:
        if graph.chunk < GRAPHS and self.tries[graph.at, Fate.AUTOMATION] > 1:
            self.memory.chunks[graph.root.object] = (graph.chunk, self.clock.now())
        self.written[graph.at] = Written(WriteStatus.CREATED, record_id, unmet=graph.unmet)
        parent = Parent(graph, record_id, created=True)
        if graph.later:
            self.parents.append(parent)
        self._bear(parent)

    def _call_refused(self, call: list[Graph], status: int, answer: object) -> None:
        """The request as a whole: find out by halves which graph it is, then try that one without its files."""
        found = errors.parse(answer)
        error = found[0] if found else VendorError(f"HTTP_{status}")
        if len(call) > 1:
            half = (len(call) + 1) // 2
            self.open += [replace(graph, chunk=min(graph.chunk, half)) for graph in call]
        elif any(node.is_file for node in call[0].children):
            self._files_apart(call[0])
        else:
            self._refuse(call[0], error)

    def _failed(self, graph: Graph, failed: Failed, *, alone: bool, together: int) -> None:
        self.tries[graph.at, failed.fate] += 1
        tries = self.tries[graph.at, failed.fate]
        if _is_of_links(graph, failed, tries):
            if failed.fate in (Fate.REFUSED, Fate.HALTED):
                self.links_refused.add(graph.at)
            self._links_apart(graph)
        elif failed.fate is Fate.HALTED:
            self.open.append(graph)
        elif failed.fate is Fate.DUPLICATE:
            self._duplicate(graph, failed)
        elif failed.fate is Fate.ALIKE and failed.error.alike and failed.node is graph.root:
            self.written[graph.at] = Written(WriteStatus.ALIKE, failed.error.alike[0])
        elif failed.files_may_go_apart:
            self._files_apart(graph)
        elif failed.fate is Fate.LOCKED and tries <= LOCK_TRIES:
            self.locked = True
            self.open.append(graph)
        elif failed.fate is Fate.UNKNOWN_FIELD and tries <= FIELD_TRIES:
            self._schema_moved(graph, failed)
        elif failed.fate is Fate.AUTOMATION and not (alone and tries > 1):
            self._fewer(graph, alone=alone, together=together)
        elif failed.fate in (Fate.LATER, Fate.LOCKED):
            self.written[graph.at] = outcomes.later(failed.error)
        elif not self._less_wished(graph, failed):
            self.failed_alone += failed.fate is Fate.AUTOMATION
            if graph.root.object == EVENT and is_refused_for_length(graph.root.fields, failed.error):
                self.memory.long_refused = self.clock.now()
            self._refuse(graph, self._told_apart(failed.error, failed.node or graph.root))

    def _refuse(self, graph: Graph, error: VendorError) -> None:
        self.refused.append(graph)
        self.written[graph.at] = outcomes.refused(error)

    def _less_wished(self, graph: Graph, failed: Failed) -> bool:
        """Once more without the wishes that it is about, if it carries any of them."""
        draft = self.drafts[graph.at]
        about = failed.fate is Fate.REFUSED and failed.node in (graph.root, None)
        names = wishes.spoilt(draft, failed.error) - frozenset(graph.unmet) if about else frozenset[str]()
        if names:
            self.open.append(unwished(graph, draft, names, self.schema))
        return bool(names)

    def _told_apart(self, error: VendorError, node: Node) -> VendorError:
        """One code says that an automation failed and that we may not create the object: the describe knows."""
        if error.code != NOT_WRITTEN or node.object not in DESCRIBED:
            return error
        self._look_at_schema()
        found = self.schema.objects.get(node.object)
        return error if found and found.createable else replace(error, code=NO_RIGHT)

    def _fewer(self, graph: Graph, *, alone: bool, together: int) -> None:
        """One failure among many is the record's own; several may be the number's fault."""
        if together > 1:
            self.tries[graph.at, Fate.AUTOMATION] += 1
        self.open.append(replace(graph, chunk=1 if alone or together == 1 else _smaller(graph.chunk)))

    def _files_apart(self, graph: Graph) -> None:
        self.files_refused.add(graph.at)
        self.open.append(graph.files_later())

    def _links_apart(self, graph: Graph) -> None:
        self.open.append(replace(graph, also_on=""))

    def _halted_by_nobody(self, call: list[Graph]) -> None:
        """All are said to be halted by another, and there is no other: perhaps what their links refer to."""
        linked = [graph for graph in call if graph.linked]
        self.links_refused |= {graph.at for graph in linked}
        for graph in linked:
            self._links_apart(graph)
        self._put_off([graph for graph in call if not graph.linked])

    def _look_at_schema(self) -> None:
        """Once a run. What was sent must not be forgotten because the org will not describe itself now."""
        if self.refreshed:
            return
        self.refreshed = True
        try:
            self.schema = self.schemas.get(stale=self.schema)
        except CrosstieError:
            return

    def _schema_moved(self, graph: Graph, failed: Failed) -> None:
        """Leave out what the refusal names; if it names nothing, what the org no longer describes."""
        node = failed.node or graph.root
        names = failed.error.named & node.fields.keys()
        self._look_at_schema()
        if not names:
            names = frozenset(
                name
                for name, value in node.fields.items()
                if not isinstance(value, tuple) and not self.schema.takes(node.object, name)
            )
        if KEY_FIELD in names:  # the org has just lost its keys: the caller must know before it writes without
            self.written[graph.at] = outcomes.later(failed.error)
        elif names:
            self.memory.hidden.learn(node.object, names)
            self.open.append(without(graph, self.memory.hidden.of))
        else:
            self.written[graph.at] = outcomes.refused(failed.error)

    def _duplicate(self, graph: Graph, failed: Failed) -> None:
        node = failed.node
        if node is None or node is graph.root:
            self.duplicates[graph.at] = (graph, failed.error)
        elif node.is_file:  # its document outlived an earlier record: it is linked once the record is there
            self.open.append(replace(graph.files_later(), recheck=True))
        else:  # the vendor adds some relations of its own accord: whether it did is seen when the record is there
            rest = tuple(child for child in graph.children if child is not node)
            self.open.append(replace(graph, children=rest, later=(*graph.later, node), recheck=True))

    def _skip_known(self) -> None:
        """Where keys were taken, halted graphs may be known as well: asking once beats fifteen a call."""
        halted = [graph for graph in self.open if graph.keyed and self.tries[graph.at, Fate.HALTED]]
        if not self.duplicates or not halted or self.stopped:
            return
        known = self._holders(halted)
        for graph in halted:
            if graph.root.key in known:
                self.open.remove(graph)
                self._met(graph, known[graph.root.key])

    def _meet_known(self) -> None:
        """What is refused may be there too: a rule that the org has made since is asked before the key is."""
        graphs = [*self.refused, *(graph for graph, _ in self.duplicates.values())]
        known = self._holders([graph for graph in graphs if graph.keyed])
        for graph in self.refused:
            if graph.root.key in known:
                self._met(graph, known[graph.root.key])
        for graph, error in self.duplicates.values():
            holder = known.get(graph.root.key)
            ours = graph.keyed and error.names_our_key
            if holder is None and ours and error.id_hint:
                holder = Holder(error.id_hint)
            if holder is not None:
                self._met(graph, holder)
            elif ours:  # written a moment ago by somebody else, and not to be seen yet, or never to be
                self.written[graph.at] = outcomes.taken(error)
            else:
                self.written[graph.at] = outcomes.refused(error)

    def _met(self, graph: Graph, holder: Holder) -> None:
        draft = self.drafts[graph.at]
        moment = draft.fields.get(draft.told_by)
        if isinstance(moment, datetime) and not within_a_day(moment, holder.moment):
            self.written[graph.at] = Written(WriteStatus.TAKEN, holder.record_id, moment=holder.moment)
            return
        self._exists(graph, holder.record_id)

    def _exists(self, graph: Graph, record_id: str) -> None:
        self.written[graph.at] = Written(WriteStatus.EXISTS, record_id, unmet=graph.unmet)
        self.parents.append(Parent(graph, record_id, created=False))
        self._bear(self.parents[-1])

    def _bear(self, parent: Parent) -> None:
        graph, draft = parent.graph, self.drafts[parent.graph.at]
        apart = graph.later if parent.created and graph.also_on else graph.children + graph.later
        if draft.files_also_on and any(node.is_file for node in apart):
            self.bearers.append(Bearer(parent, draft))

    def _holders(self, graphs: Sequence[Graph]) -> dict[str, Holder]:
        try:
            return lookup.holders(self.client, self.schema, [self.drafts[graph.at] for graph in graphs])
        except CrosstieError:
            return {}

    def _finish_parents(self) -> None:
        """Add what was left for later; a record that cannot be completed is not left half done."""
        failed: dict[int, VendorError | None] = {}
        try:
            if self.parents and not self._is_late():
                failed |= complete(self.client, self.parents)
                done = {parent.graph.at for parent in self.parents if parent.created} - failed.keys()
                self.memory.files_apart |= bool(done & self.files_refused)
            else:
                failed = {parent.graph.at: None for parent in self.parents}
        except Unclear:
            for parent in self.parents:
                self.written[parent.graph.at] = outcomes.unclear(parent.record_id)
        except CrosstieError:
            failed = {parent.graph.at: None for parent in self.parents}
        for parent in self.parents:
            if parent.graph.at in failed:
                self.written[parent.graph.at] = self._incomplete(parent, failed[parent.graph.at])

    def _publish(self) -> None:
        """Put files on the records that their mails are about. Where that fails a keyed record waits for it;
        without a key its files are on the mail at least.
        """
        done = (WriteStatus.CREATED, WriteStatus.EXISTS)
        bearers = [one for one in self.bearers if self.written[one.parent.graph.at].status in done]
        if bearers and self._is_late():
            self._publish_later(bearers)
            return
        try:
            refused = publish(self.client, bearers)
        except Unclear:
            for one in bearers:
                self.written[one.parent.graph.at] = outcomes.unclear(one.parent.record_id)
        except CrosstieError:
            self._publish_later(bearers)
        else:
            for at, count in refused.items():
                self.written[at] = replace(self.written[at], unpublished=count)
            done_apart = {one.parent.graph.at for one in bearers} - refused.keys()
            self.memory.links_apart |= bool(done_apart & self.links_refused)

    def _publish_later(self, bearers: Sequence[Bearer]) -> None:
        for parent in (one.parent for one in bearers if one.parent.graph.keyed):
            self.written[parent.graph.at] = outcomes.later(None, parent.record_id)

    def _incomplete(self, parent: Parent, error: VendorError | None) -> Written:
        """With a key the next try completes it; else, or where a person must act, our new record goes again."""
        final = error is not None and errors.fate(error) in (Fate.REFUSED, Fate.DUPLICATE)
        refusal = error if final else None
        if not parent.created or (refusal is None and parent.graph.keyed):
            is_there = parent.record_id
        elif self._took_back(parent):
            is_there = ""
        else:
            return outcomes.unclear(parent.record_id)
        return outcomes.refused(refusal, is_there) if refusal else outcomes.later(error, is_there)

    def _took_back(self, parent: Parent) -> bool:
        try:
            return not self._is_late() and remove(self.client, [parent.record_id])
        except CrosstieError:
            return False


def _is_of_links(graph: Graph, failed: Failed, tries: int) -> bool:
    """The record may be written without the links of its files. Of a reference to nothing the answer may name no
    node.
    """
    if not graph.linked:
        return False
    if failed.fate is Fate.HALTED:
        return tries > 1
    return failed.of_a_link and (failed.fate is not Fate.LOCKED or tries > LOCK_TRIES)


def _smaller(chunk: int) -> int:
    return next((size for size in SMALLER if size < chunk), 1)
