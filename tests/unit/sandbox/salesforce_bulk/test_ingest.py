"""Jobs that take rows: what is written, what is told about it, and when."""

from datetime import timedelta

import pytest

from sandbox.salesforce.bulk import run
from sandbox.salesforce.bulk.ingest import LARGEST_CONTENT
from tests.unit.sandbox.salesforce_bulk.conftest import INGEST, Bulk, error
from tests.unit.sandbox.salesforce_rest.conftest import BASE

LEADS = "LastName,Company\nYates,Fir\n,Oak\nDuarte,Dogwood\n"


def test_a_job_from_end_to_end(bulk: Bulk) -> None:
    made = bulk.make(operation="insert", object="lead", contentType="CSV", lineEnding="LF")
    assert (made["state"], made["object"], made["apiVersion"], made["columnDelimiter"]) == (
        "Open",
        "Lead",
        67.0,
        "COMMA",
    )
    assert made["contentUrl"] == f"services/data/v67.0/jobs/ingest/{made['id']}/batches"
    job = made["id"]
    assert bulk.put(job, LEADS).status_code == 201
    assert bulk.turn(job, "UploadComplete").json()["state"] == "UploadComplete"
    assert bulk.info(job)["state"] == "UploadComplete"
    bulk.org.wait(seconds=1)
    assert bulk.info(job)["state"] == "InProgress"
    assert bulk.org.count("Lead") == 0
    bulk.org.wait(seconds=1)
    whole = bulk.info(job)
    assert (whole["state"], whole["numberRecordsProcessed"], whole["numberRecordsFailed"]) == ("JobComplete", 3, 1)
    good = bulk.results(job, "successfulResults")
    assert [(one["sf__Created"], one["LastName"]) for one in good] == [("true", "Yates"), ("true", "Duarte")]
    assert {one["Id"] for one in bulk.org.query("SELECT Id FROM Lead")} == {one["sf__Id"] for one in good}
    bad = bulk.results(job, "failedResults")
    assert [(one["sf__Id"], one["Company"]) for one in bad] == [("", "Oak")]
    assert bad[0]["sf__Error"] == "REQUIRED_FIELD_MISSING:Required fields are missing: [LastName]:LastName --"
    assert bulk.results(job, "unprocessedrecords") == []


def test_rows_carry_the_time_they_were_written_at(bulk: Bulk) -> None:
    bulk.run(LEADS, operation="insert", object="Lead")
    stamps = {row["SystemModstamp"] for row in bulk.org.query("SELECT SystemModstamp FROM Lead")}
    assert stamps == {"2026-11-20T12:00:01.000+0000"}


def test_updates(bulk: Bulk) -> None:
    first = bulk.org.create("Lead", LastName="Yates", Company="Fir", Title="CEO", Phone="1")
    second = bulk.org.create("Lead", LastName="Duarte", Company="Dogwood", Phone="2")
    content = f"Id,Title,Phone\n{first},#N/A,\n{second},CFO,#N/A\n00Q000000000001,x,\n"
    job = bulk.run(content, operation="update", object="Lead")
    rows = bulk.org.query("SELECT Title, Phone FROM Lead ORDER BY LastName DESC")
    assert [(row["Title"], row["Phone"]) for row in rows] == [(None, "1"), ("CFO", None)]
    bad = bulk.results(job, "failedResults")
    assert [one["sf__Id"] for one in bad] == ["00Q000000000001"]


@pytest.mark.parametrize(
    ("text", "value"), [("1", True), ("yes", True), ("TRUE", True), ("0", False), ("n", False)]
)
def test_words_for_true_and_false(bulk: Bulk, text: str, value: int) -> None:
    content = f"Name,StageName,CloseDate,IsPrivate\nSaws,Prospecting,2026-12-01,{text}\n"
    bulk.run(content, operation="insert", object="Opportunity")
    assert bulk.org.query("SELECT IsPrivate FROM Opportunity")[0]["IsPrivate"] == value


