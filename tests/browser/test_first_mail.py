"""What everybody tries first: sign in, send a mail, force a sync, see it saved, read why another is not."""

import pytest
from playwright.sync_api import Browser, FilePayload, expect

from tests.browser import acts
from tests.browser.demo import Demo

pytestmark = pytest.mark.browser

PDF = FilePayload(name="drawings.pdf", mimeType="application/pdf", buffer=b"%PDF-1.7 " + bytes(range(256)) * 160)


def test_a_mail_reaches_salesforce_by_keyboard_alone_in_three_clicks(browser: Browser, company: Demo) -> None:
    context = browser.new_context()
    page = context.new_page()
    page.goto(company.url)
    acts.press(page, page.get_by_role("button", name="Sign in with Salesforce"))
    acts.press(page, page.get_by_role("button", name="Ada Keller"))
    expect(page).to_have_url(f"{company.url}/")
    subject, spam = acts.unique("Saw line drawings"), acts.unique("You have won")
    company.settings("set", "blocklist", "omar@birchworks.test")
    console = context.new_page()
    acts.send_mail(console, company, subject=subject, sender="nora@birchworks.test", files=[PDF])
    acts.send_mail(console, company, subject=spam, sender="omar@birchworks.test")
    page.bring_to_front()

    acts.press(page, page.get_by_role("button", name="Force sync"))  # the first click
    expect(page.locator("#answer")).to_contain_text("The session starts within seconds.")
    acts.session_ended(page)
    assert_saved(company, subject)

    acts.press(page, page.get_by_role("link", name="Mail", exact=True))  # the second
    saved, blocked = acts.card(page, subject), acts.card(page, spam)
    expect(saved).to_contain_text("Saved automatically to Salesforce as EmailMessage, and related to your open")
    expect(blocked).to_contain_text("blocklist")
    expect(blocked.get_by_role("link", name="Open in Salesforce")).to_have_count(0)
    for title, card in ((subject, saved), (spam, blocked)):
        expect(card).to_contain_text(said_by_the_command_line(company, title))
    link = saved.get_by_role("link", name="Open in Salesforce")
    record = company.query(f"SELECT Id FROM EmailMessage WHERE Subject = '{subject}'")[0]["Id"]
    assert link.get_attribute("href") == f"{company.sandbox}/{record}"
    acts.press(page, link)  # the third
    expect(page.locator("body")).to_contain_text(subject)
    context.close()


def said_by_the_command_line(company: Demo, subject: str) -> str:
    """The sentence of `crosstie why`, which the Mail page must say word for word."""
    done = company.server.run("why", "ada@larch.test")
    (line,) = [line for line in done.stdout.splitlines() if line.startswith(f"{subject}: ")]
    return line.removeprefix(f"{subject}: ").partition(" http")[0]


def assert_saved(company: Demo, subject: str) -> None:
    """Once, linked to its Contact and to Ada's Opportunity, with its attachment byte for byte as long."""
    (mail,) = company.query(f"SELECT Id, RelatedToId FROM EmailMessage WHERE Subject = '{subject}'")
    (nora,) = company.query("SELECT Id, AccountId FROM Contact WHERE Email = 'nora@birchworks.test'")
    deals = company.query(f"SELECT Id FROM Opportunity WHERE AccountId = '{nora['AccountId']}'")
    assert [mail["RelatedToId"]] == [deal["Id"] for deal in deals]
    relations = company.query(
        f"SELECT RelationId FROM EmailMessageRelation WHERE EmailMessageId = '{mail['Id']}' AND RelationId != null"
    )
    assert nora["Id"] in {row["RelationId"] for row in relations}
    (file,) = company.query(
        "SELECT ContentDocument.Title, ContentDocument.ContentSize FROM ContentDocumentLink "
        f"WHERE LinkedEntityId = '{mail['Id']}'"
    )
    assert file["ContentDocument"]["ContentSize"] == len(PDF["buffer"])
    assert file["ContentDocument"]["Title"].startswith("drawings")
