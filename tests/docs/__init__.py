"""Pages of `docs/` that are rendered from the code, and the tests that keep them in step."""
