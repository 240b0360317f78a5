"""How much of a mail is saved, as settings say: its text and its attachments, in Salesforce."""

from collections import Counter
from dataclasses import replace
from email.message import EmailMessage
from email.utils import format_datetime
from typing import Any

import pytest

from crosstie.accounts.sync.why import why
from tests.contract.mailbox_office import service_mail, signed_mail
from tests.simulation.day import categorise, deliver
from tests.simulation.house import AUTO_SAVE, House, Make
from tests.simulation.letters import ADA, NORA, STRANGER, letter

REPLY = '<div>Agreed</div><br><div class="gmail_quote"><div>On Monday Ada wrote:</div><p>Old words</p></div>'


def house_with(*, enhanced: bool = True, **settings: Any) -> House:
    house = House(Make(enhanced_email=enhanced, settings=replace(AUTO_SAVE, **settings)))
    house.round()
    house.pass_minutes(2)
    return house


def work(house: House) -> None:
    house.pass_minutes(2)
    house.round()


def reply(house: House, subject: str = "Re: Offer") -> None:
    mail = EmailMessage()
    mail["Subject"], mail["From"], mail["To"] = subject, NORA, ADA
    mail["Date"], mail["Message-ID"] = format_datetime(house.clock.now()), "<reply@birchworks.test>"
    mail.set_content(REPLY, subtype="html")
    deliver(house, mail)
    work(house)


def text_of(house: House) -> str:
    names = ("HtmlBody", "TextBody") if house.mail_object == "EmailMessage" else ("Description",)
    (row,) = house.rows(house.mail_object, *names)
    return " | ".join(row[name] or "" for name in names)


def files(house: House) -> set[str]:
    return {row["Title"] for row in house.rows("ContentVersion", "Title")}


# -- text -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("enhanced", [True, False], ids=["EmailMessage", "Task"])
def test_earlier_mails_below_a_reply_are_left_out_where_that_is_wanted(enhanced: bool) -> None:
    whole, cropped = house_with(enhanced=enhanced), house_with(enhanced=enhanced, crop_quotes=True)
    for house in (whole, cropped):
        reply(house)
    assert "Old words" in text_of(whole)
    assert "Agreed" in text_of(cropped)
    assert "Old words" not in text_of(cropped)


def test_a_forwarded_mail_stays_whole() -> None:
    house = house_with(crop_quotes=True)
    reply(house, "Fwd: Offer")
    assert "Old words" in text_of(house)


@pytest.mark.parametrize("enhanced", [True, False], ids=["EmailMessage", "Task"])
def test_no_text_is_saved_where_none_is_wanted_marked_or_not(enhanced: bool) -> None:
    house = house_with(enhanced=enhanced, store_body=False)
    deliver(house, letter("Offer", STRANGER, ADA, house.clock.now(), files={"offer.pdf": b"pdf"}))
    categorise(house, "ada", "Offer", "Salesforce")
    work(house)
    assert house.why("ada", "Offer") == "MAIL-SAVED-MARK"
    assert "as discussed" not in text_of(house)
    assert STRANGER in text_of(house) or enhanced
    assert files(house) == {"offer"}


# -- attachments ------------------------------------------------------------------------------------------
GIVEN = {"plan.pdf": b"plan" * 600, "small.pdf": b"small", "list.csv": b"1,2", "tool.exe": b"MZ"}
ALL = {"plan", "small", "list", "tool"}


@pytest.mark.parametrize(
    ("settings", "by_itself", "marked"),
    [
        ({}, ALL, ALL),
        ({"attachments_allowed_extensions": ("csv",)}, {"list"}, ALL),
        ({"attachments_blocked_extensions": ("exe",)}, ALL - {"tool"}, ALL - {"tool"}),
        (
            {"attachments_min_bytes_by_extension": ("pdf:2000",)},
            {"plan", "list", "tool"},
            {"plan", "list", "tool"},
        ),
        ({"attachments_max_count": 2}, {"plan", "small"}, {"plan", "small"}),
    ],
    ids=["all", "allowed endings", "blocked endings", "smallest size", "count"],
)
def test_which_attachments_become_files(settings: dict[str, Any], by_itself: set[str], marked: set[str]) -> None:
    for sender, expected in ((NORA, by_itself), (STRANGER, marked)):
        house = house_with(**settings)
        deliver(house, letter("Offer", sender, ADA, house.clock.now(), files=GIVEN))
        if sender is STRANGER:
            categorise(house, "ada", "Offer", "Salesforce")
        work(house)
        assert files(house) == expected


def on_records(house: House) -> dict[str, int]:
    """Kind of record → how many files are on records of that kind."""
    org = house.org
    documents = [row["ContentDocumentId"] for row in house.rows("ContentVersion", "ContentDocumentId")]
    found: Counter[str] = Counter()
    for document in documents:
        found.update(
            row["LinkedEntityId"][:3]
            for row in org.core.pointing("ContentDocumentLink", "ContentDocumentId", document)
        )
    return {"mail": found["02s"] + found["00T"], "Opportunity": found["006"], "Account": found["001"]}


