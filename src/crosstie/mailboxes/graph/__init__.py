"""Microsoft 365 mailboxes over Microsoft Graph."""
