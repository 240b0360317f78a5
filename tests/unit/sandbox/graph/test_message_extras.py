"""What else a message can do: open extensions, flags with dates, searching, counting; and copies of folders."""

from typing import Any

import pytest

from tests.unit.sandbox.graph.conftest import Office

NAME = "Test.Crm"


def arrived(office: Office, subject: str = "Hello", **mail: str) -> str:
    office.arrive(subject, **mail)
    [row] = office.get(f"messages?$filter=subject eq '{subject}'")["value"]
    return str(row["id"])


def test_open_extensions(office: Office) -> None:
    path = f"messages/{arrived(office)}"
    body = {"@odata.type": "microsoft.graph.openTypeExtension", "extensionName": NAME, "deal": 7}
    made = office.call("POST", f"{path}/extensions", body)
    assert (made.status_code, made.json()["deal"]) == (201, 7)
    assert made.json()["id"] == f"Microsoft.OutlookServices.OpenTypeExtension.{NAME}"
    assert office.refused("POST", f"{path}/extensions", body) == (409, "ErrorExtensionAlreadyExists")
    office.call("PATCH", f"{path}/extensions/{made.json()['id']}", {"stage": "won", "deal": None})
    expanded = office.get(f"{path}?$expand=extensions($filter=id eq '{NAME}')")["extensions"]
    assert [{key: one.get(key) for key in ("deal", "stage")} for one in expanded] == [
        {"deal": None, "stage": "won"}
    ]
    assert "extensions" not in office.get(f"{path}?$expand=extensions($filter=id eq 'Other')")
    assert "extensions" not in office.get(path)
    assert office.call("DELETE", f"{path}/extensions/{NAME}").status_code == 204
    assert office.refused("GET", f"{path}/extensions/{NAME}") == (404, "ErrorItemNotFound")


@pytest.mark.parametrize(
    "body",
    [{"extensionName": ""}, {"@odata.type": "#microsoft.graph.schemaExtension", "extensionName": "x"}, {}],
)
def test_what_an_extension_refuses(office: Office, body: Any) -> None:
    assert office.refused("POST", f"messages/{arrived(office)}/extensions", body)[0] == 400


def test_a_message_is_born_with_an_extension(office: Office) -> None:
    body = {"subject": "x", "extensions": [{"@odata.type": "microsoft.graph.openTypeExtension",
                                            "extensionName": NAME, "a": True}]}  # fmt: skip
    id_ = office.call("POST", "messages", body).json()["id"]
    assert office.get(f"messages/{id_}/extensions/{NAME}")["a"] is True
    office.call("POST", f"messages/{id_}/copy", {"destinationId": "inbox"})
    [copy] = office.get("mailFolders/inbox/messages?$expand=extensions")["value"]
    assert copy["extensions"][0]["extensionName"] == NAME


def test_flags_keep_their_dates(office: Office) -> None:
    path = f"messages/{arrived(office)}"
    start, due = ({"dateTime": f"2026-11-2{n}T08:00:00", "timeZone": "UTC"} for n in (3, 4))
    flag = {"flagStatus": "flagged", "startDateTime": start, "dueDateTime": due}
    assert office.call("PATCH", path, {"flag": flag}).json()["flag"] == flag
    alone = {"flagStatus": "flagged", "dueDateTime": due}
    assert office.refused("PATCH", path, {"flag": alone}) == (400, "ErrorInvalidArgument")
    nowhere = {"flagStatus": "complete", "completedDateTime": {"dateTime": "2026-11-23", "timeZone": "Narnia"}}
    assert office.refused("PATCH", path, {"flag": nowhere}) == (400, "ErrorInvalidTimeZone")
    cleared = office.call("PATCH", path, {"flag": {"flagStatus": "notFlagged"}}).json()["flag"]
    assert cleared == {"flagStatus": "notFlagged"}


@pytest.mark.parametrize(
    ("search", "found"),
    [
        ('"offer"', {"Offer", "Re: offer"}),
        ("offer AND cedar", {"Offer"}),
        ('"subject:cedar"', set()),
        ("body:cedar", {"Offer"}),
        ("from:nora", {"Offer", "Re: offer", "Bill"}),
        ('"from:nora subject:bill"', {"Bill"}),
        ("subject:bil*", {"Bill"}),
        ("importance:high", {"Bill"}),
        ("hasAttachments:true", set()),
        ("participants:ben@acme.test", set()),
    ],
)
def test_search(office: Office, search: str, found: set[str]) -> None:
    office.arrive("Offer", body="From Cedar")
    office.arrive("Re: offer")
    office.arrive("Bill", extra="Importance: high\r\n")
    rows = office.get("messages", params={"$search": search})["value"]
    assert {row["subject"] for row in rows} == found


@pytest.mark.parametrize("query", ['$search="nosuch:x"', '$search=""', "$search=a OR b", "$search=a&$count=true"])
def test_what_a_search_refuses(office: Office, query: str) -> None:
    assert office.refused("GET", f"messages?{query}")[0] == 400


def test_counts(office: Office) -> None:
    for subject in ("A", "B"):
        office.arrive(subject)
    office.call("POST", "messages", {"subject": "draft"})
    assert office.call("GET", "messages/$count").text == "3"
    assert office.call("GET", "mailFolders('inbox')/messages/$count").text == "2"
    assert office.call("GET", "messages/$count?$filter=subject eq 'A'").text == "1"


def test_a_folder_is_copied_with_all_that_is_in_it(office: Office) -> None:
    made = office.call("POST", "mailFolders", {"displayName": "A"}).json()["id"]
    office.call("POST", f"mailFolders/{made}/childFolders", {"displayName": "B"})
    office.call("POST", f"messages/{arrived(office)}/move", {"destinationId": made})
    copied = office.call("POST", f"mailFolders/{made}/copy", {"destinationId": "archive"})
    assert copied.status_code == 201
    twin = copied.json()
    assert (twin["displayName"], twin["totalItemCount"], twin["childFolderCount"]) == ("A", 1, 1)
    assert office.refused("POST", f"mailFolders/{made}/copy", {"destinationId": "archive"})[0] == 409
    assert office.refused("POST", f"mailFolders/{made}/copy", {"destinationId": made})[0] == 400
