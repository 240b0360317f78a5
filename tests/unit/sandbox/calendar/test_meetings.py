"""Who is mailed when an organiser or the invited do something, and what becomes of everybody's copies."""

import pickle
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from sandbox.mailboxes import Person
from sandbox.mailboxes.calendar import (
    Act,
    AlreadyCancelled,
    IsTheOrganizer,
    NoAnswerWanted,
    NoMeeting,
    NotTheOrganizer,
    expand,
)
from sandbox.mailboxes.calendar.meetings import Tell
from sandbox.world import World
from tests.unit.sandbox.calendar.conftest import NINE, NORA, Office, attendees, plan, weekly

BEN = "ben@acme.test"
CLEO = "cleo@cedar.test"


def test_an_invitation_reaches_everybody(office: Office) -> None:
    made = office.store.meetings.create(office.anna, plan(BEN, NORA, text="Bring numbers."))
    assert office.sent() == [("invitation", (BEN, NORA))]
    [mail] = office.inbox(office.ben)
    assert (mail.mail.subject, mail.mail.item_class) == ("Review", "IPM.Schedule.Meeting.Request")
    copy = office.copy(office.ben, made)
    assert (copy.is_organizer, copy.organizer.address) == (False, "anna@acme.test")
    details = copy.details
    assert (details.start, details.show_as, details.answer.response) == (NINE, "tentative", "notResponded")
    assert (details.text, details.start_zone) == ("Bring numbers.", "Europe/Berlin")
    assert [one.person.address for one in details.attendees] == [BEN, NORA]
    assert made.details.answer.response == "organizer"
    [sent] = office.store.find(office.anna, folder="sentitems")
    assert sent.mail.item_class == "IPM.Schedule.Meeting.Request"


def test_an_event_of_ones_own_mails_nobody(office: Office) -> None:
    made = office.store.meetings.create(office.anna, plan())
    office.change(made, subject="Other")
    office.store.meetings.delete(office.anna, made)
    assert office.sent() == []


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"subject": "New"}, True),
        ({"text": "More"}, True),
        ({"start": NINE + timedelta(hours=2), "end": NINE + timedelta(hours=3)}, True),
        ({"subject": "Review"}, False),
        ({"categories": ("Blue category",)}, False),
        ({"show_as": "oof"}, False),
        ({"reminder": 5}, False),
        ({"sensitivity": "private"}, False),
    ],
)
def test_what_the_invited_are_told_of(office: Office, changes: dict[str, Any], told: bool) -> None:
    made = office.meet(BEN, NORA)
    office.change(made, **changes)
    assert office.sent() == ([("update", (BEN, NORA))] if told else [])


@pytest.mark.parametrize("on", [True, False])
def test_own_changes_may_be_announced(office: Office, on: bool) -> None:
    office.turn(own_changes_are_announced=on)
    made = office.meet(BEN)
    office.change(made, categories=("Blue category",))
    assert office.sent() == ([("update", (BEN,))] if on else [])


@pytest.mark.parametrize("on", [True, False])
def test_same_values_may_be_announced(office: Office, on: bool) -> None:
    office.turn(same_values_are_announced=on)
    made = office.meet(BEN)
    office.change(made, subject="Review", show_as="free")
    assert office.sent() == ([("update", (BEN,))] if on else [])


def test_only_those_who_come_or_go_are_told_when_nothing_else_changes(office: Office) -> None:
    made = office.meet(BEN, NORA)
    office.change(made, attendees=attendees(BEN, CLEO))
    assert office.sent() == [("cancellation", (NORA,)), ("invitation", (CLEO,))]
    office.change(made, attendees=attendees(CLEO), subject="New")
    assert office.sent() == [("cancellation", (BEN,)), ("update", (CLEO,))]
    copy = office.copy(office.ben, made)
    assert (copy.details.cancelled, copy.details.subject) == (True, "Canceled: Review")
    assert copy.details.show_as == "free"


