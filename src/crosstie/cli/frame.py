"""What every command shares: a ready server behind it, one way to answer and one way to fail."""

import contextlib
import json
import os
import re
import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Iterator
from typing import Any

from crosstie.accounts.trouble import advice
from crosstie.accounts.words import Unacceptable
from crosstie.config import environment, logs, secrets
from crosstie.config.environment import Config, ConfigError
from crosstie.config.secrets import SecretsError
from crosstie.domain.errors import CrosstieError
from crosstie.store.embedded import Database, EmbeddedError

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]")
"""A terminal obeys these, or shows what follows them in another order."""
USAGE = 2
"""Exit code of everything a person can put right."""


class CommandError(Exception):
    """The command cannot be done; the message is one sentence that says what to do."""


def settings() -> Config:
    return environment.load(os.environ)


@contextlib.contextmanager
def server(*, in_step: bool = True) -> Iterator[Config]:
    """Keys, database and Django, ready to use; the embedded database is started if it does not run.

    `in_step`: refuse a database whose tables are not those of this version.
    """
    config = settings()
    keys = secrets.ensure(config.home, os.environ)
    with contextlib.ExitStack() as stack:
        if config.database_url is None:
            stack.enter_context(Database(config.home))
        setup_django()
        if in_step:
            require_in_step(keys)
        yield config


def setup_django() -> None:
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "crosstie.config.django")
    django.setup()


def require_in_step(keys: secrets.Secrets) -> None:
    from crosstie.store.migrate import pending, unknown_keys

    if missing := pending():
        raise CommandError(f"The database lacks {len(missing)} change(s) of this version. Run: crosstie migrate")
    if unknown_keys(keys.vault):
        raise CommandError(
            f"This database was written with other keys. Copy {secrets.path(settings().home)} from the machine "
            "that made it, or set CROSSTIE_VAULT_KEYS."
        )


def add_json(parser: ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help="answer in JSON")


def answer(options: Namespace, value: Any, text: str) -> None:
    """`value` with --json, else `text`."""
    shown = "\n".join(map(plain, text.split("\n")))
    sys.stdout.write((json.dumps(value, indent=2, default=str) if options.json else shown) + "\n")


def plain(text: str) -> str:
    """One line for a terminal: subjects are written by strangers, and must not forge lines or steer it."""
    return _CONTROL.sub("\ufffd", text)


def report_failure(error: Exception) -> int:
    """One sentence on stderr. Raises `error` again when CROSSTIE_DEBUG is set or nobody foresaw it."""
    if os.environ.get("CROSSTIE_DEBUG", "") not in ("", "0"):
        raise error
    for line in _sentences(error):
        sys.stderr.write(f"crosstie: {plain(line)}\n")
    return USAGE


def _sentences(error: Exception) -> tuple[str, ...]:
    if isinstance(error, ConfigError):
        return error.findings
    if isinstance(error, CommandError | SecretsError | Unacceptable):
        return (str(error),)
    if isinstance(error, CrosstieError):
        return (advice.for_error(error),)
    if isinstance(error, EmbeddedError):
        return (str(error),)
    kind = type(error)
    if kind.__name__ == "OperationalError":
        return ("The database cannot be reached. `crosstie doctor` says more.",)
    where = logs.place(error)
    return (f"Unforeseen {kind.__module__}.{kind.__qualname__} at {where}. CROSSTIE_DEBUG=1 shows all of it.",)
