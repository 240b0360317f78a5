"""What people do in Salesforce and in the settings, written into the ledger."""

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from crosstie.accounts.sync import why
from crosstie.domain.errors import CrosstieError
from crosstie.domain.settings import AutoTrackMode, MailWay, Resolving
from crosstie.engine.removing import take_out
from crosstie.ports.crm import Removal
from sandbox import company
from sandbox.salesforce.errors import SalesforceError
from tests.simulation.folk import KNOWN, NOISE, STRANGERS
from tests.simulation.house import House
from tests.simulation.ledger import Deal, Ledger, Made, Person, Timeline
from tests.simulation.offices import EVERYBODY, OWN, PROFILES, Offices, Word
from tests.simulation.wire import Refusal, Wire

Deed = Callable[["Clerks"], bool]
COLLEAGUE = f"cleo@{company.DOMAIN}"
"""Of whom somebody makes a Contact or Lead, too."""
FILES: dict[str, tuple[object, ...]] = {
    "attachments_save": (True, False),
    "attachments_allowed_extensions": ((), ("pdf",), ("csv", "pdf")),
    "attachments_blocked_extensions": ((), ("bin",)),
    "attachments_max_count": (100, 1, 2),
    "attachments_min_bytes_by_extension": ((), ("pdf:4700",), ("bin:4700", "csv:4300")),
}
"""Settings of attachments; the files of histories have 4,200 to 5,500 bytes."""
HIDEABLE = (("EmailMessage", "Crosstie_AddIn_Email__c"), ("EmailMessage", "Crosstie_Is_Private__c"))