def test_another_role_is_told_to_whom_it_concerns(office: Office) -> None:
    made = office.meet(BEN, NORA)
    office.change(made, attendees=attendees(BEN, optional=[NORA]))
    assert office.sent() == [("update", (NORA,))]
    office.change(made, attendees=attendees(optional=[NORA, BEN]), act=Act(tell="changed"), subject="New")
    assert office.sent() == [("update", (BEN,))]
    assert [one.role for one in office.copy(office.ben, made).details.attendees] == ["optional", "optional"]


@pytest.mark.parametrize("allowed", [True, False])
def test_a_copy_may_be_changed_or_not(office: Office, allowed: bool) -> None:
    office.turn(copies_may_be_changed=allowed)
    copy = office.copy(office.ben, office.meet(BEN))
    office.store.meetings.update(office.ben, copy, {"subject": "Review", "categories": ("Mine",)})
    for changes, rule in (({"subject": "Mine"}, "kept"), ({}, weekly())):
        if allowed:
            office.store.meetings.update(office.ben, copy, changes, rule=rule)  # type: ignore[arg-type]
        else:
            with pytest.raises(NotTheOrganizer):
                office.store.meetings.update(office.ben, copy, changes, rule=rule)  # type: ignore[arg-type]
    assert (copy.details.subject, copy.details.categories) == ("Mine" if allowed else "Review", ("Mine",))
    assert (copy.rule is None, office.sent()) == (not allowed, [])


@pytest.mark.parametrize("declines", [True, False])
def test_a_deleted_copy(office: Office, declines: bool) -> None:
    office.turn(deleted_copy_declines=declines)
    made, silent = office.meet(BEN), office.meet(BEN)
    office.store.meetings.delete(office.ben, office.copy(office.ben, made))
    assert office.sent() == ([("answer", ("anna@acme.test",))] if declines else [])
    assert made.details.attendees[0].answer.response == ("declined" if declines else "none")
    office.store.meetings.delete(office.ben, office.copy(office.ben, silent), act=Act(tell="nobody"))
    called_off = office.meet(BEN)
    office.store.meetings.cancel(office.anna, called_off)
    office.told = len(office.world.outbox.mails)
    office.store.meetings.delete(office.ben, office.copy(office.ben, called_off))
    assert office.sent() == []


def test_an_update_keeps_what_is_the_attendees_own(office: Office) -> None:
    made = office.meet(BEN)
    copy = office.copy(office.ben, made)
    office.store.meetings.answer(office.ben, copy, "accepted")
    own = {"categories": ("Mine",), "reminder": 5, "sensitivity": "private"}
    office.store.meetings.update(office.ben, copy, own)
    office.change(made, subject="New")
    assert (copy.details.subject, copy.details.categories) == ("New", ("Mine",))
    assert (copy.details.answer.response, copy.details.show_as) == ("accepted", "busy")
    office.change(made, start=NINE + timedelta(days=1), end=NINE + timedelta(days=1, hours=1))
    assert (copy.details.answer.response, copy.details.show_as) == ("notResponded", "tentative")
    assert (copy.details.categories, copy.details.reminder) == (("Mine",), 5)
    assert copy.details.start == NINE + timedelta(days=1)


def test_an_attendees_change_stays_on_the_copy(office: Office) -> None:
    made = office.meet(BEN, NORA)
    copy = office.copy(office.ben, made)
    office.store.meetings.update(office.ben, copy, {"subject": "Mine", "text": "Notes"})
    assert (office.sent(), made.details.subject, copy.details.subject) == ([], "Review", "Mine")
    office.change(made, text="Agenda")
    assert copy.details.subject == "Review"


