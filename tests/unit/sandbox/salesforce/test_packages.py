"""Custom objects and rules out of SFDX source: what they make of an org, and what is no source."""

import pickle
from pathlib import Path

import pytest

from sandbox.cli import main
from sandbox.salesforce.schema.package import BadMetadata
from tests.unit.sandbox.salesforce.conftest import Company, refusal

HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'
SPACE = 'xmlns="http://soap.sforce.com/2006/04/metadata"'
PROJECT = """<label>Project</label><pluralLabel>Projects</pluralLabel><enableActivities>true</enableActivities>
<sharingModel>Private</sharingModel><nameField><label>Project Name</label><type>Text</type></nameField>"""
STEP = """<label>Step</label><nameField><label>No</label><type>AutoNumber</type>
<displayFormat>S-{0000}</displayFormat></nameField><sharingModel>ControlledByParent</sharingModel>"""
FIELDS = {
    "Project__c/fields/Account__c": "<type>Lookup</type><referenceTo>Account</referenceTo>"
    "<relationshipName>Projects</relationshipName>",
    "Project__c/fields/Budget__c": "<type>Currency</type><precision>10</precision><scale>2</scale>",
    "Project__c/fields/Key__c": "<type>Text</type><length>20</length><externalId>true</externalId>"
    "<unique>true</unique>",
    "Project__c/fields/Big__c": "<type>Checkbox</type><formula>Budget__c &gt; 1000</formula>",
    "Project__c/fields/Said__c": "<type>Text</type><formula>Account__r.Name &amp; ': ' &amp; Name</formula>",
    "Project__c/fields/Twice__c": "<type>Number</type><precision>10</precision><scale>1</scale>"
    "<formula>Budget__c * 2.004</formula>",
    "Project__c/fields/Doubly__c": "<type>Checkbox</type><formula>Big__c &amp;&amp; Twice__c &gt; 0</formula>",
    "Step__c/fields/Project__c": "<type>MasterDetail</type><referenceTo>Project__c</referenceTo>"
    "<relationshipName>Steps</relationshipName>",
    "Step__c/fields/Ticket__c": "<type>AutoNumber</type><displayFormat>T-{YYYY}-{0}</displayFormat>",
}
RULE = """<fullName>Dear</fullName><active>true</active><errorDisplayField>Budget__c</errorDisplayField>
<errorConditionFormula>Budget__c &gt; 5000</errorConditionFormula><errorMessage>Too dear.</errorMessage>"""


def write(root: Path, place: str, kind: str, body: str) -> None:
    path = root / place
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"{HEAD}<{kind} {SPACE}>{body}</{kind}>")


@pytest.fixture
def source(tmp_path: Path) -> Path:
    objects = tmp_path / "objects"
    write(objects, "Project__c/Project__c.object-meta.xml", "CustomObject", PROJECT)
    write(objects, "Step__c/Step__c.object-meta.xml", "CustomObject", STEP)
    for place, body in FIELDS.items():
        name = f"<fullName>{place.rpartition('/')[2]}</fullName><label>x</label>"
        write(objects, f"{place}.field-meta.xml", "CustomField", name + body)
    write(objects, "Project__c/validationRules/Dear.validationRule-meta.xml", "ValidationRule", RULE)
    record_type = "<fullName>Inner</fullName><label>Inner one</label><active>true</active>"
    write(objects, "Project__c/recordTypes/Inner.recordType-meta.xml", "RecordType", record_type)
    return tmp_path


