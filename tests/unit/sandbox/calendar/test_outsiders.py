"""People without a mailbox here organise and answer, and calendars at Google share a meeting without a mail."""

import pytest

from sandbox.mailboxes import Mailbox, Person
from sandbox.mailboxes.calendar import Act, expand, outsiders
from tests.unit.sandbox.calendar.conftest import NINE, NORA, Office, attendees, plan, weekly

ANNA = "anna@acme.test"
HER = Person(NORA, "Nora")


def test_an_outsiders_meeting_from_first_to_last(office: Office) -> None:
    uid = outsiders.invite(office.store, HER, plan(ANNA, "omar@birch.test"))
    copy = office.store.calendar.by_uid(office.anna, uid)
    assert copy is not None
    assert (copy.organizer, copy.details.start, copy.details.answer.response) == (HER, NINE, "notResponded")
    outsiders.change(office.store, copy, {"subject": "New"})
    assert copy.details.subject == "New"
    outsiders.call_off(office.store, copy)
    assert copy.details.cancelled
    reasons = [(mail.sender, mail.reason, mail.recipients[0]) for mail in office.world.outbox.mails]
    assert reasons == [(NORA, one, ANNA) for one in ("invitation", "update", "cancellation")]


def test_an_outsiders_series(office: Office) -> None:
    uid = outsiders.invite(office.store, HER, plan(ANNA), weekly())
    copy = office.store.calendar.by_uid(office.anna, uid)
    assert copy is not None
    [_, second, third, _] = [one.original for one in expand.first(copy, 4)]
    outsiders.change(office.store, copy, {"subject": "Late"}, second)
    outsiders.call_off(office.store, copy, third)
    seen = [one.details.subject for one in expand.first(copy, 4)]
    assert seen == ["Review", "Late", "Canceled: Review", "Review"]
    outsiders.change(office.store, copy, {"text": "For all"})
    seen = [f"{one.details.subject} {one.details.text}" for one in expand.first(copy, 4)]
    assert seen == ["Review For all", "Late For all", "Canceled: Review For all", "Review For all"]


def test_an_outsider_answers(office: Office) -> None:
    made = office.meet(NORA, rule=weekly())
    outsiders.answer(office.store, HER, made, "accepted")
    second = expand.first(made, 2)[1].original
    outsiders.answer(office.store, HER, made, "declined", second)
    known = [one.details.attendees[0].answer.response for one in expand.first(made, 3)]
    assert known == ["accepted", "declined", "accepted"]
    assert [mail.mail.subject for mail in office.inbox(office.anna)] == ["Accepted: Review", "Declined: Review"]


@pytest.mark.parametrize("reset", [True, False])
def test_a_new_time_asks_everybody_again(office: Office, reset: bool) -> None:
    office.turn(new_times_reset_answers=reset)
    made = office.meet(NORA)
    outsiders.answer(office.store, HER, made, "accepted")
    office.change(made, subject="New")
    assert made.details.attendees[0].answer.response == "accepted"
    office.change(made, start=NINE.replace(hour=7))
    assert made.details.attendees[0].answer.response == ("none" if reset else "accepted")


def test_who_is_invited_to_a_series_is_invited_to_its_exceptions(office: Office) -> None:
    made = office.meet(NORA, "omar@birch.test", rule=weekly())
    second = expand.first(made, 2)[1].original
    outsiders.answer(office.store, HER, made, "declined", second)
    office.change(made, attendees=attendees(NORA, "priya@cedar.test"))
    there = expand.occurrence(made, second).details.attendees
    assert [(one.person.address, one.answer.response) for one in there] == [
        (NORA, "declined"),
        ("priya@cedar.test", "none"),
    ]


def test_an_organiser_among_the_invited_is_not_mailed(office: Office) -> None:
    made = office.store.meetings.create(office.anna, plan(ANNA, NORA))
    assert office.sent() == [("invitation", (NORA,))]
    office.store.meetings.delete(office.anna, made)
    assert office.sent() == [("cancellation", (NORA,))]


def test_a_draft_that_is_deleted_was_never_there(office: Office) -> None:
    silent = Act(tell="nobody")
    made = office.store.meetings.create(office.anna, plan(NORA, "omar@birch.test"), act=silent)
    office.store.meetings.update(office.anna, made, {"attendees": attendees(NORA)}, act=silent)
    office.store.meetings.delete(office.anna, made)
    assert office.sent() == []


@pytest.fixture
def gil(office: Office) -> Mailbox:
    return office.store.add_mailbox("gil@larch.test", "Gil", home="google")


@pytest.fixture
def gwen(office: Office) -> Mailbox:
    return office.store.add_mailbox("gwen@larch.test", "Gwen", home="google")


def test_google_shows_a_meeting_whether_or_not_it_mails(office: Office, gil: Mailbox, gwen: Mailbox) -> None:
    silent = Act(tell="nobody")
    meetings = office.store.meetings
    made = meetings.create(gil, plan("gwen@larch.test", ANNA), rule=weekly(), act=silent)
    assert (office.sent(), made.is_draft, office.store.calendar.by_uid(office.anna, made.uid)) == ([], False, None)
    assert made.uid.endswith("@google.com")
    copy = office.copy(gwen, made)
    second = expand.first(made, 2)[1].original
    meetings.update(gil, made, {"subject": "New"}, original=second, act=silent)
    assert [one.details.subject for one in expand.first(copy, 2)] == ["Review", "New"]
    meetings.answer(gwen, copy, "accepted", send=False)
    assert made.details.attendees[0].answer.response == "accepted"
    assert (office.sent(), office.inbox(gwen), office.inbox(gil)) == ([], [], [])
    meetings.delete(gil, made, act=Act(tell="outsiders"))
    assert office.sent() == [("cancellation", (ANNA,))]
    assert copy.details.cancelled


def test_exchange_does_not(office: Office, gil: Mailbox) -> None:
    made = office.store.meetings.create(office.anna, plan("gil@larch.test"), act=Act(tell="nobody"))
    assert office.store.calendar.by_uid(gil, made.uid) is None
