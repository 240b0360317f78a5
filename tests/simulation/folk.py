"""What people with mailboxes do, one deed after the other, drawn from the dice and written into the ledger.

Mail of their own and everything they do to it goes through the wire; only mail from outside is delivered by the
sandbox. Each deed answers whether it could be done at all.
"""

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime

from sandbox.graph.ids import message_id
from sandbox.mailboxes.mime import without_header
from tests.simulation.access import HOST
from tests.simulation.house import House
from tests.simulation.ledger import ARCHIVE, BIN, CATEGORY, DROP, GONE, INBOX, NEVER, SENT, Copy, Ledger, Letter
from tests.simulation.letters import FREE, NORA, OMAR, PRIYA, QUENTIN, SOFIA, STRANGER, letter, signed
from tests.simulation.refusals import without_warnings
from tests.simulation.texts import Words, shown, words
from tests.simulation.wire import Shown, Wire

ROSA, TOM, FRED = "rosa@elmsons.test", "tom@fir.test", "fred@gmail.com"
NEWS, DEALS, ROBOT = "news@shouting.test", "shop@deals.test", "robot@larch.test"
XENIA, ZOE = "xenia@yarrow.test", "zoe@alder.test"
KNOWN = (NORA, OMAR, PRIYA, QUENTIN, ROSA, SOFIA, TOM)
STRANGERS = (STRANGER, XENIA, ZOE, FREE, FRED)
NOISE = (NEWS, DEALS)
COLOURS = ("Red category", "Blue category", "Green category")
FILES = (b"plan " * 900, b"quote " * 700, b"list " * 1100)
ENDINGS = ("bin", "pdf", "csv")
LOGO = bytes(range(200)) * 20
SPAM_MARKS = {
    "": {},
    "level": {"X_MS_Exchange_Organization_SCL": "6"},
    "header": {"X_Spam_Flag": "YES"},
}  # fmt: skip
CROWD = 120
"""Recipients of the rare letter to everybody."""

Deed = Callable[["Folk"], bool]


