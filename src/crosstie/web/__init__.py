"""The pages: a face without business rules."""
