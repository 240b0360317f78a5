"""Whole threads, from the click on the page Mail through to Salesforce and back."""

from dataclasses import replace
from datetime import timedelta
from email.message import EmailMessage
from typing import Any

import pytest

from crosstie.domain.settings import Settings
from crosstie.engine import batch
from crosstie.engine.session import Session
from crosstie.engine.threads import GATHERED
from sandbox.salesforce.schema.facts import Field
from tests.simulation.day import categorise, deliver, move, notice, send
from tests.simulation.house import House, Make
from tests.simulation.letters import ADA, BEN, NORA, OMAR, PRIYA, QUENTIN, STRANGER, letter
from tests.simulation.sweep import restlessness

THREADS = Settings(mail_threads=True, mail_threads_allowed=True)
"""Auto-saving is off: what is saved is saved for its thread."""


def house_with(*, enhanced_email: bool = True, switches: dict[str, bool] | None = None, **settings: Any) -> House:
    make = Make(settings=replace(THREADS, **settings), enhanced_email=enhanced_email, switches=switches or {})
    house = House(make)
    house.round()
    house.pass_minutes(2)
    return house


def work(house: House) -> None:
    house.pass_minutes(2)
    house.round()


def mark(house: House, person: str, subject: str) -> None:
    """Save the whole thread: as jobs/commands.py has it done."""
    item_id, mailbox_id = house.item_id(person, subject), house.ids[person]
    (email,) = house.ports.mailboxes.open(mailbox_id).envelopes([item_id]).values()
    assert house.ports.states.mark_thread(mailbox_id, email.conversation_id, item_id, house.clock.now())


def stop(house: House, person: str, subject: str) -> None:
    item_id, mailbox_id = house.item_id(person, subject), house.ids[person]
    (email,) = house.ports.mailboxes.open(mailbox_id).envelopes([item_id]).values()
    assert house.ports.states.stop_thread(mailbox_id, email.conversation_id)


def reply(subject: str, sender: str, to: str, house: House, *earlier: str) -> EmailMessage:
    """An answer to the last of the earlier mails, by their Message-IDs."""
    mail = letter(subject, sender, to, house.clock.now(), message_id=named(subject), In_Reply_To=earlier[-1])
    mail["References"] = " ".join(earlier)
    return mail


def named(subject: str) -> str:
    return f"<{subject.replace(' ', '.')}@thread.test>"


def begin(house: House) -> None:
    """Nora asks, Ada answers, Nora thanks; and somebody writes of something else."""
    deliver(house, letter("Question", NORA, ADA, house.clock.now(), message_id=named("Question")))
    work(house)
    send(house, "ada", reply("Answer", ADA, f"{NORA}, {STRANGER}", house, named("Question")))
    deliver(house, letter("Other", NORA, ADA, house.clock.now()))
    work(house)
    deliver(house, reply("Thanks", NORA, ADA, house, named("Question"), named("Answer")))
    work(house)


def saved(house: House) -> list[str]:
    return sorted(row["Subject"] for row in house.rows(house.mail_object, "Subject"))


def linked(house: House, subject: str) -> set[str]:
    (row,) = house.rows("EmailMessage", "Id", where=f"Subject = '{subject}'")
    rows = house.rows("EmailMessageRelation", "RelationId", where=f"EmailMessageId = '{row['Id']}'")
    return {one["RelationId"] for one in rows if one["RelationId"]}


def related(house: House, subject: str) -> str | None:
    field = "RelatedToId" if house.make.enhanced_email else "WhatId"
    (row,) = house.rows(house.mail_object, field, where=f"Subject = '{subject}'")
    found: str | None = row[field]
    return found


def ada(house: House) -> str:
    return house.company.colleagues[0].user


# -- past and future --------------------------------------------------------------------------------------


