"""What is mirrored of a calendar, who leads, and what follows when one half goes: small pure functions."""
