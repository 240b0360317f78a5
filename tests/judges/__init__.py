"""Vendors' own tools judge everything that a whole test run sent: see plugin.py."""
