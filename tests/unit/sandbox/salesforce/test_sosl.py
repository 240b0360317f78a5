"""Searches: what is found by which words, in which fields, by whom, and how it is returned."""

import pickle
from typing import Any

import pytest

from sandbox.salesforce.schema.facts import f
from sandbox.salesforce.sosl.engine import LAG, SEARCH_LAGS, WHOLE_ADDRESSES, evenly
from tests.unit.sandbox.salesforce.conftest import Company, bare, refusal


@pytest.fixture
def people(company: Company) -> Company:
    globex = company.add(
        "Account", Name="Globex Corporation", Website="https://globex.test", Phone="(415) 555-1212"
    )
    company.add("Contact", FirstName="Ana", LastName="Marsh", Email="ana.marsh@globex.test", AccountId=globex)
    company.add("Contact", FirstName="Joe", LastName="Marshall", Email="joe@initech.test", AssistantName="Ana")
    company.add("Lead", LastName="Marsh", Company="Ana's & Sons", Email="marsh@globex.test")
    company.add("Contact", LastName="Müller", Email="long.ana.marsh@globex.test", Description="knows Joe Marshall")
    return company


def names(company: Company, sosl: str, user: str | None = None) -> list[Any]:
    found = company.org.search(user or company.integration, sosl)
    return [next(iter(bare(record).values())) for record in found]


CONTACTS = "RETURNING Contact(LastName ORDER BY LastName)"
FOUND = [
    ("{marsh} IN NAME FIELDS", ["Marsh"]),
    ("{MARSH*} IN NAME FIELDS", ["Marsh", "Marshall"]),
    ("{mar?h} IN NAME FIELDS", ["Marsh"]),
    ("{m*l} IN NAME FIELDS", ["Marshall"]),
    ("{marsha??} IN NAME FIELDS", ["Marshall"]),
    ("{ana} IN NAME FIELDS", ["Marsh", "Marshall"]),
    ("{ana marsh} IN NAME FIELDS", ["Marsh"]),
    ("{marsh ana} IN NAME FIELDS", ["Marsh"]),
    ('{"ana marsh"} IN NAME FIELDS', ["Marsh"]),
    ('{"marsh ana"} IN NAME FIELDS', []),
    ("{ana OR joe} IN NAME FIELDS", ["Marsh", "Marshall"]),
    ("{ana AND NOT joe} IN NAME FIELDS", ["Marsh"]),
    ("{joe and not (ana or marsh)} IN NAME FIELDS", []),
    ("{(marsh OR joe) AND ana} IN NAME FIELDS", ["Marsh", "Marshall"]),
    ("{marsh OR joe AND nobody} IN NAME FIELDS", ["Marsh"]),
    ("{müller} IN NAME FIELDS", ["Müller"]),
    ("{joe} IN ALL FIELDS", ["Marshall", "Müller"]),
    ("{joe}", ["Marshall", "Müller"]),
    ("{joe@initech.test} IN EMAIL FIELDS", ["Marshall"]),
    ("{joe@initech.test OR ana.marsh@globex.test} IN EMAIL FIELDS", ["Marsh", "Marshall", "Müller"]),
    ("{globex} IN EMAIL FIELDS", ["Marsh", "Müller"]),
    ("{ana.m*} IN EMAIL FIELDS", ["Marsh", "Müller"]),
    ("{marsh} IN PHONE FIELDS", []),
    ("{arsh} IN NAME FIELDS", []),
    ("{*marsh} IN NAME FIELDS", ["Marsh"]),
    ("{J Marshall} IN NAME FIELDS", []),
]


@pytest.mark.parametrize(("find", "found"), FOUND, ids=[find for find, _ in FOUND])
def test_what_is_found(people: Company, find: str, found: list[str]) -> None:
    assert names(people, f"FIND {find} {CONTACTS}") == found


def test_several_objects_at_once(people: Company) -> None:
    sosl = (
        "FIND {marsh} IN EMAIL FIELDS RETURNING Contact(Name, Account.Name WHERE AccountId != null), "
        "Lead(Id, Company WHERE IsConverted = false), User(Id), Account"
    )
    found = people.org.search(people.integration, sosl)
    assert [record["attributes"]["type"] for record in found] == ["Contact", "Lead"]
    assert bare(found[0]) == {"Name": "Ana Marsh", "Account": {"Name": "Globex Corporation"}}
    assert found[1]["Company"] == "Ana's & Sons"


def test_without_returning_ids_of_everything_are_given(people: Company) -> None:
    found = people.org.search(people.integration, "FIND {marsh}")
    assert sorted(record["attributes"]["type"] for record in found) == ["Contact", "Contact", "Lead"]
    assert all(set(record) == {"attributes", "Id"} for record in found)


