"""The log says what kind of thing happened and where, never what it was about."""

import contextlib
import logging
import subprocess
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


def foreign(message: str, *args: object, **extra: object) -> str:
    logger = logging.getLogger("django.request")
    record = logger.makeRecord("django.request", logging.WARNING, __file__, 1, message, args, None, extra=extra)
    return ContentFreeFormatter().format(record)


def test_other_libraries_fill_no_gaps() -> None:
    line = foreign("Not Found: %s", "/mail/" + SECRET, status_code=404, username=SECRET)
    assert line.endswith(" warning django.request Not Found: %s status_code=404")


def test_of_other_libraries_only_the_first_line_is_kept() -> None:
    line = foreign(f"Task exception was never retrieved\nfuture: <Task exception=ValueError('{SECRET}')>")
    assert line.endswith("django.request Task exception was never retrieved")


def test_nobody_forges_a_line() -> None:
    forged = "x\r\n2026-01-01T00:00:00Z info crosstie paid\u2028y\x1b[2J"
    for name in ("crosstie.test", "somebody"):
        record = logging.getLogger(name).makeRecord(name, logging.ERROR, __file__, 1, "%s", (forged,), None)
        assert not set(ContentFreeFormatter().format(record)) & set("\r\n\u2028\x1b")


def test_threads_and_warnings_say_no_more_than_the_log() -> None:
    program = f"""
import logging.config, threading, warnings
from crosstie.config import logs
logging.config.dictConfig(logs.settings("info"))
logs.guard_threads()
def fail(): raise ValueError("{SECRET}")
class Leaving:
    def __del__(self): raise ValueError("{SECRET}")
thread = threading.Thread(target=fail); thread.start(); thread.join()
Leaving()
warnings.warn("{SECRET}")
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert SECRET not in done.stderr
    assert done.stderr.count("error=builtins.ValueError") == 2
    assert done.stderr.count("\n") == 3


def test_a_line_begins_with_an_aware_moment() -> None:
    line = ContentFreeFormatter().format(record_of(None))
    assert line[19] == "Z"
    assert " error crosstie.test a job failed" in line
