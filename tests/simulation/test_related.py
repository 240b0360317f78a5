"""What saved mails are related to, from the mailbox through to Salesforce and back."""

from datetime import timedelta
from email.message import EmailMessage
from typing import Any

import pytest

from crosstie.domain.settings import AutoTrackMode
from sandbox.faults import Fault
from sandbox.salesforce.ids import Id
from sandbox.salesforce.schema.facts import Field
from tests.simulation.access import HOST
from tests.simulation.day import RENEWAL, SAW_LINE, categorise, deliver, send
from tests.simulation.house import House, Make
from tests.simulation.letters import ADA, BEN, NORA, PRIYA, QUENTIN, SOFIA, STRANGER, letter
from tests.simulation.sweep import restlessness

SUBJECT = "Hello"
MENTIONED = "MAIL-SAVED-MENTIONED"
HOME_EMAIL = Field("Home_Email__c", "email", 80, "Ncufsgx", "Home Email", custom=True)
SLOW = 6
"""Ticks from one reading of Opportunities to the next."""


def house_of(*, enhanced_email: bool = True, **settings: Any) -> House:
    house = House(Make(enhanced_email=enhanced_email))
    house.round()
    for person in house.ids:
        house.set(person, **settings)
    house.pass_minutes(2)
    return house


@pytest.fixture
def house() -> House:
    return house_of()


def work(house: House, ticks: int = 1) -> None:
    for _ in range(ticks):
        house.pass_minutes(2)
        house.tick()
    house.force()


def saying(text: str, subject: str, sender: str, to: str, house: House) -> EmailMessage:
    mail = letter(subject, sender, to, house.clock.now())
    if text:
        mail.clear_content()
        mail.set_content(text)
    return mail


def arrive(house: House, sender: str = NORA, to: str = ADA, text: str = "", subject: str = SUBJECT) -> None:
    deliver(house, saying(text, subject, sender, to, house))
    work(house)


def related(house: House, subject: str = SUBJECT) -> Id | None:
    field = "RelatedToId" if house.make.enhanced_email else "WhatId"
    (row,) = house.rows(house.mail_object, field, where=f"Subject = '{subject}'")
    found: Id | None = row[field]
    return found


def deal(house: House, account: str = "Birchworks", owner: str = "ada", days: int = 30) -> Id:
    user = next(one.user for one in house.company.colleagues if one.address.startswith(owner))
    closes = (house.clock.now() + timedelta(days=days)).date().isoformat()
    fields = {"Name": "New", "AccountId": house.company.accounts[account], "OwnerId": user}
    return house.org.insert(
        house.org.admin, "Opportunity", fields | {"StageName": "Prospecting", "CloseDate": closes}
    )


# -- Opportunities ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("enhanced_email", [True, False])
def test_ones_own_opportunity_on_the_senders_account(enhanced_email: bool) -> None:
    house = house_of(enhanced_email=enhanced_email)
    arrive(house)
    assert related(house) == house.company.deals[SAW_LINE]
    assert "related to your open Opportunity that was changed last" in house.sentence("ada", SUBJECT)


def test_a_colleagues_opportunity_does_not_count(house: House) -> None:
    arrive(house, to=BEN)
    assert related(house) == house.company.accounts["Birchworks"]


def test_the_one_that_was_changed_last(house: House) -> None:
    newer = deal(house)
    work(house, SLOW)
    arrive(house)
    assert related(house) == newer
    house.pass_minutes(1)
    house.org.update(house.org.admin, "Opportunity", house.company.deals[SAW_LINE], {"NextStep": "Call"})
    work(house, SLOW)
    arrive(house, subject="Again")
    assert related(house, "Again") == house.company.deals[SAW_LINE]


@pytest.mark.parametrize(
    "change",
    [{"StageName": "Closed Won"}, {"CloseDate": "2025-06-01"}, {"CloseDate": "2027-12-01"}, {"AccountId": None}],
    ids=["closed", "long due", "far ahead", "of nobody"],
)
def test_what_does_not_count_any_more(house: House, change: dict[str, str | None]) -> None:
    house.org.update(house.org.admin, "Opportunity", house.company.deals[SAW_LINE], change)
    work(house, SLOW)
    arrive(house)
    assert related(house) == house.company.accounts["Birchworks"]


