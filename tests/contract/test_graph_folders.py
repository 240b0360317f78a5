"""Further folders of a Microsoft 365 mailbox: found by their paths, followed at no extra round trip."""

import pytest

from crosstie.domain.email import Folder
from crosstie.domain.errors import Throttled
from crosstie.domain.folders import FolderWishes
from crosstie.domain.mailboxes import Cursor, Observation, Removed, Seen
from crosstie.mailboxes.graph.folders import MOST, TREE
from sandbox.faults import Fault
from sandbox.mailboxes.model import Folder as StoredFolder
from tests.contract.graph_office import MAILBOX, GraphOffice
from tests.contract.mailbox_office import mail

BELOW_INBOX = FolderWishes(("inbox/*", "archive"), ("inbox/Private",))


class Desk:
    """Ada's mailbox with folders of her own, looked at session after session."""

    def __init__(self) -> None:
        self.office = GraphOffice()
        self.cursors: dict[str, Cursor] = {}
        self.wishes = BELOW_INBOX
        self.customers = self.folder("Customers", "inbox")
        self.folder("Private", "inbox")

    def folder(self, name: str, parent: str = "msgfolderroot") -> StoredFolder:
        box = self.office.stored
        below = box.folder(parent)
        return self.office.world.mailboxes.create_folder(box, name, below)

    def put(self, subject: str, folder: str) -> None:
        box = self.office.stored
        self.office.world.mailboxes.put(box, mail(subject).as_bytes(), folder=box.folder(folder))

    def look(self) -> Observation:
        box = self.office.access.open(MAILBOX, self.wishes)
        box.prepare()
        seen = box.observe(self.cursors, limit=1000)
        self.cursors.update({one.collection: one for one in seen.cursors})
        return seen

    def seen(self) -> dict[str, Folder]:
        return {one.email.subject: one.email.folder for one in self.look().changes if isinstance(one, Seen)}

    def calls(self) -> int:
        before = self.office.calls()
        self.look()
        return self.office.calls() - before


@pytest.fixture
def desk() -> Desk:
    return Desk()


def test_mails_in_chosen_folders_are_seen_and_in_others_not(desk: Desk) -> None:
    for subject, folder in (("In", "inbox"), ("Customer", "Customers"), ("Secret", "Private"), ("Old", "archive")):
        desk.put(subject, folder)
    assert desk.seen() == {"In": Folder.INBOX, "Customer": Folder.WATCHED, "Old": Folder.WATCHED}
    desk.put("Next", "Customers")
    assert desk.seen() == {"Next": Folder.WATCHED}


def test_what_lay_in_a_folder_that_is_new_to_us_was_there_before(desk: Desk) -> None:
    desk.wishes = FolderWishes()
    desk.put("Customer", "Customers")
    desk.look()
    desk.wishes = BELOW_INBOX
    seen = desk.look()
    (customer,) = [one.email for one in seen.changes if isinstance(one, Seen)]
    assert seen.baseline == {customer.item_id}
    desk.put("Next", "Customers")
    assert desk.look().baseline == frozenset()


@pytest.mark.parametrize("batch_takes_long", [True, False])
def test_folders_whose_change_stream_has_a_long_link_are_followed(desk: Desk, batch_takes_long: bool) -> None:
    """No batch took it, and every session ended there, the mails of the Inbox unseen."""
    desk.office.world.switches.turn("graph.long_tokens", True)
    desk.office.world.switches.turn("graph.batch_takes_long_urls", batch_takes_long)
    desk.look()
    desk.put("In", "inbox")
    assert desk.seen() == {"In": Folder.INBOX}
    desk.folder("Suppliers", "inbox")
    desk.put("Supplier", "Suppliers")
    assert desk.seen() == {"Supplier": Folder.WATCHED}
    desk.put("Next", "Suppliers")
    assert desk.seen() == {"Next": Folder.WATCHED}
    before = len(desk.office.parts())
    desk.look()
    refused = "GET unknown"  # so is logged what is too long
    assert not any(refused in parts for parts in desk.office.parts()[before:])


def test_a_new_folder_is_picked_up_by_the_next_session(desk: Desk) -> None:
    desk.look()
    desk.folder("Suppliers", "inbox")
    desk.folder("Elsewhere")
    desk.put("Supplier", "Suppliers")
    desk.put("Nothing", "Elsewhere")
    assert desk.seen() == {"Supplier": Folder.WATCHED}


def test_a_folder_that_goes_away_or_moves_out_is_left_alone(desk: Desk) -> None:
    desk.put("Customer", "Customers")
    desk.look()
    world, box = desk.office.world.mailboxes, desk.office.stored
    world.move_folder(box, desk.customers, box.well_known("msgfolderroot"))
    desk.put("Next", "Customers")
    assert "Next" not in desk.seen()
    desk.put("Third", "Customers")
    assert desk.look().trouble == ""
    world.bin_folder(box, desk.customers)
    world.delete_folder(box, desk.customers)
    assert desk.look().trouble == ""


