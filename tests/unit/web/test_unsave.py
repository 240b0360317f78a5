"""Taking a saved e-mail out of Salesforce on the page Mail: for good, audited, and only by who may."""

import html
from typing import TYPE_CHECKING

import pytest

from crosstie.jobs import commands
from crosstie.store.models import AuditRow, ItemState, Mailbox
from sandbox.faults import Fault
from tests.unit.web.office import ADA, BEN
from tests.unit.web.test_pages import text

if TYPE_CHECKING:
    from django.test import Client

    from tests.unit.web.office import Office

SENDER = "nora@birchworks.test"


@pytest.fixture
def ada(office: "Office") -> "Client":
    """Signed in, with a mail that she and Ben have got and that is saved."""
    browser = office.signed_in()
    office.sync()
    office.mail("Drawings", SENDER, ADA, shown=f"{ADA}, {BEN}")
    office.mail("Drawings", SENDER, BEN, shown=f"{ADA}, {BEN}")
    office.clock.pass_time(3600)
    office.sync()
    assert records(office) == 1
    return browser


def records(office: "Office") -> int:
    org = office.company.site.org
    return len(org.query(org.admin, "SELECT Id FROM EmailMessage").records)


def item(office: "Office", address: str = ADA) -> str:
    mailbox = Mailbox.of(office.scope).get(address=address)
    return str(ItemState.of(office.scope).exclude(record_id="").get(mailbox=mailbox).item_id)


def unsave(office: "Office", browser: "Client") -> str:
    return html.unescape(browser.post("/mail/unsave", {"item": item(office)}, follow=True).content.decode())


def test_it_is_gone_for_everybody_and_stays_gone(ada: "Client", office: "Office") -> None:
    assert "Take it out of Salesforce" in text(ada, "/mail")
    page = unsave(office, ada)
    assert "was deleted in Salesforce, for everybody" in page
    assert "Not saved again: its record was deleted in Salesforce." in page
    assert "Open in Salesforce" not in page
    assert records(office) == 0
    for _ in range(3):
        office.clock.pass_time(3600)
        office.sync()
    assert records(office) == 0
    assert "its record was deleted" in text(office.signed_in(BEN), "/mail")


def test_the_audit_has_the_record_and_who_asked(ada: "Client", office: "Office") -> None:
    record = ItemState.of(office.scope).get(item_id=item(office)).record_id
    unsave(office, ada)
    deed = AuditRow.of(office.scope).get(action="mail.unsave")
    assert (deed.face, deed.details) == ("web", {"record": record, "object": "EmailMessage"})
    assert deed.actor is not None
    assert deed.actor.address == ADA


def test_who_may_not_delete_in_salesforce_may_not_here(ada: "Client", office: "Office") -> None:
    org = office.company.site.org
    profile = org.get(org.admin, "User", office.company.colleagues[0].user, ["ProfileId"])["ProfileId"]
    org.core.access.permit(profile, "EmailMessage", frozenset({"read", "create", "edit"}))
    assert "You may not delete this record in Salesforce" in unsave(office, ada)
    assert records(office) == 1
    assert "Open in Salesforce" in text(ada, "/mail")


def test_a_lost_answer_is_said_and_trying_again_ends_it(ada: "Client", office: "Office") -> None:
    office.app.world.faults.add(Fault("lose_answer", "salesforce", "collection_delete"))
    assert "may be deleted or not" in unsave(office, ada)
    assert "was deleted in Salesforce, for everybody" in unsave(office, ada)


def test_salesforce_out_of_reach_changes_nothing(ada: "Client", office: "Office") -> None:
    office.app.world.faults.add(Fault("refuse", "salesforce", status=503, times=9))
    assert "Salesforce cannot be reached" in unsave(office, ada)
    assert records(office) == 1


def test_what_is_not_saved_cannot_be_taken_out(ada: "Client", office: "Office") -> None:
    unsave(office, ada)
    page = ada.post("/mail/unsave", {"item": "unheard of"}, follow=True).content.decode()
    assert "there is nothing to take out" in page
    mailbox = Mailbox.of(office.scope).get(address=ADA)
    said = commands.unsave(office.org.scope, mailbox.pk, item(office))
    assert not said.ok, "neither is what was taken out"


def test_one_who_marks_it_anew_has_it_saved_anew(ada: "Client", office: "Office") -> None:
    unsave(office, ada)
    world = office.app.world.mailboxes
    box = world.mailbox(ADA)
    assert box is not None
    message = next(world.find(box, subject="Drawings"))
    for categories in ((), ("Salesforce",)):
        world.set_categories(box, message, categories)
        office.clock.pass_time(3600)
        office.sync()
    assert records(office) == 1
    assert "because it was marked" in text(ada, "/mail")
