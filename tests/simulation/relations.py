"""Whom and what a record is linked to, by the model of meaning.py: as the org was known while it was written."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from crosstie.domain.settings import Settings
from tests.simulation.ledger import NEVER, Copy, Deal, Ledger, Letter, Made, Person
from tests.simulation.meaning import OUTSIDERS, Meaning, Wish

KINDS = {"001": "Account", "006": "Opportunity"}
"""By the first three characters of an id."""
DUE = ("2025-11-26", "2027-05-10")
"""Between these days an Opportunity is due; no history has one within a week of them."""


@dataclass(slots=True)
class Relations:
    meaning: Meaning

    @property
    def ledger(self) -> Ledger:
        return self.meaning.ledger

    # -- whom a record is linked to

    def persons(self, letter: Letter, copy: Copy, first: int, last: int) -> dict[str, set[Person | None]]:
        """Address → whom a record written between those moments may link for it."""
        found: dict[str, set[Person | None]] = {}
        moments = [first, *self.ledger.changes_between(first, last)]
        for settings in dict.fromkeys(self.ledger.settings[copy.person].during(first, last)):
            for address, people in self._persons_by(settings, copy, moments).items():
                found.setdefault(address, set()).update(people)
        return found

    def _persons_by(self, settings: Settings, copy: Copy, moments: Sequence[int]) -> dict[str, set[Person | None]]:
        found: dict[str, set[Person | None]] = {}
        for moment in moments:
            for address in self.meaning.groups(copy, settings, moment):
                found.setdefault(address, set()).add(self._shown(address, copy, settings, moment))
        for address, traced in self._traced(copy, settings, moments).items():
            found[address].update(traced)
            if self._must_be_made(address, copy, settings, moments):
                found[address].discard(None)
        return found

    def _shown(self, address: str, copy: Copy, settings: Settings, moment: int) -> Person | None:
        """Whom the record is linked to for it, if such people are linked at all."""
        person = self.meaning.linked(address, self.meaning.groups(copy, settings, moment)[address], moment)
        return None if person and person.object in settings.never_linked else person

    def _traced(self, copy: Copy, settings: Settings, moments: Sequence[int]) -> dict[str, list[Person]]:
        """Stranger on the mail → as whom they may be found in the org: whoever was made for the address, whatever
        became of it, and the heirs of whoever has gone.
        """
        found = {}
        for address in {one for moment in moments for one in self.meaning.strangers(copy, settings, moment)}:
            made = [record_id for record_id, one in self.ledger.newcomers.items() if one.address == address]
            people = [one for record_id in made for one in self.ledger.directory[record_id].values if one]
            gone = (*made, *self.ledger.holders.get(address, ()))
            heirs = list(self._heirs(gone))
            found[address] = people + heirs + self._lately(heirs, moments)
        return found

    def _heirs(self, gone: Iterable[str]) -> Iterator[Person]:
        """Into whom they went, and into whom these went."""
        left, met = list(gone), set[str]()
        while left:
            for heir in self.ledger.heirs.get(left.pop(0), ()):
                if heir.record_id not in met:
                    met.add(heir.record_id)
                    left.append(heir.record_id)
                    yield heir

    def _lately(self, people: Sequence[Person], moments: Sequence[int]) -> list[Person]:
        """The same people, as their records were between those moments."""
        lines = (self.ledger.directory.get(one.record_id) for one in people)
        return [one for line in lines if line for one in line.during(moments[0], moments[-1]) if one]

    def _must_be_made(self, address: str, copy: Copy, settings: Settings, moments: Sequence[int]) -> bool:
        """A stranger who is wanted all along, until a record was made of them that nothing has befallen since."""
        made = [record_id for record_id, one in self.ledger.newcomers.items() if one.address == address]
        if not any(len(self.ledger.directory[one].values) == 1 for one in made):
            return False
        return all(
            address in self.meaning.strangers(copy, settings, moment)
            or self._shown(address, copy, settings, moment)
            for moment in moments
        )

    # -- what a record is related to

    def related(self, letter: Letter, copy: Copy, first: int, last: int) -> set[str]:
        """Ids of all that a record of this copy, written between those moments, may be related to, or "".

        Whether it was marked is seen in the mailbox, whose Account it is was read before: at another moment.
        """
        known = self.ledger.open_deals(self.ledger.surely_read(first), last)
        moments = (first, *self.ledger.changes_between(first, last))
        wishes = self.meaning.wishes(copy, first, last)
        user = self.ledger.users[copy.person]
        found = {""} if first == 0 else set()
        for settings in dict.fromkeys(self.ledger.settings[copy.person].during(first, last)):
            named, surely = self._named(letter, settings, first, last)
            found |= named
            if surely:
                continue
            sought = settings.link_opportunities and "Opportunity" not in settings.never_linked
            of_moments = [self._accounts(copy, settings, moment) for moment in moments]
            for behind, accounts in (*self._of_traced(copy, settings, moments), *of_moments):
                account = "" if "Account" in settings.never_linked else behind
                if wishes != {Wish.NONE} or not sought:
                    found.add(account)
                if wishes != {Wish.SURE} and sought:
                    found |= {_latest(deals, user, accounts) or account for deals in known}
        if self.meaning.rows_flicker:
            self.meaning.either["an Opportunity that did not show when it was read"] += 1
            found |= {one.record_id for deals in known for one in deals if one.owner == user}
        return found

    def _of_traced(self, copy: Copy, settings: Settings, moments: Sequence[int]) -> Iterator[tuple[str, set[str]]]:
        """The Account behind the letter, and all in question, by one or by all of those found in the org."""
        people = [one for some in self._traced(copy, settings, moments).values() for one in some]
        for accounts in [*({one.account} for one in people), {one.account for one in people}] if people else ():
            yield min(accounts), accounts

    def _named(self, letter: Letter, settings: Settings, first: int, last: int) -> tuple[set[str], bool]:
        """What the letter may have named when it was written, and whether that was surely there to be named."""
        found: set[str] = set()
        for named, surely in self._mentions(letter, settings, first, last) if settings.link_mentions else ():
            found |= named
            if surely:
                return found, True
        return found, False

    def _mentions(
        self, letter: Letter, settings: Settings, first: int, last: int
    ) -> Iterator[tuple[set[str], bool]]:
        """The record whose address it holds before the Case: what has gone leaves the word to the next."""
        if letter.names and KINDS[letter.names[:3]] not in settings.never_linked:
            gone = self.ledger.deleted.get(letter.names, NEVER)
            yield ({letter.names} if gone > first else set()), gone > last and not self.meaning.rows_flicker
        if letter.case and "Case" not in settings.never_linked:
            seen = self.ledger.cases[letter.case].during(first, last)
            yield set(seen) - {""}, all(seen) and not self.meaning.rows_flicker

    def _accounts(self, copy: Copy, settings: Settings, moment: int) -> tuple[str, set[str]]:
        """The Account of the first who has one, or, with nobody known, of the first whose domain it has; those of
        the Contacts who see each other on the letter.
        """
        groups = self.meaning.groups(copy, settings, moment)
        chosen = {address: self.meaning.linked(address, of, moment) for address, of in groups.items()}
        known = {address: one for address, one in chosen.items() if one and one.object in OUTSIDERS}
        if not known:
            return self.meaning.domain_account(groups), set()
        of = {address: one.account for address, one in known.items() if one.object == "Contact" and one.account}
        seen = copy.letter.addresses(bcc=False)
        return next(iter(of.values()), ""), {of[one] for one in seen if one in of}


def _latest(deals: Iterable[Deal], user: str, accounts: set[str]) -> str:
    """The user's own on these Accounts that was modified last, of those due within a year back, 180 days ahead."""
    own = [one for one in deals if one.owner == user and one.account in accounts and DUE[0] < one.closes < DUE[1]]
    ranked = sorted(own, key=lambda one: one.record_id)
    last = max(ranked, key=lambda one: (one.modified, one.created), default=None)
    return last.record_id if last else ""


def wrong_links(made: Made, wanted: dict[str, set[Person | None]]) -> Iterator[str]:
    everybody = {one.record_id for people in wanted.values() for one in people if one}
    if made.record_id.startswith("00T"):
        outsiders = {one.record_id for people in wanted.values() for one in people if one and one.object != "User"}
        must = any(all(one and one.object != "User" for one in people) for people in wanted.values())
        if (made.who and made.who not in outsiders) or (must and not made.who):
            yield f"Name is {made.who or 'empty'}, wanted one of {outsiders}"
        return
    if extra := set(made.linked) - everybody:
        yield f"is linked to {extra}, and should not be"
    for address, people in wanted.items():
        if None not in people and not {one.record_id for one in people if one} & set(made.linked):
            yield f"is not linked to {address}"
    if max(Counter(made.linked).values(), default=0) > 2:
        yield f"links somebody more than once: {made.linked}"


def wrong_relation(made: Made, wanted: set[str]) -> Iterator[str]:
    """A Task with a Lead as Name is related to nothing."""
    allowed = {""} if made.who.startswith("00Q") else wanted
    if made.what not in allowed:
        yield f"Related To is {made.what or 'empty'}, wanted one of {sorted(allowed)}"
