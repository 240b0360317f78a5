"""Generated histories of calendars: three mailboxes of one org, whose people share meetings."""
