"""zeep reads the vendor's partner WSDL and calls the sandbox by it; every answer must be what the WSDL says."""

from datetime import datetime, timedelta
from typing import Any

import pytest
import zeep
from lxml import etree
from zeep.exceptions import Fault
from zeep.plugins import HistoryPlugin
from zeep.transports import Transport

from tests import places
from tests.clients.salesforce import KEY_FIELD, PASSWORD, TOKEN, USERNAME, Vendor

pytestmark = pytest.mark.shared
WSDL = places.SHARED / "contracts" / "salesforce" / "partner-v51.wsdl"
API = "urn:partner.soap.sforce.com"
SOBJECT = "urn:sobject.partner.soap.sforce.com"
XS = "http://www.w3.org/2001/XMLSchema"


@pytest.fixture(scope="module")
def schema(tmp_path_factory: pytest.TempPathFactory) -> etree.XMLSchema:
    """The WSDL's three schemas as files that name each other, so that one validator sees them all."""
    folder = tmp_path_factory.mktemp("wsdl")
    found = etree.parse(str(WSDL)).findall(f".//{{{XS}}}schema")
    names = {one.get("targetNamespace", ""): f"{at}.xsd" for at, one in enumerate(found)}
    for one in found:
        for wanted in one.findall(f"{{{XS}}}import"):
            wanted.set("schemaLocation", names[str(wanted.get("namespace"))])
        (folder / names[str(one.get("targetNamespace"))]).write_bytes(etree.tostring(one))
    imports = "".join(f'<import namespace="{space}" schemaLocation="{name}"/>' for space, name in names.items())
    (folder / "all.xsd").write_text(f'<schema xmlns="{XS}">{imports}</schema>')
    return etree.XMLSchema(etree.parse(str(folder / "all.xsd")))


class Judge:
    """A signed-in zeep client whose every answer is held against the schema."""

    def __init__(self, vendor: Vendor, schema: etree.XMLSchema) -> None:
        self.vendor = vendor
        self.schema = schema
        untyped: tuple[Any, Any, Any] = (HistoryPlugin, Transport, zeep.Client)
        history, transport, client = untyped
        self.seen = history()
        self.client = client(str(WSDL), transport=transport(session=vendor.session()), plugins=[self.seen])
        self.binding = f"{{{API}}}SoapBinding"
        self.login = self._checked(self.client.service.login(USERNAME, PASSWORD + TOKEN))
        self.service = self.client.create_service(self.binding, self.login.serverUrl)
        self.session = {"SessionHeader": {"sessionId": self.login.sessionId}}

    def __call__(self, operation: str, *given: Any, **headers: Any) -> Any:
        call = getattr(self.service, operation)
        return self._checked(call(*given, _soapheaders=self.session | headers))

    def record(self, kind: str, **fields: Any) -> Any:
        """An sObject; null fields are named in `fieldsToNull`."""
        members = [etree.Element(f"{{{SOBJECT}}}{name}") for name in fields if name != "Id"]
        for member in members:
            member.text = fields[etree.QName(member).localname]
        made = self.client.get_type(f"{{{SOBJECT}}}sObject")
        return made(type=kind, Id=fields.get("Id"), _value_1=members)

    def _checked(self, answer: Any) -> Any:
        """The body's one element and the header's are elements of the schema."""
        envelope = self.seen.last_received["envelope"]
        inner = [one for part in envelope for one in part]
        assert inner
        for one in inner:
            if not self.schema.validate(one):
                raise AssertionError(str(self.schema.error_log))
        # zeep leaves the answer's body in one member when there are headers too
        return answer.body.result if hasattr(answer, "body") and hasattr(answer.body, "result") else answer


@pytest.fixture
def judge(vendor: Vendor, schema: etree.XMLSchema) -> Judge:
    return Judge(vendor, schema)


def test_who_is_signed_in(judge: Judge) -> None:
    assert judge.login.userInfo.userName == USERNAME
    assert judge("getUserInfo").userFullName == "Ada Byron"


def test_the_schema_would_object(schema: etree.XMLSchema) -> None:
    """The judge is judged: a member out of place is seen."""
    wrong = f'<createResponse xmlns="{API}"><result><success>true</success><id>1</id></result></createResponse>'
    assert not schema.validate(etree.fromstring(wrong))


