"""Clients that nobody here wrote, unmodified, against the sandbox: they judge whether it is what it says it is."""
