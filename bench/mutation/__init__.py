"""Mutation testing of the sync core: small bugs by the library's operators, and who notices them."""
