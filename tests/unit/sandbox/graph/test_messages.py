"""Messages over the wire: what is shown, what may be written, and what is refused."""

import base64
from typing import Any

import pytest

from tests.unit.sandbox.graph.conftest import IMMUTABLE, Office, later, token_for

STAMP = "String {66f5a359-4659-4830-9070-00047ec6ac6e} Name SfId"


def test_a_delivered_mail_as_graph_shows_it(office: Office) -> None:
    office.arrive("Offer", extra="Cc: c@d.test\r\nReply-To: r@d.test\r\nImportance: high\r\nX-A: 1\r\n")
    [shown] = office.get("messages")["value"]
    assert shown["from"] == {"emailAddress": {"name": "Nora", "address": "nora@birch.test"}}
    assert [one["emailAddress"]["address"] for one in shown["ccRecipients"]] == ["c@d.test"]
    assert (shown["subject"], shown["importance"], shown["isRead"]) == ("Offer", "high", False)
    assert shown["internetMessageId"] == "<Offer@birch.test>"
    assert (shown["receivedDateTime"], shown["sentDateTime"]) == ("2026-11-20T12:00:00Z", "2026-11-20T11:00:00Z")
    assert shown["body"] == {"contentType": "text", "content": "Hi."}
    assert shown["@odata.etag"] == f'W/"{shown["changeKey"]}"'
    assert "internetMessageHeaders" not in shown
    assert "@odata.type" not in shown
    headers = office.get(f"messages/{shown['id']}?$select=internetMessageHeaders")["internetMessageHeaders"]
    assert {"name": "X-A", "value": "1"} in headers


def test_select_shows_nothing_else(office: Office) -> None:
    office.arrive()
    [shown] = office.get("messages?$select=Subject,isread")["value"]
    assert set(shown) == {"@odata.etag", "id", "subject", "isRead"}


@pytest.mark.parametrize(
    ("preference", "kind"),
    [("", "text"), ('outlook.body-content-type="text"', "text"), ('outlook.body-content-type="html"', "html")],
)
def test_body_in_the_form_asked_for(office: Office, preference: str, kind: str) -> None:
    office.arrive(body="a < b")
    answer = office.call("GET", "messages", headers={"Prefer": preference})
    body = answer.json()["value"][0]["body"]
    assert body["contentType"] == kind
    assert ("a &lt; b" in body["content"]) is (kind == "html")
    assert answer.headers.get("Preference-Applied", "") == preference


def test_html_loses_its_scripts(office: Office) -> None:
    office.arrive(extra="Content-Type: text/html\r\n", body="<p>Yes</p><script>alert(1)</script>")
    [shown] = office.get("messages")["value"]
    assert "<p>Yes</p>" in shown["body"]["content"]
    assert "alert" not in shown["body"]["content"]
    assert shown["bodyPreview"] == "Yes"


@pytest.mark.parametrize(
    "path",
    [
        "messages?$select=nosuch", "messages?$nosuch=1", "messages?$top=0", "messages?$top=1001",
        "messages?$filter=nosuch eq 1", "messages?$filter=subject", "messages?$filter=subject eq 'a",
        "messages?$top=x", "messages?$expand=calendar",
        "messages?$filter=subject ~ 'a'", "messages?$orderby=nosuch", "messages?$orderby=subject up",
        "messages?$expand=singleValueExtendedProperties", "messages?$select=subject&$select=body",
        "messages?$expand=singleValueExtendedProperties($filter=id eq 'nonsense')",
        "messages?$filter=isRead eq false&$orderby=receivedDateTime desc",
        "messages?$search=\"a\"&$filter=isRead eq true",
        "messages/delta", "messages/not-an-id", "mailFolders/not-an-id/messages", "nosuch",
    ],
)  # fmt: skip
def test_malformed_requests_are_refused(office: Office, path: str) -> None:
    office.arrive()
    assert office.call("GET", path).status_code == 400


