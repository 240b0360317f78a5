"""What is asked of a product of this kind, row by row, with our answer and where it is shown.

A table of rows is one module; `page.SECTIONS` lists them. `tests/docs/test_asked.py` looks for every place.
"""

from collections.abc import Sequence
from dataclasses import dataclass

NO = "Not built."


@dataclass(frozen=True, slots=True)
class Asked:
    """`where` are tests (`tests/x/test_y.py::test_z`) and pages of `docs/`; an answer that begins with `NO` is an
    argument and needs none.
    """

    row: str
    what: str
    answer: str
    where: tuple[str, ...] = ()

    @property
    def is_built(self) -> bool:
        return not self.answer.startswith(NO)


@dataclass(frozen=True, slots=True)
class Section:
    title: str
    rows: Sequence[Asked]
