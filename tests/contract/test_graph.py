"""What the Graph connector does beyond the common suite: frugality, doubts with both answers, credentials."""

import json
from collections.abc import Iterator
from datetime import timedelta
from email.message import EmailMessage

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from crosstie.domain.email import AttachmentKind, Folder
from crosstie.domain.errors import CrosstieError, Fatal, NeedsConsent, Retry, Throttled
from crosstie.domain.mailboxes import SALESFORCE_CATEGORY, Cursor, Seen
from crosstie.mailboxes.graph.connection import Certificate
from crosstie.mailboxes.graph.rounds import STALE_PAGES
from sandbox.faults import Fault
from sandbox.mailboxes import Category
from tests.contract.graph_office import HOST, MAILBOX, GraphOffice
from tests.contract.graph_schema import GraphSchema
from tests.contract.mailbox_suite import MEGABYTE, START, View, mail, marking
from tests.places import SHARED

REFUSED_BODY = json.dumps({"error": {"code": "ErrorInvalidRequest", "message": "No."}}).encode()


@pytest.fixture
def office() -> Iterator[GraphOffice]:
    office = GraphOffice()
    yield office
    if SHARED.is_dir():
        assert GraphSchema.load().judge(office.judged_calls()).problems == []


@pytest.fixture
def view(office: GraphOffice) -> View:
    return View(office)


def with_file(number: int) -> EmailMessage:
    one = mail(f"Mail {number}")
    one.add_attachment(bytes(40_000), maintype="application", subtype="pdf", filename=f"{number}.pdf")
    return one


# -- frugality ---------------------------------------------------------------------------------------------


def test_a_mailbox_costs_three_calls_at_first_and_then_one(office: GraphOffice, view: View) -> None:
    view.look()
    assert office.calls() == 3, "look for the marks, make them, list"
    for _ in range(5):
        view.look()
    assert office.calls() == 8
    assert office.parts()[-1] == ("GET messages.delta",) * 3
    assert tokens_asked(office) == 1


def test_five_mails_with_files_are_read_saved_and_marked_in_three_calls(office: GraphOffice, view: View) -> None:
    view.look()
    for number in range(5):
        office.arrive(with_file(number))
    before = office.calls()
    view.look()
    emails = list(view.seen().values())
    mailbox = office.open()
    content = mailbox.content(emails, max_attachment_bytes=25 * MEGABYTE)
    results = mailbox.apply([marking(email) for email in emails])
    assert office.calls() - before == 3
    assert [len(part.data or b"") for one in content.values() for part in one.attachments] == [40_000] * 5
    assert all(result.applied for result in results)


def test_what_left_the_folders_costs_one_call_for_all(office: GraphOffice, view: View) -> None:
    keys = [office.arrive(mail(f"Mail {number}")) for number in range(15)]
    view.look()
    for key in keys:
        office.throw_away(key)
    before = office.calls()
    view.look()
    assert len(view.removed()) == 15
    assert office.calls() - before == 2


def test_a_dropped_mail_goes_home_without_a_second_look(office: GraphOffice, view: View) -> None:
    view.look()
    office.arrive(mail("Dropped"), Folder.DROP)
    view.look()
    before = office.calls()
    office.open().apply([marking(view.seen()["Dropped"], Folder.INBOX)])
    assert office.calls() - before == 1
    view.look()
    assert office.calls() - before == 2
    assert view.seen()["Dropped"].folder is Folder.INBOX
    assert not view.removed()


def test_large_files_are_never_fetched(office: GraphOffice, view: View) -> None:
    view.look()
    one = mail("Enormous")
    one.add_attachment(bytes(60 * MEGABYTE), maintype="video", subtype="mp4", filename="film.mp4")
    one.add_attachment(b"small", maintype="text", subtype="csv", filename="a.csv")
    office.arrive(one)
    view.look()
    before = len(office.world.requests.entries)
    (content,) = office.open().content(list(view.seen().values()), max_attachment_bytes=MEGABYTE).values()
    assert [(part.name, part.data) for part in content.attachments] == [("film.mp4", None), ("a.csv", b"small")]
    fetched = [e.route for e in list(office.world.requests.entries)[before:]]
    assert fetched == ["batch", "attachments.value"]


