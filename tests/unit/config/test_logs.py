"""The log says what kind of thing happened and where, never what it was about."""

import contextlib
import logging
import sys

from crosstie.config.logs import ContentFreeFormatter
from crosstie.domain.errors import Refused

SECRET = "Quarterly numbers for Anna"


def fail(error: BaseException) -> None:
    raise error


def record_of(error: BaseException | None, **extra: object) -> logging.LogRecord:
    info = None
    if error is not None:
        with contextlib.suppress(BaseException):
            try:
                fail(error)
            finally:
                info = sys.exc_info()
    return logging.getLogger("crosstie.test").makeRecord(
        "crosstie.test", logging.ERROR, __file__, 1, "a job failed", (), info, extra=extra
    )


def test_an_exception_is_its_kind_and_its_place() -> None:
    line = ContentFreeFormatter().format(record_of(ValueError(SECRET)))
    assert SECRET not in line
    assert "error=builtins.ValueError" in line
    assert "at=config/test_logs.py:" in line
    assert "\n" not in line


def test_our_own_errors_add_their_code() -> None:
    line = ContentFreeFormatter().format(record_of(Refused("mail.too_large", SECRET)))
    assert "code=mail.too_large" in line
    assert SECRET not in line


def test_chained_causes_are_silent_too() -> None:
    error = RuntimeError("outer")
    error.__cause__ = KeyError(SECRET)
    assert SECRET not in ContentFreeFormatter().format(record_of(error))


def test_fields_are_one_line_and_unambiguous() -> None:
    line = ContentFreeFormatter().format(record_of(None, key="a b", other="x\ny=1", count=3))
    assert line.endswith('key="a b" other="x\\ny=1" count=3')


def test_a_line_begins_with_an_aware_moment() -> None:
    line = ContentFreeFormatter().format(record_of(None))
    assert line[19] == "Z"
    assert " error crosstie.test a job failed" in line
