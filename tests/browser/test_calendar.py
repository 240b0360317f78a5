"""A calendar and Salesforce, as a person sees them: moved there and back, asked, in conflict, held back.

By keyboard alone on a telephone. What happens in Salesforce is heard of when sync is forced: once a minute at
most.
"""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser import acts
from tests.browser.demo import Demo
from tests.browser.test_forms import caught_up, said, show, toggle
from tests.browser.test_issues import BEN, CLEO, CUSTOMER
from tests.browser.test_pages import NARROW, judged

pytestmark = [pytest.mark.browser, pytest.mark.node]

DAY = datetime.now(UTC) + timedelta(days=2)
SWITCHES = ("Auto-save meetings", "Auto-save appointments", "Sync my Salesforce calendar")
SWITCHED = {
    CLEO: ("events.auto-save-appointments", "events.from-salesforce"),
    BEN: ("events.auto-save-meetings", "events.auto-save-appointments"),
}


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(
        viewport={"width": NARROW, "height": 800}, reduced_motion="reduce", bypass_csp=True
    )
    yield context.new_page()
    context.close()


@pytest.fixture
def console(page: Page) -> Page:
    return page.context.new_page()


@pytest.fixture(autouse=True)
def others_find_it_as_it_was(company: Demo) -> Iterator[None]:
    """Who has no calendar kept in step has shorter sessions, and fewer buttons, and other tests count on both."""
    yield
    for person, names in SWITCHED.items():
        for name in names:
            company.settings("unset", name, "--person", person, "--yes")


def at(hour: int, days: int = 0) -> str:
    return f"{DAY + timedelta(days=days):%Y-%m-%d} {hour:02}:00"


def put(console: Page, company: Demo, owner: str, subject: str, hour: int, *guests: str, days: int = 0) -> None:
    """In the sandbox's console, as the calendar's owner; an hour, or that many days more."""
    console.goto(f"{company.sandbox}/console/mailboxes/{owner}/calendar")
    made = console.locator("#make")
    made.get_by_label("Subject").fill(subject)
    made.get_by_label("Start").fill(at(hour))
    made.get_by_label("End").fill(at(hour + 1, days))
    made.get_by_label("Invited").fill(", ".join(guests))
    made.get_by_role("button", name="Make").click()
    expect(console.get_by_role("heading", name=subject)).to_be_visible()


def change(console: Page, company: Demo, owner: str, subject: str, button: str = "Change", **fields: str) -> None:
    console.goto(f"{company.sandbox}/console/mailboxes/{owner}/calendar")
    console.get_by_role("link", name=subject, exact=True).click()
    form = console.locator("form").filter(has=console.get_by_role("button", name=button, exact=True))
    for label, value in fields.items():
        form.get_by_label(label, exact=True).fill(value)
    form.get_by_role("button", name=button, exact=True).click()
    expect(console.get_by_role("heading", level=1)).to_contain_text("Calendar of")


def switch_on(page: Page, *labels: str) -> None:
    for label in labels:
        if page.get_by_label(label, exact=True).is_checked():
            continue
        toggle(page, page.get_by_label(label, exact=True))
        acts.press(page, saving(page, label))
        expect(page.get_by_label(label, exact=True)).to_be_checked()


def saving(page: Page, label: str) -> Locator:
    form = page.locator("form").filter(has=page.get_by_label(label, exact=True))
    return form.get_by_role("button", name="Save changes")


def general(page: Page) -> None:
    acts.press(page, page.get_by_role("link", name="Sync settings", exact=True))


def calendar(page: Page) -> None:
    acts.press(page, page.get_by_role("link", name="Calendar", exact=True))
    expect(page.get_by_role("heading", level=1)).to_have_text("Calendar")


def event(company: Demo, subject: str) -> tuple[str, datetime]:
    """Its id and when it starts, in Salesforce."""
    (found,) = company.query(f"SELECT Id, StartDateTime FROM Event WHERE Subject = '{subject}'")
    return found["Id"], datetime.strptime(found["StartDateTime"], "%Y-%m-%dT%H:%M:%S.%f%z")


def enter(company: Demo, owner: str, subject: str, start: str) -> None:
    (user,) = company.query(f"SELECT Id FROM User WHERE Username = '{owner}'")
    company.create("Event", Subject=subject, StartDateTime=start, DurationInMinutes=30, OwnerId=user["Id"])


def later(moment: datetime, hours: int = 1) -> str:
    return (moment + timedelta(hours=hours)).isoformat()


def forced(page: Page) -> None:
    general(page)
    acts.press(page, page.get_by_role("button", name="Force sync"))
    acts.session_ended(page)


