"""Mails that another product has saved: they point to its records, and nothing is saved twice."""

from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from crosstie.domain.keys import natural_key, record_key
from crosstie.domain.mailboxes import Span
from crosstie.engine import adopting
from crosstie.engine.adopting import Fate, Page, Wishes
from tests.simulation.day import categorise, deliver, move
from tests.simulation.effects import Effects, Moment, WorkerDied
from tests.simulation.house import AUTO_SAVE, LEASE_SECONDS, House, Make, is_write
from tests.simulation.letters import ADA, BEN, NORA, OMAR, PRIYA, STRANGER, letter
from tests.simulation.sweep import DEATH_MINUTES, restlessness

DAY = timedelta(days=1)
WINDOW = Span(datetime(2020, 1, 1, tzinfo=UTC), datetime(2026, 11, 16, 9, 0, tzinfo=UTC))
OFF = Make(settings=replace(AUTO_SAVE, mail_auto_save=False), syncing=("ada",))
PLAIN = Wishes()
RIVAL = "REVGRD__InternetMessageId__c"
FIELD = f"""<?xml version="1.0" encoding="UTF-8"?>
<CustomField xmlns="http://soap.sforce.com/2006/04/metadata">
    <fullName>{RIVAL}</fullName><label>Message-ID</label><type>Text</type><length>255</length>
</CustomField>"""


def put(
    house: House, subject: str, sender: str = NORA, *, days: float = 30, to: str = ADA, person: str = "ada"
) -> None:
    then = WINDOW.before - days * DAY
    house.world.mailboxes.put(house.box(person), letter(subject, sender, to, then).as_bytes(), received=then)


def marked(house: House, *subjects: str, person: str = "ada", **given: Any) -> None:
    for number, subject in enumerate(subjects):
        put(house, subject, days=given.get("days", 30) + number / 24, person=person, to=given.get("to", ADA))
        categorise(house, person, subject, given.get("category", "Salesforce"))


def was_saved(house: House, subject: str, sender: str = NORA, *, days: float = 30, **fields: Any) -> str:
    """By another product, which left its record."""
    at = WINDOW.before - days * DAY
    given = {
        "Subject": subject,
        "MessageIdentifier": f"<{subject.replace(' ', '.')}@{sender.rpartition('@')[2]}>",
        "FromAddress": sender,
        "MessageDate": at.strftime("%Y-%m-%dT%H:%M:%S.000Z"),
        "Status": "1",
        "Incoming": True,
    }
    return house.org.insert(house.org.admin, "EmailMessage", given | fields)


def look(house: House, wishes: Wishes = PLAIN, person: str = "ada") -> Page:
    info = house.ports.states.info(house.ids[person])
    return adopting.look(house.ports, info, house.ports.mailboxes.open(info.mailbox_id), WINDOW, wishes)


def adopt(house: House, person: str = "ada", **wishes: Any) -> Page:
    """As jobs/adopting.py does a page."""
    number = house.ids[person]
    lease = house.ports.states.claim(number, house.clock.now(), holder="adopt", lease_seconds=LEASE_SECONDS)
    assert lease is not None
    page = look(house, Wishes(**wishes), person)
    adopting.carry_out(house.ports, lease, page, Wishes(**wishes))
    house.ports.states.release(lease, next_due=house.clock.now(), summary={}, error_code="")
    return page


def fates(page: Page) -> dict[str, str]:
    return {one.email.subject: one.fate.value for one in page.findings}


def work(house: House, rounds: int = 1) -> None:
    for _ in range(rounds):
        house.pass_minutes(2)
        house.round()


def saved(house: House) -> Counter[str]:
    return Counter(row["Subject"] for row in house.rows(house.mail_object, "Subject"))


def test_marked_mails_point_to_the_records_that_are_there() -> None:
    house = House(OFF)
    marked(house, "Offer", "Contract", "Gone")
    put(house, "Unmarked")
    work(house, 2)
    records = {subject: was_saved(house, subject) for subject in ("Offer", "Contract", "Unmarked")}
    page = adopt(house)
    assert fates(page) == {"Offer": "adopted", "Contract": "adopted", "Gone": "missing"}
    assert {one.email.subject: one.record.record_id for one in page.findings if one.record} == {
        "Offer": records["Offer"],
        "Contract": records["Contract"],
    }
    assert house.why("ada", "Offer") == "MAIL-ADOPTED"
    assert house.why("ada", "Gone") == "MAIL-OLD-MARK"
    assert fates(adopt(house)) == {"Offer": "known", "Contract": "known", "Gone": "missing"}
    house.set("ada", mail_auto_save=True)
    work(house, 3)
    assert saved(house) == Counter(list(records))
    assert restlessness(house) == []


