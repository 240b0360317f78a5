"""What the two pages say and do, for the person who looks at them alone."""

import html
from typing import TYPE_CHECKING

import pytest

from crosstie.accounts import people
from crosstie.accounts.connection import mailboxes
from crosstie.accounts.governance import settings
from crosstie.store.models import Mailbox
from sandbox.faults import Fault
from tests.unit.web.office import ADA, BEN

if TYPE_CHECKING:
    from django.test import Client

    from tests.unit.web.office import Office

LIVE = {"hx-request": "true"}


def text(browser: "Client", path: str = "/") -> str:
    return browser.get(path, follow=True).content.decode()


def said(browser: "Client", path: str) -> str:
    """What pressing a button is answered with, by the live page."""
    page = browser.post(path, headers=LIVE).content.decode()
    assert "<html" not in page
    return page.partition('id="answer"')[2]


def above_events(page: str) -> str:
    """The page General down to the box with the switches of events."""
    return page.partition('id="events-title"')[0]


def test_before_and_after_the_first_session(office: "Office") -> None:
    browser = office.signed_in()
    page = text(browser)
    assert "None yet." in page
    assert "Within seconds" in page
    office.mail("Drawings", "nora@birchworks.test")
    office.mail("Lunch", BEN)
    office.sync()
    page = text(browser)
    assert "1 e-mail saved, 1 left alone" in page
    assert "Mon 16 Nov, 10:31" in page, "the next session, by the clock of the mailbox"


def test_forcing_says_what_happens(office: "Office") -> None:
    browser = office.signed_in()
    office.sync()
    assert "within seconds" in said(browser, "/sync/force")
    assert "Try again in 60 seconds" in said(browser, "/sync/force")
    mailbox = Mailbox.of(office.scope).filter(address=ADA)
    mailbox.update(lease_until=office.clock.now().replace(hour=12), session_started_at=office.clock.now())
    assert "has been running since" in said(browser, "/sync/force")
    assert "A session has been running since 10:01." in text(browser, "/sync")


def test_pausing_and_starting(office: "Office") -> None:
    browser = office.signed_in()
    assert "Sync is paused." in said(browser, "/sync/pause")
    assert "Force sync" not in text(browser)
    assert "Sync runs again." in said(browser, "/sync/start")
    assert "running already" in said(browser, "/sync/start")
    page = browser.post("/sync/pause", follow=True).content.decode()
    assert "Sync is paused." in page, "without JavaScript the next page says it"


def test_the_end_of_a_session_is_announced_once(office: "Office") -> None:
    browser = office.signed_in()
    assert 'id="answer"' not in text(browser, "/sync?seen=on-due")
    office.mail("Drawings", "nora@birchworks.test")
    office.sync()
    assert "The session has ended: 1 e-mail saved." in text(browser, "/sync?seen=on-due")
    assert 'id="answer"' not in text(browser, "/sync?seen=on")


def test_a_session_that_failed_comes_with_advice(office: "Office") -> None:
    browser = office.signed_in()
    office.app.world.faults.add(Fault("refuse", face="graph", status=503, times=1000))
    office.sync()
    page = text(browser)
    assert "Sync error" in page
    assert "stopped early" in page
    assert "What needs attention" in page
    assert "kept in step" not in above_events(page)
    assert "The mailbox cannot be reached at the moment." in page
    assert "The session stopped early." in text(browser, "/sync?seen=running")


def test_a_setting_shows_where_it_comes_from(office: "Office") -> None:
    browser = office.signed_in()
    assert "Now on: set for everybody." in text(browser)
    page = browser.post("/settings/emails", {}, follow=True).content.decode()
    assert "Auto-saving is off." in page
    assert "Now off: set by you." in page
    place = settings.for_person(office.scope, people.find(office.scope, ADA).person_id)
    assert settings.get(office.scope, place, "mail.auto-save") is False
    other = settings.for_person(office.scope, people.find(office.scope, BEN).person_id)
    assert settings.get(office.scope, other, "mail.auto-save") is True, "a page changes its own person's alone"
    assert (
        "Now on: set for everybody."
        in browser.post("/settings/emails", {"reset": "1"}, follow=True).content.decode()
    )
    assert (
        "Now on: set by you."
        in browser.post("/settings/emails", {"auto_save": "on"}, follow=True).content.decode()
    )


def test_who_becomes_a_record_stands_below_the_switch(office: "Office") -> None:
    browser = office.signed_in()
    page = " ".join(text(browser).split())
    assert "People whom Salesforce does not know" in page
    assert '<strong>off</strong> <span class="hint">the default</span>' in page.partition("does not know</h3>")[2]
    assert "named after the domain" not in page, "nothing is made, so nothing more is to be said"
    settings.put(office.scope, settings.EVERYBODY, "resolving", "contact", office.clock)
    page = " ".join(text(browser).split())
    assert '<strong>contact</strong> <span class="hint">set for everybody</span>' in page
    assert "named after the domain" in page


def test_a_locked_setting_cannot_be_changed_here(office: "Office") -> None:
    settings.put(office.scope, settings.EVERYBODY, "mail.auto-save", "on", office.clock, locked=True)
    browser = office.signed_in()
    page = text(browser)
    assert "Your administrator locked this setting." in page
    assert "Save changes" not in above_events(page)
    assert "is locked for everybody" in browser.post("/settings/emails", {}, follow=True).content.decode()


