"""Strangers become records: each once, whatever goes wrong on the way, and the mail is linked to them."""

import random
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from crosstie.domain.operations import Save
from crosstie.domain.settings import AutoTrackMode, Resolving
from crosstie.engine import batch
from crosstie.engine.ports import Ports
from sandbox.salesforce.customer.rules import OnDuplicate
from tests.simulation.day import categorise, deliver, send
from tests.simulation.effects import Effects, Moment, WorkerDied, stride
from tests.simulation.house import AUTO_SAVE, House, Make
from tests.simulation.letters import ADA, BEN, FREE, NORA, STRANGER, letter
from tests.simulation.sweep import DEATH_MINUTES, SETTLE_MINUTES, restlessness

WIM = f'"Willow, Wim" <{STRANGER}>'
LEADS = replace(AUTO_SAVE, resolving=Resolving.LEAD)
CONTACTS = replace(LEADS, resolving=Resolving.CONTACT)
PERSONS = replace(CONTACTS, resolving_persons=True)


PLAIN = Make(settings=LEADS)


def house_with(make: Make = PLAIN, **settings: Any) -> House:
    house = House(replace(make, settings=replace(make.settings, **settings)))
    if make.settings.resolving_persons:
        house.org.setup.person_accounts()
    house.round()
    house.pass_minutes(2)
    return house


def work(house: House) -> None:
    house.pass_minutes(2)
    house.round()


def leads(house: House, address: str = STRANGER) -> list[dict[str, Any]]:
    fields = ("Id", "FirstName", "LastName", "Company", "Email", "OwnerId")
    return house.rows("Lead", *fields, where=f"Email = '{address}'")


def related(house: House, subject: str) -> set[str]:
    """Records behind the one saved mail of that subject."""
    (row,) = house.rows("EmailMessage", "Id", where=f"Subject = '{subject}'")
    rows = house.rows("EmailMessageRelation", "RelationId", where=f"EmailMessageId = '{row['Id']}'")
    return {one["RelationId"] for one in rows if one["RelationId"]}


def test_a_stranger_becomes_a_lead_of_whoever_got_the_mail() -> None:
    house = house_with()
    deliver(house, letter("Hello", WIM, ADA, house.clock.now()))
    (save,) = house.preview("ada")[0].of(Save)
    assert "with a new Lead" in save.reason.sentence
    assert leads(house) == []
    work(house)
    (lead,) = leads(house)
    assert (lead["FirstName"], lead["LastName"], lead["Company"]) == ("Wim", "Willow", "willow.test")
    assert lead["OwnerId"] == house.company.colleagues[0].user
    assert lead["Id"] in related(house, "Hello")
    assert house.why("ada", "Hello") == "MAIL-SAVED-NEW"
    assert restlessness(house) == []


def test_the_next_mail_finds_the_lead_before_the_directory_knows_it() -> None:
    house = house_with()
    deliver(house, letter("Hello", WIM, ADA, house.clock.now()))
    house.force()
    deliver(house, letter("Again", WIM, ADA, house.clock.now()))
    house.force()
    (lead,) = leads(house)
    assert lead["Id"] in related(house, "Again")
    assert house.why("ada", "Again") == "MAIL-SAVED"


def test_two_colleagues_who_meet_a_stranger_at_once() -> None:
    house = house_with()
    deliver(house, letter("For Ada", WIM, ADA, house.clock.now()))
    deliver(house, letter("For Ben", WIM, BEN, house.clock.now()))
    deliver(house, letter("For both", WIM, f"{ADA}, {BEN}", house.clock.now()))
    work(house)
    (lead,) = leads(house)
    for subject in ("For Ada", "For Ben", "For both"):
        assert lead["Id"] in related(house, subject)
    assert restlessness(house) == []


@pytest.mark.parametrize(
    "address",
    [
        "info@willow.test",
        "no-reply@willow.test",
        "wim-bounces@willow.test",
        FREE,
        "ben@larch.test",
        "rival@elm.test",
    ],
)
def test_of_whom_no_record_is_made(address: str) -> None:
    house = house_with(blocklist=("elm.test",), exclude_free_mail=False, include_internal=True)
    deliver(house, letter("Hello", address, ADA, house.clock.now()))
    work(house)
    assert house.rows("EmailMessage", "Id") == []
    assert leads(house, address) == []


