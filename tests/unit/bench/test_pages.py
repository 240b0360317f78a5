"""The bench of pages: an address without a case fails it, and so do queries that grow and a page that is heavy."""

from typing import TYPE_CHECKING

import pytest

from bench import pages
from bench.measured import Measured
from tests.unit.web.conftest import office
from tests.unit.web.staff import Staff

if TYPE_CHECKING:
    from tests.unit.web.office import Office

__all__ = ["office"]


def test_an_address_without_a_case_is_wrong(office: "Office", monkeypatch: pytest.MonkeyPatch) -> None:
    company = pages.Ground(Staff(office), {}, {pages.ADMIN: office.signed_in()})
    assert list(pages.without_case(company)) == []
    cases = {name: path for name, path in pages.CASES.items() if name != "tokens"}
    monkeypatch.setattr(pages, "CASES", cases)
    assert list(pages.without_case(company)) == ["no case for the address tokens, which answers GET with 200"]


def test_what_grows_or_is_heavy_misses_its_goal() -> None:
    sizes = dict.fromkeys(map(str, pages.SIZES), 9.0)
    figures = {
        "audit": {"administrator": {"queries": sizes | {"500": 10.0}, "kilobytes": sizes, "milliseconds": sizes}},
        "mail": {"user": {"queries": sizes, "kilobytes": sizes | {"20": 150.1}, "milliseconds": sizes}},
    }
    found = Measured(figures, pages.goals(figures))
    assert found.missed() == ["audit.administrator.queries.500", "mail.user.kilobytes.20"]


def test_each_case_is_a_page_and_weighs_what_it_loads_too(office: "Office") -> None:
    company = pages.grown(office, 5)
    for name, reader in pages.readers():
        pages.visited(company, name, reader)
    company.loaded.clear()
    found = pages.visited(company, "general", pages.USER)
    assert {address.rpartition(".")[2] for address in company.loaded} == {"css", "js", "svg"}
    assert found.kilobytes * 1000 > sum(company.loaded.values()) > 10_000
    assert found.queries > 0