def test_mail_says_what_became_of_each(office: "Office") -> None:
    settings.put(office.scope, settings.EVERYBODY, "blocklist", "omar@birchworks.test", office.clock)
    browser = office.signed_in()
    assert "There is no e-mail" in text(browser, "/mail")
    office.sync()
    office.mail("Drawings <b>", "Nora Lindqvist <nora@birchworks.test>")
    office.mail("Prize", "omar@birchworks.test")
    office.mail("Who", "wim@willow.test")
    before = text(browser, "/mail")
    assert "the next session saves it" in before
    browser.post("/sync/force")
    office.sync()
    page = text(browser, "/mail")
    assert "Saved automatically to Salesforce as EmailMessage" in page
    assert "is on your organization's blocklist. Entries: omar@birchworks.test." in html.unescape(page)
    assert "nobody on the e-mail is a Contact or Lead" in page
    assert page.count("Open in Salesforce") == 1
    (record,) = office.company.site.org.query(office.company.site.org.admin, "SELECT Id FROM EmailMessage").records
    assert f'href="http://sandbox.test/{record["Id"]}"' in page
    assert "Drawings &lt;b&gt;" in page
    assert "Nora Lindqvist &lt;nora@birchworks.test&gt;" in page
    assert page.index("Who") < page.index("Prize") < page.index("Drawings"), "the newest first"


def test_attachments_that_were_left_out_are_listed_below_their_mail(office: "Office") -> None:
    browser = office.signed_in()
    office.sync()
    office.mail("Offer", "nora@birchworks.test", files={"secret logo.png": b"png", "offer.pdf": b"pdf"})
    office.mail("Plain", "nora@birchworks.test")
    browser.post("/sync/force")
    office.sync()
    page = text(browser, "/mail")
    assert page.count("Attachments that were not saved") == 1
    assert "1 × png: It is a small image, as signatures have them." in page
    assert "secret logo" not in page


def test_further_folders_are_on_the_mail_page(office: "Office") -> None:
    settings.put(office.scope, settings.EVERYBODY, "mail.folders", "inbox/*", office.clock)
    box = office.app.world.mailboxes.mailbox(ADA)
    assert box is not None
    store = office.app.world.mailboxes
    customers = store.create_folder(box, "Customers", box.well_known("inbox"))
    private = store.create_folder(box, "Private", None)
    office.sync()
    for subject, folder in (("Filed", customers), ("Elsewhere", private)):
        office.mail(subject, "nora@birchworks.test")
        store.move(box, next(store.find(box, subject=subject)), folder)
    office.clock.pass_time(3600)
    office.sync()
    browser = office.signed_in()
    page = text(browser, "/mail")
    assert "Filed" in page
    assert "Saved automatically" in page
    assert "Elsewhere" not in page
    store.delete_folder(box, customers)
    assert "There is no e-mail" in text(browser, "/mail"), "a folder that went away is no trouble"


def test_sent_mail_names_whom_it_went_to(office: "Office") -> None:
    browser = office.signed_in()
    office.mail("Offer", f"Ada Keller <{ADA}>", ADA, shown=", ".join(f"p{n}@oak.test" for n in range(5)))
    words = " ".join(text(browser, "/mail").split())
    assert 'To <bdi class="name">p0@oak.test, p1@oak.test, p2@oak.test</bdi> and 2 more' in words
    assert "From" not in words


@pytest.mark.parametrize(
    ("status", "sentence"),
    [(503, "The mailbox cannot be reached at the moment"), (403, "The mailbox refuses our access")],
)
def test_a_mailbox_out_of_reach_comes_with_advice(office: "Office", status: int, sentence: str) -> None:
    browser = office.signed_in()
    office.sync()
    fault = Fault(
        "refuse", face="graph", status=status, times=1000, body=b'{"error": {"code": "ErrorAccessDenied"}}'
    )
    office.app.world.faults.add(fault)
    page = browser.get("/mail")
    assert page.status_code == 503
    assert sentence in page.content.decode()


def test_nothing_of_the_mail_page_stays(office: "Office") -> None:
    from django.db import connection

    browser = office.signed_in()
    office.mail("Zanzibarbara", "nora@birchworks.test")
    page = browser.get("/mail")
    assert "Zanzibarbara" in page.content.decode()
    assert "no-store" in page.headers["Cache-Control"]
    with connection.cursor() as cursor:
        cursor.execute("SELECT session_data FROM django_session")
        rows = [row[0] for row in cursor.fetchall()]
    from django.contrib.sessions.backends.db import SessionStore

    kept = [SessionStore().decode(row) for row in rows]
    assert kept
    assert not any("Zanzibar" in str(one) for one in kept)


def test_looking_without_end_is_stopped(office: "Office") -> None:
    browser = office.signed_in()
    answers = [browser.get("/mail").status_code for _ in range(31)]
    assert answers[29:] == [200, 429]


@pytest.mark.parametrize("path", ["/sync/force", "/sync/pause", "/sync/start", "/settings/emails"])
def test_what_changes_something_is_posted_by_somebody_who_is_signed_in(office: "Office", path: str) -> None:
    assert office.signed_in().get(path).status_code == 405
    stranger = office.browser()
    assert stranger.post(path).headers["Location"] == "/sign-in"
    ada = mailboxes.of_person(office.scope, people.find(office.scope, ADA).person_id)
    assert not Mailbox.of(office.scope).get(pk=ada.mailbox_id).paused


def test_an_unknown_page_looks_like_ours(office: "Office") -> None:
    page = office.browser().get("/nowhere")
    assert page.status_code == 404
    assert "There is no such page" in page.content.decode()
