"""Who is told that sync has stopped, how often, and what a dying sender leaves behind."""

import re
import smtplib
from collections.abc import Callable
from dataclasses import dataclass, field, replace

import pytest

from crosstie.accounts import people
from crosstie.accounts.audit import SYSTEM
from crosstie.accounts.connection import mailboxes
from crosstie.accounts.connection.mailboxes import MailboxRef
from crosstie.accounts.governance import settings
from crosstie.accounts.trouble import noticing, refusals
from crosstie.accounts.trouble.noticing import House
from crosstie.jobs import mailing
from crosstie.store.models import Notice, Org, Person, Role, Scope, Stop
from tests.unit.accounts.homes import Home
from tests.unit.accounts.test_refusals import Report, note

DAY = 24 * 3600.0


@dataclass
class Post:
    """A mail server that remembers what it took."""

    home: Home
    taken: list[tuple[str, str, str]] = field(default_factory=list)
    """To whom, Message-ID, subject."""
    trouble: Callable[[], None] = field(default=lambda: None)

    def send(self, notice: Notice) -> None:
        self.trouble()
        self.taken.append((notice.address, notice.message_id, notice.subject))

    def run(self) -> list[str]:
        """Whom this run wrote to."""
        before = len(self.taken)
        noticing.decide(House("https://sync.example.com/mend", "sync.example.com", self.home.clock))
        mailing.send_owed(self.send, self.home.clock)
        return [address for address, _, _ in self.taken[before:]]


@pytest.fixture
def post(home: Home) -> Post:
    home.person(address="boss@acme.example")
    return Post(home)


def stop(home: Home, box: MailboxRef, code: str = "GRAPH-NO-MAILBOX") -> None:
    for _ in range(10):
        note(home, Report(box.mailbox_id, code))


def run_again(home: Home, box: MailboxRef) -> None:
    refusals.again(home.scope, [box.mailbox_id], home.clock.now())
    note(home, Report(box.mailbox_id))


def fail(home: Home, times: int = 10, code: str = "CRM-TOKEN-INACTIVE-USER") -> None:
    for _ in range(times):
        refusals.org_failed(home.org.scope, code, home.clock.now(), refused=True)


def setting(home: Home, name: str, value: str, address: str = "") -> None:
    place = settings.EVERYBODY
    if address:
        place = settings.for_person(home.scope, people.find(home.scope, address).person_id)
    settings.put(home.scope, place, name, value, home.clock)


def test_each_is_written_to_in_the_language_they_chose(home: Home, post: Post) -> None:
    boss = people.find(home.scope, "boss@acme.example")
    other = home.person(address="chef@acme.example")
    people.give_role(home.scope, other.person_id, Role.PLATFORM_ADMIN, home.clock)
    assert post.run() == [other.address], "of their role"
    people.choose_language(home.scope, other.person_id, "de", home.clock, SYSTEM)
    setting(home, "notices.addresses", "desk@acme.example")
    box = home.mailbox()
    stop(home, box)
    assert post.run() == [boss.address, other.address, "desk@acme.example"]
    bodies = {row.address: (row.subject, row.body) for row in Notice.of(home.scope).filter(about="stopped")}
    english, german, desk = (bodies[address] for address in (boss.address, other.address, "desk@acme.example"))
    assert english[0] == desk[0] == f"Action required: sync suspended for {box.address}"
    assert german[0] == f"Bitte handeln: Synchronisierung angehalten für {box.address}"
    for part in (
        "Guten Tag ",
        "wurde am ",
        "Grund: Microsoft hat kein Postfach zu",
        "Was zu tun ist:\n  1. Öffnen Sie https://",
    ):
        assert part in german[1], german[1]
    for part in ("Hello", "Reason", "What to do", " on ", "Nothing is lost"):
        assert part not in german[1], german[1]
    run_again(home, box)
    post.run()
    assert [subject for _, _, subject in post.taken[-3:]] == [
        f"Sync runs again for {box.address}",
        f"Die Synchronisierung läuft wieder für {box.address}",
        f"Sync runs again for {box.address}",
    ]


def test_who_has_chosen_none_is_written_to_in_the_tenants_language(home: Home, post: Post) -> None:
    """Of several mailboxes, and a month whose name is another."""
    setting(home, "notices.language", "de")
    people.choose_language(
        home.scope, people.find(home.scope, "boss@acme.example").person_id, "en", home.clock, SYSTEM
    )
    setting(home, "notices.addresses", "desk@acme.example")
    for _ in range(22):
        stop(home, home.mailbox())
    post.run()
    assert [subject.partition(" ")[0] for _, _, subject in post.taken] == ["Action", "Bitte"]
    body = Notice.of(home.scope).get(address="desk@acme.example").body
    assert "für 22 Postfächer" in body
    assert "  und 2 weitere" in body
    assert re.search(r"am \d+\. [A-Z][a-zä]+ 20\d\d, \d\d:\d\d UTC", body), body


