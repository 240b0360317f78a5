"""Cases of the mailbox suite: what a session sees, and the marks it makes."""

from datetime import UTC, datetime, timedelta

import pytest

from crosstie.domain.email import Folder, MailKind
from crosstie.domain.mailboxes import SALESFORCE_CATEGORY
from tests.contract.mailbox_office import Office, View, mail, service_mail


class Observing:
    def test_the_first_listing_is_a_baseline_but_for_a_folder_we_made(self, office: Office, view: View) -> None:
        """The drop folder was not there before us, so nothing can have lain in it."""
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
        assert observation.baseline == {fresh.seen()["In"].item_id, fresh.seen()["Out"].item_id}
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

    def test_the_mails_of_a_conversation_are_told_however_old_and_wherever_we_look(
        self, office: Office, view: View
    ) -> None:
        office.arrive(mail("Question", Message_ID="<q@birchworks.test>", Date="Mon, 4 Jan 2021 10:30:00 +0100"))
        view.look()
        answer = {"In_Reply_To": "<q@birchworks.test>"}
        office.arrive(mail("Answer", Message_ID="<a@larch.test>", **answer), Folder.SENT)
        office.arrive(mail("Dropped", Message_ID="<d@birchworks.test>", **answer), Folder.DROP)
        office.arrive(mail("Filed", Message_ID="<f@birchworks.test>", **answer), Folder.OTHER)
        office.arrive(mail("Another"))
        view.look()
        thread, another = (view.seen()[subject].conversation_id for subject in ("Answer", "Another"))
        mailbox = office.open()
        found = {email.subject: email for email in mailbox.conversations([thread], limit=9)}
        assert {subject: email.folder for subject, email in found.items()} == {
            "Question": Folder.INBOX,
            "Answer": Folder.SENT,
            "Dropped": Folder.DROP,
        }
        assert found["Answer"] == view.seen()["Answer"]
        both = mailbox.conversations([thread, another, thread], limit=9)
        assert sorted(email.subject for email in both) == ["Another", "Answer", "Dropped", "Question"]
        assert mailbox.conversations([], limit=9) == []

    def test_a_conversation_is_read_page_by_page_until_there_are_enough(self, office: Office, view: View) -> None:
        office.arrive(mail("Question", Message_ID="<q@birchworks.test>"))
        view.look()
        for number in range(250):
            office.arrive(
                mail(f"Re {number}", Message_ID=f"<r{number}@x.test>", In_Reply_To="<q@birchworks.test>", html="")
            )
        view.look()
        thread = view.seen()["Re 7"].conversation_id
        before, mailbox = office.calls(), office.open()
        assert len(mailbox.conversations([thread], limit=1000)) == 251
        assert office.calls() - before == 2
        assert len(mailbox.conversations([thread], limit=200)) == 200

    def test_what_is_no_conversation_of_the_mailbox_has_no_mails(self, office: Office, view: View) -> None:
        view.look()
        assert office.open().conversations(["../messages", "x' or '1' eq '1", "é", ""], limit=9) == []

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

    def test_a_mail_dragged_in_from_an_unwatched_folder_is_seen(self, office: Office, view: View) -> None:
        view.look()
        key = office.arrive(mail("Old"), Folder.OTHER)
        view.look()
        assert view.seen() == {}
        office.move(key, Folder.DROP)
        view.look()
        assert view.seen()["Old"].folder is Folder.DROP

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
