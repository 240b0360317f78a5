"""My connectivity: both accounts as they stand, the sessions, their log, and the way out and back."""

import csv
import html
import io
import re
from typing import TYPE_CHECKING

import pytest

from crosstie.accounts.connection import leaving, mailboxes
from crosstie.jobs import leaving as acts
from crosstie.store.models import Connection, Mailbox, MailboxState, Org, OrgState, Person, SessionRun
from tests.simulation.letters import letter
from tests.unit.web import ways
from tests.unit.web.office import ADA, BEN
from tests.unit.web.test_connecting import Newcomer, offer

if TYPE_CHECKING:
    from tests.unit.web.office import Office

PAGE = "/connectivity"
SECRET = "Merger with Birch"


@pytest.fixture
def ben(office: "Office") -> Newcomer:
    """Whose mailbox is entered by his own sign-in."""
    offer(office)
    ways.delegate(office)
    office.mail(SECRET, "nora@birchworks.test", BEN)
    office.sync()
    return Newcomer(office, office.signed_in(BEN))


def saved(office: "Office") -> int:
    return len(office.company.site.org.core.store.table("EmailMessage").rows)


def ref(office: "Office", address: str = BEN) -> mailboxes.MailboxRef:
    return mailboxes.of_person(office.scope, ways.box_of(office, address).person_id)


def test_both_accounts_are_shown_as_they_stand(ben: Newcomer) -> None:
    page = ben.page(PAGE)
    assert re.findall(r'class="badge (\w+)">(\w+)<', page) == [("good", "Connected"), ("good", "Active")]
    box = ways.box_of(ben.office, BEN)
    assert f'Last success</dt><dd><time datetime="{box.session_ended_at:%Y-%m-%dT}' in page
    assert "By your own sign-in, to your e-mails, your calendar" in page
    assert "reads and writes for everybody" in page
    assert str(ben.office.company.colleagues[1].user) in page
    assert "Sign in to the mailbox again" in page
    assert SECRET not in page


def test_access_for_everybody_has_no_sign_in_of_its_own(office: "Office") -> None:
    ada = Newcomer(office, office.signed_in(ADA))
    page = ada.page(PAGE)
    assert "By what your administrator granted for all mailboxes." in page
    assert "Sign in to the mailbox again" not in page
    assert "There has been no session yet." in page
    assert "<svg" not in page


def test_an_org_that_refuses_us_is_shown(ben: Newcomer) -> None:
    Org.of(ben.office.scope).update(state=OrgState.NEEDS_CONSENT, error_code="CRM-TOKEN-CLIENT")
    page = ben.page(PAGE)
    assert "Access lost" in page
    assert "CRM-TOKEN-CLIENT" in page


def test_somebody_without_a_mailbox_or_a_user_is_led_on(office: "Office") -> None:
    Mailbox.of(office.scope).filter(address=BEN).delete()
    ben = Newcomer(office, office.signed_in(BEN))
    assert "No mailbox is connected." in ben.page(PAGE)
    assert 'href="/activation"' in ben.page(PAGE)
    Person.of(office.scope).filter(address=BEN).update(crm_user_id="")
    assert "You have no Salesforce user here yet." in ben.page(PAGE)


def test_the_last_sessions_are_a_table_and_a_chart_without_script(ben: Newcomer) -> None:
    office = ben.office
    run = SessionRun.of(office.scope).filter(mailbox__address=BEN).latest("pk")
    for number in range(1, 51):
        SessionRun.of(office.org.scope).create(
            mailbox_id=run.mailbox_id,
            epoch=run.epoch + number,
            started_at=run.started_at,
            ended_at=run.ended_at,
            counts={"saved": number},
            error_code="GRAPH-THROTTLED" if number == 50 else "",
        )
    page = ben.page(PAGE)
    assert len(re.findall(r"<rect ", page)) == 40
    heights = [int(one) for one in re.findall(r'<rect class="\w+"[^>]* height="(\d+)"', page)]
    assert heights == sorted(heights)
    assert heights[-1] == 60
    assert page.count('class="failed"') == 1
    assert "The last 40 sessions: at most 50 items in one, and 1 that stopped early." in page
    assert page.count("<tr>") == 11
    assert "GRAPH-THROTTLED" in page
    assert "style=" not in page


def test_the_log_is_one_s_own_and_without_content(ben: Newcomer) -> None:
    ben.office.mail("For Ada", "nora@birchworks.test", ADA)
    ben.office.clock.pass_time(3600)
    ben.office.sync()
    answer = ben.browser.get("/connectivity/sessions.csv")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="sessions.csv"'
    rows = list(csv.DictReader(io.StringIO(answer.content.decode())))
    own = SessionRun.of(ben.office.scope).filter(mailbox__address=BEN).count()
    assert (len(rows), own > 1) == (own, True)
    assert list(rows[0]) == ["started", "ended", "saved", "skipped", "waiting", "issue", "error"]
    assert [row["saved"] for row in rows][-1] == "1"
    assert SECRET not in answer.content.decode()
    assert "@" not in answer.content.decode()


