"""What nobody outside the vendors knows for certain: each doubt is a switch with both answers.

A face declares its switches beside the code that reads them; tests and seeds turn them.
"""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Switch:
    name: str
    default: bool
    question: str
    source: str
    """Where the doubt is recorded: a section of our notes on the vendors, a probe, the page that is silent."""
    interferes: bool = False
    """One of the answers lets somebody else change what people and clients wrote."""


_DECLARED: dict[str, Switch] = {}


def declare(name: str, *, default: bool, question: str, source: str, interferes: bool = False) -> Switch:
    switch = Switch(name, default, question, source, interferes)
    _DECLARED[name] = switch
    return switch


def declared() -> tuple[Switch, ...]:
    return tuple(_DECLARED.values())


@dataclass(slots=True)
class Switches:
    """The answers in force; a switch nobody turned keeps its default."""

    turned: dict[str, bool] = field(default_factory=dict)

    def on(self, switch: Switch) -> bool:
        return self.turned.get(switch.name, switch.default)

    def turn(self, name: str, on: bool) -> None:
        if name not in _DECLARED:
            raise KeyError(f"no switch named {name}; known: {', '.join(sorted(_DECLARED))}")
        self.turned[name] = on
