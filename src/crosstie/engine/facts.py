"""What a plan must know beyond the items themselves: asked for as needs, answered as facts."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from crosstie.domain.email import Email
from crosstie.domain.reasons import Reason
from crosstie.domain.records import CONTACT, LEAD, Opportunity, Person, RecordRef
from crosstie.domain.states import SavedMail
from crosstie.domain.threads import Thread
from crosstie.ports.states import Holding

OUTSIDERS = (CONTACT, LEAD)


@dataclass(frozen=True, slots=True)
class Needs:
    """Questions by id. An empty one means that the plan is complete."""

    people: frozenset[str] = frozenset()
    """Canonical addresses: who are they in Salesforce?"""
    saved: frozenset[str] = frozenset()
    """Natural keys: is the mail saved already?"""
    fingerprints: frozenset[str] = frozenset()
    """Item ids: what does the text say? Asked only where no Message-ID identifies the mail."""
    alive: frozenset[RecordRef] = frozenset()
    """Records: do they still exist? Asked only before a person's mark saves a mail again."""
    unclear: frozenset[str] = frozenset()
    """Record keys: did an earlier try end without an answer?"""
    said: frozenset[str] = frozenset()
    """Item ids: was anything said of them, though no state is kept? Asked only of old mails."""
    opportunities: frozenset[Holding] = frozenset()
    """Whose on which Account: which of them are open?"""
    named: frozenset[str] = frozenset()
    """Item ids: which record does the text name? Asked only of mails that are saved for nothing else."""

    def __bool__(self) -> bool:
        asked = (self.people, self.saved, self.fingerprints, self.alive, self.unclear, self.said)
        return any(asked) or bool(self.opportunities or self.named)

    @classmethod
    def union(cls, several: Iterable["Needs"]) -> "Needs":
        listed = tuple(several)
        return cls(
            people=frozenset().union(*(needs.people for needs in listed)),
            saved=frozenset().union(*(needs.saved for needs in listed)),
            fingerprints=frozenset().union(*(needs.fingerprints for needs in listed)),
            alive=frozenset().union(*(needs.alive for needs in listed)),
            unclear=frozenset().union(*(needs.unclear for needs in listed)),
            said=frozenset().union(*(needs.said for needs in listed)),
            opportunities=frozenset().union(*(needs.opportunities for needs in listed)),
            named=frozenset().union(*(needs.named for needs in listed)),
        )


@dataclass(slots=True)
class Facts:
    """Answers so far; a key that is missing was not asked yet."""

    people: dict[str, tuple[Person, ...]] = field(default_factory=dict)
    saved: dict[str, SavedMail | None] = field(default_factory=dict)
    fingerprints: dict[str, str] = field(default_factory=dict)
    unread: dict[str, Reason] = field(default_factory=dict)
    """Item id → why its text, which was to decide something, could not be read."""
    alive: dict[str, bool | None] = field(default_factory=dict)
    """Record id → False when its delete is confirmed, None when it is merely invisible."""
    unclear: dict[str, datetime | None] = field(default_factory=dict)
    """Record key → when the unanswered write was sent."""
    said: dict[str, bool] = field(default_factory=dict)
    """Item id → whether the journal has a row of it."""
    opportunities: dict[Holding, tuple[Opportunity, ...]] = field(default_factory=dict)
    named: dict[str, str] = field(default_factory=dict)
    """Item id → the record that its text names and its user may see; empty where there is none."""
    claimed: dict[str, Email] = field(default_factory=dict)
    """Natural key → the first of several different mails of this batch that came with it."""
    sighted: set[str] | None = None
    """Addresses whose people's records were looked at with the user's eyes; None where everybody sees all."""
    hidden: set[str] = field(default_factory=set)
    """Records that the user may not read."""
    threads: frozenset[str] = frozenset()
    """Conversations of the mailbox with a saved mail: their replies inherit categories."""
    marked: Mapping[str, Thread] = field(default_factory=dict)
    """Conversations of the mailbox all mails of which are to be saved."""

    def missing(self, needs: Needs) -> Needs:
        """What of these needs was not answered yet."""
        return Needs(
            people=frozenset(email for email in needs.people if not self._is_answered(email)),
            saved=needs.saved - self.saved.keys(),
            fingerprints=needs.fingerprints - self.fingerprints.keys() - self.unread.keys(),
            alive=frozenset(record for record in needs.alive if record.record_id not in self.alive),
            unclear=needs.unclear - self.unclear.keys(),
            opportunities=needs.opportunities - self.opportunities.keys(),
            named=needs.named - self.named.keys() - self.unread.keys(),
        )

    def outsiders(self, emails: Iterable[str]) -> frozenset[str]:
        """Those of the addresses that are a Contact's or Lead's, as far as was asked."""
        known = self.known(emails).items()
        return frozenset(email for email, people in known if any(one.object in OUTSIDERS for one in people))

    def known(self, emails: Iterable[str]) -> Mapping[str, tuple[Person, ...]]:
        """Whom the user may see, with the Accounts that he may see."""
        found = self.all_known(emails)
        if not self.hidden:
            return found
        seen = {email: tuple(self._seen(people)) for email, people in found.items()}
        return {email: people for email, people in seen.items() if people}

    def all_known(self, emails: Iterable[str]) -> Mapping[str, tuple[Person, ...]]:
        return {email: self.people[email] for email in emails if self.people.get(email)}

    def unseen(self, emails: Iterable[str]) -> frozenset[str]:
        """Those somebody of whom is kept from the user: nothing that happens to them tells when that ends."""
        known = self.known(emails)
        return frozenset(email for email, people in self.all_known(emails).items() if known.get(email) != people)

    def _seen(self, people: Iterable[Person]) -> Iterator[Person]:
        for one in people:
            if one.record_id not in self.hidden:
                yield replace(one, account_id="") if one.account_id in self.hidden else one

    def _is_answered(self, email: str) -> bool:
        return email in self.people and (self.sighted is None or email in self.sighted)
