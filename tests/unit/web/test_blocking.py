"""Block the sender and undo: what the preview says is what is done, and a second try ends what a first began."""

import html
import json
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import pytest

from crosstie.accounts import people
from crosstie.accounts.governance import blocklist, settings
from crosstie.cli import main
from crosstie.store.models import AuditRow, ItemState, Mailbox
from sandbox.faults import Fault
from tests.unit.web.office import ADA, BEN
from tests.unit.web.test_pages import text

if TYPE_CHECKING:
    from django.test import Client

    from tests.unit.web.office import Office

STRANGER, FREE = "wim@willow.test", "somebody@gmail.com"


@pytest.fixture
def ada(office: "Office") -> "Client":
    """Signed in, with a saved mail from somebody of whom a Lead was made."""
    settings.put(office.scope, settings.EVERYBODY, "resolving", "lead", office.clock)
    browser = office.signed_in()
    office.sync()
    arrive(office)
    assert (count(office, "EmailMessage"), count(office, "Lead", STRANGER)) == (1, 1)
    return browser


def arrive(office: "Office", subject: str = "Prize", sender: str = STRANGER) -> None:
    office.mail(subject, sender, ADA)
    office.clock.pass_time(3600)
    office.sync()


def count(office: "Office", object_name: str, email: str = "") -> int:
    org = office.company.site.org
    where = f" WHERE Email = '{email}'" if email else ""
    return len(org.query(org.admin, f"SELECT Id FROM {object_name}{where}").records)


def lead(office: "Office") -> str:
    org = office.company.site.org
    return str(org.query(org.admin, f"SELECT Id FROM Lead WHERE Email = '{STRANGER}'").records[0]["Id"])


def item(office: "Office") -> str:
    mailbox = Mailbox.of(office.scope).get(address=ADA)
    saved = ItemState.of(office.scope).exclude(record_id="").filter(mailbox=mailbox)
    return str(saved.order_by("-pk")[0].item_id)


def preview(office: "Office", browser: "Client") -> str:
    return " ".join(html.unescape(text(browser, f"/mail/block?item={quote(item(office))}")).split())


def do(office: "Office", browser: "Client", **form: str) -> str:
    page = browser.post("/mail/block/do", {"item": item(office), **form}, follow=True)
    return " ".join(html.unescape(page.content.decode()).split())


def blocked(office: "Office", address: str = ADA) -> list[str]:
    place = settings.for_person(office.scope, people.find(office.scope, address).person_id)
    return [one.text for one in blocklist.show(office.scope, place).entries if one.source == "user"]


def test_the_preview_says_what_is_done_and_then_it_is(ada: "Client", office: "Office") -> None:
    assert "Block the sender and undo" in text(ada, "/mail")
    page = preview(office, ada)
    assert page.count("It is deleted, for everybody") == 2
    assert f'value="{STRANGER}" checked' in page
    assert 'value="willow.test"' in page
    assert (count(office, "EmailMessage"), count(office, "Lead", STRANGER), blocked(office)) == (1, 1, [])
    page = do(office, ada, entry=STRANGER)
    assert f"{STRANGER} is on the blocklist" in page
    assert "The Lead that was made for it was deleted. The e-mail was deleted in Salesforce" in page
    assert (count(office, "EmailMessage"), count(office, "Lead", STRANGER)) == (0, 0)
    assert (blocked(office), blocked(office, BEN)) == ([STRANGER], [])
    arrive(office, "Another prize")
    assert count(office, "EmailMessage") == 0
    assert f"on your own blocklist. Entries: {STRANGER}." in html.unescape(text(ada, "/mail"))
    assert {row.action for row in AuditRow.of(office.scope)} >= {
        "mail.block-sender",
        "person.remove",
        "mail.unsave",
    }


def test_the_whole_domain_if_it_is_chosen(ada: "Client", office: "Office") -> None:
    do(office, ada, entry="willow.test")
    assert blocked(office) == ["willow.test"]


@pytest.mark.parametrize("entry", ["elm.test", "nora@birchworks.test", "*"])
def test_nobody_but_the_sender_is_blocked(ada: "Client", office: "Office", entry: str) -> None:
    assert "is neither the address nor the domain" in do(office, ada, entry=entry)
    assert (blocked(office), count(office, "EmailMessage")) == ([], 1)


def edited(office: "Office") -> None:
    org = office.company.site.org
    office.clock.pass_time(60)
    org.update(org.admin, "Lead", lead(office), {"Title": "Director"})


def called(office: "Office") -> None:
    org = office.company.site.org
    org.insert(org.admin, "Task", {"Subject": "Call", "WhoId": lead(office)})


