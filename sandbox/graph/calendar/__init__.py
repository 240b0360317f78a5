"""Calendars and events of Microsoft Graph, over the store's calendars: `routes` has every address."""
