"""Bulk API 2.0: jobs that take or give CSV, done in their own time by the world's clock; and 1.0, in JSON."""