def test_records_written_and_read(judge: Judge) -> None:
    made = judge("create", [judge.record("Account", Name="Birch & Co"), judge.record("Contact", FirstName="x")])
    assert [one.success for one in made] == [True, False]
    assert made[1].errors[0].statusCode == "REQUIRED_FIELD_MISSING"
    account = made[0].id
    changed = judge("update", [judge.record("Account", Id=account, NumberOfEmployees="12")])
    assert changed[0].success
    names = "Id, Name, NumberOfEmployees, CreatedDate, Phone"
    row = judge("retrieve", names, "Account", [account, "001000000000001"])
    found = members(row[0])
    assert datetime.fromisoformat(str(found.pop("CreatedDate"))).tzinfo
    assert found == {"Id": account, "Name": "Birch & Co", "NumberOfEmployees": "12", "Phone": None}
    assert row[1].Id is None
    assert [one.created for one in judge("upsert", KEY_FIELD, [lead(judge)])] == [True]
    assert [one.created for one in judge("upsert", KEY_FIELD, [lead(judge)])] == [False]


def lead(judge: Judge) -> Any:
    return judge.record("Lead", LastName="Yates", Company="Fir", **{KEY_FIELD: "k-1"})


def members(row: Any) -> dict[str, str | None]:
    """Fields by name; zeep gives what the schema leaves open as elements."""
    plain = [one for one in row._value_1 if isinstance(one, etree._Element)]
    found = {etree.QName(one).localname: one.text for one in plain}
    return {"Id": row.Id} | found


def test_all_or_none(judge: Judge) -> None:
    records = [judge.record("Account", Name="Elm"), judge.record("Contact", FirstName="x")]
    made = judge("create", records, AllOrNoneHeader={"allOrNone": True})
    assert [one.success for one in made] == [False, False]
    assert made[0].errors[0].statusCode == "ALL_OR_NONE_OPERATION_ROLLED_BACK"
    assert judge("query", "SELECT Id FROM Account").size == 0


@pytest.mark.parametrize(
    ("operation", "given", "code"),
    [
        ("create", {"Name": "x", "NumberOfEmployees": "many"}, "INVALID_TYPE_ON_FIELD_IN_RECORD"),
        ("create", {"Name": "x", "Nonsense": "1"}, "INVALID_FIELD"),
        ("create", {"Name": "x" * 256}, "STRING_TOO_LONG"),
        ("update", {"Id": "001000000000001AAA", "Name": "x"}, "INVALID_CROSS_REFERENCE_KEY"),
        ("update", {"Name": "x"}, "MISSING_ARGUMENT"),
    ],
)
def test_records_that_are_refused(judge: Judge, operation: str, given: dict[str, str], code: str) -> None:
    """Every status code must be one the WSDL lists, or the schema objects."""
    [result] = judge(operation, [judge.record("Account", **given)])
    assert (result.success, result.errors[0].statusCode) == (False, code)


def test_fields_taken_away(judge: Judge) -> None:
    made = judge("create", [judge.record("Account", Name="Elm", Phone="1")])[0].id
    record = judge.record("Account", Id=made)
    record.fieldsToNull = ["Phone"]
    assert judge("update", [record])[0].success
    assert members(judge("retrieve", "Phone", "Account", [made])[0])["Phone"] is None


def test_queries(judge: Judge) -> None:
    org, ada = judge.vendor.site.org, judge.vendor.ada
    account = org.insert(ada, "Account", {"Name": "Birch", "BillingCity": "Ulm"})
    for number in range(250):
        org.insert(ada, "Contact", {"LastName": f"P{number:03}", "AccountId": account, "Email": "p@birch.test"})
    soql = "SELECT Id, LastName, Account.Name, Email, CreatedDate FROM Contact ORDER BY LastName"
    first = judge("query", soql, QueryOptions={"batchSize": 200})
    assert (first.done, first.size, len(first.records)) == (False, 250, 200)
    rest = judge("queryMore", first.queryLocator)
    assert (rest.done, len(rest.records), rest.queryLocator) == (True, 50, None)
    assert members(rest.records[-1])["LastName"] == "P249"
    nested = judge("query", "SELECT Name, BillingAddress, (SELECT LastName FROM Contacts LIMIT 2) FROM Account")
    assert len(nested.records) == 1
    counted = judge("query", "SELECT COUNT(Id) n, Account.Name FROM Contact GROUP BY Account.Name")
    assert 250 in counted.records[0]._value_1, "of xsi:type xsd:int, so that zeep makes it a number"
    assert judge("query", "SELECT COUNT() FROM Contact").size == 250