def test_a_deleted_opportunity_is_forgotten(house: House) -> None:
    house.org.delete(house.org.admin, house.company.deals[SAW_LINE])
    work(house, SLOW)
    arrive(house)
    assert related(house) == house.company.accounts["Birchworks"]


def test_a_mail_saved_while_its_opportunity_was_being_deleted_comes_in_later(house: House) -> None:
    """The vendor refuses what points to a deleted record; by the next reading it is not asked for any more."""
    house.org.delete(house.org.admin, house.company.deals[SAW_LINE])
    arrive(house)
    assert house.rows(house.mail_object, "Id") == []
    work(house, SLOW)
    assert related(house) == house.company.accounts["Birchworks"]
    assert restlessness(house) == []


def test_a_marked_mail_is_related_to_the_account(house: House) -> None:
    for person in house.ids:
        house.set(person, mail_auto_save=False)
    arrive(house)
    categorise(house, "ada", SUBJECT, "Salesforce")
    work(house)
    assert related(house) == house.company.accounts["Birchworks"]


def test_the_switch_is_ones_own(house: House) -> None:
    house.set("ada", link_opportunities=False)
    arrive(house)
    assert related(house) == house.company.accounts["Birchworks"]
    send(house, "ben", letter("Ours", BEN, PRIYA, house.clock.now()))
    work(house)
    assert related(house, "Ours") == house.company.deals[RENEWAL]


def test_a_shared_mail_is_related_by_who_saves_it_first(house: House) -> None:
    mail = letter(SUBJECT, NORA, f"{ADA}, {BEN}", house.clock.now())
    deliver(house, mail, [BEN])
    work(house)
    deliver(house, mail, [ADA])
    work(house)
    assert related(house) == house.company.accounts["Birchworks"]
    assert house.why("ada", SUBJECT) == "MAIL-SHARED"


# -- without an Account -------------------------------------------------------------------------------------


def contact_alone(house: House, address: str = STRANGER) -> Id:
    return house.org.insert(house.org.admin, "Contact", {"LastName": "Willow", "Email": address})


def test_a_contact_without_account_waits_and_comes_in_when_it_gets_one(house: House) -> None:
    contact = contact_alone(house)
    arrive(house, STRANGER)
    assert house.why("ada", SUBJECT) == "MAIL-NO-ACCOUNT"
    assert restlessness(house) == []
    fields = {"AccountId": house.company.accounts["Elm & Sons"]}
    house.org.update(house.org.admin, "Contact", contact, fields)
    house.pass_minutes(2)
    house.tick()
    house.sync()
    assert related(house) == house.company.accounts["Elm & Sons"], "the tick wakes the mailbox"
    assert restlessness(house) == []


def test_a_lead_is_enough(house: House) -> None:
    arrive(house, SOFIA)
    assert related(house) is None
    assert house.why("ada", SUBJECT) == "MAIL-SAVED"


@pytest.mark.parametrize(
    "setting", [{"link_person_alone": True}, {"link_opportunities": False}, {"mail_save_unlinked": True}]
)
def test_settings_that_let_it_in(house: House, setting: dict[str, bool]) -> None:
    contact_alone(house)
    arrive(house, STRANGER)
    assert house.why("ada", SUBJECT) == "MAIL-NO-ACCOUNT"
    house.set("ada", **setting)
    work(house)
    assert related(house) is None
    assert restlessness(house) == []


def test_a_marked_mail_needs_no_account(house: House) -> None:
    contact_alone(house)
    arrive(house, STRANGER)
    categorise(house, "ada", SUBJECT, "Salesforce")
    work(house)
    assert related(house) is None
    assert house.why("ada", SUBJECT) == "MAIL-SAVED-MARK"


# -- who and what is known ----------------------------------------------------------------------------------


def test_an_account_by_its_website_where_nobody_is_known(house: House) -> None:
    """A mark saves what nobody on it is known of; the Account is known by the domain, `www` or not."""
    house.org.update(
        house.org.admin, "Account", house.company.accounts["Birchworks"], {"Website": "WWW.Birchworks.test/de"}
    )
    work(house, SLOW)
    for sender, account in (("new@birchworks.test", "Birchworks"), (STRANGER, "")):
        arrive(house, sender, subject=f"From {sender}")
        assert house.why("ada", f"From {sender}") == "MAIL-UNKNOWN", "a domain is nobody"
        categorise(house, "ada", f"From {sender}", "Salesforce")
        work(house)
        assert related(house, f"From {sender}") == (house.company.accounts[account] if account else None)


