"""Small pure functions that decide, and answer with a reason."""