def test_attached_items_come_without_data(office: GraphOffice, view: View) -> None:
    view.look()
    one = mail("Forwarded")
    one.add_attachment(mail("Inner"))
    office.arrive(one)
    view.look()
    (content,) = office.open().content(list(view.seen().values()), max_attachment_bytes=MEGABYTE).values()
    assert [(part.kind, part.data) for part in content.attachments] == [(AttachmentKind.ITEM, None)]


@pytest.mark.shared
def test_real_mail_comes_through(office: GraphOffice, view: View) -> None:
    view.look()
    files = sorted((SHARED / "corpora" / "mail").rglob("*.eml"))
    inbox = office.stored.well_known("inbox")
    for file in files:
        office.world.mailboxes.put(office.stored, file.read_bytes(), inbox)
    view.look()
    emails = [change.email for change in view.last.changes if isinstance(change, Seen)]
    assert len(emails) == len(files) > 100
    mailbox = office.open()
    content = mailbox.content(emails, max_attachment_bytes=25 * MEGABYTE)
    assert set(content) == {email.item_id for email in emails}
    assert sum(bool(part.data) for one in content.values() for part in one.attachments) > 20
    assert all(result.applied for result in mailbox.apply([marking(email) for email in emails]))


# -- doubts, with both answers ------------------------------------------------------------------------------


@pytest.mark.parametrize("hides", [True, False])
@pytest.mark.parametrize("unseen", [True, False])
def test_moves_that_the_stream_does_not_tell(office: GraphOffice, view: View, hides: bool, unseen: bool) -> None:
    office.world.switches.turn("graph.move_back_hides", hides)
    office.world.switches.turn("graph.move_arrives_unseen", unseen)
    there, back = office.arrive(mail("There")), office.arrive(mail("Back"))
    view.look()
    office.move(there, Folder.DROP)
    office.move(back, Folder.OTHER)
    office.move(back, Folder.INBOX)
    view.look()
    assert view.seen()["There"].folder is Folder.DROP
    assert "Back" not in view.seen() or view.seen()["Back"].folder is Folder.INBOX
    assert view.removed() == set()


@pytest.mark.parametrize("by_410", [True, False])
def test_a_dead_cursor_in_either_wording(office: GraphOffice, view: View, by_410: bool) -> None:
    office.world.switches.turn("graph.dead_cursor_is_410", by_410)
    office.arrive(mail("Old"))
    view.look()
    office.kill_cursors()
    view.look()
    assert set(view.seen()) == {"Old"}


def test_a_first_listing_that_is_interrupted_by_a_dead_cursor_stays_a_baseline(
    office: GraphOffice, view: View
) -> None:
    for number in range(12):
        office.arrive(mail(f"Mail {number}"))
    view.look(limit=4)
    office.kill_cursors()
    while view.last.more:
        observation = view.look(limit=4)
        assert observation.baseline == {email.item_id for email in view.seen().values()}
    assert view.look().baseline == frozenset()


@pytest.mark.parametrize("batch_takes_long", [True, False])
def test_long_links(office: GraphOffice, view: View, batch_takes_long: bool) -> None:
    office.world.switches.turn("graph.long_tokens", True)
    office.world.switches.turn("graph.batch_takes_long_urls", batch_takes_long)
    view.look()
    office.arrive(mail("First"))
    view.look()
    assert set(view.seen()) == {"First"}
    before = office.calls()
    office.arrive(mail("Second"))
    view.look()
    assert set(view.seen()) == {"Second"}
    assert office.calls() - before == (1 if batch_takes_long else 3)


def test_a_round_that_never_ends_is_left_and_others_go_on(
    office: GraphOffice, view: View, caplog: pytest.LogCaptureFixture
) -> None:
    office.arrive(mail("Before"))
    view.look()
    cursors = dict(view.cursors)
    office.world.switches.turn("graph.never_ending_round", True)
    office.arrive(mail("During"))
    before = office.calls()
    observation = view.look()
    assert set(view.seen()) == {"Before", "During"}
    assert office.calls() - before <= 4 * (STALE_PAGES + 2)
    assert "GRAPH-ENDLESS-ROUND" in caplog.text
    assert not observation.more
    assert view.cursors == cursors
    office.world.switches.turn("graph.never_ending_round", False)
    view.look()
    assert set(view.seen()) == {"During"}


