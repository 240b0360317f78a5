"""Every reason code of mail is met in a house, through the wire: a new one without a scene here fails."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import timedelta
from email.message import EmailMessage
from email.utils import format_datetime

import pytest

from crosstie.domain.reasons import KINDS
from crosstie.domain.settings import AutoTrackMode, MailWay, Resolving, Settings
from crosstie.engine import batch
from sandbox.faults import Fault
from sandbox.mailboxes.model import Mail
from sandbox.mailboxes.model import Person as Author
from sandbox.salesforce import mishaps
from tests.simulation import test_adopting
from tests.simulation.access import HOST
from tests.simulation.day import categorise, deliver, move, notice, send
from tests.simulation.effects import Effects
from tests.simulation.house import AUTO_SAVE, House, Make
from tests.simulation.letters import ADA, BEN, FREE, NORA, QUENTIN, STRANGER, letter

SUBJECT = "The mail"
ALWAYS = 1000
RESOLVING = replace(AUTO_SAVE, resolving=Resolving.LEAD)
THREADS = replace(AUTO_SAVE, mail_threads=True, mail_threads_allowed=True)
BLOCKING = Settings(mail_auto_save=True, blocklist=("noise.test",))


@dataclass(frozen=True, slots=True)
class Scene:
    """What happens to the mail named SUBJECT in Ada's mailbox; then a session decides."""

    act: Callable[[House], None]
    make: Make = field(default_factory=Make)
    prologue: Callable[[House], None] | None = None
    """Before the mailbox is first looked at."""


def arrives(sender: str = NORA, to: str = ADA) -> Callable[[House], None]:
    return lambda house: deliver(house, letter(SUBJECT, sender, to, house.clock.now()))


def free_contact(house: House) -> None:
    house.org.insert(house.org.admin, "Contact", {"LastName": "Fry", "Email": FREE})
    house.tick()
    arrives(FREE)(house)


def spam(house: House) -> None:
    deliver(house, letter(SUBJECT, NORA, ADA, house.clock.now(), X_MS_Exchange_Organization_SCL="6"))


def names_a_record(house: House) -> None:
    mail = letter(SUBJECT, NORA, ADA, house.clock.now())
    mail.clear_content()
    mail.set_content(f"About {HOST}/{house.company.accounts['Cedar Bank']}.")
    deliver(house, mail)


def marked(house: House) -> None:
    deliver(house, letter(SUBJECT, STRANGER, ADA, house.clock.now()))
    categorise(house, "ada", SUBJECT, "Salesforce")


def shared(house: House) -> None:
    """Ben's copy was saved by an earlier session."""
    mail = letter(SUBJECT, NORA, f"{ADA}, {BEN}", house.clock.now())
    deliver(house, mail, [BEN])
    house.force("ben")
    deliver(house, mail, [ADA])


def in_a_thread(person: str) -> Callable[[House], None]:
    """Of which this person wants every mail."""

    def act(house: House) -> None:
        first = letter("The first", QUENTIN, f"{ADA}, {BEN}", house.clock.now(), message_id="<first@x.test>")
        deliver(house, first)
        house.force()
        item_id, mailbox_id = house.item_id(person, "The first"), house.ids[person]
        (email,) = house.ports.mailboxes.open(mailbox_id).envelopes([item_id]).values()
        house.ports.states.mark_thread(mailbox_id, email.conversation_id, item_id, house.clock.now())
        house.force(person)
        deliver(house, letter(SUBJECT, NORA, ADA, house.clock.now(), In_Reply_To="<first@x.test>"))

    return act


def another_product_saved(house: House) -> None:
    test_adopting.was_saved(house, SUBJECT)
    test_adopting.adopt(house)


def encrypted(house: House) -> None:
    mail = EmailMessage()
    mail["Subject"], mail["From"], mail["To"] = SUBJECT, NORA, ADA
    mail["Date"], mail["MIME-Version"] = format_datetime(house.clock.now()), "1.0"
    mail["Message-ID"] = "<sealed@birchworks.test>"
    mail["Content-Type"] = "application/pkcs7-mime; smime-type=enveloped-data; name=smime.p7m"
    mail.set_payload("MIIB\r\n")
    deliver(house, mail)


def draft(house: House) -> None:
    """A draft that lies in the Inbox."""
    box = house.box("ada")
    mail = Mail(subject=SUBJECT, author=Author(ADA), to=(Author(NORA),), text="Not yet.")
    house.world.mailboxes.create_draft(box, mail, folder=box.well_known("inbox"))


def filed_away(house: House) -> None:
    """Nobody knew the sender; he became a Contact when the mail had just been put into the archive."""
    arrives(STRANGER)(house)
    house.force()
    move(house, "ada", SUBJECT, "archive")
    house.know(STRANGER)
    house.pass_minutes(2)
    house.tick()


