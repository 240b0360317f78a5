"""CSV as bulk jobs take and give it: six delimiters, two line endings, everything quoted on the way out."""

import csv
import io
from collections.abc import Iterable, Sequence

from sandbox.salesforce.errors import SalesforceError

DELIMITERS = {"BACKQUOTE": "`", "CARET": "^", "COMMA": ",", "PIPE": "|", "SEMICOLON": ";", "TAB": "\t"}
LINE_ENDINGS = {"LF": "\n", "CRLF": "\r\n"}
LONGEST_FIELD = 131_072
LONGEST_RECORD = 400_000
MOST_FIELDS = 5_000
"""Characters of a field and of a record, and fields in a record [S: limits of bulk ingest]."""

Row = tuple[str, ...]


class BadContent(Exception):
    """Why a job fails as a whole, as its errorMessage has it."""


def read(content: bytes, delimiter: str, line_ending: str) -> tuple[Row, list[Row]]:
    """Header and rows; empty lines are skipped. Raises BadContent."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise BadContent("InvalidBatch : The content is not UTF-8") from error
    first = text.partition("\n")[0]
    if text and first.endswith("\r") != (line_ending == "CRLF"):
        setting = f"Current LineEnding setting is {line_ending}"
        raise BadContent(f"ClientInputError : LineEnding is invalid on user data. {setting}")
    rows = [tuple(row) for row in _rows(text, DELIMITERS[delimiter]) if row]
    if not rows:
        raise BadContent("InvalidBatch : Unable to find a header row")
    _check_sizes(rows)
    return rows[0], rows[1:]


def _rows(text: str, delimiter: str) -> list[list[str]]:
    before = csv.field_size_limit(LONGEST_RECORD)
    try:
        return list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True))
    except csv.Error as error:
        raise BadContent(f"InvalidBatch : Failed to parse CSV content: {error}") from error
    finally:
        csv.field_size_limit(before)


def _check_sizes(rows: Iterable[Row]) -> None:
    for row in rows:
        longest = max((len(value) for value in row), default=0)
        if len(row) > MOST_FIELDS or longest > LONGEST_FIELD or sum(map(len, row)) > LONGEST_RECORD:
            raise BadContent("InvalidBatch : a record of the content is larger than the vendor takes")


def write(rows: Iterable[Sequence[str]], delimiter: str, line_ending: str) -> bytes:
    out = io.StringIO(newline="")
    ending = LINE_ENDINGS[line_ending]
    writer = csv.writer(out, delimiter=DELIMITERS[delimiter], lineterminator=ending, quoting=csv.QUOTE_ALL)
    writer.writerows(rows)
    return out.getvalue().encode()


def choice(value: object, known: dict[str, str], default: str, name: str) -> str:
    """A delimiter or line ending by its name in a request; INVALIDJOB for one there is not."""
    chosen = default if value is None else str(value)
    if chosen not in known:
        raise SalesforceError("INVALIDJOB", f"Unknown {name}: {chosen}. Known are {', '.join(sorted(known))}")
    return chosen