def test_rude_streams(office: GraphOffice, view: View) -> None:
    for name in ("unchanged_emitted", "rows_twice", "rows_shuffled", "empty_pages", "etag_forms_differ"):
        office.world.switches.turn(f"graph.{name}", True)
    office.world.switches.turn("graph.large_pages", False)
    expected = {f"Mail {number}" for number in range(80)}
    keys = {subject: office.arrive(mail(subject)) for subject in sorted(expected)}
    view.look()
    assert set(view.seen()) == expected
    office.throw_away(keys["Mail 3"])
    office.categorise(keys["Mail 4"], [SALESFORCE_CATEGORY])
    view.look()
    assert len(view.removed()) == 1
    assert view.seen()["Mail 4"].categories == {SALESFORCE_CATEGORY}
    (result,) = office.open().apply([marking(view.seen()["Mail 4"])])
    assert result.applied


def test_a_version_that_moved_by_itself_is_a_conflict_that_a_second_look_settles(
    office: GraphOffice, view: View
) -> None:
    office.world.switches.turn("graph.change_key_moves_after_create", True)
    view.look()
    key = office.arrive(mail("Fresh"))
    view.look()
    email = view.seen()["Fresh"]
    mailbox = office.open()
    mailbox.content([email], max_attachment_bytes=MEGABYTE)
    assert [one.code for one in mailbox.apply([marking(email)])] == ["conflict"]
    fresh = mailbox.envelopes([email.item_id])[email.item_id]
    assert [one.code for one in mailbox.apply([marking(fresh)])] == [""]
    assert office.categories(key) == {SALESFORCE_CATEGORY}


@pytest.mark.parametrize("as_409", [True, False])
def test_marks_that_somebody_else_just_made(office: GraphOffice, as_409: bool) -> None:
    office.world.switches.turn("graph.category_twice_is_409", as_409)
    """Neither was there when it was looked for."""
    store, stored = office.world.mailboxes, office.stored
    store.create_folder(stored, "Salesforce Emails")
    stored.categories.append(Category(store.new_guid(), SALESFORCE_CATEGORY, "preset7"))
    for route in ("folders.list", "categories.list"):
        office.world.faults.add(Fault("refuse", "graph", route, status=200, body=b'{"value": []}'))
    office.open().prepare()
    assert sum(folder.name == "Salesforce Emails" for folder in stored.folders.values()) == 1
    assert sum(category.name == SALESFORCE_CATEGORY for category in stored.categories) == 1


# -- refusals ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("status", [400, 500, 501])
def test_a_stream_that_refuses_properties_is_read_without_and_filled_in(
    office: GraphOffice, view: View, status: int
) -> None:
    office.arrive(mail("Secret", Sensitivity="Private"))
    office.open().prepare()
    office.world.faults.add(Fault("refuse", "graph", "messages.delta", status=status, times=3, body=REFUSED_BODY))
    view.look()
    assert view.seen()["Secret"].is_private
    assert view.seen()["Secret"].size


def test_one_collection_that_is_throttled_is_asked_again_by_itself(office: GraphOffice, view: View) -> None:
    view.look()
    office.arrive(mail("News"))
    office.refuse(status=429, times=1, retry_after=3, route="messages.delta")
    view.look()
    assert set(view.seen()) == {"News"}
    assert office.clock.slept == [3.0]
    assert office.parts()[-2:] == [("GET messages.delta",) * 3, ("GET messages.delta",)]


def test_throttled_for_long_inside_a_batch_ends_the_session(office: GraphOffice, view: View) -> None:
    view.look()
    office.refuse(status=429, times=9, retry_after=120, route="messages.delta")
    with pytest.raises(Throttled) as caught:
        view.look()
    assert caught.value.until == START + timedelta(seconds=120)
    assert office.clock.slept == []


