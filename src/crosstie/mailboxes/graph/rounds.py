"""One collection's way through its change stream, page by page, within one call.

https://learn.microsoft.com/graph/delta-query-overview
"""

import hashlib
import logging
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from crosstie.domain.email import Folder
from crosstie.domain.mailboxes import Cursor
from crosstie.mailboxes.graph.client import GraphClient, Part
from crosstie.mailboxes.graph.errors import Answer
from crosstie.mailboxes.graph.translate import Row, envelope_query, segment

log = logging.getLogger(__name__)

STALE_PAGES = 50
"""So many pages without a new id are a round that will never end, which some mailboxes are known to have."""
CALENDAR = "calendar"
"""The collection of the main calendar, whose first listing may be long before that of the mail, or long after."""
RESTARTS = 2
"""Within one call; a collection that cannot be read even then is left for the next session."""


@dataclass(slots=True, kw_only=True)
class Round(ABC):
    """`last` keeps each id's last occurrence, None where it was reported as removed."""

    name: str
    """The collection's."""
    owner: str
    """What a link is good for, such as one folder: with another, the collection is listed anew. No blanks."""
    baseline: bool
    link: str = ""
    """Where to go on; empty at the very start."""
    done: bool = False
    given_up: bool = False
    alone: bool = False
    """Its link is not taken inside a batch."""
    restarts: int = 0
    trouble: str = ""
    """The code of what made it start again."""
    stale: int = 0
    last: dict[str, Row | None] = field(default_factory=dict)

    @abstractmethod
    def start(self) -> str:
        """The address of its very first page."""

    def page(self, size: int) -> Part:
        """The request of the page to come."""
        return Part("GET", self.link or self.start(), page_size=size)

    @property
    def at_start(self) -> bool:
        return not self.link

    @property
    def open(self) -> bool:
        return not (self.done or self.given_up)

    def take(self, rows: Sequence[Row], link: str, *, last: bool) -> None:
        fresh = False
        for row in rows:
            item_id = row["id"]
            fresh = fresh or item_id not in self.last
            self.last[item_id] = None if "@removed" in row else row
        self.link, self.done = link, last
        self.stale = 0 if fresh else self.stale + 1

    @property
    def endless(self) -> bool:
        return not self.done and self.stale >= STALE_PAGES

    def restart(self, code: str) -> None:
        """From the beginning; what was read stays read."""
        self.trouble = code
        self.restarts += 1
        self.link, self.stale = "", 0
        self.given_up = self.restarts > RESTARTS

    def cursor(self, before: Cursor | None) -> Cursor:
        """Where the next call goes on: at the next page, at the next round, or where this call began.

        A collection of which nothing could be read has a cursor without a link: its first listing is to come.
        """
        if self.given_up or not self.link:
            return before or Cursor(self.name, f"{self.owner} ", self.baseline)
        return Cursor(self.name, f"{self.owner} {self.link}", self.baseline and not self.done)


@dataclass(slots=True, kw_only=True)
class FolderRound(Round):
    """Of the messages of one folder, whose id owns it."""

    folder: Folder
    root: str
    properties: bool = True
    """Whether MAPI's properties are asked for."""

    @classmethod
    def resume(cls, folder: Folder, folder_id: str, root: str, cursors: Mapping[str, Cursor]) -> "FolderRound":
        """From the collection's cursor; from the start where there is none or it is of another folder.

        A further folder may be older than our looking at it: what lies in it at first was there before.
        """
        further = folder is Folder.WATCHED
        name = f"mail/{_short(folder_id)}" if further else collection(folder)
        cursor = cursors.get(name)
        baseline = cursor.baseline if cursor else further or not (cursors.keys() - {CALENDAR})
        one = cls(name=name, owner=folder_id, baseline=baseline, folder=folder, root=root)
        owner, _, link = cursor.token.partition(" ") if cursor else ("", "", "")
        if owner == folder_id and link.startswith("/"):
            one.link = link
        return one

    def start(self) -> str:
        query = envelope_query(properties=self.properties)
        return f"{self.root}/mailFolders/{segment(self.owner)}/messages/delta?{query}"


def advance(client: GraphClient, one: Round, answer: Answer) -> None:
    """Take a good answer's page, and the link it ends with."""
    rows = answer.listed
    onward, end = answer.json.get("@odata.nextLink"), answer.json.get("@odata.deltaLink")
    link = onward or end
    if not isinstance(link, str):
        restart(client, one, "GRAPH-NO-LINK")
        return
    one.take(rows, client.relative(link), last=not onward)
    if one.endless:
        restart(client, one, "GRAPH-ENDLESS-ROUND")


def restart(client: GraphClient, one: Round, code: str) -> None:
    one.restart(code)
    log.warning("%s mailbox=%s collection=%s", code, client.mailbox_id, one.name)


def collection(folder: Folder) -> str:
    return f"mail/{folder.value}"


def _short(folder_id: str) -> str:
    return hashlib.blake2s(folder_id.encode(), digest_size=12).hexdigest()
