"""The sandbox's route table is the matrix's: each address is met with trouble, or left out for a reason."""

from fnmatch import fnmatchcase

from tests.matrix.cases import everything, used
from tests.matrix.routes import UNUSED, routes, used_routes, why_unused
from tests.matrix.troubles import TROUBLES, Dialect


def test_every_address_is_used_or_left_out_for_a_reason() -> None:
    neither = [str(route) for route in routes() if route not in used_routes() and why_unused(route) is None]
    assert neither == []


def test_nothing_that_is_used_is_said_to_be_unused() -> None:
    assert {str(route): why_unused(route) for route in used_routes() if why_unused(route)} == {}


def test_no_address_is_unused_for_two_reasons() -> None:
    for route in routes():
        reasons = [
            why for why, patterns in UNUSED.items() if any(fnmatchcase(str(route), one) for one in patterns)
        ]
        assert len(reasons) <= 1, route


def test_parts_and_steps_are_met_too() -> None:
    names = {str(target) for target in used()}
    assert {"graph messages.update", "graph messages.move", "salesforce GET query_all"} <= names
    assert {"salesforce insert:EmailMessage", "salesforce insert:Task", "salesforce POST row_create"} <= names
    assert {"salesforce GET query", "salesforce collection_delete"} <= names, "what is asked after bad luck"


def test_every_used_address_meets_every_trouble_of_its_dialect() -> None:
    met: dict[object, set[str]] = {}
    for case in everything():
        met.setdefault(case.target, set()).add(case.trouble.name)
    assert met.keys() == used().keys()
    for target in used():
        wanted = {trouble.name for trouble in TROUBLES if trouble.may_befall(target)}
        assert met[target] == wanted
        assert len(wanted) >= (20 if target.inside else 40), target


def test_names_of_troubles_are_told_apart() -> None:
    for dialect in Dialect:
        names = [trouble.name for trouble in TROUBLES if dialect in trouble.dialects]
        assert len(names) == len(set(names)), dialect