def test_a_domain_that_several_accounts_have_says_nothing(house: House) -> None:
    house.org.insert(house.org.admin, "Account", {"Name": "Birch Group", "Website": "http://birchworks.test"})
    work(house, SLOW)
    house.set("ada", mail_save_unlinked=True)
    arrive(house, "new@birchworks.test")
    assert related(house) is None


def test_the_mode_smart_takes_who_is_at_an_accounts_domain(house: House) -> None:
    house.set("ada", mail_auto_track_mode=AutoTrackMode.SMART)
    arrive(house, "new@birchworks.test")
    assert related(house) == house.company.accounts["Birchworks"]
    arrive(house, STRANGER, subject="Later")
    assert house.why("ada", "Later") == "MAIL-UNKNOWN"
    account = house.org.insert(house.org.admin, "Account", {"Name": "Willow", "Website": "willow.test"})
    for _ in range(SLOW):
        house.pass_minutes(2)
        house.tick()
    house.sync()
    assert related(house, "Later") == account, "the tick wakes the mailbox"
    assert restlessness(house) == []


def test_two_accounts_of_one_domain_keep_the_mode_smart_waiting_and_quiet(house: House) -> None:
    house.set("ada", mail_auto_track_mode=AutoTrackMode.SMART)
    twin = house.org.insert(
        house.org.admin, "Account", {"Name": "Birch Group", "Website": "http://birchworks.test"}
    )
    work(house, SLOW)
    arrive(house, "new@birchworks.test")
    assert house.why("ada", SUBJECT) == "MAIL-UNKNOWN"
    assert restlessness(house) == []
    house.org.delete(house.org.admin, twin)
    work(house, SLOW)
    assert related(house) == house.company.accounts["Birchworks"]


def test_a_contact_without_an_account_keeps_the_mode_smart_waiting_and_quiet(house: House) -> None:
    """The Account of the domain had it looked at again without end: where somebody is known it is not related."""
    house.set("ada", mail_auto_track_mode=AutoTrackMode.SMART)
    house.org.insert(house.org.admin, "Contact", {"LastName": "New", "Email": "new@birchworks.test"})
    work(house, SLOW)
    arrive(house, "new@birchworks.test")
    assert house.why("ada", SUBJECT) == "MAIL-NO-ACCOUNT"
    asked = [part for entry in house.counting(house.round) for part in entry.parts if part == "GET messages.get"]
    assert (asked, restlessness(house)) == ([], [])


def test_every_email_field_counts_also_one_that_is_new(house: House) -> None:
    """Its values may be older than our knowledge of the field, so all records are read anew."""
    nora = house.company.contacts[NORA]
    house.org.core.add_field("Contact", HOME_EMAIL)
    house.org.update(house.org.admin, "Contact", nora, {HOME_EMAIL.name: "Nora@Home.test"})
    work(house, SLOW)
    arrive(house, "nora@home.test")
    assert house.why("ada", SUBJECT) == "MAIL-UNKNOWN", "the org is described every few hours"
    house.pass_minutes(5 * 60)
    work(house)
    assert house.why("ada", SUBJECT) == "MAIL-SAVED-OPPORTUNITY"
    (mail,) = house.rows("EmailMessage", "Id", where=f"Subject = '{SUBJECT}'")
    rows = house.rows("EmailMessageRelation", "RelationId", where=f"EmailMessageId = '{mail['Id']}'")
    assert nora in {row["RelationId"] for row in rows}
    assert restlessness(house) == []


def test_kinds_of_records_that_are_never_linked(house: House) -> None:
    house.set("ada", never_linked=("Opportunity", "Contact"))
    arrive(house, text=f"{HOST}/{house.company.deals[RENEWAL]}")
    assert related(house) == house.company.accounts["Birchworks"]
    (mail,) = house.rows("EmailMessage", "Id")
    rows = house.rows("EmailMessageRelation", "RelationId", where=f"EmailMessageId = '{mail['Id']}'")
    assert [row["RelationId"] for row in rows if row["RelationId"]] == [house.company.colleagues[0].user]


