"""The page Issues: what was refused, what stops a mailbox, and trying again."""

import html
import threading
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import httpx2
import pytest

from crosstie.accounts import people
from crosstie.accounts.connection import mailboxes
from crosstie.accounts.sync import schedule
from crosstie.accounts.trouble import issues
from crosstie.jobs import live
from crosstie.store.models import AuditRow, ItemState
from crosstie.transport import Http
from sandbox.faults import Fault
from tests.unit.web.office import ADA, BEN
from tests.unit.web.test_pages import LIVE, text

if TYPE_CHECKING:
    from django.test import Client

    from tests.unit.web.office import Office

NOTHING = "There are no issues"


@pytest.fixture
def ada(office: "Office") -> "Client":
    """Signed in, with an e-mail that a validation rule refused an hour after another one was saved."""
    browser = office.signed_in()
    office.mail("Offer", "nora@birchworks.test")
    office.sync()
    office.clock.pass_time(3600)
    office.company.site.org.add_validation_rule("EmailMessage", 'Subject = "Drawings"', "Drawings stay secret.")
    office.mail("Drawings", "nora@birchworks.test")
    office.sync()
    return browser


def shown(browser: "Client", path: str = "/issues") -> str:
    return " ".join(html.unescape(text(browser, path)).split())


def repaired(office: "Office") -> None:
    office.company.site.org.core.customer.validation["EmailMessage"].clear()


def test_a_mailbox_without_issues_says_so(office: "Office") -> None:
    browser = office.signed_in()
    office.mail("Offer", "nora@birchworks.test")
    office.sync()
    assert NOTHING in text(browser, "/issues")


def test_an_issue_has_reason_advice_times_and_links(ada: "Client", office: "Office") -> None:
    page = shown(ada)
    assert "Drawings" in page
    assert "Offer" not in page
    assert "Salesforce refused the record because of a validation rule" in page
    assert "E-mail · Salesforce · <code>CRM-VALIDATION</code>" in page
    assert "Ask your Salesforce administrator which validation rule" in page
    assert "Drawings stay secret" not in page, "what a vendor says quotes content"
    assert 'href="https://outlook.office365.com/' in page
    assert page.count("<time") == 1, "once so far"
    office.clock.pass_time(25 * 3600)
    office.sync()
    again = shown(office.signed_in())
    assert again.count("<time") == 2, "the first time and the last"


def test_retrying_too_early_changes_nothing_but_the_time(ada: "Client", office: "Office") -> None:
    office.clock.pass_time(120)
    assert "tried again within seconds" in ada.post("/issues/retry", headers=LIVE).content.decode()
    office.sync()
    assert "Drawings" in text(ada, "/issues")


def test_retry_saves_it_once_the_cause_is_gone(ada: "Client", office: "Office") -> None:
    repaired(office)
    item = ItemState.of(office.scope).get(reason_code="CRM-VALIDATION").item_id
    assert "tried again" in ada.post("/issues/retry", {"item": item}, follow=True).content.decode()
    office.sync()
    assert NOTHING in text(ada, "/issues")
    org = office.company.site.org
    saved = org.query(org.admin, "SELECT Subject FROM EmailMessage").records
    assert sorted(row["Subject"] for row in saved) == ["Drawings", "Offer"]
    said = ada.post("/issues/retry", {"item": item}, headers=LIVE).content.decode()
    assert "There is nothing to try again" in said
    (deed,) = AuditRow.of(office.scope).filter(action="issues.retry")
    assert deed.details == {"items": 1}


def test_without_a_retry_a_repaired_cause_is_found_within_a_day(ada: "Client", office: "Office") -> None:
    repaired(office)
    office.clock.pass_time(25 * 3600)
    office.sync()
    assert NOTHING in text(office.signed_in(), "/issues")


