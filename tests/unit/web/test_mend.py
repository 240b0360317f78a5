"""The dialog, the page Mend, and its buttons: from the mail's link to a session that runs, in three clicks."""

import html
import re
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit

import httpx2
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from crosstie.accounts.trouble import stops
from crosstie.store.models import AuditRow, Mailbox, MailboxState, Person, Role, Scope, Stop
from tests.unit.web import ways
from tests.unit.web.office import ADA, BEN, MAILBOX_CALLBACK
from tests.unit.web.test_pages import text
from tests.unit.web.ways import Way, delegate, live, posted, with_mail

if TYPE_CHECKING:
    from django.test import Client

    from tests.unit.web.office import Office

BY_NAME = {way.name: way for way in ways.WAYS}
REVOKED = BY_NAME["token revoked, password changed"]
DIALOG = "<dialog"
RUN = "Sync is tried again within seconds."


@pytest.fixture
def folder(office: "Office", tmp_path: Path) -> Path:
    with_mail(office, tmp_path / "mail")
    live(office)
    return tmp_path / "mail"


def shown(browser: "Client", path: str = "/") -> str:
    return " ".join(html.unescape(text(browser, path)).split())


def follow_link(office: "Office", folder: Path, reader: str) -> "Client":
    """What the mail leads to, for somebody who is not signed in: they come back to it after signing in."""
    (mail,) = [one for one in posted(folder) if one["To"] == reader]
    (link,) = re.findall(r"http://localhost:8400(/\S+)", mail.get_content())
    browser = office.browser()
    answer = browser.get(link)
    assert answer.headers["Location"] == "/sign-in?next=%2Fmend"
    back = office.choose(office.leave(browser, next="/mend"), reader)
    assert browser.get("/sign-in/salesforce/callback", back).headers["Location"] == "/mend"
    return browser


def at_microsoft(office: "Office", address: str, person: str) -> dict[str, str]:
    """Say there who one is; what comes back to the server."""
    with httpx2.Client(transport=office.transport) as microsoft:
        answer = microsoft.post(address, data={"user": person})
        for _ in range(3):
            if answer.status_code == 302:
                break
            answer = microsoft.post(address, data=_form(answer.text) | {"user": person})
    assert answer.headers["Location"].startswith(MAILBOX_CALLBACK), answer.text
    return {name: values[0] for name, values in parse_qs(urlsplit(answer.headers["Location"]).query).items()}