def test_where_somebody_is_known_only_the_mode_flexible_makes_the_others_known() -> None:
    house = house_with()
    deliver(house, letter("General", NORA, f"{ADA}, {STRANGER}", house.clock.now()), [ADA])
    work(house)
    assert leads(house) == []
    for person in house.ids:
        house.set(person, mail_auto_track_mode=AutoTrackMode.FLEXIBLE)
    deliver(house, letter("Flexible", NORA, f"{ADA}, {STRANGER}", house.clock.now()), [ADA])
    work(house)
    (lead,) = leads(house)
    assert {lead["Id"], house.company.contacts[NORA]} <= related(house, "Flexible")


def test_a_mail_that_waits_for_its_sender_is_saved_when_resolving_is_switched_on() -> None:
    house = house_with(resolving=Resolving.OFF)
    deliver(house, letter("Hello", WIM, ADA, house.clock.now()))
    work(house)
    assert house.why("ada", "Hello") == "MAIL-UNKNOWN"
    for person in house.ids:
        house.set(person, resolving=Resolving.LEAD)
    work(house)
    assert leads(house)[0]["Id"] in related(house, "Hello")


def test_a_mark_makes_them_known_with_auto_saving_off() -> None:
    house = house_with(mail_auto_save=False)
    send(house, "ada", letter("Offer", ADA, STRANGER, house.clock.now()))
    work(house)
    assert leads(house) == []
    categorise(house, "ada", "Offer", "Salesforce")
    work(house)
    (lead,) = leads(house)
    assert (lead["FirstName"], lead["LastName"]) == (None, "Wim")
    assert lead["Id"] in related(house, "Offer")


def test_a_lead_that_was_deleted_is_not_made_again_until_somebody_marks_a_mail() -> None:
    house = house_with()
    deliver(house, letter("Hello", WIM, ADA, house.clock.now()))
    work(house)
    house.org.delete(house.org.admin, leads(house)[0]["Id"])
    deliver(house, letter("Again", WIM, ADA, house.clock.now()))
    work(house)
    assert leads(house) == []
    assert house.why("ada", "Again") == "MAIL-PERSON-DELETED"
    categorise(house, "ada", "Again", "Salesforce")
    work(house)
    assert leads(house) == []
    assert house.why("ada", "Again") == "MAIL-SAVED-MARK"


def test_a_lead_that_was_converted_is_the_contact_it_became() -> None:
    house = house_with()
    deliver(house, letter("Hello", WIM, ADA, house.clock.now()))
    house.force()
    lead = leads(house)[0]["Id"]
    contact = house.org.convert_lead(house.org.admin, lead).contact
    house.org.update(house.org.admin, "Contact", contact, {"Email": "wim@elsewhere.test"})
    deliver(house, letter("Again", WIM, ADA, house.clock.now()))
    house.force()
    assert contact in related(house, "Again")


# -- Contacts and their Accounts --------------------------------------------------------------------------


def contacts(house: House, address: str = STRANGER) -> list[dict[str, Any]]:
    return house.rows("Contact", "Id", "LastName", "AccountId", where=f"Email = '{address}'")


def accounts(house: House, name: str = "willow.test") -> list[dict[str, Any]]:
    return house.rows("Account", "Id", "Website", "OwnerId", where=f"Name = '{name}'")


def test_a_contact_gets_an_account_named_after_the_domain_and_the_next_one_is_put_under_it() -> None:
    house = house_with(resolving=Resolving.CONTACT)
    deliver(house, letter("Hello", WIM, ADA, house.clock.now()))
    work(house)
    deliver(house, letter("Me too", "Ida Willow <ida@willow.test>", BEN, house.clock.now()))
    work(house)
    (account,), (wim,), (ida,) = accounts(house), contacts(house), contacts(house, "ida@willow.test")
    assert account["Website"] == "willow.test"
    assert wim["AccountId"] == ida["AccountId"] == account["Id"]
    (mail,) = house.rows("EmailMessage", "RelatedToId", where="Subject = 'Hello'")
    assert mail["RelatedToId"] == account["Id"]
    assert wim["Id"] in related(house, "Hello")
    assert restlessness(house) == []