def wrote_again(office: "Office") -> None:
    office.mail("Second", STRANGER, BEN)
    office.clock.pass_time(3600)
    office.sync()


def invited(office: "Office") -> None:
    org, now = office.company.site.org, office.clock.now()
    fields = {"Subject": "Visit", "WhoId": lead(office), "DurationInMinutes": 30, "ActivityDateTime": now}
    org.insert(org.admin, "Event", fields)


@pytest.mark.parametrize(
    ("act", "why"),
    [
        (edited, "it was changed after it was made"),
        (called, "other records use it (Task"),
        (wrote_again, "EmailMessageRelation"),
        (invited, "Event"),
    ],
)
def test_a_record_that_is_used_or_was_changed_stays(ada: "Client", office: "Office", act: Any, why: str) -> None:
    act(office)
    page = preview(office, ada)
    assert "The Lead that was made for it stays: " in page
    assert why in page
    before = count(office, "EmailMessage")
    assert why in do(office, ada)
    assert count(office, "Lead", STRANGER) == 1
    assert count(office, "EmailMessage") == before - 1
    assert blocked(office) == [STRANGER]


def test_a_contact_that_nobody_made_for_it_stays(ada: "Client", office: "Office") -> None:
    do(office, ada)
    arrive(office, "Drawings", "nora@birchworks.test")
    page = preview(office, ada)
    assert page.count("It is deleted, for everybody") == 1
    do(office, ada)
    assert count(office, "Contact", "nora@birchworks.test") == 1
    assert count(office, "EmailMessage") == 0


@pytest.mark.parametrize("when", range(3))
def test_what_dies_in_the_middle_is_ended_by_asking_again(ada: "Client", office: "Office", when: int) -> None:
    """The process is gone before the first, the second or the third step in the org."""
    faults = [
        Fault("refuse", "salesforce", status=503, times=9),
        Fault("lose_answer", "salesforce", "collection_delete"),
        Fault("lose_answer", "salesforce", "collection_delete", skip=1),
    ]
    office.app.world.faults.add(faults[when])
    do(office, ada)
    office.app.world.faults.clear()
    assert count(office, "EmailMessage") == (0 if when == 2 else 1)
    page = do(office, ada)
    assert "was deleted in Salesforce, for everybody" in page
    assert (count(office, "EmailMessage"), count(office, "Lead", STRANGER)) == (0, 0)
    assert blocked(office) == [STRANGER]


def test_who_may_not_delete_is_told_and_the_sender_is_blocked(ada: "Client", office: "Office") -> None:
    org = office.company.site.org
    profile = org.get(org.admin, "User", office.company.colleagues[0].user, ["ProfileId"])["ProfileId"]
    org.core.access.permit(profile, "Lead", frozenset({"read", "create", "edit"}))
    page = do(office, ada)
    assert "The Lead that was made for it stays: you may not delete it in Salesforce." in page
    assert (count(office, "EmailMessage"), count(office, "Lead", STRANGER)) == (0, 1)


def test_a_free_mail_service_is_not_blocked_as_a_whole(ada: "Client", office: "Office") -> None:
    do(office, ada)
    settings.put(office.scope, settings.EVERYBODY, "blocklist.free-mail-domains", "off", office.clock)
    settings.put(office.scope, settings.EVERYBODY, "mail.save-unlinked", "on", office.clock)
    arrive(office, "Hello", FREE)
    page = preview(office, ada)
    assert f'value="{FREE}" checked' in page
    assert 'value="gmail.com"' not in page


def test_ones_own_mail_has_no_sender_to_block(ada: "Client", office: "Office") -> None:
    answer = ada.get("/mail/block?item=unheard-of")
    assert (answer.status_code, "nothing to take out" in answer.content.decode()) == (400, True)


def test_the_command_only_says_it_until_it_is_told_to(
    ada: "Client", office: "Office", capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["block", ADA, item(office), "--domain"]) == 0
    said = capsys.readouterr().out
    assert "Would be blocked, for the person: willow.test" in said
    assert said.endswith("Nothing was done. To do it, add --yes.\n")
    assert (count(office, "EmailMessage"), count(office, "Lead", STRANGER), blocked(office)) == (1, 1, [])
    assert main(["block", ADA, item(office), "--domain", "--yes", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["ok"] is True
    assert (count(office, "EmailMessage"), count(office, "Lead", STRANGER)) == (0, 0)
    assert blocked(office) == ["willow.test"]
    assert main(["block", ADA, "unheard of", "--yes"]) == 2
    assert "nothing to take out" in "".join(capsys.readouterr())