def test_a_custom_object_is_an_object(company: Company, source: Path) -> None:
    made = company.org.setup.package(str(source))
    assert {"Project__c", "Step__c", "Project__c.Big__c", "Project__c.Dear", "Project__c.Inner"} <= set(made)
    account = company.add("Account", Name="Birch")
    project = company.add("Project__c", Name="Saw", Budget__c=1200, Key__c="k", Account__c=account)
    assert project.startswith("a0")
    described = company.org.describe(company.integration, "project__c")
    assert (described["label"], described["labelPlural"], described["custom"]) == ("Project", "Projects", True)
    assert [one["name"] for one in described["recordTypeInfos"]] == ["Inner one", "Master"]
    assert refusal(company.add, "Project__c", Name="x", Key__c="K").code == "DUPLICATE_VALUE"
    assert company.org.upsert(company.integration, "Project__c", "Key__c", "k", {"Name": "Saws"}).id == project
    assert company.values("SELECT (SELECT Name FROM Projects__r) FROM Account")[0]["totalSize"] == 1
    refused = refusal(company.change, "Project__c", project, Budget__c=6000)
    assert (refused.message, refused.fields) == ("Too dear.", ("Budget__c",))


def test_formulas_are_worked_out_when_they_are_read(company: Company, source: Path) -> None:
    company.org.load_package(source)
    account = company.add("Account", Name="Birch")
    project = company.add("Project__c", Name="Saw", Budget__c=1200, Account__c=account)
    row = company.row("Project__c", project)
    assert (row["Big__c"], row["Said__c"], row["Twice__c"], row["Doubly__c"]) == (True, "Birch: Saw", 2404.8, True)
    company.change("Account", account, Name="Beech")
    assert company.values("SELECT Said__c FROM Project__c WHERE Big__c = true") == ["Beech: Saw"]
    assert company.values("SELECT Id FROM Project__c WHERE Said__c LIKE 'Birch%'") == []
    assert company.values("SELECT Account__r.Name, Said__c FROM Project__c ORDER BY Said__c DESC") == [
        {"Name": "Beech"}
    ]
    assert refusal(company.change, "Project__c", project, Big__c=False).code == "INVALID_FIELD_FOR_INSERT_UPDATE"
    fields = {one["name"]: one for one in company.org.describe(company.integration, "Project__c")["fields"]}
    assert (fields["Big__c"]["calculated"], fields["Big__c"]["calculatedFormula"]) == (True, "Budget__c > 1000")
    assert pickle.loads(pickle.dumps(company.org)).get(company.integration, "Project__c", project)["Big__c"]


def test_details_follow_their_master(company: Company, source: Path) -> None:
    company.org.load_package(source)
    project = company.org.insert(company.bob, "Project__c", {"Name": "Saw"})
    step = company.org.insert(company.bob, "Step__c", {"Project__c": project})
    row = company.row("Step__c", step)
    assert (row["Name"], row["Ticket__c"], "OwnerId" in row) == ("S-0001", "T-2026-1", False)
    assert company.row("Step__c", company.add("Step__c", Project__c=project))["Name"] == "S-0002"
    assert refusal(company.add, "Step__c").code == "REQUIRED_FIELD_MISSING"
    assert refusal(company.change, "Step__c", step, Name="x").code == "INVALID_FIELD_FOR_INSERT_UPDATE"
    assert refusal(company.change, "Step__c", step, Project__c=project).code == "INVALID_FIELD_FOR_INSERT_UPDATE"
    assert company.values("SELECT Id FROM Step__c", user=company.ann) == []
    company.org.share(project, company.ann, "read")
    assert len(company.values("SELECT Id FROM Step__c", user=company.ann)) == 2
    refused = refusal(company.org.insert, company.ann, "Step__c", {"Project__c": project})
    assert refused.code == "INSUFFICIENT_ACCESS_ON_CROSS_REFERENCE_ENTITY"
    company.org.delete(company.bob, project)
    assert company.values("SELECT IsDeleted FROM Step__c", all_rows=True) == [True, True]


def test_activities_mail_and_files_may_be_about_it(company: Company, source: Path) -> None:
    company.org.load_package(source)
    project = company.add("Project__c", Name="Saw")
    company.add("Task", WhatId=project)
    company.add("EmailMessage", Status="3", RelatedToId=project)
    assert company.values("SELECT What.Name FROM Task") == [{"Name": "Saw"}, {"Name": "Saw"}]
    company.add(
        "ContentVersion", Title="t", PathOnClient="t.txt", VersionData="eA==", FirstPublishLocationId=project
    )
    step = company.add("Step__c", Project__c=project)
    assert refusal(company.add, "Task", WhatId=step).code == "FIELD_INTEGRITY_EXCEPTION", "it has no activities"
    assert "Tasks" in {
        one["relationshipName"] for one in company.org.describe(company.ann, "Project__c")["childRelationships"]
    }
    (row,) = company.records("SELECT (SELECT Subject FROM Tasks) FROM Project__c")
    assert row["Tasks"]["totalSize"] == 2


