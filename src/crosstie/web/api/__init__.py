"""The API: what the pages show and do, for a person's own programs. It calls what pages call, and owns no rule."""
