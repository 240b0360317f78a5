"""What every mailbox connector must do, whichever vendor keeps the mailbox: one suite, the same cases for each.

A vendor brings an `Office`: the sandbox's person, acting in the vendor's own program, and the connector's view of
the same mailbox. A case that needs a capability the connector lacks is skipped with that reason.
"""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from email.utils import format_datetime

import pytest

from crosstie.domain.email import Email, Folder, MailKind
from crosstie.domain.errors import CrosstieError
from crosstie.domain.mailboxes import SALESFORCE_CATEGORY, Cursor, MailboxWrite, Observation, Removed, Seen
from crosstie.ports.mailbox import Mailbox

START = datetime(2026, 11, 16, 9, 0, tzinfo=UTC)
PLENTY = 1000
MEGABYTE = 1_000_000


class Office(ABC):
    """Keys are the office's own names of messages; they stay when the message moves."""

    address: str

    @abstractmethod
    def open(self) -> Mailbox:
        """The mailbox as a new session gets it."""

    @abstractmethod
    def pass_time(self, by: timedelta) -> None: ...

    @abstractmethod
    def arrive(self, mail: EmailMessage, folder: Folder = Folder.INBOX) -> str:
        """A mail appears in the folder; its key."""

    @abstractmethod
    def move(self, key: str, folder: Folder) -> None:
        """Folder.OTHER is a folder nobody watches."""

    @abstractmethod
    def throw_away(self, key: str) -> None: ...

    @abstractmethod
    def delete_for_good(self, key: str) -> None: ...

    @abstractmethod
    def categorise(self, key: str, categories: Iterable[str]) -> None: ...

    @abstractmethod
    def categories(self, key: str) -> set[str]: ...

    @abstractmethod
    def folder_of(self, key: str) -> Folder | None:
        """None when the message is gone."""

    @abstractmethod
    def item_id(self, key: str) -> str:
        """The id under which the connector knows the message at the moment."""

    @abstractmethod
    def delete_drop_folder(self) -> None: ...

    @abstractmethod
    def delete_category(self) -> None: ...

    @abstractmethod
    def has_marks(self) -> bool:
        """Drop folder and category both exist."""

    @abstractmethod
    def kill_cursors(self) -> None:
        """Every cursor handed out so far is dead."""

    @abstractmethod
    def calls(self) -> int:
        """Requests the vendor received so far, those for tokens left out."""

    @abstractmethod
    def refuse(self, *, status: int, times: int, retry_after: int | None = None) -> None:
        """The next requests are refused."""

    @abstractmethod
    def lose_next_answer(self) -> None: ...

    @abstractmethod
    def revoke(self) -> None:
        """Access is taken back."""


def mail(subject: str = "Offer", *, to: str = "", html: str = "<p>Hello</p>", **headers: str) -> EmailMessage:
    one = EmailMessage()
    one["Subject"] = subject
    one["From"] = headers.pop("From", "Nora Lindqvist <nora@birchworks.test>")
    one["To"] = to or "Ada Keller <ada@larch.test>"
    one["Date"] = headers.pop("Date", format_datetime(START))
    one["Message-ID"] = headers.pop("Message_ID", f"<{subject.replace(' ', '.')}@birchworks.test>")
    for name, value in headers.items():
        one[name.replace("_", "-")] = value
    one.set_content("Hello")
    if html:
        one.add_alternative(html, subtype="html")
    return one


class View:
    """The connector used as the engine does: cursors kept between sessions."""

    def __init__(self, office: Office) -> None:
        self.office = office
        self.cursors: dict[str, Cursor] = {}
        self.last = Observation((), ())

    def look(self, *, limit: int = PLENTY) -> Observation:
        """One slice of a new session."""
        mailbox = self.office.open()
        mailbox.prepare()
        self.last = mailbox.observe(self.cursors, limit=limit)
        self.cursors.update({cursor.collection: cursor for cursor in self.last.cursors})
        return self.last

    def seen(self) -> dict[str, Email]:
        """Subject → e-mail of the last look."""
        return {change.email.subject: change.email for change in self.last.changes if isinstance(change, Seen)}

    def removed(self) -> set[str]:
        return {change.item_id for change in self.last.changes if isinstance(change, Removed)}


