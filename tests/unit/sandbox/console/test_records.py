"""A person plays the Salesforce user: what the forms do is what the org holds, and its rules apply."""

from typing import Any

import pytest

from sandbox.salesforce.errors import SalesforceError
from sandbox.salesforce.ids import Id
from tests.unit.sandbox.console.conftest import ADA, NORA, Console


@pytest.fixture
def ada(console: Console) -> Id:
    return console.company.colleagues[0].user


def row(console: Console, record_id: Id) -> dict[str, Any]:
    return dict(console.org.core.row(record_id) or {})


def made(location: str) -> Id:
    return location.partition("?")[0].rpartition("/")[2]


def record(console: Console, record_id: Id, act: str = "") -> str:
    return f"{console.records}/records/{record_id}{act}"


def test_a_contact_is_created_with_address_and_account(console: Console, ada: Id) -> None:
    account = console.company.accounts["Birchworks"]
    place = console.act(
        f"{console.records}/objects/Contact",
        FirstName="Uma", LastName="Voss", Email="uma@birchworks.test", AccountId=account, as_=ada,
    )  # fmt: skip
    new = row(console, made(place))
    assert (new["Name"], new["Email"], new["AccountId"], new["OwnerId"]) == (
        "Uma Voss", "uma@birchworks.test", account, ada,
    )  # fmt: skip
    assert "uma@birchworks.test" in console.get("/console").xpath("//datalist[@id='known']/option/@value")


@pytest.mark.parametrize(
    ("name", "fields", "sentence"),
    [
        ("Lead", {"LastName": "Only"}, "REQUIRED_FIELD_MISSING"),
        ("Contact", {"LastName": "X", "Email": "no address"}, "INVALID_EMAIL_ADDRESS"),
        ("Contact", {"LastName": "X", "as_": "005000000000000AAA"}, "Acting as"),
        ("Task", {"Subject": "X"}, "The console creates Contact, Lead, Account"),
    ],
)
def test_what_the_org_refuses_is_not_created(
    console: Console, ada: Id, name: str, fields: dict[str, str], sentence: str
) -> None:
    before = len(console.org.core.store.table(name).rows)
    _, alert = console.refused(f"{console.records}/objects/{name}", **{"as_": ada} | fields)
    assert sentence in alert
    assert len(console.org.core.store.table(name).rows) == before


def test_an_address_is_changed_and_taken_away(console: Console, ada: Id) -> None:
    nora = console.company.contacts[NORA]
    form = console.get(record(console, nora)).get_element_by_id("email")
    assert (form.fields["field"], form.fields["value"]) == ("Email", NORA)
    console.act(record(console, nora, "/change"), field="Email", value="nora@new.test", as_=ada)
    assert row(console, nora)["Email"] == "nora@new.test"
    assert row(console, nora)["LastModifiedById"] == ada
    console.act(record(console, nora, "/change"), field="Email", value="", as_=ada)
    assert "Email" not in row(console, nora)


@pytest.mark.parametrize(
    ("field", "value", "stored"),
    [("Description", " two words ", "two words"), ("NumberOfEmployees", "12", 12), ("Latitude", "1.5", 1.5),
     ("IsUnreadByOwner", "yes", True)],
)  # fmt: skip
def test_a_field_takes_a_value_of_its_type(console: Console, ada: Id, field: str, value: str, stored: Any) -> None:
    lead = console.company.leads["tom@fir.test"]
    console.act(record(console, lead, "/change"), field=field, value=value, as_=ada)
    assert row(console, lead)[field] == stored


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("Id", "x", "no such field"),
        ("Nonsense", "x", "no such field"),
        ("CreatedDate", "x", "no such field"),
        ("NumberOfEmployees", "many", "give a number"),
        ("IsUnreadByOwner", "perhaps", "say yes or no"),
        ("OwnerId", "x", "MALFORMED_ID"),
        ("LastName", "", "REQUIRED_FIELD_MISSING"),
    ],
)
def test_a_value_that_does_not_fit(console: Console, ada: Id, field: str, value: str, sentence: str) -> None:
    lead = console.company.leads["tom@fir.test"]
    before = row(console, lead)
    _, alert = console.refused(record(console, lead, "/change"), field=field, value=value, as_=ada)
    assert sentence in alert
    assert row(console, lead) == before


