"""The German of every sentence that people are shown: `python -m tests.translations` takes up what is new.

Sentences are found where they stand: in templates, in the calls of MARKS, and in the tables of advice. What nobody
says any more goes; what is new gets an empty line in django.po, to be filled by hand; the next run compiles it.
"""

import ast
import re
import sys
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

from tests.places import ROOT

SOURCE = ROOT / "src" / "crosstie"
GERMAN = SOURCE / "web" / "locale" / "de" / "LC_MESSAGES"
PO, MO = GERMAN / "django.po", GERMAN / "django.mo"
MARKS = {
    "_": (0,),
    "noted": (0,),
    "gettext": (0,),
    "gettext_lazy": (0,),
    "Phrase": (1,),
    "define": (2,),
    "setting": (2,),
    "Kind": (1, 2),
}
"""Callable → places of its arguments that are sentences."""
FIRST = datetime(2026, 11, 27, tzinfo=UTC)
"""A catalogue names a day; the same sentences make the same file on any."""
PLURALS = ("ngettext", "ngettext_lazy")
TABLES = ("accounts/trouble/advice.py", "accounts/trouble/letters.py", "rules/files.py")
"""Modules whose constants are sentences, if they have more than one word."""
_SAID = re.compile(
    r"(n?gettext)\(u?('(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\")(?:, u?('(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\"))?"
)
Sentence = str | tuple[str, str]


def sentences() -> set[Sentence]:
    """A sentence, or its singular and plural."""
    found: set[Sentence] = set()
    for path in sorted(SOURCE.rglob("*.py")):
        tree = ast.parse(path.read_text())
        found |= set(_called(tree))
        if path.relative_to(SOURCE).as_posix() in TABLES:
            found |= set(_tabled(tree))
    for path in sorted(SOURCE.rglob("templates/**/*.html")):
        found |= set(_shown(path))
    return found - {one[0] for one in found if isinstance(one, tuple)}  # the plural's line serves both


def _called(tree: ast.Module) -> Iterator[Sentence]:
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        name = node.func.id if isinstance(node.func, ast.Name) else ""
        texts = [one.value if isinstance(one, ast.Constant) else None for one in node.args]
        if name in PLURALS:
            yield str(texts[0]), str(texts[1])
        for place in MARKS.get(name, ()):
            if place < len(texts) and isinstance(text := texts[place], str) and text:
                yield text


def _tabled(tree: ast.Module) -> Iterator[Sentence]:
    for node in tree.body:
        if isinstance(node, ast.Assign | ast.AnnAssign) and node.value is not None:
            for one in ast.walk(node.value):
                if isinstance(one, ast.Constant) and isinstance(one.value, str) and " " in one.value:
                    yield one.value


def _shown(path: Path) -> Iterator[Sentence]:
    for kind, first, second in _SAID.findall(templatize(path.read_text(), origin=str(path))):
        text = ast.literal_eval(first)
        yield (text, ast.literal_eval(second)) if kind == "ngettext" else text


def catalogue() -> Catalog:
    with PO.open("rb") as file:
        return read_po(file, locale="de")


def compiled(known: Catalog) -> bytes:
    buffer = BytesIO()
    write_mo(buffer, known)
    return buffer.getvalue()


def renewed(before: Catalog) -> Catalog:
    """The same with what is said now, in order, and nothing else."""
    after = Catalog(
        locale="de",
        header_comment="",
        fuzzy=False,
        project="Crosstie",
        version="1",
        msgid_bugs_address="-",
        last_translator="-",
        language_team="-",
        creation_date=FIRST,
        revision_date=FIRST,
    )
    for sentence in sorted(sentences(), key=str):
        key = sentence if isinstance(sentence, str) else sentence[0]
        known = before.get(key)
        after.add(sentence, string=known.string if known and known.id == sentence else "")
    return after


def texts(of: str | Iterable[str] | None) -> tuple[str, ...]:
    """One, or singular and plural."""
    return (of or "",) if isinstance(of, str | None) else tuple(of)


def main() -> None:
    known = renewed(catalogue())
    buffer = BytesIO()
    write_po(buffer, known, width=115, omit_header=False)
    PO.write_bytes(buffer.getvalue())
    MO.write_bytes(compiled(known))
    missing = [one.id for one in known if one.id and not all(texts(one.string))]
    sys.stdout.write(f"{len(list(known)) - 1} sentences, {len(missing)} without German\n")
    sys.stdout.writelines(f"  {one}\n" for one in missing)


if __name__ == "__main__":
    main()