def test_past_and_future_mails_of_the_thread_are_saved_and_nothing_else() -> None:
    house = house_with()
    begin(house)
    assert saved(house) == []
    mark(house, "ada", "Answer")
    work(house)
    assert saved(house) == ["Answer", "Question", "Thanks"]
    assert house.why("ada", "Question") == "MAIL-THREAD"
    assert "because all e-mails of its thread are" in house.sentence("ada", "Question")
    assert restlessness(house) == []
    deliver(house, reply("One more", NORA, ADA, house, named("Thanks")))
    send(house, "ada", reply("At last", ADA, NORA, house, named("Thanks")))
    work(house)
    assert saved(house) == ["Answer", "At last", "One more", "Question", "Thanks"]
    assert house.why("ada", "Other") == "MAIL-AUTO-OFF"
    assert restlessness(house) == []


def test_a_thread_that_was_stopped_is_one_like_others() -> None:
    house = house_with()
    begin(house)
    mark(house, "ada", "Question")
    work(house)
    stop(house, "ada", "Thanks")
    deliver(house, reply("One more", NORA, ADA, house, named("Thanks")))
    work(house)
    assert saved(house) == ["Answer", "Question", "Thanks"]
    assert house.why("ada", "One more") == "MAIL-AUTO-OFF"


@pytest.mark.parametrize("off", ["mail_threads", "mail_threads_allowed"])
def test_a_mark_rests_while_a_switch_is_off(off: str) -> None:
    settings: dict[str, Any] = {off: False}
    house = house_with(**settings)
    begin(house)
    mark(house, "ada", "Question")
    work(house)
    assert saved(house) == []
    house.set("ada", **{off: True})
    work(house)
    assert saved(house) == ["Answer", "Question", "Thanks"]


# -- links ------------------------------------------------------------------------------------------------


def test_all_are_linked_like_the_first_and_who_is_new_is_not_looked_for() -> None:
    house = house_with()
    contacts = house.company.contacts
    begin(house)
    mark(house, "ada", "Question")
    work(house)
    deliver(house, reply("Joined", PRIYA, f"{ADA}, {NORA}", house, named("Thanks")), [ADA])
    deliver(house, reply("Without her", QUENTIN, ADA, house, named("Thanks")))
    work(house)
    birchworks = house.company.accounts["Birchworks"]
    for subject in ("Question", "Answer", "Thanks", "Joined", "Without her"):
        assert linked(house, subject) == {contacts[NORA], ada(house)}, subject
        assert related(house, subject) == birchworks, subject
    assert parts(house, "Without her") == {("OtherAddress", contacts[NORA]), ("ToAddress", ada(house))}
    assert addresses(house, "Without her") == (QUENTIN, None)


def parts(house: House, subject: str) -> set[tuple[str, str]]:
    (row,) = house.rows("EmailMessage", "Id", where=f"Subject = '{subject}'")
    where = f"EmailMessageId = '{row['Id']}'"
    rows = house.rows("EmailMessageRelation", "RelationType", "RelationId", where=where)
    return {(one["RelationType"], one["RelationId"]) for one in rows if one["RelationId"]}


def addresses(house: House, subject: str) -> tuple[str, str | None]:
    (row,) = house.rows("EmailMessage", "FromAddress", "CcAddress", where=f"Subject = '{subject}'")
    return row["FromAddress"], row["CcAddress"]


def test_what_somebody_relates_the_first_to_in_salesforce_counts_for_the_rest() -> None:
    """And whoever was put to it there, who is not on it, stays with that one alone."""
    house = house_with()
    deliver(house, letter("Question", NORA, ADA, house.clock.now(), message_id=named("Question")))
    work(house)
    mark(house, "ada", "Question")
    work(house)
    (row,) = house.rows("EmailMessage", "Id")
    deal = opportunity(house)
    house.org.update(house.org.admin, "EmailMessage", row["Id"], {"RelatedToId": deal})
    chosen = {"EmailMessageId": row["Id"], "RelationId": house.company.contacts[PRIYA]}
    house.org.insert(house.org.admin, "EmailMessageRelation", chosen | {"RelationType": "OtherAddress"})
    deliver(house, reply("Thanks", NORA, ADA, house, named("Question")))
    work(house)
    assert related(house, "Thanks") == deal
    assert linked(house, "Thanks") == {house.company.contacts[NORA], ada(house)}


