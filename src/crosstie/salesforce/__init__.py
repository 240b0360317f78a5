"""A Salesforce org over its REST API."""
