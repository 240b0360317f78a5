"""Cases of the mailbox suite: marks on items, contents, and a vendor in trouble."""

import contextlib
from dataclasses import replace
from datetime import timedelta
from email import message_from_bytes

import pytest

from crosstie.domain.email import AttachmentKind, Folder, MailKind
from crosstie.domain.errors import NeedsConsent, Retry, Throttled
from crosstie.domain.mailboxes import ERROR_CATEGORY, SALESFORCE_CATEGORY, MailboxWrite
from crosstie.mapping.enclosed import opened
from tests.contract.mailbox_office import (
    MEGABYTE,
    Office,
    View,
    bare_move,
    mail,
    marking,
    signed_mail,
    solved,
)


class Writing:
    def test_the_category_is_added_to_those_there_are(self, office: Office, view: View) -> None:
        key = office.arrive(mail("Saved"))
        office.categorise(key, ["Blue category"])
        view.look()
        (result,) = office.open().apply([marking(view.seen()["Saved"])])
        assert result.applied
        assert office.categories(key) == {"Blue category", SALESFORCE_CATEGORY}
        view.look()
        assert view.seen()["Saved"].version == result.version

    def test_what_is_taken_off_goes_and_the_others_stay(self, office: Office, view: View) -> None:
        key = office.arrive(mail("Solved"))
        office.categorise(key, ["Blue category", ERROR_CATEGORY])
        view.look()
        (result,) = office.open().apply([solved(view.seen()["Solved"])])
        assert result.applied
        assert office.categories(key) == {"Blue category"}
        view.look()
        assert view.seen()["Solved"].version == result.version

    def test_what_is_put_on_and_taken_off_goes_with_a_move(self, office: Office, view: View) -> None:
        view.look()
        key = office.arrive(mail("Solved"), Folder.DROP)
        office.categorise(key, [ERROR_CATEGORY])
        view.look()
        write = replace(marking(view.seen()["Solved"], move_to=Folder.INBOX), take=frozenset({ERROR_CATEGORY}))
        assert [one.code for one in office.open().apply([write])] == [""]
        assert (office.folder_of(key), office.categories(key)) == (Folder.INBOX, {SALESFORCE_CATEGORY})

    def test_a_category_of_no_list_is_taken(self, office: Office, view: View) -> None:
        """Colourless, which is white."""
        key = office.arrive(mail("Refused"))
        view.look()
        words = frozenset({ERROR_CATEGORY, "Status: Required fields are missing: Level__c"})
        email = view.seen()["Refused"]
        write = MailboxWrite(email.item_id, email.version, email.categories, words)
        assert [one.code for one in office.open().apply([write])] == [""]
        assert office.categories(key) == words

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

    def test_what_somebody_changed_keeps_what_was_to_be_taken_off(self, office: Office, view: View) -> None:
        key = office.arrive(mail("Solved"))
        office.categorise(key, [ERROR_CATEGORY])
        view.look()
        old = view.seen()["Solved"]
        office.categorise(key, [ERROR_CATEGORY, "Green category"])
        assert [one.code for one in office.open().apply([solved(old)])] == ["conflict"]
        assert office.categories(key) == {ERROR_CATEGORY, "Green category"}

    def test_a_changed_item_alone_is_a_conflict_too(self, office: Office, view: View) -> None:
        view.look()
        key = office.arrive(mail("Alone"), Folder.DROP)
        view.look()
        office.categorise(key, ["Green category"])
        (result,) = office.open().apply([marking(view.seen()["Alone"], move_to=Folder.INBOX)])
        assert result.code == "conflict"
        assert (office.folder_of(key), office.categories(key)) == (Folder.DROP, {"Green category"})

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


