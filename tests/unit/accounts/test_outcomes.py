"""Each kind of outcome has a sentence, something to do where something can be done, and a line on its page."""

from pathlib import Path

import pytest

from crosstie.accounts.activation import outcomes
from crosstie.domain.activation import Step

PAGE = Path(__file__).resolve().parents[3] / "docs" / "howto" / "activate-many-mailboxes.md"


@pytest.mark.parametrize("kind", outcomes.KINDS.values(), ids=lambda kind: kind.code)
def test_a_kind_as_its_page_has_it(kind: outcomes.Kind) -> None:
    again = "yes" if kind.again else "no"
    assert f"| `{kind.code}` | {kind.sentence} | {kind.advice or '–'} | {again} |" in PAGE.read_text()
    assert kind.step in (Step.SKIPPED, Step.FAILED)
    assert kind.advice or not kind.again


@pytest.mark.parametrize("code", ["GRAPH-UNAVAILABLE", "GRAPH-SOMETHING-NEW"])
def test_an_error_of_a_vendor_has_a_sentence_too(code: str) -> None:
    kind = outcomes.of(code)
    assert (kind.step, kind.again) == (Step.FAILED, True)
    assert code in kind.sentence
    assert kind.advice.startswith("The mailbox cannot be")