@pytest.mark.parametrize(
    ("condition", "found"),
    [
        ("subject eq 'Two'", ["Two"]),
        ("contains(subject,'tw') or startswith(subject,'One')", ["One", "Two"]),
        ("not (subject eq 'Two')", ["One"]),
        ("isRead eq true", ["Two"]),
        ("categories/any(c:c eq 'Salesforce')", ["One"]),
        ("from/emailAddress/address eq 'NORA@birch.test'", ["One", "Two"]),
        ("toRecipients/any(r:r/emailAddress/address eq 'anna@acme.test')", ["One", "Two"]),
        ("receivedDateTime ge 2026-11-20T12:01:00Z", ["Two"]),
        ("receivedDateTime lt 2026-11-20T12:01:00Z and importance eq 'normal'", ["One"]),
        ("hasAttachments eq false", ["One", "Two"]),
        ("internetMessageId eq '<One@birch.test>'", ["One"]),
        (f"singleValueExtendedProperties/Any(ep: ep/id eq '{STAMP}' and ep/value eq '00u1')", ["Two"]),
        ("singleValueExtendedProperties/any(ep: ep/id eq 'String 0x001A' and ep/value ne 'IPM.Note')", []),
    ],
)
def test_filters(office: Office, condition: str, found: list[str]) -> None:
    office.arrive("One")
    later(office, minutes=5)
    office.arrive("Two")
    one, two = sorted(office.get("messages")["value"], key=lambda row: str(row["subject"]))
    office.call("PATCH", f"messages/{one['id']}", {"categories": ["Salesforce"]})
    stamp = {"singleValueExtendedProperties": [{"id": STAMP, "value": "00U1"}]}
    office.call("PATCH", f"messages/{two['id']}", {"isRead": True} | stamp)
    rows = office.get("messages", params={"$filter": condition, "$count": "true"})
    assert sorted(row["subject"] for row in rows["value"]) == found
    assert rows["@odata.count"] == len(found)


def test_pages_are_linked(office: Office) -> None:
    for number in range(25):
        office.arrive(f"Mail {number}")
        later(office, seconds=1)
    seen: list[str] = []
    path = "mailFolders('Inbox')/messages?$select=subject&$top=10&$orderby=receivedDateTime asc"
    while path:
        page = office.get(path)
        seen += [row["subject"] for row in page["value"]]
        path = page.get("@odata.nextLink", "")
    assert seen == [f"Mail {number}" for number in range(25)]


def test_stamps(office: Office) -> None:
    message = office.arrive()
    [shown] = office.get("messages")["value"]
    expand = f"$expand=singleValueExtendedProperties($filter=id eq '{STAMP}' or id eq 'LONG 0x0E08')"
    office.call(
        "PATCH", f"messages/{shown['id']}", {"singleValueExtendedProperties": [{"id": STAMP, "value": "00U"}]}
    )
    [row] = office.get(f"messages?{expand}")["value"]
    values = {one["id"].split()[-1]: one["value"] for one in row["singleValueExtendedProperties"]}
    assert values == {"SfId": "00U", "0xe08": str(message.content_size)}
    [bare] = office.get(f"messages?{expand.replace('SfId', 'sfid').replace('LONG', 'String')}")["value"]
    assert "singleValueExtendedProperties" not in bare


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"nosuch": 1}, "RequestBodyRead"),
        ({"isRead": "yes"}, "RequestBodyRead"),
        ({"categories": "Salesforce"}, "RequestBodyRead"),
        ({"importance": "urgent"}, "RequestBodyRead"),
        ({"subject": "other"}, "ErrorInvalidPropertySet"),
        ({"body": {"contentType": "text", "content": "x"}}, "ErrorInvalidPropertySet"),
        ({"receivedDateTime": "2026-01-01T00:00:00Z"}, "ErrorInvalidPropertySet"),
        (
            {"singleValueExtendedProperties": [{"id": "Integer 0x0E08", "value": "1"}]},
            "ErrorItemSavePropertyError",
        ),
        ({"singleValueExtendedProperties": [{"id": "SfId", "value": "1"}]}, "ErrorInvalidPropertySet"),
        ({"singleValueExtendedProperties": [{"value": "1"}]}, "RequestBodyRead"),
    ],
)
def test_writes_that_are_refused_change_nothing(office: Office, body: dict[str, Any], code: str) -> None:
    office.arrive()
    [before] = office.get("messages")["value"]
    assert office.refused("PATCH", f"messages/{before['id']}", body) == (400, code)
    assert office.get("messages")["value"] == [before]


def test_categories_replace_and_the_change_key_moves(office: Office) -> None:
    office.arrive()
    [before] = office.get("messages")["value"]
    after = office.call("PATCH", f"messages/{before['id']}", {"categories": ["A", "B"]}).json()
    assert after["categories"] == ["A", "B"]
    assert after["changeKey"] != before["changeKey"]
    assert after["id"] == before["id"]
    assert office.call("PATCH", f"messages/{before['id']}", {"categories": ["C"]}).json()["categories"] == ["C"]


