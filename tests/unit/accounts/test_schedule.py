"""Force, pause, start; and what a mailbox's page says about it."""

from datetime import timedelta

import pytest

from crosstie.accounts import people
from crosstie.accounts.connection import mailboxes
from crosstie.accounts.connection.mailboxes import MailboxRef
from crosstie.accounts.sync import schedule
from crosstie.accounts.sync.status import State, Status, of_scope, status
from crosstie.accounts.words import Answer, Unacceptable
from crosstie.domain.mailboxes import Lease
from crosstie.store.models import License, Mailbox, MailboxState, Profile
from tests.clocks import START
from tests.unit.accounts.homes import Home
from tests.unit.accounts.test_settings import states_of

LEASE = 300.0


@pytest.fixture
def box(home: Home) -> MailboxRef:
    return home.mailbox(home.person("Ann", "ann@acme.example"))


def begin(home: Home, box: MailboxRef) -> Lease:
    lease = states_of(home).claim(box.mailbox_id, home.clock.now(), holder="a", lease_seconds=LEASE)
    assert lease is not None
    return lease


def end(home: Home, lease: Lease, error_code: str = "", *, setback: bool = False, **summary: int) -> None:
    next_due = home.clock.now() + timedelta(minutes=30)
    states_of(home).release(lease, next_due=next_due, summary=summary, error_code=error_code, setback=setback)


def rest(home: Home, box: MailboxRef) -> None:
    """A session has been; the next one is half an hour away."""
    end(home, begin(home, box))


def force(home: Home, box: MailboxRef) -> Answer:
    return schedule.force(home.scope, box.mailbox_id, home.clock)


def shown(home: Home, box: MailboxRef) -> Status:
    return status(home.scope, box.mailbox_id, home.clock.now())


# -- force ---------------------------------------------------------------------------------------------
def test_forcing_makes_the_mailbox_due_at_once(home: Home, box: MailboxRef) -> None:
    rest(home, box)
    assert schedule.next_due(home.scope, box.mailbox_id) == START + timedelta(minutes=30)
    assert force(home, box) == Answer(True, "FORCED", "The session starts within seconds.")
    assert schedule.next_due(home.scope, box.mailbox_id) == START
    claimed = states_of(home).claim_due(home.clock.now(), holder="a", limit=10, lease_seconds=LEASE)
    assert [lease.mailbox_id for lease in claimed] == [box.mailbox_id]


def test_forcing_once_a_minute(home: Home, box: MailboxRef) -> None:
    rest(home, box)
    force(home, box)
    rest(home, box)
    home.clock.step(45)
    again = force(home, box)
    assert (again.ok, again.sentence) == (False, "Sync was forced 45 seconds ago. Try again in 15 seconds.")
    assert schedule.next_due(home.scope, box.mailbox_id) == START + timedelta(minutes=30)
    home.clock.step(15)
    assert force(home, box).ok


def test_forcing_while_a_session_runs_is_answered_clearly(home: Home, box: MailboxRef) -> None:
    lease = begin(home, box)
    home.clock.step(20)
    answered = force(home, box)
    assert (answered.ok, answered.code) == (False, "RUNNING")
    assert "has been running since 09:00 UTC" in answered.sentence
    end(home, lease)
    assert force(home, box).ok


def test_forcing_after_a_session_died_says_when_another_takes_over(home: Home, box: MailboxRef) -> None:
    begin(home, box)
    home.clock.step(LEASE + 1)
    answered = force(home, box)
    assert (answered.ok, answered.code) == (False, "STALLED")
    assert "takes over by 09:07 UTC" in answered.sentence
    home.clock.step(120)
    assert force(home, box).ok


@pytest.mark.parametrize(
    ("state", "code"),
    [
        (State.PAUSED, "PAUSED-CANNOT"),
        (State.DISABLED, "DISABLED"),
        (State.NEEDS_CONSENT, "NEEDS-CONSENT"),
        (State.SUSPENDED, "SUSPENDED"),
        (State.NO_LICENSE, "LICENSE-LACKING"),
        (State.PROFILE_OFF, "PROFILE-OFF"),
    ],
)
def test_forcing_what_must_not_run_changes_nothing(home: Home, box: MailboxRef, state: State, code: str) -> None:
    rest(home, box)
    put_in(home, box, state)
    before = Mailbox.of(home.scope).get().due_at
    answered = force(home, box)
    assert (answered.ok, answered.code) == (False, code)
    assert Mailbox.of(home.scope).get().due_at == before
    assert shown(home, box).state is state
    is_tried = state in (State.NEEDS_CONSENT, State.SUSPENDED)
    assert shown(home, box).next_at == (before if is_tried else None), "what was suspended is tried now and then"
    claimed = states_of(home).claim(box.mailbox_id, home.clock.now(), holder="a", lease_seconds=LEASE)
    assert (claimed is None) is True


