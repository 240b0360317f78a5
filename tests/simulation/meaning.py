"""What must become of each mail, by a small model of its own: written from docs/rules.md, not from the rules.

The model knows what people did and when, and answers *save*, or the code of the reason against it, or both where
even somebody who knows everything could not say (`Wish.PERHAPS`); how often it could not is counted.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from enum import Enum

from crosstie.domain.settings import AutoTrackMode, Resolving, Settings
from tests.simulation.circle import against, goes_wrong_way, group, may_become_somebody, takes_strangers
from tests.simulation.ledger import (
    BIN,
    DROP,
    GONE,
    NEVER,
    SENT,
    Copy,
    Ledger,
    Letter,
    Look,
    Person,
)

SAVE = "save"
OUTSIDERS = ("Contact", "Lead")
MOST_MADE = 10
ALL_LEFT_OUT = frozenset(("MAIL-INTERNAL", "MAIL-BLOCKED", "MAIL-FREE", "MAIL-LEFT-OUT"))


class Wish(Enum):
    NONE = 0
    PERHAPS = 1
    SURE = 2


@dataclass(slots=True)
class Meaning:
    ledger: Ledger
    arrivals_hidden: bool = False
    """The vendor may never tell that a mail came back into Inbox or Sent Items."""
    spam_is_told: bool = True
    """A spam filter's level is told with the envelope; else it is met when the text is there."""
    rows_flicker: bool = False
    """The vendor keeps rows back for a while, and what is read seldom may be missed each time."""
    either: Counter[str] = field(default_factory=Counter)
    """Why it could not be said, and how often that was used."""
    _first_looks: dict[str, int] = field(default_factory=dict)
    _groups: dict[tuple[int, int, int], dict[str, str]] = field(default_factory=dict)
    _answers: dict[tuple[int, int, int], set[str]] = field(default_factory=dict)
    """What was worked out, by the copy, the settings (both live as long as the ledger) and the moment."""
    _people: dict[tuple[str, int], list[Person]] = field(default_factory=dict)

    # -- a mail is to be saved or not

    def answers(self, copy: Copy, number: int, known_from: int) -> set[str]:
        """Everything that may be answered about this copy at that moment: SAVE or codes of reasons.

        Whoever answers may know the directory and the settings as of any moment since `known_from`.
        """
        if copy.letter.kind:
            return {copy.letter.kind}
        if number < copy.draft_until:
            return {"MAIL-DRAFT"}
        wish = self.wish(copy, number)
        if wish is Wish.SURE:
            return {SAVE}
        ledger = self.ledger
        moments = [known_from, *ledger.changes_between(known_from, number), number]
        found = {SAVE} if wish is Wish.PERHAPS else set()
        for settings in dict.fromkeys(ledger.settings[copy.person].during(known_from, number)):
            found |= self._automatic(copy, number, settings, moments)
        return found

    def _automatic(self, copy: Copy, number: int, settings: Settings, moments: Sequence[int]) -> set[str]:
        if copy.place.at(number) not in self.ledger.watched:
            return {"MAIL-ELSEWHERE"}
        old = self._is_old(copy, number)
        found = {"MAIL-OLD", "MAIL-OLD-MARK"} if True in old else set[str]()
        return found | (self._by_rules(copy, number, settings, moments) if False in old else set())

    def _is_old(self, copy: Copy, number: int) -> set[bool]:
        """Whether it may be, and may not be, too old for the rules by then: what an administrator asked for is
        gone through in two calm sessions, unless nothing is saved automatically.
        """
        asked, ledger = self.ledger.past.get(copy.person, NEVER), self.ledger
        if not copy.letter.old or number < asked:
            return {copy.letter.old}
        calm = [one for one in ledger.looks if one.person == copy.person and one.calm and one.first > asked]
        settings = ledger.settings[copy.person]
        went = [
            look
            for look in calm
            if look.last <= number and all(one.mail_auto_save for one in settings.during(look.first, look.last))
        ]
        is_lost = max(ledger.forgotten, default=-1) > asked
        return {False} if len(went) > 1 and not is_lost else {False, True}

    def _by_rules(self, copy: Copy, number: int, settings: Settings, moments: Sequence[int]) -> set[str]:
        letter = copy.letter
        if not settings.mail_auto_save:
            return {"MAIL-AUTO-OFF"}
        if goes_wrong_way(copy, number, settings):
            return {"MAIL-DIRECTION"}
        if settings.skip_spam and letter.spam and not self.spam_comes_late(letter):
            return {"MAIL-SPAM"}
        found = {code for moment in moments for code in self._of_people(copy, number, settings, moment)}
        if settings.skip_spam and letter.spam and SAVE in found:
            return found - {SAVE} | {"MAIL-SPAM"}
        return found

    def spam_comes_late(self, letter: Letter) -> bool:
        """Whether it is only seen to be spam once it is to be saved and its text is fetched."""
        return letter.spam == "header" or (letter.spam == "level" and not self.spam_is_told)

    def groups(self, copy: Copy, settings: Settings, moment: int) -> dict[str, str]:
        """Everybody on the mail, as this copy shows it → whose the address is."""
        key = (id(copy), id(settings), moment)
        if key not in self._groups:
            self._groups[key] = {
                address: group(address, copy.person, settings, known=self._somebody([address], moment))
                for address in copy.letter.addresses(bcc=copy.sees_bcc)
            }
        return self._groups[key]

    def _of_people(self, copy: Copy, number: int, settings: Settings, moment: int) -> set[str]:
        key = (id(copy), id(settings), moment)
        if key not in self._answers:
            self._answers[key] = self._of_groups(copy, self.groups(copy, settings, moment), settings, moment)
        found = self._answers[key]
        if found <= ALL_LEFT_OUT and not settings.free_mail_known:
            free = [address for address, of in self.groups(copy, settings, moment).items() if of == "free"]
            if any(self.ledger.was_outsider(address, number) for address in free):
                return found | {"MAIL-FREE-KNOWN"}
        return found

    def _of_groups(self, copy: Copy, groups: dict[str, str], settings: Settings, moment: int) -> set[str]:
        if code := against(groups.values(), settings):
            return {code}
        if takes_strangers(groups, settings):
            return {SAVE}
        if strangers := self.strangers(copy, settings, moment):
            # Whose record was made and deleted is not made again.
            was_made = any(one.address in strangers for one in self.ledger.newcomers.values())
            return {SAVE, "MAIL-PERSON-DELETED"} if was_made else {SAVE}
        return {self._of_known(groups, settings, moment)}

    def strangers(self, copy: Copy, settings: Settings, moment: int) -> list[str]:
        """Of whom on the mail a record is made when it is saved."""
        makes = settings.resolving is not Resolving.OFF
        if not makes or ("Lead" if settings.resolving is Resolving.LEAD else "Contact") in settings.never_linked:
            return []
        groups = self.groups(copy, settings, moment)
        outsiders = [address for address, of in groups.items() if of in ("outside", "free")]
        if self._somebody(outsiders, moment) and settings.mail_auto_track_mode is not AutoTrackMode.FLEXIBLE:
            return []
        found = [address for address, of in groups.items() if of == "outside" and may_become_somebody(address)]
        if settings.mail_auto_track_mode is AutoTrackMode.SMART:
            found = [address for address in found if address.rpartition("@")[2] in self.ledger.domains]
        return [address for address in found if not self.people_at(address, moment)][:MOST_MADE]

    def _of_known(self, groups: dict[str, str], settings: Settings, moment: int) -> str:
        """Somebody must be known, and be a Lead or have an Account."""
        linkable = [address for address, of in groups.items() if of in ("outside", "free")]
        chosen = [self.linked(address, groups[address], moment) for address in linkable]
        outsiders = [one for one in chosen if one and one.object in OUTSIDERS]
        if not outsiders:
            smart = settings.mail_auto_track_mode is AutoTrackMode.SMART
            return SAVE if smart and self.domain_account(groups) else "MAIL-UNKNOWN"
        settled = any(one.object == "Lead" or one.account for one in outsiders)
        made_known = settings.resolving is not Resolving.OFF
        alone = settings.link_person_alone or not settings.link_opportunities or made_known
        return SAVE if settled or alone else "MAIL-NO-ACCOUNT"

    def domain_account(self, groups: dict[str, str]) -> str:
        """Of the first outside whose domain an Account has."""
        domains = [address.rpartition("@")[2] for address, of in groups.items() if of == "outside"]
        return next((self.ledger.domains[one] for one in domains if one in self.ledger.domains), "")

    def people_at(self, address: str, moment: int) -> list[Person]:
        """The ledger is closed: it is asked once."""
        if (address, moment) not in self._people:
            self._people[address, moment] = self.ledger.people_at(address, moment)
        return self._people[address, moment]

    def _somebody(self, addresses: Sequence[str], moment: int) -> bool:
        return any(one.object in OUTSIDERS for address in addresses for one in self.people_at(address, moment))

    # -- marks

    def wish(self, copy: Copy, number: int) -> Wish:
        """Whether a person's mark asks for it at that moment."""
        start = self.wished_since(copy, number)
        if start is None:
            return Wish.NONE
        if copy.place.at(number) == DROP:
            dropped = max(one for one in copy.place.numbers if one <= number)
            return Wish.SURE if dropped > self.first_look(copy.person) else Wish.PERHAPS
        if start <= copy.first and start == 0:
            # It was there before Crosstie was; what lay elsewhere at the first listing was not in it, and what was
            # moved while one folder was listed after the other may have been in none.
            listed = set(copy.place.during(0, self.first_look(copy.person)))
            return Wish.NONE if len(listed) == 1 and listed <= {*self.ledger.watched} else Wish.PERHAPS
        if start <= self.first_look(copy.person):
            return Wish.PERHAPS
        if copy.twin and start <= copy.first:
            return Wish.PERHAPS
        if self._may_be_inherited(copy, start):
            return Wish.PERHAPS
        off = max((one for one in copy.removed if one < start), default=None)
        if off is None or self.looked(copy, off, start):
            return Wish.SURE
        return Wish.PERHAPS

    def wishes(self, copy: Copy, first: int, last: int) -> set[Wish]:
        """As whom may ask for it, who looked between those moments. A receipt that was forgotten, with the store
        or with a transaction, passes for a wish.
        """
        if any(back <= last for _, back in self.ledger.restored) or self._receipt_is_lost(copy, last):
            return {Wish.PERHAPS}
        moments = (first, *self.ledger.changes_between(first, last))
        return {self.wish(copy, max(moment, copy.first)) for moment in moments}

    def _receipt_is_lost(self, copy: Copy, last: int) -> bool:
        """What was stored when it was saved may have been lost since."""
        records = [one.number for one in self.ledger.made.values() if one.subject == copy.letter.subject]
        return any(number < lost <= last for number in records for lost in self.ledger.forgotten)

    @property
    def _told_of(self) -> frozenset[str]:
        """Folders in which a category is a wish."""
        return frozenset(self.ledger.watched) - {DROP}

    def _is_wished(self, copy: Copy, number: int) -> bool:
        place = copy.place.at(number)
        return place == DROP or (bool(copy.marked.at(number)) and place in self._told_of)

    def wished_since(self, copy: Copy, number: int) -> int | None:
        """When the mark that stands at this moment was set; None where there is none.

        A category that was there all the time is not set anew by moving the mail.
        """
        if not self._is_wished(copy, number):
            return None
        start = number
        for moment in reversed([one for one in copy.marked.numbers if one <= number]):
            if not copy.marked.at(moment):
                break
            start = moment
        return start

    def wish_starts(self, copy: Copy) -> Iterator[int]:
        """Every moment at which a mark was set that was not there before."""
        moments = sorted({*copy.place.numbers, *copy.marked.numbers})
        before = False
        for moment in moments:
            now = self._is_wished(copy, moment)
            dropped = copy.place.at(moment) == DROP and copy.place.at(moment - 1) != DROP
            if now and (not before or dropped):
                yield moment
            before = now

    def _may_be_inherited(self, copy: Copy, start: int) -> bool:
        """Programs give a reply the categories of what it answers: on a sent mail that nobody has looked at yet
        the category says nothing, if it is a reply or a mail of its conversation was saved.
        """
        is_one_of_several = bool(copy.letter.answers) or self.ledger.is_in_a_saved_thread(copy.letter)
        return is_one_of_several and copy.place.at(start) == SENT and not self.looked(copy, copy.first, start)

    def first_look(self, person: str) -> int:
        if person not in self._first_looks:
            lasts = [look.last for look in self.ledger.looks if look.person == person]
            self._first_looks[person] = min(lasts, default=self.ledger.number)
        return self._first_looks[person]

    def looked(self, copy: Copy, after: int, before: int) -> bool:
        """Whether a session saw the copy as it was between the two moments."""
        return any(
            look.person == copy.person
            and look.first > after
            and look.last < before
            and all(place in self.ledger.watched for place in copy.place.during(look.first, look.last))
            and not self.kept_back(copy, look.last)
            and self.ledger.remembered(look)
            for look in self.ledger.looks
        )

    # -- over time

    def sure_of(self, copy: Copy, look: Look) -> bool:
        """Whether the session must have ended with this copy saved: nothing about it moved while it worked."""
        if not look.calm or look.person != copy.person or look.first < copy.first:
            return False
        if self.kept_back(copy, look.first) or self.kept_back(copy, look.last):
            self.either["an arrival that the vendor kept to itself"] += 1
            return False
        ledger = self.ledger
        if ledger.refused(copy.letter, copy.first, look.last) != "":
            return False
        for moment in (look.first, *ledger.changes_between(look.first, look.last)):
            if self.answers(copy, moment, moment) != {SAVE}:
                return False
        return len(set(self._inputs(copy, look))) == 1

    def kept_back(self, copy: Copy, number: int) -> bool:
        """Whether the vendor may not have told that the copy arrived where it lies.

        It tells of what left a folder we watch, unless that was listed anew before it could; of what changes
        after it arrived; and of everything once the folder where it lies is listed anew.
        """
        moves = [one for one in copy.moved if one <= number]
        place = copy.place.at(number)
        if not self.arrivals_hidden or not moves or place not in self._told_of:
            return False
        arrived, before = moves[-1], copy.place.at(moves[-1] - 1)
        if copy.place.at(arrived) == DROP or any(arrived < one <= number for one in copy.touched):
            return False
        if self._shown_anew(copy.person, place, arrived, number):
            return False
        swallowed = any(arrived < one <= number for one in self._relisted(copy.person, before))
        return before not in self.ledger.watched or swallowed

    def _shown_anew(self, person: str, place: str, after: int, number: int) -> bool:
        """Whether a session that ended well before that moment has listed the whole folder."""
        looks = [
            one for one in self.ledger.looks if one.person == person and after < one.began and one.last < number
        ]
        relisted = self._relisted(person, place)
        return any(look.began < one < look.last for look in looks for one in relisted)

    def _relisted(self, person: str, place: str | None) -> Sequence[int]:
        return self.ledger.relisted.get((person, place or ""), ())

    def _inputs(self, copy: Copy, look: Look) -> Iterator[tuple[object, ...]]:
        for moment in (look.first, *self.ledger.changes_between(look.first, look.last)):
            people = [tuple(self.people_at(address, moment)) for address in copy.letter.addresses(bcc=True)]
            yield (copy.place.at(moment), copy.marked.at(moment), *people)

    def ever(self, copy: Copy, until: int, known_from: int, wanted: frozenset[str] = frozenset((SAVE,))) -> bool:
        """Whether there was any moment at which somebody could have answered so about this copy."""
        moments = [copy.first, *(one for one in self.ledger.changes_between(copy.first, until))]
        return any(
            wanted & self.answers(copy, moment, min(self._known_before(moment), moment)) for moment in moments
        ) or bool(wanted & self.answers(copy, until, known_from))

    def _known_before(self, moment: int) -> int:
        """What a session at that moment may have known at the oldest: as of the last look but two."""
        firsts = [look.first for look in self.ledger.looks if look.last < moment]
        return firsts[-6] if len(firsts) > 5 else 0

    def linked(self, address: str, of: str, moment: int) -> Person | None:
        """The record of somebody who is in that group."""
        known = self.people_at(address, moment)
        if of == "blocked":
            return None
        users = [one for one in known if one.object == "User"]
        if of != "internal":
            for kind in OUTSIDERS:
                if fitting := [one for one in known if one.object == kind]:
                    return _best(fitting)
        return users[0] if len(users) == 1 else None


def _best(people: Sequence[Person]) -> Person:
    """With an Account before one without, the newer before the older, the lower id before the higher."""
    ranked = sorted(people, key=lambda one: one.record_id)
    return max(ranked, key=lambda one: (bool(one.account), one.created.timestamp() if one.created else 0.0))


def is_away(place: str) -> bool:
    return place in (BIN, GONE)