@pytest.mark.parametrize("on", [True, False])
def test_attendees_do_not_say_who_comes(office: Office, on: bool) -> None:
    office.turn(attendees_are_read_only=on)
    made = office.meet(BEN)
    copy = office.copy(office.ben, made)
    changes = {"attendees": attendees(BEN, NORA), "subject": "Mine"}
    if on:
        with pytest.raises(NotTheOrganizer):
            office.store.meetings.update(office.ben, copy, changes)
    else:
        office.store.meetings.update(office.ben, copy, changes)
    assert [one.person.address for one in copy.details.attendees] == [BEN]
    assert copy.details.subject == ("Review" if on else "Mine")
    assert office.sent() == []


@pytest.mark.parametrize("on", [True, False])
def test_a_series_tells_of_its_exceptions(office: Office, on: bool) -> None:
    office.turn(every_exception_is_announced=on)
    made = office.meet(BEN, rule=weekly())
    [_, second, third, _] = [one.original for one in expand.first(made, 4)]
    for original in (second, third):
        office.change(made, original, subject="Moved")  # type: ignore[arg-type]
    assert office.sent() == [("update", (BEN,))] * 2
    office.change(made, text="All")
    assert office.sent() == [("update", (BEN,))] * (3 if on else 1)
    copy = office.copy(office.ben, made)
    subjects = [one.details.subject for one in expand.first(copy, 4)]
    assert subjects == ["Review", "Moved", "Moved", "Review"]
    assert {one.details.text for one in expand.first(copy, 4)} == {"All"}


def test_one_occurrence_is_called_off(office: Office) -> None:
    made = office.meet(BEN, NORA, rule=weekly())
    [_, second, third, _] = [one.original for one in expand.first(made, 4)]
    office.store.meetings.delete(office.anna, made, original=second)
    office.store.meetings.cancel(office.anna, made, original=third, comment="Holiday")
    assert office.sent() == [("cancellation", (BEN, NORA))] * 2
    copy = office.copy(office.ben, made)
    seen = expand.first(copy, 4)
    assert [one.details.cancelled for one in seen] == [False, True, True, False]
    assert len(expand.first(made, 4)) == 2


def test_delete_and_cancel_tell_everybody(office: Office) -> None:
    for act in (office.store.meetings.delete, office.store.meetings.cancel):
        made = office.meet(BEN, NORA)
        act(office.anna, made)
        assert office.sent() == [("cancellation", (BEN, NORA))]
        assert made.calendar == 0
        copy = office.copy(office.ben, made)
        assert copy.details.cancelled
        office.store.meetings.delete(office.anna, made)
        assert made.number not in office.anna.appointments
        office.store.meetings.delete(office.ben, copy)
        assert (copy.calendar, office.sent()) == (0, [])


def test_who_may_call_off(office: Office) -> None:
    made = office.meet(BEN)
    with pytest.raises(NotTheOrganizer):
        office.store.meetings.cancel(office.ben, office.copy(office.ben, made))
    with pytest.raises(NoMeeting):
        office.store.meetings.cancel(office.anna, office.meet())
    assert office.sent() == []


@pytest.mark.parametrize(
    ("response", "shown", "word"),
    [("accepted", "busy", "Accepted"), ("tentativelyAccepted", "tentative", "Tentative")],
)
def test_an_answer_reaches_the_organiser(office: Office, response: Any, shown: str, word: str) -> None:
    made = office.meet(BEN, NORA)
    copy = office.copy(office.ben, made)
    office.store.meetings.answer(office.ben, copy, response, comment="Gladly")
    assert office.sent() == [("answer", ("anna@acme.test",))]
    assert (copy.details.answer.response, copy.details.show_as) == (response, shown)
    [mail] = office.inbox(office.anna)
    assert (mail.mail.subject, mail.mail.text) == (f"{word}: Review", "Gladly\r\n")
    [ben, nora] = made.details.attendees
    assert (ben.answer.response, nora.answer.response) == (response, "none")
    assert ben.answer.at is not None


def test_who_is_invited_by_an_alias_answers_by_it(office: Office) -> None:
    made = office.meet("B.Bo@acme.test")
    office.store.meetings.answer(office.ben, office.copy(office.ben, made), "accepted")
    assert [(one.person.address, one.answer.response) for one in made.details.attendees] == [
        ("B.Bo@acme.test", "accepted")
    ]