# -- what a mail names --------------------------------------------------------------------------------------


def test_a_link_in_the_text(house: House) -> None:
    wanted = house.company.deals[RENEWAL]
    arrive(house, QUENTIN, text=f"See {HOST}/lightning/r/Opportunity/{wanted}/view, as discussed.")
    assert related(house) == wanted
    assert "related to the record that the e-mail names" in house.sentence("ada", SUBJECT)


def test_a_link_in_a_marked_mail_counts_too(house: House) -> None:
    house.set("ada", mail_auto_save=False)
    wanted = house.company.accounts["Cedar Bank"]
    arrive(house, STRANGER, text=f"{HOST}/{wanted}")
    categorise(house, "ada", SUBJECT, "Salesforce")
    work(house)
    assert related(house) == wanted


def test_a_record_that_one_may_not_see_is_not_linked(house: House) -> None:
    hidden = house.company.deals[RENEWAL]
    house.org.setup.org_defaults({"Opportunity": "private"})
    for to, wanted in ((ADA, house.company.accounts["Elm & Sons"]), (BEN, hidden)):
        arrive(house, QUENTIN, to, f"{HOST}/{hidden}", subject=f"For {to}")
        assert related(house, f"For {to}") == wanted


def test_a_case_by_its_number(house: House) -> None:
    user = house.company.colleagues[0].user
    case = house.org.insert(house.org.admin, "Case", {"Subject": "Broken saw", "OwnerId": user})
    (row,) = house.rows("Case", "CaseNumber")
    subject = f"Re: Case {row['CaseNumber']}"
    arrive(house, subject=subject)
    assert related(house, subject) == case


def reference(house: House, case: Id) -> str:
    """As Email-to-Case writes it: the ends of the Case's id whole, all other zeros left out."""
    org, middle = house.org.id[5:15].replace("0", ""), case[5:10].replace("0", "")
    return f"ref:_{house.org.id[:5]}{org}._{case[:5]}{middle}{case[10:15]}:ref"


def case_of(house: House) -> Id:
    user = house.company.colleagues[0].user
    return house.org.insert(house.org.admin, "Case", {"Subject": "Broken saw", "OwnerId": user})


def test_a_case_by_its_reference(house: House) -> None:
    case = case_of(house)
    arrive(house, subject=f"Re: Saw [ {reference(house, case)} ]")
    assert related(house, f"Re: Saw [ {reference(house, case)} ]") == case
    arrive(house, QUENTIN, text=f"We are on it. {reference(house, case)}", subject="In the text")
    assert related(house, "In the text") == case
    assert restlessness(house) == []


def answer_to(house: House, message_id: str, text: str = "", sender: str = QUENTIN) -> str:
    mail = saying(text, SUBJECT, sender, ADA, house)
    mail["In-Reply-To"] = message_id
    deliver(house, mail)
    work(house)
    return house.why("ada", SUBJECT)


def sent_from_the_org(house: House, related_to: Id) -> str:
    sent = {"MessageIdentifier": "<case.1@larch.test>", "Status": "3", "RelatedToId": related_to}
    house.org.insert(house.org.admin, "EmailMessage", sent | {"Subject": "Your saw"})
    return "<case.1@larch.test>"


def test_a_reply_with_a_threading_token_goes_to_the_case_that_it_answers(house: House) -> None:
    case = case_of(house)
    assert answer_to(house, sent_from_the_org(house, case), "thread::pp5XPGfmNf2hRZdRCWnrohc::") == MENTIONED
    assert related(house) == case


@pytest.mark.parametrize("wanted", [True, False])
def test_other_replies_follow_what_they_answer_where_it_is_wanted(wanted: bool) -> None:
    house = house_of(link_replies=wanted)
    deal_id = house.company.deals[RENEWAL]
    answer_to(house, sent_from_the_org(house, deal_id))
    assert related(house) == (deal_id if wanted else house.company.accounts["Elm & Sons"])


