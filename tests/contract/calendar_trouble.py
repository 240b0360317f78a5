"""Cases of the calendar suite: categories, a vendor in trouble, and a right that is missing."""

from datetime import timedelta

import pytest

from crosstie.domain.calendar import CreateItem
from crosstie.domain.errors import Throttled
from crosstie.domain.mailboxes import ERROR_CATEGORY, SALESFORCE_CATEGORY, UNSYNC_CATEGORY
from tests.contract.calendar_office import CalendarOffice, CalendarView, Entry, noted

MARKS = {SALESFORCE_CATEGORY, UNSYNC_CATEGORY, ERROR_CATEGORY}


def prepare(office: CalendarOffice) -> None:
    """As a session does that keeps mail and calendar."""
    mailbox = office.open()
    mailbox.prepare()
    mailbox.calendar().prepare()


class Trouble:
    def test_the_categories_are_made_once(self, office: CalendarOffice) -> None:
        prepare(office)
        assert office.category_names() >= MARKS
        before = office.calls()
        prepare(office)
        assert office.calls() == before

    def test_mail_alone_has_none_for_taking_out(self, office: CalendarOffice) -> None:
        office.open().prepare()
        assert office.category_names() & MARKS == MARKS - {UNSYNC_CATEGORY}

    def test_categories_that_were_deleted_are_made_again(self, office: CalendarOffice) -> None:
        prepare(office)
        office.drop_categories()
        office.pass_time(timedelta(days=2))
        prepare(office)
        assert office.category_names() >= MARKS

    def test_a_mailbox_that_is_left_offers_our_categories_no_more_and_its_items_keep_theirs(
        self, office: CalendarOffice, view: CalendarView
    ) -> None:
        prepare(office)
        others = office.category_names() - MARKS
        key = office.enter(Entry(categories=frozenset({SALESFORCE_CATEGORY})))
        for _ in range(2):
            office.open().calendar().retire()
        assert office.category_names() == others
        entry = office.entry(key)
        assert entry is not None
        assert entry.categories == {SALESFORCE_CATEGORY}
        prepare(office)
        assert office.category_names() >= MARKS

    def test_a_vendor_that_is_busy_is_left_alone(self, office: CalendarOffice, view: CalendarView) -> None:
        view.look()
        office.enter(Entry())
        office.refuse(status=429, times=9, retry_after=600)
        with pytest.raises(Throttled) as busy:
            view.look()
        assert busy.value.until == office.now() + timedelta(seconds=600)

    def test_a_short_wait_is_waited(self, office: CalendarOffice, view: CalendarView) -> None:
        view.look()
        office.enter(Entry())
        office.refuse(status=429, times=1, retry_after=3)
        view.look()
        assert len(view.told()) == 1

    def test_without_the_right_to_calendars_mail_goes_on(self, office: CalendarOffice, view: CalendarView) -> None:
        office.enter(Entry())
        view.look()
        kept = dict(view.cursors)
        office.close_calendar()
        office.pass_time(timedelta(hours=2))
        mailbox = office.open()
        mailbox.prepare()
        assert mailbox.observe(view.cursors, limit=10).trouble == ""
        view.look()
        assert (view.changes, view.last.cursors) == ((), ())
        assert view.last.trouble.endswith("NO-CALENDAR-ACCESS")
        assert view.cursors == kept

    def test_what_is_created_alone_is_nobodys_first_listing(
        self, office: CalendarOffice, view: CalendarView
    ) -> None:
        """A mailbox whose calendar is kept first has its mails listed as old ones all the same."""
        view.look()
        mailbox = office.open()
        mailbox.prepare()
        seen = mailbox.observe(view.cursors, limit=10)
        assert all(cursor.collection != "calendar" for cursor in seen.cursors)
        view.apply(CreateItem(noted(), "1:abc"))
        assert view.look().baseline == frozenset()
