"""What a check answers."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from crosstie.config.environment import Config
from crosstie.domain.preflight import Level

__all__ = ["Check", "Finding", "Level"]


@dataclass(frozen=True, slots=True)
class Finding:
    level: Level
    subject: str
    sentence: str
    advice: str = ""
    """What to do; empty where nothing is to be done."""

    @classmethod
    def ok(cls, subject: str, sentence: str) -> "Finding":
        return cls(Level.OK, subject, sentence)

    @classmethod
    def warning(cls, subject: str, sentence: str, advice: str) -> "Finding":
        return cls(Level.WARNING, subject, sentence, advice)

    @classmethod
    def problem(cls, subject: str, sentence: str, advice: str) -> "Finding":
        return cls(Level.PROBLEM, subject, sentence, advice)

    def as_dict(self) -> dict[str, str]:
        return {
            "level": self.level.value,
            "subject": self.subject,
            "sentence": self.sentence,
            "advice": self.advice,
        }

    def __str__(self) -> str:
        return f"{self.level.value:<8} {self.subject:<12} {self.sentence} {self.advice}".rstrip()


Check = Callable[[Config], Iterable[Finding]]
"""Looks at one thing, changes nothing, and takes seconds at most."""
