"""Notes in a folder of their own: drafts that nobody sends, told apart by a property of ours."""

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import quote

from crosstie.domain.errors import Retry
from crosstie.domain.notes import CONFLICT_FOLDER, Note
from crosstie.mailboxes.graph.client import GraphClient, Part
from crosstie.mailboxes.graph.translate import PROPERTIES, segment

KEY = "String {7d2a4c5e-6a0f-4d7b-9c39-0b6f6a6e1f52} Name CrosstieNote"
"""The GUID is ours alone."""


@dataclass(slots=True)
class Notes:
    client: GraphClient

    def keep(self, notes: Sequence[Note]) -> None:
        """All of them are there afterwards. Raises what kept one from being written; others may be there then."""
        if not notes:
            return
        folder = f"{self.client.root}/mailFolders/{segment(self._folder())}/messages"
        kept = self.client.batches([Part("GET", f"{folder}?{_by_key(note.key)}&$select=id") for note in notes])
        for answer in kept:
            self.client.raise_for(answer)
        missing = [note for note, answer in zip(notes, kept, strict=True) if not answer.listed]
        for answer in self.client.batches([Part("POST", folder, _message(note)) for note in missing]):
            self.client.raise_for(answer)

    def _folder(self) -> str:
        """Looked for each time: conflicts are rare, and a person may throw the folder away at any time."""
        if found := self._found():
            return found
        made = self.client.ask(Part("POST", f"{self.client.root}/mailFolders", {"displayName": CONFLICT_FOLDER}))
        if made.status == 409:
            if found := self._found():
                return found
            raise Retry("GRAPH-FOLDER-UNSEEN", "a folder of that name exists but is not listed")
        self.client.raise_for(made)
        return str(made.entity["id"])

    def _found(self) -> str:
        name = quote(CONFLICT_FOLDER.replace("'", "''"))
        url = f"{self.client.root}/mailFolders?$filter=displayName%20eq%20'{name}'&$select=id"
        answer = self.client.ask(Part("GET", url))
        self.client.raise_for(answer)
        return next((str(one["id"]) for one in answer.listed if one["id"]), "")


def _by_key(key: str) -> str:
    literal = key.replace("'", "''")
    return "$filter=" + quote(f"{PROPERTIES}/Any(ep: ep/id eq '{KEY}' and ep/value eq '{literal}')", safe="'()/:")


def _message(note: Note) -> dict[str, object]:
    return {
        "subject": note.subject,
        "body": {"contentType": "text", "content": note.text},
        "isRead": False,
        PROPERTIES: [{"id": KEY, "value": note.key}],
    }
