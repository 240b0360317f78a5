"""How Microsoft's login refuses: programs branch on the number."""

import json
from dataclasses import dataclass
from typing import Any

from sandbox.http import Call, Response, json_response
from sandbox.switches import declare

_KNOWN = {
    50011: ("invalid_request", "The app {app} has no redirect address {uri}."),
    50020: (
        "access_denied",
        "The account {name} does not exist in the tenant and cannot use the app {app} there.",
    ),
    50034: ("invalid_grant", "There is no account {name} in the directory."),
    50053: ("invalid_grant", "The account is locked: too many wrong passwords."),
    50057: ("invalid_grant", "The user account is disabled."),
    50058: ("login_required", "Nobody is signed in, and nobody may be asked."),
    50076: ("interaction_required", "The administrator's policy asks for a second proof."),
    50105: ("interaction_required", "The administrator has not assigned the user to the app {app}."),
    50126: ("invalid_grant", "The user name or the password is wrong."),
    50173: ("invalid_grant", "The grant was revoked; sign in again."),
    53003: ("interaction_required", "Access is blocked by a conditional access policy."),
    54005: ("invalid_grant", "The authorization code was redeemed already."),
    65001: ("invalid_grant", "Neither the user nor an administrator has consented to the app {app}."),
    65004: ("access_denied", "User declined to consent to access the app."),
    70000: ("invalid_grant", "The value of {name} is not valid."),
    70003: ("unsupported_grant_type", "There is no grant type {name}."),
    70005: ("unsupported_response_type", "The response type {name} is not supported."),
    70007: ("invalid_request", "The response mode {name} is not supported."),
    70008: ("invalid_grant", "The authorization code has expired."),
    70011: ("invalid_scope", "The scope {name} is not valid."),
    90002: ("invalid_request", "There is no tenant {name}."),
    90023: ("invalid_request", "The value {name} of prompt is not supported."),
    90094: ("access_denied", "Only an administrator of {name} can grant what the app {app} asks for."),
    500121: ("access_denied", "The second proof was not given."),
    501481: ("invalid_grant", "The code verifier does not fit the code challenge."),
    501491: ("invalid_request", "The code challenge has a wrong size."),
    700016: ("unauthorized_client", "There is no app {app} in the directory {name}."),
    700024: ("invalid_client", "The client assertion is not within its time of validity."),
    700027: ("invalid_client", "The client assertion is not acceptable: {name}."),
    700054: ("unsupported_response_type", "The app {app} is not enabled for the response type id_token."),
    700082: ("invalid_grant", "The refresh token has expired through inactivity."),
    900144: ("invalid_request", "The request lacks the parameter {name}."),
    7000112: ("unauthorized_client", "The app {app} is disabled."),
    7000215: ("invalid_client", "That is not a client secret of the app {app}."),
    7000218: ("invalid_client", "The request carries neither client_secret nor client_assertion."),
    7000222: ("invalid_client", "The client secret of the app {app} has expired."),
    7000229: ("unauthorized_client", "The app {app} has no service principal in the tenant {name}."),
    1002012: ("invalid_scope", "The scope {name} is not valid: client credentials need /.default."),
}
"""The numbers and error codes are Microsoft's; the sentences are not, and no program should read them. The one of
65004 is, since it is what people send to those who ask them what happened."""
_UNAUTHORIZED = {"invalid_client"}
_SUBERRORS = {50076: "basic_action", 53003: "message_only", 65001: "consent_required"}
_GRANT_INVALID = {50105}
"""At the token endpoint these are told as invalid_grant; the login page has a word of its own."""
INTERACTION_REQUIRED = declare(
    "microsoft.policies_say_interaction_required",
    default=True,
    question="Does the token endpoint call a conditional access refusal interaction_required (or invalid_grant)?",
    source="recall: both are seen; the documentation names the first",
)


@dataclass(slots=True)
class LoginRefused(Exception):
    number: int
    app: str = ""
    name: str = ""
    uri: str = ""

    @property
    def error(self) -> str:
        return _KNOWN[self.number][0]

    @property
    def sentence(self) -> str:
        text = _KNOWN[self.number][1].format(app=self.app, name=self.name, uri=self.uri)
        return f"AADSTS{self.number}: {text}"


@dataclass(frozen=True, slots=True)
class _Stamped:
    """A refusal with what support would ask for."""

    description: str
    trace: str
    correlation: str
    stamp: str
    uri: str


def _stamped(call: Call, refusal: LoginRefused) -> _Stamped:
    trace, correlation = (_guid(f"{call.world.microsoft.dice.getrandbits(128):032x}") for _ in range(2))
    stamp = f"{call.world.clock.now():%Y-%m-%d %H:%M:%SZ}"
    text = f"{refusal.sentence} Trace ID: {trace} Correlation ID: {correlation} Timestamp: {stamp}"
    return _Stamped(text, trace, correlation, stamp, f"{call.request.url_root}error?code={refusal.number}")


def sent_back(call: Call, refusal: LoginRefused) -> dict[str, Any]:
    """What the login page tells the app by way of the browser."""
    found = _stamped(call, refusal)
    told = {"error": refusal.error, "error_description": found.description, "error_uri": found.uri}
    return told | ({"error_subcode": "cancel"} if refusal.number == 65004 else {})


def refusal_response(call: Call, refusal: LoginRefused) -> Response:
    error = "invalid_grant" if refusal.number in _GRANT_INVALID else refusal.error
    if error == "interaction_required" and not call.world.switches.on(INTERACTION_REQUIRED):
        error = "invalid_grant"
    found = _stamped(call, refusal)
    body = {
        "error": error,
        "error_description": found.description,
        "error_codes": [refusal.number],
        "timestamp": found.stamp,
        "trace_id": found.trace,
        "correlation_id": found.correlation,
        "error_uri": found.uri,
    }
    if refusal.number in _SUBERRORS:
        body["suberror"] = _SUBERRORS[refusal.number]
    if refusal.number == 50076:
        body["claims"] = challenge_of(found.trace)
    status = 401 if error in _UNAUTHORIZED else 400
    return json_response(body, status, {"Cache-Control": "no-store, no-cache"})


def challenge_of(policy: str) -> str:
    """What the app has to send along when it asks the person again: which policy is to be met."""
    return json.dumps({"access_token": {"capolids": {"essential": True, "values": [policy]}}})


def _guid(digits: str) -> str:
    return f"{digits[:8]}-{digits[8:12]}-{digits[12:16]}-{digits[16:20]}-{digits[20:]}"
