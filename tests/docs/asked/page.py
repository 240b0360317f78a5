"""docs/asked.md."""

from collections.abc import Iterator

from tests.docs.asked import Asked, Section
from tests.docs.asked.content import ATTACHMENTS, MAPPING
from tests.docs.asked.events import EVENTS
from tests.docs.asked.mails import MAILS
from tests.docs.asked.marks import MARKS
from tests.docs.asked.older import OLDER
from tests.docs.asked.records import RECORDS
from tests.docs.markdown import page, table

SECTIONS = (*MAILS, MAPPING, ATTACHMENTS, *RECORDS, OLDER, MARKS, *EVENTS)


def asked_page() -> str:
    return page(
        "What is asked, and what Crosstie does",
        """
What products of this kind are asked to do, row by row, with our answer and where it is shown: tests, or pages that
say why it is done otherwise. The names of the rows are those of the analysis that this project began with.
""",
        *(f"## {section.title}\n\n{_rows(section)}" for section in SECTIONS),
    )


def _rows(section: Section) -> str:
    return table(
        ("row", "asked", "answer", "shown by"),
        [(one.row, one.what, one.answer, "; ".join(_places(one))) for one in section.rows],
    )


def _places(one: Asked) -> Iterator[str]:
    """Pages as links, tests by their file, each file once."""
    files: dict[str, list[str]] = {}
    for place in one.where:
        path, _, name = place.partition("::")
        if path.startswith("docs/"):
            yield f"[{path[5:]}]({path[5:]})"
        else:
            files.setdefault(path, []).extend([name] if name else [])
    for path, names in files.items():
        yield f"`{path}`" + (f": {', '.join(names)}" if names else "")
