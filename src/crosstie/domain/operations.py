"""What a plan says to do; skipping is one of them. Values: nothing happens until somebody carries them out."""

from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar

from crosstie.domain.email import Direction, Email
from crosstie.domain.mailboxes import MailboxWrite
from crosstie.domain.reasons import SAVED_NEW, Reason, reason
from crosstie.domain.records import Person, RecordRef


class Kind(StrEnum):
    """The word by which the journal knows an operation."""

    SAVE = "save"
    JOIN = "join"
    MAKE = "make"
    CREATE_RECORD = "create-record"
    UPDATE_RECORD = "update-record"
    DELETE_RECORD = "delete-record"
    CREATE_ITEM = "create-item"
    CHANGE_ITEM = "change-item"
    DELETE_ITEM = "delete-item"
    SKIP = "skip"


MIRRORED = frozenset(
    {
        Kind.CREATE_RECORD,
        Kind.UPDATE_RECORD,
        Kind.DELETE_RECORD,
        Kind.CREATE_ITEM,
        Kind.CHANGE_ITEM,
        Kind.DELETE_ITEM,
    }
)
"""What is done to the halves of a pair."""


class Trigger(StrEnum):
    """What asked for an e-mail to be saved."""

    AUTO = "auto"
    CATEGORY = "category"
    FOLDER = "folder"
    THREAD = "thread"
    """All mails of its thread are wanted."""

    @property
    def by_hand(self) -> bool:
        """A person asked for this very mail."""
        return self in (Trigger.CATEGORY, Trigger.FOLDER)


@dataclass(frozen=True, slots=True)
class LinkedPerson:
    """Somebody known in Salesforce, and as what part of the mail: from, to, cc or bcc; other, with no address, is
    somebody of its thread who is not on it.
    """

    person: Person
    role: str
    email: str


@dataclass(frozen=True, slots=True)
class Stranger:
    """Somebody on a mail or a meeting whom Salesforce does not know, and the object of the record to be made."""

    email: str
    name: str
    object: str
    known: tuple[tuple[str, str], ...] = ()
    """Fields, and what the stranger's own mail says of them: nice to have, and no reason to make nobody."""


@dataclass(frozen=True, slots=True)
class Wish:
    """A field of the record, and what an administrator wants in it."""

    field: str
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Make:
    """Make the record of a stranger. `key` is a digest of what it is made for: an address is never kept plain."""

    kind: ClassVar[Kind] = Kind.MAKE
    record: ClassVar[RecordRef | None] = None

    key: str
    object: str

    @property
    def item_id(self) -> str:
        """A row of the journal needs something that it is about; no item of a mailbox is called so."""
        return f"made:{self.key}"

    @property
    def reason(self) -> Reason:
        return reason(SAVED_NEW, made=self.object)


@dataclass(frozen=True, slots=True)
class Save:
    """Create the e-mail's one record. `natural` is the plain natural key, `key` the value of the key field."""

    kind: ClassVar[Kind] = Kind.SAVE
    record: ClassVar[RecordRef | None] = None

    email: Email
    natural: str
    key: str
    generation: int
    object: str
    trigger: Trigger
    direction: Direction
    reason: Reason
    people: tuple[LinkedPerson, ...] = ()
    who: Person | None = None
    what_id: str = ""
    order: str = ""
    """The Account behind it: records of one Account are written one after the other."""
    begun: bool = False
    """An earlier try may have written it already: what speaks against it since then comes too late."""
    look_up: bool = False
    """Look before writing again: an earlier try ended unclear in an org without key fields, or is unwanted."""
    unwanted: Reason | None = None
    """What speaks against it by now: where an earlier try left a record it is finished, and nowhere else."""
    there: str = ""
    """Id of what an earlier try made there, and did not complete: it may not be found by what it says."""
    after: MailboxWrite | None = None
    """What the mailbox is told once the record is there."""
    strangers: tuple[Stranger, ...] = ()
    """Whose records are made first, unless they are found to be there."""
    awaits: frozenset[str] = frozenset()
    """As of a Skip, where nothing has the mail saved but that somebody is made: should that be in vain."""
    known: frozenset[str] = frozenset()
    prefix: str = ""
    """What the record's subject begins with beside the mail's own."""
    wishes: tuple[Wish, ...] = ()
    named: bool = False
    """It is related to the record that its text names; that was asked already."""

    @property
    def item_id(self) -> str:
        return self.email.item_id


@dataclass(frozen=True, slots=True)
class Join:
    """Point this copy to the record that exists; `record` is None while a colleague's Save is under way."""

    kind: ClassVar[Kind] = Kind.JOIN

    email: Email
    natural: str
    key: str
    reason: Reason
    record: RecordRef | None = None
    after: MailboxWrite | None = None
    trigger: Trigger = Trigger.AUTO
    awaits: frozenset[str] = frozenset()
    """As of the Save that it would have been."""
    known: frozenset[str] = frozenset()

    @property
    def item_id(self) -> str:
        return self.email.item_id


@dataclass(frozen=True, slots=True)
class Skip:
    """Leave the item alone, and say why. `awaits` are addresses whose people make it worth another look as they
    come and go.
    """

    kind: ClassVar[Kind] = Kind.SKIP
    key: ClassVar[str] = ""
    record: ClassVar[RecordRef | None] = None

    email: Email
    natural: str
    reason: Reason
    awaits: frozenset[str] = frozenset()
    known: frozenset[str] = frozenset()
    """Those of them that are a Contact's or Lead's."""
    trigger: Trigger = Trigger.AUTO

    @property
    def item_id(self) -> str:
        return self.email.item_id


@dataclass(frozen=True, slots=True)
class Note:
    """Only the remembered state moves: a mark was taken off, our own write came back, an item went away."""

    item_id: str
    email: Email | None = None


Operation = Save | Join | Skip | Note
