"""Pages of a list, with links that carry the place and all options on."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import quote

from werkzeug.datastructures import MultiDict

from sandbox.graph.context import Context
from sandbox.graph.odata import Options
from sandbox.http import Request


def own_address(request: Request, query: dict[str, str]) -> str:
    """The request's own address with another query; `$` and commas stay readable as Graph leaves them."""
    pairs = "&".join(f"{quote(name, safe='$')}={quote(value, safe=_READABLE)}" for name, value in query.items())
    path = quote(request.path, safe="/()'=-_.~!*,;:@$")
    return f"{request.url_root.rstrip('/')}{path}?{pairs}"


_READABLE = "$,()-_.~"


def list_answer(
    context: Context, name: str, rows: Sequence[Any], options: Options, total: int, first: int
) -> dict[str, Any]:
    """`rows` are the page, `first` the place of its first row among `total`."""
    selected = f"({','.join(options.select)})" if options.select is not None else ""
    body: dict[str, Any] = {"@odata.context": f"{context.metadata}/{name}{selected}"}
    if options.count:
        body["@odata.count"] = total
    body["value"] = list(rows)
    if first + len(rows) < total:
        query: MultiDict[str, str] = context.request.args.copy()
        body["@odata.nextLink"] = own_address(
            context.request, {**{k: str(v) for k, v in query.items()}, "$skip": str(first + len(rows))}
        )
    return body


def page_size(context: Context, options: Options, default: int, ceiling: int = 1000) -> int:
    return min(options.top or context.prefer.page_size or default, ceiling)
