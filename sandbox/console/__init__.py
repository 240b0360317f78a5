"""Pages under `/console` where a person acts as the company's people, their customers and Salesforce's users."""