def moments(emails: Iterable[Email]) -> list[str]:
    return [email.subject for email in emails]


class MailboxSuite:
    """Subclasses provide the `office` fixture."""

    @pytest.fixture
    def view(self, office: Office) -> View:
        return View(office)

    # -- observing ---------------------------------------------------------------------------------------

    def test_the_first_listing_is_a_baseline_of_all_watched_folders(self, office: Office, view: View) -> None:
        view.look()
        fresh = View(office)
        office.arrive(mail("In"))
        office.arrive(mail("Out", From="Ada Keller <ada@larch.test>", to="nora@birchworks.test"), Folder.SENT)
        office.arrive(mail("Dropped"), Folder.DROP)
        office.arrive(mail("Elsewhere"), Folder.OTHER)
        observation = fresh.look()
        assert {subject: email.folder for subject, email in fresh.seen().items()} == {
            "In": Folder.INBOX,
            "Out": Folder.SENT,
            "Dropped": Folder.DROP,
        }
        assert observation.baseline == {email.item_id for email in fresh.seen().values()}
        assert not observation.more
        assert len(observation.cursors) == 3
        assert not any(cursor.baseline for cursor in observation.cursors)

    def test_a_quiet_mailbox_costs_one_call_and_shows_nothing(self, office: Office, view: View) -> None:
        office.arrive(mail())
        view.look()
        for _ in range(3):
            before = office.calls()
            assert view.look().changes == ()
            assert office.calls() - before <= 1

    def test_new_mail_is_seen_once_and_is_no_baseline(self, office: Office, view: View) -> None:
        view.look()
        office.arrive(mail("News"))
        observation = view.look()
        assert set(view.seen()) == {"News"}
        assert not observation.baseline
        assert view.look().changes == ()

    def test_the_envelope_is_complete(self, office: Office, view: View) -> None:
        view.look()
        office.arrive(
            mail(
                "Ünïcode – 見積",
                to="Ada Keller <ada@LARCH.test>, ben@larch.test",
                Cc="Omar Haddad <omar@birchworks.test>",
                Message_ID="<one@birchworks.test>",
                Date="Mon, 16 Nov 2026 10:30:00 +0100",
            )
        )
        view.look()
        found = view.seen()["Ünïcode – 見積"]
        assert found.sender is not None
        assert (found.sender.email, found.sender.name) == ("nora@birchworks.test", "Nora Lindqvist")
        assert [one.email for one in found.to] == ["ada@larch.test", "ben@larch.test"]
        assert [one.email for one in found.cc] == ["omar@birchworks.test"]
        assert found.message_id == "<one@birchworks.test>"
        assert found.sent_at == datetime(2026, 11, 16, 9, 30, tzinfo=UTC)
        assert found.received_at is not None
        assert found.received_at.tzinfo is not None
        assert found.conversation_id
        assert found.version
        assert found.size
        assert (found.kind, found.is_draft, found.is_private) == (MailKind.MAIL, False, False)

    def test_replies_share_their_conversation(self, office: Office, view: View) -> None:
        view.look()
        office.arrive(mail("Question", Message_ID="<q@birchworks.test>"))
        office.arrive(mail("Re: Question", Message_ID="<r@birchworks.test>", In_Reply_To="<q@birchworks.test>"))
        view.look()
        assert len({email.conversation_id for email in view.seen().values()}) == 1

    def test_five_thousand_recipients_come_through(self, office: Office, view: View) -> None:
        view.look()
        office.arrive(mail("Crowd", to=", ".join(f"p{n}@crowd.test" for n in range(5000))))
        view.look()
        assert len(view.seen()["Crowd"].to) == 5000

    @pytest.mark.parametrize(
        ("content_type", "expected"),
        [
            ('multipart/report; report-type=disposition-notification; boundary="b"', MailKind.READ_RECEIPT),
            ('multipart/report; report-type=delivery-status; boundary="b"', MailKind.DELIVERY_REPORT),
            ("application/pkcs7-mime; smime-type=enveloped-data; name=smime.p7m", MailKind.ENCRYPTED),
            ("text/calendar; method=REQUEST; charset=utf-8", MailKind.MEETING_NOTICE),
        ],
    )
    def test_service_mail_is_told_apart(
        self, office: Office, view: View, content_type: str, expected: MailKind
    ) -> None:
        view.look()
        office.arrive(service_mail(content_type))
        view.look()
        assert view.seen()["Service"].kind is expected

    def test_a_signed_mail_is_mail(self, office: Office, view: View) -> None:
        view.look()
        office.arrive(service_mail('multipart/signed; protocol="application/pkcs7-signature"; boundary="b"'))
        view.look()
        assert view.seen()["Service"].kind is MailKind.MAIL

    def test_a_private_mail_is_told(self, office: Office, view: View) -> None:
        view.look()
        office.arrive(mail("Salary", Sensitivity="Private"))
        view.look()
        assert view.seen()["Salary"].is_private

    def test_a_mark_is_seen_when_it_is_set_and_when_it_is_taken_off(self, office: Office, view: View) -> None:
        key = office.arrive(mail("Marked"))
        view.look()
        office.categorise(key, ["Blue category", SALESFORCE_CATEGORY])
        view.look()
        assert view.seen()["Marked"].categories == {"Blue category", SALESFORCE_CATEGORY}
        office.categorise(key, ["Blue category"])
        view.look()
        assert view.seen()["Marked"].categories == {"Blue category"}

    def test_a_mail_moved_to_the_drop_folder_is_one_sighting_there(self, office: Office, view: View) -> None:
        key = office.arrive(mail("Dragged"))
        view.look()
        office.move(key, Folder.DROP)
        view.look()
        assert view.seen()["Dragged"].folder is Folder.DROP
        if office.open().capabilities.stable_ids:
            assert view.removed() == set()

    def test_a_mail_that_left_is_reported_as_removed_once(self, office: Office, view: View) -> None:
        kept, thrown, gone = (office.arrive(mail(subject)) for subject in ("Kept", "Thrown", "Gone"))
        view.look()
        ids = {office.item_id(thrown), office.item_id(gone)}
        office.throw_away(thrown)
        office.delete_for_good(gone)
        view.look()
        assert view.removed() == ids
        assert view.seen() == {}
        assert view.look().changes == ()
        assert office.folder_of(kept) is Folder.INBOX

    def test_a_mail_moved_away_and_back_is_not_taken_for_gone(self, office: Office, view: View) -> None:
        """Change streams may report only that it left, or nothing at all."""
        key = office.arrive(mail("Boomerang"))
        view.look()
        office.move(key, Folder.OTHER)
        office.move(key, Folder.INBOX)
        view.look()
        assert office.item_id(key) not in view.removed()
        assert {email.folder for email in view.seen().values()} <= {Folder.INBOX}
        assert view.seen() or office.open().capabilities.stable_ids, "a new id must be told"

    def test_a_slice_ends_at_its_limit_and_goes_on_from_there(self, office: Office, view: View) -> None:
        expected = {f"Mail {number}" for number in range(25)}
        for subject in expected:
            office.arrive(mail(subject))
        met: list[str] = []
        for _ in range(25):
            observation = view.look(limit=4)
            met += view.seen()
            assert observation.baseline == {email.item_id for email in view.seen().values()}
            if not observation.more:
                break
        assert not view.last.more
        assert sorted(met) == sorted(expected)
        assert view.look().changes == ()

    def test_what_changes_between_slices_is_not_lost(self, office: Office, view: View) -> None:
        for number in range(12):
            office.arrive(mail(f"Mail {number}"))
        view.look(limit=4)
        met = set(view.seen())
        office.arrive(mail("Late"))
        while view.last.more:
            view.look(limit=4)
            met |= set(view.seen())
        view.look()
        met |= set(view.seen())
        assert met == {"Late", *(f"Mail {number}" for number in range(12))}

    def test_a_dead_cursor_lists_anew_and_is_no_baseline(self, office: Office, view: View) -> None:
        office.arrive(mail("Old"))
        view.look()
        office.kill_cursors()
        office.arrive(mail("New"))
        observation = view.look()
        assert set(view.seen()) == {"Old", "New"}
        assert not observation.baseline
        assert not observation.more
        assert view.look().changes == ()

    def test_a_lost_cursor_of_one_collection_is_no_baseline(self, office: Office, view: View) -> None:
        office.arrive(mail("Old"))
        view.look()
        whole = dict(view.cursors)
        for collection in whole:
            view.cursors = {name: cursor for name, cursor in whole.items() if name != collection}
            assert not view.look().baseline

    # -- marks -------------------------------------------------------------------------------------------

    def test_preparing_makes_the_marks_once(self, office: Office) -> None:
        assert not office.has_marks()
        office.open().prepare()
        assert office.has_marks()
        before = office.calls()
        office.open().prepare()
        assert office.calls() == before

    def test_marks_that_a_person_deleted_come_back(self, office: Office, view: View) -> None:
        view.look()
        office.delete_drop_folder()
        office.delete_category()
        view.look()
        office.pass_time(timedelta(days=1, minutes=1))
        view.look()
        assert office.has_marks()
        office.arrive(mail("Dropped"), Folder.DROP)
        observation = view.look()
        assert view.seen()["Dropped"].folder is Folder.DROP
        assert not observation.baseline

    # -- writing -----------------------------------------------------------------------------------------

    def test_the_category_is_added_to_those_there_are(self, office: Office, view: View) -> None:
        key = office.arrive(mail("Saved"))
        office.categorise(key, ["Blue category"])
        view.look()
        (result,) = office.open().apply([marking(view.seen()["Saved"])])
        assert result.applied
        assert office.categories(key) == {"Blue category", SALESFORCE_CATEGORY}
        view.look()
        assert view.seen()["Saved"].version == result.version

    def test_a_mark_and_a_move_go_together(self, office: Office, view: View) -> None:
        view.look()
        keys = [office.arrive(mail(f"Mail {number}"), Folder.DROP) for number in range(3)]
        view.look()
        writes = [marking(email, move_to=Folder.INBOX) for email in view.seen().values()]
        results = [*office.open().apply(writes[:1]), *office.open().apply(writes[1:])]
        assert all(result.applied for result in results)
        assert [office.folder_of(key) for key in keys] == [Folder.INBOX] * 3
        assert all(office.categories(key) == {SALESFORCE_CATEGORY} for key in keys)

    def test_moving_to_where_it_is_counts_as_done(self, office: Office, view: View) -> None:
        key = office.arrive(mail("Home"))
        view.look()
        (result,) = office.open().apply([marking(view.seen()["Home"], move_to=Folder.INBOX)])
        assert result.applied
        assert office.folder_of(key) is Folder.INBOX

    def test_a_bare_move_is_conditional_too(self, office: Office, view: View) -> None:
        view.look()
        key = office.arrive(mail("Moving"), Folder.DROP)
        view.look()
        old = view.seen()["Moving"]
        office.categorise(key, ["Blue category"])
        assert [one.code for one in office.open().apply([bare_move(old)])] == ["conflict"]
        assert office.folder_of(key) is Folder.DROP
        view.look()
        assert [one.code for one in office.open().apply([bare_move(view.seen()["Moving"])])] == [""]
        assert office.folder_of(key) is Folder.INBOX
        assert office.categories(key) == {"Blue category"}

    def test_a_changed_item_is_a_conflict_and_stays_as_it_is(self, office: Office, view: View) -> None:
        view.look()
        keys = [office.arrive(mail(f"Mail {number}"), Folder.DROP) for number in range(3)]
        view.look()
        emails = view.seen()
        office.categorise(keys[1], ["Green category"])
        results = office.open().apply(
            [marking(emails[f"Mail {number}"], move_to=Folder.INBOX) for number in range(3)]
        )
        assert [result.code for result in results] == ["", "conflict", ""]
        assert office.categories(keys[1]) == {"Green category"}
        assert [office.folder_of(key) for key in keys] == [Folder.INBOX, Folder.DROP, Folder.INBOX]

    def test_a_deleted_item_is_gone(self, office: Office, view: View) -> None:
        key = office.arrive(mail("Short"))
        office.arrive(mail("Long"))
        view.look()
        emails = view.seen()
        office.delete_for_good(key)
        results = office.open().apply([marking(emails["Short"]), marking(emails["Long"])])
        assert [result.code for result in results] == ["gone", ""]

    def test_fifty_marks_are_all_applied(self, office: Office, view: View) -> None:
        keys = [office.arrive(mail(f"Mail {number}")) for number in range(50)]
        view.look()
        results = office.open().apply([marking(email) for email in view.seen().values()])
        assert len(results) == 50
        assert all(result.applied for result in results)
        assert all(office.categories(key) == {SALESFORCE_CATEGORY} for key in keys)

    def test_two_writes_to_one_item_follow_each_other(self, office: Office, view: View) -> None:
        view.look()
        key = office.arrive(mail("Twice"), Folder.DROP)
        view.look()
        email = view.seen()["Twice"]
        results = office.open().apply([marking(email), bare_move(email)])
        assert [result.code for result in results] == ["", ""]
        assert office.folder_of(key) is Folder.INBOX

    # -- reading -----------------------------------------------------------------------------------------

    def test_content_brings_body_headers_and_attachments(self, office: Office, view: View) -> None:
        view.look()
        one = mail("With file", html="<p>Please <b>sign</b></p>", X_Offer="42")
        one.add_attachment(b"%PDF-1.7 offer", maintype="application", subtype="pdf", filename="Angebot Ü.pdf")
        office.arrive(one)
        view.look()
        email = view.seen()["With file"]
        (content,) = office.open().content([email], max_attachment_bytes=MEGABYTE).values()
        assert "<b>sign</b>" in content.html
        assert "X-Offer: 42" in content.headers
        (attached,) = content.attachments
        assert (attached.name, attached.data, attached.is_inline) == ("Angebot Ü.pdf", b"%PDF-1.7 offer", False)
        assert attached.content_type == "application/pdf"

    def test_what_is_larger_than_wanted_is_not_fetched(self, office: Office, view: View) -> None:
        view.look()
        one = mail("Mixed")
        for size, name in ((300_000, "big.bin"), (1_000, "small.bin")):
            one.add_attachment(bytes(size), maintype="application", subtype="octet-stream", filename=name)
        office.arrive(one)
        view.look()
        (content,) = office.open().content(list(view.seen().values()), max_attachment_bytes=100_000).values()
        sizes = {part.name: (part.data is None, part.size >= 1_000) for part in content.attachments}
        assert sizes == {"big.bin": (True, True), "small.bin": (False, True)}

    def test_a_message_of_many_megabytes_comes_in_pieces(self, office: Office, view: View) -> None:
        view.look()
        one = mail("Heavy")
        for number in range(3):
            data = bytes([number]) * 2 * MEGABYTE
            one.add_attachment(data, maintype="application", subtype="zip", filename=f"part{number}.zip")
        office.arrive(one)
        view.look()
        (content,) = office.open().content(list(view.seen().values()), max_attachment_bytes=5 * MEGABYTE).values()
        assert [part.data for part in content.attachments] == [bytes([n]) * 2 * MEGABYTE for n in range(3)]

    def test_content_of_what_is_gone_is_absent(self, office: Office, view: View) -> None:
        key = office.arrive(mail("Short"))
        office.arrive(mail("Long"))
        view.look()
        emails = view.seen()
        office.delete_for_good(key)
        found = office.open().content(list(emails.values()), max_attachment_bytes=MEGABYTE)
        assert set(found) == {emails["Long"].item_id}

    def test_envelopes_tell_the_present_state(self, office: Office, view: View) -> None:
        stays, leaves = office.arrive(mail("Stays")), office.arrive(mail("Leaves"))
        view.look()
        ids = {subject: email.item_id for subject, email in view.seen().items()}
        office.categorise(stays, [SALESFORCE_CATEGORY])
        office.delete_for_good(leaves)
        found = office.open().envelopes(list(ids.values()))
        assert set(found) == {ids["Stays"]}
        assert found[ids["Stays"]].categories == {SALESFORCE_CATEGORY}

    def test_the_latest_of_inbox_and_sent_come_newest_first(self, office: Office, view: View) -> None:
        view.look()
        for number in range(4):
            folder = Folder.SENT if number % 2 else Folder.INBOX
            office.arrive(mail(f"Mail {number}"), folder)
            office.pass_time(timedelta(minutes=1))
        office.arrive(mail("Elsewhere"), Folder.OTHER)
        assert moments(office.open().latest(3)) == ["Mail 3", "Mail 2", "Mail 1"]
        assert office.open().latest(0) == ()

    # -- trouble -----------------------------------------------------------------------------------------

    def test_a_short_plea_to_wait_is_waited_out(self, office: Office, view: View) -> None:
        view.look()
        office.arrive(mail("News"))
        office.refuse(status=429, times=1, retry_after=2)
        view.look()
        assert set(view.seen()) == {"News"}

    def test_a_long_plea_to_wait_ends_the_session(self, office: Office, view: View) -> None:
        view.look()
        office.refuse(status=429, times=3, retry_after=300)
        with pytest.raises(CrosstieError) as caught:
            view.look()
        assert type(caught.value).__name__ == "Throttled"
        assert getattr(caught.value, "until", None) is not None

    def test_an_unavailable_vendor_is_tried_again_later(self, office: Office, view: View) -> None:
        view.look()
        office.arrive(mail("News"))
        office.refuse(status=502, times=1)
        with pytest.raises(CrosstieError) as caught:
            view.look()
        assert type(caught.value).__name__ == "Retry"
        view.look()
        assert set(view.seen()) == {"News"}

    def test_a_read_whose_answer_is_lost_loses_nothing(self, office: Office, view: View) -> None:
        view.look()
        office.arrive(mail("News"))
        office.lose_next_answer()
        with pytest.raises(CrosstieError) as caught:
            view.look()
        assert type(caught.value).__name__ == "Retry"
        view.look()
        assert set(view.seen()) == {"News"}

    def test_a_write_whose_answer_is_lost_is_unclear(self, office: Office, view: View) -> None:
        key = office.arrive(mail("Saved"))
        view.look()
        mailbox = office.open()
        mailbox.prepare()
        office.lose_next_answer()
        (result,) = mailbox.apply([marking(view.seen()["Saved"])])
        assert result.code == "unclear"
        assert office.categories(key) == {SALESFORCE_CATEGORY}

    def test_revoked_access_is_told_as_such(self, office: Office, view: View) -> None:
        view.look()
        office.revoke()
        with pytest.raises(CrosstieError) as caught:
            view.look()
        assert type(caught.value).__name__ == "NeedsConsent"