def put_in(home: Home, box: MailboxRef, state: State) -> None:
    rows = Mailbox.of(home.scope).filter(pk=box.mailbox_id)
    if state is State.PAUSED:
        schedule.pause(home.scope, box.mailbox_id, home.clock)
    elif state is State.DISABLED:
        mailboxes.deactivate(home.scope, box.mailbox_id, home.clock)
    elif state is State.NEEDS_CONSENT:
        rows.update(state=MailboxState.NEEDS_CONSENT)
    elif state is State.SUSPENDED:
        rows.update(state=MailboxState.SUSPENDED)
    elif state is State.NO_LICENSE:
        people.give_license(home.scope, box.person_id, "", home.clock)
    else:
        Profile.of(home.scope).update(sync_enabled=False)


def test_an_inactive_licence_is_no_licence(home: Home, box: MailboxRef) -> None:
    License.of(home.scope).update(active=False)
    assert shown(home, box).state is State.NO_LICENSE
    assert states_of(home).claim_due(home.clock.now(), holder="a", limit=9, lease_seconds=LEASE) == []


# -- pause ---------------------------------------------------------------------------------------------
def test_pause_and_start(home: Home, box: MailboxRef) -> None:
    rest(home, box)
    assert schedule.pause(home.scope, box.mailbox_id, home.clock).code == "PAUSED"
    assert schedule.pause(home.scope, box.mailbox_id, home.clock).code == "PAUSED-ALREADY"
    assert schedule.next_due(home.scope, box.mailbox_id) is None
    home.clock.step(7200)
    assert schedule.resume(home.scope, box.mailbox_id, home.clock).code == "RESUMED"
    assert schedule.resume(home.scope, box.mailbox_id, home.clock).code == "RUNS-ALREADY"
    assert schedule.next_due(home.scope, box.mailbox_id) == home.clock.now()


def test_pausing_during_a_session_lets_it_end(home: Home, box: MailboxRef) -> None:
    lease = begin(home, box)
    assert schedule.pause(home.scope, box.mailbox_id, home.clock).code == "PAUSED-WHILE-RUNNING"
    states_of(home).save_items(lease, [], awaits={})
    end(home, lease)
    home.clock.step(3600)
    assert states_of(home).claim_due(home.clock.now(), holder="a", limit=9, lease_seconds=LEASE) == []


def test_strangers_reach_no_switch(home: Home, stranger: Home, box: MailboxRef) -> None:
    for act in (schedule.force, schedule.pause, schedule.resume):
        with pytest.raises(Unacceptable):
            act(stranger.scope, box.mailbox_id, home.clock)
    with pytest.raises(Unacceptable):
        schedule.next_due(stranger.scope, box.mailbox_id)
    with pytest.raises(Unacceptable):
        status(stranger.scope, box.mailbox_id, home.clock.now())
    assert of_scope(stranger.scope, home.clock.now()) == []
    assert not Mailbox.of(home.scope).get().paused


# -- status --------------------------------------------------------------------------------------------
def test_a_new_mailbox(home: Home, box: MailboxRef) -> None:
    found = shown(home, box)
    assert (found.state, found.last, found.next_at) == (State.ON, None, START)
    assert found.sentence == "Sync is on. The next session starts within seconds."
    assert found.last_sentence == "There has been no session yet."
    assert of_scope(home.scope, home.clock.now()) == [found]


def test_between_two_sessions(home: Home, box: MailboxRef) -> None:
    lease = begin(home, box)
    home.clock.step(12)
    end(home, lease, saved=3, skipped=1, issue=0)
    found = shown(home, box)
    assert found.sentence == "Sync is on. The next session starts at 09:30 UTC."
    assert found.last_sentence == "The last session: 3 saved, 1 skipped."
    assert found.last
    assert (found.last.started_at, found.last.ended_at) == (START, START + timedelta(seconds=12))
    assert found.interval == timedelta(minutes=30)


def test_while_one_runs(home: Home, box: MailboxRef) -> None:
    rest(home, box)
    home.clock.step(1800)
    begin(home, box)
    found = shown(home, box)
    assert (found.state, found.running_since, found.next_at) == (State.RUNNING, home.clock.now(), None)
    assert found.last
    assert (found.last.started_at, found.last.ended_at) == (None, START)
    assert found.last_sentence == "The last session found nothing to do."


def test_sessions_that_failed_are_counted(home: Home, box: MailboxRef) -> None:
    for code in ("GRAPH-503", "GRAPH-503"):
        end(home, begin(home, box), code)
    found = shown(home, box)
    assert found.failures == 2
    assert found.last_sentence == "The last session stopped early (GRAPH-503); the next one goes on from there."
    end(home, begin(home, box), saved=1)
    assert shown(home, box).failures == 0


def test_who_waits_longer_after_trouble_is_told_so_and_until_when(home: Home, box: MailboxRef) -> None:
    """Work that was put off is no failure, and the longer wait had no word of explanation."""
    for _ in range(2):
        end(home, begin(home, box), setback=True)
    found = shown(home, box)
    assert (found.state, found.failures, found.next_at) == (State.ON, 0, START + timedelta(minutes=30))
    assert found.sentence == (
        "Sync is on and waits longer after trouble: 2 times in a row a session could not do all its work. "
        "The next one starts at 09:30 UTC."
    )
    end(home, begin(home, box))
    assert shown(home, box).sentence == "Sync is on. The next session starts at 09:30 UTC."
