"""Measurements: `python -m bench NAME`.

A bench is a module with two functions: `options` says what it can be asked, `measure` answers with a `Measured`.
Its docstring is what the command says about it.
"""
