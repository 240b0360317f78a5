"""What holds for every REST request: versions, session, sizes, the allowance, and bad luck."""

import httpx2
import pytest

from sandbox.salesforce import mishaps
from sandbox.salesforce.rest import admission
from tests.unit.sandbox.salesforce_rest.conftest import BASE, Org


def test_versions_are_listed_without_a_session(signed_out: Org) -> None:
    versions = signed_out.http.get("/services/data/").json()
    assert [one["version"] for one in versions] == [f"{number}.0" for number in range(50, 69)]
    assert versions[-1] == {"label": "Winter '27", "url": "/services/data/v68.0", "version": "68.0"}
    assert versions[-2]["label"] == "Summer '26"


@pytest.mark.parametrize(
    ("version", "status"),
    [
        ("50.0", 200),
        ("68.0", 200),
        ("49.0", 404),
        ("69.0", 404),
        ("67", 404),
        ("x", 404),
        ("30.0", 410),
        ("7.0", 410),
        ("6.0", 404),
    ],
)
def test_versions_that_are_served(org: Org, version: str, status: int) -> None:
    org.create("Account", Name="Acme")
    answer = org.http.get(f"/services/data/v{version}/query", params={"q": "SELECT Id FROM Account"})
    if status == 410:
        assert answer.json()[0]["errorCode"] == "GONE"
    assert answer.status_code == status
    if status == 200:
        address = answer.json()["records"][0]["attributes"]["url"]
        assert address.startswith(f"/services/data/v{version}/sobjects/Account/001")
        assert org.http.get(f"/services/data/v{version}/").json()["query"] == f"/services/data/v{version}/query"


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer 00Dnonsense", "Bearer 00D000000000000!x", "Basic eDp5"])
@pytest.mark.parametrize("path", ["/limits", "/nonsense", "/sobjects"])
def test_no_session(signed_out: Org, header: str, path: str) -> None:
    answer = signed_out.http.get(BASE + path, headers={"Authorization": header} if header else {})
    assert answer.status_code == 401
    assert answer.json() == [{"message": "Session expired or invalid", "errorCode": "INVALID_SESSION_ID"}]
    assert "Sforce-Limit-Info" not in answer.headers


def test_sessions_last_two_hours(org: Org) -> None:
    org.wait(minutes=119, seconds=59)
    assert org.call("GET", "/limits").status_code == 200
    org.wait(seconds=1)
    assert org.call("GET", "/limits").status_code == 401
    org.sign_in()
    assert org.call("GET", "/limits").status_code == 200


@pytest.mark.parametrize(("length", "status"), [(3_900, 200), (17_000, 414)])
def test_long_addresses(org: Org, length: int, status: int) -> None:
    answer = org.call("GET", "/query", params={"q": f"SELECT Id FROM Lead WHERE Company = '{'x' * length}'"})
    assert answer.status_code == status


def test_large_headers(org: Org) -> None:
    assert org.call("GET", "/limits", headers={"X-Ballast": "x" * 15_000}).status_code == 200
    assert org.call("GET", "/limits", headers={"X-Ballast": "x" * 16_384}).status_code == 431


def test_large_bodies(org: Org, monkeypatch: pytest.MonkeyPatch) -> None:
    assert admission.LARGEST_BODY == 50 * 1024 * 1024
    monkeypatch.setattr(admission, "LARGEST_BODY", 1000)
    answer = org.call("POST", "/sobjects/Lead", {"LastName": "L" * 2000})
    assert answer.status_code == 413
    assert org.count("Lead") == 0
    entity = (None, b'{"Title": "x", "PathOnClient": "x"}', "application/json")
    content = ("x.bin", b"x" * 2000, "application/octet-stream")
    answer = org.http.post(
        f"{BASE}/sobjects/ContentVersion", files={"entity_content": entity, "VersionData": content}
    )
    assert answer.status_code == 201


def test_the_allowance_is_told_and_ends(org: Org) -> None:
    org.site.usage.allowance = 4
    answers = [org.call("GET", path) for path in ("/limits", "/nonsense", "/sobjects", "/limits", "/limits")]
    assert [answer.status_code for answer in answers] == [200, 404, 200, 200, 403]
    told = [answer.headers["Sforce-Limit-Info"] for answer in answers]
    assert told == ["api-usage=1/4", "api-usage=2/4", "api-usage=3/4", "api-usage=4/4", "api-usage=4/4"]
    assert answers[0].json()["DailyApiRequests"] == {"Max": 4, "Remaining": 3}
    assert answers[-1].json() == [
        {"message": "TotalRequests Limit exceeded.", "errorCode": "REQUEST_LIMIT_EXCEEDED"}
    ]
    org.site.usage.soft = True
    assert org.call("GET", "/limits").json()["DailyApiRequests"]["Remaining"] == 0
    org.site.usage.soft = False
    org.wait(hours=24)
    org.sign_in()
    assert org.call("GET", "/limits").headers["Sforce-Limit-Info"] == "api-usage=1/4"


