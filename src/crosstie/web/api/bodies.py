"""What a request brings along: bounded, of one kind, and without what means another thing elsewhere."""

import json
from collections.abc import Iterable, Sequence
from typing import Any

from django.http import HttpRequest
from django.utils.datastructures import MultiValueDict
from ninja.parser import Parser

from crosstie.accounts.sign_in import api_words
from crosstie.web.api.problems import Mistake, problem

DEEPEST = 8
"""Levels of nesting; what is taken here has three."""
JSON = "application/json"


class StrictParser(Parser):
    """ninja's own takes NaN and the last of several equal names, whatever the content type says."""

    def parse_body(self, request: HttpRequest) -> Any:
        charset = (request.content_params or {}).get("charset", "utf-8")
        if request.content_type != JSON or charset.casefold() not in ("utf-8", "utf8"):
            raise problem(415, api_words.NOT_JSON)
        try:
            found = json.loads(
                request.body.decode("utf-8"), object_pairs_hook=_each_once, parse_constant=_no_constant
            )
            _check(found, DEEPEST)
        except (ValueError, RecursionError) as wrong:
            raise problem(400, api_words.JSON_BAD, deepest=DEEPEST) from wrong
        return found


def _each_once(pairs: Sequence[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("a name twice")
    return found


def _no_constant(name: str) -> Any:
    raise ValueError(name)


def _check(value: Any, deeper: int) -> None:
    if isinstance(value, str):
        check_text(value)
    elif isinstance(value, dict | list):
        if not deeper:
            raise ValueError("nested too deeply")
        for one in (*value, *value.values()) if isinstance(value, dict) else value:
            _check(one, deeper - 1)


def check_text(text: str) -> None:
    """No database takes a null character, and half of a pair is no character at all."""
    text.encode("utf-8")
    if "\0" in text:
        raise ValueError("a null character")


def check_query(query: MultiValueDict[str, str], names: Iterable[str]) -> None:
    """Raises Problem for names that nobody asks for, and for those that are given twice."""
    known = set(names)
    wrong = [name for name, values in query.lists() if name not in known or len(values) > 1]
    if wrong:
        mistake = api_words.NAME_UNKNOWN
        listed = [Mistake(name[:80], mistake.code, mistake.said()) for name in wrong[:10]]
        raise problem(422, api_words.INPUT_BAD, listed)