def test_the_list_is_sent_only_when_it_moved(ada: "Client", office: "Office") -> None:
    page = text(ada, "/issues/list")
    seen = page.partition("?seen=")[2][:16]
    assert ada.get(f"/issues/list?seen={seen}").status_code == 204
    repaired(office)
    ada.post("/issues/retry")
    office.sync()
    assert NOTHING in text(ada, f"/issues/list?seen={seen}")


def test_a_mailbox_out_of_reach_is_an_issue_and_hides_no_other(ada: "Client", office: "Office") -> None:
    office.app.world.faults.add(Fault("refuse", face="graph", status=503, times=1000))
    for _ in range(2):
        office.clock.pass_time(3600)
        office.sync()
    page = shown(ada)
    assert "Your mailbox is not synchronized" in page
    assert "The mailbox cannot be reached at the moment." in page
    assert "An item that cannot be shown now" in page
    assert page.index("not synchronized") < page.index("cannot be shown")
    assert page.count("<time") == 3, "the mailbox's first and last failed session, and the e-mail's one time"


class Stalled(httpx2.BaseTransport):
    """The vendor takes a request, and says nothing before it is `over`."""

    def __init__(self, way: httpx2.BaseTransport) -> None:
        self.way, self.over = way, threading.Event()

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        self.over.wait(60)
        return self.way.handle_request(request)


def test_a_vendor_that_says_nothing_is_not_waited_for(
    ada: "Client", office: "Office", monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live, "PATIENCE", timedelta(seconds=0.5))
    stalled = Stalled(office.transport)
    asking = replace(office.house.mailboxes, http=Http(transport=stalled))
    office.house = replace(office.house, mailboxes=asking)
    page = shown(ada)
    assert "An item that cannot be shown now" in page
    assert "Salesforce refused the record because of a validation rule" in page
    stalled.over.set()
    monkeypatch.setattr(live, "PATIENCE", timedelta(seconds=30))
    assert "Drawings" in shown(ada)


def test_a_pause_is_no_issue_and_stops_retries(ada: "Client", office: "Office") -> None:
    ada.post("/sync/pause")
    assert "not synchronized" not in text(ada, "/issues")
    assert "Sync is paused. Press Start first." in ada.post("/issues/retry", headers=LIVE).content.decode()


def test_issues_are_their_owners_alone(ada: "Client", office: "Office") -> None:
    ben = office.signed_in(BEN)
    assert NOTHING in text(ben, "/issues")
    item = ItemState.of(office.scope).get(reason_code="CRM-VALIDATION").item_id
    assert "nothing to try again" in ben.post("/issues/retry", {"item": item}, headers=LIVE).content.decode()
    assert ItemState.of(office.scope).get(item_id=item).recheck is None
    assert office.browser().get("/issues").headers["Location"].startswith("/sign-in")
    assert office.browser().post("/issues/retry").headers["Location"] == "/sign-in"


def test_a_revoked_access_is_an_issue_with_its_own_words(ada: "Client", office: "Office") -> None:
    mailbox = mailboxes.of_person(office.scope, people.find(office.scope, ADA).person_id)
    mailboxes.deactivate(mailbox.scope, mailbox.mailbox_id, office.clock)
    found = issues.stopped(mailbox.scope, mailbox.mailbox_id, office.clock.now())
    assert found is not None
    assert (found.code, found.first_at) == ("DISABLED", None)
    assert "Sync is off for this mailbox." in text(ada, "/issues")
    assert not issues.retry(mailbox.scope, mailbox.mailbox_id, (), office.clock).ok
    assert not schedule.force(mailbox.scope, mailbox.mailbox_id, office.clock).ok


def test_the_mail_page_shows_one_outcome_at_a_time(ada: "Client", office: "Office") -> None:
    assert "Drawings" in text(ada, "/mail?show=issue")
    assert "Offer" not in text(ada, "/mail?show=issue")
    assert "Drawings" not in text(ada, "/mail?show=saved")
    assert "There is none among the newest 100 e-mails." in text(ada, "/mail?show=waiting")
    everything = text(ada, "/mail?show=nonsense")
    assert "Drawings" in everything
    assert "Offer" in everything
