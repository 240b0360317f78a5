"""Every field fact says where it comes from; what differs from a contract has a reason; the page says so."""

import pytest

from sandbox.cli import main
from sandbox.facts import TRUST
from sandbox.salesforce.schema import STANDARD
from sandbox.salesforce.schema.facts import SObject
from sandbox.salesforce.schema.package import custom_fields
from tests.docs.facts import FROM_CONTRACTS
from tests.facts.compare import OF_FIELDS, argument, checks
from tests.places import ROOT


def test_every_row_names_its_source_and_its_trust() -> None:
    facts = [(table.name, fact) for table in STANDARD for fact in table.fields]
    facts += [(name, fact) for _, name, fact in custom_fields(ROOT / "salesforce-package")]
    assert len(facts) > 600
    assert [(name, fact.name) for name, fact in facts if not fact.source or fact.trust not in TRUST] == []


def test_no_field_stands_twice() -> None:
    for table in STANDARD:
        names = [fact.name.lower() for fact in table.fields]
        assert len(names) == len(set(names)), table.name


@pytest.mark.shared
@pytest.mark.parametrize("table", STANDARD, ids=lambda table: table.name)
def test_what_differs_has_a_reason(table: SObject) -> None:
    assert [one for one in checks(table) if not one.agrees and not argument(one)] == []


@pytest.mark.shared
def test_no_reason_is_left_over() -> None:
    differing = {
        (one.object, one.field, one.fact) for table in STANDARD for one in checks(table) if not one.agrees
    }
    assert set(OF_FIELDS) - differing == set()


@pytest.mark.shared
@pytest.mark.parametrize("name", FROM_CONTRACTS)
def test_the_page_is_in_step(name: str) -> None:
    assert (ROOT / "docs" / name).read_text() == FROM_CONTRACTS[name](), "run `make docs`"


def test_the_command_shows_tables(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["facts"]) == 0
    assert "EmailMessageRelation" in capsys.readouterr().out
    assert main(["facts", "emailmessage"]) == 0
    told = {line.split()[0]: line.split()[1:] for line in capsys.readouterr().out.splitlines()}
    assert told["HtmlBody"][:2] == ["textarea", "131072"]
    assert main(["facts", "Nothing"]) == 1
    assert "no object Nothing" in capsys.readouterr().err