def vanishes(house: House) -> None:
    """It is deleted for good between being seen and being read."""
    arrives()(house)
    box = house.box("ada")
    message = next(house.world.mailboxes.find(box, subject=SUBJECT))
    effects = Effects(meanwhile=lambda: house.world.mailboxes.purge(box, message))
    house.ports = house.new_worker(effects)
    house.gone[SUBJECT] = house.item_id("ada", SUBJECT)
    effects.strike_after = "journal.plan"


def lies_there(house: House) -> None:
    came_before(house, STRANGER, days=2)


def came_before(house: House, sender: str, *, days: int) -> None:
    then, box = house.clock.now() - timedelta(days=days), house.box("ada")
    house.world.mailboxes.put(box, letter(SUBJECT, sender, ADA, then).as_bytes(), received=then)


def is_known_alone(house: House) -> None:
    house.org.insert(house.org.admin, "Contact", {"LastName": "Willow", "Email": STRANGER})


def shortened(house: House) -> None:
    """The look-back is made shorter while the mail waits for its sender."""
    house.set("ada", mail_lookback_days=0)


def lies_there_marked(house: House) -> None:
    came_before(house, NORA, days=30)
    categorise(house, "ada", SUBJECT, "Salesforce")


def deleted_again(house: House) -> None:
    """Its record was deleted; then the very mail comes into the mailbox once more."""
    arrives(to=f"{ADA}, {BEN}")(house)
    house.force()
    (row,) = house.rows("EmailMessage", "Id", where=f"Subject = '{SUBJECT}'")
    house.org.delete(house.org.admin, row["Id"])
    for _ in range(6):
        house.pass_minutes(2)
        house.tick()
    box = house.box("ada")
    message = next(house.world.mailboxes.find(box, subject=SUBJECT))
    raw = letter(SUBJECT, NORA, f"{ADA}, {BEN}", message.sent).as_bytes()
    house.world.mailboxes.purge(box, message)
    house.world.mailboxes.put(box, raw)


def troubled(fault: Fault) -> Callable[[House], None]:
    def act(house: House) -> None:
        house.world.faults.add(fault)
        arrives()(house)

    return act


def wants_what_is_not_there(house: House) -> None:
    """The org has no such field."""
    house.set("ada", direction_field="Way__c")
    arrives()(house)


def refused(code: str) -> Callable[[House], None]:
    return troubled(mishaps.row_refused(code, "Not this one.", "EmailMessage", times=ALWAYS))


def invalid(house: House) -> None:
    house.org.add_validation_rule("EmailMessage", lambda _row: True, "No mails here.")
    arrives()(house)


def never_handed_out(house: House) -> None:
    """Graph refuses the list of its attachments, again and again."""
    house.world.faults.add(Fault("refuse", "graph", "attachments.list", times=ALWAYS, status=400, body=b"{}"))
    mail = letter(SUBJECT, NORA, ADA, house.clock.now(), files={"plan.pdf": b"plan" * 1000})
    deliver(house, mail)
    house.force()
    house.pass_minutes(2)


def stranger_is_in_copy(house: House) -> None:
    house.org.add_validation_rule("Lead", lambda _row: True, "No Leads here.")
    deliver(house, letter(SUBJECT, NORA, f"{ADA}, {STRANGER}", house.clock.now()), [ADA])


def lead_was_deleted(house: House) -> None:
    deliver(house, letter("The first mail", STRANGER, ADA, house.clock.now()))
    house.force()
    (row,) = house.rows("Lead", "Id", where=f"Email = '{STRANGER}'")
    house.org.delete(house.org.admin, row["Id"])
    arrives(STRANGER)(house)


def is_there_unseen(house: House) -> None:
    """The rule finds somebody whom it does not name."""
    house.world.faults.add(mishaps.row_refused("DUPLICATES_DETECTED", "It is there.", "Lead", times=ALWAYS))
    arrives(STRANGER)(house)


def lost(house: House) -> None:
    house.world.faults.add(mishaps.lost("lose_answer", route="graph"))
    arrives()(house)


