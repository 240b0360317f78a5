"""docs/corpus.md: what became of every file of the corpus. Names of files, codes and sentences; no content."""

from collections import Counter
from collections.abc import Mapping, Sequence

from tests.simulation.corpus.runs import Outcome, Run

MADE = "<!-- Rendered by `python -m tests.simulation.corpus`; changes made here are lost. -->"
OPENING = """
115 real, odd and broken mails that nobody in this project wrote: the fixtures of two mail libraries (mikel/mail,
MIT; mail-parser, Apache-2.0), delivered raw to a mailbox of the sandbox and taken through connectors and engine.
43 of them share 11 Message-IDs and 14 have none, so each lies in a mailbox where no other could be taken for it.
Nobody on them is in Salesforce. *As dated*: received when the mail says so, which was years before the mailbox was
activated; such mails leave no trace (–), and *why* says that they are from before auto-saving reaches back.
*Forced*: `mail.auto-track-mode` is forced, `mail.save-unlinked` on, the blocklist empty, free mail is let in.

`tests/simulation/test_corpus.py` compares each outcome with the rules, and subject, addresses, names, date, text
and files of each record with what Python's `email` package reads in the raw file, within [the losses](losses.md).
"""
NONE = "–"


def render(outcomes: Mapping[Run, Sequence[Outcome]]) -> str:
    runs = list(outcomes)
    codes = {run: {one.letter.name: one.code for one in outcomes[run]} for run in runs}
    counted = [(run.name, *_counts(outcomes[run])) for run in runs]
    left_out = [(one.letter.name, one.code, one.sentence) for one in outcomes[runs[2]] if one.record is None]
    names = sorted(codes[runs[0]])
    return "\n\n".join(
        (
            "# The corpus of real mail",
            MADE,
            OPENING.strip(),
            "## Outcomes\n\n" + _table(("run", "files", "saved", "outcomes"), counted),
            "## Not saved in the run *Forced*\n\n" + _table(("file", "code", "reason"), sorted(left_out)),
            "## File by file\n\n"
            + _table(
                ("file", *(run.name for run in runs)),
                [(name, *(codes[run][name] or NONE for run in runs)) for name in names],
            ),
        )
    ) + "\n"  # fmt: skip


def _counts(outcomes: Sequence[Outcome]) -> tuple[str, str, str]:
    codes = Counter(one.code or NONE for one in outcomes)
    listed = ", ".join(f"{code} {times}" for code, times in codes.most_common())
    return str(len(outcomes)), str(sum(one.record is not None for one in outcomes)), listed


def _table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    return "\n".join("| " + " | ".join(line) + " |" for line in (header, ["---"] * len(header), *rows))
