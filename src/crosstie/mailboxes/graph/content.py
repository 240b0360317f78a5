"""Bodies and attachments of the messages being saved, in few calls and bounded memory.

A small message comes whole, many of them in one batch. Of a larger one the attachments are listed first, and
each that is wanted is fetched alone as raw bytes.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from crosstie.domain.email import Attachment, AttachmentKind, Content, Email, Fetched
from crosstie.domain.errors import CrosstieError, Gone, Refused, Throttled
from crosstie.mailboxes.graph import translate
from crosstie.mailboxes.graph.client import BATCH, GraphClient, Part
from crosstie.mailboxes.graph.errors import Answer

SMALL = 2_500_000
"""Bytes of a message that is fetched whole."""
LARGEST_BATCH = 15_000_000
"""Bytes of the messages in one batch; base64 makes 20 MB of them on the wire."""
UNKNOWN_SIZE = 100_000
"""Bytes reckoned for the body of a message whose size is not known, or whose attachments are fetched apart."""
LARGEST_MESSAGE = 100_000_000
"""Bytes of one message's attachments that are fetched; those beyond come without data."""
LARGEST_CALL = 100_000_000
"""Bytes one call brings home; messages beyond are left for the next."""
LISTED_PAGES = 20
ATTACHMENT_LIST = "$select=id,name,contentType,size,isInline"
MESSAGE = "$select=id,body,internetMessageHeaders"


@dataclass(slots=True)
class Contents:
    client: GraphClient

    def fetch(self, emails: Sequence[Email], *, max_attachment_bytes: int) -> Fetched:
        """What was brought home before a failure is handed out; the error comes back with the next call."""
        found: dict[str, Content] = {}
        try:
            for group in _packed(emails, max_attachment_bytes):
                self._fetch_group(group, max_attachment_bytes, found)
        except Throttled as busy:
            if not found:
                raise
            return Fetched(found, busy.until)
        except CrosstieError:
            if not found:
                raise
        return Fetched(found)

    def _fetch_group(self, group: Sequence[Email], limit: int, found: dict[str, Content]) -> None:
        whole = {one.item_id for one in group if _comes_whole(one, limit)}
        parts = [part for one in group for part in self._parts(one, whole=one.item_id in whole)]
        answers = iter(self.client.batch(parts))
        for email in group:
            message = next(answers)
            listed = message if email.item_id in whole else next(answers)
            if sum(map(_bytes, found.values())) > LARGEST_CALL:
                return
            content = self._content(email, message, listed, limit)
            if content is not None:
                found[email.item_id] = content

    def _parts(self, email: Email, *, whole: bool) -> Iterator[Part]:
        url = self._url(email)
        if whole:
            yield Part("GET", f"{url}?{MESSAGE}&$expand=attachments")
        else:
            yield Part("GET", f"{url}?{MESSAGE}")
            yield Part("GET", f"{url}/attachments?{ATTACHMENT_LIST}", page_size=100)

    def _url(self, email: Email) -> str:
        return f"{self.client.root}/messages/{translate.segment(email.item_id)}"

    def _content(self, email: Email, message: Answer, listed: Answer, limit: int) -> Content | None:
        """None when the message cannot be had completely for a reason of its own."""
        try:
            self.client.raise_for(message)
            self.client.raise_for(listed)
            entity = message.entity
            attachments = tuple(self._load(email, self._attachments(email, message, listed), limit))
        except Throttled:
            raise
        except CrosstieError:
            return None
        html, text = translate.body(entity)
        return Content(html=html, text=text, headers=translate.headers(entity), attachments=attachments)

    def _attachments(self, email: Email, message: Answer, listed: Answer) -> list[Attachment]:
        """All of them; those that came with the message have their data."""
        if message is listed and "attachments@odata.nextLink" not in message.json:
            within = Answer(message.status, {"value": message.json.get("attachments")})
            return [translate.attachment(row) for row in within.listed]
        if message is listed:
            listed = self._page(f"{self._url(email)}/attachments?{ATTACHMENT_LIST}")
        found: list[Attachment] = []
        for _ in range(LISTED_PAGES):
            found += [replace(translate.attachment(row), data=None) for row in listed.listed]
            if not isinstance(link := listed.json.get("@odata.nextLink"), str):
                break
            listed = self._page(self.client.relative(link))
        return found

    def _page(self, url: str) -> Answer:
        answer = self.client.ask(Part("GET", url, page_size=100))
        self.client.raise_for(answer)
        return answer

    def _load(self, email: Email, attachments: Iterable[Attachment], limit: int) -> Iterator[Attachment]:
        """With data where it is wanted, and without where it is not."""
        total = 0
        for one in attachments:
            most = LARGEST_MESSAGE if limit and one.is_signed else limit
            if one.kind is AttachmentKind.LINK or one.size > most or total + one.size > LARGEST_MESSAGE:
                yield replace(one, data=None)
                continue
            data = self._bytes_of(email, one) if one.data is None else one.data
            total += len(data or b"")
            yield one if data is None else replace(one, data=data, size=len(data))

    def _bytes_of(self, email: Email, one: Attachment) -> bytes | None:
        """None for an item that Graph has no file of: a mail that holds one is saved without."""
        url = f"{self._url(email)}/attachments/{translate.segment(one.attachment_id)}/$value"
        try:
            return self.client.download(url)
        except (Gone, Refused):
            if one.kind is AttachmentKind.ITEM:
                return None
            raise


def _comes_whole(email: Email, limit: int) -> bool:
    """No attachment of it can be larger than what is wanted."""
    return email.size is not None and email.size < SMALL and email.size <= limit


def _packed(emails: Iterable[Email], limit: int) -> Iterator[list[Email]]:
    """Groups whose requests and answers fit a batch, in the order given."""
    group: list[Email] = []
    requests = size = 0
    for email in emails:
        whole = _comes_whole(email, limit)
        needs, weighs = (1, email.size or 0) if whole else (2, UNKNOWN_SIZE)
        if group and (requests + needs > BATCH or size + weighs > LARGEST_BATCH):
            yield group
            group, requests, size = [], 0, 0
        group.append(email)
        requests, size = requests + needs, size + weighs
    if group:
        yield group


def _bytes(content: Content) -> int:
    data = sum(len(one.data) for one in content.attachments if one.data)
    return data + len(content.html) + len(content.text)
