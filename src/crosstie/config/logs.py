"""Logs without content: the kind of an exception and where it arose, never its words.

An exception's message may quote a mail, a person's name or a vendor's text; a log outlives them.
"""

import json
import logging
import re
import sys
import threading
import traceback
import warnings
from datetime import UTC, datetime
from typing import Any

_FRAMES = 12
_LONGEST = 200
"""Characters of another library's line."""
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")
_BARE = re.compile(r"[^\s\"=]+")
_PLAIN = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName", "request", "response"}


class ContentFreeFormatter(logging.Formatter):
    """`2026-11-21T09:00:00Z level logger message key=value … error=Kind at=file:line<file:line`."""

    def format(self, record: logging.LogRecord) -> str:
        moment = datetime.fromtimestamp(record.created, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        ours = _is_ours(record)
        extra = {key: value for key, value in vars(record).items() if key not in _PLAIN}
        fields = {key: value for key, value in extra.items() if ours or isinstance(value, int)} | _failure(record)
        tail = "".join(f" {key}={_value(value)}" for key, value in fields.items())
        return f"{moment} {record.levelname.lower()} {record.name} {_sentence(record)}{tail}"


def _is_ours(record: logging.LogRecord) -> bool:
    return record.name.partition(".")[0] == "crosstie"


def _sentence(record: logging.LogRecord) -> str:
    """Of another library the first line with its gaps left open: what fills them quotes addresses and values."""
    text = record.getMessage() if _is_ours(record) else str(record.msg).partition("\n")[0][:_LONGEST]
    return _CONTROL.sub("?", text)


def _failure(record: logging.LogRecord) -> dict[str, str]:
    if not record.exc_info or record.exc_info[1] is None:
        return {}
    error = record.exc_info[1]
    kind = f"{type(error).__module__}.{type(error).__qualname__}"
    code = getattr(error, "code", None)
    return {"error": kind} | ({"code": code} if isinstance(code, str) else {}) | {"at": place(error)}


def place(error: BaseException) -> str:
    """Where it arose, innermost first: `folder/file.py:line<…`."""
    frames = traceback.extract_tb(error.__traceback__)[-_FRAMES:]
    return "<".join(f"{_short(frame.filename)}:{frame.lineno}" for frame in reversed(frames))


def _short(filename: str) -> str:
    return "/".join(filename.rsplit("/", 2)[-2:])


def _value(value: Any) -> str:
    text = str(value)
    return text if _BARE.fullmatch(text) else json.dumps(text)


def guard_threads() -> None:
    """What ends a thread, or goes wrong while something is cleared away, is logged as everything else is."""
    log = logging.getLogger("crosstie.unforeseen")

    def in_thread(given: threading.ExceptHookArgs) -> None:
        if given.exc_value is not None:
            log.error("a thread ended", exc_info=given.exc_value)

    def unraisable(given: "sys.UnraisableHookArgs") -> None:
        if given.exc_value is not None:
            log.error("an error nobody could be told of", exc_info=given.exc_value)

    def warned(message: Warning | str, category: type[Warning], filename: str, lineno: int, *_: object) -> None:  # noqa: ARG001
        log.warning("a warning", extra={"kind": category.__name__, "at": f"{_short(filename)}:{lineno}"})

    threading.excepthook = in_thread
    sys.unraisablehook = unraisable
    warnings.showwarning = warned  # type: ignore[assignment]


def settings(level: str) -> dict[str, Any]:
    """Django's LOGGING. Other people's libraries speak only of what went wrong: their lines quote URLs."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"plain": {"()": "crosstie.config.logs.ContentFreeFormatter"}},
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "plain"}},
        "root": {"handlers": ["stderr"], "level": "WARNING"},
        "loggers": {
            "crosstie": {"level": level.upper()},
            "django": {"handlers": [], "level": "WARNING", "propagate": True},
            "granian": {"level": "WARNING"},
            # Every failed job is logged by our own wrapper; the library's line repeats the arguments.
            "procrastinate": {"level": "ERROR"},
        },
    }