@pytest.mark.parametrize("form", ['W/"{}"', '"{}"', "{}"])
def test_if_match(office: Office, form: str) -> None:
    office.arrive()
    [shown] = office.get("messages")["value"]
    path, condition = f"messages/{shown['id']}", {"If-Match": form.format(shown["changeKey"])}
    assert office.call("PATCH", path, {"isRead": True}, headers=condition).status_code == 200
    refused = (412, "ErrorIrresolvableConflict")
    assert office.refused("PATCH", path, {"isRead": False}, headers=condition) == refused
    assert office.refused("DELETE", path, headers=condition) == refused
    assert office.call("DELETE", path, headers={"If-Match": "*"}).status_code == 204


def test_default_ids_change_on_a_move_and_immutable_ids_do_not(office: Office) -> None:
    office.arrive()
    [plain] = office.get("messages")["value"]
    [lasting] = office.get("messages", headers=IMMUTABLE)["value"]
    assert plain["id"] != lasting["id"]
    moved = office.call("POST", f"messages/{plain['id']}/move", {"destinationId": "archive"})
    assert moved.status_code == 201
    assert moved.json()["id"] != plain["id"]
    assert office.refused("GET", f"messages/{plain['id']}") == (404, "ErrorItemNotFound")
    again = office.get(f"messages/{lasting['id']}", headers=IMMUTABLE)
    assert again["id"] == lasting["id"]
    assert again["parentFolderId"] == office.get("mailFolders/archive")["id"]
    assert office.refused("GET", f"messages/{lasting['id'].swapcase()}")[0] in (400, 404)


def test_an_id_of_another_mailbox_is_not_found(office: Office) -> None:
    office.arrive(to="ben@acme.test")
    [row] = office.get("/v1.0/users/ben@acme.test/messages")["value"]
    assert office.refused("GET", f"messages/{row['id']}") == (404, "ErrorItemNotFound")


def test_delete_goes_to_deleted_items_and_then_out_of_sight(office: Office) -> None:
    office.arrive()
    [shown] = office.get("messages", headers=IMMUTABLE)["value"]
    path = f"messages/{shown['id']}"
    assert office.call("DELETE", path).status_code == 204
    assert office.get(path)["parentFolderId"] == office.get("mailFolders/deleteditems")["id"]
    assert office.call("DELETE", path).status_code == 204
    assert office.get("messages")["value"] == []
    assert office.call("POST", f"{path}/permanentDelete").status_code == 204
    assert office.refused("GET", path) == (404, "ErrorItemNotFound")


def test_copy_is_another_item(office: Office) -> None:
    office.arrive()
    [shown] = office.get("messages", headers=IMMUTABLE)["value"]
    twin = office.call("POST", f"messages/{shown['id']}/copy", {"destinationId": "archive"}).json()
    assert twin["internetMessageId"] == shown["internetMessageId"]
    assert len(office.get("messages")["value"]) == 2
    assert office.refused("POST", f"messages/{shown['id']}/move", {}) == (400, "RequestBodyRead")
    assert office.refused("POST", f"messages/{shown['id']}/move", {"destinationId": twin["id"]})[0] == 400


def test_mime_is_the_mail_as_it_came(office: Office) -> None:
    message = office.arrive()
    [shown] = office.get("messages")["value"]
    answer = office.call("GET", f"messages/{shown['id']}/$value")
    assert answer.content == message.raw
    assert answer.headers["Content-Type"].startswith("text/plain")


def test_a_draft_is_written_changed_and_sent(office: Office) -> None:
    person = {"emailAddress": {"name": "Ben", "address": "ben@acme.test"}}
    outsider = {"emailAddress": {"address": "nora@birch.test"}}
    body = {
        "subject": "Draft", "toRecipients": [person], "bccRecipients": [outsider],
        "body": {"contentType": "html", "content": "<p>é</p>"}, "categories": ["A"],
        "internetMessageHeaders": [{"name": "x-crosstie", "value": "1"}],
    }  # fmt: skip
    draft = office.call("POST", "messages", body, headers=IMMUTABLE).json()
    assert draft["isDraft"]
    assert draft["internetMessageId"]
    path = f"messages/{draft['id']}"
    office.call("PATCH", path, {"subject": "Ready"})
    assert office.call("POST", f"{path}/send").status_code == 202
    sent = office.get(path, headers=IMMUTABLE)
    assert not sent["isDraft"]
    assert sent["parentFolderId"] == office.get("mailFolders/sentitems")["id"]
    select = "$select=subject,body,bccRecipients,internetMessageHeaders"
    [got] = office.get(f"/v1.0/users/ben@acme.test/messages?{select}")["value"]
    assert (got["subject"], got["bccRecipients"]) == ("Ready", [])
    assert "é" in got["body"]["content"]
    assert {"name": "x-crosstie", "value": "1"} in got["internetMessageHeaders"]
    [mail] = office.world.outbox.mails
    assert (mail.recipients, mail.cause) == (("ben@acme.test", "nora@birch.test"), "messages.send")
    assert office.refused("POST", f"{path}/send") == (400, "ErrorInvalidRequest")


