"""A Microsoft 365 mailbox's main calendar, over the same client as its mail."""
