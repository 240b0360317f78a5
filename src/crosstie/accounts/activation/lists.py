"""A list of people as a file: comma-separated values, a header first. It is taken whole or not at all."""

import csv
import io
from collections.abc import Iterator, Mapping

from crosstie.accounts import checks, words
from crosstie.accounts.words import Phrase, Unacceptable
from crosstie.domain.activation import Named

COLUMNS: Mapping[str, tuple[str, ...]] = {
    "address": ("email", "e-mail", "address", "mail", "mailbox"),
    "name": ("name", "full name"),
    "crm_user_id": ("salesforce id", "salesforce user id", "user id", "id"),
    "time_zone": ("time zone", "timezone"),
    "profile": ("profile",),
    "license": ("license", "licence"),
}
"""What a person has → how its column may be headed, in any case and with `_` for a blank."""
LARGEST = 4 * 1024 * 1024
"""Bytes."""
LONGEST = 200
"""Characters of a value."""

UNREADABLE = Phrase("LIST-UNREADABLE", "The file is not text in UTF-8. Save it as CSV UTF-8, then give it again.")
TOO_LARGE = Phrase("LIST-LARGE", "The file is larger than {most} bytes. Divide it.")
NO_COLUMN = Phrase("LIST-NO-COLUMN", "The first line names no column of e-mail addresses. Head it with: email.")
STRANGE_COLUMN = Phrase("LIST-COLUMN", "The column {name} means nothing here. Known are: {known}.")
BAD_LINE = Phrase("LIST-LINE", "Line {line}: {why}")
TWICE = Phrase("LIST-TWICE", "Line {line}: {address} stands in line {before} already.")
TOO_LONG = Phrase("LIST-LONG", "Line {line}: a value is longer than {most} characters.")


def read(content: bytes) -> list[Named]:
    """Raises Unacceptable for the first thing that cannot be meant, with its line."""
    if len(content) > LARGEST:
        raise Unacceptable(TOO_LARGE, most=LARGEST)
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Unacceptable(UNREADABLE) from None
    if "\0" in text:
        raise Unacceptable(UNREADABLE)
    seen: dict[str, int] = {}
    found = []
    for line, values in _rows(text):
        one = _named(line, values)
        if before := seen.get(one.address):
            raise Unacceptable(TWICE, line=line, address=one.address, before=before)
        seen[one.address] = line
        found.append(one)
    return found


def _rows(text: str) -> Iterator[tuple[int, dict[str, str]]]:
    """Line number, and the values by what they are; empty lines are none."""
    first = text.partition("\n")[0]
    reader = csv.reader(io.StringIO(text), delimiter=";" if first.count(";") > first.count(",") else ",")
    try:
        columns = [_column(name) for name in next(reader, [])]
        if "address" not in columns:
            raise Unacceptable(NO_COLUMN)
        for cells in reader:
            values = {name: cell.strip() for name, cell in zip(columns, cells, strict=False)}
            if any(values.values()):
                yield reader.line_num, values
    except csv.Error as error:
        raise Unacceptable(BAD_LINE, line=reader.line_num, why=f"{error}.") from None


def _column(name: str) -> str:
    wanted = name.strip().replace("_", " ").casefold()
    for what, names in COLUMNS.items():
        if wanted in names:
            return what
    known = ", ".join(names[0] for names in COLUMNS.values())
    raise Unacceptable(STRANGE_COLUMN, name=name.strip()[:40] or "(empty)", known=known)


def _named(line: int, values: Mapping[str, str]) -> Named:
    if any(len(value) > LONGEST for value in values.values()):
        raise Unacceptable(TOO_LONG, line=line, most=LONGEST)
    try:
        address = checks.address(values["address"])
        user = values.get("crm_user_id", "")
        user_id = checks.record_id(user, "005", words.CRM_USER_BAD) if user else ""
    except Unacceptable as refusal:
        raise Unacceptable(BAD_LINE, line=line, why=refusal.sentence) from None
    return Named(
        address,
        values.get("name", ""),
        user_id,
        values.get("time_zone", ""),
        values.get("profile", ""),
        values.get("license", ""),
    )
