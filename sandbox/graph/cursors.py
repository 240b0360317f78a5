"""The opaque tokens in nextLink and deltaLink: signed, never the same twice, with the frozen options inside."""

import base64
import hashlib
import hmac
import json
import zlib
from dataclasses import asdict, dataclass, field

from sandbox.graph.context import Context
from sandbox.graph.errors import GraphError, bad_request
from sandbox.graph.pages import own_address
from sandbox.graph.switches import DEAD_CURSOR_IS_410, DELTA_TOKENS_DIE, LONG_TOKENS


@dataclass(frozen=True, slots=True)
class Cursor:
    feed: str
    """What is followed: `messages/7` or `folders`."""
    generation: int
    options: dict[str, str] = field(default_factory=dict)
    position: int = 0
    """Changes up to this version of the mailbox have been told."""
    initial: bool = True
    """The first round lists what is there, later rounds what has changed."""
    after: tuple[str, int] | None = None
    """First round: received moment and number of the last row told."""
    told: int = 0
    """First round: rows told so far."""


def encode(context: Context, cursor: Cursor) -> str:
    noise = "".join(context.world.dice.choices("0123456789abcdef", k=16))
    padding = 3000 if context.world.switches.on(LONG_TOKENS) else 0
    content = json.dumps([noise, asdict(cursor)], separators=(",", ":")).encode()
    body = zlib.compress(content) + bytes(padding)
    digest = hmac.digest(context.world.microsoft.key.encode(), body, hashlib.sha256)[:12]
    return base64.urlsafe_b64encode(digest + body).decode().rstrip("=")


def decode(context: Context, token: str, feed: str) -> Cursor:
    """Raises 400 for a token that is no such feed's, and the refusal of a dead cursor."""
    try:
        raw = base64.urlsafe_b64decode(token + "=" * (-len(token) % 4))
    except ValueError:
        raise bad_request("The token is badly formed.", "ErrorInvalidUrlQuery") from None
    body = raw[12:]
    expected = hmac.digest(context.world.microsoft.key.encode(), body, hashlib.sha256)[:12]
    if not hmac.compare_digest(raw[:12], expected):
        raise bad_request("The token is badly formed.", "ErrorInvalidUrlQuery")
    fields = json.loads(zlib.decompressobj().decompress(body))[1]
    fields["after"] = tuple(fields["after"]) if fields["after"] else None
    cursor = Cursor(**fields)
    if cursor.feed != feed:
        raise bad_request("The token belongs to another collection.", "ErrorInvalidUrlQuery")
    dies = context.world.switches.on(DELTA_TOKENS_DIE) and context.world.dice.random() < 0.1
    if dies or cursor.generation != context.mailbox.cursor_generation:
        raise _dead(context)
    return cursor


def _dead(context: Context) -> GraphError:
    message = "The sync state generation is not found."
    if context.world.switches.on(DEAD_CURSOR_IS_410):
        location = own_address(context.request, {"$deltatoken": ""})
        return GraphError(410, "SyncStateNotFound", message, {"Location": location})
    return GraphError(400, "syncStateNotFound", message)
