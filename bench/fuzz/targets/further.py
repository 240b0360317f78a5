"""Hand-written requests to faces that the product does not use: SOAP, bulk jobs, uploads, the sandbox's own."""

import json
from collections.abc import Iterator
from typing import Any

from sandbox.company import CRM_CLIENT

SOAP = "/services/Soap/u/67.0"
DATA = "/services/data/v67.0"
MAIL = "/v1.0/users/ada%40larch.test"
_ENVELOPE = """<?xml version="1.0" encoding="utf-8"?>
<env:Envelope xmlns:env="http://schemas.xmlsoap.org/soap/envelope/" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"
 xmlns:xsd="http://www.w3.org/2001/XMLSchema"><env:Header><SessionHeader xmlns="urn:partner.soap.sforce.com">
<sessionId>{session}</sessionId></SessionHeader></env:Header><env:Body>{body}</env:Body></env:Envelope>"""
_CALLS = (
    "<login xmlns='urn:partner.soap.sforce.com'><username>ada@larch.test</username><password>x</password></login>",
    "<query xmlns='urn:partner.soap.sforce.com'><queryString>SELECT Id, Name FROM Contact</queryString></query>",
    "<create xmlns='urn:partner.soap.sforce.com'><sObjects xmlns:s='urn:sobject.partner.soap.sforce.com'>"
    "<s:type>Contact</s:type><s:LastName>R</s:LastName><s:Birthdate>1990-01-01</s:Birthdate></sObjects></create>",
    "<describeSObject xmlns='urn:partner.soap.sforce.com'><sObjectType>Contact</sObjectType></describeSObject>",
    "<getServerTimestamp xmlns='urn:partner.soap.sforce.com'/>",
    "<delete xmlns='urn:partner.soap.sforce.com'><ids>003000000000001AAA</ids></delete>",
)
_JOBS: tuple[tuple[str, str, Any], ...] = (
    (
        "POST",
        "/jobs/ingest",
        {"object": "Contact", "operation": "insert", "contentType": "CSV", "lineEnding": "LF"},
    ),
    ("GET", "/jobs/ingest", None),
    ("POST", "/jobs/query", {"operation": "query", "query": "SELECT Id FROM Contact"}),
    ("GET", "/jobs/query", None),
    ("PUT", "/jobs/ingest/750000000000001AAA/batches", None),
    ("PATCH", "/jobs/ingest/750000000000001AAA", {"state": "UploadComplete"}),
)
_CONTROL: tuple[tuple[str, str, Any], ...] = (
    ("POST", "/sandbox/switches", {"graph.global_limit_is_low": True}),
    ("POST", "/sandbox/clock", {"seconds": 60}),
    ("GET", "/sandbox/requests", None),
)
Asked = tuple[str, str, str, bytes]
"""Method, path, content type, body."""


def further(session: str) -> Iterator[Asked]:
    """Those that take a session of Salesforce's or none."""
    for call in _CALLS:
        yield "POST", SOAP, "text/xml", _ENVELOPE.format(session=session, body=call).encode()
    for method, path, body in _JOBS:
        yield method, DATA + path, "application/json", b"" if body is None else json.dumps(body).encode()
    yield (
        "PUT",
        f"{DATA}/jobs/ingest/750000000000001AAA/batches",
        "text/csv",
        b'LastName,Email\n"R ""x""",r@rowan.test\n',
    )
    for path in ("authorize", "revoke"):
        form = f"response_type=code&client_id={CRM_CLIENT}&redirect_uri=http://x.test&state=s&token=x".encode()
        yield "POST", f"/services/oauth2/{path}", "application/x-www-form-urlencoded", form
    for method, path, body in _CONTROL:
        yield method, path, "application/json", b"" if body is None else json.dumps(body).encode()
    yield "POST", "/sandbox/load", "message/rfc822", b"From: a@b.test\r\nTo: ada@larch.test\r\n\r\nx"
