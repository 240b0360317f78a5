"""What people do in a calendar by way of the console and of the sandbox's own addresses."""

from typing import Any

import pytest

from sandbox.mailboxes.calendar import Appointment
from tests.unit.sandbox.console.conftest import ADA, BEN, NORA, Console

CALENDAR = f"/console/mailboxes/{ADA}/calendar"
STEER = f"/sandbox/mailboxes/{ADA}/calendar"


def appointments(console: Console, who: str = ADA) -> list[Appointment]:
    return list(console.mailbox(who).appointments.values())


def sent(console: Console) -> list[tuple[str, str]]:
    return [(mail.reason, mail.sender) for mail in console.world.outbox.mails]


def make(console: Console, **fields: str) -> Appointment:
    given = {"subject": "Review", "start": "2026-11-24 10:00", "people": f"{BEN}, Nora <{NORA}>"} | fields
    console.act(CALENDAR, **given)
    return appointments(console)[-1]


def test_a_meeting_from_form_to_bin(console: Console) -> None:
    made = make(console, place="Room 1", end="2026-11-24 10:30")
    assert (made.details.start.isoformat(), made.details.start_zone) == (
        "2026-11-24T09:00:00+00:00",
        "Europe/Berlin",
    )
    row = console.get(CALENDAR).xpath("//tbody/tr[1]/td")
    assert [cell.text_content() for cell in row[:3]] == [
        "2026-11-24 10:00 to 2026-11-24 10:30",
        "Review",
        "Room 1",
    ]
    page = console.get(f"{CALENDAR}/{made.number}")
    form = {field.get("name"): field.get("value") for field in page.xpath("//form[@id='change']//input")}
    console.act(f"{CALENDAR}/{made.number}/change", **form)
    assert sent(console) == [("invitation", ADA)]
    console.act(
        f"{CALENDAR}/{made.number}/change", **form | {"start": "2026-11-25 10:00", "end": "2026-11-25 11:00"}
    )
    [copy] = appointments(console, BEN)
    console.act(f"/console/mailboxes/{BEN}/calendar/{copy.number}/answer", response="accepted", comment="Yes")
    console.act(f"{CALENDAR}/{made.number}/answer", response="declined", as_=NORA)
    assert [one.answer.response for one in made.details.attendees] == ["accepted", "declined"]
    console.act(f"{CALENDAR}/{made.number}/cancel", comment="Ill")
    reasons = ["invitation", "update", "answer", "answer", "cancellation"]
    assert sent(console) == [(one, who) for one, who in zip(reasons, [ADA, ADA, BEN, NORA, ADA], strict=True)]
    assert "Review" in console.get(CALENDAR).xpath("//h2[.='In Deleted Items']/../ul")[0].text_content()
    console.act(f"{CALENDAR}/{made.number}/restore")
    assert made.calendar == 1
    assert "invitation" in console.get("/console/outbox").text_content()


def test_an_outsider_invites_changes_and_calls_off(console: Console) -> None:
    made = make(console, as_=NORA, people="", repeat="FREQ=WEEKLY;COUNT=3")
    assert (made.organizer.address, made.details.answer.response) == (NORA, "notResponded")
    console.act(f"{CALENDAR}/{made.number}/change", as_=NORA, at="2026-12-01", subject="Late")
    subjects = [cell.text_content() for cell in console.get(CALENDAR).xpath("//tbody/tr/td[2]")]
    assert subjects == ["Review", "Late", "Review"]
    assert "Of the series" in console.get(f"{CALENDAR}/{made.number}?at=2026-12-01").text_content()
    console.act(f"{CALENDAR}/{made.number}/cancel", as_=NORA)
    assert made.details.cancelled
    console.act(f"{CALENDAR}/{made.number}/delete")
    assert made.calendar == 0