def test_an_owner_disconnects_and_connects_again_and_nothing_is_twice(ben: Newcomer) -> None:
    office, before = ben.office, saved(ben.office)
    page = ben.page("/connectivity/disconnect")
    assert "Nothing was changed yet." in page
    assert "Nothing is taken out of your calendar." in page
    assert "Salesforce keeps everything that was saved." in page
    assert ways.box_of(office, BEN).leaving_since is None
    ben.browser.post("/connectivity/disconnect/do")
    assert "Keep it connected" in ben.page(PAGE)
    for _ in range(3):
        office.clock.pass_time(60)
        office.sync()
    assert ways.box_of(office, BEN).state == MailboxState.DISABLED
    assert not Connection.of(office.scope).filter(mailbox__isnull=False).exists()
    assert "You disconnected your mailbox." in ben.page("/activation")
    assert "is connected." in ben.back(ben.at_microsoft(ben.leave()))
    office.mail("Another", "nora@birchworks.test", BEN)
    office.sync()
    assert saved(office) == before + 1
    assert "Active" in ben.page(PAGE)


def test_the_account_is_another_one_and_nothing_is_twice(ben: Newcomer) -> None:
    """Ben's mailbox is moved to another address, his mails with it; his administrator changes his address here."""
    office, other = ben.office, "ben.okafor@larch.test"
    office.clock.pass_time(1)
    raw = bytes(letter("Moved along", "nora@birchworks.test", BEN, office.clock.now()))
    office.app.world.mailboxes.add_mailbox(other, "Ben Okafor", time_zone="Europe/Berlin")
    office.app.world.mailboxes.deliver(raw, (BEN,))
    office.clock.pass_time(3600)
    office.sync()
    before = saved(office)
    assert before == 2
    office.app.world.mailboxes.deliver(raw, (other,))
    ben.browser.post("/connectivity/disconnect/do")
    for _ in range(3):
        office.clock.pass_time(60)
        office.sync()
    Person.of(office.scope).filter(address=BEN).update(address=other)
    assert "yours is ben.okafor@larch.test" in ben.back(ben.at_microsoft(ben.leave(), user=BEN))
    assert "is connected." in ben.back(ben.at_microsoft(ben.leave(), user=other))
    office.sync()
    assert saved(office) == before
    page = ben.page("/mail")
    assert "Moved along" in page
    assert "Saved" in page


def test_an_owner_thinks_better_of_it(ben: Newcomer) -> None:
    ben.browser.post("/connectivity/disconnect/do")
    answer = ben.browser.post("/connectivity/stay", follow=True).content.decode()
    assert "The mailbox stays connected." in answer
    box = ways.box_of(ben.office, BEN)
    assert (box.leaving_since, box.state) == (None, MailboxState.ACTIVE)
    assert "is connected already" in ben.browser.post("/connectivity/stay", follow=True).content.decode()


def test_what_an_administrator_leaves_is_not_kept_by_its_owner(ben: Newcomer) -> None:
    leaving.begin(ben.office.org.scope, ref(ben.office).mailbox_id, ben.office.clock)
    assert "Keep it connected" not in ben.page(PAGE)
    ben.browser.post("/connectivity/stay")
    assert ways.box_of(ben.office, BEN).leaving_since is not None
    assert ben.browser.get("/connectivity/disconnect").status_code == 409
    acts.at_once(ref(ben.office))
    ben.browser.post("/connectivity/disconnect/do", {"as_it_is": "yes"})
    assert "only an administrator can switch it on again" in ben.page("/activation")


def test_where_nothing_can_be_tidied_it_is_left_as_it_is(ben: Newcomer) -> None:
    Mailbox.of(ben.office.scope).filter(address=BEN).update(state=MailboxState.NEEDS_CONSENT)
    page = ben.page("/connectivity/disconnect")
    assert "So nothing can be taken out of your calendar" in page
    answer = ben.browser.post("/connectivity/disconnect/do", follow=True).content.decode()
    assert "Nothing can be taken out of the calendar as things stand." in html.unescape(answer)
    ben.browser.post("/connectivity/disconnect/do", {"as_it_is": "yes"})
    assert ways.box_of(ben.office, BEN).state == MailboxState.DISABLED
    assert "Connect my mailbox" in ben.page("/activation")