def marking(email: Email, move_to: Folder | None = None) -> MailboxWrite:
    return MailboxWrite(email.item_id, email.version, SALESFORCE_CATEGORY, email.categories, move_to)


def bare_move(email: Email) -> MailboxWrite:
    return MailboxWrite(email.item_id, email.version, move_to=Folder.INBOX)


def service_mail(content_type: str) -> EmailMessage:
    """A mail of that type with as much inside as a mailbox looks at."""
    parts: Mapping[str, str] = {
        "disposition-notification": "--b\r\nContent-Type: text/plain\r\n\r\nRead\r\n--b\r\n"
        "Content-Type: message/disposition-notification\r\n\r\nDisposition: manual-action; displayed\r\n--b--\r\n",
        "delivery-status": "--b\r\nContent-Type: text/plain\r\n\r\nFailed\r\n--b\r\n"
        "Content-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.larch.test\r\n\r\n"
        "Final-Recipient: rfc822; x@larch.test\r\nAction: failed\r\nStatus: 5.1.1\r\n--b--\r\n",
        "pkcs7-signature": "--b\r\nContent-Type: text/plain\r\n\r\nSigned\r\n--b\r\n"
        "Content-Type: application/pkcs7-signature; name=smime.p7s\r\n\r\nAAAA\r\n--b--\r\n",
        "calendar": "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nMETHOD:REQUEST\r\nBEGIN:VEVENT\r\nUID:1@larch.test\r\n"
        "DTSTAMP:20261116T090000Z\r\nDTSTART:20261117T090000Z\r\nDTEND:20261117T100000Z\r\n"
        "SUMMARY:Service\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n",
    }
    body = next((text for word, text in parts.items() if word in content_type), "MIIB\r\n")
    one = EmailMessage()
    one["Subject"], one["From"], one["To"] = "Service", "nora@birchworks.test", "ada@larch.test"
    one["Date"], one["Message-ID"] = format_datetime(START), "<service@birchworks.test>"
    one["MIME-Version"], one["Content-Type"] = "1.0", content_type
    one.set_payload(body)
    return one
