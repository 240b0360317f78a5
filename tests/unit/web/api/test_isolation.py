"""Nobody's token reaches what is another's: every resource, as a stranger and as a colleague.

The cases are made from openapi.json. What is new there and has no case here fails.
"""

import json
from collections.abc import Callable, Mapping
from typing import Any

import pytest
from django.urls import reverse

from crosstie.accounts import people
from crosstie.accounts.sign_in import tokens
from crosstie.accounts.sign_in.tokens import TokenDetails
from tests.unit.web.api.program import Program
from tests.unit.web.office import ADA, BEN, CLEO
from tests.unit.web.test_isolation import SECRET, Others, others

__all__ = ["others"]

Case = Callable[[Others], tuple[str, object]]
CASES: Mapping[str, Case] = {
    "me": lambda _: ("", None),
    "sync": lambda _: ("", None),
    "force_sync": lambda _: ("", None),
    "pause_sync": lambda _: ("", None),
    "start_sync": lambda _: ("", None),
    "get_settings": lambda _: ("", None),
    "change_settings": lambda _: ("?take_away=true", {"mail.auto-save": False, "blocklist": ["eve@oak.test"]}),
    "issues": lambda _: ("", None),
    "retry_issue": lambda others: (others.item, None),
    "why": lambda others: (f"?item={others.saved}", None),
    "sessions": lambda _: ("?limit=100", None),
}
"""Operation → what comes behind its address (or in its hole) and in its body, to get at what is Ada's."""


def operations() -> list[tuple[str, str, str]]:
    """Method, path below the version, and name."""
    from django.test import Client

    base = reverse("api:openapi").removesuffix("/openapi.json")
    paths: dict[str, Any] = json.loads(
        Client().get(reverse("api:openapi"), headers={"host": "localhost"}).content
    )["paths"]
    return [
        (method.upper(), path.removeprefix(base), one["operationId"])
        for path, found in paths.items()
        for method, one in found.items()
    ]


def program(others: Others, address: str) -> Program:
    scope = others.rival if address == CLEO else others.office.scope
    person, ring = people.find(scope, address), others.office.house.stores.secrets.digest
    return Program(tokens.make(scope, person.person_id, TokenDetails("x", True), ring, others.office.clock)[1])


@pytest.mark.parametrize(("who", "address"), [("stranger", CLEO), ("colleague", BEN)])
def test_no_resource_shows_or_changes_what_is_anothers(others: Others, who: str, address: str) -> None:
    asking = program(others, address)
    before, hidden = others.rows(who), (SECRET, others.item, ADA, others.saved)
    for method, path, name in operations():
        more, body = CASES[name](others)
        full = path.replace("{item_id}", more) if "{" in path else path + more
        answer = asking.ask(method, full, body)
        assert answer.status_code in (200, 404), (name, answer.content)
        shown = [words for words in hidden if words in answer.content.decode()]
        assert (name, shown) == (name, [])
        assert others.rows(who) == before, name


def test_these_cases_have_something_to_hide(others: Others) -> None:
    asking = program(others, ADA)
    assert others.item in asking.ask("GET", "/issues").content.decode()
    assert asking.get(f"/why?item={others.saved}")["items"][0]["outcome"] == "saved"
    assert asking.post(f"/issues/{others.item}/retry")["code"] == "RETRIED"


def test_every_resource_is_behind_the_gate(others: Others) -> None:
    for method, path, name in operations():
        answer = Program("").ask(method, path.replace("{item_id}", "x"), authorization="")
        assert answer.status_code == 401, name
    assert {name for _, _, name in operations()} == set(CASES)