def test_marks_that_are_throttled_half_way_are_put_off(office: GraphOffice, view: View) -> None:
    keys = [office.arrive(mail(f"Mail {number}")) for number in range(25)]
    view.look()
    office.world.faults.add(
        Fault("refuse", "graph", "batch", skip=1, status=429, headers=(("Retry-After", "600"),), body=REFUSED_BODY)
    )
    results = office.open().apply([marking(email) for email in view.seen().values()])
    assert [result.code for result in results] == [""] * 20 + ["later"] * 5
    assert sum(office.categories(key) == {SALESFORCE_CATEGORY} for key in keys) == 20


def test_a_move_whose_answer_is_lost_leaves_no_write_called_done(office: GraphOffice, view: View) -> None:
    view.look()
    keys = [office.arrive(mail(f"Mail {number}"), Folder.DROP) for number in range(3)]
    view.look()
    office.world.faults.add(Fault("lose_answer", "graph", "batch", skip=1))
    results = office.open().apply([marking(email, Folder.INBOX) for email in view.seen().values()])
    assert [result.code for result in results] == ["unclear"] * 3
    assert all(office.folder_of(key) is Folder.INBOX for key in keys)


def test_one_message_that_is_refused_keeps_no_other_from_being_read(office: GraphOffice, view: View) -> None:
    view.look()
    for number in range(3):
        office.arrive(mail(f"Mail {number}"))
    view.look()
    office.world.faults.add(Fault("refuse", "graph", "messages.get", status=500, body=REFUSED_BODY))
    found = office.open().content(list(view.seen().values()), max_attachment_bytes=MEGABYTE)
    assert len(found) == 2


def test_a_mailbox_without_a_licence_is_named_so(office: GraphOffice, view: View) -> None:
    office.stored.licensed = False
    with pytest.raises(CrosstieError) as caught:
        view.look()
    assert caught.value.code == "GRAPH-NO-MAILBOX"


def test_a_mailbox_that_nobody_has_is_named_so(office: GraphOffice, view: View) -> None:
    office.change_connection(address="nobody@larch.test")
    with pytest.raises(CrosstieError) as caught:
        view.look()
    assert caught.value.code == "GRAPH-NO-MAILBOX"


def test_an_app_that_may_not_read_mail_needs_consent(office: GraphOffice, view: View) -> None:
    office.client.only_mailboxes = frozenset({"ben@larch.test"})
    with pytest.raises(NeedsConsent) as caught:
        view.look()
    assert caught.value.code == "GRAPH-ACCESS-DENIED"
    assert "larch.test" not in str(caught.value)


def test_access_that_was_granted_late_counts_before_the_token_ends(office: GraphOffice, view: View) -> None:
    office.client.roles = frozenset()
    with pytest.raises(NeedsConsent):
        view.look()
    office.client.roles = frozenset({"Mail.ReadWrite", "MailboxSettings.ReadWrite"})
    office.pass_time(timedelta(minutes=15))
    with pytest.raises(NeedsConsent):
        view.look()
    view.look()
    assert tokens_asked(office) == 2


def test_without_the_right_to_categories_the_rest_works(
    office: GraphOffice, view: View, caplog: pytest.LogCaptureFixture
) -> None:
    office.client.roles = frozenset({"Mail.ReadWrite"})
    key = office.arrive(mail("Saved"))
    view.look()
    assert office.open().apply([marking(view.seen()["Saved"])])[0].applied
    assert office.categories(key) == {SALESFORCE_CATEGORY}
    assert "GRAPH-NO-CATEGORY-LIST" in caplog.text


def test_a_cursor_that_leads_elsewhere_is_not_followed(office: GraphOffice, view: View) -> None:
    office.arrive(mail("Old"))
    view.look()
    for collection, cursor in list(view.cursors.items()):
        owner = cursor.token.partition(" ")[0]
        view.cursors[collection] = Cursor(collection, f"{owner} https://evil.test/v1.0/users/x/messages/delta")
    view.look()
    assert set(view.seen()) == {"Old"}


def test_a_folder_thrown_into_the_bin_is_made_anew(office: GraphOffice, view: View) -> None:
    view.look()
    folder = office.stored.folder("Salesforce Emails")
    assert folder is not None
    office.world.mailboxes.move_folder(office.stored, folder, office.stored.well_known("deleteditems"))
    office.pass_time(timedelta(days=1))
    view.look()
    root = office.stored.well_known("msgfolderroot")
    assert any(child.name == "Salesforce Emails" for child in office.stored.children(root))
    assert not view.last.baseline


