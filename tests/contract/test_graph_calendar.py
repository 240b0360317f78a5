"""What Graph's calendars need beyond the common suite: frugality, doubts with both answers, online meetings."""

import html
import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

import pytest

from crosstie.domain.calendar import Absent, CreateItem, DeleteItem, Present, Shape
from crosstie.domain.errors import NeedsConsent, Retry, Throttled
from crosstie.domain.mailboxes import Cursor, Span
from crosstie.mailboxes.graph.rounds import STALE_PAGES
from sandbox.faults import Fault
from sandbox.mailboxes.calendar import OnlineMeeting
from tests.contract.calendar_office import DAY, HOUR, START, CalendarView, Entry, changing, noted
from tests.contract.graph_calendar_office import GraphCalendarOffice

SERIES = Entry("Standup", rule="FREQ=WEEKLY;COUNT=6")
TUESDAY = date(2026, 11, 24)


@pytest.fixture
def office() -> Iterator[GraphCalendarOffice]:
    office = GraphCalendarOffice()
    yield office
    office.judge()


@pytest.fixture
def view(office: GraphCalendarOffice) -> CalendarView:
    return CalendarView(office)


def routes(office: GraphCalendarOffice, since: int) -> list[tuple[str, ...]]:
    """Each request's parts, or itself, after that many."""
    entries = [one for one in office.world.requests.entries if one.face == "graph"]
    return [one.parts or (f"{one.method} {one.route}",) for one in entries[since:]]


def refusal(route: str, status: int, code: str, *, times: int = 1, retry_after: int | None = None) -> Fault:
    body = json.dumps({"error": {"code": code, "message": "No."}}).encode()
    headers = (("Retry-After", str(retry_after)),) if retry_after is not None else ()
    return Fault("refuse", "graph", route, status=status, times=times, headers=headers, body=body)


# -- frugality ---------------------------------------------------------------------------------------------


def test_mail_and_calendar_of_an_idle_session_are_one_request(office: GraphCalendarOffice) -> None:
    cursors: dict[str, Cursor] = {}
    calls = []
    for _ in range(4):
        before = office.calls()
        mailbox = office.open()
        calendar = mailbox.calendar()
        mailbox.prepare()
        calendar.prepare()
        cursors |= {one.collection: one for one in mailbox.observe(cursors, limit=100).cursors}
        seen = calendar.observe(cursors, Span(START - 30 * DAY, START + 180 * DAY), limit=100)
        cursors |= {one.collection: one for one in seen.cursors}
        calls.append(office.calls() - before)
    assert calls[1:] == [1, 1, 1]
    assert office.office.parts()[-1].count("GET calendar.delta") == 1


def test_what_rode_along_is_what_the_calendar_tells(office: GraphCalendarOffice, view: CalendarView) -> None:
    view.look()
    key = office.enter(Entry())
    mailbox = office.open()
    mailbox.prepare()
    mailbox.observe(view.cursors, limit=10)
    before = office.calls()
    seen = mailbox.calendar().observe(view.cursors, Span(START - 30 * DAY, START + 180 * DAY), limit=10)
    assert office.calls() == before
    assert [one.item.item_id for one in seen.told if isinstance(one, Present)] == [office.item_id(key)]


def test_a_thin_occurrence_costs_no_request_of_its_own(office: GraphCalendarOffice, view: CalendarView) -> None:
    view.look()
    office.enter(SERIES)
    before = office.calls()
    view.look()
    assert len(view.told()) == 7
    assert routes(office, before) == [("GET calendar.delta",)]


def test_exceptions_are_completed_by_one_request(office: GraphCalendarOffice, view: CalendarView) -> None:
    key = office.enter(SERIES)
    view.look()
    for week in range(4):
        office.edit(key, TUESDAY + timedelta(weeks=week), subject=f"Week {week}")
    before = office.calls()
    view.look()
    assert {item.subject for item in view.told() if item.shape is Shape.EXCEPTION} == {
        f"Week {n}" for n in range(4)
    }
    assert routes(office, before) == [("GET calendar.delta",), ("GET events.get",) * 4]


def test_twenty_writes_are_one_request(office: GraphCalendarOffice, view: CalendarView) -> None:
    before = office.calls()
    results = view.apply(*(CreateItem(noted(subject=f"Entry {n}"), f"1:{n}") for n in range(20)))
    assert office.calls() - before == 1
    view.look()
    items = [view.item(f"Entry {n}") for n in range(20)]
    before = office.calls()
    assert all(one.applied for one in view.apply(*(changing(one, subject="Wall") for one in items)))
    assert office.calls() - before == 1
    assert len({one.item_id for one in results}) == 20


# -- doubts, with both answers -----------------------------------------------------------------------------