@dataclass(slots=True)
class Clerks:
    house: House
    wire: Wire
    ledger: Ledger
    dice: random.Random
    offices: Offices

    def begin(self) -> None:
        """Who is there from the start."""
        number = self.ledger.number
        accounts = dict(self.house.company.accounts.items())
        for name, domain, people in company.CUSTOMERS:
            self.ledger.domains[domain] = accounts[name]
            for local, _, _ in people:
                address = f"{local}@{domain}"
                self._note("Contact", self.house.company.contacts[address], address, accounts[name], number)
        for address, record_id in self.house.company.leads.items():
            self._note("Lead", record_id, address, "", number)
        for one in self.house.company.colleagues:
            self._note("User", one.user, one.address, "", number)
            self.ledger.users[one.address.partition("@")[0]] = one.user
        for record_id in self.house.company.deals.values():
            self._note_deal(record_id, number)

    # -- people in Salesforce

    def contact_appears(self) -> bool:
        address = self._unknown() if self.dice.random() < 0.8 else self.dice.choice(KNOWN)
        account = self.dice.choice([*self.house.company.accounts.values(), ""])
        number = self.ledger.deed(f"a Contact {address} is made")
        fields = {"LastName": address.partition("@")[0].title(), "Email": address}
        record_id = self.wire.insert("Contact", **fields, **({"AccountId": account} if account else {}))
        self._note("Contact", record_id, address, account, number)
        return True

    def lead_appears(self) -> bool:
        address = self._unknown()
        number = self.ledger.deed(f"a Lead {address} is made")
        record_id = self.wire.insert("Lead", LastName=address.partition("@")[0], Company="New", Email=address)
        self._note("Lead", record_id, address, "", number)
        return True

    def address_changes(self) -> bool:
        one = self._somebody("Contact", "Lead")
        if one is None:
            return False
        address = self._unknown()
        number = self.ledger.deed(f"{one.object} {one.address} gets the address {address}")
        self.wire.update(one.object, one.record_id, Email=address)
        self.ledger.know(replace(one, address=address), one.record_id, number)
        return True

    def person_is_deleted(self) -> bool:
        one = self._somebody("Contact", "Lead")
        if one is None:
            return False
        number = self.ledger.deed(f"{one.object} {one.address} is deleted")
        self.wire.remove(one.object, one.record_id)
        self.ledger.know(None, one.record_id, number)
        return True

    def person_comes_back(self) -> bool:
        """Out of the recycle bin, which the vendor's REST address cannot do."""
        gone = [
            next(one for one in reversed(line.values) if one)
            for line in self.ledger.directory.values()
            if line.last() is None
        ]
        if not gone:
            return False
        one = self.dice.choice(gone)
        try:
            self.house.org.undelete(self.house.org.admin, one.record_id)
        except SalesforceError:  # merged into somebody else, or converted
            return False
        self.ledger.know(one, one.record_id, self.ledger.deed(f"{one.object} {one.address} is undeleted"))
        return True

    def people_are_merged(self) -> bool:
        contacts = self._people("Contact")
        if len(contacts) < 2:
            return False
        master, other = self.dice.sample(contacts, 2)
        number = self.ledger.deed(f"Contact {other.address} is merged into {master.address}")
        self.house.org.merge(self.house.org.admin, master.record_id, other.record_id)
        self.ledger.know(None, other.record_id, number)
        self.ledger.heirs.setdefault(other.record_id, []).append(master)
        return True

    def lead_is_converted(self) -> bool:
        one = self._somebody("Lead")
        if one is None:
            return False
        number = self.ledger.deed(f"Lead {one.address} is converted")
        made = self.house.org.convert_lead(self.house.org.admin, one.record_id)
        self.ledger.know(None, one.record_id, number)
        self._note("Contact", made.contact, one.address, made.account, number)
        self.ledger.heirs.setdefault(one.record_id, []).extend(self.ledger.people_at(one.address, number))
        return True

    def account_changes(self) -> bool:
        one = self._somebody("Contact")
        if one is None:
            return False
        account = self.dice.choice([*self.house.company.accounts.values(), ""])
        number = self.ledger.deed(f"Contact {one.address} moves to the Account {account or 'of nobody'}")
        self.wire.update("Contact", one.record_id, AccountId=account or None)
        self.ledger.know(replace(one, account=account), one.record_id, number)
        return True

    def owner_changes(self) -> bool:
        one = self._somebody("Contact", "Lead")
        if one is None:
            return False
        owner = self.dice.choice(self.house.company.colleagues).user
        self.ledger.deed(f"{one.object} {one.address} gets another owner")
        self.wire.update(one.object, one.record_id, OwnerId=owner)
        return True

    # -- Opportunities

    def deal_appears(self) -> bool:
        company = self.house.company
        account = self.dice.choice([*company.accounts.values(), *company.accounts.values(), ""])
        owner = self.dice.choice(company.colleagues).user
        number = self.ledger.deed(f"an Opportunity on the Account {account or 'of nobody'} appears, of {owner}")
        fields = {"Name": f"Deal {number}", "StageName": "Prospecting", "CloseDate": self._day(), "OwnerId": owner}
        record_id = self.wire.insert("Opportunity", **fields, **({"AccountId": account} if account else {}))
        self._note_deal(record_id, number)
        return True

    def deal_is_edited(self) -> bool:
        return self._change_deal("is edited", NextStep=f"Call {self.dice.randrange(1000)} times")

    def deal_closes(self) -> bool:
        return self._change_deal("closes", StageName=self.dice.choice(("Closed Won", "Closed Lost")))

    def deal_is_put_off(self) -> bool:
        return self._change_deal("is due on another day", CloseDate=self._day())

    def deal_changes_hands(self) -> bool:
        return self._change_deal(
            "gets another owner", OwnerId=self.dice.choice(self.house.company.colleagues).user
        )

    def deal_is_deleted(self) -> bool:
        record_id = self._deal()
        if not record_id:
            return False
        number = self.ledger.deed(f"Opportunity {record_id} is deleted")
        self.wire.remove("Opportunity", record_id)
        self.ledger.deleted[record_id] = number
        self._note_deal(record_id, number)
        return True

    # -- Cases

    def case_appears(self) -> bool:
        number = self.ledger.deed("a Case appears")
        owner = self.dice.choice(self.house.company.colleagues).user
        record_id = self.wire.insert("Case", Subject="Broken saw", OwnerId=owner)
        row = self.house.org.core.row(record_id) or {}
        self.ledger.cases[str(row["CaseNumber"])] = Timeline([number], [record_id])
        return True

    def case_ends(self) -> bool:
        """Is closed, or deleted."""
        found = [number for number, line in self.ledger.cases.items() if line.last()]
        if not found:
            return False
        case = self.dice.choice(found)
        closes = self.dice.random() < 0.7
        number, record_id = self.ledger.deed(f"Case {case} {'is closed' if closes else 'is deleted'}"), ""
        record_id = self.ledger.cases[case].last()
        if closes:
            self.wire.update("Case", record_id, Status="Closed")
        else:
            self.wire.remove("Case", record_id)
        self.ledger.cases[case].set(number, "")
        return True

    def _day(self) -> str:
        """Some are due too long ago, some too far ahead; none is near the edge."""
        days = self.dice.choice((-400, -300, -20, 30, 30, 90, 150, 220))
        return (self.house.manual.now() + timedelta(days=days)).date().isoformat()

    # -- saved mails

    def record_is_deleted(self) -> bool:
        made = self._record(alive=True)
        if made is None:
            return False
        self.ledger.deed(f"the record of “{made.subject}” is deleted")
        self.wire.remove(made.object, made.record_id)
        return True

    def record_comes_back(self) -> bool:
        made = self._record(alive=False)
        if made is None:
            return False
        self.ledger.deed(f"the record of “{made.subject}” is undeleted")
        try:
            self.house.org.undelete(self.house.org.admin, made.record_id)
        except SalesforceError:  # its key was taken by the record that a mark asked for meanwhile
            return False
        return True

    def record_is_edited(self) -> bool:
        made = self._record(alive=True)
        if made is None:
            return False
        self.ledger.deed(f"the record of “{made.subject}” is edited")
        if made.object == "Task":
            self.wire.update("Task", made.record_id, Priority=self.dice.choice(("High", "Low")))
        else:
            try:
                self.wire.update("EmailMessage", made.record_id, IsExternallyVisible=self.dice.random() < 0.5)
            except Refusal:
                return False
        return True

    def mail_is_taken_out(self) -> bool:
        """On the page Mail, where no session is."""
        house, made = self.house, self._record(alive=True)
        copies = [copy for copy in self.ledger.copies.values() if made and copy.letter.subject == made.subject]
        if not copies:
            return False
        copy, ports = self.dice.choice(copies), house.new_worker()
        mailbox_id = house.ids[copy.person]
        record = why.why(ports.journal, ports.states, mailbox_id, [copy.item_id])[copy.item_id].record
        if record is None:
            return False
        self.ledger.deed(f"{copy.person} takes “{copy.letter.subject}” out of Salesforce")
        with self.wire.unharmed():
            try:
                return take_out(ports, record, house.store.mailbox(mailbox_id).info.crm_user_id) is Removal.DONE
            except CrosstieError:  # said on the page; the server's clock is wrong, and its token was refused
                return False

    def field_is_hidden(self) -> bool:
        object_name, name = self.dice.choice(HIDEABLE)
        if not self.house.make.keyed:
            return False
        hide = self.dice.random() < 0.6
        self.ledger.deed(f"{object_name}.{name} is {'hidden' if hide else 'shown'}")
        (self.house.org.hide_field if hide else self.house.org.show_field)(object_name, name)
        return True

    # -- settings

    def auto_saving(self) -> bool:
        return self._set("mail_auto_save", self.dice.random() < 0.7)

    def saving_unlinked(self) -> bool:
        return self._set("mail_save_unlinked", self.dice.random() < 0.3)

    def free_mail(self) -> bool:
        return self._set("exclude_free_mail", self.dice.random() < 0.5)

    def blocklist(self) -> bool:
        pool = (*NOISE, "deals.test", *KNOWN[:2], "fir.test", STRANGERS[0], company.DOMAIN)
        return self._set("blocklist", tuple(sorted(self.dice.sample(pool, self.dice.choice((0, 1, 2, 3))))))

    def mode(self) -> bool:
        modes = ("general", "general", "forced", "flexible", "smart")
        return self._set("mail_auto_track_mode", AutoTrackMode(self.dice.choice(modes)))

    def way(self) -> bool:
        return self._set("mail_way", MailWay(self.dice.choice(("both", "both", "inbound", "outbound"))))

    def who_counts(self) -> bool:
        """Colleagues, those of them who are in Salesforce, and such people at free mail services."""
        name = self.dice.choice(("include_internal", "internal_known", "free_mail_known"))
        return self._set(name, self.dice.random() < 0.6)

    def resolving(self) -> bool:
        """For everybody, and only where keys tell who was made."""
        chosen = Resolving(self.dice.choice(("off", "lead", "contact")))
        return self.house.make.keyed and self._set("resolving", chosen, place=EVERYBODY)

    def skipping_spam(self) -> bool:
        return self._set("skip_spam", self.dice.random() < 0.5)

    def _set(self, name: str, value: object, *, place: str = "") -> bool:
        """Somebody says so for everybody, for a profile or for themselves, or takes back what was said there."""
        below = (*PROFILES.values(), *(sorted(self.house.ids) if name in OWN else ()))
        place = place or (EVERYBODY if self.dice.random() < 0.4 else self.dice.choice(below))
        if self.offices.is_locked_above(place, name):
            return False
        locked = place not in self.house.ids and self.dice.random() < 0.25
        word = None if self.dice.random() < 0.12 else Word(value, locked)
        number = self.ledger.deed(f"{name} of {place} becomes {word}")
        self.offices.say(place, name, word)
        for person in self.house.ids:
            if (told := self.offices.told(person)) != self.house.store.mailbox(
                self.house.ids[person]
            ).info.settings:
                self.house.put_in_force(person, told)
            if (meant := self.offices.meant(person)) != self.ledger.settings[person].last():
                self.ledger.settings[person].set(number, meant)
        return True

    def linking_opportunities(self) -> bool:
        return self._set("link_opportunities", self.dice.random() < 0.6)

    def linking_mentions(self) -> bool:
        return self._set("link_mentions", self.dice.random() < 0.6)

    def never_linking(self) -> bool:
        kinds = ("Account", "Case", "Contact", "Lead", "Opportunity")
        return self._set("never_linked", tuple(sorted(self.dice.sample(kinds, self.dice.choice((0, 1, 1, 2))))))

    def files(self) -> bool:
        name, values = self.dice.choice(sorted(FILES.items()))
        return self._set(name, self.dice.choice(values))

    def text(self) -> bool:
        if self.dice.random() < 0.5:
            return self._set("store_body", self.dice.random() < 0.6)
        return self._set("crop_quotes", self.dice.random() < 0.6)

    def saving_the_person_alone(self) -> bool:
        return self._set("link_person_alone", self.dice.random() < 0.4)

    def pause(self) -> bool:
        person = self.dice.choice(sorted(self.house.ids))
        running = self.dice.random() < 0.6
        self.ledger.deed(f"{person} is {'resumed' if running else 'paused'}")
        self.house.store.set_running(self.house.ids[person], running)
        return True

    # -- helpers

    def _note(self, object_name: str, record_id: str, address: str, account: str, number: int) -> None:
        created = self.wire.created_at(object_name, record_id)
        self.ledger.know(Person(object_name, record_id, address, account, created), record_id, number)

    def _note_deal(self, record_id: str, number: int) -> None:
        """As the vendor has it."""
        row = self.house.org.core.row(record_id) or {}
        deal = None
        if row and not row.get("IsDeleted") and not row.get("IsClosed"):
            account, owner, closes = (str(row.get(name) or "") for name in ("AccountId", "OwnerId", "CloseDate"))
            deal = Deal(record_id, account, owner, closes, row["LastModifiedDate"], row["CreatedDate"])
        self.ledger.deals.setdefault(record_id, Timeline()).set(number, deal)

    def _deal(self) -> str:
        """An open Opportunity; empty where there is none."""
        found = [record_id for record_id, line in self.ledger.deals.items() if line.last() is not None]
        return self.dice.choice(found) if found else ""

    def _change_deal(self, words: str, **fields: object) -> bool:
        record_id = self._deal()
        if not record_id:
            return False
        number = self.ledger.deed(f"Opportunity {record_id} {words}: {fields}")
        self.wire.update("Opportunity", record_id, **fields)
        self._note_deal(record_id, number)
        return True

    def _people(self, *objects: str) -> list[Person]:
        known = (line.last() for line in self.ledger.directory.values())
        return [one for one in known if one is not None and one.object in objects]

    def _somebody(self, *objects: str) -> Person | None:
        people = self._people(*objects)
        return self.dice.choice(people) if people else None

    def _unknown(self) -> str:
        pool: Sequence[str] = STRANGERS + NOISE if self.dice.random() < 0.9 else KNOWN
        chosen = self.dice.choice(pool)
        return COLLEAGUE if self.dice.random() < 0.15 else chosen

    def _record(self, *, alive: bool) -> Made | None:
        found = [one for one in self.ledger.made.values() if one.alive.last() is alive]
        if not found:
            return None
        return found[-1] if self.dice.random() < 0.4 else self.dice.choice(found)