@pytest.mark.parametrize("stays", [True, False])
def test_a_decline(office: Office, stays: bool) -> None:
    office.turn(declined_stay=stays)
    made = office.meet(BEN)
    copy = office.copy(office.ben, made)
    office.store.meetings.answer(office.ben, copy, "declined")
    assert made.details.attendees[0].answer.response == "declined"
    assert (copy.calendar, copy.details.answer.response) == (1 if stays else 0, "declined")
    office.change(made, subject="New")
    assert office.copy(office.ben, made).details.subject == "New"


@pytest.mark.parametrize("binned", [True, False])
def test_what_becomes_of_an_answered_request(office: Office, binned: bool) -> None:
    office.turn(answered_requests_are_binned=binned)
    made = office.meet(BEN)
    office.store.meetings.answer(office.ben, office.copy(office.ben, made), "accepted")
    assert len(office.inbox(office.ben)) == (0 if binned else 1)


def test_an_answer_that_is_not_sent(office: Office) -> None:
    made = office.meet(BEN)
    copy = office.copy(office.ben, made)
    office.store.meetings.answer(office.ben, copy, "accepted", send=False)
    assert (office.sent(), made.details.attendees[0].answer.response) == ([], "none")
    assert copy.details.answer.response == "accepted"


def test_another_time_is_proposed(office: Office) -> None:
    made = office.meet(BEN)
    later = (NINE + timedelta(hours=5), NINE + timedelta(hours=6))
    copy = office.copy(office.ben, made)
    office.store.meetings.answer(office.ben, copy, "tentativelyAccepted", proposed=later)
    [ben] = made.details.attendees
    assert (ben.answer.response, ben.proposed) == ("tentativelyAccepted", later)
    assert (made.details.start, copy.details.start) == (NINE, NINE)


def test_who_may_answer(office: Office) -> None:
    made = office.meet(BEN)
    with pytest.raises(IsTheOrganizer):
        office.store.meetings.answer(office.anna, made, "accepted")
    copy = office.copy(office.ben, made)
    office.store.meetings.cancel(office.anna, made)
    with pytest.raises(AlreadyCancelled):
        office.store.meetings.answer(office.ben, copy, "accepted")
    quiet = office.meet(BEN, wants_answers=False)
    with pytest.raises(NoAnswerWanted):
        office.store.meetings.answer(office.ben, office.copy(office.ben, quiet), "accepted")


def test_one_occurrence_is_answered(office: Office) -> None:
    made = office.meet(BEN, rule=weekly())
    copy = office.copy(office.ben, made)
    [first, second, *_] = [one.original for one in expand.first(copy, 4)]
    office.store.meetings.answer(office.ben, copy, "declined", original=second)
    office.store.meetings.answer(office.ben, copy, "accepted", original=first)
    known = [one.details.attendees[0].answer.response for one in expand.first(made, 3)]
    assert known == ["accepted", "declined", "none"]
    assert [one.original for one in expand.first(copy, 2)] != [first, second]


def test_a_forwarded_invitation(office: Office) -> None:
    made = office.meet(NORA, BEN)
    copy = office.copy(office.ben, made)
    cleo = office.store.add_mailbox("cleo@acme.test", "Cleo")
    office.store.meetings.forward(office.ben, copy, [Person("cleo@acme.test")], comment="For you")
    assert office.sent() == [("forward", ("cleo@acme.test",)), ("forward notice", ("anna@acme.test",))]
    other = office.copy(cleo, made)
    assert other.organizer.address == "anna@acme.test"
    office.store.meetings.answer(cleo, other, "accepted")
    assert made.details.attendees[-1].person.address == "cleo@acme.test"
    office.told = len(office.world.outbox.mails)
    office.store.meetings.forward(office.anna, made, [Person(CLEO)])
    assert office.sent() == [("forward", (CLEO,))]


