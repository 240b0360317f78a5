"""Every address of the server, asked by everybody: what the table of roles refuses, and that nothing moves."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from django.apps import apps
from django.urls import URLPattern, resolve, reverse

from crosstie import web
from crosstie.accounts import people
from crosstie.store.models import Person, Role
from crosstie.store.models.scope import Owned
from crosstie.web import access
from crosstie.web.access import RANKS, TABLE, Who
from crosstie.web.api import entry
from crosstie.web.urls import urlpatterns
from tests.unit.web.office import ADA, BEN

if TYPE_CHECKING:
    from django.test import Client

    from tests.unit.web.office import Office

NAMES = sorted(str(one.name) for one in urlpatterns if isinstance(one, URLPattern))
PROGRAMS = sorted({f"api:{one.name}" for one in entry.urls[0] if isinstance(one, URLPattern)})
"""Addresses of the API: what they refuse is in api/."""
NOBODY = "nobody"


def test_the_table_has_every_address_and_no_other() -> None:
    assert sorted(TABLE) == sorted([*NAMES, *PROGRAMS])
    assert all(TABLE[name] is Who.ANYBODY for name in PROGRAMS)
    assert sum(map(len, access.ADDRESSES.values())) == len(TABLE), "none has two rows"
    assert set(RANKS) == set(Role)


def test_the_role_is_asked_for_in_one_place() -> None:
    """A page that asks by itself beside the table would be believed where the table forgot."""
    asking = [path.name for path in Path(web.__file__).parent.rglob("*.py") if "403.html" in path.read_text()]
    assert asking == ["access.py"]


def asked(browser: "Client", name: str, method: str) -> Any:
    return getattr(browser, method)(reverse(name))


def text(answer: Any) -> str:
    return str(answer.content.decode())


def everything() -> dict[str, list[Any]]:
    models = [model for model in apps.get_app_config("store").get_models() if issubclass(model, Owned)]
    return {model.__name__: list(model.everywhere().order_by("pk").values()) for model in models}


@pytest.mark.parametrize("role", [NOBODY, *Role])
def test_who_has_not_the_role_gets_nowhere_and_moves_nothing(office: "Office", role: str) -> None:
    """What a role may use is met in test_isolation.py, as a stranger and as a colleague."""
    browser, rank = office.browser(), Who.ANYBODY
    if role != NOBODY:
        Person.of(office.scope).filter(address=BEN).update(role=role)
        browser, rank = office.seated(people.find(office.scope, BEN)), RANKS[role]
    before = everything()
    refused = [name for name in NAMES if TABLE[name] > rank]
    for name in refused:
        for method in ("get", "post", "put", "delete"):
            answer = asked(browser, name, method)
            if role == NOBODY:
                assert (name, answer.status_code) == (name, 302)
                assert answer.headers["Location"].startswith("/sign-in"), name
            else:
                assert (name, answer.status_code) == (name, 403)
            assert "no-store" in answer.headers["Cache-Control"], name
            assert ADA not in text(answer), name
    assert everything() == before
    assert (refused == []) is (role == Role.PLATFORM_ADMIN)


@pytest.mark.parametrize("role", list(Role))
def test_who_has_the_role_is_let_through(office: "Office", role: Role) -> None:
    Person.of(office.scope).filter(address=BEN).update(role=role)
    browser = office.seated(people.find(office.scope, BEN))
    let_in = [name for name in NAMES if TABLE[name] is not Who.ANYBODY and TABLE[name] <= RANKS[role]]
    for name in let_in:
        answer = asked(browser, name, "get")
        assert (name, "not yours to see" in text(answer)) == (name, False)
        assert answer.status_code < 500, name
        assert not answer.headers.get("Location", "").startswith("/sign-in"), name
    assert ("audit" in let_in) is (role == Role.PLATFORM_ADMIN)


def test_a_role_that_was_taken_away_is_gone_at_once(office: "Office") -> None:
    ada = office.signed_in(ADA)
    assert ada.get("/audit").status_code == 200
    Person.of(office.scope).filter(address=ADA).update(role=Role.USER)
    assert ada.get("/audit").status_code == 403


def test_an_address_that_is_not_in_the_table_is_nobodys(
    office: "Office", monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    ada = office.signed_in(ADA)
    monkeypatch.setattr(access, "TABLE", {name: who for name, who in TABLE.items() if name != "health"})
    assert ada.get("/healthz").status_code == 404
    assert "in no row of the table" in caplog.text


def test_htmx_is_led_to_the_sign_in_as_a_whole(office: "Office") -> None:
    answer = office.browser().get("/sync", headers={"hx-request": "true"})
    assert answer.headers["HX-Redirect"] == "/sign-in"


def test_every_address_has_one_name() -> None:
    assert len(NAMES) == len(set(NAMES))
    assert all(resolve(reverse(name)).url_name == name for name in NAMES)