def _form(page: str) -> dict[str, str]:
    return dict(re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', page))


def left(browser: "Client") -> str:
    """Press *Sign in to the mailbox*; where the page leads to."""
    page = browser.post("/mend/sign-in").content.decode()
    found = re.search(r'content="0;url=([^"]+)"', page)
    assert found, page
    return html.unescape(found[1])


def name_of(page: str) -> str:
    (name,) = set(re.findall(r'name="trouble" value="([^"]+)"', page))
    return str(name)


def runs(office: "Office", address: str) -> bool:
    box = ways.box_of(office, address)
    return box.state == MailboxState.ACTIVE and not box.last_error_code and not box.rejections


@pytest.mark.parametrize("times", [5, 6])
def test_the_sixth_refusal_shows_the_dialog_and_a_success_takes_it_away(
    office: "Office", folder: Path, times: int
) -> None:
    delegate(office)
    browser = office.signed_in(BEN)
    live(office)
    REVOKED.stop(office)
    live(office, times)
    page = shown(browser)
    assert (DIALOG in page) is (times == 6)
    if times == 6:
        assert "The password of ben@larch.test was changed, or its sign-ins were ended." in page
        assert "Sign in to the mailbox" in page
        assert "Not now" in page
    delegate(office)
    live(office)
    assert DIALOG not in shown(browser)
    REVOKED.stop(office)
    live(office, 5)
    assert DIALOG not in shown(browser), "counted anew"
    assert posted(folder) == []


def test_an_owner_signs_in_anew_and_the_gap_is_filled(office: "Office", folder: Path) -> None:
    delegate(office)
    live(office)
    REVOKED.stop(office)
    live(office, 10)
    office.mail("Meanwhile", "nora@birchworks.test", to=BEN)
    browser = follow_link(office, folder, BEN)
    assert "Sign in to the mailbox" in shown(browser, "/mend")
    answer = browser.get(MAILBOX_CALLBACK, at_microsoft(office, left(browser), BEN))
    assert answer.headers["Location"] == "/"
    live(office)
    assert runs(office, BEN)
    page = shown(browser)
    assert "What happened in between was looked at: 1 e-mail saved." in page
    assert DIALOG not in page
    assert [one["Subject"] for one in posted(folder)][-1] == "Sync runs again for ben@larch.test"
    assert "E-mails saved of that time: 1." in posted(folder)[-1].get_content()


@pytest.mark.parametrize(
    "way",
    [BY_NAME["licence removed"], BY_NAME["org blocked the app"], BY_NAME["ten other failures"]],
    ids=lambda way: way.name,
)
def test_an_administrator_tries_again_and_it_runs(office: "Office", folder: Path, way: Way) -> None:
    live(office)
    way.stop(office)
    live(office, 10)
    way.mend(office)
    browser = follow_link(office, folder, ADA)
    page = shown(browser, "/mend")
    assert "A mail about it was sent on" in page
    names = set(re.findall(r'name="trouble" value="([^"]+)"', page))
    for name in names:
        assert RUN in html.unescape(browser.post("/mend/again", {"trouble": name}, follow=True).content.decode())
    office.clock.pass_time(30)
    office.sync()
    assert not Stop.of(office.scope).filter(ended_at=None).exists()
    assert "Nothing has to be mended" in shown(browser, "/mend")


def test_an_administrator_enters_the_app_s_new_secret(office: "Office", folder: Path) -> None:
    BY_NAME["app's secret expired"].stop(office)
    live(office, 10)
    browser = follow_link(office, folder, ADA)
    name = re.findall(r'name="trouble" value="(box-\d+)"', text(browser, "/mend"))[0]
    for bad in ("", " ", "x" * 501, "two\nlines"):
        browser.post("/mend/secret", {"trouble": name, "secret": bad})
    assert Stop.of(office.scope).filter(ended_at=None).count() == 2
    browser.post("/mend/secret", {"trouble": name, "secret": "another"})
    office.clock.pass_time(30)
    office.sync()
    assert runs(office, ADA)
    assert runs(office, BEN), "it is the tenant's app"
    assert "another" not in str(list(AuditRow.of(office.scope).values()))


def test_whoever_cannot_mend_it_is_told_so_and_has_no_button(office: "Office", folder: Path) -> None:
    BY_NAME["licence removed"].stop(office)
    live(office, 10)
    browser = office.signed_in(BEN)
    page = shown(browser, "/mend")
    assert "Microsoft has no mailbox for ben@larch.test" in page
    assert "Only your administrator can mend this" in page
    assert "Try again now" not in page
    box = ways.box_of(office, BEN)
    browser.post("/mend/again", {"trouble": f"box-{box.pk}"})
    browser.post("/mend/secret", {"trouble": f"box-{box.pk}", "secret": "x"})
    browser.post("/mend/sign-in")
    box.refresh_from_db()
    assert box.state == MailboxState.SUSPENDED


def test_another_s_sign_in_opens_nothing(office: "Office", folder: Path) -> None:
    delegate(office)
    live(office)
    REVOKED.stop(office)
    live(office, 10)
    browser = office.signed_in(BEN)
    browser.get(MAILBOX_CALLBACK, at_microsoft(office, left(browser), ADA))
    assert "You signed in with another account than that of ben@larch.test" in shown(browser, "/mend")
    assert not runs(office, BEN)
    given = at_microsoft(office, left(browser), BEN)
    browser.get(MAILBOX_CALLBACK, given | {"state": "another"})
    browser.get(MAILBOX_CALLBACK, given)
    assert not runs(office, BEN), "nothing can be played twice"
    left(browser)
    browser.get(MAILBOX_CALLBACK, {"error": "access_denied", "state": "another"})
    assert "was not begun in this browser" in shown(browser, "/mend")
    state = parse_qs(urlsplit(left(browser)).query)["state"][0]
    browser.get(MAILBOX_CALLBACK, {"error": "access_denied", "state": state})
    assert "you said no there" in shown(browser, "/mend")


def test_a_profile_s_administrator_mends_its_mailboxes_and_no_org(office: "Office", folder: Path) -> None:
    Person.of(office.scope).filter(address=BEN).update(role=Role.PROFILE_ADMIN)
    BY_NAME["Salesforce user inactive"].stop(office)
    live(office, 10)
    browser = office.signed_in(ADA)
    BY_NAME["Salesforce user inactive"].mend(office)
    lead = office.signed_in(BEN)
    page = shown(lead, "/mend")
    assert "Only your administrator can mend this" in page
    lead.post("/mend/again", {"trouble": f"org-{office.org.org_id}"})
    assert stops.going_on(Scope(office.scope.tenant_id))
    assert name_of(text(browser, "/mend")) == f"org-{office.org.org_id}"


def test_a_mailbox_that_is_suspended_is_not_forced_by_hand_either(office: "Office", folder: Path) -> None:
    BY_NAME["ten other failures"].stop(office)
    live(office, 10)
    browser = office.signed_in(BEN)
    answer = browser.post("/sync/force", follow=True).content.decode()
    assert "Sync is suspended: it failed ten times in a row." in answer
    assert Mailbox.of(office.scope).filter(state=MailboxState.SUSPENDED).count() == 2


def test_many_come_in_pages_and_are_asked_for_at_once(office: "Office") -> None:
    browser, found = office.signed_in(), {}
    for count in (5, 21):
        stand_still(office, count)
        with CaptureQueriesContext(connection) as queries:
            page = browser.get("/mend").content.decode()
        found[count] = len(queries)
        assert (">Newer<" in page) is (count == 21)
    assert found[5] == found[21]
    second = shown(browser, "/mend?page=1")
    assert ">Older<" in second
    assert (page.count("<code>GRAPH-NO-MAILBOX"), second.count("GRAPH-NO-MAILBOX")) == (20, 1)
    assert shown(browser, "/mend?page=x").count("<code>GRAPH-NO-MAILBOX") == 20


def stand_still(office: "Office", count: int) -> None:
    """So many mailboxes of colleagues."""
    of_tenant = Person.of(office.scope)
    profile, org = of_tenant.filter(address=BEN).values_list("profile_id", "org_id").get()
    for number in range(of_tenant.count() - 2, count):
        address, now = f"n{number}@larch.test", office.clock.now()
        owner = of_tenant.create(name=address, address=address, profile_id=profile, org_id=org, created_at=now)
        box = Mailbox.of(office.org.scope).create(
            person=owner, vendor="graph", address=address, activated_at=now, state=MailboxState.SUSPENDED
        )
        stops.begin(office.org.scope, {box.pk: "GRAPH-NO-MAILBOX"}, now)
