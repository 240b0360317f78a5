"""SOQL: text -> tokens -> tree -> checked against the schema -> rows by index or scan -> REST-shaped records."""
