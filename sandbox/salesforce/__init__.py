"""Salesforce on localhost: an org, and the protocols by which the outside meets it.

org, core, records       one org: its rows and indexes, transactions, what is done with whole records
dml, write, checks       the steps of every write, whatever the object
rules                    what the vendor has each object do in a write
customer, setup          what a customer's own rules do in it, and the administrator's acts that make them
access, sharing          who may see and edit what
schema, formula          the field facts; the language of formulas
soql, sosl               the languages of queries and searches
rest, soap, bulk, oauth  protocols over the org; events is the Pub/Sub API, on a port of its own
site, tokens, usage      the org as the outside meets it: apps, sessions, allowances
impolite, mishaps        what happens although nobody asked, and bad luck in the vendor's words
"""