# -- credentials ---------------------------------------------------------------------------------------------


def tokens_asked(office: GraphOffice) -> int:
    return sum(entry.route == "login.token" for entry in office.world.requests.entries)


def key_pair() -> Certificate:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "crosstie")])
    builder = x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
    signed = (
        builder.not_valid_before(START).not_valid_after(START + timedelta(days=365)).sign(key, hashes.SHA256())
    )
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return Certificate(private.decode(), signed.public_bytes(serialization.Encoding.PEM).decode())


def test_an_app_may_prove_itself_by_certificate(office: GraphOffice, view: View) -> None:
    pair = key_pair()
    office.client.certificates.append(pair.certificate)
    office.change_connection(secret="", certificate=pair)
    view.look()
    assert len(view.cursors) == 3


def test_a_broken_certificate_is_named_so(office: GraphOffice, view: View) -> None:
    office.change_connection(secret="", certificate=Certificate("no key", "no certificate"))
    with pytest.raises(Fatal) as caught:
        view.look()
    assert caught.value.code == "GRAPH-CERTIFICATE"


def test_a_wrong_secret_needs_consent_and_shows_nothing_of_itself(office: GraphOffice, view: View) -> None:
    office.change_connection(secret="wr0ng")
    with pytest.raises(NeedsConsent) as caught:
        view.look()
    assert caught.value.code == "GRAPH-APP-REFUSED"
    assert "wr0ng" not in repr(office.connection) + repr(caught.value)


def test_a_token_is_renewed_before_it_ends_and_when_it_is_refused(office: GraphOffice, view: View) -> None:
    view.look()
    assert tokens_asked(office) == 1
    office.pass_time(timedelta(hours=2))
    view.look()
    assert tokens_asked(office) == 2
    office.world.microsoft.tokens.clear()
    view.look()
    assert tokens_asked(office) == 3


def delegate(office: GraphOffice) -> None:
    microsoft = office.world.microsoft
    scopes = ("Mail.ReadWrite", "MailboxSettings.ReadWrite", "offline_access")
    microsoft.consent(office.client, office.tenant, scopes)
    refresh = microsoft.issue_refresh(office.client, office.tenant.id, str(office.stored.guid), scopes)
    office.change_connection(refresh_token=refresh)


def test_a_person_may_lend_their_access_and_the_new_token_is_handed_back(office: GraphOffice, view: View) -> None:
    delegate(office)
    first = office.connection.refresh_token
    view.look()
    second = office.renewed[MAILBOX]
    assert second != first
    office.pass_time(timedelta(hours=2))
    view.look()
    assert office.renewed[MAILBOX] != second, "the newest token was used although the connection has the first"
    assert tokens_asked(office) == 2


def test_after_a_password_change_somebody_has_to_sign_in(office: GraphOffice, view: View) -> None:
    delegate(office)
    view.look()
    office.pass_time(timedelta(hours=2))
    office.world.microsoft.revoke_user(str(office.stored.guid))
    with pytest.raises(NeedsConsent) as caught:
        view.look()
    assert caught.value.code == "GRAPH-SIGN-IN"


def test_an_unknown_mailbox_and_one_without_credentials(office: GraphOffice) -> None:
    with pytest.raises(Fatal):
        office.access.open(MAILBOX + 1)
    office.change_connection(secret="")
    with pytest.raises(NeedsConsent):
        office.access.open(MAILBOX)


def test_a_login_server_that_is_down_is_tried_again(office: GraphOffice, view: View) -> None:
    office.world.faults.add(Fault("refuse", "*", "login.token", status=503, body=b"<html>down</html>"))
    with pytest.raises(Retry):
        view.look()
    view.look()


def test_addresses_are_encoded(office: GraphOffice) -> None:
    odd = GraphOffice(address="o'hara+sales&co@larch.test")
    View(odd).look()
    odd.arrive(mail("Odd"))
    seen = View(odd)
    seen.look()
    assert set(seen.seen()) == {"Odd"}
    assert HOST in odd.connection.graph_url
