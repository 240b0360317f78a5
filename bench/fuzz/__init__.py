"""Hostile input by the million: `python -m bench fuzz --target NAME --inputs N --state FILE`.

An input is a function of target, seed and number, so that a finding is seen again by its number alone, and runs
that share a state file go on where the last one ended.
"""
