"""The Bulk API 1.0 in JSON: batches, their outcomes and its own words for what it refuses."""

from typing import Any

import httpx2
import pytest

from tests.unit.sandbox.salesforce_bulk.conftest import Bulk

BASE = "/services/async/67.0/job"


class Classic:
    def __init__(self, bulk: Bulk) -> None:
        self.org = bulk.org
        self.key = {"X-SFDC-Session": bulk.org.http.headers["Authorization"].removeprefix("Bearer ")}

    def call(self, method: str, path: str = "", body: Any = None, base: str = BASE) -> httpx2.Response:
        content = {"content": body} if isinstance(body, str) else {"json": body} if body is not None else {}
        return self.org.http.request(method, base + path, headers=self.key, **content)

    def job(self, operation: str = "insert", object_name: str = "Lead", **more: Any) -> str:
        wanted = {"operation": operation, "object": object_name, "contentType": "JSON"} | more
        answer = self.call("POST", body=wanted)
        assert answer.status_code == 201, answer.text
        return str(answer.json()["id"])

    def batch(self, job: str, records: Any) -> str:
        answer = self.call("POST", f"/{job}/batch", records)
        assert answer.status_code == 201, answer.text
        return f"/{job}/batch/{answer.json()['id']}"


@pytest.fixture
def classic(bulk: Bulk) -> Classic:
    return Classic(bulk)


LEAD = {"LastName": "Yates", "Company": "Fir"}


def test_batches_from_end_to_end(classic: Classic) -> None:
    job = classic.job()
    batch = classic.batch(job, [LEAD, {"Company": "Oak"}])
    assert classic.call("GET", batch).json()["state"] == "Queued"
    assert classic.call("GET", f"{batch}/result").json()["exceptionMessage"] == "Batch not completed"
    assert classic.call("POST", f"/{job}", {"state": "Closed"}).json()["state"] == "Closed"
    classic.org.wait(seconds=1)
    assert classic.call("GET", batch).json()["state"] == "InProgress"
    classic.org.wait(seconds=1)
    told = classic.call("GET", batch).json()
    assert (told["state"], told["numberRecordsProcessed"], told["numberRecordsFailed"]) == ("Completed", 2, 1)
    good, bad = classic.call("GET", f"{batch}/result").json()
    assert (good["success"], good["created"]) == (True, True)
    assert good["id"] == classic.org.query("SELECT Id FROM Lead")[0]["Id"]
    assert bad["errors"][0]["statusCode"] == "REQUIRED_FIELD_MISSING"
    assert classic.call("GET", f"{batch}/request").json() == [LEAD, {"Company": "Oak"}]
    whole = classic.call("GET", f"/{job}").json()
    assert (whole["numberBatchesCompleted"], whole["numberRecordsFailed"]) == (1, 1)
    assert [one["id"] for one in classic.call("GET", f"/{job}/batch").json()["batchInfo"]] == [told["id"]]


def test_keys_nulls_and_deletes(classic: Classic) -> None:
    made = classic.org.create("Account", Name="Fir", Phone="1", Ext_Key__c="a")
    job = classic.job("upsert", "Account", externalIdFieldName="Ext_Key__c")
    records = [{"Ext_Key__c": "a", "Phone": None}, {"Ext_Key__c": "b", "Name": "Oak"}]
    batch = classic.batch(job, records)
    classic.org.wait(minutes=1)
    assert [one["created"] for one in classic.call("GET", f"{batch}/result").json()] == [False, True]
    assert classic.org.query(f"SELECT Phone FROM Account WHERE Id = '{made}'")[0]["Phone"] is None
    gone = classic.batch(classic.job("delete", "Account"), [{"Id": made}])
    classic.org.wait(minutes=1)
    assert classic.call("GET", f"{gone}/result").json()[0]["success"] is True
    assert classic.org.count("Account") == 1