def test_numbers_that_are_none(bulk: Bulk) -> None:
    job = bulk.run("Name,NumberOfEmployees\nFir,many\nOak,7\n", operation="insert", object="Account")
    assert [one["NumberOfEmployees"] for one in bulk.results(job, "successfulResults")] == ["7"]
    told = bulk.results(job, "failedResults")[0]["sf__Error"]
    assert told == "INVALID_TYPE_ON_FIELD_IN_RECORD:value not of required type: many: --"


def test_upserts(bulk: Bulk) -> None:
    bulk.org.create("Account", Name="Fir", Ext_Key__c="a")
    content = "ext_key__c,Name\na,Fir & Co\nb,Oak\n,Elm\nc,Ash\nc,Ash 2\n"
    job = bulk.run(content, operation="upsert", object="Account", externalIdFieldName="Ext_Key__c")
    good = bulk.results(job, "successfulResults")
    assert [(one["sf__Created"], one["Name"]) for one in good] == [("false", "Fir & Co"), ("true", "Oak")]
    codes = [one["sf__Error"].partition(":")[0] for one in bulk.results(job, "failedResults")]
    assert codes == ["MISSING_ARGUMENT", "DUPLICATE_VALUE", "DUPLICATE_VALUE"]


def test_relations_by_key(bulk: Bulk) -> None:
    bulk.org.create("Account", Name="Fir", Ext_Key__c="a")
    content = "LastName,Account.Ext_Key__c\nYates,a\nDuarte,zz\n"
    job = bulk.run(content, operation="insert", object="Contact")
    assert bulk.org.query("SELECT Account.Name FROM Contact")[0]["Account"]["Name"] == "Fir"
    assert len(bulk.results(job, "failedResults")) == 1


def test_deletes(bulk: Bulk) -> None:
    ids = [bulk.org.create("Lead", LastName="Yates", Company="Fir") for _ in range(2)]
    job = bulk.run(f"Id\n{ids[0]}\nnonsense\n", operation="delete", object="Lead")
    assert len(bulk.results(job, "failedResults")) == 1
    assert bulk.org.count("Lead") == 1
    refused = bulk.org.call("POST", INGEST, {"operation": "hardDelete", "object": "Lead"})
    assert error(refused) == (400, "FEATURENOTENABLED")
    bulk.org.site.jobs.hard_deleters.add(bulk.org.integration)
    bulk.run(f"Id\n{ids[1]}\n", operation="hardDelete", object="Lead")
    everything = bulk.org.get("/queryAll", params={"q": "SELECT Id FROM Lead"})["records"]
    assert [one["Id"] for one in everything] == [ids[0]]


@pytest.mark.parametrize(
    ("content", "operation", "sentence"),
    [
        ("LastName,Nonsense\nYates,x\n", "insert", "InvalidBatch : Field name not found : Nonsense"),
        ("LastName,Nonsense.Id\nYates,x\n", "insert", "InvalidBatch : Field name not found : Nonsense.Id"),
        ("LastName\nYates\n", "update", "InvalidBatch : Field name not found : Id"),
        ("Id,LastName\n1,Yates\n", "delete", "InvalidBatch : A delete takes a single column, Id"),
        ("LastName\r\nYates\r\n", "insert", "ClientInputError : LineEnding is invalid on user data."),
        ('LastName\n"Yates\n', "insert", "InvalidBatch : Failed to parse CSV content:"),
        (b"LastName\n\xff\n", "insert", "InvalidBatch : The content is not UTF-8"),
        ("", "insert", "InvalidBatch : Unable to find a header row"),
        ("LastName\n" + "x" * 131_073 + "\n", "insert", "InvalidBatch : a record of the content is larger"),
    ],
)
def test_content_that_fails_the_whole_job(bulk: Bulk, content: str | bytes, operation: str, sentence: str) -> None:
    job = bulk.run(content, operation=operation, object="Lead")
    whole = bulk.info(job)
    assert (whole["state"], whole["numberRecordsProcessed"]) == ("Failed", 0)
    assert whole["errorMessage"].startswith(sentence)
    assert bulk.org.count("Lead") == 0


def test_hidden_fields_are_not_found(bulk: Bulk) -> None:
    bulk.org.site.org.hide_field("Lead", "Title")
    job = bulk.run("LastName,Company,Title\nYates,Fir,CEO\n", operation="insert", object="Lead")
    assert bulk.info(job)["errorMessage"] == "InvalidBatch : Field name not found : Title"


