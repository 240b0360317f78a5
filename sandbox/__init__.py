"""The vendors on localhost: Microsoft Graph and Salesforce as wire protocols over one small world.

The package never imports Crosstie, and Crosstie never imports it: they meet on the wire only.
"""
