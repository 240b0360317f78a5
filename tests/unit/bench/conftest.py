"""The tables, for benches that measure them."""

from tests.tables import migrated, tables

__all__ = ["migrated", "tables"]
