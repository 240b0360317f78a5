"""Which further folders are looked at: found by their paths, followed by the change stream of the folders.

Of names nothing is remembered, only the ids of what was chosen. https://learn.microsoft.com/graph/api/mailfolder-delta
"""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from crosstie.domain.email import Folder
from crosstie.domain.errors import CursorDead, Gone, Refused, Retry
from crosstie.domain.folders import FolderWishes, Named
from crosstie.domain.mailboxes import Cursor
from crosstie.mailboxes.graph.client import GraphClient, Part
from crosstie.mailboxes.graph.errors import BUSY, GARBLED, Answer
from crosstie.mailboxes.graph.marks import ALONE, Marks
from crosstie.mailboxes.graph.translate import Row

log = logging.getLogger(__name__)

TREE = "folders"
"""The collection of the folders themselves; and the fact that keeps what was chosen."""
OWN = ("inbox", "sentitems", "archive", "junkemail", "deleteditems", "drafts", "outbox")
TOO_MANY, UNREAD = "GRAPH-MANY-FOLDERS", "GRAPH-FOLDERS-UNREAD"
MOST = 100
"""Folders; each costs a part of a batch in every session."""
MORE = "+"
"""Remembered beside the ids: there would have been more."""
PAGES = 60
PAGE = 200
START = "/mailFolders/delta?$select=displayName,parentFolderId"


@dataclass(slots=True)
class Folders:
    client: GraphClient
    marks: Marks
    wishes: FolderWishes
    link: str = ""
    """Where the folders' change stream goes on."""
    failure: str = ""
    """Why they could not be listed; mail is looked for where it was before."""

    @property
    def ids(self) -> tuple[str, ...]:
        """As chosen when the folders were last listed, for the present wishes."""
        return tuple(one for one in self._chosen if one != MORE)

    @property
    def trouble(self) -> str:
        return self.failure or (TOO_MANY if MORE in self._chosen else "")

    @property
    def _chosen(self) -> list[str]:
        digest, *found = self.marks.facts.get(TREE, "").split(" ")
        return found if self.wishes.wanted and digest == self.wishes.digest else []

    @property
    def roles(self) -> dict[str, Folder]:
        return {**dict.fromkeys(self.ids, Folder.WATCHED), **self.marks.roles}

    def resume(self, cursors: Mapping[str, Cursor]) -> None:
        """From where the last session was; the folders are listed where that is not known for these wishes."""
        if not self.wishes.wanted:
            return
        digest, _, link = cursors[TREE].token.partition(" ") if TREE in cursors else ("", "", "")
        known = self.marks.facts.get(TREE, "").split(" ")[0]
        if digest == known == self.wishes.digest and link.startswith("/"):
            self.link = link
        else:
            self._try_to_find()

    def changes(self) -> list[Part]:
        """The question whether folders have changed; it goes along with others in a batch that takes its link."""
        return [self._question] if self.link and ALONE not in self.marks.facts else []

    def take(self, answers: Sequence[Answer]) -> None:
        """What became of it."""
        alone = [self._question] if self.link and not answers else []
        for answer in (*answers, *map(self.client.ask, alone)):
            self._take(answer)

    @property
    def _question(self) -> Part:
        return Part("GET", self.link, page_size=PAGE)

    def _take(self, answer: Answer) -> None:
        """Anything but *nothing has changed* lists them anew; a refusal waits for next time."""
        link = answer.json.get("@odata.deltaLink")
        if answer.ok and isinstance(link, str) and answer.json.get("value") == []:
            self.link = self.client.relative(link)
        elif answer.status == 414 and ALONE not in self.marks.facts:
            self.marks.remember(**{ALONE: "yes"})
            self.take(())
        elif answer.ok or answer.status in (400, 404, 410, 414):
            self._try_to_find()
        elif answer.status >= 500 and answer.status not in BUSY:
            self.failure = UNREAD
        else:
            self.client.raise_for(answer)

    def cursor(self) -> tuple[Cursor, ...]:
        return (Cursor(TREE, f"{self.wishes.digest} {self.link}"),) if self.link else ()

    def _try_to_find(self) -> None:
        try:
            self.find()
        except (Retry, Refused, Gone, CursorDead) as error:
            log.warning("%s mailbox=%s", error.code, self.client.mailbox_id)
            self.failure, self.link = UNREAD, ""

    def find(self) -> None:
        """All folders of the mailbox, of whatever depth, in one change stream from its beginning."""
        root = self.client.root
        own = [Part("GET", f"{root}/mailFolders/{name}?$select=id") for name in OWN]
        *wells, page = self.client.batch([*own, Part("GET", root + START, page_size=PAGE)])
        roles = {str(one.entity["id"]): name for name, one in zip(OWN, wells, strict=True) if self._exists(one)}
        roles[self.marks.folder_id(Folder.DROP)] = "drop"
        folders: dict[str, Named] = {}
        for _ in range(PAGES):
            self.client.raise_for(page)
            for row in page.listed:
                folders.pop(row["id"], None)
                if "@removed" not in row:
                    folders[row["id"]] = _named(row)
            link = page.json.get("@odata.nextLink")
            if not isinstance(link, str):
                break
            page = self.client.ask(Part("GET", self.client.relative(link), page_size=PAGE))
        end = page.json.get("@odata.deltaLink")
        if not isinstance(end, str):
            raise Retry("GRAPH-NO-LINK", "folders without an end")
        self.link = self.client.relative(end)
        self._keep(self.wishes.chosen(folders, roles))

    def _exists(self, answer: Answer) -> bool:
        """Not every mailbox has an archive."""
        if not answer.ok and answer.status != 404:
            self.client.raise_for(answer)
        return answer.ok

    def _keep(self, chosen: list[str]) -> None:
        more = [MORE] if len(chosen) > MOST else []
        fact = " ".join((self.wishes.digest, *chosen[:MOST], *more))
        if self.marks.facts.get(TREE) != fact:
            self.marks.remember(**{TREE: fact})
        if more:
            log.warning("%s mailbox=%s folders=%s", self.trouble, self.client.mailbox_id, len(chosen))


def _named(row: Row) -> Named:
    name, parent = row.get("displayName"), row.get("parentFolderId")
    if not isinstance(name, str) or not isinstance(parent, str):
        raise Retry(GARBLED, "a folder without a name or place")
    return Named(name, parent)
