"""Every error that the code can raise has the same advice when it happens and when its code was kept."""

import ast
from collections.abc import Iterator

import pytest

from crosstie.accounts.trouble import advice
from crosstie.domain import errors
from tests.places import ROOT

KINDS = {
    name: getattr(errors, name)
    for name in ("Retry", "Throttled", "Unclear", "NeedsConsent", "Refused", "Fatal", "CursorDead")
}


def raised() -> Iterator[tuple[str, str]]:
    """Kind and code of each `Kind("CODE", …)`."""
    for path in (ROOT / "src").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Name)
                and node.func.id in KINDS
                and node.args
            ):
                code = _text(node.args[0])
                if code.isupper():
                    yield node.func.id, code


def _text(node: ast.expr) -> str:
    """Codes that are made at run time, from a vendor's own, are left out."""
    return str(node.value) if isinstance(node, ast.Constant) else ""


FOUND = sorted(set(raised()))


def test_the_search_finds_errors() -> None:
    assert ("NeedsConsent", "CRM-SESSION") in FOUND
    assert len(FOUND) > 30


@pytest.mark.parametrize(("kind", "code"), FOUND)
def test_a_kept_code_says_the_same(kind: str, code: str) -> None:
    live = advice.for_error(KINDS[kind](code, "the vendor's own words"))
    assert advice.for_code(code) == live
    assert "own words" not in live


def test_no_error_needs_no_advice() -> None:
    assert advice.for_code("") == ""
