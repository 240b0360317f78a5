"""Who may come in, by which door, and as whom: companies' providers, local operators, people's tokens."""
