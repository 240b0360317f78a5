"""Delta feeds: rounds, pages, tombstones, frozen options, dead cursors, and servers that are not polite."""

from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from sandbox.mailboxes import Message
from tests.unit.sandbox.graph.conftest import IMMUTABLE, Office, later
from tests.unit.sandbox.graph.follower import MOST_PAGES, follow

LASTING = {"prefer": 'IdType="ImmutableId"'}


def arrive(office: Office, count: int) -> list[Message]:
    messages = []
    for number in range(count):
        messages.append(office.arrive(f"Mail {number:02}"))
        later(office, seconds=1)
    return messages


def test_the_first_round_lists_the_folder_newest_first(office: Office) -> None:
    arrive(office, 23)
    feed = follow(office)
    told = feed.round()
    assert [row["subject"] for row in told] == [f"Mail {number:02}" for number in range(22, -1, -1)]
    assert feed.pages == 3
    assert {row["@odata.type"] for row in told} == {"#microsoft.graph.message"}
    assert feed.round() == []


@pytest.mark.parametrize(
    ("query", "preference", "pages"),
    [("", "", 5), ("?$top=25", "", 2), ("", "odata.maxpagesize=50", 1), ("?$top=50", "odata.maxpagesize=7", 7)],
)
def test_page_sizes(office: Office, query: str, preference: str, pages: int) -> None:
    arrive(office, 45)
    feed = follow(office, query=query, prefer=preference)
    assert len(feed.round()) == 45
    assert feed.pages == pages


def test_page_size_has_a_ceiling(office: Office) -> None:
    arrive(office, 210)
    size = {"Prefer": "odata.maxpagesize=1000"}
    assert len(office.get("mailFolders/inbox/messages/delta", headers=size)["value"]) == 200
    office.turn(large_pages=False)
    assert len(office.get("mailFolders/inbox/messages/delta", headers=size)["value"]) == 50


def test_a_first_page_that_is_repeated_forgets_nothing(office: Office) -> None:
    """What was deleted between the page and its repetition is told in the round behind."""
    office.turn(pages_repeated=True)
    (one,) = arrive(office, 1)
    feed = follow(office)
    for _ in range(50):
        page = office.get(feed.link, headers=feed.headers)
        if "@odata.nextLink" in page:
            break
    office.store.purge(office.anna, one)
    feed.link = page["@odata.nextLink"]
    assert feed.round() == []
    assert page["value"][0]["id"] in {row["id"] for row in feed.round()}


def test_changes_are_told_once(office: Office) -> None:
    one, two, three = arrive(office, 3)
    feed = follow(office, query="?$select=subject,categories")
    feed.round()
    office.store.set_categories(office.anna, one, ["A"])
    office.store.delete(office.anna, two)
    office.store.purge(office.anna, three)
    office.arrive("New")
    told = feed.round()
    assert feed.subjects == ["Mail 00", "New"]
    assert len([row for row in told if "@removed" in row]) == 2
    assert next(row for row in told if row.get("subject") == "Mail 00")["categories"] == ["A"]
    assert feed.round() == []


def test_what_changes_during_a_round_is_told_in_the_next(office: Office) -> None:
    messages = arrive(office, 25)
    feed = follow(office)
    page = office.get(feed.link)
    office.store.mark_read(office.anna, messages[-1])
    office.store.purge(office.anna, messages[-2])
    late = office.arrive("Late")
    feed.rows = {row["id"]: row for row in page["value"]}
    feed.link = page["@odata.nextLink"]
    feed.round()
    feed.round()
    assert feed.subjects == sorted([m.mail.subject for m in (*messages[:-2], messages[-1], late)])
    read = [row["subject"] for row in feed.rows.values() if row["isRead"]]
    assert read == ["Mail 24"]


def test_tokens_are_opaque_and_never_the_same(office: Office) -> None:
    links = {office.get("mailFolders/inbox/messages/delta")["@odata.deltaLink"] for _ in range(5)}
    assert len(links) == 5
    token = parse_qs(urlsplit(links.pop()).query)["$deltatoken"][0]
    for wrong in (token[:-2] + "xx", "nonsense", token + "AAAA"):
        path = f"mailFolders/inbox/messages/delta?$deltatoken={wrong}"
        assert office.refused("GET", path) == (400, "ErrorInvalidUrlQuery")
    elsewhere = f"mailFolders/archive/messages/delta?$deltatoken={token}"
    assert office.refused("GET", elsewhere) == (400, "ErrorInvalidUrlQuery")


def test_options_are_frozen_in_the_token(office: Office) -> None:
    feed = follow(office, query="?$select=subject")
    feed.round()
    office.arrive()
    feed.link += "&$select=body"
    [row] = feed.round()
    assert set(row) == {"@odata.type", "@odata.etag", "id", "subject"}


def test_the_id_form_is_not_frozen(office: Office) -> None:
    office.arrive()
    feed = follow(office)
    feed.round()
    office.store.mark_read(office.anna, office.arrive("Second"))
    feed.headers = dict(IMMUTABLE)
    [row] = feed.round()
    [shown] = [one for one in office.get("messages", headers=IMMUTABLE)["value"] if one["subject"] == "Second"]
    assert row["id"] == shown["id"]