def test_queries(classic: Classic) -> None:
    classic.org.create("Lead", **LEAD)
    batch = classic.batch(classic.job("query"), "SELECT Id, LastName FROM Lead")
    wrong = classic.batch(classic.job("query"), "SELECT Nonsense FROM Lead")
    classic.org.wait(minutes=1)
    [result] = classic.call("GET", f"{batch}/result").json()
    assert classic.call("GET", f"{batch}/result/{result}").json()[0]["LastName"] == "Yates"
    assert classic.call("GET", f"{batch}/result/{result[:-1]}").json()["exceptionCode"] == "InvalidBatch"
    told = classic.call("GET", wrong).json()
    assert (told["state"], "INVALID_FIELD" in told["stateMessage"]) == ("Failed", True)


def test_a_field_there_is_not(classic: Classic) -> None:
    batch = classic.batch(classic.job(), [LEAD | {"Nonsense": 1}])
    classic.org.wait(minutes=1)
    told = classic.call("GET", batch).json()
    assert (told["state"], told["stateMessage"]) == ("Failed", "InvalidBatch : Field name not found : Nonsense")
    refused = classic.call("GET", f"{batch}/result")
    assert (refused.status_code, refused.json()) == (
        400,
        {"exceptionCode": "InvalidBatch", "exceptionMessage": "Records not processed"},
    )
    assert classic.org.count("Lead") == 0


def test_aborted(classic: Classic) -> None:
    job = classic.job()
    batch = classic.batch(job, [LEAD])
    assert classic.call("POST", f"/{job}", {"state": "Aborted"}).json()["state"] == "Aborted"
    classic.org.wait(minutes=1)
    assert classic.call("GET", batch).json()["state"] == "Failed"
    assert classic.org.count("Lead") == 0
    for path, body in ((f"/{job}/batch", [LEAD]), (f"/{job}", {"state": "Closed"})):
        assert classic.call("POST", path, body).json()["exceptionCode"] == "InvalidJobState"


@pytest.mark.parametrize(
    ("wanted", "code"),
    [
        ({"contentType": "CSV"}, "InvalidJob"),
        ({"object": "Nonsense"}, "InvalidJob"),
        ({"operation": "nonsense"}, "InvalidJob"),
        ({"operation": "upsert"}, "InvalidJob"),
        ({"operation": "hardDelete"}, "FeatureNotEnabled"),
    ],
)
def test_jobs_that_are_not_made(classic: Classic, wanted: dict[str, str], code: str) -> None:
    whole = {"operation": "insert", "object": "Lead", "contentType": "JSON"} | wanted
    answer = classic.call("POST", body=whole)
    assert (answer.status_code, answer.json()["exceptionCode"]) == (400, code)


def test_other_refusals(classic: Classic) -> None:
    job = classic.job()
    for body in ({"LastName": "x"}, ["x"], "nonsense", [LEAD] * 10_001):
        assert classic.call("POST", f"/{job}/batch", body).json()["exceptionCode"] == "InvalidBatch"
    assert classic.call("GET", "/750000000000001").json()["exceptionCode"] == "InvalidJob"
    assert classic.call("POST", f"/{job}", []).json()["exceptionCode"] == "InvalidJob"
    assert classic.call("GET", f"/{job}/batch/751000000000001").json()["exceptionCode"] == "InvalidBatch"
    old = classic.call("GET", f"/{job}", base="/services/async/30.0/job")
    assert (old.status_code, old.json()["exceptionCode"]) == (400, "InvalidVersion")
    classic.org.site.allowances["DailyBulkApiBatches"].allowance = 0
    assert classic.call("POST", f"/{job}/batch", [LEAD]).json()["exceptionCode"] == "ExceededQuota"
    classic.key = {}
    assert classic.call("GET", f"/{job}").json()["exceptionCode"] == "InvalidSessionId"


def test_the_log_knows_the_org(classic: Classic) -> None:
    classic.job()
    entry = list(classic.org.world.requests.since(0))[-1]
    assert (entry.route, entry.subject) == ("async_create", classic.org.site.org.id)


def test_jobs_are_forgotten(classic: Classic) -> None:
    job = classic.job()
    classic.org.wait(days=8)
    classic.org.sign_in()
    classic.key = {"X-SFDC-Session": classic.org.http.headers["Authorization"].removeprefix("Bearer ")}
    assert classic.call("GET", f"/{job}").json()["exceptionCode"] == "InvalidJob"