def test_an_administrator_is_told_once_of_all_that_has_the_same_cause(home: Home, post: Post) -> None:
    first, second, third = home.mailbox(), home.mailbox(), home.mailbox()
    stop(home, first)
    stop(home, second)
    assert post.run() == ["boss@acme.example"]
    stop(home, third)
    home.clock.step(2 * DAY)
    assert post.run() == [], "it goes on, and they know"
    stop(home, third, "GRAPH-APP-SECRET")
    body = Notice.of(home.scope).get().body
    assert first.address in body
    assert second.address in body
    for box in (first, second):
        run_again(home, box)
    assert post.run() == [], "one has not come back"
    run_again(home, third)
    assert post.run() == ["boss@acme.example"]
    assert post.taken[-1][2] == "Sync runs again for 3 mailboxes"
    assert post.run() == []


def test_what_stops_again_waits_for_a_day(home: Home, post: Post) -> None:
    box = home.mailbox()
    stop(home, box)
    post.run()
    run_again(home, box)
    assert len(post.run()) == 1
    stop(home, box)
    assert post.run() == []
    home.clock.step(DAY - 60)
    assert post.run() == []
    home.clock.step(120)
    assert post.run() == ["boss@acme.example"], "it is still so"


def test_nobody_gets_more_than_five_a_day(home: Home, post: Post) -> None:
    for code in (
        "GRAPH-NO-MAILBOX",
        "GRAPH-APP-X",
        "GRAPH-ODD",
        "GRAPH-SIGN-IN-POLICY",
        "NET-LOST",
        "GRAPH-SIGN-IN",
    ):
        stop(home, home.mailbox(), code)
    assert len(post.run()) == noticing.MOST_A_DAY
    home.clock.step(DAY + 1)
    assert len(post.run()) == 1


def test_an_org_s_stop_is_one_mail_and_its_mailboxes_add_none(home: Home, post: Post) -> None:
    box = home.mailbox()
    fail(home, 9)
    assert post.run() == []
    fail(home, 1)
    stop(home, box, "CRM-HTTP-500")
    assert Stop.of(home.scope).count() == 2
    assert post.run() == ["boss@acme.example"]
    fail(home, 5)
    home.clock.step(2 * DAY)
    assert post.run() == []


def test_an_administrator_may_opt_out_and_a_lock_holds(home: Home, post: Post) -> None:
    help_ = home.person(address="help@acme.example")
    Person.of(home.scope).filter(pk=help_.person_id).update(role=Role.PLATFORM_ADMIN)
    setting(home, "notices.admin", "off", "boss@acme.example")
    stop(home, home.mailbox())
    assert post.run() == ["help@acme.example"]
    settings.put(home.scope, settings.EVERYBODY, "notices.admin", "off", home.clock, locked=True)
    stop(home, home.mailbox(), "GRAPH-APP-SECRET")
    assert post.run() == []
    assert not Stop.of(home.scope).filter(decided_at=None).exists()


def test_named_addresses_are_told_as_well(home: Home, post: Post) -> None:
    setting(home, "notices.addresses", "desk@acme.example boss@acme.example")
    stop(home, home.mailbox())
    assert sorted(post.run()) == ["boss@acme.example", "desk@acme.example"]


def test_a_profile_s_administrator_is_told_of_its_mailboxes_alone(home: Home, post: Post) -> None:
    lead = home.person(address="lead@acme.example")
    Person.of(home.scope).filter(pk=lead.person_id).update(role=Role.PROFILE_ADMIN)
    stop(home, home.mailbox())
    assert sorted(post.run()) == ["boss@acme.example", "lead@acme.example"]
    fail(home)
    assert post.run() == ["boss@acme.example"], "an org is everybody's"


def test_where_nobody_administers_whoever_is_concerned_is_told(home: Home, post: Post) -> None:
    Person.of(home.scope).update(role=Role.USER)
    box = home.mailbox()
    stop(home, box)
    assert post.run() == [box.address]


