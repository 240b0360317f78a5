"""MSAL for Python judges Microsoft's login: metadata, both kinds of proof, the code flow, silent renewal."""

import sys
from base64 import b64decode
from typing import Any

import msal  # type: ignore[import-untyped]
import pytest
import requests

from tests.clients.authority import app_certificate
from tests.clients.box import NATIVE
from tests.clients.steering import ADA, DEFAULT_SCOPE, ROLES, TENANT, register, sign_in, steer

AUTHORITY = f"https://login.microsoftonline.com/{TENANT}"
SECRET = "a secret of the judge"
SCOPES = ["Mail.ReadWrite", "User.Read"]


def confidential(client_id: str, credential: Any = SECRET, authority: str = AUTHORITY) -> Any:
    return msal.ConfidentialClientApplication(client_id, client_credential=credential, authority=authority)


def opens(tokens: dict[str, Any], path: str) -> int:
    assert "access_token" in tokens, tokens
    head = {"Authorization": f"Bearer {tokens['access_token']}"}
    return requests.get(f"https://graph.microsoft.com/v1.0/{path}", headers=head, timeout=30).status_code


def test_a_secret() -> None:
    client = confidential(register("with-secret", secret=SECRET, roles=list(ROLES)))
    first = client.acquire_token_for_client([DEFAULT_SCOPE])
    assert opens(first, f"users/{ADA}/messages") == 200
    assert client.acquire_token_for_client([DEFAULT_SCOPE])["token_source"] == "cache"
    refused = confidential("with-secret", "another").acquire_token_for_client([DEFAULT_SCOPE])
    assert (refused["error"], refused["error_codes"]) == ("invalid_client", [7000215])


@pytest.mark.parametrize("old", [True, False])
def test_a_certificate(old: bool) -> None:
    key, certificate, thumbprint = app_certificate()
    name = register(f"with-certificate-{old}", certificates=[certificate], roles=list(ROLES))
    proof = {"private_key": key, **({"thumbprint": thumbprint} if old else {"public_certificate": certificate})}
    tokens = confidential(name, proof).acquire_token_for_client([DEFAULT_SCOPE])
    assert opens(tokens, f"users/{ADA}/messages") == 200
    unknown = confidential(name, proof | {"private_key": app_certificate()[0]})
    assert unknown.acquire_token_for_client([DEFAULT_SCOPE])["error_codes"] == [700027]


@pytest.mark.parametrize("tenant", [TENANT, "organizations", "common"])
def test_a_person_signs_in(tenant: str) -> None:
    name = register("with-people", secret=SECRET, redirect_uris=[NATIVE], scopes=SCOPES)
    client = confidential(name, authority=f"https://login.microsoftonline.com/{tenant}")
    flow = client.initiate_auth_code_flow(SCOPES, redirect_uri=NATIVE, response_mode="form_post", login_hint=ADA)
    back = sign_in(flow["auth_uri"])
    tokens = client.acquire_token_by_auth_code_flow(flow, back)
    assert opens(tokens, "me/messages") == 200
    assert tokens["id_token_claims"]["preferred_username"] == ADA
    [account] = client.get_accounts(ADA)
    renewed = client.acquire_token_silent(SCOPES, account, force_refresh=True)
    assert opens(renewed, "me") == 200
    assert renewed["access_token"] != tokens["access_token"]


def test_a_public_program_proves_itself_by_the_code_verifier() -> None:
    name = register("public", redirect_uris=[NATIVE], scopes=SCOPES)
    client = msal.PublicClientApplication(name, authority=AUTHORITY)
    flow = client.initiate_auth_code_flow(SCOPES, redirect_uri=NATIVE, response_mode="form_post")
    back = sign_in(flow["auth_uri"])
    spoiled = client.acquire_token_by_auth_code_flow(flow | {"code_verifier": "v" * 43}, back)
    assert spoiled["error_codes"] == [501481]
    assert opens(client.acquire_token_by_auth_code_flow(flow, back), "me") == 200


@pytest.mark.filterwarnings("ignore:subprocess .* is still running:ResourceWarning")
def test_a_program_opens_the_browser_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BROWSER", f"{sys.executable} -m tests.clients.browser %s &")
    name = register("desktop", redirect_uris=["http://localhost"], scopes=SCOPES)
    client = msal.PublicClientApplication(name, authority=AUTHORITY)
    tokens = client.acquire_token_interactive(SCOPES, timeout=60)
    assert opens(tokens, "me") == 200
    [account] = client.get_accounts()
    assert account["username"] == ADA


def test_a_person_may_not_consent() -> None:
    name = register("unknown-to-the-admin", secret=SECRET, redirect_uris=[NATIVE])
    client = confidential(name)
    flow = client.initiate_auth_code_flow(SCOPES, redirect_uri=NATIVE, response_mode="form_post")
    refused = client.acquire_token_by_auth_code_flow(flow, sign_in(flow["auth_uri"]))
    assert refused["error"] == "access_denied"
    assert refused["error_description"].startswith("AADSTS90094")


def test_a_capable_client_answers_a_claims_challenge() -> None:
    name = register("capable", secret=SECRET, roles=list(ROLES))
    client = msal.ConfidentialClientApplication(
        name, client_credential=SECRET, authority=AUTHORITY, client_capabilities=["cp1"]
    )
    tokens = client.acquire_token_for_client([DEFAULT_SCOPE])
    assert tokens["expires_in"] > 20 * 3600 - 60
    assert opens(tokens, f"users/{ADA}/messages") == 200
    steer("POST", "microsoft/tokens/challenge", {"client_id": name, "tenant": TENANT})
    head = {"Authorization": f"Bearer {tokens['access_token']}"}
    refused = requests.get(f"https://graph.microsoft.com/v1.0/users/{ADA}/messages", headers=head, timeout=30)
    assert refused.status_code == 401
    wanted = b64decode(refused.headers["WWW-Authenticate"].partition('claims="')[2].partition('"')[0]).decode()
    better = client.acquire_token_for_client([DEFAULT_SCOPE], claims_challenge=wanted)
    assert better["token_source"] == "identity_provider"
    assert opens(better, f"users/{ADA}/messages") == 200


def test_a_policy_that_came_later() -> None:
    name = register("under-policy", secret=SECRET, redirect_uris=[NATIVE], scopes=SCOPES)
    client = confidential(name)
    flow = client.initiate_auth_code_flow(SCOPES, redirect_uri=NATIVE, response_mode="form_post")
    client.acquire_token_by_auth_code_flow(flow, sign_in(flow["auth_uri"]))
    steer("POST", "microsoft/policy", {"tenant": TENANT, "kind": "mfa", "users": [ADA]})
    try:
        [account] = client.get_accounts(ADA)
        refused = client.acquire_token_silent_with_error(SCOPES, account, force_refresh=True)
        assert refused["classification"] == "basic_action"
        flow = client.initiate_auth_code_flow(SCOPES, redirect_uri=NATIVE, response_mode="form_post")
        assert opens(client.acquire_token_by_auth_code_flow(flow, sign_in(flow["auth_uri"])), "me") == 200
    finally:
        steer("POST", "microsoft/policy", {"tenant": TENANT, "kind": "none"})


def test_tokens_that_ended_early() -> None:
    client = confidential(register("with-secret", secret=SECRET, roles=list(ROLES)))
    tokens = client.acquire_token_for_client([DEFAULT_SCOPE])
    steer("POST", "microsoft/tokens/end")
    assert opens(tokens, f"users/{ADA}/messages") == 401