def test_a_whole_day_and_an_appointment_of_ones_own(console: Console) -> None:
    made = make(console, start="2026-12-24", end="2026-12-27", people="")
    assert made.details.all_day
    assert "2026-12-24 to 2026-12-27" in console.get(CALENDAR).text_content()
    assert (made.is_meeting, sent(console)) == (False, [])
    page = console.get(f"{CALENDAR}/{made.number}")
    assert page.xpath("//form/@id") == ["change", "delete"]


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"start": ""}, "start: say when"),
        ({"start": "tomorrow"}, "tomorrow is no time"),
        ({"start": "2026-11-24 10:00", "end": "2026-11-24 09:00"}, "not before the start"),
        ({"start": "2026-11-24", "end": "2026-11-24 09:00"}, "two days, or two times"),
        ({"start": "2026-11-24", "people": "nobody"}, "nobody: is no address"),
        ({"start": "2026-11-24", "repeat": "FREQ=HOURLY"}, "FREQ=HOURLY is not possible"),
        ({"start": "2026-11-24", "repeat": "FREQ=DAILY;UNTIL=20250101"}, "the rule gives no date"),
        ({"start": "2026-11-24", "as": BEN}, "has a mailbox here"),
        ({"start": "2026-11-24", "show_as": "asleep"}, "show_as: one of"),
        ({"start": "2026-11-24", "reminder": "soon"}, "a number of minutes"),
    ],
)
def test_what_is_not_clear_changes_nothing(console: Console, fields: dict[str, str], sentence: str) -> None:
    _, told = console.refused(CALENDAR, **fields)
    assert sentence in told
    assert appointments(console) == []
    assert sentence in console.http.post(STEER, json=fields).json()["error"]
    assert appointments(console) == []


@pytest.mark.parametrize(
    ("act", "fields", "sentence"),
    [
        ("answer", {"response": "accepted"}, "an organiser does not answer"),
        ("answer", {"response": "maybe"}, "one of accepted"),
        ("change", {"at": "2026-11-25", "subject": "x"}, "no occurrence on 2026-11-25"),
        ("restore", {}, "in the calendar already"),
        ("dance", {}, "nothing to do with an appointment"),
    ],
)
def test_acts_that_cannot_be(console: Console, act: str, fields: dict[str, str], sentence: str) -> None:
    made = make(console)
    _, told = console.refused(f"{CALENDAR}/{made.number}/{act}", **fields)
    assert sentence in told


def test_pages_of_what_is_not_there(console: Console) -> None:
    for path in ("/console/mailboxes/x@y.test/calendar", f"{CALENDAR}/99", f"{CALENDAR}/99?at=2026-11-24"):
        assert console.http.get(path).status_code == 404
    console.refused(f"{CALENDAR}/99/delete")
    console.refused("/console/mailboxes/x@y.test/calendar", start="2026-11-24")


def test_a_program_does_the_same(console: Console) -> None:
    given = {
        "subject": "Review",
        "start": "2026-11-24T10:00+01:00",
        "people": NORA,
        "repeat": "FREQ=DAILY;COUNT=2",
    }
    made = console.http.post(STEER, json=given)
    assert made.status_code == 201
    number = made.json()["number"]
    changed = console.http.post(f"{STEER}/{number}/change", json={"at": "2026-11-25", "subject": "Second"})
    assert changed.status_code == 200
    rows: list[Any] = console.http.get(STEER).json()["appointments"]
    assert [(row["at"], row["subject"]) for row in rows] == [("2026-11-24", "Review"), ("2026-11-25", "Second")]
    assert rows[0]["people"] == {NORA: "none"}
    after = console.http.get(STEER, params={"from": "2026-11-25T00:00:00", "to": "2026-11-26T00:00:00Z"}).json()
    assert [row["at"] for row in after["appointments"]] == ["2026-11-25"]
    outbox = console.http.get("/sandbox/outbox").json()
    assert outbox["by"] == [
        {"face": "console", "reason": "invitation", "mails": 1},
        {"face": "console", "reason": "update", "mails": 1},
    ]


def test_a_program_is_told_what_to_mend(console: Console) -> None:
    assert console.http.get("/sandbox/mailboxes/x@y.test/calendar").status_code == 404
    assert console.http.get(STEER, params={"from": "soon"}).status_code == 400
    assert console.http.post(STEER, json={"colour": "red"}).status_code == 400
    assert console.http.post(STEER, json={"subject": 1}).status_code == 400
    assert console.http.post(f"{STEER}/99/delete", json={}).status_code == 404
