"""One address, many operations: the session, the allowance, and what a refusal looks like."""

from sandbox.http import Call, Response
from sandbox.salesforce.errors import SalesforceError
from sandbox.salesforce.logins import expired_password
from sandbox.salesforce.rest.admission import LARGEST_BODY, admitted
from sandbox.salesforce.rest.exchange import Ask, check_version
from sandbox.salesforce.site import live_session
from sandbox.salesforce.soap import envelope as soap
from sandbox.salesforce.soap.asked import Asked, rest_headers
from sandbox.salesforce.soap.envelope import BadEnvelope, Dialect, Envelope, local
from sandbox.salesforce.soap.login import login, result
from sandbox.salesforce.soap.markup import Xml, element, joined
from sandbox.salesforce.soap.operations import OPERATIONS
from sandbox.salesforce.usage import Usage

_WITH_EXPIRED_PASSWORD = frozenset(("setPassword", "logout", "getUserInfo", "getServerTimestamp"))


def serve(call: Call, kind: str, version: str, org_id: str = "") -> Response:
    """`org_id` in the address is decoration: the session says whose it is."""
    dialect = soap.DIALECTS.get(kind)
    if dialect is None:
        return Response("URL No Longer Exists\n", 404)
    try:
        asked = _read(call, dialect, version)
        if asked.operation == "login":
            return _login(call, asked, dialect, kind, version)
        return _operation(call, asked, dialect, version)
    except BadEnvelope as bad:
        return soap.client_fault(dialect, str(bad))
    except SalesforceError as error:
        return soap.fault(dialect, error)


def _read(call: Call, dialect: Dialect, version: str) -> Envelope:
    data = call.request.get_data(cache=True)
    if len(data) > LARGEST_BODY:
        raise SalesforceError("EXCEEDED_MAX_SIZE_REQUEST", "The request is too large.")
    asked = soap.read(data, dialect)
    call.parts.append(f"POST {asked.operation}")
    try:
        check_version(version)
    except SalesforceError as error:
        raise SalesforceError("UNSUPPORTED_API_VERSION", "Invalid Api version specified on URL") from error
    return asked


def _login(call: Call, asked: Envelope, dialect: Dialect, kind: str, version: str) -> Response:
    try:
        site, session = login(call.world, call.request, asked, version)
    except SalesforceError as error:
        return soap.fault(dialect, error, "LoginFault")
    call.subject = site.org.id
    content = result(site, session, call.request, kind, version, call.world.clock.now())
    return soap.answer(dialect, "login", [element("result", content)])


def _operation(call: Call, envelope: Envelope, dialect: Dialect, version: str) -> Response:
    operation = OPERATIONS.get(envelope.operation)
    if operation is None:
        raise BadEnvelope(f"No operation available for request {{{dialect.api}}}{envelope.operation}")
    for member in envelope.body:
        if local(member) not in operation.members:
            raise BadEnvelope(f"Element {member.tag} invalid at this location")
    found = live_session(call.world, envelope.header("SessionHeader", "sessionId"))
    if found is None:
        message = (
            "Invalid Session ID found in SessionHeader: Illegal Session. Session not found, missing session hash"
        )
        raise SalesforceError("INVALID_SESSION_ID", message)
    site, session = found
    if site.has_expired(session) and envelope.operation not in _WITH_EXPIRED_PASSWORD:
        raise expired_password()
    ask = Ask(
        world=call.world,
        site=site,
        user=session.user,
        version=version,
        method="POST",
        headers=rest_headers(envelope),
        parts=call.parts,
    )
    origin = f"com/salesforce/api/soap/{version};client={envelope.header('CallOptions', 'client')}"
    with admitted(call, site, session), site.org.acting(session.user, origin):
        results = operation.act(Asked(ask, envelope, dialect, session))
    return soap.answer(dialect, envelope.operation, results, _limit_info(site.usage, call))


def _limit_info(usage: Usage, call: Call) -> Xml:
    now = call.world.clock.now()
    parts = (
        element("current", usage.used(now)),
        element("limit", usage.allowance),
        element("type", "API REQUESTS"),
    )
    return element("LimitInfoHeader", element("limitInfo", joined(parts)))