def opportunity(house: House, account: str = "Birchworks") -> str:
    fields = {"Name": "New", "AccountId": house.company.accounts[account], "StageName": "Prospecting"}
    day = house.clock.now().date().isoformat()
    return house.org.insert(house.org.admin, "Opportunity", fields | {"CloseDate": day})


def test_a_mail_that_was_saved_before_gives_its_links() -> None:
    house = house_with(mail_auto_save=True)
    deliver(
        house, letter("Question", NORA, f"{ADA}, {OMAR}", house.clock.now(), message_id=named("Question")), [ADA]
    )
    work(house)
    house.set("ada", mail_auto_save=False)
    deliver(house, reply("Aside", STRANGER, ADA, house, named("Question")))
    work(house)
    mark(house, "ada", "Question")
    work(house)
    contacts = house.company.contacts
    assert linked(house, "Aside") == {contacts[NORA], contacts[OMAR], ada(house)}
    assert len(house.rows("EmailMessage", "Id")) == 2
    assert house.why("ada", "Question") != "MAIL-SHARED", "nothing was decided anew of it"


def test_a_reply_from_a_second_address_of_the_same_person_is_hers() -> None:
    """It is saved like any; where a field of the Contact has that address, its sender is known."""
    house = House(Make(settings=THREADS))
    nora = house.company.contacts[NORA]
    house.org.core.add_field("Contact", Field("Home__c", "email", 80, "Ncufsgx", "Home", custom=True))
    house.org.update(house.org.admin, "Contact", nora, {"Home__c": "Nora@Home.test"})
    house.round()
    begin(house)
    mark(house, "ada", "Question")
    deliver(house, reply("From home", "nora@home.test", ADA, house, named("Thanks")))
    work(house)
    assert parts(house, "From home") == {("FromAddress", nora), ("ToAddress", ada(house))}


def test_many_threads_that_are_marked_at_once_are_gathered_some_at_a_time() -> None:
    house = house_with()
    for number in range(GATHERED + 2):
        first = f"Question {number}"
        deliver(house, letter(first, NORA, ADA, house.clock.now(), message_id=named(first)))
        deliver(house, reply(f"Answer {number}", NORA, ADA, house, named(first)))
    work(house)
    for number in range(GATHERED + 2):
        mark(house, "ada", f"Question {number}")
    assert [len(one.gathered) for one in preview_and_work(house)] == [GATHERED, 2]
    work(house)
    assert len(saved(house)) == 2 * (GATHERED + 2)
    assert restlessness(house) == []


def preview_and_work(house: House) -> list[Session]:
    """What the next session is about, and, after it alone, the one that follows at once."""
    house.pass_minutes(2)
    (next_one,) = house.preview("ada")
    house.memory.wake(house.ids["ada"])
    batch.run(house.ports, [one for one in house.claim() if one.mailbox_id == house.ids["ada"]])
    assert house.memory.mailbox(house.ids["ada"]).due_at == house.clock.now()
    (after,) = house.preview("ada")
    return [next_one, after]


def test_tasks_carry_the_links_and_the_threads_id() -> None:
    house = house_with(enhanced_email=False)
    begin(house)
    mark(house, "ada", "Question")
    work(house)
    rows = house.rows("Task", "Subject", "WhoId", "WhatId", "Crosstie_Thread_Id__c")
    nora, birchworks = house.company.contacts[NORA], house.company.accounts["Birchworks"]
    assert {(row["WhoId"], row["WhatId"]) for row in rows} == {(nora, birchworks)}
    assert len(rows) == 3
    threads = {row["Crosstie_Thread_Id__c"] for row in rows}
    assert len(threads) == 1
    assert threads != {None}


def test_an_administrators_own_field_of_tasks_carries_it_too() -> None:
    house = House(Make(settings=replace(THREADS, thread_field="ThreadId__c"), enhanced_email=False))
    house.org.core.add_field("Task", Field("ThreadId__c", "string", 255, "Ncufsg", "Thread", custom=True))
    house.round()
    begin(house)
    mark(house, "ada", "Question")
    work(house)
    rows = house.rows("Task", "ThreadId__c", "Crosstie_Thread_Id__c")
    assert len(rows) == 3
    assert all(row["ThreadId__c"] == row["Crosstie_Thread_Id__c"] is not None for row in rows)


