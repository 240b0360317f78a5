"""How much of a mail is saved: its files and its text, as settings have it; written from docs/rules.md."""

import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from crosstie.domain.settings import Settings
from tests.simulation.house import House
from tests.simulation.ledger import Copy, Ledger, Letter, Made
from tests.simulation.letters import SAID
from tests.simulation.meaning import Meaning, Wish
from tests.simulation.texts import BEFORE

BODIES = {"EmailMessage": ("HtmlBody", "TextBody"), "Task": ("Description",)}


def files(letter: Letter, settings: Settings, *, by_hand: bool) -> tuple[str, ...]:
    """Digests of what becomes Files, each as often as it is there."""
    if not settings.attachments_save:
        return ()
    allowed, least = settings.attachments_allowed_extensions, {}
    for entry in settings.attachments_min_bytes_by_extension:
        ending, _, size = entry.partition(":")
        least[ending] = int(size)
    kept = []
    for name, data in letter.files:
        ending = name.rpartition(".")[2]
        is_allowed = not allowed or ending in allowed or by_hand
        if is_allowed and ending not in settings.attachments_blocked_extensions:
            kept += [digest(name, data)] if len(data) >= least.get(ending, 0) else []
    return tuple(sorted(kept[: settings.attachments_max_count]))


def text(letter: Letter, settings: Settings) -> tuple[bool, bool]:
    """Whether the letter's own words are saved, and those it quotes."""
    cropped = settings.crop_quotes and not letter.words.within
    return settings.store_body, settings.store_body and bool(letter.answers) and not cropped


@dataclass(slots=True)
class Contents:
    house: House
    ledger: Ledger
    meaning: Meaning

    def problems(self, letter: Letter, made: Made, *, late: bool = False) -> Iterator[str]:
        """Of a record that nobody has deleted meanwhile: with it go its files. What the vendor made `late` has
        none, as those were given to the record that people deleted.
        """
        if made.alive.values != [True]:
            return
        if not late or self._saved(made):
            yield from self._files(letter, made)
        yield from self._text(letter, made)

    def _files(self, letter: Letter, made: Made) -> Iterator[str]:
        found = self._saved(made)
        fitting = {files(letter, one, by_hand=hand) for one, hand in self._asked(letter, made, made.number)}
        if found in fitting:
            return
        later = {files(letter, one, by_hand=hand) for one, hand in self._asked(letter, made, self.ledger.number)}
        if is_part(found, later) and not self._wanted_since(letter, made):
            # Known gap: what was put off is not finished once nobody wants the mail any more.
            self.meaning.either["its files were put off, and then nobody wanted it"] += 1
        elif found in later or self._mixed(found, later):
            self.meaning.either["its files were put off, and settings changed meanwhile"] += 1
        else:
            yield f"{letter.subject}: {len(found)} files instead of {sorted(map(len, fitting))}, or others"

    @staticmethod
    def _mixed(found: Sequence[str], chosen: set[tuple[str, ...]]) -> bool:
        """Some written under one setting and some under another: none that was never chosen, none that always was
        left out.
        """
        return (
            len(chosen) > 1
            and any(set(found) >= set(one) for one in chosen)
            and set(found) <= set().union(*chosen)
        )

    def _saved(self, made: Made) -> tuple[str, ...]:
        core = self.house.org.core
        documents = [
            str(link["ContentDocumentId"])
            for link in core.pointing("ContentDocumentLink", "LinkedEntityId", made.record_id)
        ]
        versions = [one for document in documents for one in core.pointing(*VERSIONS, document)]
        return tuple(
            sorted(
                digest(str(one.get("PathOnClient")), bytes(one.get("VersionData", b"")))
                for one in versions
                if one.get("IsLatest")
            )
        )

    def _text(self, letter: Letter, made: Made) -> Iterator[str]:
        row = self.house.org.core.row(made.record_id) or {}
        body = " ".join(str(row.get(name) or "") for name in BODIES[made.object])
        found = (SAID in body, BEFORE in body)
        wanted = {text(letter, settings) for settings, _ in self._asked(letter, made, made.number)}
        if found not in wanted:
            yield f"{letter.subject}: own words and quotes are saved {found}, wanted {wanted} ({made.record_id})"
        elif found[0]:
            yield from self._words(letter, made, row)

    @staticmethod
    def _words(letter: Letter, made: Made, row: Mapping[str, object]) -> Iterator[str]:
        text = str(row.get(BODIES[made.object][-1]) or "").replace("\r\n", "\n")
        if letter.words.reads not in text:
            yield f"{letter.subject}: the text does not read {letter.words.reads!r}, but {text[:2000]!r}"
        marked = str(row.get("HtmlBody") or "")
        if letter.words.long and made.object == "EmailMessage" and not (len(marked) > ENOUGH and is_whole(marked)):
            yield f"{letter.subject}: {len(marked)} characters of HTML are left, that end {marked[-50:]!r}"

    def _asked(self, letter: Letter, made: Made, last: int) -> set[tuple[Settings, bool]]:
        """What may have been in force, and whether a mark may have asked for it, from the record on to `last`."""
        found: set[tuple[Settings, bool]] = set()
        for copy in self.ledger.copies_of(letter):
            if copy.first <= made.number:
                settings = self.ledger.settings[copy.person].during(made.known_from, last)
                hands = self._by_hand(copy, made.known_from, last)
                found |= {(one, hand) for one in settings for hand in hands}
        return found

    def _by_hand(self, copy: Copy, first: int, last: int) -> set[bool]:
        wishes = self.meaning.wishes(copy, first, last)
        return {hand for hand, less in ((True, Wish.NONE), (False, Wish.SURE)) if wishes - {less}}

    def _wanted_since(self, letter: Letter, made: Made) -> bool:
        """Whether a session after the record was made had to save the mail, and could."""
        later = [look for look in self.ledger.looks if look.first > made.number]
        return any(self.meaning.sure_of(copy, look) for copy in self.ledger.copies_of(letter) for look in later)


def is_part(found: Sequence[str], chosen: Iterable[Sequence[str]]) -> bool:
    """Whether some files, or all, are missing of what was chosen, and none is there that was not."""
    return any(Counter(found) <= Counter(one) for one in chosen)


ENOUGH = 130_000
"""Characters of a long letter that a field has room for; some more fit, and no word is cut."""


def is_whole(html: str) -> bool:
    """Every tag is, and what must be closed is closed."""
    return "<" not in re.sub(r"<[^<>]*>", "", html) and html.count("<i>") == html.count("</i>")


VERSIONS = ("ContentVersion", "ContentDocumentId")


def digest(name: str, data: bytes) -> str:
    """Two files of a mail may say the same under two names."""
    return hashlib.sha256(name.encode() + b"\0" + data).hexdigest()
