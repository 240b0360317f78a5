"""Tenants are kept apart here: a row can only be reached through the tenant or the org it belongs to."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, ClassVar, NoReturn, Self, TypeVar

from django.db import models


class UnscopedError(RuntimeError):
    """A query named no tenant; see `Model.of`."""


@dataclass(frozen=True, slots=True)
class Scope:
    """The part of the store that a piece of work may touch: a tenant, or one org of it."""

    tenant_id: int
    org_id: int | None = None


T = TypeVar("T", bound=models.Model)


class ScopedQuerySet(models.QuerySet[T]):
    """Rows of one scope. What is created through it belongs to that scope, whatever the caller says."""

    scope: Scope | None = None

    def create(self, **kwargs: Any) -> T:
        return super().create(**kwargs | self._owner())

    def bulk_create(self, objs: Iterable[T], *args: Any, **kwargs: Any) -> list[T]:
        rows = list(objs)
        for row in rows:
            for name, value in self._owner().items():
                setattr(row, name, value)
        return super().bulk_create(rows, *args, **kwargs)

    def _clone(self) -> Self:
        copy: Self = super()._clone()  # type: ignore[misc]
        copy.scope = self.scope
        return copy

    def _owner(self) -> dict[str, int]:
        if self.scope is None:
            return {}
        owner = {"tenant_id": self.scope.tenant_id}
        if self.scope.org_id is not None and has_column(self.model, "org"):
            owner["org_id"] = self.scope.org_id
        return owner


class GuardedManager(models.Manager[T]):
    """`objects` of every owned model: there is no way to the rows but `of` and `everywhere`."""

    def get_queryset(self) -> NoReturn:
        raise UnscopedError(
            f"{self.model.__name__} belongs to a tenant: use {self.model.__name__}.of(scope), or "
            f"{self.model.__name__}.everywhere() in work that serves every tenant alike."
        )


class Owned(models.Model):
    """A row of one tenant."""

    tenant: models.ForeignKey[Any, Any] = models.ForeignKey(
        "store.Tenant", on_delete=models.CASCADE, related_name="+", db_index=False
    )

    objects: ClassVar[GuardedManager[Any]] = GuardedManager()

    class Meta:
        abstract = True
        base_manager_name = "unguarded"

    unguarded: ClassVar[models.Manager[Any]] = models.Manager()
    """For Django's own needs: saving, following a foreign key, deleting in cascade."""

    @classmethod
    def of(cls, scope: Scope) -> ScopedQuerySet[Self]:
        rows = cls.everywhere()
        rows.scope = scope
        rows = rows.filter(tenant_id=scope.tenant_id)
        if scope.org_id is not None and has_column(cls, "org"):
            rows = rows.filter(org_id=scope.org_id)
        return rows

    @classmethod
    def everywhere(cls) -> ScopedQuerySet[Self]:
        """All tenants' rows, for upkeep alone: due work, clean-up, uniqueness across tenants."""
        return ScopedQuerySet(cls)


def has_column(model: type[models.Model], name: str) -> bool:
    return any(field.name == name for field in model._meta.fields)