def test_duplicate_rules_of_a_package(company: Company, tmp_path: Path) -> None:
    rule = """<actionOnInsert>Block</actionOnInsert><actionOnUpdate>Allow</actionOnUpdate><isActive>true</isActive>
        <alertText>Known.</alertText><operationsOnUpdate>Report</operationsOnUpdate>
        <duplicateRuleMatchRules><matchRuleSObjectType>Contact</matchRuleSObjectType><matchingRule>Address</matchingRule>
        </duplicateRuleMatchRules><duplicateRuleMatchRules><matchRuleSObjectType>Lead</matchRuleSObjectType>
        <matchingRule>Lead_Address</matchingRule><objectMapping><inputObject>Contact</inputObject><mappingFields>
        <inputField>Email</inputField><outputField>Email</outputField></mappingFields>
        <outputObject>Lead</outputObject></objectMapping></duplicateRuleMatchRules>"""
    item = "<fieldName>Email</fieldName><matchingMethod>Exact</matchingMethod>"
    write(tmp_path, "duplicateRules/Contact.Same.duplicateRule-meta.xml", "DuplicateRule", rule)
    for owner, name in (("Contact", "Address"), ("Lead", "Lead_Address")):
        items = f"<matchingRuleItems>{item}</matchingRuleItems>"
        body = f"<matchingRules><fullName>{name}</fullName>{items}</matchingRules>"
        write(tmp_path, f"matchingRules/{owner}.matchingRule-meta.xml", "MatchingRules", body)
    assert company.org.setup.package(str(tmp_path)) == ["Contact.Same"]
    company.add("Lead", LastName="x", Company="y", Email="a@x.test")
    refused = refusal(company.add, "Contact", LastName="x", Email="a@x.test")
    results = refused.extra["duplicateResult"]["matchResults"]
    assert (refused.message, [(one["rule"], one["size"]) for one in results]) == (
        "Known.",
        [("Address", 0), ("Lead_Address", 1)],
    )


def test_a_dependent_picklist_of_a_package(company: Company, tmp_path: Path) -> None:
    body = """<fullName>Why__c</fullName><label>Why</label><type>Picklist</type><valueSet>
        <controllingField>Origin</controllingField><valueSetDefinition><value><fullName>a</fullName></value>
        <value><fullName>b</fullName></value></valueSetDefinition><valueSettings>
        <controllingFieldValue>Web</controllingFieldValue><valueName>a</valueName></valueSettings></valueSet>"""
    write(tmp_path / "objects", "Case/fields/Why__c.field-meta.xml", "CustomField", body)
    company.org.load_package(tmp_path)
    company.org.switches.turn("salesforce.dependent_picklists_checked", True)
    company.add("Case", Origin="Web", Why__c="a")
    assert refusal(company.add, "Case", Origin="Web", Why__c="b").code == "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST"


