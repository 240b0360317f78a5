"""Jobs that give rows."""

import csv
import io

import pytest

from tests.unit.sandbox.salesforce_bulk.conftest import QUERY, Bulk, error


def leads(bulk: Bulk, number: int) -> None:
    org = bulk.org.site.org
    for at in range(number):
        org.insert(org.admin, "Lead", {"LastName": f"P{at:03}", "Company": "Fir"})


def test_a_job_from_end_to_end(bulk: Bulk) -> None:
    account = bulk.org.create("Account", Name='F"ir')
    bulk.org.create("Contact", LastName="Yates", AccountId=account)
    bulk.org.create("Contact", LastName="Duarte")
    soql = "SELECT LastName, account.name, IsEmailBounced, CreatedDate FROM Contact ORDER BY LastName"
    made = bulk.make(QUERY, operation="query", query=soql)
    assert (made["state"], made["object"], made["lineEnding"]) == ("UploadComplete", "Contact", "LF")
    assert error(bulk.page(made["id"])) == (400, "INVALIDJOBSTATE")
    bulk.org.wait(seconds=1)
    whole = bulk.info(made["id"], QUERY)
    assert (whole["state"], whole["numberRecordsProcessed"]) == ("JobComplete", 2)
    page = bulk.page(made["id"])
    assert (page.headers["Sforce-Locator"], page.headers["Sforce-NumberOfRecords"]) == ("null", "2")
    assert page.text == (
        '"LastName","Account.Name","IsEmailBounced","CreatedDate"\n'
        '"Duarte","","false","2026-11-20T12:00:00.000Z"\n"Yates","F""ir","false","2026-11-20T12:00:00.000Z"\n'
    )


def test_pages(bulk: Bulk) -> None:
    leads(bulk, 2_050)
    job = bulk.find("SELECT LastName FROM Lead ORDER BY LastName")
    seen: list[str] = []
    locator = ""
    while locator != "null":
        page = bulk.page(job, maxRecords=1000, **({"locator": locator} if locator else {}))
        rows = list(csv.reader(io.StringIO(page.text)))
        assert rows[0] == ["LastName"]
        assert int(page.headers["Sforce-NumberOfRecords"]) == len(rows) - 1 <= 1000
        seen += [row[0] for row in rows[1:]]
        locator = page.headers["Sforce-Locator"]
    assert len(seen) == len(set(seen)) == 2_050


def test_rows_are_those_of_the_moment_it_ran(bulk: Bulk) -> None:
    leads(bulk, 1)
    job = bulk.find("SELECT Id FROM Lead")
    bulk.org.create("Lead", LastName="Yates", Company="Fir")
    assert bulk.page(job).headers["Sforce-NumberOfRecords"] == "1"


def test_deleted_rows_too(bulk: Bulk) -> None:
    gone = bulk.org.create("Lead", LastName="Yates", Company="Fir")
    bulk.org.call("DELETE", f"/sobjects/Lead/{gone}")
    assert bulk.page(bulk.find("SELECT Id FROM Lead")).text == '"Id"\n'
    every = bulk.page(bulk.find("SELECT Id, IsDeleted FROM Lead", operation="queryAll"))
    assert every.text == f'"Id","IsDeleted"\n"{gone}","true"\n'


def test_another_delimiter(bulk: Bulk) -> None:
    leads(bulk, 1)
    job = bulk.find("SELECT LastName, Company FROM Lead", columnDelimiter="PIPE", lineEnding="CRLF")
    assert bulk.page(job).text == '"LastName"|"Company"\r\n"P000"|"Fir"\r\n'


@pytest.mark.parametrize(
    ("soql", "code"),
    [
        ("", "INVALIDJOB"),
        ("SELEKT", "MALFORMED_QUERY"),
        ("SELECT Nonsense FROM Lead", "INVALID_FIELD"),
        ("SELECT Id FROM Nonsense", "INVALID_TYPE"),
        ("SELECT COUNT() FROM Lead", "FUNCTIONALITY_NOT_ENABLED"),
        ("SELECT COUNT(Id) FROM Lead", "FUNCTIONALITY_NOT_ENABLED"),
        ("SELECT Company FROM Lead GROUP BY Company", "FUNCTIONALITY_NOT_ENABLED"),
        ("SELECT Id FROM Lead LIMIT 5 OFFSET 1", "FUNCTIONALITY_NOT_ENABLED"),
        ("SELECT Id, (SELECT Id FROM Contacts) FROM Account", "FUNCTIONALITY_NOT_ENABLED"),
        ("SELECT Address FROM Lead", "FUNCTIONALITY_NOT_ENABLED"),
        ("SELECT FIELDS(STANDARD) FROM Lead", "FUNCTIONALITY_NOT_ENABLED"),
    ],
)
def test_queries_that_are_not_taken(bulk: Bulk, soql: str, code: str) -> None:
    assert error(bulk.org.call("POST", QUERY, {"operation": "query", "query": soql})) == (400, code)


def test_a_query_that_fails_while_it_runs(bulk: Bulk) -> None:
    job = bulk.find("SELECT Id FROM Lead WHERE Nonsense = 'x'")
    whole = bulk.info(job, QUERY)
    assert whole["state"] == "Failed"
    assert whole["errorMessage"].startswith("INVALID_FIELD: ")


def test_wrong_pages(bulk: Bulk) -> None:
    leads(bulk, 3)
    job = bulk.find("SELECT Id FROM Lead")
    for query, code in (
        ({"locator": "*"}, "INVALID_QUERY_LOCATOR"),
        ({"locator": "eHg"}, "INVALID_QUERY_LOCATOR"),
        ({"locator": "OTk"}, "INVALID_QUERY_LOCATOR"),
        ({"maxRecords": "0"}, "CLIENTINPUTERROR"),
        ({"maxRecords": "x"}, "CLIENTINPUTERROR"),
    ):
        assert error(bulk.page(job, **query)) == (400, code)


def test_aborted_and_deleted(bulk: Bulk) -> None:
    job = bulk.make(QUERY, operation="query", query="SELECT Id FROM Lead")["id"]
    assert error(bulk.turn(job, "UploadComplete", QUERY)) == (400, "INVALIDJOBSTATE")
    assert bulk.turn(job, "Aborted", QUERY).json()["state"] == "Aborted"
    bulk.org.wait(minutes=1)
    assert bulk.info(job, QUERY)["state"] == "Aborted"
    assert error(bulk.org.call("GET", f"/jobs/ingest/{job}")) == (404, "NOT_FOUND")
    assert bulk.org.call("DELETE", f"{QUERY}/{job}").status_code == 204
    assert bulk.org.get(QUERY)["records"] == []


def test_jobs_are_counted(bulk: Bulk) -> None:
    bulk.find("SELECT Id FROM Lead")
    assert bulk.org.get("/limits")["DailyBulkV2QueryJobs"] == {"Max": 10_000, "Remaining": 9_999}
    bulk.org.site.allowances["DailyBulkV2QueryJobs"].allowance = 1
    refused = bulk.org.call("POST", QUERY, {"operation": "query", "query": "SELECT Id FROM Lead"})
    assert error(refused) == (400, "LIMIT_EXCEEDED")