@pytest.mark.parametrize(
    ("find", "found"),
    [
        ("4155551212", 1),
        ("\\(415\\) 555\\-1212", 1),
        ("415", 1),
        ("4155551213", 0),
        ("globex.test", 0),
    ],
)
def test_phones_are_found_with_and_without_their_marks(people: Company, find: str, found: int) -> None:
    assert len(names(people, f"FIND {{{find}}} IN PHONE FIELDS RETURNING Account")) == found


def test_escaped_characters_are_no_operators(people: Company) -> None:
    assert names(people, "FIND {Ana\\'s \\& Sons} RETURNING Lead(LastName)") == ["Marsh"]
    assert names(people, 'FIND {"Ana\\\'s"} RETURNING Lead(LastName)') == ["Marsh"]


def test_an_address_may_be_one_word(people: Company) -> None:
    sosl = f"FIND {{ana.marsh@globex.test}} IN EMAIL FIELDS {CONTACTS}"
    assert names(people, sosl) == ["Marsh", "Müller"]
    people.org.switches.turn(WHOLE_ADDRESSES.name, True)
    assert names(people, sosl) == ["Marsh"]


def test_the_index_may_lag(people: Company) -> None:
    sosl = f"FIND {{marsh}} IN NAME FIELDS {CONTACTS}"
    people.org.switches.turn(SEARCH_LAGS.name, True)
    assert names(people, sosl) == []
    people.later(seconds=LAG.total_seconds())
    assert names(people, sosl) == ["Marsh"]
    new = people.add("Contact", LastName="Marsh")
    assert names(people, sosl) == ["Marsh"]
    assert people.values(f"SELECT LastName FROM Contact WHERE Id = '{new}'") == ["Marsh"], "queries do not lag"


def test_what_a_user_may_not_see_is_not_found(people: Company) -> None:
    sosl = f"FIND {{marsh}} IN EMAIL FIELDS {CONTACTS}"
    people.org.set_sharing("Contact", "private")
    assert names(people, sosl, people.ann) == []
    people.org.set_sharing("Contact", "read")
    assert len(names(people, sosl, people.ann)) == 2
    people.org.hide_field("Contact", "Email", user=people.ann)
    assert names(people, sosl, people.ann) == [], "a hidden field is not searched"
    refused = refusal(people.org.search, people.ann, "FIND {marsh} RETURNING Contact(Email)")
    assert refused.code == "INVALID_FIELD"


def test_deleted_rows_are_not_found(people: Company) -> None:
    (lead,) = names(people, "FIND {marsh} RETURNING Lead(Id)")
    people.org.delete(people.integration, lead)
    assert names(people, "FIND {marsh} RETURNING Lead(Id)") == []


def test_custom_email_fields_are_searched(people: Company) -> None:
    people.org.core.add_field("Contact", f("Other__c", "email", 80))
    people.add("Contact", LastName="Zed", Other__c="second@globex.test")
    assert names(people, f"FIND {{second@globex.test}} IN EMAIL FIELDS {CONTACTS}") == ["Zed"]


def test_limits(company: Company) -> None:
    for number in range(30):
        company.add("Contact", LastName=f"Same {number:02}")
    for number in range(3):
        company.add("Lead", LastName=f"Same {number:02}", Company="C")
    sosl = "FIND {same} RETURNING Contact(LastName ORDER BY LastName DESC LIMIT 20), Lead(LastName)"
    assert len(names(company, sosl)) == 23
    assert names(company, sosl)[:2] == ["Same 29", "Same 28"]
    found = company.org.search(company.integration, f"{sosl} LIMIT 10")
    kinds = [record["attributes"]["type"] for record in found]
    assert (kinds.count("Contact"), kinds.count("Lead")) == (7, 3), "evenly, as far as there are any"
    paged = "FIND {same} RETURNING Contact(LastName ORDER BY LastName LIMIT 2 OFFSET 5)"
    assert names(company, paged) == ["Same 05", "Same 06"]


@pytest.mark.parametrize(
    ("counts", "limit", "given"),
    [((5, 5), 4, (2, 2)), ((1, 5), 4, (1, 3)), ((5, 5, 5), 2, (1, 1, 0)), ((2, 2), 9, (2, 2)), ((3,), 0, (0,))],
)
def test_rows_are_shared_out_evenly(counts: tuple[int, ...], limit: int, given: tuple[int, ...]) -> None:
    shared = evenly([[{} for _ in range(count)] for count in counts], limit)
    assert tuple(map(len, shared)) == given


def test_very_long_searches_lose_their_operators_and_longer_ones_find_nothing(people: Company) -> None:
    filler = " AND ".join(["nobody"] * 500)
    assert names(people, f"FIND {{marsh AND {filler}}} IN NAME FIELDS {CONTACTS}") == ["Marsh"]
    assert names(people, f"FIND {{marsh OR {filler} AND {filler} AND {filler}}} {CONTACTS}") == []