@pytest.mark.parametrize("batch_takes_long", [True, False])
def test_links_that_no_batch_takes(
    office: GraphCalendarOffice, view: CalendarView, batch_takes_long: bool
) -> None:
    office.world.switches.turn("graph.long_tokens", True)
    office.world.switches.turn("graph.batch_takes_long_urls", batch_takes_long)
    view.look()
    office.enter(Entry())
    mailbox = office.open()
    mailbox.prepare()
    mailbox.observe(view.cursors, limit=10)
    before = office.calls()
    seen = mailbox.calendar().observe(view.cursors, Span(START - 30 * DAY, START + 180 * DAY), limit=10)
    assert len(seen.told) == 1
    assert office.calls() - before == (0 if batch_takes_long else 1)


def test_a_round_that_never_ends_is_left(
    office: GraphCalendarOffice, view: CalendarView, caplog: pytest.LogCaptureFixture
) -> None:
    office.enter(Entry("Before"))
    view.look()
    cursors = dict(view.cursors)
    office.world.switches.turn("graph.never_ending_round", True)
    office.enter(Entry("During"))
    before = office.calls()
    seen = view.look()
    assert "GRAPH-ENDLESS-ROUND" in caplog.text
    assert (seen.more, seen.trouble) == (False, "GRAPH-ENDLESS-ROUND")
    assert office.calls() - before <= 3 * (STALE_PAGES + 2)
    assert view.cursors == cursors
    office.world.switches.turn("graph.never_ending_round", False)
    view.look()
    assert {item.subject for item in view.told()} == {"During"}


def test_a_page_without_a_link_is_read_again(office: GraphCalendarOffice, view: CalendarView) -> None:
    office.enter(Entry())
    linkless = Fault("refuse", "graph", "calendar.delta", status=200, body=b'{"value": []}')
    office.world.faults.add(linkless)
    view.look()
    assert len(view.told()) == 1
    assert not view.last.anew, "nothing was known before"


@pytest.mark.parametrize("as_text", [True, False])
def test_a_text_is_the_same_however_it_came(
    office: GraphCalendarOffice, view: CalendarView, as_text: bool
) -> None:
    office.world.switches.turn("graph.event_delta_tells_text", as_text)
    office.enter(replace(SERIES, text="Bring the plans.\n\n  Nora waits."))
    key = office.enter(Entry())
    words = "<ul><li>One</li><li>Two</li></ul><p>Bye<br>Nora</p>"
    office.world.mailboxes.calendar.change(office.stored, office.appointment(key), {"html": words, "text": None})
    view.look()
    found = view.by_id(view.known)
    assert {item_id: item.text for item_id, item in found.items()} == {
        item_id: item.text for item_id, item in view.known.items()
    }
    assert view.item().text.endswith("Bye\nNora")


@pytest.mark.parametrize("found", [True, False])
def test_what_lies_in_the_bin_is_gone_though_its_id_finds_it(
    office: GraphCalendarOffice, view: CalendarView, found: bool
) -> None:
    office.world.switches.turn("graph.deleted_event_is_found", found)
    single, series = office.enter(Entry()), office.enter(SERIES)
    left, moved = office.enter(Entry("Left")), office.enter(Entry("Moved"))
    view.look()
    ids = {one: office.item_id(one) for one in (single, series, left, moved)}
    dates = [item.item_id for item in view.dates().values()]
    office.delete(single)
    office.delete(series)
    office.edit(left, start=START + 600 * DAY, end=START + 600 * DAY + HOUR)
    book = office.world.mailboxes.calendar
    book.move(office.stored, office.appointment(moved), book.open_calendar(office.stored, "Private"))
    mailbox = office.open()
    seen = mailbox.calendar().observe(view.cursors, Span(START - 30 * DAY, START + 180 * DAY), limit=100)
    assert {one.item_id for one in seen.told if isinstance(one, Absent)} == set(ids.values())
    there = mailbox.calendar().items([*ids.values(), *dates])
    assert set(there) == {ids[left], ids[moved]}


@pytest.mark.parametrize("status", [400, 404, 500])
def test_what_can_never_be_looked_for_is_taken_to_be_there(office: GraphCalendarOffice, status: int) -> None:
    """What cannot be looked for now is nobody's to guess: nothing would make anyone look again."""
    office.world.switches.turn("graph.deleted_event_is_found", True)
    key = office.enter(Entry())
    view = CalendarView(office)
    view.look()
    item_id = office.item_id(key)
    office.delete(key)
    mailbox = office.open()
    mailbox.calendar().observe(view.cursors, Span(START - 30 * DAY, START + 180 * DAY), limit=100)
    for route in ("calendars.list", "events.list_in"):
        office.world.faults.add(refusal(route, status, "ErrorInvalidRequest"))
        if status < 500:
            assert set(mailbox.calendar().items([item_id])) == {item_id}
            continue
        with pytest.raises(Retry):
            mailbox.calendar().items([item_id])
    assert mailbox.calendar().items([item_id]) == {}


