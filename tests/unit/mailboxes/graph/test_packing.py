"""How messages are packed into batches, and how writes are ordered: limits that the wire would not show."""

from collections.abc import Sequence

import pytest

from crosstie.domain.email import Email, Folder
from crosstie.domain.mailboxes import Cursor, MailboxWrite, WriteResult
from crosstie.mailboxes.graph.content import LARGEST_BATCH, SMALL, _packed
from crosstie.mailboxes.graph.rounds import STALE_PAGES, FolderRound
from crosstie.mailboxes.graph.writes import _following
from crosstie.mailboxes.graph.writes import waves as in_waves


def email(number: int, size: int | None) -> Email:
    return Email(f"id-{number}", "v", Folder.INBOX, "", None, size=size)


@pytest.mark.parametrize(
    ("sizes", "limit", "groups"),
    [
        ([1000] * 20, SMALL, [20]),
        ([1000] * 45, SMALL, [20, 20, 5]),
        ([2_000_000] * 15, SMALL, [7, 7, 1]),
        ([None] * 12, SMALL, [10, 2]),
        ([50_000_000] * 11, SMALL, [10, 1]),
        ([1000] * 21, 0, [10, 10, 1]),
        ([LARGEST_BATCH * 20], SMALL, [1]),
        ([], SMALL, []),
    ],
)
def test_groups_fit_a_batch(sizes: Sequence[int | None], limit: int, groups: list[int]) -> None:
    packed = list(_packed([email(number, size) for number, size in enumerate(sizes)], limit))
    assert [len(group) for group in packed] == groups
    assert [one.item_id for group in packed for one in group] == [f"id-{n}" for n in range(len(sizes))]


def write(item_id: str, category: str = "S", version: str = "1") -> MailboxWrite:
    return MailboxWrite(item_id, version, add=frozenset({category}))


@pytest.mark.parametrize(
    ("items", "waves"),
    [("abc", [[0, 1, 2]]), ("aba", [[0, 1], [2]]), ("aaa", [[0], [1], [2]]), ("", []), ("abab", [[0, 1], [2, 3]])],
)
def test_writes_to_one_item_never_share_a_batch(items: str, waves: list[list[int]]) -> None:
    assert in_waves(items) == waves


def test_a_later_write_goes_on_from_the_earlier_ones_version() -> None:
    writes = [write("a"), write("b"), write("a", "T"), write("a", "U", version="other")]
    results = {0: WriteResult("a", "2"), 1: WriteResult("b", code="conflict")}
    assert _following(2, writes, results) == MailboxWrite("a", "2", frozenset({"S"}), frozenset({"T"}))
    assert _following(3, writes, results) == writes[3]
    assert _following(0, writes, {}) == writes[0]


ROOT = "/users/ada%40larch.test"


@pytest.mark.parametrize(
    ("cursors", "link", "baseline"),
    [
        ({}, "", True),
        ({"mail/sent": Cursor("mail/sent", "F2 /x")}, "", False),
        (
            {"mail/inbox": Cursor("mail/inbox", "F1 /users/x/delta?$deltatoken=1")},
            "/users/x/delta?$deltatoken=1",
            False,
        ),
        ({"mail/inbox": Cursor("mail/inbox", "F1 /users/x/delta", baseline=True)}, "/users/x/delta", True),
        ({"mail/inbox": Cursor("mail/inbox", "another /users/x/delta")}, "", False),
        ({"mail/inbox": Cursor("mail/inbox", "F1 https://evil.test/x")}, "", False),
        ({"mail/inbox": Cursor("mail/inbox", "garbage")}, "", False),
    ],
)
def test_a_round_resumes_only_from_its_own_cursor(cursors: dict[str, Cursor], link: str, baseline: bool) -> None:
    one = FolderRound.resume(Folder.INBOX, "F1", ROOT, cursors)
    assert (one.link, one.baseline) == (link, baseline)
    assert one.page(50).url.startswith(link or f"{ROOT}/mailFolders/F1/messages/delta?$select=id,")


def test_the_last_occurrence_wins_and_new_ids_keep_a_round_alive() -> None:
    one = FolderRound(name="mail/inbox", owner="F1", baseline=False, folder=Folder.INBOX, root=ROOT)
    one.take([{"id": "a", "n": 1}, {"id": "a", "@removed": {}}], "/1", last=False)
    assert one.last == {"a": None}
    for _ in range(STALE_PAGES - 1):
        one.take([{"id": "a"}], "/2", last=False)
    assert not one.endless
    one.take([{"id": "b"}], "/3", last=False)
    for _ in range(STALE_PAGES):
        assert not one.endless
        one.take([], "/4", last=False)
    assert one.endless
