"""Describe answers, rows in REST shape, ids, and custom fields out of the package."""

from pathlib import Path

import pytest

from sandbox.salesforce.ids import normalise, suffix
from sandbox.salesforce.schema.package import BadMetadata, parse
from tests.unit.sandbox.salesforce.conftest import Company, refusal


@pytest.mark.parametrize(
    ("short", "whole"),
    [
        ("001000000000001", "001000000000001AAA"),
        ("0123456789ABCDE", "0123456789ABCDEAA5"),
        ("ABCDEFGHIJKLMNO", "ABCDEFGHIJKLMNO555"),
        ("ZZZZZaaaaaAzAz0", "ZZZZZaaaaaAzAz05AF"),
        ("0018M000003uKqq", "0018M000003uKqqQAE"),
        ("003D000000QV9n2", "003D000000QV9n2IAD"),
    ],
)
def test_ids_of_eighteen_characters(short: str, whole: str) -> None:
    assert short + suffix(short) == whole
    assert normalise(short) == normalise(whole) == whole


@pytest.mark.parametrize(
    "value", ["", "001", "001000000000001AA", "001000000000001AAB", "00100000000000!", None, 7]
)
def test_what_is_no_id(value: object) -> None:
    assert normalise(value) is None


def test_ids_carry_their_objects_prefix_and_grow(company: Company) -> None:
    tasks = [company.add("Task", Subject="x") for _ in range(3)]
    assert tasks == sorted(tasks)
    assert {task[:3] for task in tasks} == {"00T"}
    assert company.org.object_of(tasks[0]) == "Task"
    assert company.org.id.startswith("00D")
    assert refusal(company.org.object_of, "zzz000000000001AAA").code == "MALFORMED_ID"


def test_describe_says_what_the_package_brought(company: Company) -> None:
    for name in ("Task", "Event", "EmailMessage"):
        fields = {field["name"]: field for field in company.org.describe(company.ann, name)["fields"]}
        key = fields["Crosstie_Key__c"]
        assert (
            key["type"],
            key["unique"],
            key["externalId"],
            key["idLookup"],
            key["caseSensitive"],
            key["custom"],
        ) == (
            "string",
            True,
            True,
            True,
            True,
            True,
        )
        assert fields["Crosstie_Created_By_Sync__c"]["type"] == "boolean"


def test_describe_names_children_and_record_types(company: Company) -> None:
    answer = company.org.describe(company.ann, "contact")
    assert answer["name"] == "Contact"
    children = {
        (child["childSObject"], child["field"]): child["relationshipName"]
        for child in answer["childRelationships"]
    }
    assert children["Task", "WhoId"] == "Tasks"
    assert [info["name"] for info in answer["recordTypeInfos"]] == ["Master"]
    company.add("RecordType", Name="Partner", DeveloperName="Partner", SobjectType="Contact")
    assert [info["name"] for info in company.org.describe(company.ann, "Contact")["recordTypeInfos"]] == [
        "Partner",
        "Master",
    ]
    assert refusal(company.org.describe, company.ann, "Nothing").status == 404


def test_describe_global(company: Company) -> None:
    answer = company.org.describe_global(company.ann)
    prefixes = {item["name"]: item["keyPrefix"] for item in answer["sobjects"]}
    assert (answer["encoding"], answer["maxBatchSize"]) == ("UTF-8", 200)
    assert prefixes["Task"] == "00T"
    assert prefixes["EmailMessage"] == "02s"


def test_a_row_with_some_fields(company: Company) -> None:
    account = company.add("Account", Name="x")
    row = company.org.get(company.ann, "account", account[:15], ["name", "Website"])
    url = f"/services/data/v67.0/sobjects/Account/{account}"
    assert row == {"attributes": {"type": "Account", "url": url}, "Id": account, "Name": "x", "Website": None}
    assert refusal(company.org.get, company.ann, "Account", account, ["Nope"]).code == "INVALID_FIELD"
    assert refusal(company.org.get, company.ann, "Account", "x").code == "NOT_FOUND"