@pytest.mark.parametrize(
    ("place", "kind", "body", "sentence"),
    [
        ("objects/X__c/X__c.object-meta.xml", "Other", "", "CustomObject expected"),
        (
            "objects/X__c/X__c.object-meta.xml",
            "CustomObject",
            "<nameField><type>Number</type></nameField>",
            "name of type 'Number'",
        ),
        (
            "objects/Lead/fields/F__c.field-meta.xml",
            "CustomField",
            "<fullName>F__c</fullName><type>Text</type><formula>HYPERLINK('x', 'y')</formula>",
            "HYPERLINK is not modelled",
        ),
        (
            "objects/Lead/fields/F__c.field-meta.xml",
            "CustomField",
            "<fullName>F__c</fullName><type>Text</type><formula>$User.Id</formula>",
            "depends on who reads it",
        ),
        (
            "objects/Lead/fields/F__c.field-meta.xml",
            "CustomField",
            "<fullName>F__c</fullName><type>Picklist</type><valueSet><valueSetName>G</valueSetName></valueSet>",
            "global value set",
        ),
        (
            "objects/Lead/validationRules/V.validationRule-meta.xml",
            "ValidationRule",
            "<fullName>V</fullName><active>true</active><errorConditionFormula>Nope</errorConditionFormula>",
            "no field Nope",
        ),
        (
            "duplicateRules/Lead.R.duplicateRule-meta.xml",
            "DuplicateRule",
            "<isActive>true</isActive><duplicateRuleMatchRules><matchRuleSObjectType>Lead</matchRuleSObjectType>"
            "<matchingRule>M</matchingRule></duplicateRuleMatchRules>",
            "matching rule M of Lead is not in the package",
        ),
    ],
)
def test_what_is_no_source(
    company: Company, tmp_path: Path, place: str, kind: str, body: str, sentence: str
) -> None:
    write(tmp_path, place, kind, body)
    with pytest.raises(BadMetadata, match=sentence) as caught:
        company.org.load_package(tmp_path)
    assert str(tmp_path / place) in str(caught.value)


@pytest.mark.parametrize(
    ("owner", "number", "more", "sentence"),
    [
        ("Lead", 26, "<externalId>true</externalId>", "Lead has 25 external ids already"),
        ("EmailMessage", 51, "", "EmailMessage has 50 custom fields already"),
    ],
)
def test_limits_of_an_object(
    company: Company, tmp_path: Path, owner: str, number: int, more: str, sentence: str
) -> None:
    for one in range(number):
        body = f"<fullName>F{one:02d}__c</fullName><type>Text</type>{more}"
        write(tmp_path / "objects", f"{owner}/fields/F{one:02d}__c.field-meta.xml", "CustomField", body)
    with pytest.raises(BadMetadata, match=sentence):
        company.org.load_package(tmp_path)


def test_a_folder_that_is_not_there(company: Company, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="there is no folder"):
        company.org.setup.package(str(tmp_path / "nowhere"))


def test_a_folder_on_the_command_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(tmp_path / "objects", "X__c/X__c.object-meta.xml", "Other", "")
    assert main(["serve", "--port", "0", "--package", str(tmp_path)]) == 1
    assert "CustomObject expected" in capsys.readouterr().err


def test_a_place_is_two_numbers(company: Company, tmp_path: Path) -> None:
    body = "<fullName>Seat__c</fullName><label>Seat</label><type>Location</type><scale>5</scale>"
    write(tmp_path, "objects/Account/fields/Seat__c.field-meta.xml", "CustomField", body)
    company.org.setup.package(str(tmp_path))
    berlin = company.add("Account", Name="Berlin", Seat__Latitude__s=52.52, Seat__Longitude__s=13.405)
    company.add("Account", Name="Munich", Seat__Latitude__s=48.137, Seat__Longitude__s=11.575)
    company.add("Account", Name="Nowhere")
    assert company.row("Account", berlin)["Seat__c"] == {"latitude": 52.52, "longitude": 13.405}
    near = "DISTANCE(Seat__c, GEOLOCATION(52.5, 13.4), 'km')"
    assert company.values(f"SELECT Name FROM Account WHERE {near} < 10") == ["Berlin"]
    assert company.values(f"SELECT Name FROM Account ORDER BY {near} DESC NULLS LAST") == [
        "Munich",
        "Berlin",
        "Nowhere",
    ]
    assert company.values("SELECT Seat__c FROM Account WHERE Seat__Latitude__s = null") == [None]
    assert refusal(company.add, "Account", Name="x", Seat__c="1").code == "INVALID_FIELD_FOR_INSERT_UPDATE"
    assert "can not be filtered" in refusal(company.values, "SELECT Id FROM Account WHERE Seat__c = null").message