@pytest.mark.parametrize(
    ("tell", "told"),
    [
        ("all", [("cancellation", (BEN,)), ("invitation", (CLEO,)), ("update", (NORA,))]),
        ("changed", [("cancellation", (BEN,)), ("invitation", (CLEO,))]),
        ("outsiders", [("invitation", (CLEO,)), ("update", (NORA,))]),
        ("nobody", []),
    ],
)
def test_who_is_told_may_be_the_clients_choice(office: Office, tell: Tell, told: list[Any]) -> None:
    made = office.meet(BEN, NORA)
    changes = {"attendees": attendees(NORA, CLEO), "subject": "New"}
    office.store.meetings.update(office.anna, made, changes, act=Act(tell=tell))
    assert office.sent() == told


def test_a_silent_meeting_is_a_draft_until_it_is_sent(office: Office) -> None:
    made = office.store.meetings.create(office.anna, plan(BEN), act=Act(tell="nobody"))
    assert (made.is_draft, office.sent(), office.inbox(office.ben)) == (True, [], [])
    office.change(made, categories=("Mine",))
    office.store.meetings.cancel(
        office.anna, office.store.meetings.create(office.anna, plan(BEN), act=Act(tell="nobody"))
    )
    assert (made.is_draft, office.sent()) == (True, [])
    office.change(made, subject="New")
    assert (made.is_draft, office.sent()) == (False, [("invitation", (BEN,))])


def test_what_lies_in_the_bin_tells_nobody(office: Office) -> None:
    made = office.meet(BEN)
    office.store.meetings.cancel(office.anna, made)
    office.told = len(office.world.outbox.mails)
    office.change(made, subject="New")
    with pytest.raises(AlreadyCancelled):
        office.store.meetings.cancel(office.anna, made)
    assert office.sent() == []


def test_who_declined_may_come_after_all(office: Office) -> None:
    copy = office.copy(office.ben, office.meet(BEN))
    office.store.meetings.answer(office.ben, copy, "declined")
    assert copy.calendar == 0
    office.store.meetings.answer(office.ben, copy, "accepted")
    assert (copy.calendar, copy.details.answer.response) == (1, "accepted")


def test_the_outbox_names_face_and_cause(office: Office) -> None:
    office.store.meetings.create(office.anna, plan(NORA), act=Act("graph", "event_create"))
    [mail] = office.world.outbox.mails
    assert (mail.face, mail.cause, mail.sender) == ("graph", "event_create", "anna@acme.test")


def test_the_optional_stand_on_cc(office: Office) -> None:
    invited = attendees(BEN, optional=[NORA])
    office.store.meetings.create(office.anna, replace(plan(), attendees=invited))
    [message] = office.inbox(office.ben)
    assert [one.address for one in message.mail.cc] == [NORA]
    copy = next(one for one in office.ben.appointments.values())
    assert [one.role for one in copy.details.attendees] == ["required", "optional"]


def test_everything_is_there_after_a_restart(office: Office) -> None:
    made = office.meet(BEN, rule=weekly())
    second = expand.first(made, 2)[1].original
    office.change(made, second, subject="Moved")  # type: ignore[arg-type]
    world: World = pickle.loads(pickle.dumps(office.world))
    store = world.mailboxes
    anna, ben = store.mailbox("anna@acme.test"), store.mailbox(BEN)
    assert anna is not None
    assert ben is not None
    again = anna.appointments[made.number]
    assert (again, again.details) == (made, made.details)
    world.switches.turn("calendar.own_changes_are_announced", True)
    store.meetings.update(anna, again, {"show_as": "free"})
    assert [mail.reason for mail in world.outbox.mails[-2:]] == ["update", "update"]
    copy = store.calendar.by_uid(ben, made.uid)
    assert copy is not None
    assert isinstance(second, datetime)
    assert expand.occurrence(copy, second).details.subject == "Moved"