@pytest.mark.parametrize("enhanced", [True, False], ids=["EmailMessage", "Task"])
@pytest.mark.parametrize(
    ("settings", "opportunity", "account"),
    [({}, 2, 0), ({"link_opportunities": False}, 0, 2), ({"attachments_on_related": False}, 0, 0)],
    ids=["on the Opportunity", "on the Account", "on the mail alone"],
)
def test_files_are_on_what_the_mail_is_about_too(
    enhanced: bool, settings: dict[str, Any], opportunity: int, account: int
) -> None:
    house = house_with(enhanced=enhanced, **settings)
    deliver(house, letter("Offer", NORA, ADA, house.clock.now(), files={"a.pdf": b"a", "b.pdf": b"b"}))
    work(house)
    assert on_records(house) == {"mail": 2, "Opportunity": opportunity, "Account": account}
    assert left_out(house, "Offer") == []


def left_out(house: House, subject: str) -> list[str]:
    entry = house.entry("ada", subject)
    assert entry is not None
    said = why(house.ports.journal, house.ports.states, house.ids["ada"], [entry.item_id])[entry.item_id]
    return [f"{one.label} {one.why}" for one in said.left_out]


def test_what_was_left_out_is_told_without_a_name() -> None:
    house = house_with(attachments_blocked_extensions=("exe",))
    given = GIVEN | {"logo one.png": b"png", "logo two.png": b"PNG", "their.secret": b""}
    deliver(house, letter("Offer", NORA, ADA, house.clock.now(), files=given, picture=b"logo"))
    deliver(house, letter("Plain", NORA, ADA, house.clock.now()))
    work(house)
    assert sorted(left_out(house, "Offer")) == [
        "1 × attachment empty",
        "1 × exe ending",
        "1 × png inline",
        "2 × png small-image",
    ]
    assert left_out(house, "Plain") == []
    entry = house.entry("ada", "Offer")
    assert entry is not None
    assert not any(word in str(entry.reason_params) for word in ("logo", "tool", "their", "secret"))


def signed(house: House, files: dict[str, bytes]) -> EmailMessage:
    mail = signed_mail(files)
    mail.replace_header("Date", format_datetime(house.clock.now()))
    return mail


@pytest.mark.parametrize("enhanced", [True, False], ids=["EmailMessage", "Task"])
def test_a_signed_mail_is_saved_with_its_text_and_the_files_within(enhanced: bool) -> None:
    house = house_with(enhanced=enhanced)
    deliver(house, signed(house, {"plan.pdf": b"plan", "list.csv": b"1,2"}))
    work(house)
    assert house.why("ada", "Signed").startswith("MAIL-SAVED")
    assert "Hello" in text_of(house)
    assert files(house) == {"plan", "list"}
    assert left_out(house, "Signed") == ["1 × p7s signature"]


def test_an_encrypted_mail_is_told() -> None:
    house = house_with()
    mail = service_mail("application/pkcs7-mime; smime-type=enveloped-data; name=smime.p7m")
    mail.replace_header("Date", format_datetime(house.clock.now()))
    deliver(house, mail)
    work(house)
    assert house.why("ada", "Service") == "MAIL-ENCRYPTED"
    assert house.rows("EmailMessage", "Id") == []


def test_an_attached_mail_becomes_a_file() -> None:
    house = house_with()
    mail = letter("Forwarded", NORA, ADA, house.clock.now())
    mail.add_attachment(letter("Prices", "omar@birchworks.test", NORA, house.clock.now()))
    deliver(house, mail)
    work(house)
    (file,) = house.rows("ContentVersion", "Title", "PathOnClient")
    assert (file["Title"], file["PathOnClient"]) == ("Prices", "Prices.eml")


@pytest.mark.parametrize(
    ("method", "code", "saved"),
    [("REQUEST", "MAIL-SERVICE", set()), ("PUBLISH", "MAIL-SAVED-OPPORTUNITY", {"calendar"})],
)
def test_a_calendar_in_a_mail_is_a_meetings_or_a_file(method: str, code: str, saved: set[str]) -> None:
    """An invitation is a meeting's notice, which is no mail; a mere announcement has a file one can open."""
    house = house_with()
    mail = letter("Opening", NORA, ADA, house.clock.now())
    event = "BEGIN:VEVENT\r\nUID:1\r\nDTSTART:20261120T090000Z\r\nEND:VEVENT"
    calendar = f"BEGIN:VCALENDAR\r\nMETHOD:{method}\r\n{event}\r\nEND:VCALENDAR"
    mail.add_alternative(calendar, subtype="calendar", params={"method": method})
    deliver(house, mail)
    work(house)
    assert house.why("ada", "Opening") == code
    assert files(house) == saved
