"""Crosstie keeps mailboxes and Salesforce in step."""
