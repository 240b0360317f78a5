"""Salesforce's search language: words in an index, many objects at once."""
