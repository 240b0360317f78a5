"""Windows: when one is kept, when it is chosen anew, and what its cursor remembers."""

from datetime import UTC, datetime, timedelta

import pytest

from crosstie.domain.mailboxes import Cursor, Span
from crosstie.mailboxes.graph.calendar.rounds import CalendarRound, Window
from crosstie.mailboxes.graph.rounds import CALENDAR

NOW = datetime(2026, 11, 16, 9, 30, tzinfo=UTC)
DAY = timedelta(days=1)
ROOT = "/users/ada%40larch.test"
LINK, OLD = "/users/ada/calendarView/delta?$deltatoken=1", "/users/ada/calendarView/delta?$deltatoken=0"


def wanted(now: datetime) -> Span:
    return Span(now - 30 * DAY, now + 180 * DAY)


def resumed(token: str | None, now: datetime, *, baseline: bool = False, mailbox_id: int = 7) -> CalendarRound:
    cursors = {} if token is None else {CALENDAR: Cursor(CALENDAR, token, baseline)}
    return CalendarRound.resume(ROOT, cursors, Window.around(wanted(now), now, mailbox_id), wanted(now))


def test_a_first_round_lists_the_window() -> None:
    one = resumed(None, NOW)
    assert (one.baseline, one.anew, one.old) == (True, False, "")
    assert one.page(50).url == (
        f"{ROOT}/calendarView/delta?startDateTime=2026-10-17T00:00:00Z&endDateTime=2027-06-20T00:00:00Z"
    )
    assert "outlook.body-content-type" in one.page(50).all_headers["Prefer"]


def test_a_window_is_kept_for_weeks_and_then_chosen_anew() -> None:
    token = f"{Window.around(wanted(NOW), NOW, 7)} {LINK}"
    for days in (0, 1, 20, 35):
        assert resumed(token, NOW + days * DAY).link == LINK
    late = resumed(token, NOW + 37 * DAY)
    assert (late.link, late.old, late.anew, late.baseline) == ("", LINK, False, False)


def test_mailboxes_that_began_together_do_not_all_choose_on_one_day() -> None:
    turns = set()
    for mailbox_id in range(14):
        token = f"{Window.around(wanted(NOW), NOW, mailbox_id)} {LINK}"
        turns.add(next(n for n in range(60) if not resumed(token, NOW + n * DAY, mailbox_id=mailbox_id).link))
    assert len(turns) == 14
    assert min(turns) > 27


def test_a_window_that_never_held_what_is_wanted_is_kept_for_a_week() -> None:
    token = f"{Window.around(Span(NOW, NOW + DAY), NOW, 0)} {LINK}"
    assert resumed(token, NOW + 6 * DAY).link == LINK
    assert resumed(token, NOW + 8 * DAY).link == ""


def test_the_old_link_is_remembered_until_the_listing_is_over() -> None:
    token = f"{Window.around(wanted(NOW), NOW, 7)} {OLD}"
    later = NOW + 60 * DAY
    one = resumed(token, later)
    one.take([{"id": "a"}], LINK, last=False)
    cursor = one.cursor(None)
    assert cursor.token == f"{Window.around(wanted(later), later, 7)} {LINK} {OLD}"
    again = resumed(cursor.token, later)
    assert (again.link, again.old) == (LINK, OLD)
    again.take([], "/x?$deltatoken=2", last=True)
    again.old = ""
    assert again.cursor(None).token.endswith(" /x?$deltatoken=2")


def test_a_listing_that_was_never_finished_before_the_next_is_one_anew() -> None:
    token = f"{Window.around(wanted(NOW), NOW, 7)} {LINK} {OLD}"
    one = resumed(token, NOW + 60 * DAY)
    assert (one.link, one.old, one.anew) == ("", OLD, True)


def test_a_dead_link_begins_anew_in_a_fresh_window() -> None:
    later = NOW + 20 * DAY
    one = resumed(f"{Window.around(wanted(NOW), NOW, 7)} {LINK}", later)
    one.restart("GRAPH-CURSOR-DEAD")
    assert (one.link, one.anew, one.baseline) == ("", True, False)
    one.take([], LINK, last=True)
    assert one.cursor(None).token == f"{Window.around(wanted(later), later, 7)} {LINK}"


@pytest.mark.parametrize("token", ["", "garbage", "20261016-20270601-20261116", f"x {LINK}", "a b c d"])
def test_what_is_no_cursor_is_listed_from_the_start(token: str) -> None:
    one = resumed(token, NOW)
    assert (one.link, one.baseline) == ("", False)


def test_a_foreign_link_is_not_followed() -> None:
    one = resumed(f"{Window.around(wanted(NOW), NOW, 7)} https://evil.test/x", NOW)
    assert (one.link, one.old) == ("", "")
