"""The pages of a delta round, whatever is followed: how large they are, how they end, how they go wrong."""

from dataclasses import dataclass, replace
from typing import Any

from sandbox.graph.context import Context
from sandbox.graph.cursors import Cursor, encode
from sandbox.graph.odata import Options
from sandbox.graph.pages import own_address
from sandbox.graph.shape import Shape
from sandbox.graph.switches import (
    DEFAULT_PAGE_IS_SMALL,
    EMPTY_PAGES,
    LARGE_PAGES,
    NEVER_ENDING_ROUND,
    PAGES_REPEATED,
)
from sandbox.http import Response

SMALL_DEFAULT_PAGE, LARGE_DEFAULT_PAGE = 10, 100


@dataclass(frozen=True, slots=True)
class Page:
    rows: list[Shape]
    next: Cursor
    done: bool


def round_size(context: Context, options: Options) -> int:
    switches = context.world.switches
    ceiling = 200 if switches.on(LARGE_PAGES) else 50
    usual = SMALL_DEFAULT_PAGE if switches.on(DEFAULT_PAGE_IS_SMALL) else LARGE_DEFAULT_PAGE
    return min(context.prefer.page_size or options.top or usual, ceiling)


def removed(type_: str, id_: str) -> Shape:
    return {"@odata.type": f"#microsoft.graph.{type_}", "id": id_, "@removed": {"reason": "deleted"}}


def answer(context: Context, name: str, cursor: Cursor, page: Page) -> Response:
    body: dict[str, Any] = {"@odata.context": f"{context.metadata}/{name}"}
    if "$select" in cursor.options:
        body["@odata.context"] += f"({cursor.options['$select']})"
    body["@odata.context"] += "/$delta"
    switches = context.world.switches
    if switches.on(NEVER_ENDING_ROUND):
        page = replace(page, next=cursor, done=False)
    elif switches.on(EMPTY_PAGES) and page.rows and context.world.dice.random() < 0.3:
        page = Page([], cursor, False)
    elif switches.on(PAGES_REPEATED) and page.rows and context.world.dice.random() < 0.3:
        page = replace(page, next=cursor, done=False)
    body["value"] = page.rows
    token = {("$deltatoken" if page.done else "$skiptoken"): encode(context, page.next)}
    body["@odata.deltaLink" if page.done else "@odata.nextLink"] = own_address(context.request, token)
    return context.answer(body)
