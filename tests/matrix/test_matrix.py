"""Trouble × address: what the product does stays bounded, kind and explained, and afterwards all is as meant.

`make test` takes a sample that meets every address and every kind of trouble, once and for hours;
`MATRIX=all make test` takes everything, `MATRIX=7` another sample.
"""

import os

import pytest

from tests.matrix.cases import everything, sample
from tests.matrix.judge import run
from tests.matrix.life import Case

SAMPLE = 80
CHUNKS = 16
"""Tests the cases are dealt to, so that they share the work of several processes."""


def chosen() -> tuple[Case, ...]:
    asked = os.environ.get("MATRIX", "0")
    return everything() if asked == "all" else tuple(sample(SAMPLE, int(asked)))


@pytest.mark.parametrize("chunk", range(CHUNKS))
def test_trouble(chunk: int) -> None:
    wrong = {}
    for case in chosen()[chunk::CHUNKS]:
        outcome = run(case)
        if outcome.problems:
            wrong[str(case)] = outcome.problems
    assert wrong == {}


def test_the_sample_meets_everything() -> None:
    cases = sample(SAMPLE)
    assert {case.target for case in cases} == {case.target for case in everything()}
    kinds = {(case.trouble.group, case.lasting) for case in everything()}
    assert {(case.trouble.group, case.lasting) for case in cases} == kinds
    assert len({case.trouble.name for case in cases}) >= SAMPLE * 3 // 4
