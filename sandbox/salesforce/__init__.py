"""Salesforce on localhost: the org (schema, SOQL, DML rules) and, on top of it, OAuth and REST."""
