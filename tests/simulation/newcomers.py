"""Records that Crosstie made of strangers: each once, of somebody on a mail to be saved, while that was wanted."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from tests.simulation.house import House
from tests.simulation.ledger import Copy, Ledger, Letter, Made, Newcomer, Person
from tests.simulation.meaning import Meaning
from tests.simulation.texts import card

OBJECTS = ("Contact", "Lead")
NAMES = ("FirstName", "LastName")
CARD = (*NAMES, "Title", "Company", "Phone", "MobilePhone", "Fax", "OtherPhone")
LACKS = {"Contact": "Company", "Lead": "OtherPhone"}
"""What a record has no room for, or has elsewhere."""


@dataclass(slots=True)
class Newcomers:
    """Writes them into the ledger when they appear: whoever is in the org and was put there by nobody."""

    house: House
    ledger: Ledger
    _rows: int = 0

    def notice(self, written_from: Callable[[datetime], int]) -> None:
        tables = [self.house.org.core.store.table(name).rows for name in OBJECTS]
        if sum(map(len, tables)) == self._rows:
            return
        self._rows = sum(map(len, tables))
        for name, rows in zip(OBJECTS, tables, strict=True):
            for record_id, row in rows.items():
                if record_id not in self.ledger.directory:
                    address, account = str(row.get("Email") or ""), str(row.get("AccountId") or "")
                    number = self.ledger.change()
                    self.ledger.know(
                        Person(name, record_id, address, account, row["CreatedDate"]), record_id, number
                    )
                    fields = {one: str(row[one]) for one in CARD if row.get(one)}
                    made = Newcomer(address, name, number, written_from(row["CreatedDate"]), fields)
                    self.ledger.newcomers[record_id] = made


def problems(house: House, ledger: Ledger, meaning: Meaning) -> Iterator[str]:
    made = Counter(one.address for one in ledger.newcomers.values())
    for address, times in made.items():
        late = sum(
            _came_late(house, record_id) for record_id, one in ledger.newcomers.items() if one.address == address
        )
        if times > 1 + late:
            yield f"{address}: {times} records were made of one stranger"
        elif times > 1:
            meaning.either["a stranger's record, made by the vendor when it had been deleted"] += 1
    for record_id, one in ledger.newcomers.items():
        if not _was_wanted(one, ledger, meaning):
            yield f"{one.address}: a {one.object} was made, and nobody wanted it ({record_id}, at {one.number})"
        nameless = {name: value for name, value in one.fields.items() if name not in NAMES}
        if one.fields not in (fitting := list(_cards(one, house, ledger))) and nameless not in fitting:
            yield f"{one.address}: the {one.object} says {dict(one.fields)} of itself, and not one of {fitting}"


def _cards(one: Newcomer, house: House, ledger: Ledger) -> Iterator[Mapping[str, str]]:
    """What may stand on the record: what its letters say below, or, where one says nothing, next to nothing, and
    any name.
    """
    told = {name: value for name, value in card(house.make.seed, one.address).items() if name in CARD}
    domain = one.address.partition("@")[2]
    needs = {"Company": domain} if one.object == "Lead" else {}
    yield needs | {name: value for name, value in told.items() if name != LACKS[one.object]}
    if any(letter.sender != one.address or not letter.words.signature for letter in _about(one, ledger)):
        yield needs


def _about(one: Newcomer, ledger: Ledger) -> Iterator[Letter]:
    """Letters with their address that were there, and not known to be in Salesforce, when the record was made."""
    there = {
        made.subject
        for made in ledger.made.values()
        if made.number < one.number and made.alive.at(one.number) and _was_known(made, one, ledger)
    }
    for copy in ledger.copies.values():
        letter = copy.letter
        is_saved = letter.kind or letter.subject in there
        if copy.first <= one.number and not is_saved and one.address in letter.addresses(bcc=True):
            yield letter


def _was_known(made: Made, one: Newcomer, ledger: Ledger) -> bool:
    """A session that ended well, and is not forgotten, has saved it or met it."""
    return any(
        look.calm and made.number < look.last < one.number and ledger.remembered(look) for look in ledger.looks
    )


def _came_late(house: House, record_id: str) -> bool:
    return any(record_id.encode() in answer for answer in house.app.unheard)


def _was_wanted(one: Newcomer, ledger: Ledger, meaning: Meaning) -> bool:
    """Some mail with that address was to be saved, and the settings of then make such a record of strangers."""
    for copy in ledger.copies.values():
        if copy.first > one.number or one.address not in copy.letter.addresses(bcc=copy.sees_bcc):
            continue
        if _was_stranger(one, copy, ledger, meaning) and meaning.ever(copy, one.number, one.known_from):
            return True  # what was begun while it was wanted may be finished later
    return False


def _was_stranger(one: Newcomer, copy: Copy, ledger: Ledger, meaning: Meaning) -> bool:
    last = one.number - 1
    moments = (one.known_from, *ledger.changes_between(one.known_from, last), last)
    return any(
        settings.resolving.value in ("smart", one.object.lower())
        and any(one.address in meaning.strangers(copy, settings, moment) for moment in moments)
        for settings in dict.fromkeys(ledger.settings[copy.person].during(one.known_from, last))
    )
