"""The folders we look at, the drop folder and the category: found or made once, then remembered."""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from urllib.parse import quote

from crosstie.domain.clock import Clock
from crosstie.domain.email import Folder
from crosstie.domain.errors import Retry
from crosstie.domain.mailboxes import DROP_FOLDER, ERROR_CATEGORY, SALESFORCE_CATEGORY, UNSYNC_CATEGORY
from crosstie.mailboxes.graph.client import GraphClient, Part
from crosstie.mailboxes.graph.errors import Answer
from crosstie.mailboxes.graph.translate import segment
from crosstie.ports.remembered import Remembered
from crosstie.transport import integer

log = logging.getLogger(__name__)

WATCHED = (Folder.INBOX, Folder.SENT, Folder.DROP)
CHECK_EVERY = timedelta(days=1)
"""A person may delete folder or category; they are looked for this often."""
CATEGORIES = {SALESFORCE_CATEGORY: "preset7", ERROR_CATEGORY: "preset0"}
CALENDAR_CATEGORIES = {UNSYNC_CATEGORY: "preset12"}
"""Blue and red; gray (https://learn.microsoft.com/graph/api/resources/outlookcategory)."""
WELL_KNOWN = {Folder.INBOX.value: "inbox", Folder.SENT.value: "sentitems", "bin": "deleteditems"}
CHECKED = "checked"
NEW_DROP = "new-drop"
"""Remembered of a mailbox in which we looked for the drop folder and there was none: all in it came later."""
WITH_CALENDAR = "categories.calendar"
"""Remembered of a mailbox whose calendar is kept too, which has categories of its own."""
ALONE = "alone"
"""Remembered of a mailbox whose links are too long for a batch."""
COLOURLESS = "colourless"
"""How many sessions in a row could not make the categories; they are looked for once a day after MOST_TRIES."""
NOT_BEFORE = "colourless-until"
MOST_TRIES = 4
UNCOLOURED = "GRAPH-CATEGORY-REFUSED"
"""The category is written on mails all the same; it has no colour, and no place in the list to choose from."""