@dataclass(slots=True)
class Folk:
    house: House
    wire: Wire
    ledger: Ledger
    dice: random.Random
    raws: dict[str, tuple[str, datetime]] = field(default_factory=dict)
    """Subject → Message-ID and date of a letter, for those that use a Message-ID again."""
    users: dict[str, set[str]] = field(default_factory=dict)
    """Message-ID → who has sent a mail with it, where it was used again."""

    # -- letters arrive

    def arrive(self) -> bool:
        """Somebody outside writes to some of us."""
        return self._arrive(self._sender())

    def reply_comes(self) -> bool:
        """Somebody answers what one of us sent."""
        sent = [copy.letter for copy in self.ledger.copies.values() if copy.place.last() == SENT]
        outside = [one for one in sent if any(address in KNOWN + STRANGERS for address in one.to)]
        if not outside:
            return False
        first = self.dice.choice(outside)
        sender = next(address for address in first.to if address in KNOWN + STRANGERS)
        return self._arrive(sender, answers=first.subject)

    def reused_id_comes(self) -> bool:
        """A program that uses one Message-ID many times, here for another sender."""
        if not self.raws:
            return False
        subject = self.dice.choice(sorted(self.raws))
        named, at = self.raws[subject]
        used = self.users.setdefault(named, {self.ledger.letters[subject].sender})
        others = [one for one in KNOWN if one not in used]
        if not others:
            return False
        sender = self.dice.choice(others)
        used.add(sender)  # once more from the same at the same second would be that mail again
        return self._arrive(sender, named=named, at=at, shares=subject)

    def nameless_comes(self) -> bool:
        return self._arrive(self._sender(), named="-")

    def automatic_reply_comes(self) -> bool:
        return self._arrive(self.dice.choice(KNOWN), Auto_Submitted="auto-replied")

    def crowd_comes(self) -> bool:
        everybody = [f"guest{number}@crowd.test" for number in range(CROWD)]
        return self._arrive(self.dice.choice(KNOWN), crowd=everybody)

    def notice_comes(self) -> bool:
        """A meeting request: no mail between people."""
        to = self.dice.sample(self._colleagues(), 1)
        subject = self._subject("meeting")
        one = Letter(subject, self._sender(), tuple(to), kind="MAIL-SERVICE")
        raw = EmailMessage()
        raw["Subject"], raw["From"], raw["To"] = subject, one.sender, ", ".join(to)
        raw["Date"], raw["MIME-Version"] = format_datetime(self.now), "1.0"
        raw["Message-ID"] = f"<{subject.replace(' ', '.')}@notice.test>"
        raw["Content-Type"] = "text/calendar; method=REQUEST; charset=utf-8"
        raw.set_payload(
            "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nMETHOD:REQUEST\r\nBEGIN:VEVENT\r\n"
            f"UID:{subject.replace(' ', '.')}@x.test\r\nDTSTAMP:20261116T090000Z\r\nDTSTART:20261117T090000Z\r\n"
            f"DTEND:20261117T100000Z\r\nSUMMARY:{subject}\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
        )
        return self._deliver(one, raw.as_bytes(), to)

    def sealed_comes(self) -> bool:
        to = self.dice.sample(self._colleagues(), 1)
        subject = self._subject("sealed")
        one = Letter(subject, self.dice.choice(KNOWN), tuple(to), kind="MAIL-ENCRYPTED")
        raw = EmailMessage()
        raw["Subject"], raw["From"], raw["To"] = subject, one.sender, ", ".join(to)
        raw["Date"], raw["MIME-Version"] = format_datetime(self.now), "1.0"
        raw["Message-ID"] = f"<{subject.replace(' ', '.')}@sealed.test>"
        raw["Content-Type"] = "application/pkcs7-mime; smime-type=enveloped-data; name=smime.p7m"
        raw.set_payload("MIIB\r\n")
        return self._deliver(one, raw.as_bytes(), to)

    def _arrive(
        self,
        sender: str,
        *,
        named: str = "",
        at: datetime | None = None,
        answers: str = "",
        shares: str = "",
        crowd: Sequence[str] = (),
        **headers: str,
    ) -> bool:
        boxes = self.dice.sample(self._colleagues(), self.dice.choice((1, 1, 2, 3)))
        others = self.dice.sample(KNOWN + STRANGERS + NOISE, self.dice.choice((0, 0, 0, 1, 2)))
        hidden = boxes[1:] if self.dice.random() < 0.15 else []
        to = boxes[:1] + [one for one in others[:1] if one != sender] + list(crowd)
        cc = [one for one in (*boxes[1:], *others[1:]) if one not in hidden and one != sender]
        subject = self._subject("from outside")
        files = self._files()
        names, spam = self._named(subject), self._called_spam(subject)
        picture = LOGO if self.dice.random() < 0.15 else b""
        one = Letter(
            subject, sender, tuple(to), tuple(cc), files=tuple(files.items()), answers=answers, shares=shares,
            names=names, spam=spam, words=self._words(subject, sender, answers, picture=bool(picture)),
        )  # fmt: skip
        if cc:
            headers["Cc"] = ", ".join(cc)
        if answers and answers in self.raws:
            headers["In_Reply_To"] = self.raws[answers][0]
        headers |= SPAM_MARKS[spam]
        at = at or self.now
        writer = shown(self.house.make.seed, sender) if sender in STRANGERS else sender
        raw = letter(
            subject, writer, ", ".join(to), at, files=files, picture=picture, message_id=named,
            names=f"{HOST}/{names}" if names else "", words=one.words, **headers,
        )  # fmt: skip
        if not named:
            self.raws[subject] = (str(raw["Message-ID"]), at)
        is_signed = random.Random(f"{self.house.make.seed} {subject} signed").random() < 0.1
        return self._deliver(one, (signed(raw) if is_signed else raw).as_bytes(), boxes)

    def _words(self, subject: str, sender: str, answers: str, *, picture: bool = False) -> Words:
        seed, stranger = self.house.make.seed, sender in STRANGERS
        return words(seed, subject, sender, answers=bool(answers), picture=picture, stranger=stranger)

    def _named(self, subject: str) -> str:
        """Now and then a record's address stands in the text; dice of its own, so that nothing else moves."""
        dice = random.Random(f"{self.house.make.seed} {subject}")
        if dice.random() > 0.15:
            return ""
        open_deals = [one for one, line in self.ledger.deals.items() if line.last() is not None]
        return str(dice.choice([*self.house.company.accounts.values(), *open_deals, *open_deals]))

    def _called_spam(self, subject: str) -> str:
        """Now and then a filter is mistaken; dice of its own like above."""
        dice = random.Random(f"{self.house.make.seed} {subject} spam")
        return dice.choice(("level", "header")) if dice.random() < 0.1 else ""

    def _deliver(self, one: Letter, raw: bytes, boxes: Sequence[str]) -> bool:
        number = self.ledger.deed(f"{one.sender} writes “{one.subject}” to {', '.join(boxes)}")
        self.ledger.letters[one.subject] = one
        self.house.world.mailboxes.deliver(raw, list(boxes))
        self.discover(one, number)
        return True

    def again(self) -> bool:
        """The post brings a letter that we had already."""
        copies = [copy for copy in self.ledger.copies.values() if copy.letter.subject in self.raws]
        if not copies:
            return False
        dead = [copy for copy in copies if self.ledger.is_deleted(copy.letter)]
        one = self.dice.choice(dead if dead and self.dice.random() < 0.5 else copies)
        box = self.house.box(one.person)
        stored = box.messages.get(one.number)
        if stored is None or stored.raw is None:
            return False
        to = self.dice.choice(self._colleagues())
        number = self.ledger.deed(f"“{one.letter.subject}” is delivered again, to {to}")
        self.house.world.mailboxes.deliver(without_header(stored.raw, "Bcc"), [to])
        self.discover(one.letter, number)
        return True

    # -- letters are sent

    def send(self) -> bool:
        return self._send(self._recipients())

    def reply(self) -> bool:
        """One of us answers what lies in the Inbox."""
        person, copy = self._any(INBOX)
        if copy is None or copy.letter.sender.endswith("@larch.test"):
            return False
        return self._send([copy.letter.sender], person, copy.letter.subject)

    def note_to_colleague(self) -> bool:
        person = self._person()
        others = [one for one in self._colleagues() if not one.startswith(person)]
        return self._send(self.dice.sample(others, 1), person)

    def send_draft(self) -> bool:
        """A draft is written, lies somewhere for a while, and is sent."""
        drafts = [one for one in self.ledger.copies.values() if one.draft_until == NEVER]
        if drafts and self.dice.random() < 0.6:
            draft = self.dice.choice(drafts)
            number = self.ledger.deed(f"{draft.person} sends the draft “{draft.letter.subject}”")
            self.wire.send_draft(self._address(draft.person), draft.item_id)
            self.ledger.sent += 1
            self.ledger.placed(draft, SENT, number)
            draft.draft_until = number
            self.discover(draft.letter, number)
            return True
        person = self._person()
        raw, one = self._written(self._recipients(), person, "")
        place = INBOX if self.dice.random() < 0.8 else "drafts"
        number = self.ledger.deed(f"{person} writes a draft “{one.subject}” in {place}")
        item_id = self.wire.draft(self._address(person), raw, place)
        copy = self._new_copy(one, person, item_id, place, number)
        copy.draft_until, copy.sees_bcc = NEVER, True
        return True

    def _send(self, recipients: Sequence[str], person: str = "", answers: str = "") -> bool:
        person = person or self._person()
        raw, one = self._written(recipients, person, answers)
        number = self.ledger.deed(f"{person} sends “{one.subject}” to {', '.join(recipients)}")
        self.wire.send(self._address(person), raw)
        self.ledger.sent += 1
        self.discover(one, number)
        return True

    def _written(self, recipients: Sequence[str], person: str, answers: str) -> tuple[bytes, Letter]:
        subject, sender = self._subject("from us"), self._address(person)
        to = [one for one in recipients if one != sender] or [NORA]
        blind = to[1:] if len(to) > 1 and self.dice.random() < 0.3 else []
        to = [one for one in to if one not in blind]
        files = self._files()
        said = self._words(subject, sender, answers)
        one = Letter(
            subject, sender, tuple(to), (), tuple(blind), files=tuple(files.items()), answers=answers, words=said
        )
        headers = {"Bcc": ", ".join(blind)} if blind else {}
        if answers in self.raws:
            headers["In_Reply_To"] = self.raws[answers][0]
        raw = letter(
            subject, sender, ", ".join(to), self.now, files=files, picture=b"", message_id="",
            names="", words=said, **headers,
        )  # fmt: skip
        self.raws[subject] = (str(raw["Message-ID"]), self.now)
        self.ledger.letters[subject] = one
        return raw.as_bytes(), one

    # -- marks

    def mark(self) -> bool:
        person, copy = self._any(INBOX, SENT, ARCHIVE)
        shown = self._shown(copy)
        if copy is None or shown is None or CATEGORY in shown.categories:
            return False
        number = self.ledger.deed(f"{person} marks “{copy.letter.subject}”")
        self.wire.categorise(self._address(person), copy.item_id, [*shown.categories, CATEGORY])
        copy.marked.set(number, True)
        copy.touched.append(number)
        return True

    def unmark(self) -> bool:
        """Takes the category off, be it a wish of their own or a receipt."""
        return self._rewrite("takes the mark off", lambda shown: [c for c in shown.categories if c != CATEGORY])

    def rewrite_categories(self) -> bool:
        """Another program that knows nothing of our category writes its own list."""
        return self._rewrite("gives other categories to", lambda _shown: self.dice.sample(COLOURS, 1))

    def sort(self) -> bool:
        return self._rewrite("sorts", lambda shown: [*shown.categories, self.dice.choice(COLOURS)])

    def _rewrite(self, words: str, choose: Callable[[Shown], Sequence[str]]) -> bool:
        person, copy = self._any(INBOX, SENT, ARCHIVE, DROP)
        shown = self._shown(copy)
        if copy is None or shown is None:
            return False
        chosen = list(dict.fromkeys(choose(shown)))
        if set(chosen) == set(shown.categories):
            return False
        number = self.ledger.deed(f"{person} {words} “{copy.letter.subject}”")
        self.wire.categorise(self._address(person), copy.item_id, chosen)
        copy.others = without_warnings(chosen) - {CATEGORY}
        copy.touched.append(number)
        if CATEGORY in shown.categories and CATEGORY not in chosen:
            copy.removed.append(number)
            copy.marked.set(number, False)
        return True

    # -- places

    def drop(self) -> bool:
        return self._move((INBOX, SENT, ARCHIVE), lambda _copy: DROP)

    def save_anew(self) -> bool:
        """The record was not as somebody wanted it: away with it, and the mail into the drop folder."""
        alive = {made.subject: made for made in self.ledger.made.values() if made.alive.last()}
        person = self._person()
        copies = [
            copy
            for copy in self.ledger.copies_in(person, INBOX, SENT)
            if copy.letter.subject in alive and copy.draft_until != NEVER
        ]
        if not copies:
            return False
        copy = self.dice.choice(copies)
        shown, folder = self._shown(copy), self.wire.folder(self._address(person), DROP)
        if shown is None or not folder or shown.folder_id == folder:
            return False
        made = alive[copy.letter.subject]
        self.ledger.deed(f"{person} deletes the record of “{made.subject}”, and wants it anew")
        self.wire.remove(made.object, made.record_id)
        made.alive.set(self.ledger.number, False)
        number = self.ledger.deed(f"{person} moves “{copy.letter.subject}” to {DROP}")
        self.wire.move(self._address(person), copy.item_id, DROP)
        self.ledger.placed(copy, DROP, number)
        return True

    def file_away(self) -> bool:
        return self._move((INBOX, SENT, DROP), lambda _copy: ARCHIVE)

    def bring_back(self) -> bool:
        return self._move((ARCHIVE, BIN, DROP), home)

    def throw_away(self) -> bool:
        person, copy = self._any(INBOX, SENT, ARCHIVE, DROP)
        if copy is None or self._shown(copy) is None:
            return False
        for_good = self.dice.random() < 0.3
        number = self.ledger.deed(f"{person} deletes “{copy.letter.subject}”{' for good' * for_good}")
        self.wire.delete(self._address(person), copy.item_id, for_good=for_good)
        self.ledger.placed(copy, GONE if for_good else BIN, number)
        return True

    def _move(self, places: Sequence[str], target: Callable[[Copy], str]) -> bool:
        person, copy = self._any(*places)
        shown = self._shown(copy)
        if copy is None or shown is None or not self.wire.folder(self._address(person), target(copy)):
            return False
        if shown.folder_id == self.wire.folder(self._address(person), target(copy)):
            return False
        number = self.ledger.deed(f"{person} moves “{copy.letter.subject}” to {target(copy)}")
        self.wire.move(self._address(person), copy.item_id, target(copy))
        self.ledger.placed(copy, target(copy), number)
        return True

    def duplicate(self) -> bool:
        person, copy = self._any(INBOX, SENT, ARCHIVE)
        shown = self._shown(copy)
        place = self.dice.choice((INBOX, ARCHIVE))
        if copy is None or shown is None:
            return False
        number = self.ledger.deed(f"{person} copies “{copy.letter.subject}” into {place}")
        item_id = self.wire.copy(self._address(person), copy.item_id, place)
        twin = self._new_copy(copy.letter, person, item_id, place, number)
        twin.twin, twin.sees_bcc, twin.others = (
            True,
            copy.sees_bcc,
            without_warnings(shown.categories) - {CATEGORY},
        )
        twin.draft_until = copy.draft_until
        if CATEGORY in shown.categories:
            twin.marked.set(number, True)
        return True

    def read(self) -> bool:
        person, copy = self._any(INBOX, SENT, ARCHIVE)
        if copy is None or self._shown(copy) is None:
            return False
        self.ledger.deed(f"{person} reads “{copy.letter.subject}”")
        self.wire.read(self._address(person), copy.item_id, self.dice.random() < 0.7)
        return True

    # -- helpers

    @property
    def now(self) -> datetime:
        return self.house.manual.now()

    def discover(self, one: Letter, number: int) -> None:
        """Copies of a letter that nobody has written down yet."""
        for person in self.house.ids:
            box = self.house.box(person)
            for stored in self.house.world.mailboxes.find(box, subject=one.subject):
                item_id = message_id(box, stored.number, stored.moves, "immutable")
                if (person, item_id) not in self.ledger.copies:
                    place = box.folders[stored.folder].well_known
                    copy = self._new_copy(one, person, item_id, place, number)
                    copy.sees_bcc = place == SENT

    def _new_copy(self, one: Letter, person: str, item_id: str, place: str, number: int) -> Copy:
        box = self.house.box(person)
        stored = max(self.house.world.mailboxes.find(box, subject=one.subject), key=lambda found: found.number)
        for found in self.house.world.mailboxes.find(box, subject=one.subject):
            if message_id(box, found.number, found.moves, "immutable") == item_id:
                stored = found
        copy = Copy(one, person, item_id, stored.number, number, put=place)
        copy.place.set(number, place)
        copy.marked.set(number, False)
        self.ledger.copies[person, item_id] = copy
        return copy

    def _shown(self, copy: Copy | None) -> Shown | None:
        return self.wire.show(self._address(copy.person), copy.item_id) if copy else None

    def _any(self, *places: str) -> tuple[str, Copy | None]:
        """A person, and one of their mails there."""
        person = self._person()
        found = [one for one in self.ledger.copies_in(person, *places) if one.draft_until != NEVER]
        recent = found[-8:] if self.dice.random() < 0.6 else found
        return person, self.dice.choice(recent) if recent else None

    def _person(self) -> str:
        return self.dice.choice(sorted(self.house.ids))

    def _address(self, person: str) -> str:
        return self.house.box(person).address

    def _colleagues(self) -> list[str]:
        return [self._address(person) for person in sorted(self.house.ids)]

    def _sender(self) -> str:
        pool = self.dice.choices((KNOWN, STRANGERS, NOISE, (ROBOT,)), (12, 5, 2, 1))[0]
        return self.dice.choice(pool)

    def _recipients(self) -> list[str]:
        outside = self.dice.sample(KNOWN + STRANGERS + NOISE, self.dice.choice((1, 1, 2, 3)))
        return outside + self.dice.sample(self._colleagues(), self.dice.choice((0, 0, 1, 2)))

    def _subject(self, words: str) -> str:
        """Now and then with the number of a Case; dice of its own, so that nothing else moves."""
        number = len(self.ledger.letters) + 1
        dice = random.Random(f"{self.house.make.seed} {number} case")
        case = dice.choice(sorted(self.ledger.cases)) if self.ledger.cases and dice.random() < 0.2 else ""
        return f"Letter {number} {words}" + (f" about Case {case}" if case else "")

    def _files(self) -> dict[str, bytes]:
        """Some with files; now and then two that are the same but for their name."""
        if self.dice.random() < 0.7:
            return {}
        chosen = self.dice.choices(FILES, k=self.dice.choice((1, 2, 3)))
        return {f"file{number}.{self.dice.choice(ENDINGS)}": data for number, data in enumerate(chosen)}


def home(copy: Copy) -> str:
    """Where a mail belongs that nobody has filed: what its mailbox sent lies in Sent Items."""
    own = copy.letter.sender.partition("@")[0] == copy.person
    return SENT if own else INBOX


DEEDS: tuple[tuple[int, Deed], ...] = (
    (30, Folk.arrive), (8, Folk.reply_comes), (6, Folk.reused_id_comes), (4, Folk.nameless_comes),
    (2, Folk.automatic_reply_comes), (1, Folk.crowd_comes), (2, Folk.notice_comes), (1, Folk.sealed_comes),
    (4, Folk.again), (12, Folk.send), (6, Folk.reply), (5, Folk.note_to_colleague), (8, Folk.send_draft),
    (12, Folk.mark), (5, Folk.unmark), (4, Folk.rewrite_categories), (5, Folk.sort), (10, Folk.drop),
    (4, Folk.save_anew),
    (6, Folk.file_away), (7, Folk.bring_back), (6, Folk.throw_away), (3, Folk.duplicate), (4, Folk.read),
)  # fmt: skip
"""How often each is tried, and what."""
