"""A copy that waits for somebody on it is pointed to the record that a colleague's copy has made."""

from dataclasses import replace

from crosstie.domain.settings import Resolving, Settings
from tests.simulation.day import categorise, deliver
from tests.simulation.house import AUTO_SAVE, House, Make
from tests.simulation.letters import ADA, BEN, FREE, OMAR, STRANGER, letter
from tests.simulation.sweep import restlessness

SUBJECT = "The mail"
ONLY_KNOWN = Settings(mail_auto_save=True, free_mail_known=True)


def records(house: House) -> int:
    return len(house.rows("EmailMessage", "Id", where=f"Subject = '{SUBJECT}'"))


def later(house: House) -> None:
    house.pass_minutes(11)
    house.round()


def waiting() -> House:
    """At free mail services only Contacts and Leads count, and the sender is none yet."""
    house = House(Make(settings=ONLY_KNOWN))
    later(house)
    deliver(house, letter(SUBJECT, FREE, f"{ADA}, {BEN}", house.clock.now()))
    later(house)
    assert house.why("ada", SUBJECT) == house.why("ben", SUBJECT) == "MAIL-FREE-UNKNOWN"
    return house


def test_one_from_a_free_mail_service_joins_what_a_colleagues_settings_have_saved() -> None:
    """The mail was in Salesforce, and its other reader was told that it was not saved yet."""
    house = waiting()
    house.set("ben", exclude_free_mail=False, mail_save_unlinked=True)
    later(house)
    later(house)
    assert (house.why("ben", SUBJECT), house.why("ada", SUBJECT)) == ("MAIL-SAVED", "MAIL-SHARED")
    assert (restlessness(house), records(house)) == ([], 1)


def test_one_joins_what_a_colleagues_mark_has_saved() -> None:
    house = waiting()
    categorise(house, "ben", SUBJECT, "Salesforce")
    house.force("ben")
    house.tick()
    house.sync()
    assert (house.why("ben", SUBJECT), house.why("ada", SUBJECT)) == ("MAIL-SAVED-MARK", "MAIL-SHARED")
    assert (restlessness(house), records(house)) == ([], 1)


def test_one_that_comes_when_its_mail_is_saved_joins_it() -> None:
    house = House(Make(settings=ONLY_KNOWN))
    house.set("ben", exclude_free_mail=False, mail_save_unlinked=True)
    later(house)
    mail = letter(SUBJECT, FREE, f"{ADA}, {BEN}", house.clock.now())
    deliver(house, mail, [BEN])
    later(house)
    deliver(house, mail, [ADA])
    later(house)
    assert (house.why("ben", SUBJECT), house.why("ada", SUBJECT)) == ("MAIL-SAVED", "MAIL-SHARED")
    assert records(house) == 1


def test_one_whose_record_was_deleted_before_waits_for_its_sender() -> None:
    house = waiting()
    categorise(house, "ben", SUBJECT, "Salesforce")
    house.force("ben")
    (row,) = house.rows("EmailMessage", "Id", where=f"Subject = '{SUBJECT}'")
    house.org.delete(house.org.admin, row["Id"])
    for _ in range(7):
        house.tick()
    later(house)
    assert (house.why("ada", SUBJECT), records(house)) == ("MAIL-FREE-UNKNOWN", 0)
    assert restlessness(house) == []
    house.know(FREE)
    later(house)
    assert (house.why("ada", SUBJECT), records(house)) == ("MAIL-DELETED", 0)


def test_one_that_is_gone_is_not_asked_for_in_every_session() -> None:
    """Its colleague's record had it looked at again, and again, for ever."""
    house = waiting()
    box = house.box("ada")
    (gone,) = (one for one in box.messages.values() if one.mail.subject == SUBJECT)
    house.world.mailboxes.purge(box, gone)
    categorise(house, "ben", SUBJECT, "Salesforce")
    for _ in range(4):
        later(house)
    asked = [part for entry in house.counting(house.round) for part in entry.parts if part == "GET messages.get"]
    assert (asked, records(house)) == ([], 1)


def whose_record_was_deleted() -> House:
    """A Contact was made of a stranger, and people wanted none."""
    house = House(Make(settings=replace(AUTO_SAVE, resolving=Resolving.CONTACT)))
    later(house)
    deliver(house, letter("Another mail", STRANGER, ADA, house.clock.now()))
    later(house)
    (made,) = house.rows("Contact", "Id", where=f"Email = '{STRANGER}'")
    house.org.delete(house.org.admin, made["Id"])
    later(house)
    return house


def test_whom_nobody_is_made_of_for_a_colleague_keeps_no_copy_back_that_others_have_saved() -> None:
    """For Ada only the stranger counted; the mail was given up for Ben too, whom its sender is no stranger to."""
    house = whose_record_was_deleted()
    house.set("ada", blocklist=(OMAR,))
    deliver(house, letter(SUBJECT, OMAR, f"{ADA}, {BEN}, {STRANGER}", house.clock.now()))
    later(house)
    later(house)
    assert (house.why("ada", SUBJECT), house.why("ben", SUBJECT)) == ("MAIL-PERSON-DELETED", "MAIL-SAVED")
    assert (restlessness(house), records(house)) == ([], 1)


def test_a_mail_is_saved_when_somebody_makes_the_person_again_whose_record_was_deleted() -> None:
    """Nobody waited for them any more."""
    house = whose_record_was_deleted()
    deliver(house, letter(SUBJECT, STRANGER, f"{ADA}, {BEN}", house.clock.now()))
    later(house)
    assert house.why("ada", SUBJECT) == house.why("ben", SUBJECT) == "MAIL-PERSON-DELETED"
    assert (restlessness(house), records(house)) == ([], 0)
    house.know(STRANGER)
    later(house)
    later(house)
    assert (house.why("ada", SUBJECT), house.why("ben", SUBJECT)) == ("MAIL-SAVED", "MAIL-SHARED")
    assert (restlessness(house), records(house)) == ([], 1)
