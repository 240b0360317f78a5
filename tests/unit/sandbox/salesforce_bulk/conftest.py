"""The org of the REST tests with a key field, and jobs as a client would drive them."""

import csv
import io
from dataclasses import dataclass
from typing import Any

import httpx2
import pytest

from sandbox.salesforce.schema.facts import Field
from tests.unit.sandbox.salesforce_rest.conftest import BASE, Org, clock, signed_out

__all__ = ["clock", "signed_out"]

INGEST = "/jobs/ingest"
QUERY = "/jobs/query"


@dataclass
class Bulk:
    org: Org

    def make(self, kind: str = INGEST, **wanted: Any) -> dict[str, Any]:
        answer = self.org.call("POST", kind, wanted)
        assert answer.status_code == 200, answer.text
        made: dict[str, Any] = answer.json()
        return made

    def put(self, job: str, content: str | bytes, kind: str = "text/csv") -> httpx2.Response:
        url = f"{BASE}{INGEST}/{job}/batches"
        data = content.encode() if isinstance(content, str) else content
        return self.org.http.put(url, content=data, headers={"Content-Type": kind})

    def turn(self, job: str, state: str, kind: str = INGEST) -> httpx2.Response:
        return self.org.call("PATCH", f"{kind}/{job}", {"state": state})

    def info(self, job: str, kind: str = INGEST) -> dict[str, Any]:
        found: dict[str, Any] = self.org.get(f"{kind}/{job}")
        return found

    def run(self, content: str | bytes, **wanted: Any) -> str:
        """A whole ingest job, some minutes later."""
        job = str(self.make(**wanted)["id"])
        assert self.put(job, content).status_code == 201
        assert self.turn(job, "UploadComplete").status_code == 200
        self.org.wait(minutes=5)
        return job

    def results(self, job: str, which: str) -> list[dict[str, str]]:
        answer = self.org.call("GET", f"{INGEST}/{job}/{which}")
        assert answer.headers["Content-Type"] == "text/csv"
        return list(csv.DictReader(io.StringIO(answer.text)))

    def find(self, soql: str, **wanted: Any) -> str:
        job = str(self.make(QUERY, operation=wanted.pop("operation", "query"), query=soql, **wanted)["id"])
        self.org.wait(minutes=5)
        return job

    def page(self, job: str, **query: Any) -> httpx2.Response:
        return self.org.call("GET", f"{QUERY}/{job}/results", params=query)


@pytest.fixture
def bulk(signed_out: Org) -> Bulk:
    key = Field("Ext_Key__c", "string", 64, "Ncufsgxqi", "Ext Key", custom=True)
    for name in ("Account", "Contact"):
        signed_out.site.org.core.add_field(name, key)
    signed_out.sign_in()
    return Bulk(signed_out)


def error(answer: httpx2.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()[0]["errorCode"]