def package(tmp_path: Path, owner: str, body: str) -> Path:
    folder = tmp_path / "objects" / owner / "fields"
    folder.mkdir(parents=True)
    head = '<?xml version="1.0" encoding="UTF-8"?>\n'
    field = f'<CustomField xmlns="http://soap.sforce.com/2006/04/metadata">{body}</CustomField>'
    (folder / "F.field-meta.xml").write_text(body if body.startswith("<?") else head + field)
    return tmp_path


def test_custom_fields_of_every_kind(company: Company, tmp_path: Path) -> None:
    kinds = {
        "Number": "<precision>5</precision><scale>2</scale>",
        "Date": "",
        "LongTextArea": "<length>1000</length><visibleLines>3</visibleLines>",
        "Lookup": "<referenceTo>Account</referenceTo><relationshipName>Mine</relationshipName>",
        "Picklist": "<valueSet><restricted>true</restricted><valueSetDefinition><value><fullName>a</fullName>"
        "<default>true</default></value></valueSetDefinition></valueSet>",
        "MultiselectPicklist": "<valueSet><valueSetDefinition><value><fullName>a</fullName></value>"
        "</valueSetDefinition></valueSet>",
    }
    for number, (kind, more) in enumerate(kinds.items()):
        body = f"<fullName>F{number}__c</fullName><label>F</label><type>{kind}</type>{more}"
        company.org.load_package(package(tmp_path / kind, "Contact", body))
    account = company.add("Account", Name="x")
    fields = {"F0__c": 1.239, "F1__c": "2026-01-02", "F2__c": "long", "F3__c": account, "F5__c": "a;b"}
    contact = company.row("Contact", company.add("Contact", LastName="x", **fields))
    assert {name: contact[name] for name in fields} == fields | {"F0__c": 1.24}
    assert contact["F4__c"] == "a"
    assert (
        refusal(company.add, "Contact", LastName="x", F4__c="b").code == "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST"
    )
    assert refusal(company.add, "Contact", LastName="x", F0__c=1000).code == "NUMBER_OUTSIDE_VALID_RANGE"
    assert company.values("SELECT F3__r.Name FROM Contact") == [{"Name": "x"}]
    assert company.values("SELECT (SELECT LastName FROM Mine__r) FROM Account")[0]["totalSize"] == 1
    assert company.values("SELECT LastName FROM Contact WHERE F5__c INCLUDES ('b;a', 'c')") == ["x"]
    assert company.values("SELECT LastName FROM Contact WHERE F5__c EXCLUDES ('a')") == []
    assert refusal(company.records, "SELECT Id FROM Contact WHERE F2__c = 'long'").code == "INVALID_FIELD"


@pytest.mark.parametrize(
    ("owner", "body", "sentence"),
    [
        ("Contact", "<fullName>F</fullName><type>Text</type>", "does not end in __c"),
        ("Contact", "<fullName>F__c</fullName><type>Summary</type>", "'Summary' is not modelled"),
        ("Contact", "<?xml version='1.0'?><Other/>", "CustomField expected"),
        ("Contact", "<?xml version='1.0'?><CustomField>", "not well-formed"),
        ("Nothing", "<fullName>F__c</fullName><type>Text</type>", "no object Nothing"),
        (
            "Contact",
            "<fullName>F__c</fullName><type>Lookup</type><referenceTo>Asset</referenceTo>",
            "points at Asset",
        ),
    ],
)
def test_metadata_that_cannot_be_loaded(
    company: Company, tmp_path: Path, owner: str, body: str, sentence: str
) -> None:
    with pytest.raises(ValueError, match=sentence):
        company.org.load_package(package(tmp_path, owner, body))


@pytest.mark.parametrize(
    "declaration", ['<!DOCTYPE x [<!ENTITY a "b">]>', '<!DOCTYPE x SYSTEM "file:///etc/hostname">', "<!DOCTYPE x>"]
)
def test_entities_are_refused(declaration: str) -> None:
    with pytest.raises(BadMetadata, match="refused"):
        parse(f'<?xml version="1.0"?>{declaration}<CustomField/>'.encode())
