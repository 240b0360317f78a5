"""One sentence for any item."""

import pytest

from crosstie.accounts.sync.why import Why, why
from crosstie.domain import reasons
from crosstie.domain.mailboxes import Lease, MailboxInfo
from crosstie.domain.reasons import KINDS, Outcome, Reason, reason
from crosstie.domain.settings import Settings
from crosstie.ports.journal import Status
from crosstie.store.memory import MemoryJournal, MemoryOrg, MemoryStates
from tests import mails
from tests.clocks import START, StepClock

BOX = 7


@pytest.fixture
def org(clock: StepClock) -> MemoryOrg:
    made = MemoryOrg(1, clock)
    made.add_mailbox(MailboxInfo(BOX, 1, "ann@acme.example", "005A", START, Settings()))
    return made


@pytest.fixture
def lease(org: MemoryOrg, clock: StepClock) -> Lease:
    taken = MemoryStates(org).claim(BOX, clock.now(), holder="a", lease_seconds=60)
    assert taken is not None
    return taken


def asked(org: MemoryOrg, *items: str) -> dict[str, Why]:
    return dict(why(MemoryJournal(org), MemoryStates(org), BOX, items))


def test_the_journals_last_word(org: MemoryOrg, lease: Lease) -> None:
    (entry,) = MemoryJournal(org).plan(lease, [mails.save("a")])
    MemoryJournal(org).send(lease, [entry])
    refused = reason(reasons.REQUIRED, fields="Industry")
    MemoryJournal(org).finish(lease, entry, Status.STUCK, refused)
    found = asked(org, "a")["a"]
    assert (found.code, found.outcome) == ("CRM-REQUIRED", Outcome.ISSUE)
    assert found.sentence == refused.sentence
    assert "Industry" in found.sentence


def test_a_saved_mail_names_its_record(org: MemoryOrg, lease: Lease) -> None:
    (entry,) = MemoryJournal(org).plan(lease, [mails.save("a")])
    MemoryJournal(org).finish(lease, entry, Status.DONE, mails.SAVED, mails.TASK)
    found = asked(org, "a")["a"]
    assert (found.record, found.sentence) == (mails.TASK, "Saved automatically to Salesforce as Task.")


@pytest.mark.parametrize("sent", [False, True])
def test_what_is_under_way_is_not_said_to_be_saved(org: MemoryOrg, lease: Lease, sent: bool) -> None:
    (entry,) = MemoryJournal(org).plan(lease, [mails.save("a")])
    if sent:
        MemoryJournal(org).send(lease, [entry])
    found = asked(org, "a")["a"]
    assert (found.code, found.outcome) == ("MAIL-UNDER-WAY", Outcome.WAITING)


def test_an_item_whose_journal_is_gone(org: MemoryOrg, lease: Lease) -> None:
    states = [mails.state("a", "MAIL-SAVED", record=mails.TASK), mails.state("b", "MAIL-BLOCKED")]
    MemoryStates(org).save_items(lease, states, awaits={})
    found = asked(org, "a", "b")
    assert found["a"].sentence == "Saved automatically to Salesforce as Task."
    assert found["b"].sentence.endswith("on … blocklist.")


def test_an_item_nobody_has_heard_of(org: MemoryOrg) -> None:
    found = asked(org, "x")["x"]
    assert (found.code, found.outcome, found.at) == ("MAIL-NEVER-SEEN", None, None)
    assert "Inbox" in found.sentence


def test_a_reason_of_another_version(org: MemoryOrg, lease: Lease) -> None:
    MemoryStates(org).save_items(lease, [mails.state("a", "MAIL-FUTURE")], awaits={})
    assert "MAIL-FUTURE" in asked(org, "a")["a"].sentence


@pytest.mark.parametrize("code", KINDS)
def test_every_reason_can_be_said_without_its_parameters(org: MemoryOrg, lease: Lease, code: str) -> None:
    MemoryJournal(org).plan(lease, [mails.skip("a", Reason(KINDS[code]))])
    found = asked(org, "a", "a")
    assert list(found) == ["a"]
    assert found["a"].code == code
    assert "{" not in found["a"].sentence
