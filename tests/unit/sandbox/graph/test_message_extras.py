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


def test_messages_are_found_by_the_name_of_an_extension(office: Office) -> None:
    path = f"messages/{arrived(office)}"
    office.arrive("Other")
    office.call("POST", f"{path}/extensions", {"extensionName": NAME, "deal": 7})
    for id_ in (NAME, f"Microsoft.OutlookServices.OpenTypeExtension.{NAME}"):
        rows = office.get("messages", params={"$filter": f"Extensions/any(f:f/id eq '{id_}')"})["value"]
        assert [row["subject"] for row in rows] == ["Hello"]


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        ("New\r\n\r\nOn Friday Nora wrote:\r\n> Old", "text/plain"),
        ("New\r\n-----Original Message-----\r\nFrom: Nora\r\nOld", "text/plain"),
        ('<p>New</p><hr tabindex="-1"><div id="divRplyFwdMsg"></div>Old', "text/html"),
        ('<p>New</p><div class="gmail_quote">Old</div>', "text/html"),
    ],
)
def test_what_a_mail_adds_to_its_conversation(office: Office, body: str, kind: str) -> None:
    office.arrive("Re: x", extra=f"Content-Type: {kind}\r\n", body=body)
    [row] = office.get("messages?$select=body,uniqueBody")["value"]
    assert ("Old" in row["body"]["content"], "Old" in row["uniqueBody"]["content"]) == (True, False)
    assert "New" in row["uniqueBody"]["content"]


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


# Folders


def test_folders_in_another_order_and_counted(office: Office) -> None:
    for name in ("Alpha", "Beta"):
        office.call("POST", "mailFolders", {"displayName": name})
    rows = office.get("mailFolders?$orderby=displayName desc&$top=100&$filter=startswith(displayName,'Al')")[
        "value"
    ]
    names = [row["displayName"] for row in office.get("mailFolders?$orderby=displayName desc&$top=100")["value"]]
    assert names == sorted(names, key=str.casefold, reverse=True)
    assert [row["displayName"] for row in rows] == ["Alpha"]
    assert office.call("GET", "mailFolders/$count").text == str(len(names))
    assert office.call("GET", "mailFolders/inbox/childFolders/$count").text == "0"
    assert office.refused("GET", "mailFolders?$orderby=nosuch")[0] == 400


@pytest.mark.parametrize("on", [True, False])
def test_where_a_deleted_folder_goes_is_a_doubt(office: Office, on: bool) -> None:
    office.turn(folder_delete_is_soft=on)
    for _ in range(2):
        made = office.call("POST", "mailFolders", {"displayName": "A"}).json()["id"]
        assert office.call("DELETE", f"mailFolders/{made}").status_code == 204
    binned = office.get("mailFolders/deleteditems/childFolders")["value"]
    assert [row["displayName"] for row in binned] == (["A", "A1"] if on else [])
    for row in binned:
        assert office.call("DELETE", f"mailFolders/{row['id']}").status_code == 204
    assert office.get("mailFolders/deleteditems/childFolders")["value"] == []


def test_a_folder_ends_for_good(office: Office) -> None:
    office.turn(folder_delete_is_soft=True)
    made = office.call("POST", "mailFolders", {"displayName": "A"}).json()["id"]
    assert office.call("POST", f"mailFolders/{made}/permanentDelete").status_code == 204
    assert office.refused("GET", f"mailFolders/{made}") == (404, "ErrorItemNotFound")


STAMP = "String {66f5a359-4659-4830-9070-00047ec6ac6e} Name Mark"
EXPAND = f"$expand=singleValueExtendedProperties($filter=id eq '{STAMP}')"


