"""What changed in the watched folders: their change streams side by side, one batch a round trip."""

import logging
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from crosstie.domain.email import Email, Folder
from crosstie.domain.mailboxes import Cursor, Observation, Removed, Seen
from crosstie.mailboxes.graph import translate
from crosstie.mailboxes.graph.client import GraphClient, Part
from crosstie.mailboxes.graph.errors import NO_MAILBOX_CODES, Answer
from crosstie.mailboxes.graph.folders import Folders
from crosstie.mailboxes.graph.marks import ALONE, WATCHED, Marks
from crosstie.mailboxes.graph.rounds import FolderRound, advance, collection, restart

log = logging.getLogger(__name__)

PAGE = 200
"""Messages asked for in one page: envelopes are a few kB."""
DROPPED = 50
"""Messages of the drop folder that are listed beside its change stream."""
LONGEST_CALL = 400
"""Round trips of one call."""

Sighting = tuple[Folder, translate.Row | None]
"""The folder whose change stream told, and what it told; None: removed."""


class Rider(Protocol):
    """Asks along in the first batch of a session, of which only the first twenty requests are free."""

    def parts(self, cursors: Mapping[str, Cursor]) -> list[Part]: ...

    def take(self, parts: Sequence[Part], answers: Sequence[Answer]) -> None:
        """Raises nothing for an answer that is none: what it is about is not mail."""


