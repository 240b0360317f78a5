"""Who may do what with which mailbox: tenants, people, settings, schedule, and the answers people are given."""