REFUSED = [
    ("SELECT Id FROM Contact", "MALFORMED_SEARCH", "enclosed in braces"),
    ("FIND 'marsh'", "MALFORMED_SEARCH", "enclosed in braces"),
    ("FIND {marsh", "MALFORMED_SEARCH", "unexpected token: '<EOF>'"),
    ("FIND {a} RETURNING Contact", "MALFORMED_SEARCH", "longer than one character: a"),
    ("FIND {a*} RETURNING Contact", "MALFORMED_SEARCH", "longer than one character: a*"),
    ("FIND {} RETURNING Contact", "MALFORMED_SEARCH", "unexpected token: '<EOF>'"),
    ("FIND {a-b} RETURNING Contact", "MALFORMED_SEARCH", "line 1:1 mismatched character '-' expecting '}'"),
    ("FIND {ab:c} RETURNING Contact", "MALFORMED_SEARCH", "mismatched character ':'"),
    ("FIND {ab{c}} RETURNING Contact", "MALFORMED_SEARCH", "mismatched character '{'"),
    ('FIND {"ab} RETURNING Contact', "MALFORMED_SEARCH", "mismatched character '\"'"),
    ("FIND {(ab} RETURNING Contact", "MALFORMED_SEARCH", "unexpected token: '<EOF>'"),
    ("FIND {ab)} RETURNING Contact", "MALFORMED_SEARCH", "unexpected token: ')'"),
    ("FIND {ab OR} RETURNING Contact", "MALFORMED_SEARCH", "unexpected token: '<EOF>'"),
    ("FIND {NOT ab} RETURNING Contact", "MALFORMED_SEARCH", "unexpected token: 'NOT'"),
    ("FIND {ab NOT cd} RETURNING Contact", "MALFORMED_SEARCH", "unexpected token: 'NOT'"),
    ("FIND {ab} IN SOME FIELDS", "MALFORMED_SEARCH", "unexpected token: 'SOME'"),
    ("FIND {ab} RETURNING Nothing", "INVALID_TYPE", "sObject type 'Nothing' is not supported"),
    ("FIND {ab} RETURNING ContentDocumentLink", "INVALID_SEARCH", "does not support search"),
    ("FIND {ab} RETURNING Contact(Nope)", "INVALID_FIELD", "No such column 'Nope'"),
    ("FIND {ab} RETURNING Contact(Id WHERE)", "MALFORMED_SEARCH", "unexpected token: ')'"),
    ("FIND {ab} RETURNING Account(Id, (SELECT Id FROM Contacts))", "MALFORMED_QUERY", "no child relationship"),
    ("FIND {ab} RETURNING Contact(Id OFFSET 1), Lead(Id)", "MALFORMED_SEARCH", "OFFSET can only be used"),
    ("FIND {ab} RETURNING Contact LIMIT 2001", "MALFORMED_SEARCH", "at most 2000"),
    ("FIND {ab} RETURNING Contact WITH DIVISION = 'x'", "MALFORMED_SEARCH", "WITH DIVISION is not supported"),
    ("FIND {ab} RETURNING Contact WITH SNIPPET", "MALFORMED_SEARCH", "WITH SNIPPET is not supported"),
    ("FIND {ab} RETURNING Contact UPDATE TRACKING", "MALFORMED_SEARCH", "knowledge articles"),
    ("FIND {ab} RETURNING Contact nonsense", "MALFORMED_SEARCH", "unexpected token: 'nonsense'"),
]


@pytest.mark.parametrize(("sosl", "code", "sentence"), REFUSED, ids=[sosl for sosl, *_ in REFUSED])
def test_refusals(company: Company, sosl: str, code: str, sentence: str) -> None:
    refused = refusal(company.org.search, company.integration, sosl)
    assert (refused.code, sentence in refused.message) == (code, True), refused.message


def test_errors_point_at_the_place_in_the_whole_statement(company: Company) -> None:
    refused = refusal(company.org.search, company.integration, "FIND {ab} RETURNING Contact(Id WHERE Nope = 1)")
    assert "ERROR at Row:1:Column:38" in refused.message


def test_spelling_may_be_corrected_but_is_not(people: Company) -> None:
    assert names(people, f"FIND {{marhs}} IN NAME FIELDS {CONTACTS} WITH SPELL_CORRECTION = true LIMIT 5") == []


def test_an_org_that_was_searched_can_be_put_aside(people: Company) -> None:
    again = pickle.loads(pickle.dumps(people.org))
    assert len(again.search(people.integration, "FIND {marsh} IN NAME FIELDS RETURNING Contact")) == 1