@pytest.mark.parametrize(
    ("message", "refusal"),
    [
        ({"subject": "x"}, (400, "ErrorInvalidRecipients")),
        ({"toRecipients": [{"emailAddress": {"address": "no address"}}]}, (400, "ErrorInvalidRecipients")),
        ({"toRecipients": [{"address": "a@b.test"}]}, (400, "RequestBodyRead")),
        (None, (400, "RequestBodyRead")),
        (
            {"toRecipients": [{"emailAddress": {"address": "a@b.test"}}],
             "from": {"emailAddress": {"address": "boss@acme.test"}}},
            (403, "ErrorSendAsDenied"),
        ),
    ],
)  # fmt: skip
def test_mail_that_is_not_sent(office: Office, message: Any, refusal: tuple[int, str]) -> None:
    assert office.refused("POST", "sendMail", {"message": message}) == refusal
    assert office.world.outbox.mails == []
    assert office.get("messages")["value"] == []


def test_send_mail_by_json_and_by_mime(office: Office) -> None:
    to = [{"emailAddress": {"address": "ben@acme.test"}}]
    message = {"subject": "J", "toRecipients": to, "body": {"contentType": "text", "content": "t"}}
    assert office.call("POST", "sendMail", {"message": message}).status_code == 202
    assert office.call("POST", "sendMail", {"message": message, "saveToSentItems": False}).status_code == 202
    mime = base64.b64encode(b"From: anna@acme.test\r\nTo: ben@acme.test\r\nSubject: M\r\n\r\nBody\r\n")
    plain = {"Content-Type": "text/plain"}
    assert office.call("POST", "sendMail", content=mime, headers=plain).status_code == 202
    assert office.refused("POST", "sendMail", content=b"%%%", headers=plain)[0] == 400
    assert office.refused("POST", "sendMail", content=base64.b64encode(b"junk"), headers=plain)[0] == 400
    subjects = [row["subject"] for row in office.get("mailFolders/sentitems/messages")["value"]]
    assert sorted(subjects) == ["J", "M"]
    rows = office.get("/v1.0/users/ben@acme.test/messages")["value"]
    assert sorted(row["subject"] for row in rows) == ["J", "J", "M"]
    assert all(row["internetMessageId"] for row in rows)


def test_replies_join_the_conversation(office: Office) -> None:
    office.arrive("First")
    office.arrive("Re First", extra="In-Reply-To: <First@birch.test>\r\nReferences: <First@birch.test>\r\n")
    office.arrive("Other")
    threads = {row["subject"]: row["conversationId"] for row in office.get("messages")["value"]}
    assert threads["First"] == threads["Re First"] != threads["Other"]


def test_the_mails_of_a_conversation_are_listed_from_all_folders_by_its_exact_id(office: Office) -> None:
    office.arrive("First")
    office.arrive("Re First", extra="In-Reply-To: <First@birch.test>\r\n")
    office.arrive("Other")
    rows = {row["subject"]: row for row in office.get("messages")["value"]}
    moved = {"destinationId": "archive"}
    assert office.call("POST", f"messages/{rows['First']['id']}/move", moved).status_code == 201
    thread = rows["First"]["conversationId"]
    found = office.get("messages", params={"$filter": f"conversationId eq '{thread}'", "$top": "1"})
    assert "@odata.nextLink" in found
    assert len(office.get("messages", params={"$filter": f"conversationId eq '{thread}'"})["value"]) == 2
    one = office.get("mailFolders/inbox/messages", params={"$filter": f"conversationId eq '{thread}'"})["value"]
    assert [row["subject"] for row in one] == ["Re First"]


@pytest.mark.parametrize("wrong", ["nonsense", "AAQk", ""])
def test_what_is_no_conversation_id_is_malformed(office: Office, wrong: str) -> None:
    status, code = office.refused("GET", f"messages?$filter=conversationId eq '{wrong}'")
    assert (status, code) == (400, "ErrorInvalidIdMalformed")


