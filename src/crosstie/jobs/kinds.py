"""The modules that register handlers; a worker imports all of them before it starts."""

import importlib

MODULES: tuple[str, ...] = (
    "crosstie.jobs.sync",
    "crosstie.jobs.notices",
    "crosstie.jobs.activations",
    "crosstie.jobs.preflight",
    "crosstie.jobs.fields",
)
"""A module a line."""


def load() -> None:
    for module in MODULES:
        importlib.import_module(module)
