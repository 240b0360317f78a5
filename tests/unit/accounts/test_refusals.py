"""Access that is refused: counted, shown, no longer tried, and over with a new grant; nothing is forgotten."""

from dataclasses import dataclass, field

import pytest

from crosstie.accounts.connection import connections, mailboxes, orgs
from crosstie.accounts.connection.connections import ConnectionDetails
from crosstie.accounts.connection.mailboxes import MailboxRef
from crosstie.accounts.sync import status as doing
from crosstie.accounts.sync.status import State
from crosstie.accounts.trouble import refusals
from crosstie.domain.mailboxes import Cursor
from crosstie.store import ticks
from crosstie.store.memory.vault import MemoryVault
from crosstie.store.models import Mailbox
from crosstie.store.states import OrgStates
from tests.unit.accounts.homes import Home, org_details
from tests.unit.accounts.test_settings import states_of

LEASE = 300.0


@pytest.fixture
def box(home: Home) -> MailboxRef:
    return home.mailbox()


@dataclass(frozen=True)
class Report:
    mailbox_id: int
    error_code: str = ""
    refused: bool = field(default=False)
    waits: bool = False
    more: bool = False

    @property
    def failed(self) -> bool:
        return bool(self.error_code)


def refuse(home: Home, box: MailboxRef, times: int, code: str = "GRAPH-SIGN-IN") -> list[int]:
    found: list[int] = []
    for _ in range(times):
        found += note(home, Report(box.mailbox_id, code, refused=True))
    return found


def note(home: Home, *reports: Report) -> list[int]:
    return refusals.note(home.org.scope, reports, home.clock.now())[0]


def org_refused(home: Home, code: str) -> bool:
    return refusals.org_failed(home.org.scope, code, home.clock.now(), refused=True)


def state(home: Home, box: MailboxRef) -> State:
    return doing.status(home.scope, box.mailbox_id, home.clock.now()).state


def tried(home: Home, box: MailboxRef) -> bool:
    states: OrgStates = states_of(home)
    lease = states.claim(box.mailbox_id, home.clock.now(), holder="a", lease_seconds=LEASE)
    if lease:
        states.release(lease, next_due=home.clock.now(), summary={}, error_code="")
    return lease is not None


@pytest.mark.parametrize(
    ("times", "shown", "still_tried"),
    [(5, State.ON, True), (6, State.NEEDS_CONSENT, True), (9, State.NEEDS_CONSENT, True),
     (10, State.NEEDS_CONSENT, False)],
)  # fmt: skip
def test_refusals_are_shown_and_then_end_the_trying(
    home: Home, box: MailboxRef, times: int, shown: State, still_tried: bool
) -> None:
    assert refuse(home, box, times) == ([] if still_tried else [box.mailbox_id])
    assert state(home, box) is shown
    assert tried(home, box) is still_tried


def test_a_session_that_was_let_in_begins_the_count_anew(home: Home, box: MailboxRef) -> None:
    refuse(home, box, 9)
    note(home, Report(box.mailbox_id))
    assert state(home, box) is State.ON
    assert refuse(home, box, 5) == []
    assert state(home, box) is State.ON


@pytest.mark.parametrize(
    "report",
    [Report(0, "GRAPH-UNAVAILABLE"), Report(0, "CRM-SESSION", refused=True), Report(0, "SLOW")],
    ids=["trouble", "Salesforce refuses", "slow"],
)
def test_other_errors_neither_add_nor_end(home: Home, box: MailboxRef, report: Report) -> None:
    refuse(home, box, 5)
    note(home, *[Report(box.mailbox_id, report.error_code, report.refused)] * 3)
    assert Mailbox.of(home.scope).get(pk=box.mailbox_id).rejections == 5


def test_a_new_grant_resumes_at_once_with_the_cursors_kept(home: Home, box: MailboxRef) -> None:
    states = states_of(home)
    lease = states.claim(box.mailbox_id, home.clock.now(), holder="a", lease_seconds=LEASE)
    assert lease is not None
    states.save_cursors(lease, [Cursor("mail/inbox", "token")])
    states.release(lease, next_due=home.clock.now(), summary={}, error_code="")
    refuse(home, box, 10)
    connections.grant(
        home.scope, ConnectionDetails("graph", "app-only"), "secret", MemoryVault(home.clock), home.clock
    )
    assert state(home, box) is State.ON
    assert tried(home, box)
    assert states.cursors(box.mailbox_id)["mail/inbox"].token == "token"


def test_a_grant_for_one_mailbox_leaves_the_others_alone(home: Home, box: MailboxRef) -> None:
    other = home.mailbox()
    for one in (box, other):
        refuse(home, one, 10)
    own = ConnectionDetails("graph", "delegated")
    connections.grant(home.scope, own, "secret", MemoryVault(home.clock), home.clock, mailbox_id=box.mailbox_id)
    assert (state(home, box), state(home, other)) == (State.ON, State.NEEDS_CONSENT)
    refuse(home, box, 10)
    connections.grant(home.scope, ConnectionDetails("graph", "app-only"), "x", MemoryVault(home.clock), home.clock)
    assert (state(home, box), state(home, other)) == (State.NEEDS_CONSENT, State.ON)


def test_a_switched_off_mailbox_is_not_switched_on_by_a_grant(home: Home, box: MailboxRef) -> None:
    refuse(home, box, 10)
    mailboxes.deactivate(home.scope, box.mailbox_id, home.clock)
    connections.grant(home.scope, ConnectionDetails("graph", "app-only"), "x", MemoryVault(home.clock), home.clock)
    assert state(home, box) is State.DISABLED


def test_other_tenants_are_never_counted(home: Home, box: MailboxRef) -> None:
    stranger = Home.make("Elsewhere", home.clock)
    theirs = stranger.mailbox()
    note(home, *[Report(theirs.mailbox_id, "GRAPH-SIGN-IN", refused=True)] * 10)
    assert state(stranger, theirs) is State.ON


def test_an_org_that_refuses_is_shown_and_then_left_until_it_is_connected_anew(
    home: Home, box: MailboxRef
) -> None:
    answers = [org_refused(home, "CRM-TOKEN-CLIENT") for _ in range(6)]
    assert state(home, box) is State.NEEDS_CONSENT
    answers += [org_refused(home, "CRM-TOKEN-CLIENT") for _ in range(4)]
    assert answers == [False] * 9 + [True]
    assert ticks.orgs_with_due_mailboxes(home.clock.now()) == []
    orgs.connect(home.scope, org_details(home.org.details.crm_org_id), home.clock)
    assert state(home, box) is State.ON
    assert ticks.orgs_with_due_mailboxes(home.clock.now()) == [home.org.scope]


def test_an_answer_ends_the_org_s_count(home: Home, box: MailboxRef) -> None:
    for _ in range(9):
        org_refused(home, "CRM-SESSION")
    refusals.org_answered(home.org.scope, home.clock.now(), complete=True)
    assert not org_refused(home, "CRM-SESSION")
    assert state(home, box) is State.ON