def test_a_dry_run_writes_nothing_also_before_the_first_session() -> None:
    house = House(OFF)
    marked(house, "Offer", "Gone")
    was_saved(house, "Offer")
    entries = house.counting(lambda: look(house, Wishes(imports=True, stamps=True)))
    assert entries
    assert not any(is_write(entry) and entry.route not in ("composite", "batch") for entry in entries)
    assert all(part.startswith("GET ") for entry in entries for part in entry.parts)
    assert not house.memory.items
    assert not house.memory.journal
    assert not house.memory.saved
    assert house.box("ada").folder("Salesforce Emails") is None


def test_what_is_adopted_before_the_first_session_is_not_saved_by_it() -> None:
    house = House(replace(OFF, settings=AUTO_SAVE))
    house.tick()
    marked(house, "Yesterday", days=1)
    was_saved(house, "Yesterday", days=1)
    assert fates(adopt(house)) == {"Yesterday": "adopted"}
    work(house, 3)
    assert saved(house) == Counter(["Yesterday"])
    assert restlessness(house) == []


def test_sender_and_time_must_be_the_mails_and_brackets_and_capitals_may_differ() -> None:
    house = House(OFF)
    marked(house, "Bare", "Other sender", "Other day", "Untold", "Twice")
    bare = was_saved(house, "Bare", MessageIdentifier="Bare@birchworks.test", FromAddress="NORA@Birchworks.test")
    was_saved(house, "Other sender", FromAddress=OMAR)
    was_saved(house, "Other day", days=20)
    was_saved(house, "Untold", FromAddress=None)
    older = was_saved(house, "Twice")
    house.pass_minutes(5)
    was_saved(house, "Twice")
    page = look(house)
    assert fates(page) == {
        "Bare": "adopted",
        "Other sender": "missing",
        "Other day": "missing",
        "Untold": "adopted",
        "Twice": "adopted",
    }
    by_subject = {one.email.subject: one for one in page.findings}
    assert by_subject["Bare"].record is not None
    assert by_subject["Bare"].record.record_id == bare
    assert by_subject["Twice"].record is not None
    assert (by_subject["Twice"].record.record_id, by_subject["Twice"].others) == (older, 1)


def test_tasks_are_found_by_the_other_products_field(tmp_path: Path) -> None:
    house = House(replace(OFF, enhanced_email=False))
    place = tmp_path / "force-app/main/default/objects/Activity/fields"
    place.mkdir(parents=True)
    (place / f"{RIVAL}.field-meta.xml").write_text(FIELD)
    house.org.load_package(tmp_path)
    marked(house, "Offer", "Other day", "Ours")
    task = {"Subject": "Offer", "Status": "Completed", "TaskSubtype": "Email", "ActivityDate": "2026-10-17"}
    record = house.org.insert(house.org.admin, "Task", task | {RIVAL: "<Offer@birchworks.test>"})
    other = task | {"ActivityDate": "2026-09-01", RIVAL: "<Other.day@birchworks.test>"}
    house.org.insert(house.org.admin, "Task", other)
    ours = house.org.insert(house.org.admin, "Task", task | {"Crosstie_Message_Id__c": "Ours@birchworks.test"})
    assert fates(look(house)) == {"Offer": "missing", "Other day": "missing", "Ours": "adopted"}
    page = adopt(house, task_fields=(RIVAL, "NoSuch__c"))
    assert fates(page) == {"Offer": "adopted", "Other day": "missing", "Ours": "adopted"}
    assert {one.record.record_id for one in page.findings if one.record} == {record, ours}
    assert {one.record.object for one in page.findings if one.record} == {"Task"}


def test_marks_without_a_record_are_saved_as_if_a_person_had_asked() -> None:
    house = House(OFF)
    marked(house, "Here", "Gone", "Strange")
    put(house, "Dropped", STRANGER, days=40)
    work(house, 2)
    move(house, "ada", "Dropped", "Salesforce Emails")
    was_saved(house, "Here")
    page = adopt(house, imports=True)
    assert fates(page) == {"Here": "adopted", "Gone": "imported", "Strange": "imported", "Dropped": "imported"}
    work(house, 2)
    assert saved(house) == Counter(["Here", "Gone", "Strange", "Dropped"])
    assert house.why("ada", "Gone") == "MAIL-SAVED-MARK"
    assert (
        house.box("ada")
        .folders[next(house.world.mailboxes.find(house.box("ada"), subject="Dropped")).folder]
        .well_known
        == "inbox"
    )
    assert fates(adopt(house, imports=True)) == dict.fromkeys(("Here", "Gone", "Strange", "Dropped"), "known")
    assert restlessness(house) == []


def test_receipts_of_another_product_are_adopted_and_never_imported() -> None:
    house = House(OFF)
    marked(house, "Here", "Gone", category="Status: Tracked successfully")
    was_saved(house, "Here")
    assert fates(adopt(house, imports=True)) == {"Here": "adopted", "Gone": "missing"}
    work(house, 3)
    assert saved(house) == Counter(["Here"])


