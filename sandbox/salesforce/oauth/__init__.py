"""OAuth 2.0 as Salesforce speaks it: login page, token endpoint, revocation, identity."""
