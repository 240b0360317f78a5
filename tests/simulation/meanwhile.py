"""Somebody acts while a vendor works on a request, or between two steps of one."""

from collections.abc import Callable
from dataclasses import dataclass

from sandbox.faults import Fault


@dataclass
class Meanwhile(Fault):
    """Nothing goes wrong; at the request, or step, that this fault would befall `act` happens first."""

    act: Callable[[], object] = lambda: None

    def happens(self) -> bool:
        if Fault.happens(self):
            self.act()
        return False