@pytest.mark.parametrize("switch", ["writes_tell_no_values", "writes_tell_old_stamp"])
def test_writes_that_tell_less_than_they_should(
    office: GraphCalendarOffice, view: CalendarView, switch: str
) -> None:
    office.world.switches.turn(f"graph.{switch}", True)
    office.enter(Entry())
    (made,) = view.apply(CreateItem(noted(subject="Wall"), "1:abc"))
    view.look()
    assert view.item("Wall").item_id == made.item_id
    (changed,) = view.apply(changing(view.item(), location="Room"))
    assert changed.applied
    view.look()
    assert view.item().location == "Room"


def test_rude_streams(office: GraphCalendarOffice, view: CalendarView) -> None:
    for name in ("unchanged_emitted", "pages_repeated", "rows_twice", "rows_shuffled", "empty_pages"):
        office.world.switches.turn(f"graph.{name}", True)
    office.world.switches.turn("graph.large_pages", False)
    keys = [office.enter(Entry(f"Entry {number}")) for number in range(30)]
    series = office.enter(SERIES)
    view.look_to_the_end(limit=20)
    assert len(view.known) == 37
    office.delete(keys[3])
    office.delete(series, TUESDAY)
    office.edit(keys[4], subject="Changed")
    view.look_to_the_end(limit=20)
    assert len(view.known) == 35
    assert TUESDAY not in view.dates()
    assert view.item("Changed").item_id == office.item_id(keys[4])


def test_a_repeated_create_that_graph_refuses_is_found(office: GraphCalendarOffice, view: CalendarView) -> None:
    create = CreateItem(noted(), "1:it's")
    (first,) = view.apply(create)
    office.world.faults.add(refusal("events.create", 409, "ErrorDuplicateTransactionId"))
    (second,) = view.apply(create)
    assert second == first
    office.world.faults.add(refusal("events.create", 409, "ErrorItemSave"))
    (third,) = view.apply(CreateItem(noted(), "1:other"))
    assert (third.applied, third.code) == (False, "later")


# -- cursors -----------------------------------------------------------------------------------------------


def test_a_window_that_ended_while_its_link_died_is_compared_by_id(
    office: GraphCalendarOffice, view: CalendarView
) -> None:
    office.enter(Entry("Kept", start=START + 90 * DAY, end=START + 90 * DAY + HOUR))
    gone = office.enter(Entry("Gone", start=START + 91 * DAY, end=START + 91 * DAY + HOUR))
    view.look()
    office.delete(gone)
    office.kill_cursors()
    office.pass_time(90 * DAY)
    seen = view.look()
    assert (seen.anew, seen.baseline) == (True, frozenset())
    assert {item.subject for item in view.told()} == {"Kept"}
    assert not view.look().anew


def test_a_new_window_in_slices_hears_of_what_went_meanwhile(
    office: GraphCalendarOffice, view: CalendarView
) -> None:
    start = START + 90 * DAY
    keys = [office.enter(Entry(f"Entry {number}", start=start, end=start + HOUR)) for number in range(20)]
    view.look()
    early, late = office.item_id(keys[0]), office.item_id(keys[19])
    office.delete(keys[0])
    office.pass_time(90 * DAY)
    view.look(limit=5)
    assert view.last.more
    assert early not in view.absent()
    office.delete(keys[19])
    view.look_to_the_end(limit=5)
    view.look()
    assert view.known.keys() == {office.item_id(key) for key in keys[1:19]}
    assert {early, late}.isdisjoint(view.known)


def test_what_rode_along_is_too_old_for_a_new_window(office: GraphCalendarOffice, view: CalendarView) -> None:
    """The old link is asked once more after the listing, whatever it said before."""
    key = office.enter(Entry(start=START + 100 * DAY, end=START + 100 * DAY + HOUR))
    view.look()
    office.pass_time(90 * DAY)
    mailbox = office.open()
    mailbox.prepare()
    mailbox.observe(view.cursors, limit=10)
    item_id = office.item_id(key)
    office.delete(key)
    now = office.now()
    seen = mailbox.calendar().observe(view.cursors, Span(now - 30 * DAY, now + 180 * DAY), limit=10)
    assert seen.told == (Absent(item_id),)


def test_a_first_listing_that_is_interrupted_stays_a_baseline(
    office: GraphCalendarOffice, view: CalendarView
) -> None:
    for number in range(12):
        office.enter(Entry(f"Entry {number}"))
    view.look(limit=4)
    office.kill_cursors()
    while view.last.more:
        assert view.look(limit=4).baseline == {item.item_id for item in view.told()}
    assert view.look().baseline == frozenset()


