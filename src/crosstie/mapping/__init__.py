"""Declarative field tables: how an item becomes a record, with what losses."""