def test_a_record_that_was_deleted_stays_deleted_and_a_colleagues_copy_shares_the_record() -> None:
    house = House(replace(OFF, syncing=("ada", "ben")))
    for person in ("ada", "ben"):
        marked(house, "For both", "Taken out", person=person, to=f"{ADA}, {BEN}")
    work(house, 2)
    records = [was_saved(house, subject) for subject in ("For both", "Taken out")]
    adopt(house)
    house.org.delete(house.org.admin, records[1])
    work(house, 6)
    calls = house.counting(lambda: adopt(house, "ben", imports=True))
    assert house.why("ben", "For both") == "MAIL-SHARED"
    assert fates(look(house, person="ben")) == {"For both": "known", "Taken out": "deleted"}
    assert not any(entry.path.startswith("/services/data/") for entry in calls), "nothing was left to ask the org"
    work(house, 3)
    assert saved(house) == Counter(["For both"])


def test_our_key_is_written_where_it_is_wanted_so_that_a_new_installation_meets_the_record() -> None:
    house = House(OFF)
    marked(house, "Offer")
    was_saved(house, "Offer")
    adopt(house)
    assert house.rows("EmailMessage", "Crosstie_Key__c") == [{"Crosstie_Key__c": None}]
    anew = House(OFF)
    marked(anew, "Offer")
    was_saved(anew, "Offer")
    page = adopt(anew, stamps=True)
    key = record_key(natural_key(page.findings[0].email))
    assert anew.rows("EmailMessage", "Crosstie_Key__c") == [{"Crosstie_Key__c": key}]


def test_everything_means_mails_without_a_mark_too() -> None:
    house = House(OFF)
    put(house, "Unmarked")
    put(house, "Unknown", days=31)
    was_saved(house, "Unmarked")
    assert fates(adopt(house, everything=True, imports=True)) == {"Unmarked": "adopted", "Unknown": "missing"}
    work(house, 2)
    assert house.why("ada", "Unmarked") == "MAIL-ADOPTED"
    assert saved(house) == Counter(["Unmarked"])


def test_what_no_mark_saves_and_what_has_no_name_of_its_own_is_told_and_left() -> None:
    house = House(OFF)
    then = WINDOW.before - 30 * DAY
    house.world.mailboxes.put(
        house.box("ada"), letter("Nameless", NORA, ADA, then, message_id="-").as_bytes(), received=then
    )
    categorise(house, "ada", "Nameless", "Salesforce")
    found = fates(adopt(house, imports=True))
    assert found in ({"Nameless": "nameless"}, {"Nameless": "imported"}), "a server may give it a Message-ID"


# -- accidents --------------------------------------------------------------------------------------------


def adopted(make: Make, at: int = -1, moment: Moment = Moment.BEFORE) -> tuple[House, Effects]:
    house = House(make)
    marked(house, "Here", "Gone")
    deliver(house, letter("New", PRIYA, ADA, house.clock.now()))
    work(house, 2)
    was_saved(house, "Here")
    effects = Effects(strike_at=at, moment=moment)
    house.effects, house.ports = effects, house.new_worker(effects)
    for _ in range(3):
        try:
            adopt(house, imports=True, stamps=True)
            break
        except (WorkerDied, Exception) as failure:
            if not isinstance(failure, WorkerDied) and not effects.struck:
                raise
            house.pass_minutes(DEATH_MINUTES)
            house.ports = house.new_worker()
    for _ in range(4):
        house.pass_minutes(2)
        try:
            house.round()
        except WorkerDied:
            house.pass_minutes(DEATH_MINUTES)
            house.ports = house.new_worker()
    return house, effects


@pytest.mark.parametrize("keyed", [True, False])
def test_whatever_goes_wrong_a_second_run_ends_it(keyed: bool) -> None:
    make = replace(OFF, keyed=keyed)
    quiet, effects = adopted(make)
    wanted = Counter(["Here", "Gone"])
    assert saved(quiet) == wanted
    bad: list[tuple[object, ...]] = []
    for at in range(len(effects.names)):
        for moment in (Moment.BEFORE, Moment.AFTER, Moment.LOST):
            if moment is Moment.LOST and " /" not in effects.names[at]:
                continue
            house, struck = adopted(make, at, moment)
            if saved(house) != wanted or not struck.struck or house.why("ada", "Here") != "MAIL-ADOPTED":
                bad.append((str(moment), at, effects.names[at], saved(house), house.why("ada", "Here")))
            bad += [(str(moment), at, one) for one in restlessness(house)]
        if effects.names[at] == "states.release":
            break
    assert bad == []


def test_fates_have_words() -> None:
    from crosstie.cli.adopt import WORDS

    assert set(WORDS) == {fate.value for fate in Fate}