# -- online meetings ---------------------------------------------------------------------------------------

URL = "https://teams.test/l/meetup-join/19%3ameeting_AB%40thread.v2/0?context=%7b%22Tid%22%3a%22T%22%7d&x=1"


def test_an_online_meeting_stays_one_when_its_text_is_written(
    office: GraphCalendarOffice, view: CalendarView
) -> None:
    key = office.enter(Entry())
    part = f'<div class="me-email-text"><a href="{html.escape(URL)}">Join</a><div>Meeting ID: 123</div></div>'
    office.world.mailboxes.calendar.change(
        office.stored,
        office.appointment(key),
        {
            "html": f"<html><body><p>Old words</p>{part}</body></html>",
            "text": None,
            "online": OnlineMeeting("teamsForBusiness", URL),
        },
    )
    view.look()
    assert "Meeting ID: 123" in view.item().text
    for text in ("New words", view.item().text.replace("Old words", "Newer words")):
        (result,) = view.apply(changing(view.item(), text=text))
        assert result.applied
        view.look()
        details = office.appointment(key).details
        assert details.online is not None
        assert (details.html or "").count("Meeting ID: 123") == 1
        assert text.split("\n")[0] in view.item().text
        assert view.item().text.count("Meeting ID: 123") == 1
    assert office.mailed() == []


# -- refusals ----------------------------------------------------------------------------------------------


def test_a_right_to_mail_alone(office: GraphCalendarOffice, view: CalendarView) -> None:
    office.close_calendar()
    mailbox = office.open()
    mailbox.prepare()
    assert mailbox.observe({}, limit=10).trouble == ""
    seen = view.look()
    assert (seen.trouble, seen.told, seen.cursors) == ("GRAPH-NO-CALENDAR-ACCESS", (), ())
    for ask in (lambda: view.by_id(["AAMk"]), lambda: view.apply(CreateItem(noted(), "1:abc"))):
        with pytest.raises(NeedsConsent):
            ask()


@pytest.mark.parametrize(
    ("status", "code", "word"),
    [
        (400, "ErrorOccurrenceCrossingBoundary", "refused"),
        (409, "ErrorIrresolvableConflict", "conflict"),
        (412, "ErrorIrresolvableConflict", "conflict"),
        (404, "ErrorItemNotFound", "gone"),
        (423, "locked", "later"),
        (500, "ErrorInternalServerTransientError", "unclear"),
        (504, "UnknownError", "unclear"),
    ],
)
def test_refusals_of_one_write(
    office: GraphCalendarOffice, view: CalendarView, status: int, code: str, word: str
) -> None:
    office.enter(Entry())
    view.look()
    office.world.faults.add(refusal("events.update", status, code))
    (result,) = view.apply(changing(view.item(), subject="Wall"))
    assert (result.applied, result.code) == (False, word)


def test_a_throttled_write_says_until_when(office: GraphCalendarOffice, view: CalendarView) -> None:
    busy = refusal("events.create", 429, "ApplicationThrottled", times=9, retry_after=600)
    office.world.faults.add(busy)
    (result,) = view.apply(CreateItem(noted(), "1:abc"))
    assert (result.code, result.until) == ("later", office.now() + timedelta(seconds=600))
    office.world.faults.add(replace(busy, route="batch", times=9))
    with pytest.raises(Throttled):
        view.apply(CreateItem(noted(), "1:abc"))
    assert office.entries() == []


def test_a_garbled_event_is_no_answer(office: GraphCalendarOffice, view: CalendarView) -> None:
    office.enter(Entry())
    view.look()
    cursors = dict(view.cursors)
    body = (
        b'{"value": [{"id": "AAMk", "iCalUId": "1", "isAllDay": false, "subject": ""}], "@odata.deltaLink": "%s"}'
    )
    link = f"http://sandbox.test/v1.0{view.cursors['calendar'].token.split(' ')[1]}".encode()
    office.world.faults.add(Fault("refuse", "graph", "calendar.delta", status=200, body=body % link))
    with pytest.raises(Retry):
        view.look()
    assert view.cursors == cursors
    assert view.look().told == ()


def test_a_delete_tells_nobody_even_when_somebody_is_invited_meanwhile(
    office: GraphCalendarOffice, view: CalendarView
) -> None:
    key = office.enter(Entry())
    view.look()
    item = view.item()
    office.edit(key, attendees=("nora@birchworks.test",))
    (result,) = view.apply(DeleteItem(item.item_id, item.version))
    assert result.code == "conflict"
    assert office.mailed() == []
    assert office.entry(key) is not None