def test_into_the_recycle_bin_and_back(console: Console, ada: Id) -> None:
    nora = console.company.contacts[NORA]
    console.act(record(console, nora, "/delete"), as_=ada)
    assert row(console, nora)["IsDeleted"]
    page = console.get(record(console, nora))
    assert "in the recycle bin" in page.text_content()
    assert [form.get("id") for form in page.forms] == ["undelete"]
    console.act(record(console, nora, "/undelete"), as_=ada)
    assert not row(console, nora).get("IsDeleted")
    _, alert = console.refused(record(console, nora, "/undelete"), as_=ada)
    assert "UNDELETE_FAILED" in alert


def test_a_record_that_vanishes_at_once_leads_to_the_list(console: Console, ada: Id) -> None:
    task = console.org.insert(ada, "Task", {"Subject": "Call", "WhoId": console.company.contacts[NORA]})
    (relation,) = console.org.core.pointing("TaskRelation", "TaskId", task)
    place = console.act(record(console, relation["Id"], "/delete"), as_=ada)
    assert place.partition("?")[0] == f"{console.records}/objects/TaskRelation"
    _, alert = console.refused(record(console, relation["Id"], "/delete"), as_=ada)
    assert alert == "That record is gone."


def test_a_lead_is_converted(console: Console, ada: Id) -> None:
    lead = console.company.leads["sofia@dogwood.test"]
    place = console.act(record(console, lead, "/convert"), opportunity="Dogwood deal", as_=ada)
    assert row(console, made(place))["Email"] == "sofia@dogwood.test"
    assert row(console, lead)["IsConverted"]
    assert "convert" not in [form.get("id") for form in console.get(record(console, lead)).forms]
    _, alert = console.refused(record(console, console.company.contacts[NORA], "/convert"), as_=ada)
    assert alert == "Only a lead can be converted."


def test_a_mail_shows_its_people_its_file_and_what_it_is_about(console: Console, ada: Id) -> None:
    org, nora = console.org, console.company.contacts[NORA]
    account = console.company.accounts["Birchworks"]
    mail = org.insert(
        ada,
        "EmailMessage",
        {"Subject": "Saws", "FromAddress": NORA, "ToAddress": ADA, "Status": "1", "Incoming": True,
         "TextBody": "text", "RelatedToId": account, "ToIds": [ada]},
    )  # fmt: skip
    org.insert(
        ada, "EmailMessageRelation", {"EmailMessageId": mail, "RelationId": nora, "RelationType": "FromAddress"}
    )
    version = org.insert(
        ada, "ContentVersion", {"PathOnClient": "a.html", "VersionData": b"<b>x", "FirstPublishLocationId": mail}
    )
    page = console.get(record(console, mail))
    links = page.xpath("//main//a/@href")
    assert {record(console, one) for one in (nora, ada, account)} <= set(links)
    (file,) = page.xpath("//main//a[contains(@href, '/files/')]/@href")
    answer = console.http.get(file)
    assert (answer.content, answer.headers["Content-Type"]) == (b"<b>x", "application/octet-stream")
    assert "a.html" in answer.headers["Content-Disposition"]
    overview = console.get("/console").get_element_by_id("salesforce")
    assert {record(console, one) for one in (mail, nora, account)} <= set(overview.xpath(".//a/@href"))
    assert file in overview.xpath(".//a/@href")
    assert console.http.get(f"{console.records}/files/{nora}").status_code == 404
    assert version in file


def test_a_list_is_searched_with_or_without_the_bin(console: Console, ada: Id) -> None:
    nora = console.company.contacts[NORA]
    contacts = f"{console.records}/objects/Contact"

    def listed(query: str) -> list[str]:
        return console.get(f"{contacts}?{query}").xpath("//table//tr/td[1]//a/text()")  # type: ignore[no-any-return]

    assert listed("q=BIRCHWORKS") == ["Omar Haddad", "Nora Lindqvist"]
    console.org.delete(ada, nora)
    assert listed("q=birchworks") == ["Omar Haddad"]
    assert listed("q=birchworks&deleted=1") == ["Omar Haddad", "Nora Lindqvist"]
    assert console.http.get(f"{console.records}/objects/Nothing").status_code == 404
    assert console.http.get(record(console, "003000000000000AAA")).status_code == 404


def test_a_rule_of_the_customers_is_quoted_as_text(console: Console, ada: Id) -> None:
    console.org.add_validation_rule("Contact", lambda _row: True, "<script>no</script>")
    page, alert = console.refused(f"{console.records}/objects/Contact", LastName="X", as_=ada)
    assert "<script>no</script>" in alert
    assert not page.xpath("//script")
    with pytest.raises(SalesforceError):
        console.org.insert(ada, "Contact", {"LastName": "X"})
