"""Pages and tables as all rendered pages have them."""

from collections.abc import Iterable, Sequence

MADE = "<!-- Rendered from the code by `make docs`; changes made here are lost. -->"


def page(title: str, opening: str, *parts: str) -> str:
    return "\n\n".join((f"# {title}", MADE, opening.strip(), *parts)) + "\n"


def table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [header, ["---"] * len(header), *rows]
    return "\n".join("| " + " | ".join(_plain(cell) for cell in line) + " |" for line in lines)


def _plain(cell: str) -> str:
    return cell.replace("|", "\\|").replace("*.", "\\*.").replace("\n", " ")
