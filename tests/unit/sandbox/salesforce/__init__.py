"""The heart of the Salesforce sandbox, without HTTP."""
