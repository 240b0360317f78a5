"""Describes, as far as they matter: keys, lists of people, e-mail fields, lengths."""

import json
from typing import Any

import httpx2
import pytest

from crosstie.domain.access import AuthMode
from crosstie.domain.errors import NeedsConsent, Retry, Throttled
from crosstie.domain.records import KEY_FIELD
from crosstie.salesforce.auth import Authority, OrgConnection
from crosstie.salesforce.client import Client, PartAnswer
from crosstie.salesforce.describe import SchemaCache, _private
from crosstie.salesforce.governor import Governor, Meter
from crosstie.salesforce.session import OrgSession
from crosstie.transport import Http
from tests.clocks import StepClock

ORIGIN = "http://salesforce.test"


def fact(name: str, kind: str = "string", **more: Any) -> dict[str, Any]:
    return {"name": name, "type": kind, "length": 80, "createable": True, "unique": False} | more


KEY = fact(KEY_FIELD, unique=True)
LISTS = [{"childSObject": "TaskRelation", "field": "TaskId", "junctionIdListNames": ["TaskWhoIds"]}]


class Describes(httpx2.BaseTransport):
    """Answers composites of describes from a table: object → body, or a status (and its code)."""

    def __init__(self, **bodies: dict[str, Any] | int | tuple[int, str]) -> None:
        self.bodies = bodies

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        if request.url.path.endswith("/token"):
            return httpx2.Response(200, json={"access_token": "t", "instance_url": ORIGIN})
        asked = [part["url"].split("/")[-2] for part in json.loads(request.content)["compositeRequest"]]
        answers = [self.answer(number, name) for number, name in enumerate(asked)]
        return httpx2.Response(200, json={"compositeResponse": answers})

    def answer(self, number: int, name: str) -> dict[str, Any]:
        body = self.bodies.get(name, 404)
        status, code = body if isinstance(body, tuple) else (body if isinstance(body, int) else 200, "NOT_FOUND")
        error = [{"errorCode": code, "message": "m"}]
        return {"referenceId": f"p{number}", "httpStatusCode": status, "body": error if status != 200 else body}


def cache(**bodies: dict[str, Any] | int | tuple[int, str]) -> SchemaCache:
    clock = StepClock()
    http = Http(transport=Describes(**bodies))
    connection = OrgConnection(ORIGIN, AuthMode.CLIENT_CREDENTIALS, "id", "secret")
    session = OrgSession(Authority(http, clock, frozenset((ORIGIN,))), lambda: connection, lambda step: step({}))
    return SchemaCache(Client(http, session, Governor(clock), Meter(), clock), clock)


@pytest.mark.parametrize(
    ("body", "private"),
    [
        (("Edit", "ControlledByParent", "ReadEditTransfer"), ""),
        (("Read", "ControlledByParent", "Read"), ""),
        (("None", "ControlledByParent", "Read"), "Account Contact"),
        (("None", "Read", "None"), "Account Lead"),
        (("Edit", "None", "Edit"), "Contact"),
        ((None, None, None), "Account Contact Lead"),
        (("Edit", "ControlledByLeadOrParent", "Edit"), ""),
        ((), "Account Contact Lead"),
    ],
)
def test_whose_records_not_everybody_may_read(body: tuple[str | None, ...], private: str) -> None:
    names = ("DefaultAccountAccess", "DefaultContactAccess", "DefaultLeadAccess")
    records = [dict(zip(names, body, strict=True))] if body else []
    assert _private(PartAnswer(200, {"records": records})) == frozenset(private.split())


def test_an_org_that_does_not_say_is_taken_for_private() -> None:
    assert _private(PartAnswer(400, [{"errorCode": "INVALID_FIELD"}])) == {"Account", "Contact", "Lead"}


def described(*fields: dict[str, Any], createable: bool = True, **more: Any) -> dict[str, Any]:
    return {
        "createable": createable,
        "fields": [{"name": "Id", "type": "id"}, *fields],
        "childRelationships": [],
    } | more


@pytest.mark.parametrize(
    ("bodies", "keyed"),
    [
        ({"Task": described(KEY), "EmailMessage": described(KEY)}, True),
        ({"Task": described(KEY)}, True),
        ({"Task": described(KEY), "EmailMessage": described()}, False),
        ({"Task": described(), "EmailMessage": described(KEY)}, False),
        ({"Task": described(fact(KEY_FIELD)), "EmailMessage": described(KEY)}, False),
        ({"Task": described(KEY | {"createable": False}), "EmailMessage": described(KEY)}, False),
        ({}, False),
    ],
)
def test_an_org_is_keyed_where_every_mail_can_carry_a_key(bodies: dict[str, Any], keyed: bool) -> None:
    assert cache(**bodies).get().capabilities().keyed is keyed


@pytest.mark.parametrize(
    ("task", "many"),
    [
        (described(childRelationships=LISTS), True),
        (described(fact("TaskWhoIds", "junctionidlist")), True),
        (described(), False),
        (described(childRelationships=None), False),
    ],
)
def test_lists_of_people_stand_with_the_relationships(task: dict[str, Any], many: bool) -> None:
    schema = cache(Task=task).get()
    assert schema.capabilities().many_people is many
    assert schema.takes("Task", "TaskWhoIds") is many


def test_what_else_a_describe_tells() -> None:
    schema = cache(
        EmailMessage=described(fact("Subject", length=3000), fact("Crosstie_Key__c"), fact("Other__c")),
        Contact=described(fact("Email", "email"), fact("Second__c", "email"), fact("Phone", "phone")),
        Lead=403,
        User=described(fact("Email", "email", createable=False)),
        ContentVersion=described(createable=False),
    ).get()
    found = schema.capabilities()
    assert found.enhanced_email
    assert not found.files
    assert found.email_fields == {"Contact": ("Email", "Second__c"), "Lead": (), "User": ("Email",)}
    assert found.custom_fields == {"EmailMessage.Crosstie_Key__c"}
    assert found.lengths["EmailMessage.Subject"] == 3000
    assert "Contact.Phone" not in found.lengths
    assert schema.length("Contact", "Phone") == 80
    assert schema.takes("Anything", "Standard")
    assert not schema.takes("Anything", "Custom__c")


def test_a_passing_trouble_is_not_taken_for_a_missing_object() -> None:
    with pytest.raises(Retry):
        cache(Task=503).get()


def test_a_schema_found_wrong_is_asked_for_once() -> None:
    schemas = cache(Task=described(KEY))
    first = schemas.get()
    assert schemas.get() is first
    second = schemas.get(stale=first)
    assert second is not first
    assert schemas.get(stale=first) is second


@pytest.mark.parametrize(
    ("code", "error"),
    [
        ("API_DISABLED_FOR_ORG", NeedsConsent),
        ("API_CURRENTLY_DISABLED", NeedsConsent),
        ("REQUEST_LIMIT_EXCEEDED", Throttled),
    ],
)
def test_a_refusal_of_everything_says_nothing_about_an_object(code: str, error: type[Exception]) -> None:
    """Else an org whose API was switched off for an hour would have no EmailMessage for hours."""
    with pytest.raises(error):
        cache(EmailMessage=(403, code)).get()


def test_an_object_we_may_not_see_is_not_there() -> None:
    assert "EmailMessage" not in cache(EmailMessage=(403, "INSUFFICIENT_ACCESS")).get().objects
