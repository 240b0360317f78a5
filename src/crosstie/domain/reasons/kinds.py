"""What a reason is. Parameters name fields, codes, ids and settings, never content."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType

from crosstie.domain.speech import say


class Outcome(StrEnum):
    """What a reason means for the item: the filter on pages."""

    SAVED = "saved"
    SKIPPED = "skipped"
    WAITING = "waiting"
    ISSUE = "issue"


@dataclass(frozen=True, slots=True)
class ReasonKind:
    code: str
    outcome: Outcome
    sentence: str
    rechecked_by: frozenset[str] = frozenset()
    """Epochs (`settings`, `blocklist`, `pairs`, `directory`, `record`) whose move makes the answer worth asking
    again.
    """
    status: str = ""
    """What the mailbox shows of an issue, in a category's few words (rules/warnings.py)."""


@dataclass(frozen=True, slots=True)
class Reason:
    kind: ReasonKind
    params: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))

    @property
    def code(self) -> str:
        return self.kind.code

    @property
    def sentence(self) -> str:
        """In the reader's language. What a parameter quotes of another sentence stays as it was decided."""
        return say(self.kind.sentence).format_map(self.params)

    def __hash__(self) -> int:
        return hash((self.kind, tuple(sorted(self.params.items()))))


KINDS: dict[str, ReasonKind] = {}
FILES_LEFT_OUT = "left_out"
"""The parameter, of any reason of a saved mail, that says which attachments were not (rules/leftovers.py)."""


def define(code: str, outcome: Outcome, sentence: str, *rechecked_by: str, status: str = "") -> ReasonKind:
    """A new one, to be found by its code."""
    KINDS[code] = ReasonKind(code, outcome, sentence, frozenset(rechecked_by), status)
    return KINDS[code]


def reason(of: ReasonKind, /, **params: str) -> Reason:
    return Reason(of, MappingProxyType(params))
