"""The tables, for histories that run on them."""

from tests.tables import migrated, tables

__all__ = ["migrated", "tables"]