def test_what_was_deleted_comes_back(judge: Judge) -> None:
    made = judge("create", [judge.record("Lead", LastName="Duarte", Company="Dogwood")])[0].id
    assert judge("delete", [made])[0].success
    assert judge("delete", [made])[0].errors[0].statusCode == "ENTITY_IS_DELETED"
    assert judge("query", "SELECT Id FROM Lead").size == 0
    assert judge("queryAll", "SELECT Id, IsDeleted FROM Lead").size == 1
    assert judge("undelete", [made])[0].success
    assert judge("query", "SELECT Id FROM Lead").size == 1
    judge("delete", [made])
    assert judge("emptyRecycleBin", [made])[0].success
    assert judge("queryAll", "SELECT Id FROM Lead").size == 0
    assert not judge("undelete", [made])[0].success


def test_an_event_and_who_is_invited(judge: Judge) -> None:
    bob = judge.vendor.site.org.add_user("bob@acme.test", "Bob", "Oak")
    when = {"StartDateTime": "2026-11-23T09:00:00Z", "DurationInMinutes": "45"}
    made = judge("create", [judge.record("Event", Subject="Plan", **when), judge.record("Event", Subject="x")])
    assert [one.success for one in made] == [True, False]
    assert made[1].errors[0].statusCode == "REQUIRED_FIELD_MISSING"
    invited = judge("create", [judge.record("EventRelation", EventId=made[0].id, RelationId=bob, Status="New")])
    assert invited[0].success
    answer = judge.record("EventRelation", Id=invited[0].id, Status="Declined", Response="Ill")
    assert judge("update", [answer])[0].success
    rows = judge("query", "SELECT Id, IsChild, EndDateTime, GroupEventType FROM Event ORDER BY IsChild").records
    assert [members(row)["IsChild"] for row in rows] == ["false", "true"]
    refused = judge("update", [judge.record("Event", Id=rows[1].Id, Location="Hall")])[0].errors[0]
    assert (refused.statusCode, refused.fields) == ("INVALID_FIELD_FOR_INSERT_UPDATE", ["Location"])
    assert judge("delete", [made[0].id])[0].success
    assert judge("queryAll", "SELECT Id FROM Event WHERE IsDeleted = TRUE").size == 2
    assert judge("undelete", [made[0].id])[0].success
    assert judge("query", "SELECT Id FROM Event").size == 2


def test_merged_and_converted(judge: Judge) -> None:
    names = ("Elm", "Elm & Sons", "ELM")
    master, *others = (one.id for one in judge("create", [judge.record("Account", Name=name) for name in names]))
    judge("create", [judge.record("Contact", LastName="Baker", AccountId=others[0])])
    request = {"masterRecord": judge.record("Account", Id=master, Phone="7"), "recordToMergeIds": others}
    merged = judge("merge", [request])[0]
    assert (merged.success, merged.mergedRecordIds, len(merged.updatedRelatedIds)) == (True, others, 1)
    assert judge("query", "SELECT Id FROM Account WHERE Phone = '7'").size == 1
    converted = judge("convertLead", [conversion(judge)])[0]
    assert converted.success
    assert judge("query", f"SELECT Id FROM Contact WHERE Id = '{converted.contactId}'").size == 1
    again = {"leadId": converted.leadId, "convertedStatus": "Closed - Converted"}
    refused = judge("convertLead", [conversion(judge) | again])[0]
    assert refused.errors[0].statusCode == "CANNOT_UPDATE_CONVERTED_LEAD"


def conversion(judge: Judge) -> dict[str, Any]:
    made = judge("create", [judge.record("Lead", LastName="Yates", Company="Fir")])[0].id
    return {
        "leadId": made,
        "convertedStatus": "Closed - Converted",
        "doNotCreateOpportunity": False,
        "overwriteLeadSource": False,
        "sendNotificationEmail": False,
    } | dict.fromkeys(NOTHING)


NOTHING = ("accountRecord", "contactRecord", "opportunityRecord", "relatedPersonAccountRecord")


def test_descriptions(judge: Judge) -> None:
    """Every object: a field the schema does not know would be found here."""
    names = [one.name for one in judge("describeGlobal").sobjects]
    assert "EmailMessage" in names
    described = judge("describeSObjects", names)
    assert [one.name for one in described] == names
    assert judge("describeSObject", "contact").keyPrefix == "003"


