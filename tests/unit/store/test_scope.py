"""Tenants are apart: no unscoped query, no row of another's, and the database itself refuses a mixture."""

import re
from pathlib import Path

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, models, transaction

from crosstie.store.models import ItemState, Mailbox, Org, Owned, Person, Scope, Tenant, UnscopedError
from crosstie.store.models.scope import has_column
from tests import rows
from tests.clocks import StepClock
from tests.places import ROOT

MODELS = list(apps.get_app_config("store").get_models())
OWNED = [model for model in MODELS if issubclass(model, Owned)]
OPEN = ("all", "filter", "get", "count", "exists", "create", "first", "values", "bulk_create", "update")


def test_every_table_with_a_tenant_or_an_org_is_guarded() -> None:
    """Only the tenant itself is nobody's, and counts that strangers have too, by digests."""
    assert sorted(model.__name__ for model in MODELS if model not in OWNED) == ["Purse", "Tenant"]
    assert len(OWNED) >= 18
    assert all(has_column(model, "tenant") for model in OWNED)
    assert all(not model._meta.get_field("tenant").null for model in OWNED)


@pytest.mark.parametrize("model", OWNED, ids=lambda model: model.__name__)
@pytest.mark.parametrize("way", OPEN)
def test_no_query_without_a_scope(model: type[Owned], way: str) -> None:
    with pytest.raises(UnscopedError, match=model.__name__):
        getattr(model.objects, way)()


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_no_way_back_from_a_parent_to_its_rows(model: type[models.Model]) -> None:
    """A reverse relation would be a query without a scope."""
    assert [field.name for field in model._meta.related_objects if not field.hidden] == []


@pytest.mark.parametrize("model", OWNED, ids=lambda model: model.__name__)
def test_a_scoped_query_names_its_scope(model: type[Owned]) -> None:
    sql = str(model.of(Scope(17, 23)).filter(pk=1).order_by("pk").query)
    assert '"tenant_id" = 17' in sql
    assert ('"org_id" = 23' in sql) is has_column(model, "org")


def test_scoped_rows_are_ones_own(tables: None, clock: StepClock) -> None:
    ours, theirs = rows.company(clock), rows.company(clock)
    mine, foreign = rows.mailbox(ours, clock), rows.mailbox(theirs, clock)
    assert list(Mailbox.of(ours.scope)) == [mine]
    assert not Mailbox.of(ours.scope).filter(pk=foreign.pk).update(paused=True)
    assert not Mailbox.of(ours.scope).filter(pk=foreign.pk).exists()
    assert Mailbox.of(Scope(ours.tenant.pk)).count() == 1
    assert Mailbox.everywhere().count() == 2


def test_what_is_created_in_a_scope_belongs_to_it(tables: None, clock: StepClock) -> None:
    ours, theirs = rows.company(clock), rows.company(clock)
    values = {"name": "Ann", "address": "ann@a.example", "profile": ours.profile, "created_at": clock.now()}
    created = Person.of(Scope(ours.tenant.pk)).create(tenant=theirs.tenant, **values)
    (bulk,) = Person.of(Scope(ours.tenant.pk)).bulk_create(
        [Person(tenant=theirs.tenant, **values | {"address": "bob@a.example"})]
    )
    assert {created.tenant_id, bulk.tenant_id} == {ours.tenant.pk}


def test_the_database_refuses_rows_across_tenants(tables: None, clock: StepClock) -> None:
    ours, theirs = rows.company(clock), rows.company(clock)
    foreign = rows.mailbox(theirs, clock)
    with pytest.raises(IntegrityError, match="same_tenant"), transaction.atomic():
        ItemState.of(ours.scope).create(
            mailbox=foreign,
            item_id="i",
            version="",
            folder="inbox",
            marked=False,
            natural_digest="",
            conversation="",
            reason_code="X",
            decided_at=clock.now(),
        )
    with pytest.raises(IntegrityError, match="same_tenant"), transaction.atomic():
        rows.person(rows.Company(ours.tenant, ours.license, theirs.profile, ours.org), clock)


@pytest.mark.parametrize("model", OWNED, ids=lambda model: model.__name__)
def test_every_reference_to_an_owned_row_is_tied_to_the_tenant(tables: None, model: type[Owned]) -> None:
    table = model._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conrelid = %s::regclass AND contype = 'f'",
            [table],
        )
        defined = [row[0] for row in cursor.fetchall()]
    for field in model._meta.fields:
        target = field.related_model
        if isinstance(target, type) and issubclass(target, Owned) and field.name != "actor":
            assert any(d.startswith(f"FOREIGN KEY ({field.column}, tenant_id)") for d in defined), field.column


def test_a_tenant_goes_with_all_its_rows(tables: None, clock: StepClock) -> None:
    ours, theirs = rows.company(clock), rows.company(clock)
    rows.mailbox(ours, clock)
    kept = rows.mailbox(theirs, clock)
    ours.tenant.delete()
    assert [row.pk for row in Mailbox.everywhere()] == [kept.pk]
    assert Org.everywhere().count() == Tenant.objects.count() == 1


def test_hand_written_statements_name_tenant_and_org() -> None:
    """Each statement of the hot paths is pinned to the scope, as the query layer's are."""
    folder = ROOT / "src" / "crosstie" / "store"
    files = [*sorted((folder / "states").glob("*.py")), folder / "journal.py", folder / "recheck.py"]
    found = [(path.name, text) for path in files for text in _statements(path)]
    assert len(found) >= 25
    loose = [name + text for name, text in found if "%(tenant)s" not in text]
    assert loose == []


def _statements(path: Path) -> list[str]:
    quoted = re.findall(r'"""(.*?)"""', path.read_text(), re.DOTALL)
    return [text for text in quoted if re.search(r"\b(FROM|UPDATE|INSERT INTO|DELETE FROM) store_", text)]


def test_scope_is_kept_through_a_chain(tables: None, clock: StepClock) -> None:
    ours = rows.company(clock)
    chained = Person.of(Scope(ours.tenant.pk)).filter(name="x").order_by("pk").all()
    created, _ = chained.get_or_create(
        address="z@a.example", defaults={"profile": ours.profile, "created_at": clock.now()}
    )
    assert created.tenant_id == ours.tenant.pk
