"""openapi.json is judged by schemathesis: what it says can be sent, and what comes back is what it says.

In this process, over WSGI. API_EXAMPLES says how many requests of each kind a resource is sent.
"""

import json
import os
from typing import TYPE_CHECKING, Any

import pytest
import schemathesis
from django.core.signals import request_finished
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from hypothesis import HealthCheck, Phase, given, seed, settings
from schemathesis import Case, CheckFunction, GenerationMode
from schemathesis.core.result import Ok
from schemathesis.specs.openapi.checks import positive_data_acceptance

from crosstie.domain.settings import Level, catalogue
from crosstie.store.models import AccessToken, AuditRow
from tests.unit.web.api.program import token_of

if TYPE_CHECKING:
    from schemathesis import APIOperation, BaseSchema

    from tests.unit.web.office import Office

EXAMPLES = int(os.environ.get("API_EXAMPLES", "12"))
SEED = 20261127
RULED = ("PATCH /api/v1/settings",)
"""Where more is asked of what is sent than a schema can say, such as that an entry is an address."""
DOCUMENT = "/api/v1/openapi.json"


@pytest.fixture
def schema(office: "Office") -> "BaseSchema":
    office.mail("Offer", "nora@birchworks.test")
    office.sync()
    return schemathesis.openapi.from_wsgi(DOCUMENT, get_wsgi_application())


@pytest.fixture(autouse=True)
def _one_connection() -> Any:
    request_finished.disconnect(close_old_connections)
    yield
    request_finished.connect(close_old_connections)


def judge(
    office: "Office", operation: "APIOperation[Any, Any, Any, Any]", mode: GenerationMode, token: str
) -> None:
    beyond: list[CheckFunction] = [positive_data_acceptance] if operation.label in RULED else []

    @seed(SEED)
    @settings(
        max_examples=EXAMPLES,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy(generation_mode=mode))
    def run(case: "Case[Any]") -> None:
        office.clock.pass_time(61)
        case.call_and_validate(headers={"Authorization": f"Bearer {token}"}, excluded_checks=beyond)

    run()


@pytest.mark.parametrize("mode", list(GenerationMode))
def test_answers_are_as_described(office: "Office", schema: "BaseSchema", mode: GenerationMode) -> None:
    token = token_of(office, days=365)[1]
    judged = 0
    for found in schema.get_all_operations():
        assert isinstance(found, Ok)
        operation = found.ok()
        takes = list(operation.query) + list(operation.path_parameters) + list(operation.body)
        if mode is GenerationMode.POSITIVE or takes:
            judge(office, operation, mode, token)
            judged += 1
    assert judged == (11 if mode is GenerationMode.POSITIVE else 4)
    assert AuditRow.of(office.scope).filter(face="api").exists() is (mode is GenerationMode.POSITIVE)
    assert AccessToken.of(office.scope).exists()


def test_the_document_names_every_setting_that_a_person_may_set(office: "Office") -> None:
    document = json.loads(office.browser().get(DOCUMENT).content)
    assert document["openapi"].startswith("3.1")
    named = document["components"]["schemas"]["SettingsGiven"]
    theirs = {name for name, (_, info) in catalogue().items() if info.lowest is Level.USER}
    assert set(named["properties"]) == theirs
    assert named["additionalProperties"] is False
    problems = [
        list(answer["content"])
        for path in document["paths"].values()
        for operation in path.values()
        for status, answer in operation["responses"].items()
        if int(status) >= 400
    ]
    assert problems
    assert all(kinds == ["application/problem+json"] for kinds in problems)