def test_replication(judge: Judge) -> None:
    org, ada = judge.vendor.site.org, judge.vendor.ada
    now = judge("getServerTimestamp").timestamp
    with judge.vendor.site.clock.as_of(now - timedelta(minutes=3)):
        kept, gone = (
            org.insert(ada, "Lead", {"LastName": name, "Company": "Fir"}) for name in ("Yates", "Duarte")
        )
        org.delete(ada, gone)
    stretch = (now - timedelta(minutes=5), now - timedelta(minutes=1))
    updated = judge("getUpdated", "Lead", *stretch)
    assert updated.ids == [kept]
    assert isinstance(updated.latestDateCovered, datetime)
    assert [one.id for one in judge("getDeleted", "Lead", *stretch).deletedRecords] == [gone]


@pytest.mark.parametrize(
    ("operation", "given", "code"),
    [
        ("query", ("SELEKT",), "MALFORMED_QUERY"),
        ("query", ("SELECT Nonsense FROM Account",), "INVALID_FIELD"),
        ("query", ("SELECT Id FROM Nonsense",), "INVALID_TYPE"),
        ("queryMore", ("01gnonsense-200",), "INVALID_QUERY_LOCATOR"),
        ("search", ("nonsense",), "MALFORMED_SEARCH"),
        ("describeSObject", ("Nonsense",), "INVALID_TYPE"),
        ("retrieve", ("Id", "Nonsense", ["001000000000001"]), "INVALID_TYPE"),
    ],
)
def test_refusals(judge: Judge, operation: str, given: tuple[Any, ...], code: str) -> None:
    with pytest.raises(Fault) as refused:
        judge(operation, *given)
    assert refused.value.code == f"sf:{code}"
    detail = next(iter(refused.value.detail))
    assert detail.findtext("{urn:fault.partner.soap.sforce.com}exceptionCode") == code
    wrapped = etree.ElementTree(detail)
    assert judge.schema.validate(wrapped), judge.schema.error_log


def test_signing_out(judge: Judge) -> None:
    rest = {"Authorization": f"Bearer {judge.login.sessionId}"}
    session = judge.vendor.session()
    limits = f"{judge.vendor.url}/services/data/v67.0/limits"
    assert session.get(limits, headers=rest).status_code == 200
    judge("logout")
    assert session.get(limits, headers=rest).status_code == 401
    with pytest.raises(Fault, match="INVALID_SESSION_ID"):
        judge("getUserInfo")


def test_an_expired_password(judge: Judge) -> None:
    judge.vendor.site.logins[judge.vendor.ada].expired = True
    with pytest.raises(Fault, match="INVALID_OPERATION_WITH_EXPIRED_PASSWORD"):
        judge("query", "SELECT Id FROM Account")
    judge("setPassword", judge.vendor.ada, "another one")
    assert judge("query", "SELECT Id FROM Account").size == 0
    assert judge.client.service.login(USERNAME, "another one" + TOKEN).passwordExpired is False


def test_a_search(judge: Judge) -> None:
    judge("create", [judge.record("Contact", LastName="Marsh", Email="ana@birch.test"), lead(judge)])
    found = judge("search", "FIND {ana@birch.test} IN EMAIL FIELDS RETURNING Contact(LastName), Lead(LastName)")
    assert [members(one.record)["LastName"] for one in found.searchRecords] == ["Marsh"]
    assert judge("search", "FIND {nobody} RETURNING Contact").searchRecords == []
    with pytest.raises(Fault, match="MALFORMED_SEARCH"):
        judge("search", "FIND nobody")


def test_pages_of_children(judge: Judge) -> None:
    org, ada = judge.vendor.site.org, judge.vendor.ada
    account = org.insert(ada, "Account", {"Name": "Birch"})
    for number in range(250):
        org.insert(ada, "Contact", {"LastName": f"P{number:03}", "AccountId": account})
    soql = "SELECT Name, (SELECT LastName FROM Contacts ORDER BY LastName) FROM Account"
    (row,) = judge("query", soql, QueryOptions={"batchSize": 200}).records
    (children,) = (one for one in row._value_1 if hasattr(one, "queryLocator"))
    assert (children.done, children.size, len(children.records)) == (False, 250, 200)
    rest = judge("queryMore", children.queryLocator)
    assert (rest.done, members(rest.records[-1])["LastName"]) == (True, "P249")
