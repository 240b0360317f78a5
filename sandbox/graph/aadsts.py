"""How Microsoft's login refuses: programs branch on the number."""

from dataclasses import dataclass

from sandbox.http import Call, Response, json_response
from sandbox.switches import declare

_KNOWN = {
    50058: ("login_required", "Nobody is signed in, and nobody may be asked."),
    50076: ("interaction_required", "The administrator's policy asks for a second proof."),
    53003: ("interaction_required", "Access is blocked by a conditional access policy."),
    50011: ("invalid_request", "The app {app} has no redirect address {uri}."),
    50173: ("invalid_grant", "The grant was revoked; sign in again."),
    54005: ("invalid_grant", "The authorization code was redeemed already."),
    65001: ("invalid_grant", "Neither the user nor an administrator has consented to the app {app}."),
    65004: ("access_denied", "The user declined to consent."),
    70000: ("invalid_grant", "The value of {name} is not valid."),
    70003: ("unsupported_grant_type", "There is no grant type {name}."),
    70008: ("invalid_grant", "The authorization code has expired."),
    70011: ("invalid_scope", "The scope {name} is not valid."),
    90002: ("invalid_request", "There is no tenant {name}."),
    90094: ("access_denied", "Only an administrator of {name} can grant what the app {app} asks for."),
    501481: ("invalid_grant", "The code verifier does not fit the code challenge."),
    700016: ("unauthorized_client", "There is no app {app} in the directory {name}."),
    700024: ("invalid_client", "The client assertion is not within its time of validity."),
    700027: ("invalid_client", "The client assertion is not acceptable: {name}."),
    700082: ("invalid_grant", "The refresh token has expired through inactivity."),
    900144: ("invalid_request", "The request lacks the parameter {name}."),
    7000215: ("invalid_client", "That is not a client secret of the app {app}."),
    7000218: ("invalid_client", "The request carries neither client_secret nor client_assertion."),
    7000222: ("invalid_client", "The client secret of the app {app} has expired."),
    7000229: ("unauthorized_client", "The app {app} has no service principal in the tenant {name}."),
    1002012: ("invalid_scope", "The scope {name} is not valid: client credentials need /.default."),
}
"""The numbers and error codes are Microsoft's; the sentences are not, and no program should read them."""
_UNAUTHORIZED = {"invalid_client"}
_SUBERRORS = {50076: {"suberror": "basic_action"}, 53003: {"suberror": "message_only"}}
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


def refusal_response(call: Call, refusal: LoginRefused) -> Response:
    directory, error = call.world.microsoft, refusal.error
    if error == "interaction_required" and not call.world.switches.on(INTERACTION_REQUIRED):
        error = "invalid_grant"
    trace, correlation = (f"{directory.dice.getrandbits(128):032x}" for _ in range(2))
    stamp = f"{call.world.clock.now():%Y-%m-%d %H:%M:%SZ}"
    body = {
        "error": error,
        "error_description": (
            f"{refusal.sentence} Trace ID: {_guid(trace)} Correlation ID: {_guid(correlation)} Timestamp: {stamp}"
        ),
        "error_codes": [refusal.number],
        "timestamp": stamp,
        "trace_id": _guid(trace),
        "correlation_id": _guid(correlation),
        "error_uri": f"{call.request.url_root}error?code={refusal.number}",
        **_SUBERRORS.get(refusal.number, {}),
    }
    status = 401 if error in _UNAUTHORIZED else 400
    return json_response(body, status, {"Cache-Control": "no-store, no-cache"})


def _guid(digits: str) -> str:
    return f"{digits[:8]}-{digits[8:12]}-{digits[12:16]}-{digits[16:20]}-{digits[20:]}"