def test_tenants_are_apart(home: Home, post: Post, stranger: Home) -> None:
    theirs = stranger.person(address="chief@globex.example")
    other = stranger.mailbox(theirs)
    stop(stranger, other)
    assert post.run() == ["chief@globex.example"]
    stop(home, home.mailbox())
    assert post.run() == ["boss@acme.example"]
    ours, foreign = Notice.of(home.scope).get(), Notice.of(stranger.scope).get()
    assert other.address not in ours.body
    assert foreign.stops != ours.stops
    assert "acme" not in foreign.body.casefold()


def test_what_runs_again_before_it_was_sent_is_not_sent(home: Home, post: Post) -> None:
    box = home.mailbox()
    stop(home, box)
    noticing.decide(House("x", "x", home.clock))
    run_again(home, box)
    assert post.run() == []
    assert Notice.of(home.scope).get().dropped == "moot"


def test_a_mailbox_that_is_switched_off_is_nobody_s_trouble(home: Home, post: Post) -> None:
    box = home.mailbox()
    stop(home, box)
    post.run()
    mailboxes.deactivate(home.scope, box.mailbox_id, home.clock)
    assert post.run() == []
    assert Stop.of(home.scope).count() == 0


class Died(BaseException):
    """What kill -9 looks like from within."""


def test_a_worker_that_dies_before_sending_leaves_it_to_the_next(home: Home, post: Post) -> None:
    stop(home, home.mailbox())

    def die() -> None:
        raise Died

    post.trouble = die
    with pytest.raises(Died):
        post.run()
    post.trouble = lambda: None
    assert post.run() == [], "somebody may be sending it just now"
    home.clock.step(mailing.CLAIM.total_seconds() + 1)
    assert post.run() == ["boss@acme.example"]
    home.clock.step(DAY)
    assert post.run() == []


def test_a_worker_that_dies_after_sending_leaves_a_repeat_that_is_known_as_one(home: Home, post: Post) -> None:
    stop(home, home.mailbox())

    def taken_and_dead(notice: Notice) -> None:
        post.send(notice)
        raise Died

    noticing.decide(House("x", "sync.example.com", home.clock))
    with pytest.raises(Died):
        mailing.send_owed(taken_and_dead, home.clock)
    home.clock.step(mailing.CLAIM.total_seconds() + 1)
    post.run()
    (first, second) = post.taken
    assert first == second, "the same Message-ID"
    home.clock.step(DAY)
    assert post.run() == []


def test_a_server_that_is_away_is_tried_again_later_and_later(home: Home, post: Post) -> None:
    stop(home, home.mailbox())

    def away() -> None:
        raise ConnectionRefusedError

    post.trouble = away
    for _ in range(60):
        post.run()
        home.clock.step(60)
    tries = Notice.of(home.scope).get().tries
    assert 3 <= tries <= 5
    post.trouble = lambda: None
    home.clock.step(6 * 3600)
    assert post.run() == ["boss@acme.example"]


def test_an_address_that_is_refused_for_good_is_let_be(home: Home, post: Post) -> None:
    stop(home, home.mailbox())

    def unknown() -> None:
        raise smtplib.SMTPRecipientsRefused({"boss@acme.example": (550, b"no such user")})

    post.trouble = unknown
    post.run()
    assert (Notice.of(home.scope).get().dropped, Notice.of(home.scope).get().due_at) == ("refused", None)


def test_what_could_not_be_sent_for_a_week_helps_nobody(home: Home, post: Post) -> None:
    stop(home, home.mailbox())
    noticing.decide(House("x", "x", home.clock))
    home.clock.step(8 * DAY)
    assert post.run() == []
    assert Notice.of(home.scope).get().dropped == "lapsed"


def test_two_senders_share_what_is_owed(home: Home, post: Post) -> None:
    for code in ("GRAPH-NO-MAILBOX", "GRAPH-ODD"):
        stop(home, home.mailbox(), code)
    other = replace(post, taken=[])

    def meanwhile() -> None:
        post.trouble = lambda: None
        mailing.send_owed(other.send, home.clock)

    post.trouble = meanwhile
    post.run()
    assert [len(post.taken), len(other.taken)] == [1, 1]
    assert post.taken[0][1] != other.taken[0][1]


def test_nothing_of_a_mail_can_forge_a_line(home: Home, post: Post) -> None:
    """An org's label is what somebody typed."""
    Org.of(Scope(home.scope.tenant_id)).update(label="Acme\nBcc: all@acme.example")
    fail(home)
    post.run()
    assert post.taken[0][2] == "Action required: sync suspended for all mailboxes of Acme Bcc: all@acme.example"
