"""Who is let in with a password, and what the others are told."""

from datetime import timedelta

import pytest

from sandbox.salesforce.logins import ATTEMPTS, LOCKED_FOR
from tests.unit.sandbox.salesforce_soap.conftest import PASSWORD, TOKEN, Soap, member


def test_a_session_for_soap_is_one_for_rest(soap: Soap) -> None:
    answer = soap.sign_in()
    assert answer.status_code == 200
    assert member(answer, "serverUrl") == f"http://localhost:8401/services/Soap/u/64.0/{soap.org.site.org.id[:15]}"
    assert member(answer, "userId") == soap.org.colleague
    assert member(answer, "sessionSecondsValid") == "7200"
    soap.org.http.headers["Authorization"] = f"Bearer {soap.session}"
    assert soap.org.call("GET", "/limits").status_code == 200


def test_a_session_for_rest_is_one_for_soap(soap: Soap) -> None:
    soap.org.sign_in()
    soap.session = soap.org.http.headers["Authorization"].removeprefix("Bearer ")
    assert member(soap.post("<getUserInfo/>"), "userName") == "integration@acme.test"


@pytest.mark.parametrize(
    ("password", "code"),
    [
        (PASSWORD, "LOGIN_MUST_USE_SECURITY_TOKEN"),
        (PASSWORD + "x", "INVALID_LOGIN"),
        ("", "INVALID_LOGIN"),
    ],
)
def test_wrong_passwords(soap: Soap, password: str, code: str) -> None:
    answer = soap.sign_in(password)
    assert (answer.status_code, member(answer, "exceptionCode")) == (500, code)
    assert member(answer, "faultcode") == f"sf:{code}"
    assert "<sf:LoginFault" in answer.text


def test_a_trusted_network_needs_no_token(soap: Soap) -> None:
    soap.login.security_token = ""
    assert soap.sign_in(PASSWORD).status_code == 200


def test_too_many_wrong_passwords_lock_out_for_a_while(soap: Soap) -> None:
    for _ in range(ATTEMPTS):
        soap.sign_in("wrong")
    assert member(soap.sign_in(), "exceptionCode") == "INVALID_LOGIN"
    soap.org.clock.advance(LOCKED_FOR)
    assert soap.sign_in().status_code == 200


def test_hours_and_networks(soap: Soap) -> None:
    soap.login.hours = (8, 12)
    assert member(soap.sign_in(), "exceptionCode") == "LOGIN_DURING_RESTRICTED_TIME"
    soap.org.clock.advance(-timedelta(hours=1))
    assert soap.sign_in().status_code == 200
    soap.login.foreign_network = True
    assert member(soap.sign_in(), "exceptionCode") == "LOGIN_DURING_RESTRICTED_DOMAIN"


def test_users_who_are_not_there_any_more(soap: Soap) -> None:
    org = soap.org.site.org
    soap.sign_in()
    org.update(org.admin, "User", soap.org.colleague, {"IsActive": False})
    assert member(soap.post("<getUserInfo/>"), "exceptionCode") == "INVALID_SESSION_ID"
    assert member(soap.sign_in(), "exceptionCode") == "INVALID_LOGIN"


def test_profiles_without_the_api(soap: Soap) -> None:
    org = soap.org.site.org
    soap.sign_in()
    profile = org.core.access.profile(soap.org.colleague)
    org.core.change("Profile", profile, {"PermissionsApiEnabled": False})
    soap.org.http.headers["Authorization"] = f"Bearer {soap.session}"
    refused = soap.org.call("GET", "/limits")
    assert (refused.status_code, refused.json()[0]["errorCode"]) == (403, "API_DISABLED_FOR_ORG")
    assert member(soap.sign_in(), "exceptionCode") == "API_DISABLED_FOR_ORG"


def test_an_expired_password_opens_a_session_that_does_nothing(soap: Soap) -> None:
    soap.login.expired = True
    assert member(soap.sign_in(), "passwordExpired") == "true"
    soap.org.http.headers["Authorization"] = f"Bearer {soap.session}"
    assert soap.org.call("GET", "/limits").json()[0]["errorCode"] == "INVALID_OPERATION_WITH_EXPIRED_PASSWORD"
    words = f"<userId>{soap.org.colleague}</userId><password>"
    repeated = soap.post(f"<setPassword>{words}pass &amp; word</password></setPassword>")
    assert member(repeated, "exceptionCode") == "INVALID_NEW_PASSWORD"
    assert soap.post(f"<setPassword>{words}new</password></setPassword>").status_code == 200
    assert soap.org.call("GET", "/limits").status_code == 200
    assert member(soap.sign_in("new" + TOKEN), "passwordExpired") == "false"


def test_an_org_that_is_named(soap: Soap) -> None:
    scope = "<LoginScopeHeader><organizationId>{}</organizationId></LoginScopeHeader>"
    assert soap.sign_in(header=scope.format(soap.org.site.org.id[:15])).status_code == 200
    soap.session = ""
    assert member(soap.sign_in(header=scope.format("00D000000000001")), "exceptionCode") == "INVALID_LOGIN"


@pytest.mark.parametrize(("version", "code"), [("64.0", ""), ("65.0", "UNSUPPORTED_API_VERSION"), ("68.0", "U")])
def test_the_call_ends_with_version_64(soap: Soap, version: str, code: str) -> None:
    assert member(soap.sign_in(version=version), "exceptionCode").startswith(code[:1])


def test_the_call_may_be_gone_altogether(soap: Soap) -> None:
    soap.org.world.switches.turn("salesforce.soap_login_retired", True)
    assert member(soap.sign_in(), "exceptionCode") == "UNSUPPORTED_API_VERSION"