class Reading:
    def test_content_brings_body_headers_and_attachments(self, office: Office, view: View) -> None:
        view.look()
        one = mail("With file", html="<p>Please <b>sign</b></p>", X_Offer="42")
        one.add_attachment(b"%PDF-1.7 offer", maintype="application", subtype="pdf", filename="Angebot Ü.pdf")
        office.arrive(one)
        view.look()
        email = view.seen()["With file"]
        (content,) = office.open().content([email], max_attachment_bytes=MEGABYTE).found.values()
        assert "<b>sign</b>" in content.html
        assert "X-Offer: 42" in content.headers
        (attached,) = content.attachments
        assert (attached.name, attached.data, attached.is_inline) == ("Angebot Ü.pdf", b"%PDF-1.7 offer", False)
        assert attached.content_type == "application/pdf"

    def test_an_attached_mail_comes_as_the_file_of_it(self, office: Office, view: View) -> None:
        view.look()
        one = mail("Forwarded")
        one.add_attachment(mail("Prices: 1/2"))
        office.arrive(one)
        view.look()
        (content,) = (
            office.open().content(list(view.seen().values()), max_attachment_bytes=MEGABYTE).found.values()
        )
        (attached,) = content.attachments
        assert (attached.name, attached.kind) == ("Prices: 1/2", AttachmentKind.ITEM)
        assert message_from_bytes(attached.data or b"")["Subject"] == "Prices: 1/2"

    @pytest.mark.parametrize("limit", [MEGABYTE, 150_000, 0], ids=["small", "larger than a file", "no files"])
    def test_a_signed_mail_comes_with_the_files_within(self, office: Office, view: View, limit: int) -> None:
        """The signed whole may be larger than any file that is wanted."""
        view.look()
        office.arrive(signed_mail({"plan.pdf": bytes(120_000), "list.csv": b"1,2"}))
        view.look()
        email = view.seen()["Signed"]
        assert email.kind is MailKind.MAIL
        (content,) = office.open().content([email], max_attachment_bytes=limit).found.values()
        assert "Hello" in content.text + content.html
        files = list(opened(content.attachments))
        found = {part.name: len(part.data or b"") for part in files if "pkcs7" not in part.content_type}
        assert not limit or found == {"plan.pdf": 120_000, "list.csv": 3}
        assert limit or not any(part.data for part in files)

    def test_what_is_larger_than_wanted_is_not_fetched(self, office: Office, view: View) -> None:
        view.look()
        one = mail("Mixed")
        for size, name in ((300_000, "big.bin"), (1_000, "small.bin")):
            one.add_attachment(bytes(size), maintype="application", subtype="octet-stream", filename=name)
        office.arrive(one)
        view.look()
        (content,) = office.open().content(list(view.seen().values()), max_attachment_bytes=100_000).found.values()
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
        (content,) = (
            office.open().content(list(view.seen().values()), max_attachment_bytes=5 * MEGABYTE).found.values()
        )
        assert [part.data for part in content.attachments] == [bytes([n]) * 2 * MEGABYTE for n in range(3)]

    def test_content_of_what_is_gone_is_absent(self, office: Office, view: View) -> None:
        key = office.arrive(mail("Short"))
        office.arrive(mail("Long"))
        view.look()
        emails = view.seen()
        office.delete_for_good(key)
        found = office.open().content(list(emails.values()), max_attachment_bytes=MEGABYTE).found
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
        assert [email.subject for email in office.open().latest(3)] == ["Mail 3", "Mail 2", "Mail 1"]
        assert office.open().latest(0) == ()


class Trouble:
    def test_a_short_plea_to_wait_is_waited_out(self, office: Office, view: View) -> None:
        view.look()
        office.arrive(mail("News"))
        office.refuse(status=429, times=1, retry_after=2)
        view.look()
        assert set(view.seen()) == {"News"}

    def test_a_long_plea_to_wait_ends_the_session(self, office: Office, view: View) -> None:
        view.look()
        office.refuse(status=429, times=3, retry_after=300)
        with pytest.raises(Throttled) as caught:
            view.look()
        assert caught.value.until is not None

    def test_an_unavailable_vendor_is_tried_again_later(self, office: Office, view: View) -> None:
        view.look()
        office.arrive(mail("News"))
        office.refuse(status=502, times=1)
        with pytest.raises(Retry):
            view.look()
        view.look()
        assert set(view.seen()) == {"News"}

    def test_a_read_whose_answer_is_lost_loses_nothing(self, office: Office, view: View) -> None:
        view.look()
        office.arrive(mail("News"))
        met: set[str] = set()
        for _ in range(3):
            office.lose_next_answer()
            with contextlib.suppress(Retry):
                view.look()
                met |= set(view.seen())
        assert met == {"News"}

    def test_a_connection_that_stays_dead_is_tried_again_later(self, office: Office, view: View) -> None:
        view.look()
        for _ in range(5):
            office.lose_next_answer()
        with pytest.raises(Retry):
            view.look()

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
        with pytest.raises(NeedsConsent):
            view.look()
