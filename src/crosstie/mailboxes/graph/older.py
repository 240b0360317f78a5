"""Older messages of Inbox, Sent Items and the further folders, the newest first: a listing by time of receipt.

Exchange sorts by what leads its filter (https://learn.microsoft.com/graph/api/user-list-messages), and shows whole
seconds of what it keeps more finely: a second is listed to its end, so that the next listing may begin below it. A
page's own link counts, and would pass over as many mails as left the folder meanwhile.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from urllib.parse import quote

from crosstie.domain.backfills import Older
from crosstie.domain.email import Email, Folder
from crosstie.domain.errors import Fatal, Retry
from crosstie.mailboxes.graph import translate
from crosstie.mailboxes.graph.client import GraphClient, Part
from crosstie.mailboxes.graph.errors import GARBLED, NO_MAILBOX_CODES, Answer
from crosstie.mailboxes.graph.folders import Folders
from crosstie.mailboxes.graph.marks import WELL_KNOWN, Marks

SECOND = timedelta(seconds=1)
MOST_PAGES = 400
"""Of one call; more than one a folder are asked for only where a page lies within one second."""
CROWDED = "GRAPH-CROWDED-SECOND"


@dataclass(slots=True)
class _Listing:
    """One folder's. `floor` is from when on everything of it is in `emails`."""

    folder: Folder
    place: str
    """The folder's id, or its well-known name."""
    floor: datetime
    link: str = ""
    left: int | None = None
    emails: list[Email] = field(default_factory=list)


@dataclass(slots=True)
class OlderMail:
    client: GraphClient
    marks: Marks
    folders: Folders

    def fetch(self, since: datetime, before: datetime, *, limit: int, dropped: bool = False) -> Older:
        """One round trip, unless a page ends within the second it began with.

        A mail more than `limit` is asked for, because the last of a page only says where the listing got to.
        """
        before = _whole_second(before)
        listings = self._listings(self._places(dropped=dropped), since, before, limit + 1)
        for _ in range(MOST_PAGES):
            stuck = [one for one in listings if one.link and one.floor >= before]
            if not stuck:
                return _merged(listings, since, limit)
            answers = self.client.batches([Part("GET", one.link, page_size=limit + 1) for one in stuck])
            for one, answer in zip(stuck, answers, strict=True):
                self._take(one, answer, since)
        raise Fatal(CROWDED)

    def _places(self, *, dropped: bool) -> list[tuple[str, Folder]]:
        """Nothing is made where it is missing: whoever only looks writes nothing."""
        found = [(WELL_KNOWN[role.value], role) for role in (Folder.INBOX, Folder.SENT)]
        if dropped and (drop := self.marks.drop_if_there()):
            found.append((drop, Folder.DROP))
        return [*found, *((folder_id, Folder.WATCHED) for folder_id in self.folders.ids)]

    def _listings(
        self, places: Sequence[tuple[str, Folder]], since: datetime, before: datetime, size: int
    ) -> list[_Listing]:
        condition = f"receivedDateTime ge {_stamp(since)} and receivedDateTime lt {_stamp(before)}"
        query = f"$filter={quote(condition)}&$orderby=receivedDateTime%20desc&$count=true&$top={size}"
        query += f"&{translate.envelope_query()}"
        listings = [_Listing(role, place, before) for place, role in places]
        urls = [f"{self.client.root}/mailFolders/{translate.segment(one.place)}/messages" for one in listings]
        parts = [Part("GET", f"{url}?{query}", page_size=size) for url in urls]
        for one, answer in zip(listings, self.client.batches(parts), strict=True):
            count = answer.json.get("@odata.count") if answer.ok else 0
            one.left = count if isinstance(count, int) else None
            self._take(one, answer, since)
        return listings

    def _take(self, one: _Listing, answer: Answer, since: datetime) -> None:
        if answer.status == 404 and not answer.codes & NO_MAILBOX_CODES and one.place not in WELL_KNOWN.values():
            one.link, one.floor = "", since  # the folder is gone, and what was in it is gone or somewhere else
            return
        self.client.raise_for(answer)
        found = [replace(translate.email(row, {}), folder=one.folder) for row in answer.listed]
        if any(email.received_at is None for email in found):
            raise Retry(GARBLED, "a message of a time, without one")
        one.emails += found
        link = answer.json.get("@odata.nextLink")
        one.link = self.client.relative(link) if isinstance(link, str) else ""
        if not one.link:
            one.floor = since
        elif found:  # a page may be empty though others follow
            one.floor = min(one.floor, _second(found[-1]) + SECOND)


def _merged(listings: Iterable[_Listing], since: datetime, limit: int) -> Older:
    """Down to where every folder was listed, and no further than `limit` and the rest of that second."""
    listings = list(listings)
    floor = max((one.floor for one in listings), default=since)
    found = [email for one in listings for email in one.emails if _second(email) >= floor]
    found.sort(key=_second, reverse=True)
    if len(found) > limit:
        floor = _second(found[limit - 1])
        found = [email for email in found if _second(email) >= floor]
    counted = [one.left for one in listings]
    total = None if None in counted else sum(one for one in counted if one is not None)
    unique = tuple({email.item_id: email for email in found}.values())
    return Older(unique, floor, None if total is None else max(0, total - len(found)))


def _second(email: Email) -> datetime:
    """When it was received, as far as is shown."""
    return (email.received_at or translate.NEVER).replace(microsecond=0)


def _whole_second(moment: datetime) -> datetime:
    whole = moment.astimezone(UTC).replace(microsecond=0)
    return whole if whole == moment else whole + SECOND


def _stamp(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
