"""One walk past every address of the face: each answer is held against the metadata, none is left out."""

from typing import Any

import pytest

from sandbox import switches
from sandbox.graph.face import FACE
from tests.unit.sandbox.graph.calendar_tour import visit_calendars, visit_events, visit_meetings
from tests.unit.sandbox.graph.conftest import Office
from tests.unit.sandbox.graph.parts_tour import visit_attachments, visit_extensions
from tests.unit.sandbox.graph.receiver import Receiver
from tests.unit.sandbox.graph.test_folders import MULTIPART
from tests.unit.sandbox.graph.test_mail_kinds import KINDS
from tests.unit.sandbox.graph.test_subscriptions import subscribe, wish

pytestmark = pytest.mark.shared
TO = [{"emailAddress": {"address": "ben@acme.test"}}]


def visit_answers(office: Office, message: str) -> None:
    for action in ("createReply", "createReplyAll", "createForward", "reply", "replyAll"):
        office.call("POST", f"messages/{message}/{action}", {})
    office.call("POST", f"messages/{message}/forward", {"toRecipients": TO})
    office.call("GET", "messages/$count")
    office.call("GET", "mailFolders/inbox/messages/$count")


def visit_subscriptions(office: Office) -> None:
    Receiver(office)
    made = subscribe(office)["id"]
    path = f"/v1.0/subscriptions/{made}"
    office.get("/v1.0/subscriptions")
    office.get(path)
    office.call("PATCH", path, {"expirationDateTime": wish()["expirationDateTime"]})
    office.call("POST", f"{path}/reauthorize")
    office.call("DELETE", path)


def visit_folders(office: Office) -> None:
    made = office.call("POST", "mailFolders", {"displayName": "A"}).json()["id"]
    office.call("POST", f"mailFolders/{made}/childFolders", {"displayName": "B"})
    for path in ("mailFolders", "mailFolders/delta", f"mailFolders/{made}", f"mailFolders/{made}/childFolders"):
        office.get(path)
    office.call("PATCH", f"mailFolders/{made}", {"displayName": "C"})
    office.call("POST", f"mailFolders/{made}/copy", {"destinationId": "archive"})
    office.call("POST", f"mailFolders/{made}/move", {"destinationId": "inbox"})
    office.call("DELETE", f"mailFolders/{made}")
    other = office.call("POST", "mailFolders", {"displayName": "D"}).json()["id"]
    office.call("GET", "mailFolders/$count")
    office.call("GET", f"mailFolders/{other}/childFolders/$count")
    office.call("POST", f"mailFolders/{other}/permanentDelete")


def visit_messages(office: Office, folder: str, message: str) -> str:
    """Ends with another id of the message, if its moves changed it."""
    path = f"{folder}messages/{message}"
    office.get(path)
    office.call("PATCH", path, {"isRead": True})
    office.call("POST", f"{path}/copy", {"destinationId": "drafts"})
    moved = office.call("POST", f"{path}/move", {"destinationId": "archive"}).json()["id"]
    moved = office.call("POST", f"messages/{moved}/move", {"destinationId": "inbox"}).json()["id"]
    return str(moved)


def visit_rest(office: Office, message: str) -> None:
    category = office.call("POST", "outlook/masterCategories", {"displayName": "X"}).json()["id"]
    people = [str(office.ben.guid)]
    group = f"/v1.0/groups/{office.world.microsoft.add_group(office.tenant, 'Sales', 's@acme.test', people).id}"
    office.get(f"{group}/transitiveMembers/microsoft.graph.user", headers={"ConsistencyLevel": "eventual"})
    for path in ("/v1.0/groups", group, f"{group}/members", f"{group}/transitiveMembers"):
        office.get(path)
    for path in ("outlook/masterCategories", f"outlook/masterCategories/{category}", "mailboxSettings",
                 "mailboxSettings/timeZone", "/v1.0/users", "/v1.0/users/anna@acme.test", "/v1.0/users/delta",
                 "/v1.0/organization"):  # fmt: skip
        office.get(path)
    office.call("PATCH", f"outlook/masterCategories/{category}", {"color": "preset2"})
    office.call("DELETE", f"outlook/masterCategories/{category}")
    office.call("GET", "/v1.0/users/$count", headers={"ConsistencyLevel": "eventual"})
    office.call("PATCH", "mailboxSettings", {"timeZone": "UTC"})
    types = {"sourceIdType": "restId", "targetIdType": "restImmutableEntryId"}
    office.call("POST", "translateExchangeIds", {"inputIds": [message], **types})
    office.call("POST", "/v1.0/$batch", {"requests": [{"id": "1", "method": "GET", "url": "/users/x@acme.test"}]})


def test_every_address_answers_as_the_metadata_says(office: Office) -> None:
    for (head, body), _, _ in KINDS:
        office.arrive(extra=head, body=body)
    office.arrive("With files", extra=MULTIPART[0], body=MULTIPART[1])
    visit_folders(office)
    for path in (
        "messages?$top=50",
        "mailFolders/inbox/messages?$expand=attachments",
        "mailFolders/inbox/messages/delta",
    ):
        office.get(path)
    assert {office.call("GET", f"{kind}/delta").status_code for kind in ("messages", "events")} == {400}
    message = str(office.get("messages?$filter=hasAttachments eq true")["value"][0]["id"])
    message = visit_messages(office, "", message)
    message = visit_messages(office, "mailFolders/inbox/", message)
    office.call("GET", f"messages/{message}/$value")
    visit_attachments(office, f"messages/{message}")
    visit_rest(office, message)
    visit_answers(office, message)
    visit_extensions(office, f"messages/{message}")
    visit_subscriptions(office)
    visit_calendars(office)
    visit_events(office)
    visit_meetings(office)
    draft: Any = office.call("POST", "mailFolders/drafts/messages", {"toRecipients": TO}).json()
    office.call("POST", f"messages/{draft['id']}/send")
    other = office.call("POST", "messages", {"subject": "x"}).json()["id"]
    office.call("DELETE", f"mailFolders/drafts/messages/{other}")
    office.call("POST", f"messages/{message}/permanentDelete")
    office.call("DELETE", f"messages/{office.get('messages')['value'][0]['id']}")
    office.call("POST", "sendMail", {"message": {"toRecipients": TO}})
    visited = {entry.route for entry in office.world.requests.entries if entry.status < 300}
    missing = {route.name for route in FACE.routes} - visited
    to_refuse, of_people = {"messages.delta_of_all", "events.delta_of_all"}, {"userinfo", "userinfo_post"}
    assert missing == to_refuse | of_people, "this tour is an app's own"


@pytest.mark.parametrize("on", [True, False])
def test_the_tour_under_every_switch(office: Office, on: bool) -> None:
    never = {"graph.never_ending_round"}
    for switch in switches.declared():
        if switch.name.startswith("graph.") and switch.name not in never:
            office.world.switches.turn(switch.name, on)
    test_every_address_answers_as_the_metadata_says(office)
