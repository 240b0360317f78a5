"""Salesforce over REST: one class per port, few metered calls, refusals translated at this edge."""
