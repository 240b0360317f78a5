"""The sandbox\x27s calendars, without a face."""