def test_a_conversation_is_not_listed_in_the_order_of_its_mails(office: Office) -> None:
    """What is sorted by has to stand in the filter too, and first."""
    office.arrive("First")
    (row,) = office.get("messages")["value"]
    wanted = f"messages?$filter=conversationId eq '{row['conversationId']}'&$orderby=receivedDateTime desc"
    assert office.refused("GET", wanted) == (400, "InefficientFilter")


def test_a_conversation_has_another_id_in_every_mailbox(office: Office) -> None:
    sent = {"message": {"subject": "Both", "toRecipients": [{"emailAddress": {"address": "ben@acme.test"}}]}}
    assert office.call("POST", "sendMail", sent).status_code == 202
    (mine,) = office.get("mailFolders/sentitems/messages")["value"]
    (theirs,) = office.get("/v1.0/users/ben@acme.test/messages")["value"]
    assert mine["internetMessageId"] == theirs["internetMessageId"]
    assert mine["conversationId"] != theirs["conversationId"]


@pytest.mark.parametrize(
    ("user", "refusal"),
    [
        ("nobody@acme.test", (404, "ErrorInvalidUser")),
        ("a.alt@acme.test", (404, "ErrorInvalidUser")),
        ("temp@acme.test", (404, "MailboxNotEnabledForRESTAPI")),
        ("eve@evil.test", (404, "ErrorInvalidUser")),
        ("onprem@acme.test", (404, "MailboxNotEnabledForRESTAPI")),
    ],
)
def test_mailboxes_that_cannot_be_used(office: Office, user: str, refusal: tuple[int, str]) -> None:
    office.store.add_mailbox("eve@evil.test", "Eve")
    office.store.add_mailbox("onprem@acme.test", "Otto", home="exchange")
    assert office.refused("GET", f"/v1.0/users/{user}/messages") == refusal


def test_rights(office: Office) -> None:
    assert office.refused("GET", "/v1.0/me/messages")[0] == 400
    assert office.refused("GET", "messages", headers={"Authorization": ""}) == (401, "InvalidAuthenticationToken")
    weak = office.world.microsoft.register_app("Weak", client_id="weak", secret="w", roles=["Mail.Read"])
    office.world.microsoft.consent(weak, office.tenant)
    token = token_for(office, client_id="weak", client_secret="w")["access_token"]
    bearer = {"Authorization": f"Bearer {token}"}
    assert office.call("GET", "messages", headers=bearer).status_code == 200
    for method, path in (("POST", "messages"), ("POST", "sendMail"), ("GET", "mailboxSettings")):
        body: dict[str, Any] | None = {} if method == "POST" else None
        assert office.refused(method, path, body, headers=bearer) == (403, "ErrorAccessDenied")
    assert office.refused("GET", "/v1.0/users", headers=bearer) == (403, "Authorization_RequestDenied")
    office.app.only_mailboxes = frozenset({"ben@acme.test"})
    assert office.refused("GET", "messages") == (403, "ErrorAccessDenied")
    assert office.call("GET", "/v1.0/users/ben@acme.test/messages").status_code == 200


@pytest.mark.parametrize(
    "path",
    [
        "/v1.0//users/anna%40acme.test/messages", "/v1.0/users('anna@acme.test')/messages",
        "/v1.0/Users/ANNA@acme.test/Messages", "/v1.0/users/anna@acme.test/mailfolders('inbox')/messages/",
        "/v1.0/users/anna@acme.test/mailFolders/Inbox/messages/microsoft.graph.delta()",
    ],
)  # fmt: skip
def test_spellings_of_addresses(office: Office, path: str) -> None:
    office.arrive()
    assert len(office.get(path)["value"]) == 1
    assert list(office.world.requests.entries)[-1].subject == "anna@acme.test"


def test_methods_and_versions_that_do_not_exist(office: Office) -> None:
    assert office.call("PUT", "messages", {}).status_code == 405
    assert office.call("GET", "/beta/users").status_code == 404
    json = {"Content-Type": "application/json"}
    assert office.refused("POST", "messages", content=b"{", headers=json) == (400, "BadRequest")
    assert office.refused("POST", "messages", content=b"[]", headers=json) == (400, "RequestBodyRead")
    assert office.refused("POST", "messages", {"subject": "x" * 4_200_000})[0] == 413
