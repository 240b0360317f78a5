"""Every code the sandbox refuses with is one the vendor has, or is argued for here."""

import ast
import json
from pathlib import Path

import pytest

from tests.places import ROOT, SHARED

pytestmark = pytest.mark.shared

ARGUED = {
    "NOT_FOUND": "REST, status 404",
    "METHOD_NOT_ALLOWED": "REST, status 405; field reports",
    "GONE": "REST, status 410 of a retired version",
    "PRECONDITION_FAILED": "REST, status 412 of conditional requests",
    "REQUEST_ENTITY_TOO_LARGE": "REST, status 413; the vendor answers without a code",
    "URI_TOO_LONG": "REST, status 414; the vendor answers without a code",
    "REQUEST_HEADER_FIELDS_TOO_LARGE": "REST, status 431; the vendor answers without a code",
    "CLIENTINPUTERROR": "Bulk API, its own list of codes",
    "EXCEEDEDQUOTA": "Bulk API, its own list of codes",
    "FEATURENOTENABLED": "Bulk API, its own list of codes",
    "INVALIDBATCH": "Bulk API, its own list of codes",
    "INVALIDJOB": "Bulk API, its own list of codes",
    "INVALIDJOBSTATE": "Bulk API, its own list of codes",
    "ClientInputError": "Bulk API of before 2.0, its own list of codes",
    "ExceededQuota": "Bulk API of before 2.0, its own list of codes",
    "FeatureNotEnabled": "Bulk API of before 2.0, its own list of codes",
    "InvalidBatch": "Bulk API of before 2.0, its own list of codes",
    "InvalidJob": "Bulk API of before 2.0, its own list of codes",
    "InvalidJobState": "Bulk API of before 2.0, its own list of codes",
    "InvalidSessionId": "Bulk API of before 2.0, its own list of codes",
    "InvalidVersion": "Bulk API of before 2.0, its own list of codes",
}
"""Codes that the SOAP service's description does not list, and why they are the vendor's all the same."""


def raised() -> dict[str, set[str]]:
    """Codes by the files that make a SalesforceError with them."""
    found: dict[str, set[str]] = {}
    for path in (ROOT / "sandbox" / "salesforce").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "SalesforceError" and node.args:
                for part in ast.walk(node.args[0]):
                    if isinstance(part, ast.Constant) and isinstance(part.value, str):
                        found.setdefault(part.value, set()).add(path.name)
    return found


def vendor(contracts: Path) -> set[str]:
    listed = json.loads((contracts / "salesforce" / "enums-from-partner-wsdl.json").read_text())
    return {*listed["StatusCode"], *listed["ExceptionCode"]}


def test_codes_are_the_vendors() -> None:
    known = vendor(SHARED / "contracts")
    codes = raised()
    assert len(codes) > 50
    strange = {code: sorted(files) for code, files in codes.items() if code not in known and code not in ARGUED}
    assert strange == {}


def test_nothing_is_argued_in_vain() -> None:
    """What the vendor lists, or nobody raises, needs no argument."""
    assert set(ARGUED) & vendor(SHARED / "contracts") == set()
    assert set(ARGUED) - set(raised()) == set()