def test_email_messages_carry_the_threads_id() -> None:
    house = house_with()
    begin(house)
    mark(house, "ada", "Question")
    work(house)
    rows = house.rows("EmailMessage", "ThreadIdentifier")
    assert len(rows) == 3
    assert len({row["ThreadIdentifier"] for row in rows}) == 1
    assert rows[0]["ThreadIdentifier"]


# -- which mails ------------------------------------------------------------------------------------------


def test_colleagues_and_blocklisted_people_are_of_the_thread_and_a_meeting_notice_is_not() -> None:
    house = house_with(mail_auto_save=True, blocklist=(QUENTIN,))
    begin(house)
    send(house, "ben", reply("Inside", BEN, ADA, house, named("Question")))
    deliver(house, reply("Blocked", QUENTIN, ADA, house, named("Question")))
    meeting = notice("Kick-off", NORA, ADA, house)
    meeting["In-Reply-To"] = named("Question")
    deliver(house, meeting)
    work(house)
    assert saved(house) == ["Answer", "Other", "Question", "Thanks"]
    mark(house, "ada", "Question")
    work(house)
    assert saved(house) == ["Answer", "Blocked", "Inside", "Other", "Question", "Thanks"]
    assert house.why("ada", "Kick-off") == "MAIL-SERVICE"
    assert house.company.contacts[QUENTIN] not in linked(house, "Blocked")


def test_mails_older_than_the_window_are_saved_with_their_thread() -> None:
    house = house_with()
    long_ago, box = house.clock.now() - timedelta(days=400), house.box("ada")
    old = letter("Question", NORA, ADA, long_ago, message_id=named("Question"))
    house.world.mailboxes.put(box, old.as_bytes(), received=long_ago)
    work(house)
    deliver(house, reply("Thanks", NORA, ADA, house, named("Question")))
    work(house)
    mark(house, "ada", "Thanks")
    work(house)
    assert saved(house) == ["Question", "Thanks"]


def test_what_was_filed_away_is_saved_when_it_comes_back() -> None:
    house = house_with()
    begin(house)
    move(house, "ada", "Thanks", "archive")
    work(house)
    mark(house, "ada", "Question")
    work(house)
    assert saved(house) == ["Answer", "Question"]
    move(house, "ada", "Thanks", "inbox")
    work(house)
    assert saved(house) == ["Answer", "Question", "Thanks"]


def test_a_thread_of_hundreds_of_mails_is_saved_whole() -> None:
    house = house_with()
    earlier = [named("Mail 0")]
    deliver(house, letter("Mail 0", NORA, ADA, house.clock.now(), message_id=earlier[0]))
    for number in range(1, 220):
        deliver(house, reply(f"Mail {number}", NORA, ADA, house, earlier[0]))
    work(house)
    mark(house, "ada", "Mail 7")
    asked = house.counting(lambda: work(house))
    assert len(saved(house)) == 220
    listed = [one for one in asked if "conversationId%20eq" in f"{one.query} {one.request_body!r}"]
    assert len(listed) == 2, "two hundred a page"


def test_a_mail_that_was_taken_out_of_salesforce_stays_out() -> None:
    """Unless the thread is marked at that very mail."""
    house = house_with()
    begin(house)
    mark(house, "ada", "Question")
    work(house)
    gone = {row["Subject"]: row["Id"] for row in house.rows("EmailMessage", "Id", "Subject")}
    for subject in ("Answer", "Question"):
        house.org.delete(house.org.admin, gone[subject])
    work(house)
    stop(house, "ada", "Question")
    mark(house, "ada", "Answer")
    work(house)
    assert saved(house) == ["Answer", "Thanks"]
    assert restlessness(house) == []


def test_without_its_first_mail_a_thread_is_linked_like_the_oldest() -> None:
    """The mail that it was marked at cannot be saved."""
    house = house_with()
    begin(house)
    house.org.add_validation_rule("EmailMessage", "Subject = 'Thanks'", "No.")
    mark(house, "ada", "Thanks")
    work(house)
    work(house)
    assert saved(house) == ["Answer", "Question"]
    assert house.why("ada", "Thanks") == "CRM-VALIDATION"
    assert linked(house, "Answer") == {house.company.contacts[NORA], ada(house)}


