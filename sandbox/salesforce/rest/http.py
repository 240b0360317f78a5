"""Between HTTP and the resources: session, sizes, the daily allowance, JSON in and out."""

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any, NoReturn

from sandbox.clock import as_http_date
from sandbox.http import Call, Request, Response
from sandbox.salesforce.errors import SalesforceError, not_found
from sandbox.salesforce.logins import expired_password
from sandbox.salesforce.rest import admission
from sandbox.salesforce.rest.describe import versions
from sandbox.salesforce.rest.encoded import encoded
from sandbox.salesforce.rest.exchange import Answer, Ask, check_version, refusal
from sandbox.salesforce.rest.table import Resource, not_allowed
from sandbox.salesforce.site import Site, may_use_api, session_of
from sandbox.salesforce.tokens import Session

JSON = "application/json;charset=UTF-8"
LONGEST_HEAD = 16_384
"""Bytes of address and headers together."""
OWN_VERSION = "67.0"
"""The version in the record addresses that the org itself makes."""
_API_SCOPES = frozenset(("api", "full"))


def serve(resource: Resource) -> Callable[..., Response]:
    """The resource as a handler of the sandbox's route table."""

    def handler(call: Call, version: str, **arguments: Any) -> Response:
        def answer(site: Site, user: str) -> Answer:
            check_version(version)
            ask = _ask(call, site, user, version, raw=bool(resource.raw))
            with site.org.acting(user, _origin(ask)):
                found = resource.handler(ask, **arguments)
            return found if version == OWN_VERSION else replace(found, body=_addressed(found.body, version))

        return _within_session(call, answer, resource.raw or admission.LARGEST_BODY)

    return handler


def _origin(ask: Ask) -> str:
    """What change events call the door a write came through."""
    return f"com/salesforce/api/rest/{ask.version};client={ask.write_options().client}"


def list_versions(call: Call) -> Response:
    """The only REST address that asks for no session and costs nothing."""
    return Response(json.dumps(versions()), content_type=JSON)


def unknown(call: Call) -> Response:
    def answer(_site: Site, _user: str) -> NoReturn:
        raise not_allowed(call.request.method, call.allowed) if call.allowed else not_found()

    if not call.request.path.startswith("/services/data"):
        return Response("URL No Longer Exists\n", 404)
    return _within_session(call, answer)


def _within_session(
    call: Call, answer: Callable[[Site, str], Answer], largest: int = admission.LARGEST_BODY
) -> Response:
    """Refusals of the request as a whole, in the order the vendor finds them, then the answer itself."""
    try:
        _check_size(call.request, largest)
        site, session = _signed_in(call)
    except SalesforceError as error:
        return _response(refusal(error))
    now = call.world.clock.now()
    try:
        with admission.admitted(call, site, session):
            found = answer(site, session.user)
    except SalesforceError as error:
        found = refusal(error)
    response = _response(found)
    response.headers["Sforce-Limit-Info"] = site.limit_info(session, now)
    response.headers["Date"] = as_http_date(now)
    return response


def _signed_in(call: Call) -> tuple[Site, Session]:
    found = session_of(call.world, call.request)
    if found is None:
        raise SalesforceError("INVALID_SESSION_ID", "Session expired or invalid", 401)
    site, session = found
    if site.has_expired(session):
        raise expired_password()
    if not may_use_api(site, session.user):
        raise SalesforceError("API_DISABLED_FOR_ORG", "The REST API is not enabled for this Organization.", 403)
    if not _API_SCOPES & set(session.scope.split()):
        message = "This session is not valid for use with the REST API"
        raise SalesforceError("INVALID_SESSION_ID", message, 403)
    return site, session


def _check_size(request: Request, largest: int) -> None:
    uri = len(request.path) + 1 + len(request.query_string)
    if uri > LONGEST_HEAD:
        raise SalesforceError("URI_TOO_LONG", "The requested URI is too long.", 414)
    if uri + sum(len(name) + len(value) + 4 for name, value in request.headers) > LONGEST_HEAD:
        message = "The address and headers of the request are too large."
        raise SalesforceError("REQUEST_HEADER_FIELDS_TOO_LARGE", message, 431)
    if len(request.get_data()) > largest and not _is_multipart(request):
        raise SalesforceError("REQUEST_ENTITY_TOO_LARGE", "The request body is too large.", 413)


def _ask(call: Call, site: Site, user: str, version: str, *, raw: bool) -> Ask:
    request = call.request
    body, uploads = (request.get_data(), {}) if raw else _read(request)
    return Ask(
        world=call.world,
        site=site,
        user=user,
        version=version,
        method=request.method,
        query=request.args.to_dict(),
        lists=request.args.to_dict(flat=False),
        headers={name.lower(): value for name, value in request.headers},
        body=body,
        uploads=uploads,
        parts=call.parts,
    )


def _read(request: Request) -> tuple[Any, dict[str, bytes]]:
    return _multipart(request) if _is_multipart(request) else (_json(request), {})


def _is_multipart(request: Request) -> bool:
    return request.mimetype == "multipart/form-data"


def _json(request: Request) -> Any:
    data = request.get_data()
    if not data:
        if request.method in ("POST", "PATCH"):
            message = "The HTTP entity body is required, but this request has no entity body."
            raise SalesforceError("JSON_PARSER_ERROR", message)
        return None
    if request.mimetype != "application/json":
        message = f"Unsupported Media Type: {request.mimetype or 'none given'}"
        raise SalesforceError("UNSUPPORTED_MEDIA_TYPE", message, 415)
    return _parsed(data)


def _parsed(data: bytes | str) -> Any:
    def refuse(constant: str) -> NoReturn:
        raise ValueError(f"Unexpected character ('{constant[0]}')")

    try:
        return json.loads(data, parse_constant=refuse)
    except (ValueError, RecursionError) as error:
        raise SalesforceError("JSON_PARSER_ERROR", str(error)) from error


def _multipart(request: Request) -> tuple[Any, dict[str, bytes]]:
    """What is wanted as JSON in the first part (`entity_...` for a record, `job`), files in the others."""
    uploads = {name: file.read() for name, file in request.files.items()}
    for name, text in request.form.items():
        if _is_wanted(name):
            return _parsed(text), uploads
    named = next((name for name in uploads if _is_wanted(name)), None)
    if named is None:
        raise SalesforceError("INVALID_MULTIPART_REQUEST", "The part with the record's fields is missing.")
    return _parsed(uploads.pop(named)), uploads


def _is_wanted(name: str) -> bool:
    return name.startswith("entity_") or name == "job"


def _addressed(body: Any, version: str) -> Any:
    """The answer with its records' `attributes.url` in the version that was asked."""
    if isinstance(body, list):
        return [_addressed(item, version) for item in body]
    if not isinstance(body, dict):
        return body
    changed = {name: _addressed(value, version) for name, value in body.items()}
    if set(body) == {"type", "url"}:
        own, asked = f"/services/data/v{OWN_VERSION}/", f"/services/data/v{version}/"
        changed["url"] = str(body["url"]).replace(own, asked, 1)
    return changed


def _response(answer: Answer) -> Response:
    if isinstance(answer.body, bytes):
        kind = answer.headers.get("Content-Type", "application/octetstream")
        return Response(answer.body, answer.status, dict(answer.headers), content_type=kind)
    text = "" if answer.body is None else encoded(answer.body)
    return Response(text, answer.status, dict(answer.headers), content_type=JSON)