def test_the_vendor_is_unavailable_for_a_while(org: Org) -> None:
    org.world.faults.add(mishaps.unavailable(route="query*", times=2))
    soql = {"q": "SELECT Id FROM Lead"}
    assert org.call("GET", "/limits").status_code == 200
    answers = [org.call("GET", "/query", params=soql) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [503, 503, 200]
    assert answers[0].json()[0]["errorCode"] == "SERVER_UNAVAILABLE"


def test_too_many_at_once(org: Org) -> None:
    org.world.faults.add(mishaps.busy(org=org.site.org.id))
    answer = org.call("GET", "/limits")
    assert (answer.status_code, answer.json()[0]["errorCode"]) == (403, "REQUEST_LIMIT_EXCEEDED")


def test_an_answer_is_lost_after_the_write(org: Org) -> None:
    org.world.faults.add(mishaps.lost("lose_answer", route="row_create"))
    with pytest.raises(httpx2.RemoteProtocolError):
        org.call("POST", "/sobjects/Lead", {"LastName": "L", "Company": "C"})
    assert org.count("Lead") == 1
    statuses = {entry.route: entry.status for entry in org.world.requests.entries}
    assert statuses["row_create"] == 499


@pytest.mark.parametrize(
    ("early_stamp", "stamp"), [(True, "2026-11-20T12:00:00.000+0000"), (False, "2026-11-20T12:05:00.000+0000")]
)
def test_a_write_shows_up_later(org: Org, early_stamp: bool, stamp: str) -> None:
    org.world.faults.add(mishaps.lost("finish_later", route="row_create", delay=300, early_stamp=early_stamp))
    with pytest.raises(httpx2.TransportError):
        org.call("POST", "/sobjects/Lead", {"LastName": "L", "Company": "C"})
    org.wait(seconds=299)
    assert org.count("Lead") == 0
    org.wait(seconds=1)
    assert [row["SystemModstamp"] for row in org.query("SELECT SystemModstamp FROM Lead")] == [stamp]
    assert org.create("Lead", LastName="M", Company="C")
    rows = org.query("SELECT SystemModstamp FROM Lead WHERE LastName = 'M'")
    assert rows[0]["SystemModstamp"] == "2026-11-20T12:05:00.000+0000"


def test_the_log_says_whom_a_request_concerned(org: Org) -> None:
    org.call("GET", "/limits")
    entry = org.world.requests.entries[-1]
    assert (entry.face, entry.route, entry.subject, entry.status) == ("salesforce", "limits", org.site.org.id, 200)


def test_describe_is_cached_by_the_client(org: Org) -> None:
    answer = org.call("GET", "/sobjects/Contact/describe")
    body = answer.json()
    assert body["name"] == "Contact"
    assert body["urls"]["describe"] == f"{BASE}/sobjects/Contact/describe"
    assert {"Email", "LastName"} <= {field["name"] for field in body["fields"]}
    for headers in (
        {"If-None-Match": answer.headers["ETag"]},
        {"If-Modified-Since": answer.headers["Last-Modified"]},
    ):
        again = org.call("GET", "/sobjects/Contact/describe", headers=headers)
        assert (again.status_code, again.content) == (304, b"")
    org.wait(seconds=10)
    org.site.org.hide_field("Contact", "Email")
    changed = org.call(
        "GET", "/sobjects/Contact/describe", headers={"If-Modified-Since": answer.headers["Last-Modified"]}
    )
    assert changed.status_code == 200
    assert "Email" not in {field["name"] for field in changed.json()["fields"]}


@pytest.mark.parametrize(
    "path", ["/query/?q=SELECT+Id+FROM+Lead", "/sobjects/", "/sobjects/Lead/describe/", "/limits/", "/"]
)
def test_a_slash_at_the_end_makes_no_difference(org: Org, path: str) -> None:
    assert org.call("GET", path).status_code == 200
    assert org.call("GET", path.replace("/?", "?").rstrip("/")).status_code == 200


def test_describe_global_and_basics(org: Org) -> None:
    body = org.get("/sobjects")
    named = {one["name"]: one for one in body["sobjects"]}
    assert {"Contact", "Task", "EmailMessage", "User"} <= set(named)
    assert named["Task"]["urls"]["rowTemplate"] == f"{BASE}/sobjects/Task/{{ID}}"
    assert "fields" not in named["Task"]
    basics = org.get("/sobjects/Task")
    assert basics["objectDescribe"]["name"] == "Task"
    assert basics["recentItems"] == []
    assert org.call("GET", "/sobjects/Nonsense/describe").status_code == 404
