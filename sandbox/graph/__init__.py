"""Microsoft Graph and Microsoft's login, as wire protocols over the store of mailboxes."""
