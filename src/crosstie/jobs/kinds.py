"""The modules that register handlers; a worker imports all of them before it starts."""

import importlib

MODULES: tuple[str, ...] = ()
"""A module a line, such as "crosstie.jobs.sync"."""


def load() -> None:
    for module in MODULES:
        importlib.import_module(module)