@pytest.mark.parametrize(
    "query",
    [
        "$skip=1", "$search=a", "$count=true", "$filter=isRead eq true", "$orderby=subject",
        "$filter=receivedDateTime lt 2026-01-01T00:00:00Z", "$select=nosuch",
        "$filter=receivedDateTime ge 2026-01-01T00:00:00Z and isRead eq true",
        "$orderby=receivedDateTime asc", "$expand=attachments", "changeType=moved", "$nosuch=1",
    ],
)  # fmt: skip
def test_options_change_tracking_refuses(office: Office, query: str) -> None:
    assert office.call("GET", f"mailFolders/inbox/messages/delta?{query}").status_code == 400


def test_filter_by_moment(office: Office) -> None:
    arrive(office, 5)
    feed = follow(office, query="?$filter=receivedDateTime ge 2026-11-20T12:00:03Z&$orderby=receivedDateTime desc")
    assert [row["subject"] for row in feed.round()] == ["Mail 04", "Mail 03"]
    later_only = follow(office, query="?$filter=receivedDateTime+gt+2026-11-20T12:00:03Z")
    assert [row["subject"] for row in later_only.round()] == ["Mail 04"]
    for message in list(office.anna.messages.values()):
        office.store.mark_read(office.anna, message)
    assert len(feed.round()) == 2


def test_a_filtered_first_round_ends_at_5000(office: Office) -> None:
    raw = b"From: nora@birch.test\r\nSubject: Bulk\r\n\r\n.\r\n"
    for _ in range(5_003):
        office.store.put(office.anna, raw)
    feed = follow(office, query="?$select=id&$filter=receivedDateTime ge 2026-01-01T00:00:00Z&$top=200")
    assert len(feed.round()) == 5_000
    unfiltered = follow(office, query="?$select=id&$top=200")
    assert len(unfiltered.round()) == 5_003


@pytest.mark.parametrize(("kind", "told"), [("created", {"New"}), ("updated", {"Mail 00"}), ("deleted", {None})])
def test_change_types(office: Office, kind: str, told: set[str | None]) -> None:
    one, two = arrive(office, 2)
    feed = follow(office, query=f"?changeType={kind}&$select=subject")
    first = feed.round()
    assert len(first) == (2 if kind == "created" else 0)
    office.store.mark_read(office.anna, one)
    office.store.purge(office.anna, two)
    office.store.mark_read(office.anna, office.arrive("New"))
    assert {row.get("subject") for row in feed.round()} == told


def test_extended_properties_in_delta(office: Office) -> None:
    message = office.arrive()
    query = "?$select=subject&$expand=singleValueExtendedProperties($filter=id eq 'Integer 0x0E08')"
    [row] = follow(office, query=query).round()
    assert row["singleValueExtendedProperties"] == [{"id": "Integer 0xe08", "value": str(message.content_size)}]


@pytest.mark.parametrize("is_410", [True, False])
def test_a_dead_cursor(office: Office, is_410: bool) -> None:
    office.turn(dead_cursor_is_410=is_410)
    feed = follow(office)
    feed.round()
    office.store.expire_cursors(office.anna)
    answer = office.call("GET", feed.link)
    assert answer.status_code == (410 if is_410 else 400)
    assert answer.json()["error"]["code"].lower() == "syncstatenotfound"
    assert ("Location" in answer.headers) is is_410
    office.arrive()
    feed.link = answer.headers["Location"] if is_410 else "mailFolders/inbox/messages/delta"
    assert [row["subject"] for row in feed.round()] == ["Hello"]


def test_a_move_shows_in_both_folders(office: Office) -> None:
    [message] = arrive(office, 1)
    source, target = follow(office), follow(office, "archive")
    source.round(), target.round()
    office.store.move(office.anna, message, office.anna.well_known("archive"))
    [gone], [come] = source.round(), target.round()
    assert gone["@removed"] == {"reason": "deleted"}
    assert gone["id"] != come["id"]


@pytest.mark.parametrize(
    ("switch", "on", "seen"),
    [("move_arrives_unseen", False, True), ("move_arrives_unseen", True, False)],
)
def test_immutable_ids_may_lose_an_arrival(office: Office, switch: str, on: bool, seen: bool) -> None:
    office.turn(**{switch: on})
    [message] = arrive(office, 1)
    source, target = follow(office, **LASTING), follow(office, "archive", **LASTING)
    source.round(), target.round()
    office.store.move(office.anna, message, office.anna.well_known("archive"))
    [gone] = source.round()
    assert "@removed" in gone
    assert bool(target.round()) is seen
    office.store.mark_read(office.anna, message)
    [shown] = target.round()
    assert shown["id"] == gone["id"]


@pytest.mark.parametrize("quirk", [False, True])
def test_away_and_back(office: Office, quirk: bool) -> None:
    office.turn(move_back_hides=quirk)
    [message] = arrive(office, 1)
    feed = follow(office, **LASTING)
    feed.round()
    for name in ("archive", "inbox"):
        office.store.move(office.anna, message, office.anna.well_known(name))
    feed.round()
    assert feed.subjects == ([] if quirk else ["Mail 00"])
    office.store.mark_read(office.anna, message)
    feed.round()
    assert feed.subjects == ["Mail 00"]


