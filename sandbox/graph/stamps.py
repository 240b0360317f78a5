"""Version tokens: what a write must know to be let in, and what it is told of itself."""

from sandbox.graph.context import Context
from sandbox.graph.errors import STALE, GraphError
from sandbox.graph.shape import Shape, etag
from sandbox.graph.switches import WRITES_TELL_NO_VALUES, WRITES_TELL_OLD_STAMP


def check_if_match(context: Context, version: int) -> None:
    """Takes the etag, the bare change key, and `*`. Raises 412."""
    wanted = context.request.headers.get("If-Match", "*").strip()
    if wanted == "*":
        return
    now, key = etag(context.mailbox, version), wanted.removeprefix("W/").strip('"')
    if key not in (now[3:-1], other_form(now)[1:-1]):
        raise GraphError(412, STALE, "The change key is not the item's current one.")


def other_form(tag: str) -> str:
    """The same version spelled otherwise: strong, and without its padding."""
    return tag.removeprefix("W/").replace("=", "")


def as_written(context: Context, shape: Shape, version: int | None) -> Shape:
    """What a write tells of the item; a careless server tells its id alone, or the `version` before it."""
    on = context.world.switches.on
    if on(WRITES_TELL_NO_VALUES):
        return {"id": shape["id"]}
    if version is not None and on(WRITES_TELL_OLD_STAMP):
        old = etag(context.mailbox, version)
        return shape | {"@odata.etag": old, "changeKey": old[3:-1]}
    return shape
