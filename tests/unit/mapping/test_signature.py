"""Signatures, case by case; hostile ones cost no time."""

import time
from dataclasses import astuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crosstie.domain.email import Content
from crosstie.mapping.signature import LONGEST_LINE, NOTHING, Signature, signature
from tests.unit.mapping.cases_signatures import CASES, FULL

EMAIL = "nora.quist@birch.test"
LETTERS = "ntcpmfo"


def shown(found: Signature) -> str:
    return " ".join(f"{letter}={value}" for letter, value in zip(LETTERS, astuple(found), strict=True) if value)


@pytest.mark.parametrize(("text", "name", "answer"), [pytest.param(*one[1:], id=one[0]) for one in CASES])
def test_signatures(text: str, name: str, answer: str) -> None:
    assert shown(signature(Content(text=text), "Offer", name, EMAIL)) == answer
    page = "".join(f"<div>{line.replace('<', '&lt;') or '<br>'}</div>" for line in text.split("\n"))
    if ">" not in text:
        assert shown(signature(Content(html=page), "Offer", name, EMAIL)) == answer


def test_a_forwarded_mail_ends_with_somebody_elses() -> None:
    assert signature(Content(text=FULL), "FW: Offer", "Nora Quist", EMAIL) == NOTHING


@given(st.text(max_size=400), st.text(max_size=40))
def test_any_text_has_some_answer(text: str, name: str) -> None:
    found = signature(Content(text=f"{text}\nNora Quist\n{text}"), "Offer", name or "Nora Quist", EMAIL)
    assert all(len(value) <= LONGEST_LINE for value in astuple(found))


@pytest.mark.parametrize(
    "piece", ["Nora Quist\n", "+49 30 90", "1 ", "(", "-- \n", "a", "\u202e", "x" * 199 + "\n", "co. ", "ext 1 "]
)
def test_hostile_ones_take_no_longer(piece: str) -> None:
    text = "Nora Quist\n" + piece * (1_000_000 // len(piece))
    began = time.process_time()
    signature(Content(text=text), "Offer", "Nora Quist", EMAIL)
    assert time.process_time() - began < 2
