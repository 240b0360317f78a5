"""The org of the REST tests, with a colleague who has a password."""

import re
from dataclasses import dataclass
from xml.sax.saxutils import escape

import httpx2
import pytest

from sandbox.salesforce.logins import Login
from tests.unit.sandbox.salesforce_rest.conftest import Org, clock, signed_out

__all__ = ["clock", "signed_out"]

ENVELOPE = (
    '<?xml version="1.0" encoding="utf-8"?>'
    '<env:Envelope xmlns:env="http://schemas.xmlsoap.org/soap/envelope/" xmlns="urn:{name}.soap.sforce.com"'
    ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><env:Header>{header}</env:Header>'
    "<env:Body>{body}</env:Body></env:Envelope>"
)
USERNAME, PASSWORD, TOKEN = "ada@acme.test", "pass & word", "tok3n"


@dataclass
class Soap:
    org: Org
    login: Login
    session: str = ""

    def post(self, body: str, *, header: str = "", kind: str = "u", version: str = "64.0") -> httpx2.Response:
        name = "enterprise" if kind == "c" else "partner"
        signed_in = f"<SessionHeader><sessionId>{self.session}</sessionId></SessionHeader>" if self.session else ""
        return self.org.http.post(
            f"/services/Soap/{kind}/{version}",
            content=ENVELOPE.format(name=name, header=header + signed_in, body=body),
            headers={"Content-Type": "text/xml; charset=utf-8", "SOAPAction": '""'},
        )

    def sign_in(self, password: str = PASSWORD + TOKEN, username: str = USERNAME, **how: str) -> httpx2.Response:
        names = f"<username>{escape(username)}</username><password>{escape(password)}</password>"
        answer = self.post(f"<login>{names}</login>", **how)
        self.session = member(answer, "sessionId")
        return answer


def member(answer: httpx2.Response, name: str) -> str:
    """The text of the first element of that name, whatever its prefix; empty when there is none."""
    found = re.search(rf"<(?:\w+:)?{name}(?: [^>]*)?>([^<]*)<", answer.text)
    return found[1] if found else ""


@pytest.fixture
def soap(signed_out: Org) -> Soap:
    login = Login(PASSWORD, TOKEN)
    signed_out.site.logins[signed_out.colleague] = login
    return Soap(signed_out, login)