def test_an_appointment_moves_there_and_back(page: Page, console: Page, company: Demo) -> None:
    subject = acts.unique("Saw line")
    acts.sign_in(page, company, "Cleo Marín")
    switch_on(page, *SWITCHES[1:])
    judged(page)
    put(console, company, CLEO, subject, 10)
    caught_up(page)
    calendar(page)
    expect(acts.card(page, subject)).to_contain_text("Event")
    judged(page)
    event_id, start = event(company, subject)

    change(console, company, CLEO, subject, Start=at(11), End=at(12))
    general(page)
    caught_up(page)
    assert event(company, subject) == (event_id, start + timedelta(hours=1))
    company.change("Event", event_id, StartDateTime=later(start, 3))
    brought = acts.unique("From Salesforce")
    enter(company, CLEO, brought, later(start, 5))
    forced(page)
    console.goto(f"{company.sandbox}/console/mailboxes/{CLEO}/calendar")
    expect(console.get_by_role("row").filter(has_text=subject)).to_contain_text(at(13))
    calendar(page)
    show(page, "Saved")
    expect(acts.card(page, subject)).to_contain_text("13:00")
    expect(acts.card(page, brought)).to_be_visible()
    all_but_switched_off(page, brought)


def all_but_switched_off(page: Page, brought: str) -> None:
    """What would be taken out is shown first, and nothing is when that is cancelled."""
    general(page)
    box = page.get_by_label(SWITCHES[2], exact=True)
    toggle(page, box)
    acts.press(page, saving(page, SWITCHES[2]))
    expect(page.get_by_text("Nothing was changed yet.")).to_be_visible()
    expect(page.get_by_role("heading", name="would be taken out of your calendar")).to_be_visible()
    expect(page.get_by_text(brought)).to_be_visible()
    judged(page)
    acts.press(page, page.get_by_role("link", name="Cancel"))
    expect(box).to_be_checked()
    calendar(page)
    expect(acts.card(page, brought)).to_be_visible()


def test_a_meeting_asks_and_a_conflict_is_told(page: Page, console: Page, company: Demo) -> None:
    meeting, board = acts.unique("Contract"), acts.unique("Board")
    acts.sign_in(page, company, "Ben Okafor")
    switch_on(page, *SWITCHES[:2])
    put(console, company, BEN, meeting, 10, CUSTOMER)
    put(console, company, BEN, board, 14)
    caught_up(page)
    event_id, start = event(company, meeting)
    company.change("Event", event_id, StartDateTime=later(start))
    here, there = f"{board} here", f"{board} there"
    company.change("Event", event(company, board)[0], Subject=there)
    change(console, company, BEN, board, Subject=here)
    forced(page)

    calendar(page)
    expect(acts.card(page, here)).to_contain_text("changed on both sides at once, in its subject")
    judged(page)
    console.goto(f"{company.sandbox}/console/mailboxes/{BEN}")
    console.get_by_role("link", name="Salesforce Conflicts").click()
    console.get_by_role("link", name=f"Changed on both sides: {here}").first.click()
    expect(console.locator("body")).to_contain_text(there)

    general(page)
    acts.press(page, page.get_by_role("link", name="Issues", exact=True))
    asked = acts.card(page, meeting)
    expect(asked).to_contain_text(f"An update would be sent to: {CUSTOMER}")
    judged(page)
    before = mails(console, company)
    acts.press(page, asked.get_by_role("button", name="Change it and send the update"))
    expect(said(page)).to_contain_text("its attendees are sent the update")
    expect(acts.card(page, meeting)).to_have_count(0, timeout=60_000)
    assert mails(console, company) == before + 1


def mails(console: Page, company: Demo) -> int:
    """That the vendors have sent so far, of those to the customer."""
    console.goto(f"{company.sandbox}/console/outbox")
    return console.get_by_role("row").filter(has_text=CUSTOMER).count()


def test_what_is_held_back_is_kept(page: Page, console: Page, company: Demo) -> None:
    subjects = [acts.unique("Held") for _ in range(2)]
    company.settings("set", "events.removals-at-once", "1")
    try:
        acts.sign_in(page, company, "Cleo Marín")
        switch_on(page, SWITCHES[1])
        for hour, subject in enumerate(subjects, 15):
            put(console, company, CLEO, subject, hour)
        caught_up(page)
        for subject in subjects:
            change(console, company, CLEO, subject, "Delete")
        caught_up(page)
        acts.press(page, page.get_by_role("link", name="Issues", exact=True))
        held = acts.card(page, "2 Events would be deleted in Salesforce")
        for subject in subjects:
            expect(held).to_contain_text(subject)
        judged(page)
        acts.press(page, held.get_by_role("button", name="Keep them"))
        expect(said(page)).to_contain_text("Events that stay in Salesforce: 2")
        expect(held).to_have_count(0, timeout=60_000)
        assert all(event(company, subject) for subject in subjects)
    finally:
        company.settings("unset", "events.removals-at-once")
