"""The corpus through the whole machine: what is saved says what the raw mail says; what is not has its reason."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from functools import cache
from typing import Any

import pytest

from tests.places import ROOT
from tests.simulation.corpus import page
from tests.simulation.corpus.expected import Expected, Header
from tests.simulation.corpus.judge import differences, verdict
from tests.simulation.corpus.runs import RUNS, Letter, Outcome, Run, apart, letters, through

pytestmark = pytest.mark.shared
FORCED = RUNS[2]


@cache
def read() -> Sequence[Letter]:
    return letters()


@cache
def outcomes(run: Run) -> Sequence[Outcome]:
    return list(apart(run, read()))


def test_the_corpus_is_whole() -> None:
    ids = Counter(letter.expected.message_id for letter in read())
    shared = [times for message_id, times in ids.items() if message_id and times > 1]
    assert (len(read()), len(shared), sum(shared), ids[""]) == (115, 11, 43, 14)


@pytest.mark.parametrize("run", RUNS, ids=lambda run: run.name)
def test_every_mail_ends_as_the_rules_say(run: Run) -> None:
    found = {one.letter.name: one.code for one in outcomes(run)}
    assert found == {letter.name: verdict(letter.expected, run) for letter in read()}
    assert all(one.sentence for one in outcomes(run) if one.code)


@pytest.mark.parametrize("run", RUNS[2:], ids=lambda run: run.name)
def test_what_is_saved_says_what_the_mail_says(run: Run) -> None:
    saved = [one for one in outcomes(run) if one.record is not None]
    assert len(saved) >= 100
    assert {one.letter.name: said for one in saved if (said := differences(one))} == {}


def test_the_page_is_in_step() -> None:
    shown = (ROOT / "docs" / "corpus.md").read_text()
    assert shown == page.render({run: outcomes(run) for run in RUNS}), "run `python -m tests.simulation.corpus`"


def test_all_in_one_mailbox_are_told_apart_by_message_id_sender_and_day() -> None:
    records: dict[str, list[Letter]] = defaultdict(list)
    for outcome in through(FORCED, read()):
        assert (outcome.code in ("MAIL-SAVED", "MAIL-SHARED")) is bool(outcome.record_id)
        if outcome.record_id:
            records[outcome.record_id].append(outcome.letter)
    together = {frozenset(one.name for one in some) for some in records.values()}
    assert together == {frozenset(one.name for one in some) for some in _mails(read())}
    senders = defaultdict(set)
    for record_id, some in records.items():
        senders[some[0].expected.message_id].add(record_id)
    assert max(len(found) for message_id, found in senders.items() if message_id) == 2, "a reused Message-ID"


def _mails(all_letters: Sequence[Letter]) -> list[list[Letter]]:
    """Those that are one mail: by Message-ID, sender and day; else by everything."""
    mails: list[list[Letter]] = []
    for letter in all_letters:
        if letter.expected.kind != "mail" or letter.expected.spam:
            continue
        home = next((some for some in mails if _same(some[0].expected, letter.expected)), None)
        mails.append([letter]) if home is None else home.append(letter)
    return mails


def _same(one: Expected, other: Expected) -> bool:
    alike = one.message_id == other.message_id and one.sender.people[:1] == other.sender.people[:1]
    if one.message_id:
        apart = abs(one.sent - other.sent) if one.sent and other.sent else timedelta(0)
        return alike and apart <= timedelta(days=1)
    words = one.text.split() == other.text.split()
    return alike and words and (one.sent, one.everybody) == (other.sent, other.everybody)


SPOILT: dict[str, Any] = {
    "Subject": "another",
    "FromAddress": "somebody@else.test",
    "ToAddress": "somebody@else.test",
    "MessageDate": "2001-02-03T04:05:06.000+0000",
    "TextBody": "other words",
    "MessageIdentifier": "<another@else.test>",
}


@pytest.mark.parametrize("field", SPOILT)
def test_the_judge_sees_a_field_that_is_wrong(field: str) -> None:
    plain = [
        (outcome, outcome.record)
        for outcome in outcomes(FORCED)
        if outcome.record and outcome.record[field] and _is_plain(outcome.letter.expected)
    ]
    assert plain
    for outcome, record in plain:
        assert differences(replace(outcome, record={**record, field: SPOILT[field]})), outcome.letter.name


def _is_plain(expected: Expected) -> bool:
    headers: list[Header] = [expected.sender, expected.to]
    return all(header.sound for header in headers) and all((expected.subject, expected.text, expected.message_id))


def test_the_judge_sees_a_lost_name_a_lost_and_a_changed_file() -> None:
    tasks = [one for one in outcomes(RUNS[3]) if one.record]
    named = next(one for one in tasks if one.letter.expected.to.people[:1] and one.letter.expected.to.people[0][0])
    assert named.record
    nameless = named.record["Description"].replace(f"To: {named.letter.expected.to.people[0][0]} ", "To: ", 1)
    assert any(
        "name" in said for said in differences(replace(named, record={**named.record, "Description": nameless}))
    )
    filed = next(one for one in tasks if one.files)
    assert differences(replace(filed, files=()))
    assert differences(replace(filed, files=tuple((name, content + b"x") for name, content in filed.files)))
