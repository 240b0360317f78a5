"""Record ids: 15 case-sensitive characters, or 18 with a suffix that survives case-folding."""

Id = str
"""A record id in its 18-character form unless a docstring says otherwise."""
