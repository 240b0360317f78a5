"""Some days of two people, a trouble that befalls them at work or at the very start, and what was seen."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum

from crosstie.accounts.trouble import advice
from crosstie.domain import reasons
from crosstie.domain.errors import CrosstieError
from crosstie.domain.reasons import KINDS as KINDS_OF_REASONS
from crosstie.domain.reasons import Outcome
from sandbox.faults import Fault
from tests.matrix.errands import ERRANDS
from tests.matrix.troubles import Target, Trouble
from tests.matrix.ward import PACE, QUIET_PACE, Ward, Work
from tests.simulation import day
from tests.simulation.day import INTENTS
from tests.simulation.house import Make
from tests.simulation.oracle import problems
from tests.simulation.sweep import HOUSES, restlessness

HALF_AN_HOUR = 34.0
"""Minutes: a session of everybody is among them."""
AN_HOUR = 64.0
RECOVERY = 46.0
"""Minutes after the trouble: longer than the longest back-off."""
NIGHT = 25.0
"""Hours: refused items are tried again after a day."""


DELETES = re.compile(r"deletes were asked for: \{(.*)\}")
BY_ERRAND, BY_TAKING_BACK = re.compile(r"'composite': \d"), re.compile(r"'collection_delete': \d+")
FILE_LIMIT = 50_000
"""Bytes. Larger than any file of the day, smaller than some of its mails: files are fetched apart."""


@dataclass(frozen=True, slots=True)
class Kind:
    """A house, and bad luck that belongs to its every day: what is asked only after such is asked here."""

    make: Make
    luck: tuple[Fault, ...] = ()
    """From the second day on."""


def _limited(make: Make) -> Make:
    return replace(make, settings=replace(make.settings, attachments_max_bytes=FILE_LIMIT))


def _kinds() -> dict[str, Kind]:
    houses = {name: _limited(make) for name, make in HOUSES.items()}
    lost = Fault("lose_answer", "salesforce", "graph", times=2)
    files_lost = Fault("lose_answer", "salesforce", "collection_create", times=2)
    refusal = Fault("inside", "salesforce", "insert:ContentVersion", code="FIELD_CUSTOM_VALIDATION_EXCEPTION")
    kinds = {name: Kind(make) for name, make in houses.items()}
    kinds |= {f"{name}, answers lost": Kind(houses[name], (lost,)) for name in ("email-message", "unkeyed")}
    kinds["files-apart, answers lost"] = Kind(houses["files-apart"], (files_lost,))
    kinds["files-apart, a file refused"] = Kind(houses["files-apart"], (refusal,))
    make = houses["email-message"]
    kinds["folders"] = Kind(replace(make, settings=replace(make.settings, mail_folders=("archive", "inbox/*"))))
    return kinds


KINDS = _kinds()


class Stage(StrEnum):
    """When the trouble begins."""

    START = "start"
    """Before the first session, so that what is asked once meets it."""
    WORK = "work"
    """When everything is known and at rest."""
    ERRAND = "errand"


@dataclass(frozen=True, slots=True)
class Case:
    kind: str
    """One of KINDS."""
    target: Target
    trouble: Trouble
    stage: Stage
    lasting: bool

    def __str__(self) -> str:
        how = "for hours" if self.lasting else "once"
        return f"{self.kind}: {self.trouble.name} at {self.target} {how}, {self.stage}"


PARTS_OF_RECORDS = ("insert:ContentVersion", "insert:EmailMessageRelation", "insert:EventRelation")
OTHERS = {"ada": ("All of you", "To a stranger"), "ben": ("Our answer",)}
"""Whose mailbox is in trouble → what the other one has to save meanwhile."""


def whose(target: Target) -> str:
    """The mailbox that is in trouble when only one is: nothing of Ada's is moved."""
    return "ben" if target.name == "messages.move" else "ada"


def _is_allowed(problem: str, kinds: Sequence[re.Pattern[str]]) -> bool:
    match = DELETES.fullmatch(problem)
    told = match[1].split(", ") if match else []
    return bool(told) and all(any(kind.fullmatch(one) for kind in kinds) for one in told)


