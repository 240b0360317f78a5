"""jsforce (JavaScript) does real work in the sandbox's org, signed in by SOAP with a password."""

import json
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.clients.salesforce import KEY_FIELD, PASSWORD, TOKEN, USERNAME, open_vendor
from tests.places import ROOT, node

pytestmark = [
    pytest.mark.node,
    pytest.mark.skipif(
        not (ROOT / "node_modules" / "jsforce").is_dir(), reason="Node.js or its packages are missing (npm ci)"
    ),
]
WORK = Path(__file__).with_name("jsforce.cjs")


@pytest.fixture(scope="module")
def work() -> Iterator[dict[str, Any]]:
    """What the child found, by the part of its work."""
    vendor = open_vendor()
    with vendor.server:
        environment = {
            "PATH": os.environ["PATH"],
            "NODE_PATH": str(ROOT / "node_modules"),
            "ORG_URL": vendor.url,
            "ORG_USER": USERNAME,
            "ORG_PASSWORD": PASSWORD + TOKEN,
            "KEY_FIELD": KEY_FIELD,
        }
        command = [node() or "node", str(WORK)]
        done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=120, check=False)
        assert done.returncode == 0, done.stderr
        yield json.loads(done.stdout) | {"ada": vendor.ada}


def test_sign_in(work: dict[str, Any]) -> None:
    assert work["signIn"] == {"wrong": "INVALID_LOGIN", "organization": 18, "id": work["ada"]}


def test_rows(work: dict[str, Any]) -> None:
    assert work["rows"] == {
        "name": "Fir & <Söhne>",
        "people": 3,
        "created": [True, False],
        "deleted": [True],
        "refused": "REQUIRED_FIELD_MISSING",
    }


def test_events(work: dict[str, Any]) -> None:
    lists = ("AcceptedEventInviteeIds", "DeclinedEventInviteeIds", "EventWhoIds", "UndecidedEventInviteeIds")
    assert work["events"] == {
        "changed": 199,
        "refused": ["DurationInMinutes"],
        "lists": list(lists),
        "ends": "2026-11-24T09:30:00.000+0000",
        "gone": 200,
        "twice": "ENTITY_IS_DELETED",
    }


def test_bulk(work: dict[str, Any]) -> None:
    assert work["bulk"] == {
        "written": 250,
        "failed": ["REQUIRED_FIELD_MISSING"],
        "unprocessed": 0,
        "found": 250,
    }


def test_queries(work: dict[str, Any]) -> None:
    assert work["queries"] == {
        "parents": ["Fir & <Söhne>"] * 2,
        "built": ["P3", "P2"],
        "nested": 2,
        "all": 250,
    }


def test_descriptions(work: dict[str, Any]) -> None:
    assert work["descriptions"] == {"objects": True, "key": True}


def test_soap(work: dict[str, Any]) -> None:
    assert work["soap"] == {"user": USERNAME, "stamp": True, "converted": True}


def test_the_end_of_a_session(work: dict[str, Any]) -> None:
    assert work["ends"] == {"who": USERNAME, "counted": True, "refused": "INVALID_SESSION_ID"}
