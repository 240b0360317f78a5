"""What the Graph connector does beyond the common suite: frugality, doubts with both answers, credentials."""

import json
from collections.abc import Iterator
from datetime import timedelta
from email.message import EmailMessage

import pytest

from crosstie.domain.email import AttachmentKind, Folder
from crosstie.domain.mailboxes import SALESFORCE_CATEGORY, Seen
from crosstie.mailboxes.graph.marks import MOST_TRIES, UNCOLOURED
from crosstie.mailboxes.graph.rounds import STALE_PAGES
from sandbox.faults import Fault
from sandbox.mailboxes import Attachment, Category
from tests.contract.graph_office import GraphOffice
from tests.contract.mailbox_office import MEGABYTE, View, mail, marking
from tests.places import SHARED

REFUSED_BODY = json.dumps({"error": {"code": "ErrorInvalidRequest", "message": "No."}}).encode()


@pytest.fixture
def office() -> Iterator[GraphOffice]:
    office = GraphOffice()
    yield office
    office.judge()


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
    assert office.parts()[-1] == ("GET messages.delta",) * 3 + ("GET messages.list_folder",)
    assert office.tokens_asked() == 1


def test_five_mails_with_files_are_read_saved_and_marked_in_three_calls(office: GraphOffice, view: View) -> None:
    view.look()
    for number in range(5):
        office.arrive(with_file(number))
    before = office.calls()
    view.look()
    emails = list(view.seen().values())
    mailbox = office.open()
    content = mailbox.content(emails, max_attachment_bytes=25 * MEGABYTE).found
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
    message = office.message(office.arrive(mail("Enormous")))
    message.raw = None
    film = Attachment(1, "film.mp4", "video/mp4", bytes(200 * MEGABYTE))
    message.attachments = [film, Attachment(2, "a.csv", "text/csv", b"small")]
    view.look()
    before = len(office.world.requests.entries)
    (content,) = office.open().content(list(view.seen().values()), max_attachment_bytes=MEGABYTE).found.values()
    assert [(part.name, part.data) for part in content.attachments] == [("film.mp4", None), ("a.csv", b"small")]
    fetched = [e.route for e in list(office.world.requests.entries)[before:]]
    assert fetched == ["batch", "attachments.value"]


def test_an_attached_item_of_which_graph_makes_no_file_comes_without(office: GraphOffice, view: View) -> None:
    view.look()
    one = mail("Forwarded")
    one.add_attachment(mail("Inner"))
    office.arrive(one)
    view.look()
    office.world.faults.add(Fault("refuse", "graph", "attachments.value", status=400))
    (content,) = office.open().content(list(view.seen().values()), max_attachment_bytes=MEGABYTE).found.values()
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
    content = mailbox.content(emails, max_attachment_bytes=25 * MEGABYTE).found
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


def test_a_first_listing_of_which_nothing_could_be_read_is_still_to_come(office: GraphOffice, view: View) -> None:
    """Its siblings were listed; what was marked in it before us must not become a request by that."""
    office.arrive(mail("Marked"))
    for skip, times in ((0, 1), (2, 2)):  # the inbox: first of three, then alone
        linkless = Fault(
            "refuse", "graph", "messages.delta", skip=skip, times=times, status=200, body=b'{"value": []}'
        )
        office.world.faults.add(linkless)
    assert (view.look().trouble, view.seen()) == ("GRAPH-NO-LINK", {})
    assert view.look().baseline == {view.seen()["Marked"].item_id}
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
    assert office.calls() - before == (1 if batch_takes_long else 4)


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


def test_a_category_that_is_refused_is_told_and_tried_again_a_few_times(
    office: GraphOffice, view: View, caplog: pytest.LogCaptureFixture
) -> None:
    """It was left until the next day, and nobody knew."""
    refusal = Fault(
        "refuse", "graph", "categories.create", status=503, times=999, headers=(("Retry-After", "600"),)
    )
    office.world.faults.add(refusal)
    said = []
    for _ in range(MOST_TRIES + 2):
        said.append(view.look().trouble)
        office.pass_time(timedelta(minutes=2))
        assert view.look().trouble == "", "it wanted to be left alone for ten minutes"
        office.pass_time(timedelta(minutes=8))
    assert said == [UNCOLOURED] * MOST_TRIES + ["", ""]
    assert UNCOLOURED in caplog.text
    office.pass_time(timedelta(days=1))
    assert view.look().trouble == UNCOLOURED
    office.world.faults.clear()
    office.pass_time(timedelta(minutes=10))
    assert view.look().trouble == ""
    assert office.has_marks()
    before = office.calls()
    view.look()
    assert office.calls() - before == 1, "and then it is quiet"