@pytest.mark.parametrize(
    ("delimiter", "sign"),
    [("BACKQUOTE", "`"), ("CARET", "^"), ("PIPE", "|"), ("SEMICOLON", ";"), ("TAB", "\t"), ("COMMA", ",")],
)
@pytest.mark.parametrize(("ending", "end"), [("LF", "\n"), ("CRLF", "\r\n")])
def test_delimiters_and_line_endings(bulk: Bulk, delimiter: str, sign: str, ending: str, end: str) -> None:
    content = f'LastName{sign}Company{sign}Description{end}"Ya{sign}tes"{sign}"F""ir"{sign}"two\nlines"{end}'
    job = bulk.run(content, operation="insert", object="Lead", columnDelimiter=delimiter, lineEnding=ending)
    row = bulk.org.query("SELECT LastName, Company, Description FROM Lead")[0]
    assert (row["LastName"], row["Company"], row["Description"]) == (f"Ya{sign}tes".strip(), 'F"ir', "two\nlines")
    told = bulk.org.call("GET", f"{INGEST}/{job}/successfulResults").text
    assert told.startswith(
        sign.join(('"sf__Id"', '"sf__Created"', '"LastName"', '"Company"', '"Description"')) + end
    )
    bulk.org.world.switches.turn("salesforce.bulk_results_as_given", False)
    told = bulk.org.call("GET", f"{INGEST}/{job}/successfulResults").text
    assert told.startswith('"sf__Id","sf__Created","LastName","Company","Description"\n')


def test_an_aborted_job_leaves_what_it_had_not_done(bulk: Bulk) -> None:
    job = bulk.make(operation="insert", object="Lead")["id"]
    bulk.put(job, "LastName,Company\n" + "".join(f"P{number},Fir\n" for number in range(1000)))
    bulk.turn(job, "UploadComplete")
    bulk.org.wait(seconds=1.25)
    assert bulk.info(job)["numberRecordsProcessed"] == 400
    assert bulk.turn(job, "Aborted").json()["state"] == "Aborted"
    bulk.org.wait(minutes=5)
    assert bulk.org.count("Lead") == 400
    assert len(bulk.results(job, "unprocessedrecords")) == 600
    assert error(bulk.turn(job, "Aborted")) == (400, "INVALIDJOBSTATE")


def test_a_job_in_one_request(bulk: Bulk) -> None:
    wanted = (None, b'{"object": "Lead", "operation": "insert", "contentType": "CSV"}', "application/json")
    files = {"job": wanted, "content": ("content", LEADS.encode(), "text/csv")}
    made = bulk.org.http.post(f"{BASE}{INGEST}", files=files).json()
    assert made["state"] == "UploadComplete"
    bulk.org.wait(minutes=1)
    assert (bulk.info(made["id"])["state"], bulk.org.count("Lead")) == ("JobComplete", 2)
    files["content"] = ("content", b"x" * 100_001, "text/csv")
    assert error(bulk.org.http.post(f"{BASE}{INGEST}", files=files)) == (400, "INVALIDBATCH")
    assert len(bulk.org.get(INGEST)["records"]) == 1


def test_the_order_of_states(bulk: Bulk) -> None:
    job = bulk.make(operation="insert", object="Lead")["id"]
    assert error(bulk.org.call("DELETE", f"{INGEST}/{job}")) == (400, "INVALIDJOBSTATE")
    assert bulk.put(job, LEADS).status_code == 201
    assert error(bulk.put(job, LEADS)) == (400, "CLIENTINPUTERROR")
    assert error(bulk.turn(job, "JobComplete")) == (400, "INVALIDJOBSTATE")
    bulk.turn(job, "UploadComplete")
    assert error(bulk.put(job, LEADS)) == (400, "INVALIDJOBSTATE")
    assert error(bulk.turn(job, "UploadComplete")) == (400, "INVALIDJOBSTATE")
    bulk.org.wait(minutes=1)
    refused = bulk.turn(job, "Aborted")
    assert refused.json()[0]["message"] == "Aborting already Completed Job not allowed"
    assert bulk.org.call("DELETE", f"{INGEST}/{job}").status_code == 204
    assert error(bulk.org.call("GET", f"{INGEST}/{job}")) == (404, "NOT_FOUND")