@dataclass(slots=True)
class Life:
    case: Case | None = None
    kind: str = "email-message"
    ward: Ward = field(init=False)
    began: datetime = field(init=False)
    ended: datetime = field(init=False)
    waiting: list[str] = field(default_factory=list)
    """What of the other mailbox was not done while the trouble lasted."""
    unsaved: frozenset[str] = frozenset()
    """Why mails that are meant to be saved were not when the trouble had lasted its time."""
    asked: dict[Stage, frozenset[Target]] = field(default_factory=dict)
    """What was asked of the vendors, by stage."""

    def __post_init__(self) -> None:
        self.kind = self.case.kind if self.case else self.kind
        self.ward = Ward(KINDS[self.kind].make)
        self.began = self.ended = self.ward.clock.now()

    def live(self) -> None:
        ward = self.ward
        self._begin(Stage.START)
        day.before(ward)
        self._go(Stage.START)
        day.morning(ward)
        self._go(Stage.START)
        self._end(Stage.START)
        self._note(Stage.START)
        for fault in KINDS[self.kind].luck:
            ward.watching.add(replace(fault))
        self._begin(Stage.WORK)
        day.noon(ward)
        self._go(Stage.WORK)
        day.evening(ward)
        self._go(Stage.WORK)
        self._end(Stage.WORK)
        self._note(Stage.WORK)
        self._errands()
        self._note(Stage.ERRAND)
        self._settle()

    def judge(self) -> list[str]:
        """What is not as people meant it.

        Where files are written apart, a record that was made a moment ago and cannot be completed is taken
        back, which is the one delete that Crosstie asks for unasked (promise 6); an errand asks for one by word.
        """
        found = problems(self.ward, INTENTS) + restlessness(self.ward)
        of_parts = self.case is not None and self.case.target.name in PARTS_OF_RECORDS
        takes_back = of_parts or self.kind.startswith("files-apart")
        allowed = [BY_ERRAND, BY_TAKING_BACK] if takes_back else [BY_ERRAND]
        return [one for one in found if not _is_allowed(one, allowed)]

    def _go(self, stage: Stage) -> None:
        lasting = self.case is not None and self.case.lasting and self.case.stage is stage
        self.ward.go(AN_HOUR if lasting else HALF_AN_HOUR)

    def _begin(self, stage: Stage) -> None:
        case = self.case
        if case is None or case.stage is not stage:
            return
        concerned = case.target.of_one_mailbox and case.lasting
        subject = self.ward.box(whose(case.target)).address if concerned else "*"
        self.began = self.ward.clock.now()
        self.ward.pace = PACE if case.target.face == "salesforce" else QUIET_PACE
        self.ward.watching.add(case.trouble.fault(case.target, self.began, lasting=case.lasting, subject=subject))

    def _end(self, stage: Stage) -> None:
        case = self.case
        if case is None or case.stage is not stage:
            return
        self.ended = self.ward.clock.now()
        self.unsaved = frozenset(self._why_not())
        if stage is Stage.WORK and case.target.of_one_mailbox and case.lasting:
            self.waiting = [one for one in OTHERS[whose(case.target)] if not self._is_saved(one)]
        self.ward.pace = QUIET_PACE
        self.ward.watching.clear()
        self.ward.app.finish(all_of_them=True)
        if case.lasting:
            self.ward.go(RECOVERY)

    def _why_not(self) -> Iterator[str]:
        for (mailbox_id, _), row in self.ward.memory.items.items():
            kind = KINDS_OF_REASONS.get(row.state.reason_code)
            if kind and mailbox_id and (kind.outcome is Outcome.ISSUE or kind in (reasons.WAITS, reasons.UNCLEAR)):
                yield kind.code

    def _is_saved(self, subject: str) -> bool:
        return bool(self.ward.rows(self.ward.mail_object, "Id", where=f"Subject = '{subject}'"))

    def _errands(self) -> None:
        for errand in ERRANDS.values():
            self._begin(Stage.ERRAND)
            before, now = self.ward.world.requests.count, self.ward.clock.now()
            try:
                errand(self.ward)
            except CrosstieError as error:
                self.ward.notes.errors.append((now, error.code, advice.for_error(error)))
            except Exception as error:
                self.ward.escaped(error)
            self.ward.notes.batches.append(Work(now, 1, self.ward.world.requests.count - before))
            self._end(Stage.ERRAND)

    def _note(self, stage: Stage) -> None:
        self.asked[stage] = frozenset(Target(face, name) for face, name in self.ward.watching.asked)
        self.ward.watching.asked.clear()

    def _settle(self) -> None:
        """The schedule goes on; a night lies between."""
        self.ward.go(HALF_AN_HOUR)
        self.ward.sleep_over(NIGHT)
        self.ward.go(RECOVERY)
