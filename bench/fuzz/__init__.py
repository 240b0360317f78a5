"""Hostile input: targets that are fed, and what feeds them; command.py is the bench."""
