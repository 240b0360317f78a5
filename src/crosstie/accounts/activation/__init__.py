"""From an org and a list of people to mailboxes that are kept in step, one by one or hundreds at once."""