def test_a_thread_marked_at_a_mail_that_is_gone_has_its_later_mails_saved() -> None:
    house = house_with()
    deliver(house, letter("Question", NORA, ADA, house.clock.now(), message_id=named("Question")))
    work(house)
    mark(house, "ada", "Question")
    box = house.box("ada")
    house.world.mailboxes.purge(box, next(house.world.mailboxes.find(box, subject="Question")))
    work(house)
    assert restlessness(house) == []
    deliver(house, reply("Thanks", NORA, ADA, house, named("Question")))
    work(house)
    assert saved(house) == ["Thanks"]


# -- colleagues -------------------------------------------------------------------------------------------


def test_links_of_colleagues_add_up() -> None:
    """Ada marks; Ben's rules save what only he gets; both are linked to what the other has."""
    house = house_with()
    house.set("ben", mail_auto_save=True, mail_threads=False)
    deal, contacts = opportunity(house), house.company.contacts
    deliver(house, letter("Question", NORA, f"{ADA}, {BEN}", house.clock.now(), message_id=named("Question")))
    mark(house, "ada", "Question")
    work(house)
    (row,) = house.rows("EmailMessage", "Id")
    house.org.update(house.org.admin, "EmailMessage", row["Id"], {"RelatedToId": deal})
    deliver(house, reply("To Ben", PRIYA, BEN, house, named("Question")))
    work(house)
    assert house.why("ben", "To Ben") == "MAIL-SAVED-ALONG"
    assert related(house, "To Ben") == deal
    assert {contacts[NORA], contacts[PRIYA]} <= linked(house, "To Ben")
    send(house, "ben", reply("From Ben", BEN, f"{QUENTIN}, {ADA}", house, named("Question")))
    work(house)
    assert {contacts[NORA], contacts[PRIYA], contacts[QUENTIN]} <= linked(house, "From Ben")
    deliver(house, reply("To Ada", STRANGER, ADA, house, named("From Ben")))
    work(house)
    assert {contacts[NORA], contacts[QUENTIN]} <= linked(house, "To Ada")
    assert related(house, "To Ada") == deal
    assert restlessness(house) == []


def test_a_mark_of_ones_own_links_what_it_finds_and_no_more() -> None:
    house = house_with()
    begin(house)
    mark(house, "ada", "Question")
    work(house)
    stop(house, "ada", "Question")
    deliver(house, reply("Aside", PRIYA, ADA, house, named("Thanks")))
    work(house)
    mark(house, "ada", "Question")
    categorise(house, "ada", "Aside", "Salesforce")
    work(house)
    assert house.why("ada", "Aside") == "MAIL-SAVED-MARK"
    assert linked(house, "Aside") == {house.company.contacts[PRIYA], ada(house)}


def test_two_who_mark_the_same_thread_have_one_record_of_each_mail() -> None:
    house = house_with()
    deliver(house, letter("Question", NORA, f"{ADA}, {BEN}", house.clock.now(), message_id=named("Question")))
    deliver(house, reply("More", OMAR, f"{ADA}, {BEN}", house, named("Question")))
    work(house)
    mark(house, "ada", "Question")
    mark(house, "ben", "More")
    for _ in range(3):
        work(house)
    assert saved(house) == ["More", "Question"]
    assert restlessness(house) == []
    deliver(house, reply("Again", STRANGER, f"{ADA}, {BEN}", house, named("More")))
    work(house)
    assert saved(house) == ["Again", "More", "Question"]
    assert restlessness(house) == []


def test_whoever_marks_nothing_has_nothing_saved_and_asks_no_more() -> None:
    """Neither a colleague's mark nor a switch costs a call."""
    counted = []
    for on in (True, False):
        house = house_with(mail_auto_save=True, mail_threads=on, mail_threads_allowed=on)
        deliver(house, letter("Hello", NORA, ADA, house.clock.now()))
        house.pass_minutes(2)
        counted.append(len(house.counting(house.round)))
        counted.append(len(house.counting(house.round)))
    assert counted[:2] == counted[2:]
