"""Notes of what was overwritten, in the mailbox of the person whom it concerns."""

import pytest

from crosstie.domain.errors import CrosstieError
from crosstie.domain.notes import CONFLICT_FOLDER, Note
from tests.contract.graph_office import GraphOffice

FIRST = Note("1:abc'd", "Two changes of one meeting", "In Salesforce it was called: Lunch")
OTHER = Note("1:def", "Another one", "It was at: Room 2")


@pytest.fixture
def office() -> GraphOffice:
    return GraphOffice()


def kept(office: GraphOffice) -> list[tuple[str, str, bool]]:
    folder = office.stored.folder(CONFLICT_FOLDER)
    if folder is None:
        return []
    return [
        (one.mail.subject, (one.mail.text or one.mail.html or "").strip(), one.is_read)
        for one in office.stored.messages_in(folder)
    ]


def test_a_note_lies_unread_in_a_folder_of_its_own_and_is_sent_to_nobody(office: GraphOffice) -> None:
    office.open().keep([FIRST, OTHER])
    found = kept(office)
    assert sorted(subject for subject, _, _ in found) == sorted([FIRST.subject, OTHER.subject])
    assert not any(is_read for _, _, is_read in found)
    assert any("Lunch" in text for _, text, _ in found)
    assert office.world.outbox.mails == []


def test_a_note_that_is_there_is_not_written_again(office: GraphOffice) -> None:
    office.open().keep([FIRST])
    office.open().keep([FIRST, OTHER])
    assert sorted(subject for subject, _, _ in kept(office)) == sorted([FIRST.subject, OTHER.subject])


def test_the_folder_is_made_again(office: GraphOffice) -> None:
    office.open().keep([FIRST])
    folder = office.stored.folder(CONFLICT_FOLDER)
    assert folder is not None
    office.world.mailboxes.delete_folder(office.stored, folder)
    office.open().keep([OTHER])
    assert [subject for subject, _, _ in kept(office)] == [OTHER.subject]


def test_what_cannot_be_kept_is_told(office: GraphOffice) -> None:
    office.refuse(status=500, times=50)
    office.refuse(status=500, times=50, route="folders.list")
    with pytest.raises(CrosstieError):
        office.open().keep([FIRST])
    assert kept(office) == []
