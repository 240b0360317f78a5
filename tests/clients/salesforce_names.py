"""Salesforce's clients under the vendor's own names and over TLS: no address set, no transport of ours."""

import csv
import json
import subprocess
from typing import Any

import pytest
from simple_salesforce.api import Salesforce

from sandbox.company import CRM_CLIENT, CRM_SECRET, PASSWORD, SECURITY_TOKEN
from tests.places import ROOT, node

ADA = "ada@larch.test"
SCRIPT = """
const jsforce = require('jsforce');
const conn = new jsforce.Connection({ loginUrl: 'https://login.salesforce.com' });
conn.login(process.argv[1], process.argv[2])
  .then(() => conn.query('SELECT Id FROM Contact'))
  .then((found) => console.log(JSON.stringify([conn.instanceUrl, found.totalSize])));
"""


def sign_in(**how: str) -> Any:
    untyped: Any = Salesforce
    return untyped(**how)


@pytest.mark.parametrize(
    "how",
    [
        {"username": ADA, "password": PASSWORD, "security_token": SECURITY_TOKEN},
        {"username": ADA, "password": PASSWORD, "security_token": SECURITY_TOKEN, "domain": "test"},
        {"consumer_key": CRM_CLIENT, "consumer_secret": CRM_SECRET, "domain": "larch.my"},
    ],
    ids=["password", "password at test", "client credentials"],
)
def test_sign_in(how: dict[str, str]) -> None:
    sf = sign_in(**how)
    assert sf.sf_instance == "larch.my.salesforce.com"
    assert sf.query("SELECT COUNT() FROM Contact")["totalSize"] > 0


def test_rows_and_jobs() -> None:
    sf = sign_in(username=ADA, password=PASSWORD, security_token=SECURITY_TOKEN)
    made = sf.Lead.create({"LastName": "Yates", "Company": "Fir"})
    done = sf.bulk2.Lead.insert(records=[{"LastName": "Duarte", "Company": "Dogwood"}], wait=0.2)
    assert done[0]["numberRecordsFailed"] == 0
    pages = sf.bulk2.Lead.query("SELECT Id, LastName FROM Lead", wait=0.2)
    rows = {row["Id"]: row["LastName"] for page in pages for row in csv.DictReader(page.splitlines())}
    assert rows[made["id"]] == "Yates"
    assert "Duarte" in rows.values()


@pytest.mark.node
@pytest.mark.skipif(
    not (ROOT / "node_modules" / "jsforce").is_dir(), reason="Node.js or its packages are missing (npm ci)"
)
def test_jsforce() -> None:
    command = [node() or "node", "-e", SCRIPT, ADA, PASSWORD + SECURITY_TOKEN]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    address, people = json.loads(done.stdout)
    assert address == "https://larch.my.salesforce.com"
    assert people > 0