DIRECTORY: tuple[tuple[int, Deed], ...] = (
    (10, Clerks.contact_appears), (4, Clerks.lead_appears), (5, Clerks.address_changes),
    (4, Clerks.person_is_deleted), (3, Clerks.person_comes_back), (2, Clerks.people_are_merged),
    (3, Clerks.lead_is_converted), (3, Clerks.account_changes), (1, Clerks.owner_changes),
    (6, Clerks.record_is_deleted), (2, Clerks.record_comes_back), (2, Clerks.record_is_edited),
    (1, Clerks.field_is_hidden), (3, Clerks.case_appears), (1, Clerks.case_ends),
    (4, Clerks.deal_appears), (2, Clerks.deal_is_edited), (1, Clerks.deal_closes),
    (1, Clerks.deal_is_put_off), (1, Clerks.deal_changes_hands), (1, Clerks.deal_is_deleted),
)  # fmt: skip
RECORDS: tuple[tuple[int, Deed], ...] = ((5, Clerks.record_is_deleted), (3, Clerks.contact_appears))
SETTINGS: tuple[tuple[int, Deed], ...] = (
    (4, Clerks.auto_saving), (3, Clerks.saving_unlinked), (3, Clerks.free_mail), (5, Clerks.blocklist),
    (2, Clerks.pause), (2, Clerks.linking_opportunities), (3, Clerks.mode), (2, Clerks.way),
    (3, Clerks.who_counts), (1, Clerks.skipping_spam), (2, Clerks.never_linking), (3, Clerks.files),
    (2, Clerks.text), (2, Clerks.resolving),
    (4, Clerks.mail_is_taken_out),
    (1, Clerks.saving_the_person_alone), (1, Clerks.linking_mentions),
)  # fmt: skip
"""Written to the store at once, so never while a transaction of the worker is open."""
