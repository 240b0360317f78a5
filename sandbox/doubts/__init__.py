"""The register of doubts: what the sandbox was told by memory, and what became of it.

A row is a switch that has both answers, or says why there is none. `where` is a section of the vendors' page of
semantics (`1.2`), a pitfall of it (`G-3`), a probe (`P8`), or `design 5` for bad manners.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from sandbox import switches


@dataclass(frozen=True, slots=True)
class Doubt:
    where: str
    switch: str = ""
    """Name of the switch, which brings the question along."""
    what: str = ""
    """Without a switch: what is doubted, or not modelled."""
    why: str = ""
    """Without a switch: why there is none."""

    @property
    def vendor(self) -> str:
        return self.switch.partition(".")[0]


def register() -> Iterator[Doubt]:
    from sandbox.doubts import calendar, google, graph, later, salesforce

    yield from graph.ROWS
    yield from calendar.ROWS
    yield from salesforce.ROWS
    yield from google.ROWS
    yield from later.ROWS


def switch_of(doubt: Doubt) -> switches.Switch:
    """KeyError for a row whose switch nobody declared."""
    return {one.name: one for one in switches.declared()}[doubt.switch]


def unlisted() -> list[str]:
    """Declared switches that no row has."""
    listed = {doubt.switch for doubt in register()}
    return sorted(one.name for one in switches.declared() if one.name not in listed)