@pytest.mark.parametrize(
    ("wanted", "code"),
    [
        ({"operation": "query", "object": "Lead"}, "INVALIDJOB"),
        ({"object": "Lead"}, "INVALIDJOB"),
        ({"operation": "insert", "object": "Nonsense"}, "INVALIDJOB"),
        ({"operation": "insert", "object": "Lead", "contentType": "JSON"}, "INVALIDJOB"),
        ({"operation": "insert", "object": "Lead", "columnDelimiter": "DOT"}, "INVALIDJOB"),
        ({"operation": "insert", "object": "Lead", "lineEnding": "CR"}, "INVALIDJOB"),
        ({"operation": "upsert", "object": "Account"}, "INVALIDJOB"),
        ({"operation": "upsert", "object": "Account", "externalIdFieldName": "Phone"}, "INVALIDJOB"),
    ],
)
def test_jobs_that_are_not_made(bulk: Bulk, wanted: dict[str, str], code: str) -> None:
    assert error(bulk.org.call("POST", INGEST, wanted)) == (400, code)


def test_content_of_the_wrong_kind_or_size(bulk: Bulk) -> None:
    job = bulk.make(operation="insert", object="Lead")["id"]
    assert error(bulk.put(job, LEADS, "application/json")) == (415, "INVALIDBATCH")
    assert error(bulk.put(job, b"x" * (LARGEST_CONTENT + 1))) == (413, "REQUEST_ENTITY_TOO_LARGE")
    assert bulk.put(job, LEADS, "text/csv; charset=UTF-8").status_code == 201


def test_lists_and_their_end(bulk: Bulk) -> None:
    ids = [bulk.make(operation="insert", object="Lead")["id"] for _ in range(1001)]
    first = bulk.org.get(INGEST)
    assert (first["done"], len(first["records"])) == (False, 1000)
    rest = bulk.org.http.get(first["nextRecordsUrl"]).json()
    assert (rest["done"], [one["id"] for one in rest["records"]]) == (True, ids[1000:])
    assert bulk.org.get(INGEST, params={"jobType": "Classic"})["records"] == []
    bulk.org.wait(days=7)
    bulk.org.sign_in()
    assert bulk.org.get(INGEST)["records"] == []


def test_batches_are_counted(bulk: Bulk) -> None:
    bulk.run(LEADS, operation="insert", object="Lead")
    batches = bulk.org.get("/limits")["DailyBulkApiBatches"]
    assert batches == {"Max": 15_000, "Remaining": 14_999}
    bulk.org.site.allowances["DailyBulkApiBatches"].allowance = 1
    assert error(bulk.org.call("POST", INGEST, {"operation": "insert", "object": "Lead"})) == (
        400,
        "EXCEEDEDQUOTA",
    )


def test_what_a_job_has_still_to_do_is_not_covered(bulk: Bulk, monkeypatch: pytest.MonkeyPatch) -> None:
    """`updated` tells a client to come back for what began before its end."""
    monkeypatch.setattr(run, "PACE", timedelta(minutes=1))
    bulk.org.wait(minutes=10)
    job = bulk.make(operation="insert", object="Lead")["id"]
    bulk.put(job, "LastName,Company\n" + "Yates,Fir\n" * 600)
    bulk.turn(job, "UploadComplete")
    bulk.org.wait(minutes=2, seconds=30)
    window = {"start": "2026-11-20T12:00:00Z", "end": "2026-11-20T13:00:00Z"}
    early = bulk.org.get("/sobjects/Lead/updated", params=window)
    assert (len(early["ids"]), early["latestDateCovered"]) == (200, "2026-11-20T12:10:00.000+0000")
    bulk.org.wait(minutes=2)
    late = bulk.org.get("/sobjects/Lead/updated", params=window)
    assert (len(late["ids"]), late["latestDateCovered"]) == (600, "2026-11-20T12:14:00.000+0000")
