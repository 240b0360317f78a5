"""Everything kept: the tables of PostgreSQL, tenancy first, and the server itself where it is embedded."""
