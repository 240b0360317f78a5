"""The SOAP API: the partner's (and, for what needs no generated types, the enterprise's) envelopes.

Every operation is a thin wrapping of what the REST face does with the same org; there are no rules here.
"""
