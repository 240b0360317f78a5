"""Having a whole thread saved from the page Mail, and no longer: without JavaScript, audited."""

import html
import json
from typing import TYPE_CHECKING

import pytest

from crosstie.accounts.governance import settings
from crosstie.cli import main
from crosstie.jobs import commands
from crosstie.store.models import AuditRow, ItemState, Mailbox, Thread
from sandbox.faults import Fault
from tests.unit.web.office import ADA
from tests.unit.web.test_pages import text

if TYPE_CHECKING:
    from django.test import Client

    from tests.unit.web.office import Office

SENDER = "nora@birchworks.test"
SAVE, STOP = "Save the whole thread", "Stop saving this thread"


@pytest.fixture
def ada(office: "Office") -> "Client":
    """Signed in, with a mail that is not saved, since auto-saving is off."""
    for name, value in (("mail.auto-save", "off"), ("mail.threads-allowed", "on"), ("mail.threads", "on")):
        settings.put(office.scope, settings.EVERYBODY, name, value, office.clock)
    browser = office.signed_in()
    office.sync()
    office.mail("Drawings", SENDER, ADA)
    office.clock.pass_time(3600)
    office.sync()
    return browser


def act(office: "Office", browser: "Client", address: str = "/mail/thread", item: str = "") -> str:
    mailbox = Mailbox.of(office.scope).get(address=ADA)
    item = item or ItemState.of(office.scope).get(mailbox=mailbox).item_id
    return html.unescape(browser.post(address, {"item": item}, follow=True).content.decode())


def test_a_thread_is_marked_and_its_mails_are_saved(ada: "Client", office: "Office") -> None:
    assert SAVE in text(ada, "/mail")
    page = act(office, ada)
    assert "From now on all e-mails of this thread are saved" in page
    assert STOP in page
    assert SAVE not in page
    office.sync()
    page = text(ada, "/mail")
    assert "because all e-mails of its thread are" in page
    assert "Open in Salesforce" in page


def test_it_is_stopped_and_what_was_saved_stays(ada: "Client", office: "Office") -> None:
    act(office, ada)
    office.sync()
    page = act(office, ada, "/mail/thread/stop")
    assert "What was saved stays in Salesforce" in page
    assert SAVE in page
    assert "Open in Salesforce" in page
    assert "nothing is to stop" in act(office, ada, "/mail/thread/stop")


def test_the_audit_has_both_and_who_asked(ada: "Client", office: "Office") -> None:
    act(office, ada)
    act(office, ada)
    act(office, ada, "/mail/thread/stop")
    deeds = AuditRow.of(office.scope).filter(action__startswith="mail.thread").order_by("id")
    assert [(deed.action, deed.face, deed.actor.address) for deed in deeds if deed.actor] == [
        ("mail.thread", "web", ADA),
        ("mail.thread-stop", "web", ADA),
    ]
    assert all(list(deed.details) == ["item"] for deed in deeds)


def test_a_second_mark_says_so(ada: "Client", office: "Office") -> None:
    act(office, ada)
    assert "are saved already" in act(office, ada)
    assert Thread.of(office.scope).count() == 1


@pytest.mark.parametrize("switch", ["mail.threads", "mail.threads-allowed"])
def test_where_a_switch_is_off_there_is_no_button_and_the_address_says_why(
    ada: "Client", office: "Office", switch: str
) -> None:
    settings.put(office.scope, settings.EVERYBODY, switch, "off", office.clock)
    assert SAVE not in text(ada, "/mail")
    assert "Whole threads are not saved here" in act(office, ada)
    assert Thread.of(office.scope).count() == 0


def test_a_person_switches_it_on_where_the_administrator_allows_it(ada: "Client", office: "Office") -> None:
    settings.put(office.scope, settings.EVERYBODY, "mail.threads", "off", office.clock)
    assert "Auto-save all e-mails in a thread" in text(ada, "/")
    answer = ada.post("/settings/threads", {"threads": "on"}, follow=True).content.decode()
    assert "there is a button that saves its whole thread" in answer
    assert SAVE in text(ada, "/mail")
    assert "no longer saved whole" in ada.post("/settings/threads", follow=True).content.decode()
    settings.put(office.scope, settings.EVERYBODY, "mail.threads-allowed", "off", office.clock)
    assert "Auto-save all e-mails in a thread" not in text(ada, "/")
    assert "Whether anybody may have" in text(ada, "/")


def test_the_command_knows_a_mail_by_its_message_id_too(
    ada: "Client", office: "Office", capsys: pytest.CaptureFixture[str]
) -> None:
    (mail,) = commands.latest(office.org.scope, Mailbox.of(office.scope).get(address=ADA).pk, 1)
    message_id = mail.email.message_id or ""
    assert main(["thread", ADA, message_id]) == 0
    assert main(["thread", ADA, message_id]) == 1
    assert main(["thread", ADA, "<unheard@of.test>"]) == 1
    assert main(["thread", ADA, mail.email.item_id, "--stop", "--json"]) == 0
    marked, already, unknown, stopped = capsys.readouterr().out.split("\n", 3)
    assert "From now on all e-mails" in marked
    assert "are saved already" in already
    assert "is not known" in unknown
    assert json.loads(stopped)["code"] == "THREAD-STOPPED"


def test_a_mail_that_is_not_there_marks_nothing(ada: "Client", office: "Office") -> None:
    assert "its thread is not known" in act(office, ada, item="unheard of")
    assert "its thread is not known" in act(office, ada, "/mail/thread/stop", item="../messages")
    assert Thread.of(office.scope).count() == 0


def test_a_mailbox_out_of_reach_changes_nothing(ada: "Client", office: "Office") -> None:
    office.app.world.faults.add(Fault("refuse", "graph", status=503, times=9))
    assert "mailbox" in act(office, ada)
    assert Thread.of(office.scope).count() == 0
