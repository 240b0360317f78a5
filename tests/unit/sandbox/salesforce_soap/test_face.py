"""What holds for every SOAP operation: envelope, session, version, allowance; and the enterprise's dialect."""

import pytest

from tests.unit.sandbox.salesforce_soap.conftest import Soap, member

BOMB = '<!DOCTYPE x [<!ENTITY a "aaaa">]>'


@pytest.mark.parametrize(
    "content",
    [
        "",
        "no xml",
        "<Envelope/>",
        "<a>",
        BOMB + "<a>&a;</a>",
        "\0<a/>",
        '<?xml version="1.0" encoding="none"?><a/>',
        '<?xml version="1.0" encoding="utf-7"?><a/>',
    ],
)
def test_what_is_no_envelope(soap: Soap, content: str) -> None:
    answer = soap.org.http.post("/services/Soap/u/64.0", content=content)
    assert (answer.status_code, member(answer, "faultcode")) == (500, "soapenv:Client")
    assert answer.headers["Content-Type"] == "text/xml;charset=UTF-8"


@pytest.mark.parametrize("body", ["<nonsense/>", "<sendEmail/>", '<x:query xmlns:x="urn:other"/>'])
def test_what_is_no_operation(soap: Soap, body: str) -> None:
    soap.sign_in()
    answer = soap.post(body)
    assert (answer.status_code, member(answer, "faultcode")) == (500, "soapenv:Client")
    assert "No operation available" in member(answer, "faultstring")


@pytest.mark.parametrize(
    "body",
    [
        "<merge><mergeRequests/></merge>",
        "<query><soql>x</soql></query>",
        "<logout><x/></logout>",
    ],
)
def test_members_an_operation_has_not(soap: Soap, body: str) -> None:
    soap.sign_in()
    answer = soap.post(body)
    assert (answer.status_code, member(answer, "faultcode")) == (500, "soapenv:Client")
    assert member(answer, "faultstring").endswith("invalid at this location")


@pytest.mark.parametrize("version", ["49.0", "69.0", "64", "x"])
def test_versions_that_are_not_served(soap: Soap, version: str) -> None:
    assert member(soap.post("<getUserInfo/>", version=version), "exceptionCode") == "UNSUPPORTED_API_VERSION"


def test_other_services(soap: Soap) -> None:
    assert soap.post("<getUserInfo/>", kind="m").status_code == 404


def test_no_session(soap: Soap) -> None:
    assert member(soap.post("<getUserInfo/>"), "exceptionCode") == "INVALID_SESSION_ID"
    soap.sign_in()
    soap.org.wait(hours=2)
    assert member(soap.post("<getUserInfo/>"), "exceptionCode") == "INVALID_SESSION_ID"


def test_the_allowance_is_rests(soap: Soap) -> None:
    soap.org.site.usage.allowance = 2
    soap.sign_in()
    first = soap.post("<getServerTimestamp/>")
    assert (member(first, "current"), member(first, "limit"), member(first, "type")) == ("1", "2", "API REQUESTS")
    assert member(first, "timestamp") == "2026-11-20T12:00:00.000Z"
    soap.org.http.headers["Authorization"] = f"Bearer {soap.session}"
    assert soap.org.call("GET", "/limits").headers["Sforce-Limit-Info"] == "api-usage=2/2"
    assert member(soap.post("<getServerTimestamp/>"), "exceptionCode") == "REQUEST_LIMIT_EXCEEDED"


def test_the_log_knows_operation_and_org(soap: Soap) -> None:
    soap.sign_in()
    soap.post("<getServerTimestamp/>")
    login, asked = list(soap.org.world.requests.since(0))[-2:]
    assert (login.route, login.parts, login.subject) == ("soap", ("POST login",), soap.org.site.org.id)
    assert (asked.parts, asked.subject) == (("POST getServerTimestamp",), soap.org.site.org.id)


def test_the_enterprise_dialect(soap: Soap) -> None:
    soap.sign_in(kind="c")
    record = '<sObjects xmlns:t="urn:sobject.enterprise.soap.sforce.com" xsi:type="t:Lead">{}</sObjects>'
    made = soap.post(f"<create>{record.format(FIELDS)}</create>", kind="c")
    assert member(made, "success") == "true"
    found = soap.post("<query><queryString>SELECT Id, LastName FROM Lead</queryString></query>", kind="c")
    assert 'xsi:type="sf:Lead"' in found.text
    assert "<sf:type>" not in found.text
    assert member(found, "LastName") == "Yates"


FIELDS = "<t:LastName>Yates</t:LastName><t:Company>Fir</t:Company>"


def test_texts_are_escaped_and_what_xml_forbids_is_left_out(soap: Soap) -> None:
    org = soap.org.site.org
    org.insert(org.admin, "Lead", {"LastName": "<b>&\u0001\ufffe</b>", "Company": "Fir"})
    soap.sign_in()
    found = soap.post("<query><queryString>SELECT LastName FROM Lead</queryString></query>")
    assert member(found, "LastName") == "&lt;b&gt;&amp;&lt;/b&gt;"


def test_assignment_rules_are_off_and_duplicates_stop(soap: Soap) -> None:
    """SOAP's headers mean what REST's do, but for the default of assignment rules."""
    soap.org.site.org.setup.duplicate_rule("Lead", ["Email"])
    soap.sign_in()
    lead = "<type>Lead</type><LastName>Yates</LastName><Company>Fir</Company><Email>t@fir.test</Email>"
    create = f"<create><sObjects>{lead}</sObjects></create>"
    assert member(soap.post(create), "success") == "true"
    assert member(soap.post(create), "statusCode") == "DUPLICATES_DETECTED"
    header = "<DuplicateRuleHeader><allowSave>true</allowSave></DuplicateRuleHeader>"
    assert member(soap.post(create, header=header), "success") == "true"


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ("<merge><request/></merge>", "MISSING_ARGUMENT"),
        ("<convertLead><leadConverts/></convertLead>", "INVALID_CROSS_REFERENCE_KEY"),
        ("<update><sObjects><type>Lead</type></sObjects></update>", "MISSING_ARGUMENT"),
        ("<create><sObjects/></create>", "INVALID_TYPE"),
        ("<upsert><sObjects><type>Lead</type></sObjects></upsert>", "MISSING_ARGUMENT"),
        ("<delete/>", "MISSING_ARGUMENT"),
        ("<query/>", "MALFORMED_QUERY"),
        ("<queryMore/>", "INVALID_QUERY_LOCATOR"),
        ("<describeSObject/>", "INVALID_TYPE"),
        ("<retrieve><sObjectType>Lead</sObjectType></retrieve>", "MISSING_ARGUMENT"),
        ("<getUpdated><sObjectType>Lead</sObjectType></getUpdated>", "INVALID_REPLICATION_DATE"),
        ("<setPassword/>", "MALFORMED_ID"),
        ("<undelete><ids>x</ids></undelete>", "MALFORMED_ID"),
    ],
)
def test_operations_without_what_they_need(soap: Soap, body: str, code: str) -> None:
    """A fault, or a result that says so; never an answer the vendor would not give."""
    soap.sign_in()
    answer = soap.post(body)
    assert code in (member(answer, "exceptionCode"), member(answer, "statusCode"))