def test_folders_carry_stamps(office: Office) -> None:
    stamp = {"singleValueExtendedProperties": [{"id": STAMP, "value": "ours"}]}
    made = office.call("POST", "mailFolders", {"displayName": "A", **stamp}).json()["id"]
    assert office.get(f"mailFolders/{made}?{EXPAND}")["singleValueExtendedProperties"][0]["value"] == "ours"
    wanted = f"singleValueExtendedProperties/Any(ep: ep/id eq '{STAMP}' and ep/value eq 'OURS')"
    assert [row["id"] for row in office.get("mailFolders", params={"$filter": wanted})["value"]] == [made]
    office.call("PATCH", "mailFolders/inbox", stamp)
    assert len(office.get("mailFolders", params={"$filter": wanted})["value"]) == 2
    cleared = {"singleValueExtendedProperties": [{"id": STAMP, "value": None}]}
    office.call("PATCH", f"mailFolders/{made}", cleared)
    assert "singleValueExtendedProperties" not in office.get(f"mailFolders/{made}?{EXPAND}")
    assert office.refused("PATCH", "mailFolders/inbox", {"displayName": "Mine"})[0] == 403


def test_children_come_along(office: Office) -> None:
    office.call("POST", "mailFolders/archive/childFolders", {"displayName": "Inner"})
    shown = office.get("mailFolders/archive?$expand=childFolders($select=displayName)")
    assert [child["displayName"] for child in shown["childFolders"]] == ["Inner"]
    assert office.refused("GET", "mailFolders?$expand=messages")[0] == 400


# Settings and names


def test_settings_stay_as_they_were_set(office: Office) -> None:
    away = {"status": "scheduled", "internalReplyMessage": "Away",
            "scheduledStartDateTime": {"dateTime": "2026-12-01T08:00:00", "timeZone": "UTC"}}  # fmt: skip
    asked = {
        "automaticRepliesSetting": away,
        "workingHours": {"daysOfWeek": ["monday"]},
        "dateFormat": "dd.MM.yyyy",
    }
    shown = office.call("PATCH", "mailboxSettings", asked).json()
    assert shown["automaticRepliesSetting"]["externalAudience"] == "all"
    assert shown["automaticRepliesSetting"] | away == shown["automaticRepliesSetting"]
    again = office.get("mailboxSettings")
    assert (again["workingHours"]["daysOfWeek"], again["workingHours"]["startTime"]) == (
        ["monday"],
        "08:00:00.0000000",
    )
    assert again["dateFormat"] == "dd.MM.yyyy"


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"nosuch": 1}, "RequestBodyRead"),
        ({"userPurpose": "room"}, "ErrorInvalidPropertySet"),
        ({"automaticRepliesSetting": {"status": "perhaps"}}, "RequestBodyRead"),
        ({"automaticRepliesSetting": {"nosuch": 1}}, "RequestBodyRead"),
        ({"automaticRepliesSetting": "off"}, "RequestBodyRead"),
        ({"workingHours": {"daysOfWeek": ["mon"]}}, "RequestBodyRead"),
    ],
)
def test_what_settings_refuse(office: Office, body: Any, code: str) -> None:
    assert office.refused("PATCH", "mailboxSettings", body) == (400, code)


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("timeZone", {"value": "W. Europe Standard Time"}),
        ("userPurpose", {"value": "user"}),
        ("language", {"locale": "en-US", "displayName": "English (United States)"}),
    ],
)
def test_one_setting_by_itself(office: Office, name: str, shown: dict[str, str]) -> None:
    got = office.get(f"mailboxSettings/{name}")
    assert {key: got[key] for key in shown} == shown
    assert office.get("mailboxSettings/workingHours")["daysOfWeek"]
    assert office.refused("GET", "mailboxSettings/nosuch")[0] == 400


def translate(office: Office, id_: str, source: str, target: str) -> Any:
    body = {"inputIds": [id_], "sourceIdType": source, "targetIdType": target}
    return office.call("POST", "translateExchangeIds", body).json()["value"][0]


def test_every_name_of_a_message_leads_to_every_other(office: Office) -> None:
    rest = arrived(office)
    forms = {"restId": rest} | {
        form: translate(office, rest, "restId", form)["targetId"]
        for form in ("ewsId", "entryId", "immutableEntryId", "restImmutableEntryId")
    }
    assert len(set(forms.values())) >= 4
    for source, id_ in forms.items():
        for target, wanted in forms.items():
            assert translate(office, id_, source, target)["targetId"] == wanted, (source, target)
    assert (
        translate(office, forms["entryId"], "restId", "ewsId")["errorDetails"]["code"] == "ErrorInvalidIdMalformed"
    )