@dataclass(slots=True)
class Changes:
    client: GraphClient
    marks: Marks
    folders: Folders
    rider: Rider

    def observe(self, cursors: Mapping[str, Cursor], *, limit: int) -> Observation:
        self.folders.resume(cursors)
        rounds = self._rounds(cursors)
        size = max(1, min(PAGE, limit))
        beside, riding = self._beside(cursors), self.rider.parts(cursors)
        listed: list[translate.Row] = []
        trips = 0
        while (going := [one for one in rounds if one.open]) and _count(rounds) < limit and trips < LONGEST_CALL:
            pages, others = self._pages(going, size, [*beside, *riding])
            for one, answer in zip(going, pages, strict=True):
                self._take(one, answer)
            if not trips:
                self.rider.take(riding, others[len(beside) :])
                listed += self._take_beside(others[: len(beside)], rounds, cursors)
            beside, riding, trips = [], [], trips + 1
        changes = self._settle(rounds, listed)
        return Observation(
            changes=changes,
            cursors=(*(one.cursor(cursors.get(one.name)) for one in rounds), *self.folders.cursor()),
            baseline=frozenset(item_id for one in rounds if one.baseline for item_id in one.last),
            more=any(one.open for one in rounds),
            trouble=next(
                (one.trouble for one in rounds if one.given_up), self.marks.trouble or self.folders.trouble
            ),
        )

    def envelopes(self, item_ids: Iterable[str]) -> dict[str, Email]:
        """The present state of these messages; those that are gone, or no valid ids, are left out."""
        root, query = self.client.root, translate.envelope_query()
        urls = {
            one: f"{root}/messages/{translate.segment(one)}?{query}" for one in item_ids if translate.is_id(one)
        }
        found = self.client.present({one: Part("GET", url) for one, url in urls.items()})
        return {one: translate.email(row, self.folders.roles) for one, row in found.items()}

    def conversations(self, conversation_ids: Iterable[str], *, limit: int) -> list[Email]:
        """Their mails in the folders we look at, wherever in them; about `limit` of each conversation at most.

        No order is asked for: Graph refuses to sort by what it does not filter by.
        """
        wanted = [one for one in dict.fromkeys(conversation_ids) if translate.is_id(one)]
        query = f"$top={PAGE}&{translate.envelope_query()}"
        urls = [f"{self.client.root}/messages?{translate.conversation_filter(one)}&{query}" for one in wanted]
        pages = self.client.batches([Part("GET", url) for url in urls])
        found: dict[str, Email] = {}
        for conversation_id, first in zip(wanted, pages, strict=True):
            for row in self._whole(first, limit):
                email = translate.email(row, self.folders.roles)
                if email.conversation_id == conversation_id and email.folder is not Folder.OTHER:
                    found[email.item_id] = email
        return list(found.values())

    def _whole(self, page: Answer, limit: int) -> list[translate.Row]:
        """The rows of a listing, read to its end or until there are enough."""
        self.client.raise_for(page)
        rows = list(page.listed)
        link = page.json.get("@odata.nextLink")
        for _ in range(LONGEST_CALL):
            if not isinstance(link, str) or len(rows) >= limit:
                break
            page = self.client.ask(Part("GET", self.client.relative(link)))
            self.client.raise_for(page)
            rows += page.listed
            link = page.json.get("@odata.nextLink")
        return rows

    def _rounds(self, cursors: Mapping[str, Cursor]) -> list[FolderRound]:
        rounds = [FolderRound.resume(one, self.marks.folder_id(one), self.client.root, cursors) for one in WATCHED]
        rounds += self._further(self.folders.ids, cursors)
        for one in rounds:
            one.alone = ALONE in self.marks.facts
            one.baseline = one.baseline and not (one.folder is Folder.DROP and self.marks.drop_is_new)
        return rounds

    def _further(self, folder_ids: Iterable[str], cursors: Mapping[str, Cursor]) -> list[FolderRound]:
        return [FolderRound.resume(Folder.WATCHED, one, self.client.root, cursors) for one in folder_ids]

    def _beside(self, cursors: Mapping[str, Cursor]) -> list[Part]:
        """Asked once, with the first pages: whether folders have changed, and what lies in the drop folder."""
        return [*self.folders.changes(), *self._dropped(cursors)]

    def _take_beside(
        self, answers: Sequence[Answer], rounds: list[FolderRound], cursors: Mapping[str, Cursor]
    ) -> list[translate.Row]:
        """What lies in the drop folder. A folder that is new is read in this very session; what one told that is
        not looked at any more is forgotten.
        """
        asked = len(self.folders.changes())
        self.folders.take(answers[:asked])
        wanted, known = self.folders.ids, {one.owner for one in rounds}
        rounds += self._further([one for one in wanted if one not in known], cursors)
        rounds[:] = [one for one in rounds if one.folder is not Folder.WATCHED or one.owner in wanted]
        return [row for one in answers[asked:] if one.ok for row in one.listed]

    def _dropped(self, cursors: Mapping[str, Cursor]) -> list[Part]:
        """The drop folder is listed as well, once it is known: to move a mail there is a wish, and a change
        stream with immutable ids may keep an arrival to itself. It holds little, and costs no round trip.
        """
        known = cursors.get(collection(Folder.DROP))
        if known is None or known.baseline:
            return []
        folder = translate.segment(self.marks.folder_id(Folder.DROP))
        url = f"{self.client.root}/mailFolders/{folder}/messages?$top={DROPPED}&{translate.envelope_query()}"
        return [Part("GET", url)]

    def _pages(
        self, rounds: Sequence[FolderRound], size: int, beside: Sequence[Part]
    ) -> tuple[list[Answer], list[Answer]]:
        """An answer a round, all in one batch but for links that no batch takes; and those of what is beside."""
        together = [one for one in rounds if not one.alone]
        batched = self.client.batches([*(one.page(size) for one in together), *beside])
        answers = {one.name: answer for one, answer in zip(together, batched, strict=False)}
        paged = [answers.get(one.name) or self.client.ask(one.page(size)) for one in rounds]
        return paged, batched[len(together) :]

    def _take(self, one: FolderRound, answer: Answer) -> None:
        if answer.ok:
            self._advance(one, answer)
        elif answer.cursor_dead and not one.at_start:
            restart(self.client, one, "GRAPH-CURSOR-DEAD")
        elif answer.status == 404 and not answer.codes & NO_MAILBOX_CODES and one.folder is Folder.WATCHED:
            one.done = True  # the folder is gone, and what was in it is gone or somewhere else
        elif answer.status == 404 and not answer.codes & NO_MAILBOX_CODES and not one.restarts:
            self.marks.renew()
            one.owner = self.marks.folder_id(one.folder)
            restart(self.client, one, "GRAPH-FOLDER-GONE")
        elif answer.status in (400, 500, 501) and one.at_start and one.properties:
            # Reports exist of change streams that refuse $expand; what it would tell is then fetched by item.
            one.properties = False
        elif answer.status in (400, 414) and not one.at_start and not one.alone:
            one.alone = True
        elif answer.status == 400 and not one.at_start:
            restart(self.client, one, "GRAPH-CURSOR-REFUSED")
        else:
            self.client.raise_for(answer)

    def _advance(self, one: FolderRound, answer: Answer) -> None:
        if one.alone and ALONE not in self.marks.facts:
            self.marks.remember(**{ALONE: "yes"})
        advance(self.client, one, answer)

    def _settle(
        self, rounds: Sequence[FolderRound], dropped: Sequence[translate.Row]
    ) -> tuple[Seen | Removed, ...]:
        """One change an item.

        An item reported as removed may only have moved, or moved and come back: change streams with immutable
        ids do not tell (microsoftgraph/microsoft-graph-docs#21752). It is asked for unless a sibling shows it,
        and so is one that two folders show and one that was told of in part.
        """
        sightings: dict[str, list[Sighting]] = {}
        for one in rounds:
            for item_id, row in one.last.items():
                sightings.setdefault(item_id, []).append((one.folder, row))
        for row in dropped:
            if (item_id := str(row.get("id"))) not in sightings:
                sightings[item_id] = [(Folder.DROP, row)]
        clear = {item_id: email for item_id, seen in sightings.items() if (email := _clear(seen))}
        found = clear | self.envelopes([item_id for item_id in sightings if item_id not in clear])
        changes: list[Seen | Removed] = []
        for item_id, seen in sightings.items():
            email = found.get(item_id)
            if email and email.folder is not Folder.OTHER:
                changes.append(Seen(email))
            elif any(row is None for _, row in seen):
                changes.append(Removed(item_id))
        return tuple(changes)


def _clear(sightings: Sequence[Sighting]) -> Email | None:
    """The e-mail, where one folder alone shows it, and completely."""
    shown = [(folder, row) for folder, row in sightings if row is not None]
    if len(shown) != 1 or not translate.is_whole(shown[0][1]):
        return None
    folder, row = shown[0]
    return translate.email(row, {row["parentFolderId"]: folder})


def _count(rounds: Sequence[FolderRound]) -> int:
    return sum(len(one.last) for one in rounds)
