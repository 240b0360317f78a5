"""What commands write to a terminal."""

from argparse import Namespace
from dataclasses import replace

import pytest

from crosstie.cli import frame
from crosstie.cli.why import _line
from crosstie.domain.errors import NeedsConsent, Retry
from crosstie.jobs.commands import Explained
from tests import mails

HOSTILE = [
    "\x1b]0;owned\x07",
    "\x1b[2J\x1b[H",
    "ok\r\ncrosstie: all is well",
    "\x9b31m",
    "\u202egnp.exe",
    "a\u2028b",
    "\x00",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_a_stranger_s_subject_neither_steers_a_terminal_nor_forges_a_line(
    text: str, capsys: pytest.CaptureFixture[str]
) -> None:
    line = _line(Explained(replace(mails.email("i"), subject=text), "MAIL-SAVED", "saved", "Saved.", ""))
    frame.answer(Namespace(json=False), [], f"{line}\nsecond")
    written = capsys.readouterr().out
    assert written.count("\n") == 2
    assert not [letter for letter in written if letter in text and not letter.isprintable() and letter != "\n"]


@pytest.mark.parametrize("text", HOSTILE)
def test_failures_are_one_line_each(text: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert frame.report_failure(frame.CommandError(text)) == frame.USAGE
    written = capsys.readouterr().err
    assert written.count("\n") == 1
    assert written[:-1].isprintable()


@pytest.mark.parametrize(
    "error", [NeedsConsent("GRAPH-SIGN-IN", "quoted words"), Retry("NET-LOST", "quoted words")]
)
def test_a_vendor_s_words_are_left_out(error: Exception, capsys: pytest.CaptureFixture[str]) -> None:
    frame.report_failure(error)
    written = capsys.readouterr().err
    assert "quoted words" not in written
    assert "Unforeseen" not in written