@dataclass(slots=True)
class Marks:
    client: GraphClient
    clock: Clock
    remembered: Remembered
    trouble: str = field(default="", init=False)
    """The code of what could not be made in this session."""
    _looked: bool = field(default=False, init=False)
    """In this session."""
    _facts: dict[str, str] | None = field(default=None, init=False)

    def prepare(self) -> None:
        """One round trip a day while all is in place, two when something has to be made."""
        if not self._looked and not self._is_checked():
            self._find_or_make()

    def prepare_calendar(self) -> None:
        """Its categories too; from then on one look is for all of them."""
        if WITH_CALENDAR not in self.facts:
            self.facts[WITH_CALENDAR] = "yes"
            self._find_or_make()
        self.prepare()

    def retire(self) -> None:
        """Take all of them off the list, and look for everything again should the mailbox come back. Without the
        right to the list nothing of ours can be taken off it.
        """
        listed = self.client.ask(Part("GET", f"{self.client.root}/outlook/masterCategories"))
        if listed.status != 403:
            self.client.raise_for(listed)
        ours = {name.casefold() for name in (*CATEGORIES, *CALENDAR_CATEGORIES)}
        found = (
            [one for one in listed.listed if str(one.get("displayName")).casefold() in ours] if listed.ok else []
        )
        root = f"{self.client.root}/outlook/masterCategories"
        for answer in self.client.batch([Part("DELETE", f"{root}/{segment(str(one['id']))}") for one in found]):
            if answer.status not in (403, 404):
                self.client.raise_for(answer)
        kept = {name: value for name, value in self.facts.items() if name not in (CHECKED, WITH_CALENDAR)}
        self._facts = kept
        self.remember()

    def renew(self) -> None:
        """Something that was remembered is not there any more."""
        self._find_or_make()

    def folder_id(self, folder: Folder) -> str:
        self.prepare()
        return self.facts[folder.value]

    def drop_if_there(self) -> str:
        """The drop folder's id, found and never made; empty where there is none."""
        if known := self.facts.get(Folder.DROP.value):
            return known
        answer = self.client.ask(self._by_name())
        self.client.raise_for(answer)
        return _first_id(answer)

    @property
    def roles(self) -> Mapping[str, Folder]:
        """The watched folders by their id."""
        self.prepare()
        return {self.facts[folder.value]: folder for folder in WATCHED}

    @property
    def drop_is_new(self) -> bool:
        """Whether the drop folder was made after we had come: what lies in it was put there since."""
        return NEW_DROP in self.facts

    @property
    def facts(self) -> dict[str, str]:
        if self._facts is None:
            self._facts = dict(self.remembered.get(self.client.mailbox_id))
        return self._facts

    def remember(self, **facts: str) -> None:
        self.facts.update(facts)
        self.remembered.put(self.client.mailbox_id, dict(self.facts))

    def _is_checked(self) -> bool:
        if not all(folder.value in self.facts for folder in WATCHED) or self._tries_again():
            return False
        checked = _moment(self.facts.get(CHECKED, ""))
        return checked is not None and checked <= self.clock.now() < checked + CHECK_EVERY

    def _tries_again(self) -> bool:
        """Within the bound, and not before the vendor wants to be asked again."""
        until = _moment(self.facts.get(NOT_BEFORE, ""))
        return 0 < self._tries < MOST_TRIES and (until is None or until <= self.clock.now())

    @property
    def _tries(self) -> int:
        return integer(self.facts.get(COLOURLESS)) or 0

    def _find_or_make(self) -> None:
        root = self.client.root
        parts = [Part("GET", f"{root}/mailFolders/{name}?$select=id") for name in WELL_KNOWN.values()]
        parts += [self._by_name(), Part("GET", f"{root}/outlook/masterCategories")]
        if known := self.facts.get(Folder.DROP.value):
            parts.append(Part("GET", f"{root}/mailFolders/{segment(known)}?$select=id,parentFolderId"))
        *wells, named, categories = (answers := self.client.batch(parts))[: len(WELL_KNOWN) + 2]
        found = {}
        for role, answer in zip(WELL_KNOWN, wells, strict=True):
            self.client.raise_for(answer)
            found[role] = str(answer.entity["id"])
        self.client.raise_for(named)
        drop = _alive(answers[-1], found["bin"]) if known else ""
        found[Folder.DROP.value] = drop or _first_id(named)
        self._make_missing(found, categories)
        self.remember(**found, **{CHECKED: self.clock.now().isoformat()})
        self._looked = True

    def _make_missing(self, found: dict[str, str], categories: Answer) -> None:
        root = self.client.root
        names = {str(one.get("displayName")).casefold() for one in categories.listed} if categories.ok else set()
        parts = []
        before = self.drop_is_new
        if not found[Folder.DROP.value]:
            self.remember(**{NEW_DROP: "yes"})  # said before it is made: the answer may be lost
            parts.append(Part("POST", f"{root}/mailFolders", {"displayName": DROP_FOLDER}))
        parts += [
            Part("POST", f"{root}/outlook/masterCategories", {"displayName": name, "color": color})
            for name, color in self._categories.items()
            if categories.ok and name.casefold() not in names
        ]
        answers = self.client.batch(parts)
        missing_drop = not found[Folder.DROP.value]
        self._heed_categories(categories, answers[missing_drop:])
        if missing_drop:
            found[Folder.DROP.value] = self._made(answers[0], before)

    @property
    def _categories(self) -> Mapping[str, str]:
        return CATEGORIES | (CALENDAR_CATEGORIES if WITH_CALENDAR in self.facts else {})

    def _heed_categories(self, listed: Answer, made: Sequence[Answer]) -> None:
        """They work without the list, but for colours: a refusal is told, and tried again in a few sessions."""
        refused = next((one for one in made if not _is_there(one)), None) if listed.ok else listed
        if refused is None:
            self._facts = {name: value for name, value in self.facts.items() if name != COLOURLESS}
            return
        lacking = listed.status == 403  # without the right to the list no session is going to be more successful
        code = "GRAPH-NO-CATEGORY-LIST" if lacking else UNCOLOURED
        log.warning("%s mailbox=%s status=%s", code, self.client.mailbox_id, refused.status)
        if not lacking:
            self.trouble = UNCOLOURED
            until = refused.retry_at(self.clock.now())
            tries = str(self._tries % MOST_TRIES + 1)
            self.remember(**{COLOURLESS: tries, NOT_BEFORE: until.isoformat() if until else ""})

    def _made(self, answer: Answer, new_before: bool) -> str:
        """The new folder's id; somebody else may have made it, or it was there and had not been listed."""
        if answer.status == 409:
            if not new_before:
                self._facts = {name: value for name, value in self.facts.items() if name != NEW_DROP}
            answer = self.client.ask(self._by_name())
            self.client.raise_for(answer)
            if not (found := _first_id(answer)):
                raise Retry("GRAPH-FOLDER-UNSEEN", "a folder of that name exists but is not listed")
            return found
        self.client.raise_for(answer)
        return str(answer.entity["id"])

    def _by_name(self) -> Part:
        name = quote(DROP_FOLDER.replace("'", "''"))
        return Part("GET", f"{self.client.root}/mailFolders?$filter=displayName%20eq%20'{name}'&$select=id")


def _moment(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None


def _is_there(made: Answer) -> bool:
    """Now, or before it was listed."""
    return made.ok or made.status == 409 or "errorduplicatename" in made.codes


def _alive(answer: Answer, bin_id: str) -> str:
    """The id of a folder that is there and was not thrown away."""
    if not answer.ok or answer.json.get("parentFolderId") == bin_id:
        return ""
    return str(answer.entity["id"])


def _first_id(answer: Answer) -> str:
    return next((str(one["id"]) for one in answer.listed if one["id"]), "")
