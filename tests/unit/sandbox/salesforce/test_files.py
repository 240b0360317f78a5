"""Files: a version makes its document and its links."""

import base64
import hashlib
from typing import Any

import pytest

from sandbox.salesforce import values
from tests.unit.sandbox.salesforce.conftest import Company, refusal

DATA = b"%PDF-1.7 not really"


def upload(company: Company, **more: Any) -> str:
    fields = {"PathOnClient": "offers/Offer No 1.PDF", "VersionData": base64.b64encode(DATA).decode()}
    return company.add("ContentVersion", **(fields | more))


def links(company: Company, document: str) -> list[tuple[str, str, str]]:
    rows = company.records(
        "SELECT LinkedEntityId, ShareType, Visibility FROM ContentDocumentLink "
        f"WHERE ContentDocumentId = '{document}' ORDER BY Id"
    )
    return [(row["LinkedEntityId"], row["ShareType"], row["Visibility"]) for row in rows]


def test_a_version_and_what_it_makes(company: Company) -> None:
    message = company.add("EmailMessage", Subject="x", Status="3")
    version = upload(company, FirstPublishLocationId=message)
    row = company.row("ContentVersion", version)
    expected = {
        "Title": "Offer No 1",
        "FileExtension": "pdf",
        "FileType": "PDF",
        "ContentSize": len(DATA),
        "Checksum": hashlib.md5(DATA, usedforsecurity=False).hexdigest(),
        "IsLatest": True,
        "VersionNumber": "1",
        "FirstPublishLocationId": message,
        "VersionData": f"/services/data/v67.0/sobjects/ContentVersion/{version}/VersionData",
    }
    assert {name: row[name] for name in expected} == expected
    assert company.org.blob(company.integration, version, "VersionData") == DATA
    document = company.row("ContentDocument", row["ContentDocumentId"])
    assert (document["Title"], document["LatestPublishedVersionId"], document["ContentSize"]) == (
        "Offer No 1",
        version,
        len(DATA),
    )
    assert links(company, document["Id"]) == [
        (company.integration, "I", "AllUsers"),
        (message, "V", "AllUsers"),
    ]
    assert company.row("EmailMessage", message)["HasAttachment"] is True


def test_more_links_and_no_second_one(company: Company) -> None:
    document = company.row("ContentVersion", upload(company))["ContentDocumentId"]
    task = company.add("Task", Subject="x")
    company.add("ContentDocumentLink", ContentDocumentId=document, LinkedEntityId=task)
    assert links(company, document)[1] == (task, "V", "AllUsers")
    again = refusal(company.add, "ContentDocumentLink", ContentDocumentId=document, LinkedEntityId=task)
    assert again.code == "DUPLICATE_VALUE"
    message = company.add("EmailMessage", ContentDocumentIds=[document])
    assert company.row("EmailMessage", message)["ContentDocumentIds"] == [document]
    (record,) = company.records(
        f"SELECT Id, (SELECT ContentDocumentId FROM ContentDocumentLinks) FROM Task WHERE Id = '{task}'"
    )
    assert record["ContentDocumentLinks"]["records"] == [{"ContentDocumentId": document}]


def test_the_next_version(company: Company) -> None:
    first = upload(company)
    document = company.row("ContentVersion", first)["ContentDocumentId"]
    second = upload(company, ContentDocumentId=document, VersionData="YWJj", PathOnClient="b.docx")
    row = company.row("ContentVersion", second)
    assert (row["VersionNumber"], row["IsLatest"], row["FileType"]) == ("2", True, "WORD_X")
    assert company.row("ContentVersion", first)["IsLatest"] is False
    assert company.row("ContentDocument", document)["LatestPublishedVersionId"] == second
    assert len(links(company, document)) == 1


def test_refused_uploads(company: Company, monkeypatch: pytest.MonkeyPatch) -> None:
    assert refusal(company.add, "ContentVersion", VersionData="YQ==").fields == ("PathOnClient",)
    assert refusal(company.add, "ContentVersion", PathOnClient="a").fields == ("VersionData",)
    assert refusal(upload, company, VersionData="?").code == "JSON_PARSER_ERROR"
    assert refusal(upload, company, FirstPublishLocationId="02s000000000001AAA").status == 400
    monkeypatch.setattr(values, "MAX_BASE64_BYTES", 2)
    assert refusal(upload, company).code == "FILE_SIZE_LIMIT_EXCEEDED"
    assert company.values("SELECT Id FROM ContentDocument") == []
    big = upload(company, VersionData=b"more than two bytes, but not in JSON")
    assert company.row("ContentVersion", big)["ContentSize"] == 36


def test_an_empty_file_is_a_file(company: Company) -> None:
    version = upload(company, VersionData="", PathOnClient="empty")
    row = company.row("ContentVersion", version)
    assert (row["ContentSize"], row["FileExtension"], row["FileType"]) == (0, None, "UNKNOWN")
    assert company.org.blob(company.integration, version, "VersionData") == b""


def test_a_document_goes_with_versions_and_links(company: Company) -> None:
    task = company.add("Task", Subject="x")
    document = company.row("ContentVersion", upload(company, FirstPublishLocationId=task))["ContentDocumentId"]
    company.org.delete(company.integration, document)
    assert company.values("SELECT Id FROM ContentVersion") == []
    assert links(company, document) == []
    assert company.values("SELECT Id FROM Task") == [task]


def test_a_record_goes_with_its_links_but_not_with_the_file(company: Company) -> None:
    task = company.add("Task", Subject="x")
    document = company.row("ContentVersion", upload(company, FirstPublishLocationId=task))["ContentDocumentId"]
    company.org.delete(company.integration, task)
    assert [entity for entity, _, _ in links(company, document)] == [company.integration]


def test_links_are_read_for_named_files_or_records_only(company: Company) -> None:
    document = company.row("ContentVersion", upload(company))["ContentDocumentId"]
    fine = [
        f"ContentDocumentId = '{document}'",
        f"LinkedEntityId IN ('{company.integration}') AND ShareType = 'I'",
        "ContentDocumentId IN (SELECT Id FROM ContentDocument)",
    ]
    for where in fine:
        assert len(company.values(f"SELECT Id FROM ContentDocumentLink WHERE {where}")) == 1
    for where in (
        "ShareType = 'I'",
        f"NOT ContentDocumentId = '{document}'",
        f"ContentDocumentId != '{document}'",
    ):
        refused = refusal(company.records, f"SELECT Id FROM ContentDocumentLink WHERE {where}")
        assert "Implementation restriction" in refused.message
    company.org.features.query_all_files = True
    assert len(company.values("SELECT Id FROM ContentDocumentLink")) == 1
