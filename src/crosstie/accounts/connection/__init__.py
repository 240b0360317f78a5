"""The two accounts that are kept in step for somebody, and what they are entered with."""
