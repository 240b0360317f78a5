"""A person's own program, which has one of their tokens."""

import json
from typing import TYPE_CHECKING, Any

from django.http import HttpResponse
from django.test import Client

from crosstie.accounts import people
from crosstie.accounts.sign_in import tokens
from crosstie.accounts.sign_in.tokens import TokenDetails, TokenInfo
from tests.unit.web.office import ADA

if TYPE_CHECKING:
    from tests.unit.web.office import Office

HOST = "localhost:8400"


class Program:
    """`token` may be anything; a real one comes from `of`."""

    def __init__(self, token: str) -> None:
        self.token = token
        self._client = Client(raise_request_exception=False)

    def ask(self, method: str, path: str, body: object = None, **headers: str) -> HttpResponse:
        """A body that is bytes is sent as it is; anything else as JSON."""
        raw = body if isinstance(body, bytes) else b"" if body is None else json.dumps(body).encode()
        given = {"host": HOST, "authorization": f"Bearer {self.token}"}
        given |= {name.replace("_", "-"): value for name, value in headers.items()}
        kind = given.pop("content-type", "application/json")
        answer = self._client.generic(
            method,
            f"/api/v1{path}",
            raw,
            content_type=kind,
            headers={name: value for name, value in given.items() if value},
        )
        assert isinstance(answer, HttpResponse)
        return answer

    def get(self, path: str) -> Any:
        return self._good("GET", path)

    def post(self, path: str) -> Any:
        return self._good("POST", path)

    def patch(self, path: str, body: object) -> Any:
        return self._good("PATCH", path, body)

    def _good(self, method: str, path: str, body: object = None) -> Any:
        answer = self.ask(method, path, body)
        assert answer.status_code == 200, answer.content
        assert answer.headers["Content-Type"] == "application/json; charset=utf-8"
        return json.loads(answer.content)


def token_of(
    office: "Office", address: str = ADA, *, may_act: bool = True, days: int = 90
) -> tuple[TokenInfo, str]:
    person = people.find(office.scope, address)
    details = TokenDetails("a program", may_act, days)
    return tokens.make(person.scope, person.person_id, details, office.house.stores.secrets.digest, office.clock)


def of(office: "Office", address: str = ADA, *, may_act: bool = True) -> Program:
    return Program(token_of(office, address, may_act=may_act)[1])


def refused(answer: HttpResponse, status: int, code: str) -> dict[str, Any]:
    """The problem, which is well formed."""
    found: dict[str, Any] = json.loads(answer.content)
    assert (answer.status_code, found["status"], found["code"]) == (status, status, code), found
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.headers["Cache-Control"] == "no-store"
    assert found["type"] == "about:blank"
    assert found["title"]
    assert found["detail"].endswith(".")
    return found