def test_a_mail_that_moves_between_watched_folders_stays_one_mail(desk: Desk) -> None:
    desk.put("Offer", "inbox")
    (first,) = [one.email for one in desk.look().changes if isinstance(one, Seen)]
    world, box = desk.office.world.mailboxes, desk.office.stored
    (message,) = world.find(box, subject="Offer")
    world.move(box, message, desk.customers)
    (moved,) = desk.look().changes
    assert isinstance(moved, Seen)
    assert (moved.email.item_id, moved.email.folder) == (first.item_id, Folder.WATCHED)
    private = box.folder("Private")
    assert private is not None
    world.move(box, message, private)
    assert desk.look().changes == (Removed(first.item_id),)
    opened = desk.office.access.open(MAILBOX, desk.wishes)
    assert opened.envelopes([first.item_id])[first.item_id].folder is Folder.OTHER


def test_at_rest_further_folders_cost_no_round_trip(desk: Desk) -> None:
    desk.wishes = FolderWishes()
    desk.look()
    alone = desk.calls()
    desk.wishes = BELOW_INBOX
    desk.look()
    desk.look()
    assert (alone, desk.calls()) == (1, 1)


@pytest.mark.parametrize("told", [False, True], ids=["quiet folders", "folders told with their counts"])
def test_mail_that_comes_into_a_folder_makes_no_other_choice(desk: Desk, told: bool) -> None:
    desk.office.world.switches.turn("graph.folder_counts_are_changes", told)
    desk.look()
    for subject in ("One", "Two"):
        desk.put(subject, "Customers")
        assert desk.seen() == {subject: Folder.WATCHED}


def test_without_wishes_nothing_is_asked_about_folders(desk: Desk) -> None:
    desk.wishes = FolderWishes()
    before = desk.office.world.requests.count
    desk.look()
    desk.look()
    asked = [part for one in desk.office.world.requests.since(before) for part in one.parts]
    assert asked
    assert not any("mailFolders/delta" in part for part in asked)
    assert TREE not in desk.cursors


def test_other_wishes_count_at_once(desk: Desk) -> None:
    for subject, folder in (("Customer", "Customers"), ("Secret", "Private")):
        desk.put(subject, folder)
    assert desk.seen() == {"Customer": Folder.WATCHED}
    desk.wishes = FolderWishes(("inbox/Private",))
    assert desk.seen() == {"Secret": Folder.WATCHED}
    desk.put("More", "Customers")
    assert desk.seen() == {}


def test_dead_cursors_are_read_anew(desk: Desk) -> None:
    desk.put("Customer", "Customers")
    desk.look()
    desk.office.world.mailboxes.expire_cursors(desk.office.stored)
    desk.folder("Suppliers", "inbox")
    desk.put("Supplier", "Suppliers")
    found = desk.seen() | desk.seen()
    assert found["Supplier"] is Folder.WATCHED
    assert found["Customer"] is Folder.WATCHED


def test_too_many_folders_are_told(desk: Desk) -> None:
    for number in range(MOST + 1):
        desk.folder(f"Customer {number}", "inbox")
    assert [desk.look().trouble for _ in range(2)] == ["GRAPH-MANY-FOLDERS"] * 2
    assert len([one for one in desk.cursors if one.startswith("mail/")]) == MOST + 3


@pytest.mark.parametrize("status", [400, 404, 410, 500, 502])
def test_folders_that_cannot_be_listed_keep_no_mail_from_being_seen(desk: Desk, status: int) -> None:
    """Where they were known, mail is seen there as well."""
    desk.look()
    desk.office.world.faults.add(Fault("refuse", "graph", "folders.delta", times=40, status=status, body=b"{}"))
    desk.put("In", "inbox")
    desk.put("Customer", "Customers")
    seen = desk.look()
    assert {one.email.subject for one in seen.changes if isinstance(one, Seen)} == {"In", "Customer"}
    assert seen.trouble == "GRAPH-FOLDERS-UNREAD"
    desk.office.world.faults.clear()
    desk.folder("Suppliers", "inbox")
    desk.put("Supplier", "Suppliers")
    assert desk.seen() == {"Supplier": Folder.WATCHED}


@pytest.mark.parametrize("status", [429, 503])
def test_a_plea_to_wait_is_heard(desk: Desk, status: int) -> None:
    desk.look()
    headers = (("Retry-After", "900"),)
    desk.office.world.faults.add(
        Fault("refuse", "graph", "folders.delta", times=40, status=status, body=b"{}", headers=headers)
    )
    with pytest.raises(Throttled):
        desk.look()


def test_folders_are_chosen_from_a_whole_list_or_not_at_all(desk: Desk) -> None:
    """What hides which folder is the Junk one must not make a customer's folder of it."""
    desk.wishes = FolderWishes()
    desk.look()
    desk.wishes = FolderWishes(("Junk Email", "Junk Email/*", "inbox/*"))
    desk.put("Spam", "junkemail")
    desk.put("Customer", "Customers")
    desk.office.world.faults.add(Fault("refuse", "graph", "folders.get", times=40, status=500, body=b"{}"))
    seen = desk.look()
    assert (seen.changes, seen.trouble) == ((), "GRAPH-FOLDERS-UNREAD")
    desk.office.world.faults.clear()
    assert desk.seen() == {"Customer": Folder.WATCHED}
