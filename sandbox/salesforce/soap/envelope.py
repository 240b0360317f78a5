"""SOAP envelopes in and out, and faults as the WSDL has them."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple
from xml.etree.ElementTree import Element, ParseError, XMLParser

from sandbox.http import Response
from sandbox.salesforce.errors import SalesforceError
from sandbox.salesforce.soap.markup import Xml, element, joined
from sandbox.salesforce.wording import in_soap

_SOAP = "http://schemas.xmlsoap.org/soap/envelope/"
_XSI = "http://www.w3.org/2001/XMLSchema-instance"
TYPE = f"{{{_XSI}}}type"
_NIL = f"{{{_XSI}}}nil"
_PLACE = re.compile(r"Row:(\d+):Column:(\d+)")
_FAULTS = {
    "INVALID_FIELD": "InvalidFieldFault",
    "INVALID_QUERY_LOCATOR": "InvalidQueryLocatorFault",
    "INVALID_TYPE": "InvalidSObjectFault",
    "MALFORMED_ID": "InvalidIdFault",
    "MALFORMED_QUERY": "MalformedQueryFault",
    "MALFORMED_SEARCH": "MalformedSearchFault",
}
_WITH_PLACE = frozenset(
    ("InvalidFieldFault", "InvalidSObjectFault", "MalformedQueryFault", "MalformedSearchFault")
)


class Dialect(NamedTuple):
    """One of the two WSDLs by its namespaces."""

    api: str
    sobject: str
    fault: str
    typed: bool
    """The enterprise's records say by xsi:type what they are, the partner's by an element."""


DIALECTS = {
    letter: Dialect(f"urn:{name}.soap.sforce.com", f"urn:sobject.{name}.soap.sforce.com",
                    f"urn:fault.{name}.soap.sforce.com", name == "enterprise")
    for letter, name in (("u", "partner"), ("c", "enterprise"))
}  # fmt: skip


class BadEnvelope(Exception):
    """No SOAP, or no operation of this service."""


@dataclass(frozen=True, slots=True)
class Envelope:
    operation: str
    body: Element
    headers: dict[str, Element] = field(default_factory=dict)

    def header(self, name: str, member: str) -> str:
        found = self.headers.get(name)
        return text(found, member) if found is not None else ""


def read(data: bytes, dialect: Dialect) -> Envelope:
    """Raises BadEnvelope. Entities and document types are no part of SOAP 1.1 and are not expanded."""
    root = _parsed(data)
    body = root.find(f"{{{_SOAP}}}Body")
    operation = next(iter(body), None) if body is not None else None
    if root.tag != f"{{{_SOAP}}}Envelope" or operation is None:
        raise BadEnvelope("The request is no SOAP 1.1 envelope with an operation in its body.")
    if not operation.tag.startswith(f"{{{dialect.api}}}"):
        raise BadEnvelope(f"No operation available for request {operation.tag}")
    headers = list(root.find(f"{{{_SOAP}}}Header") or ())
    return Envelope(local(operation), operation, {local(one): one for one in headers})


def _parsed(data: bytes) -> Element:
    if any(word in data for word in (b"<!DOCTYPE", b"<!ENTITY", b"\0")):
        raise BadEnvelope("A SOAP message is UTF-8 without a document type.")
    parser = XMLParser()  # noqa: S314 - no DTD, so no entity to expand
    try:
        parser.feed(data)
        return parser.close()
    except (ParseError, LookupError, ValueError) as error:  # LookupError: an encoding that nobody knows
        raise BadEnvelope(f"Unable to parse the request: {error}") from error


def local(node: Element) -> str:
    return node.tag.rpartition("}")[2]


def members(node: Element, name: str) -> Iterator[Element]:
    return (child for child in node if local(child) == name)


def texts(node: Element, name: str) -> list[str]:
    return [(child.text or "").strip() for child in members(node, name)]


def text(node: Element, name: str) -> str:
    """The text of the first member of that name; empty when there is none."""
    return next(iter(texts(node, name)), "")


def is_nil(node: Element) -> bool:
    return node.get(_NIL, "") in ("true", "1")


def answer(dialect: Dialect, operation: str, results: Iterable[Xml], header: Xml | None = None) -> Response:
    head = f"<soapenv:Header>{header}</soapenv:Header>" if header else ""
    body = f"{head}<soapenv:Body>{element(f'{operation}Response', joined(results))}</soapenv:Body>"
    return _response(body, dialect.api, {"sf": dialect.sobject, "xsd": "http://www.w3.org/2001/XMLSchema"}, 200)


def fault(dialect: Dialect, error: SalesforceError, kind: str = "") -> Response:
    """`kind` is the fault's type where its code does not tell it."""
    code, message = in_soap(error.code, error.message)
    kind = kind or _FAULTS.get(code, "UnexpectedErrorFault")
    parts = [element("sf:exceptionCode", code), element("sf:exceptionMessage", message)]
    if kind in _WITH_PLACE:
        place = _PLACE.search(message)
        row, column = (int(one) for one in place.groups()) if place else (-1, -1)
        parts += [element("sf:row", row), element("sf:column", column)]
    detail = element("detail", element(f"sf:{kind}", joined(parts), kind=f"sf:{kind}"))
    return _fault(dialect, f"sf:{code}", f"{code}: {message}", detail)


def client_fault(dialect: Dialect, message: str) -> Response:
    return _fault(dialect, "soapenv:Client", message, Xml(""))


def _fault(dialect: Dialect, code: str, message: str, detail: Xml) -> Response:
    inner = joined([element("faultcode", code), element("faultstring", message), detail])
    body = f"<soapenv:Body><soapenv:Fault>{inner}</soapenv:Fault></soapenv:Body>"
    return _response(body, "", {"sf": dialect.fault}, 500)


def _response(body: str, default: str, prefixes: dict[str, str], status: int) -> Response:
    spaces = {"soapenv": _SOAP, **prefixes, "xsi": _XSI}
    names = "".join(f' xmlns:{prefix}="{uri}"' for prefix, uri in spaces.items())
    names += f' xmlns="{default}"' if default else ""
    document = f'<?xml version="1.0" encoding="UTF-8"?><soapenv:Envelope{names}>{body}</soapenv:Envelope>'
    return Response(document, status, content_type="text/xml;charset=UTF-8")