def test_a_folder_that_is_gone(office: Office) -> None:
    folder = office.call("POST", "mailFolders", {"displayName": "Short-lived"}).json()["id"]
    feed = follow(office, folder)
    feed.round()
    office.call("DELETE", f"mailFolders/{folder}")
    assert office.refused("GET", feed.link) == (404, "ErrorItemNotFound")


def test_folders_have_a_feed_too(office: Office) -> None:
    feed = follow(office)
    feed.link = "mailFolders/delta?$select=displayName"
    names = {row["displayName"] for row in feed.round()}
    assert {"Inbox", "Sent Items"} <= names
    assert "Deletions" not in names
    office.turn(hidden_folders_in_delta=True)
    every = office.get("mailFolders/delta", headers={"Prefer": "odata.maxpagesize=50"})["value"]
    assert "Deletions" in {row["displayName"] for row in every}
    office.turn(hidden_folders_in_delta=False)
    made = office.call("POST", "mailFolders", {"displayName": "One"}).json()["id"]
    office.call("PATCH", f"mailFolders/{made}", {"displayName": "Two"})
    assert [row["displayName"] for row in feed.round()] == ["Two"]
    office.call("DELETE", f"mailFolders/{made}")
    assert [row["@removed"] for row in feed.round()] == [{"reason": "deleted"}]
    assert office.call("GET", "mailFolders/delta?$filter=isHidden eq true").status_code == 400


IMPOLITE: list[dict[str, Any]] = [
    {"unchanged_emitted": True}, {"rows_twice": True}, {"rows_shuffled": True}, {"empty_pages": True},
    {"change_key_moves_at_rest": True}, {"html_moves_at_rest": True}, {"etag_forms_differ": True},
    {"long_tokens": True}, {"pages_repeated": True},
    dict.fromkeys(("unchanged_emitted", "rows_twice", "rows_shuffled", "empty_pages", "long_tokens"), True),
]  # fmt: skip


@pytest.mark.parametrize("switches", IMPOLITE)
def test_a_careful_client_stays_right_under_bad_manners(office: Office, switches: dict[str, bool]) -> None:
    office.turn(**switches)
    messages = [
        office.arrive(f"Mail {n}", extra="Content-Type: text/html\r\n", body="<p>x</p>") for n in range(30)
    ]
    feed = follow(office)
    feed.round()
    for number, message in enumerate(messages):
        if number % 3 == 0:
            office.store.purge(office.anna, message)
        elif number % 3 == 1:
            office.store.set_categories(office.anna, message, ["A"])
        if number % 10 == 0:
            feed.round()
    feed.round()
    assert feed.subjects == sorted(f"Mail {number}" for number in range(30) if number % 3)
    marked = {row["subject"] for row in feed.rows.values() if row["categories"]}
    assert marked == {f"Mail {number}" for number in range(30) if number % 3 == 1}


@pytest.mark.parametrize(
    ("switch", "told"),
    [
        ("unchanged_emitted", True),
        ("change_key_moves_at_rest", True),
        ("html_moves_at_rest", True),
        ("rows_twice", False),
    ],
)
def test_bad_manners_at_rest_are_real(office: Office, switch: str, told: bool) -> None:
    office.arrive(extra="Content-Type: text/html\r\n", body="<p>x</p>")
    feed = follow(office)
    [before] = feed.round()
    office.turn(**{switch: True})
    rows = [row for _ in range(40) for row in feed.round()]
    assert bool(rows) is told
    keys = {row["changeKey"] for row in rows}
    assert (before["changeKey"] not in keys) is (switch != "unchanged_emitted")


def test_rows_twice_and_etag_forms(office: Office) -> None:
    office.turn(rows_twice=True, etag_forms_differ=True)
    office.arrive()
    rows = follow(office).round()
    assert len(rows) == 2
    shown = office.get(f"messages/{rows[0]['id']}")
    assert shown["@odata.etag"] != rows[0]["@odata.etag"]
    assert shown["changeKey"] == rows[0]["changeKey"]
    condition = {"If-Match": rows[0]["@odata.etag"]}
    assert office.call("PATCH", f"messages/{shown['id']}", {"isRead": True}, headers=condition).status_code == 200


def test_the_change_key_moves_after_the_first_read(office: Office) -> None:
    office.turn(change_key_moves_after_create=True)
    office.arrive()
    [row] = office.get("messages")["value"]
    first, second, third = (office.get(f"messages/{row['id']}")["changeKey"] for _ in range(3))
    assert first != second == third


def test_a_round_that_never_ends(office: Office) -> None:
    office.turn(never_ending_round=True)
    arrive(office, 3)
    link, links = "mailFolders/inbox/messages/delta", set()
    for _ in range(MOST_PAGES):
        page = office.get(link)
        assert len(page["value"]) == 3
        link = page["@odata.nextLink"]
        links.add(link)
    assert len(links) == MOST_PAGES