@pytest.mark.parametrize(("lookup", "create", "name"), [(True, True, "Birchworks"), (False, False, "")])
def test_the_account_of_other_contacts_at_the_domain_comes_first(lookup: bool, create: bool, name: str) -> None:
    house = house_with(resolving=Resolving.CONTACT, resolving_lookup=lookup, resolving_create=create)
    deliver(house, letter("Hello", "ole@birchworks.test", ADA, house.clock.now()))
    work(house)
    (contact,) = contacts(house, "ole@birchworks.test")
    assert contact["AccountId"] == (house.company.accounts[name] if name else None)
    assert house.why("ada", "Hello") == "MAIL-SAVED-NEW"


def test_else_the_one_with_the_website_and_never_that_of_a_subdomain() -> None:
    house = house_with(resolving=Resolving.CONTACT)
    sub = {"Name": "Sub", "Website": "https://eu.willow.test"}
    house.org.insert(house.org.admin, "Account", sub)
    wanted = {"Name": "Willows", "Website": "http://www.willow.test/about"}
    account = house.org.insert(house.org.admin, "Account", wanted)
    known = {"LastName": "Sub", "Email": "ann@eu.willow.test", "AccountId": house.company.accounts["Cedar Bank"]}
    house.org.insert(house.org.admin, "Contact", known)
    deliver(house, letter("Hello", WIM, ADA, house.clock.now()))
    work(house)
    assert contacts(house)[0]["AccountId"] == account


def test_one_account_for_everybody() -> None:
    house = house_with(resolving=Resolving.CONTACT)
    for person in house.ids:
        house.set(person, resolving_account=house.company.accounts["Cedar Bank"])
    deliver(house, letter("Hello", WIM, ADA, house.clock.now()))
    work(house)
    assert contacts(house)[0]["AccountId"] == house.company.accounts["Cedar Bank"]
    assert accounts(house) == []


def test_smart_makes_a_contact_where_an_account_has_people_and_website_at_the_domain_else_a_lead() -> None:
    house = house_with(resolving=Resolving.SMART)
    deliver(house, letter("Known", "ole@birchworks.test", ADA, house.clock.now()))
    deliver(house, letter("Hello", WIM, ADA, house.clock.now()))
    work(house)
    assert contacts(house, "ole@birchworks.test")[0]["AccountId"] == house.company.accounts["Birchworks"]
    assert "with a new Contact" in house.sentence("ada", "Known")
    assert len(leads(house)) == 1
    assert "with a new Lead" in house.sentence("ada", "Hello")


def test_the_mode_smart_makes_those_alone_who_are_at_an_accounts_domain() -> None:
    house = house_with(resolving=Resolving.CONTACT, mail_auto_track_mode=AutoTrackMode.SMART)
    deliver(house, letter("Known", "ole@birchworks.test", ADA, house.clock.now()))
    deliver(house, letter("Hello", WIM, ADA, house.clock.now()))
    work(house)
    assert len(contacts(house, "ole@birchworks.test")) == 1
    assert contacts(house) == accounts(house) == []
    assert house.why("ada", "Hello") == "MAIL-UNKNOWN"


def test_person_accounts_are_made_where_the_org_has_them_and_an_administrator_wants_them() -> None:
    house = house_with(replace(PLAIN, settings=PERSONS), resolving=Resolving.SMART)
    deliver(house, letter("Hello", WIM, ADA, house.clock.now()))
    house.force()
    deliver(house, letter("Again", WIM, ADA, house.clock.now()))
    house.force()
    (person,) = house.rows("Account", "Id", "Name", "PersonContactId", where=f"PersonEmail = '{STRANGER}'")
    assert person["Name"] == "Wim Willow"
    for subject in ("Hello", "Again"):
        assert person["PersonContactId"] in related(house, subject)
    assert leads(house) == accounts(house) == []
    house.org.delete(house.org.admin, person["Id"])
    deliver(house, letter("Once more", WIM, ADA, house.clock.now()))
    work(house)
    assert contacts(house) == []


def test_where_the_org_has_no_person_accounts_a_contact_is_made() -> None:
    house = house_with(resolving=Resolving.CONTACT, resolving_persons=True)
    deliver(house, letter("Hello", WIM, ADA, house.clock.now()))
    work(house)
    assert contacts(house)[0]["Id"] in related(house, "Hello")


def test_an_account_that_cannot_be_made_keeps_the_mail_as_an_issue() -> None:
    house = house_with(resolving=Resolving.CONTACT)
    house.org.add_validation_rule("Account", lambda _row: True, "No Accounts here.")
    deliver(house, letter("Hello", WIM, ADA, house.clock.now()))
    work(house)
    assert house.why("ada", "Hello") == "CRM-VALIDATION"
    assert contacts(house) == []


