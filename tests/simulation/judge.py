"""The promises, judged from the ledger of people's deeds and from what the vendors hold in the end."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, fields
from datetime import timedelta

from crosstie.accounts.sync import why
from crosstie.domain.reasons import Outcome
from sandbox.graph.switches import MOVE_ARRIVES_UNSEEN, SPAM_LEVEL_IS_TOLD
from sandbox.mailboxes import Message
from sandbox.requestlog import Entry
from sandbox.salesforce.switches import SHARING_FLICKERS
from tests.simulation import newcomers, refusals
from tests.simulation.contents import Contents
from tests.simulation.folk import home
from tests.simulation.house import House
from tests.simulation.ledger import CATEGORY, DROP, GONE, NEVER, Copy, Ledger, Letter, Look, Made
from tests.simulation.meaning import SAVE, Meaning
from tests.simulation.refusals import without_warnings
from tests.simulation.relations import Relations, wrong_links, wrong_relation

TAKEN_BACK = timedelta(minutes=5)
"""An incomplete record of our own is deleted at once or not at all (docs/decisions/0014)."""
UNSEEN = "NEVER-SEEN"


@dataclass(slots=True)
class Judge:
    house: House
    ledger: Ledger
    own: set[int]
    """Numbers of people's requests in the request log."""
    meaning: Meaning = field(init=False)
    relations: Relations = field(init=False)
    contents: Contents = field(init=False)
    by_subject: dict[str, list[Made]] = field(default_factory=dict)
    taken_back: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        on = self.house.world.switches.on
        self.meaning = Meaning(self.ledger, on(MOVE_ARRIVES_UNSEEN), on(SPAM_LEVEL_IS_TOLD), on(SHARING_FLICKERS))
        self.relations = Relations(self.meaning)
        self.contents = Contents(self.house, self.ledger, self.meaning)

    @property
    def either(self) -> Counter[str]:
        """How often the model could not say, and why."""
        return self.meaning.either

    def problems(self) -> list[str]:
        """Everything that is not as people meant it."""
        found = [*self._silence(), *self._unattended()]
        for made in self.ledger.made.values():
            self.by_subject.setdefault(made.subject, []).append(made)
        found += [*self._strangers(), *newcomers.problems(self.house, self.ledger, self.meaning)]
        for letter in self.ledger.letters.values():
            records = [
                made
                for made in self.by_subject.get(letter.subject, [])
                if made.record_id not in self.taken_back or made.alive.last()  # people may have brought it back
            ]
            found += list(self._counts(letter, records))
            for made in records:
                found += list(self._links(letter, made))
                late = self._came_late(made, records)
                found += list(self.contents.problems(letter, made, late=late))
            for copy in self.ledger.copies_of(letter):
                found += list(self._copy(copy, records))
                found += list(refusals.problems(self.house, self.ledger, self.meaning, copy, records))
        return [*found, *self._drop_folders(), *self._settings()]

    def _unattended(self) -> Iterator[str]:
        """What no session looks at any more has nothing said of it, neither good nor bad."""
        well = {look.person for look in self.ledger.looks if look.calm and look.first > self.ledger.settled}
        for person in self.house.ids.keys() - well:
            yield f"{person}: no session ends well any more ({dict(self.house.errors)})"

    def _settings(self) -> Iterator[str]:
        for person, number in self.house.ids.items():
            told, meant = self.house.store.mailbox(number).info.settings, self.ledger.settings[person].last()
            wrong = [one.name for one in fields(meant) if getattr(told, one.name) != getattr(meant, one.name)]
            if wrong:
                yield f"{person}: other settings are in force than people have said: {wrong}"

    # -- nothing lost, nothing twice

    def _counts(self, letter: Letter, records: list[Made]) -> Iterator[str]:
        copies = list(self.ledger.copies_of(letter))
        least, most = self._demands(copies, records)
        if len(records) < least:
            yield f"{letter.subject}: {len(records)} records, and at least {least} must be there: lost"
        if len(records) > most:
            yield f"{letter.subject}: {len(records)} records, and at most {most} may be there: doubled"
        if records:
            first = records[0]
            if not any(self.meaning.ever(copy, first.number, first.known_from) for copy in copies):
                yield f"{letter.subject}: was saved, and nobody ever wanted it"
            elif least == 0:
                self.either["saved, and not had to be"] += 1
        elif least == 0 and any(self.meaning.ever(copy, self.ledger.number, 0) for copy in copies):
            self.either["not saved, and might have been"] += 1

    def _demands(self, copies: list[Copy], records: list[Made]) -> tuple[int, int]:
        """How many records there must be at least, and may be at most."""
        ledger, meaning = self.ledger, self.meaning
        needed = any(meaning.sure_of(copy, look) for copy in copies for look in ledger.looks)
        least = int(needed)
        if not records:
            return least, 1
        most = 1
        for made in records:
            for number in [n for n, alive in zip(made.alive.numbers, made.alive.values, strict=True) if not alive]:
                most += 1 if self._may_ask_again(copies, number) else 0
                if not self._was_known(made, number, copies):
                    self.either["its record was deleted before anybody could know of it"] += 1
                    most += 1
        if late := sum(self._came_late(made, records) for made in records):
            self.either["made by the vendor when it had been deleted"] += late
            most += late
        if not self.house.make.keyed and (missed := self._looked_past(records)):
            self.either["looked for under another Name or owner, without keys"] += missed
            most += missed
        if len(records) > most and (forgotten := sum(self._forgotten_receipts(made, copies) for made in records)):
            self.either["its receipts were forgotten with the store"] += 1
            most += forgotten
        if self._crossed(records):
            self.either["two workers at once, without keys"] += 1
            most += 1
        return least + int(self._must_be_again(copies, records)), most

    def _forgotten_receipts(self, made: Made, copies: list[Copy]) -> bool:
        """It was deleted, and a copy has a receipt from after the backup: whose it is, nobody knows."""
        deletes = [n for n, alive in zip(made.alive.numbers, made.alive.values, strict=True) if not alive]
        return any(
            taken < deleted and any(self._receipt_came_after(copy, made, taken) for copy in copies)
            for taken, _ in self.ledger.restored
            for deleted in deletes
        )

    def _receipt_came_after(self, copy: Copy, made: Made, taken: int) -> bool:
        """No session before the backup has surely met both."""
        return not any(
            look.calm
            and look.person == copy.person
            and look.first > max(copy.first, made.number)
            and look.last < taken
            for look in self.ledger.looks
        )

    def _came_late(self, made: Made, records: list[Made]) -> bool:
        """An unanswered request was sent again and made a record; people deleted that one, and only then did the
        vendor carry out what was sent first. Nobody can call it back.
        """
        before = [one for one in records if one.number < made.number]
        deleted = bool(before) and not any(one.alive.at(made.number) for one in before)
        return deleted and any(made.record_id.encode() in answer for answer in self.house.app.unheard)

    def _looked_past(self, records: list[Made]) -> int:
        """Tasks that may have been missed, each after an answer that was lost: among others by Name and owner a
        doubtful one is looked for (docs/decisions/0013). The Tasks of a Contact that people merge into another get
        that one for their Name.
        """
        tasks = [made for made in records if made.record_id.startswith("00T")]
        rows = [(made.who, self.house.org.core.row(made.record_id) or {}) for made in tasks]
        names = {(who, row.get("OwnerId")) for first, row in rows for who in (first, row.get("WhoId") or first)}
        return max(min(len(names), len(tasks)) - 1, 0)

    def _was_known(self, made: Made, deleted: int, copies: list[Copy]) -> bool:
        """Whether the record was known before people deleted it: a session in calm times has met it, or its
        receipt was set, and no transaction was lost since.

        Without keys only the mailbox that wrote it looks for it (docs/decisions/0013), and that may be paused.
        """
        if deleted in made.told and not any(one > made.number for one in self.ledger.forgotten):
            return True
        writers = {copy.person for copy in copies if self.meaning.ever(copy, made.number, made.known_from)}
        seekers = self.house.ids.keys() if self.house.make.keyed else writers
        return any(
            look.calm
            and look.first > made.number
            and look.last < deleted
            and self.ledger.remembered(look)
            and look.person in seekers
            for look in self.ledger.looks
        )

    def _crossed(self, records: list[Made]) -> bool:
        """Two workers wrote at the same time, and the org has no key by which one could know of the other."""
        numbers = [made.number for made in records]
        crossed = any(first <= min(numbers) and max(numbers) <= last for first, last in self.ledger.crossings)
        return crossed and not self.house.make.keyed and len(records) > 1

    def _may_ask_again(self, copies: list[Copy], deleted: int) -> bool:
        """Whether a mark may be understood as the wish to have it once more."""
        return any(
            start > deleted
            or not self.meaning.looked(copy, start, deleted)
            or self.ledger.refused(copy.letter, start, deleted) != ""
            for copy in copies
            for start in self.meaning.wish_starts(copy)
        )

    def _must_be_again(self, copies: list[Copy], records: list[Made]) -> bool:
        """The one record was deleted, stayed so, and somebody surely marked a copy of the mail after that."""
        made = records[0]
        if len(made.alive.values) != 2 or made.alive.last():
            return False
        deleted = made.alive.numbers[-1]
        for copy in copies:
            if copy.letter.kind or self.ledger.refused(copy.letter, made.number, self.ledger.number):
                continue
            for start in self.meaning.wish_starts(copy):
                if start <= self.meaning.first_look(copy.person):
                    continue  # what carries a mark at the first listing is no wish
                if not self.meaning.looked(copy, made.number, start):
                    continue  # it may be the mark that a dead session has answered already
                off = any(self.meaning.looked(copy, one, start) for one in copy.removed if one < start)
                anew = off and (self.meaning.wished_since(copy, start) or 0) > deleted
                dropped = copy.place.at(start) == DROP
                if start > deleted and (anew or dropped) and self._stood(copy, start):
                    return True
        return False

    def _stood(self, copy: Copy, start: int) -> bool:
        """Whether a calm session saw the mark."""
        return any(
            look.person == copy.person
            and look.calm
            and look.first > start
            and not any(start < one <= look.last for one in (*copy.removed, *copy.moved))
            for look in self.ledger.looks
        )

    def _strangers(self) -> Iterator[str]:
        for subject, records in self.by_subject.items():
            if subject not in self.ledger.letters:
                yield f"records nobody asked for: {len(records)} named {subject!r}"

    # -- the record says the right thing

    def _links(self, letter: Letter, made: Made) -> Iterator[str]:
        """By the directory as it was known while the record was written."""
        tried = []
        for copy in self.ledger.copies_of(letter):
            if copy.first > made.number:
                continue
            wanted = self.relations.persons(letter, copy, made.known_from, made.number)
            related = self.relations.related(letter, copy, made.known_from, made.number)
            wrong = [*wrong_links(made, wanted), *wrong_relation(made, related)]
            if not wrong:
                return
            tried.append(wrong)
        for problem in min(tried, key=len, default=["it is linked, and nobody had it"]):
            yield f"{letter.subject}: {problem} ({made.record_id}, made at {made.number})"

    # -- receipts

    def _copy(self, copy: Copy, records: list[Made]) -> Iterator[str]:
        box = self.house.box(copy.person)
        message = box.messages.get(copy.number)
        if (message is None) is not (copy.put == GONE):
            yield f"{_name(copy)}: is {'gone' if message is None else 'there again'}"
        if message is None or copy.draft_until == NEVER:
            return
        if (others := without_warnings(message.categories) - {CATEGORY}) != copy.others:
            yield f"{_name(copy)}: has the categories {set(others)}, people left {set(copy.others)}"
        place = box.folders[message.folder].well_known or box.folders[message.folder].name
        yield from self._place(copy, place, records)
        yield from self._category(copy, message, place, records)
        if place in self.ledger.watched:
            yield from self._why(copy, records)

    def _place(self, copy: Copy, place: str, records: list[Made]) -> Iterator[str]:
        if place == copy.put or {place, copy.put} <= {"deleteditems", "recoverableitemsdeletions"}:
            if place == DROP and self._done(copy, records):
                yield f"{_name(copy)}: was left in the drop folder"
            return
        if DROP in copy.place.values and place == home(copy):
            if copy.put == DROP:
                if not records:
                    yield f"{_name(copy)}: was moved back and not saved"
                return
            if any(look.first < copy.moved[-1] <= look.last for look in self.ledger.looks) or self._stormy(copy):
                self.either["filed while our move was under way"] += 1
                return
        yield f"{_name(copy)}: lies in {place}, people put it into {copy.put}"

    def _stormy(self, copy: Copy) -> bool:
        """No session that ended well embraces the move, but one that did not may have."""
        last = copy.moved[-1]
        return not any(look.calm and look.last > last and look.first <= last for look in self.ledger.looks)

    def _category(self, copy: Copy, message: Message, place: str, records: list[Made]) -> Iterator[str]:
        marked = CATEGORY in message.categories
        done = self._done(copy, records)
        by_people = bool(copy.marked.last())
        if not marked and by_people:
            yield f"{_name(copy)}: people's mark is gone"
        elif not marked and done and place in self.ledger.watched:
            if copy.removed:
                self.either["no receipt, somebody took one off"] += 1
            else:
                yield f"{_name(copy)}: is saved and has no receipt"
        elif marked and not by_people:
            # A copy whose sender nobody knows is pointed to the record that a colleague's wish has made.
            wanted = frozenset((SAVE, "MAIL-UNKNOWN", "MAIL-NO-ACCOUNT", "MAIL-FREE-UNKNOWN"))
            if self.meaning.spam_comes_late(copy.letter):
                wanted |= {"MAIL-SPAM"}  # only what is to be saved is looked at so closely
            ever = records and self.meaning.ever(copy, self.ledger.number, 0, wanted)
            if not ever:
                yield f"{_name(copy)}: has a receipt and was not to be saved"
            elif copy.removed and self._was_receipt(copy, records):
                yield f"{_name(copy)}: its receipt was taken off by a person and came back"

    def _was_receipt(self, copy: Copy, records: list[Made]) -> bool:
        """The category that people took off last was there for long enough to be known as ours, and nothing
        has asked for the mail since."""
        off = copy.removed[-1]
        if any(taken < off < back for taken, back in self.ledger.restored):
            self.either["what was taken off was forgotten with the store"] += 1
            return False
        if any(start > off for start in self.meaning.wish_starts(copy)) or len(records) != 1:
            return False
        settled = [
            look
            for look in self.ledger.looks
            if look.calm
            and look.last < off
            and look.first > records[0].number
            and self.meaning.sure_of(copy, look)
        ]
        return len(settled) > 1 and records[0].alive.values == [True]

    def _done(self, copy: Copy, records: list[Made]) -> bool:
        """Whether the last session must have left this copy with its receipt."""
        if not records or not any(made.alive.last() for made in records):
            return False
        if len(records) > 1 or records[0].alive.values != [True]:
            self.either["its record was deleted for a while, or made anew"] += 1
            return False
        last = [look for look in self.ledger.looks if look.person == copy.person][-1:]
        return bool(last) and self.meaning.sure_of(copy, last[0])

    def _drop_folders(self) -> Iterator[str]:
        for person in self.house.ids:
            box = self.house.box(person)
            folders = [one for one in box.folders.values() if one.name == DROP]
            if len(folders) != 1:
                yield f"{person} has {len(folders)} folders {DROP}"
            if sum(one.name == CATEGORY for one in box.categories) != 1:
                yield f"{person} has not got the category {CATEGORY} once"

    # -- why

    def _why(self, copy: Copy, records: list[Made]) -> Iterator[str]:
        ports, mailbox_id = self.house.ports, self.house.ids[copy.person]
        said = why.why(ports.journal, ports.states, mailbox_id, [copy.item_id])[copy.item_id]
        now = self.ledger.number
        answers = self.meaning.answers(copy, now, now)
        hidden = self.meaning.kept_back(copy, now)
        gone = "MAIL-DRAFT" if copy.draft_until else "MAIL-ELSEWHERE"
        # The last word of a session that died stands, too: what it had seen is met no more.
        if hidden and (said.code == gone or self.meaning.ever(copy, now, 0, frozenset({said.code}))):
            self.either["an arrival that the vendor kept to itself"] += 1
            return
        if said.outcome is None:
            if hidden:
                return
            if "MAIL-OLD" not in answers and not self._first_listed(copy):
                yield f"{_name(copy)}: why says nothing ({said.code}), the answer is {answers}"
            return
        if answers == {SAVE} and self._done(copy, records) and said.outcome is not Outcome.SAVED:
            yield f"{_name(copy)}: is saved, and why says {said.code}"
        if said.outcome is Outcome.SAVED and self._came_after(copy, records):
            yield f"{_name(copy)}: came when its record was deleted, and why says {said.code}"
        if said.outcome is Outcome.SAVED and not records:
            yield f"{_name(copy)}: is not saved, and why says {said.code}"
        if said.outcome is Outcome.WAITING and self._is_in_salesforce(copy, records):
            yield f"{_name(copy)}: is in Salesforce, and why says {said.code}"
        if not records and SAVE not in answers and said.code not in answers | self._met_in_its_text(copy):
            if self._said_on_the_way_back(copy, said.code):
                self.either["a back-fill that died said so, and goes no further"] += 1
                return
            if said.outcome is Outcome.ISSUE and refusals.is_a_colleagues(self.ledger, self.meaning, copy):
                self.either["the issue is a colleague's"] += 1
                return
            yield f"{_name(copy)}: why says {said.code}, the answer is {answers}"

    def _is_in_salesforce(self, copy: Copy, records: list[Made]) -> bool:
        """As the store can know: what was made since a backup that was put back is found again by its key, and
        nobody looks for that before the mail is to be saved once more.
        """
        there = [made for made in records if made.alive.last()]
        if there and all(self._was_made_in_vain(copy.letter, made) for made in there):
            self.either["its record was forgotten with the store"] += 1
            return False
        if there and all(self._is_unheard_of(copy.letter, made) for made in there):
            self.either["its saver died, and nobody asked for it since"] += 1
            return False
        return bool(there)

    def _is_unheard_of(self, letter: Letter, made: Made) -> bool:
        """Who had asked for it filed it away before a session heard that it was made, and none since was to save
        it: nobody looks for it then.
        """
        copies = self.ledger.copies_of(letter)
        savers = [copy for copy in copies if self.meaning.ever(copy, made.number, made.known_from)]
        left = [copy for copy in savers if copy.place.last() not in self.ledger.watched]
        filed = any(moved > made.number for copy in left for moved in copy.moved)
        return filed and not any(self._hears_of(copy, made) for copy in savers)

    def _hears_of(self, copy: Copy, made: Made) -> bool:
        since = [look for look in self.ledger.looks if look.person == copy.person and look.last >= made.number]
        return any(look.began < made.number or self._asks_for(copy, look) for look in since)

    def _asks_for(self, copy: Copy, look: Look) -> bool:
        moments = (look.first, *self.ledger.changes_between(look.first, look.last))
        return any(SAVE in self.meaning.answers(copy, one, one) for one in moments)

    def _was_made_in_vain(self, letter: Letter, made: Made) -> bool:
        """It was forgotten with the store, and no session since has surely saved the mail."""
        back = max((back for taken, back in self.ledger.restored if taken < made.number < back), default=None)
        if back is None:
            return False
        since = [look for look in self.ledger.looks if look.first > back]
        copies = list(self.ledger.copies_of(letter))
        return not any(self.meaning.sure_of(copy, look) for copy in copies for look in since)

    def _met_in_its_text(self, copy: Copy) -> set[str]:
        """Spam is met in a text that was fetched to be saved, and stays so when nobody on it is known any more."""
        late, settings = self.meaning.spam_comes_late(copy.letter), self.ledger.settings[copy.person].last()
        spam = {"MAIL-SPAM"}
        met = late and settings.skip_spam and self.meaning.ever(copy, self.ledger.number, 0, frozenset(spam))
        return spam if met else set()

    def _said_on_the_way_back(self, copy: Copy, code: str) -> bool:
        """By a back-fill, which goes no further while nothing is saved automatically."""
        asked, settings = copy.person in self.ledger.past, self.ledger.settings[copy.person].last()
        halted = copy.letter.old and asked and not settings.mail_auto_save
        return halted and self.meaning.ever(copy, self.ledger.number, 0, frozenset({code}))

    def _came_after(self, copy: Copy, records: list[Made]) -> bool:
        """Its records were deleted, as everybody knew when it came, and nobody has asked for it since."""
        if not records or any(made.alive.values != [True, False] for made in records):
            return False
        deleted = max(made.alive.numbers[-1] for made in records)
        if copy.twin or any(self.meaning.wish_starts(copy)) or self.ledger.forgotten:
            return False
        if self.house.world.switches.on(SHARING_FLICKERS):
            return False  # it was read, and the row did not show
        known = any(deleted < first and last < copy.first for first, last in self.ledger.turns)
        return known and min(made.number for made in records) < copy.first

    def _first_listed(self, copy: Copy) -> bool:
        """It came into a folder we look at after the last session's tick had begun."""
        last = [look for look in self.ledger.looks if look.person == copy.person][-1:]
        return not last or copy.first > last[0].first

    # -- no mail to outsiders, nothing deleted

    def _silence(self) -> Iterator[str]:
        caused = len(self.house.world.outbox.mails) - self.ledger.sent
        if caused:
            yield f"mails sent because of a sync: {caused}"
        for entry in self.house.world.requests.entries:
            if entry.number in self.own:
                continue
            deletes = entry.method == "DELETE" or any(part.startswith("DELETE") for part in entry.parts)
            if deletes and not self._is_taken_back(entry):
                yield f"a delete was asked for: {entry.route} {entry.path} {entry.parts}"

    def _is_taken_back(self, entry: Entry) -> bool:
        """Only a record of our own that could not be completed, seconds after it was made."""
        if entry.face != "salesforce":
            return False
        found = [one for one in self.ledger.made if one in f"{entry.path}?{entry.query}"]
        for record_id in found:
            row = self.house.org.core.row(record_id)
            if row is None or entry.at - row["CreatedDate"] > TAKEN_BACK:
                return False
            if entry.status < 300:
                self.taken_back.add(record_id)
                self.either["half a record was taken back"] += 1
        return bool(found)


def _name(copy: Copy) -> str:
    return f"{copy.person}'s copy of {copy.letter.subject}"
