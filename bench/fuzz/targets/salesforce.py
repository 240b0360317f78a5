"""The Salesforce connector against damaged answers: tokens, describes, changes, writes, look-ups, sign-in."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from random import Random
from typing import Any

import httpx2

from bench.fuzz.replay import Recorded, Recorder, Replay
from bench.fuzz.runner import Stateless
from bench.fuzz.targets.drafts import AnyOrg
from bench.fuzz.targets.events import check_event
from bench.fuzz.targets.office import ORG_CONNECTION, TRUSTED, house, later
from crosstie.domain.address import Address
from crosstie.domain.email import Attachment, Content, Direction, Email, Folder
from crosstie.domain.errors import CrosstieError
from crosstie.domain.keys import account_key, natural_key, person_key, record_key
from crosstie.domain.operations import Save, Stranger, Trigger
from crosstie.domain.reasons import SAVED_AUTO, reason
from crosstie.domain.records import (
    EMAIL_MESSAGE,
    EVENT,
    TASK,
    Record,
    RecordDraft,
    RecordRef,
    RecordUpdate,
    Value,
)
from crosstie.mapping import person
from crosstie.mapping.email import draft
from crosstie.mapping.event import COLUMNS
from crosstie.mapping.event.attendees import LISTS
from crosstie.ports.crm import Sought, Watch
from crosstie.rules.calendar import coming
from crosstie.salesforce import sign_in
from crosstie.salesforce.auth import Authority
from crosstie.salesforce.crm import SalesforceAccess, SalesforceCrm
from crosstie.salesforce.sign_in import SignIn
from crosstie.transport import Http
from tests.simulation.access import HOST
from tests.simulation.house import START, House, Make
from tests.simulation.letters import ADA, NORA, STRANGER

ORG = 1
Call = Callable[["Door"], object]
MOST_FIELDS = 12
"""Of a described object that are kept beside those that the product writes: a whole description is 300 kB."""


@dataclass(frozen=True, slots=True)
class Door:
    """The two ways into an org: as the integration, and as somebody who signs in."""

    crm: SalesforceCrm
    authority: Authority


@dataclass(frozen=True, slots=True)
class Act:
    call: Call
    answers: list[Recorded]


class Salesforce(Stateless):
    def __init__(self) -> None:
        self._replay = Replay()
        self._http = Http(transport=self._replay)
        offices = [house(Make(keyed=keyed)) for keyed in (True, False)]
        self._info = offices[0].memory.mailbox(1).info
        self._acts = [act for office in offices for act in _record(office)]

    def feed(self, dice: Random) -> None:
        act = dice.choice(self._acts)
        self._replay.load(act.answers, dice)
        try:
            found = act.call(_door(self._http))
        except CrosstieError:
            return
        for one in found.values() if isinstance(found, Mapping) else ():
            if isinstance(one, Record) and one.ref.object == EVENT:
                check_event(one, self._info)


def _door(http: Http) -> Door:
    clock = later()
    access = SalesforceAccess(http, lambda _: ORG_CONNECTION, clock, lambda _org, step: step({}), TRUSTED)
    return Door(access.open(ORG), Authority(http, clock, TRUSTED))


def _record(office: House) -> list[Act]:
    recorder = Recorder(httpx2.WSGITransport(app=office.app), _shrunk)
    http = Http(transport=recorder)
    acts = []
    for call in _calls(office):
        recorder.answers.clear()
        try:
            call(_door(http))
        except CrosstieError:
            """Nobody clicks in a recording: the sandbox refuses the code, which is an answer too."""
        acts.append(Act(call, list(recorder.answers)))
    return acts


def _calls(office: House) -> Sequence[Call]:
    drafts = [_draft(EMAIL_MESSAGE, 1), _draft(TASK, 2)]
    people = [RecordRef("Contact", one) for one in office.company.contacts.values()]
    watches = [Watch(name, START - timedelta(days=1), "", ("Email",)) for name in ("Contact", "Lead", "User")]
    watches += [Watch(name, START - timedelta(days=1)) for name in (TASK, EVENT, "EventRelation")]
    event = office.org.insert(office.org.admin, EVENT, _VISIT | {"StartDateTime": "2026-11-20T09:00:00Z"})
    user, refs = office.company.colleagues[0].user, [RecordRef(EVENT, event), people[0]]
    office.org.insert(office.org.admin, "EventRelation", {"EventId": event, "RelationId": user, "Status": "New"})
    made = RecordDraft(EVENT, "1:visit", {**_VISIT, "StartDateTime": START, "UndecidedEventInviteeIds": (user,)})
    moved: dict[str, dict[str, Value]] = {
        EVENT: {"StartDateTime": START, "WhoId": people[0].record_id},
        "Contact": {"LastName": "x"},
    }
    begun = SignIn("", "state", "verifier", "nonce")
    back = {"state": "state", "code": "a code", "redirect_uri": f"{HOST}/back"}
    return (
        lambda door: door.crm.capabilities(),
        lambda door: door.crm.calls_left(),
        lambda door: door.crm.changes(watches[:5]),
        lambda door: door.crm.changes(watches[3:]),
        lambda door: door.crm.create(drafts),
        lambda door: door.crm.create(drafts[:1]),
        lambda door: door.crm.create([made, *drafts]),
        lambda door: door.crm.records(refs, {EVENT: tuple(_MIRRORED), "Contact": ("Email",)}),
        lambda door: door.crm.find([made], deleted_too=True),
        lambda door: door.crm.update([RecordUpdate(ref, moved[ref.object]) for ref in refs]),
        lambda door: door.crm.delete(refs),
        lambda door: door.crm.find(drafts),
        lambda door: door.crm.complete(drafts[:1], [next(iter(office.company.contacts.values()))]),
        lambda door: door.crm.alive(people),
        lambda door: door.crm.trace([Sought(NORA, person_key(NORA)), Sought(STRANGER, person_key(STRANGER))]),
        lambda door: door.crm.persons([one.record_id for one in people]),
        lambda door: door.crm.accounts({"birchworks.test": account_key("birchworks.test")}),
        lambda door: door.crm.create([person.draft(Stranger(STRANGER, "Wim", "Lead"), "")], duplicates=False),
        lambda door: sign_in.finish(door.authority, ORG_CONNECTION, begun, **back),
        lambda door: sign_in.identity(door.authority, ORG_CONNECTION, door.authority.token(ORG_CONNECTION)),
    )


def _draft(name: str, number: int) -> RecordDraft:
    """A mail of Nora's with a file, as the product drafts it."""
    email = Email("i", "v", Folder.INBOX, f"Offer {number}", Address.of(NORA), (Address.of(ADA),), sent_at=START)
    natural = natural_key(email)
    save = Save(
        email, natural, record_key(natural), 0, name, Trigger.AUTO, Direction.INBOUND,
        reason(SAVED_AUTO, object=name),
    )  # fmt: skip
    file = Attachment("1", "plan.pdf", "application/pdf", 4, data=b"plan")
    return draft(save, Content("<p>Hello</p>", "", "Subject: x\n", (file,)), AnyOrg(), "005000000000001AAA")


def _shrunk(value: Any) -> Any:
    """Descriptions, wherever they are in an answer, with fewer fields."""
    if isinstance(value, list):
        return [_shrunk(one) for one in value]
    if not isinstance(value, dict):
        return value
    found = {name: _shrunk(one) for name, one in value.items()}
    if isinstance(found.get("fields"), list) and "childRelationships" in found:
        kept = [one for one in found["fields"] if one["custom"] or one["name"] in _WRITTEN]
        found["fields"] = kept + found["fields"][:MOST_FIELDS]
        for one in found["fields"]:
            one["picklistValues"] = one["picklistValues"][:2]
        relations = found["childRelationships"]
        found["childRelationships"] = [one for one in relations if one["junctionIdListNames"]] + relations[:3]
    return found


_VISIT: dict[str, Value] = {"Subject": "Visit", "DurationInMinutes": 30}
_MIRRORED = {*_VISIT, *COLUMNS, *LISTS, *coming.COLUMNS}
"""As the mirror reads an Event (engine/mirror/gather.py)."""
_WRITTEN = _MIRRORED.union(*(made.fields for made in (_draft(EMAIL_MESSAGE, 1), _draft(TASK, 2))))