# -- what the org refuses ---------------------------------------------------------------------------------


def test_a_field_that_is_required_is_named_and_the_mail_is_saved_when_it_is_not_any_more(tmp_path: Path) -> None:
    house = house_with()
    require_region(house, tmp_path)
    deliver(house, letter("Hello", WIM, ADA, house.clock.now()))
    work(house)
    assert house.why("ada", "Hello") == "CRM-REQUIRED"
    assert "Lead.Region__c" in house.sentence("ada", "Hello")
    house.org.setup.required("Lead", "Region__c", False)
    house.run_for(25 * 60)
    assert leads(house)[0]["Id"] in related(house, "Hello")


def test_what_the_org_requires_is_filled_with_what_an_administrator_gave(tmp_path: Path) -> None:
    given = (
        "Lead.Region__c=Far North",
        "Lead.NumberOfEmployees=7",
        "Lead.IsUnreadByOwner=false",
        "Account.Site=x",
    )
    house = house_with(resolving_defaults=given)
    require_region(house, tmp_path)
    house.restart()
    deliver(house, letter("Hello", WIM, ADA, house.clock.now()))
    work(house)
    (lead,) = house.rows(
        "Lead", "Region__c", "NumberOfEmployees", "IsUnreadByOwner", where=f"Email = '{STRANGER}'"
    )
    assert lead == {"Region__c": "Far North", "NumberOfEmployees": 7, "IsUnreadByOwner": False}


REGION = """<?xml version="1.0" encoding="UTF-8"?>
<CustomField xmlns="http://soap.sforce.com/2006/04/metadata">
    <fullName>Region__c</fullName><label>Region</label><type>Text</type><length>20</length>
</CustomField>"""


def require_region(house: House, folder: Path) -> None:
    place = folder / "force-app/main/default/objects/Lead/fields"
    place.mkdir(parents=True)
    (place / "Region__c.field-meta.xml").write_text(REGION)
    house.org.load_package(folder)
    house.org.setup.required("Lead", "Region__c")


def test_a_mail_with_somebody_known_is_saved_though_no_lead_can_be_made() -> None:
    house = house_with(mail_auto_track_mode=AutoTrackMode.FLEXIBLE)
    house.org.add_validation_rule("Lead", lambda _row: True, "No Leads here.")
    deliver(house, letter("Hello", NORA, f"{ADA}, {STRANGER}", house.clock.now()), [ADA])
    work(house)
    assert house.company.contacts[NORA] in related(house, "Hello")
    assert "without a Lead" in house.sentence("ada", "Hello")
    assert "validation rule" in house.sentence("ada", "Hello")


def test_where_addresses_are_kept_from_us_nobody_is_made() -> None:
    house = house_with()
    house.org.hide_field("Lead", "Email")
    house.restart()
    deliver(house, letter("Hello", WIM, ADA, house.clock.now()))
    house.force()
    assert house.rows("Lead", "Id", where="LastName = 'Willow'") == []
    assert house.why("ada", "Hello") == "CRM-ACCESS"


@pytest.mark.parametrize("action", ["block", "alert"])
def test_the_record_that_a_duplicate_rule_names_is_taken(action: OnDuplicate) -> None:
    house = house_with()
    fields = {"LastName": "Willow", "FirstName": "Wim", "Company": "willow.test", "Email": "other@willow.test"}
    known = house.org.insert(house.org.admin, "Lead", fields)
    house.org.setup.duplicate_rule("Lead", ["LastName", "Company"], on_insert=action)
    deliver(house, letter("Hello", WIM, ADA, house.clock.now()))
    work(house)
    assert leads(house) == []
    assert known in related(house, "Hello")
    assert house.why("ada", "Hello") == "MAIL-SAVED"


# -- accidents --------------------------------------------------------------------------------------------
HOUSES = {
    "email-message": Make(settings=LEADS),
    "task": Make(settings=LEADS, enhanced_email=False),
    "unkeyed": Make(settings=LEADS, keyed=False),
    "contacts": Make(settings=CONTACTS),
    "unkeyed-contacts": Make(settings=CONTACTS, keyed=False),
    "persons": Make(settings=PERSONS),
}


MAILS = {"For Ada": ADA, "For Ben": BEN, "For both": f"{ADA}, {BEN}"}


