"""Where somebody stands on the way to a mailbox that is kept in step, derived from what is stored; no step is."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from crosstie.accounts import words
from crosstie.accounts.audit import Actor
from crosstie.accounts.connection import connecting_words, connections, leaving, mailboxes
from crosstie.accounts.connection.connections import ConnectionInfo
from crosstie.accounts.connection.mailboxes import VENDORS, MailboxDetails, MailboxRef
from crosstie.accounts.governance import settings
from crosstie.accounts.people import PersonInfo
from crosstie.accounts.sync import status
from crosstie.accounts.sync.status import State
from crosstie.accounts.words import Answer, Phrase, Unacceptable, answer
from crosstie.domain.clock import Clock
from crosstie.domain.settings import MailboxWay
from crosstie.domain.speech import say
from crosstie.store.models import Access, AuditRow, License, Mailbox, Profile, Scope

VENDOR = VENDORS[0]
_LEFT = ("mailbox.leave", "mailbox.deactivate")


class Stage(StrEnum):
    """What the page says, and which button it has."""

    HINDERED = "hindered"
    """Something is missing that an administrator has to give first."""
    NOT_SET_UP = "not-set-up"
    LEFT = "left"
    """Its owner disconnected it, and may connect it again."""
    LEAVING = "leaving"
    ACTIVE = "active"
    PAUSED = "paused"
    STANDING = "standing"
    """An error keeps it from being synchronized."""
    DISABLED = "disabled"
    """An administrator switched it off."""


CONNECTABLE = (Stage.NOT_SET_UP, Stage.LEFT)
_STAGES = {
    State.PAUSED: Stage.PAUSED,
    State.NEEDS_CONSENT: Stage.STANDING,
    State.SUSPENDED: Stage.STANDING,
    State.LEAVING: Stage.LEAVING,
    State.PROFILE_OFF: Stage.DISABLED,
    State.NO_LICENSE: Stage.DISABLED,
}


@dataclass(frozen=True, slots=True)
class Kind:
    """What there is a connector for: its vendor here, its name, and what connecting such a mailbox is like."""

    vendor: str
    name: str
    hint: str


KINDS = (Kind("graph", "Microsoft 365", "You sign in at Microsoft and allow access there."),)


@dataclass(frozen=True, slots=True)
class Situation:
    stage: Stage
    sentence: str
    """Why, where the stage alone does not say it."""
    mailbox: MailboxRef | None
    way: ConnectionInfo | None
    """How the mailbox would be entered; None where there is no way yet."""

    @property
    def by_sign_in(self) -> bool:
        return self.way is not None and self.way.details.access == Access.DELEGATED


def situation(person: PersonInfo, now: datetime) -> Situation:
    way = way_to(person)
    if person.mailbox_id is None:
        missing = _missing(person, way)
        return Situation(Stage.HINDERED if missing else Stage.NOT_SET_UP, missing, None, way)
    ref = mailboxes.of_person(person.scope, person.person_id)
    found = status.status(ref.scope, ref.mailbox_id, now)
    if found.state is not State.DISABLED:
        return Situation(_STAGES.get(found.state, Stage.ACTIVE), found.sentence, ref, way)
    if not left_by_owner(ref):
        return Situation(Stage.DISABLED, connecting_words.CONNECT_DISABLED.said(), ref, way)
    missing = _missing(person, way)
    return Situation(Stage.HINDERED if missing else Stage.LEFT, missing, ref, way)


def offered(person: PersonInfo) -> list[Kind]:
    """What the person can connect: an administrator rules a kind out by a setting, or by giving no way to it."""
    return [Kind(one.vendor, say(one.name), say(one.hint)) for one in KINDS if way_to(person, one.vendor)]


def way_to(person: PersonInfo, vendor: str = VENDOR) -> ConnectionInfo | None:
    """How the person would come to a mailbox of the vendor's."""
    return connections.offered(person.scope, vendor, _permitted(person))


def _permitted(person: PersonInfo) -> MailboxWay:
    place = settings.for_person(person.scope, person.person_id)
    found: MailboxWay = settings.get(person.scope, place, "mailboxes.way")
    return found


def to_connect(person: PersonInfo, now: datetime) -> ConnectionInfo:
    """How the person's mailbox is to be entered. Raises Unacceptable where it is not for them to connect it."""
    found = situation(person, now)
    if found.stage in CONNECTABLE and found.way:
        return found.way
    if found.stage is Stage.HINDERED:
        raise Unacceptable(Phrase("CONNECT-HINDERED", "{sentence}"), sentence=found.sentence)
    raise Unacceptable(
        connecting_words.CONNECT_DISABLED if found.stage is Stage.DISABLED else connecting_words.CONNECT_BEFORE
    )


def stay(person: PersonInfo, clock: Clock, actor: Actor) -> Answer:
    """Take back that the mailbox is to be left, while that goes on, as its owner said. Raises Unacceptable."""
    found = situation(person, clock.now())
    if found.stage is not Stage.LEAVING or found.mailbox is None:
        raise Unacceptable(connecting_words.CONNECT_BEFORE)
    if not left_by_owner(found.mailbox):
        raise Unacceptable(connecting_words.CONNECT_DISABLED)
    row = Mailbox.of(found.mailbox.scope).get(pk=found.mailbox.mailbox_id)
    given = MailboxDetails(row.vendor, row.address, tuple(row.aliases), row.time_zone)
    mailboxes.activate(person.scope, person.person_id, given, clock, actor)
    return answer(connecting_words.STAYED)


def check_own(person: PersonInfo, address: str, others: tuple[str, ...]) -> None:
    """The mailbox that was signed in to is the person's, by any of its addresses."""
    if person.address not in (address, *others):
        raise Unacceptable(connecting_words.CONNECT_OTHER, signed=address, own=person.address)


def _missing(person: PersonInfo, way: ConnectionInfo | None) -> str:
    """What stands in the way, as a sentence; empty where nothing does."""
    rows = License.of(Scope(person.scope.tenant_id))
    if not person.license or not rows.filter(name=person.license, active=True).exists():
        return words.LICENSE_LACKING.said()
    if not Profile.of(Scope(person.scope.tenant_id)).filter(name=person.profile, sync_enabled=True).exists():
        return words.PROFILE_OFF.said(profile=person.profile)
    if not person.crm_user_id:
        return words.NO_CRM_USER.said(name=person.name)
    if way:
        return ""
    ruled_out = _permitted(person) is not MailboxWay.ANY
    return (connecting_words.CONNECT_RULED_OUT if ruled_out else connecting_words.CONNECT_NO_WAY).said()


def left_by_owner(ref: MailboxRef) -> bool:
    """Whether it was its owner who gave it up: theirs is the last word about it that is on record."""
    rows = AuditRow.of(Scope(ref.scope.tenant_id)).filter(target=f"mailbox {ref.mailbox_id}", action__in=_LEFT)
    last = rows.exclude(face=leaving.SESSION.face).order_by("-pk").first()
    return last is not None and last.actor_id == ref.person_id