def test_a_record_that_a_mail_names_is_reason_enough_in_the_mode_useful() -> None:
    house = house_of(mail_auto_track_mode=AutoTrackMode.USEFUL)
    wanted = house.company.deals[RENEWAL]
    arrive(house, STRANGER, text=f"About {HOST}/{wanted}", subject="Named")
    arrive(house, STRANGER, subject="Not")
    arrive(house, QUENTIN, subject="Known")
    arrive(house, "somebody@gmail.com", text=f"About {HOST}/{wanted}", subject="Free")
    assert related(house, "Named") == wanted
    assert house.why("ada", "Named") == MENTIONED
    assert house.why("ada", "Not") == "MAIL-UNKNOWN"
    assert house.why("ada", "Known").startswith("MAIL-SAVED")
    assert house.why("ada", "Free") == "MAIL-FREE"
    assert restlessness(house) == []


def test_in_the_mode_useful_a_record_must_be_seen_by_the_mailboxs_user() -> None:
    house = house_of(mail_auto_track_mode=AutoTrackMode.USEFUL)
    hidden = house.company.deals[RENEWAL]
    house.org.setup.org_defaults({"Opportunity": "private"})
    for to, why in ((ADA, "MAIL-UNKNOWN"), (BEN, MENTIONED)):
        arrive(house, STRANGER, to, f"{HOST}/{hidden}", subject=f"For {to}")
        assert house.why(to.partition("@")[0], f"For {to}") == why


def test_the_mode_useful_asks_once_about_all_mails_of_strangers() -> None:
    house = house_of(mail_auto_track_mode=AutoTrackMode.USEFUL)
    wanted = house.company.deals[RENEWAL]
    for number in range(4):
        deliver(house, saying(f"{HOST}/{wanted}", f"Named {number}", STRANGER, ADA, house))
        deliver(house, saying("As discussed.", f"Plain {number}", STRANGER, ADA, house))
    house.pass_minutes(2)
    asked = house.counting(house.force)
    assert sum(one.path.startswith("/services/data/") for one in asked) == 2
    assert {related(house, f"Named {number}") for number in range(4)} == {wanted}
    assert len(house.rows("EmailMessage", "Id")) == 4


def test_in_the_mode_useful_an_unanswered_question_decides_nothing() -> None:
    house = house_of(mail_auto_track_mode=AutoTrackMode.USEFUL)
    wanted = house.company.deals[RENEWAL]
    deliver(house, saying(f"{HOST}/{wanted}", SUBJECT, STRANGER, ADA, house))
    house.world.faults.add(Fault("refuse", "salesforce", "composite", status=503, times=1))
    house.force()
    assert house.why("ada", SUBJECT) == ""
    work(house)
    assert related(house) == wanted


def test_links_of_another_org_and_with_the_switch_off(house: House) -> None:
    wanted = house.company.deals[RENEWAL]
    arrive(house, QUENTIN, text=f"https://other.test/{wanted}")
    assert related(house) == house.company.accounts["Elm & Sons"]
    house.set("ada", link_mentions=False)
    arrive(house, QUENTIN, text=f"{HOST}/{wanted}", subject="Off")
    assert related(house, "Off") == house.company.accounts["Elm & Sons"]


def test_it_is_asked_once_for_all_mails_of_a_write_and_not_at_all_without_a_link(house: House) -> None:
    wanted = house.company.deals[RENEWAL]

    def calls() -> int:
        asked = house.counting(house.force)
        return sum(one.path.startswith("/services/data/") for one in asked)

    for number in range(4):
        deliver(house, letter(f"Plain {number}", QUENTIN, ADA, house.clock.now()))
    assert calls() == 1
    house.pass_minutes(2)
    for number in range(4):
        deliver(house, saying(f"{HOST}/{wanted}", f"Named {number}", QUENTIN, ADA, house))
    assert calls() == 2
    assert {related(house, f"Named {number}") for number in range(4)} == {wanted}


def test_a_question_about_access_that_is_not_answered_puts_the_mails_off(house: House) -> None:
    """What the user may see is not guessed; with the next session all is well."""
    wanted = house.company.deals[RENEWAL]
    deliver(house, saying(f"{HOST}/{wanted}", SUBJECT, QUENTIN, ADA, house))
    house.world.faults.add(Fault("refuse", "salesforce", "composite", status=503, times=1))
    house.force()
    assert house.rows("EmailMessage", "Id") == []
    work(house)
    assert related(house) == wanted
    assert restlessness(house) == []