def meet(house: House, subjects: Iterable[str] = MAILS) -> None:
    """Both have a mail of their own, and one mail together."""
    for subject in subjects:
        deliver(house, letter(subject, WIM, MAILS[subject], house.clock.now()))


def accident(make: Make, at: int, moment: Moment) -> tuple[House, Effects]:
    house = house_with(make)
    meet(house)
    effects = Effects(strike_at=at, moment=moment)
    house.effects, house.ports = effects, house.new_worker(effects)
    if moment is Moment.STOPPED:
        effects.meanwhile = lambda: take_over(house)
    for minutes in (0, 2, SETTLE_MINUTES, SETTLE_MINUTES, SETTLE_MINUTES):
        house.pass_minutes(minutes)
        try:
            house.round()
        except WorkerDied:
            house.pass_minutes(DEATH_MINUTES)
            house.restart()
    return house, effects


def take_over(house: House) -> None:
    """Another worker does everything while the first stands still past its lease."""
    stopped = house.ports
    house.pass_minutes(DEATH_MINUTES)
    house.ports = house.new_worker()
    house.round()
    house.ports = stopped


def wrong(house: House, subjects: Iterable[str] = MAILS) -> list[str]:
    found = leads(house) + contacts(house)
    problems = [] if len(found) == 1 else [f"made: {found}"]
    name = "Wim Willow" if house.make.settings.resolving_persons else "willow.test"
    if house.make.settings.resolving is Resolving.CONTACT and len(accounts(house, name)) != 1:
        problems.append(f"Accounts: {accounts(house, name)}")
    mails = house.rows(house.mail_object, "Id", "Subject")
    if sorted(row["Subject"] for row in mails) != sorted(subjects):
        problems.append(f"saved: {mails}")
    if not problems:
        unlinked = [row["Subject"] for row in mails if not linked(house, row["Id"], found[0]["Id"])]
        problems += [f"not linked: {subject}" for subject in unlinked]
    return problems + restlessness(house)


def linked(house: House, mail: str, person: str) -> bool:
    if house.make.enhanced_email:
        where = f"EmailMessageId = '{mail}' AND RelationId = '{person}'"
        return bool(house.rows("EmailMessageRelation", "Id", where=where))
    return bool(house.rows("Task", "Id", where=f"Id = '{mail}' AND WhoId = '{person}'"))


EVERY = 6
"""One in so many accidents, chosen by the kind's name; all of them take minutes."""


@pytest.mark.parametrize("kind", HOUSES)
def test_an_accident_at_any_effect_makes_nobody_twice(kind: str) -> None:
    house, effects = accident(HOUSES[kind], -1, Moment.BEFORE)
    assert wrong(house) == []
    names = list(enumerate(zip(effects.names, effects.within, strict=True)))
    last = max(at for at, (name, _) in names if "composite/graph" in name) + 3
    points = [
        (at, name, moment)
        for at, (name, within) in names[: last + 1]
        for moment in Moment
        if (moment is not Moment.LOST or " /" in name) and not (moment is Moment.STOPPED and within)
    ]
    random.Random(kind).shuffle(points)
    for at, name, moment in points[:: stride(EVERY)]:
        house, effects = accident(HOUSES[kind], at, moment)
        assert effects.struck
        assert wrong(house) == [], f"{moment} effect {at} ({name})"


@pytest.mark.parametrize("kind", HOUSES)
def test_two_workers_who_meet_a_stranger_at_once(kind: str) -> None:
    """Ben's session runs as a whole before one effect of Ada's, then before the next one.

    Without keys the mail they share would be saved twice; see decision 13.
    """
    number, subjects = 0, [subject for subject in MAILS if HOUSES[kind].keyed or subject != "For both"]
    while True:
        house = house_with(HOUSES[kind])
        meet(house, subjects)
        first = Effects(strike_at=number)
        first.meanwhile = lambda house=house: work_on_one(house, house.new_worker())
        for mailbox_id in house.ids.values():
            house.memory.wake(mailbox_id)
        work_on_one(house, house.new_worker(first))
        if not first.struck:
            break
        for minutes in (2, SETTLE_MINUTES, SETTLE_MINUTES):
            house.pass_minutes(minutes)
            house.round()
        assert wrong(house, subjects) == [], f"before effect {number} ({first.names[number]})"
        number += 1
    assert number > 20


def work_on_one(house: House, worker: Ports) -> None:
    leases = batch.claim(worker, holder="one", limit=1, lease_seconds=300)
    batch.run(worker, leases)