SCENES: dict[str, Scene] = {
    "MAIL-SAVED": Scene(arrives(QUENTIN)),
    "MAIL-SAVED-OPPORTUNITY": Scene(arrives()),
    "MAIL-SAVED-MENTIONED": Scene(names_a_record),
    "MAIL-SAVED-MARK": Scene(marked),
    "MAIL-SAVED-NEW": Scene(arrives(STRANGER), Make(settings=RESOLVING)),
    "MAIL-SAVED-UNMADE": Scene(
        stranger_is_in_copy, Make(settings=replace(RESOLVING, mail_auto_track_mode=AutoTrackMode.FLEXIBLE))
    ),
    "MAIL-SAVED-WITHOUT": Scene(wants_what_is_not_there),
    "MAIL-THREAD": Scene(in_a_thread("ada"), Make(settings=THREADS)),
    "MAIL-SAVED-ALONG": Scene(in_a_thread("ben"), Make(settings=THREADS)),
    "MAIL-SHARED": Scene(shared),
    "MAIL-ADOPTED": Scene(another_product_saved, prologue=lambda house: test_adopting.marked(house, SUBJECT)),
    "MAIL-SERVICE": Scene(lambda house: deliver(house, notice(SUBJECT, NORA, ADA, house))),
    "MAIL-ENCRYPTED": Scene(encrypted),
    "MAIL-DRAFT": Scene(draft),
    "MAIL-ELSEWHERE": Scene(filed_away),
    "MAIL-GONE": Scene(vanishes),
    "MAIL-OLD": Scene(shortened, prologue=lies_there),
    "MAIL-OLD-MARK": Scene(lambda _house: None, prologue=lies_there_marked),
    "MAIL-AUTO-OFF": Scene(arrives(), Make(settings=Settings(mail_auto_save=False))),
    "MAIL-DIRECTION": Scene(arrives(), Make(settings=replace(AUTO_SAVE, mail_way=MailWay.OUTBOUND))),
    "MAIL-SPAM": Scene(spam),
    "MAIL-INTERNAL": Scene(lambda house: send(house, "ben", letter(SUBJECT, BEN, ADA, house.clock.now()))),
    "MAIL-BLOCKED": Scene(arrives("shop@noise.test"), Make(settings=BLOCKING)),
    "MAIL-FREE": Scene(arrives(FREE)),
    "MAIL-FREE-KNOWN": Scene(free_contact),
    "MAIL-FREE-UNKNOWN": Scene(arrives(FREE), Make(settings=replace(AUTO_SAVE, free_mail_known=True))),
    "MAIL-LEFT-OUT": Scene(arrives("shop@noise.test", f"{ADA}, {FREE}"), Make(settings=BLOCKING)),
    "MAIL-UNKNOWN": Scene(arrives(STRANGER)),
    "MAIL-NO-ACCOUNT": Scene(arrives(STRANGER), prologue=is_known_alone),
    "MAIL-PERSON-DELETED": Scene(lead_was_deleted, Make(settings=RESOLVING)),
    "MAIL-DELETED": Scene(deleted_again),
    "MAIL-UNCLEAR": Scene(lost, Make(keyed=False)),
    "MAIL-WAITS": Scene(troubled(mishaps.row_lock("EmailMessage", operation="insert", times=ALWAYS))),
    "CRM-VALIDATION": Scene(invalid),
    "CRM-REQUIRED": Scene(refused("REQUIRED_FIELD_MISSING")),
    "CRM-ACCESS": Scene(refused("INSUFFICIENT_ACCESS_OR_READONLY")),
    "CRM-AUTOMATION": Scene(refused("CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY")),
    "CRM-DUPLICATE": Scene(is_there_unseen, Make(settings=RESOLVING)),
    "CRM-REFUSED": Scene(refused("STORAGE_LIMIT_EXCEEDED")),
    "BOX-REFUSED": Scene(
        never_handed_out, Make(settings=Settings(mail_auto_save=True, attachments_max_bytes=2000))
    ),
}
LIVE = {"MAIL-NEXT", "MAIL-OLD"}
"""Answers about mails that no session has decided on, for a page or command that shows them live."""


@pytest.mark.parametrize("code", sorted(code for code in KINDS if not code.startswith("EVENT-")))
def test_every_reason_has_a_scene(code: str) -> None:
    assert code in SCENES.keys() | LIVE, f"{code} is produced by no scene: no person can ever be told it"


def test_no_scene_is_about_a_code_that_is_no_more() -> None:
    assert SCENES.keys() | LIVE <= KINDS.keys()


@pytest.mark.parametrize("code", sorted(SCENES))
def test_it_is_the_answer(code: str) -> None:
    scene = SCENES[code]
    house = House(scene.make)
    if scene.prologue:
        scene.prologue(house)
    house.round()
    house.pass_minutes(2)
    scene.act(house)
    house.force()
    assert house.why("ada", SUBJECT) == code
    assert house.sentence("ada", SUBJECT).startswith(KINDS[code].sentence.partition("{")[0])


def test_what_nobody_has_decided_yet_is_foreseen() -> None:
    house = House(Make(settings=AUTO_SAVE))
    came_before(house, NORA, days=30)
    house.round()
    house.pass_minutes(2)
    deliver(house, letter("Just now", NORA, ADA, house.clock.now()))
    deliver(house, letter("From somewhere", STRANGER, ADA, house.clock.now()))
    latest = house.ports.mailboxes.open(house.ids["ada"]).latest(10)
    answers = batch.foresee(house.ports, house.ids["ada"], latest)
    by_subject = {email.subject: answers[email.item_id].code for email in latest}
    assert by_subject == {SUBJECT: "MAIL-OLD", "Just now": "MAIL-NEXT", "From somewhere": "MAIL-UNKNOWN"}


def test_what_is_not_handed_out_is_waited_for_once_before_it_is_refused() -> None:
    scene = SCENES["BOX-REFUSED"]
    house = House(scene.make)
    house.round()
    house.pass_minutes(2)
    scene.act(house)
    assert house.why("ada", SUBJECT) == "MAIL-WAITS"
    house.force()
    assert house.why("ada", SUBJECT) == "BOX-REFUSED"
