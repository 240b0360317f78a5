"""Authlib judges all vendors' OpenID Connect: found by its metadata alone, checked by its keys alone."""

from collections.abc import Callable
from typing import Any

import pytest
import requests
from authlib.integrations.base_client.errors import OAuthError
from authlib.integrations.requests_client import OAuth2Session
from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from sandbox.company import CRM_CLIENT, CRM_SECRET
from tests.clients.box import NATIVE
from tests.clients.steering import ADA, TENANT, register, sign_in, steer

SECRET, VERIFIER = "a secret of the judge", "v" * 64
MAIL = "openid profile email offline_access Mail.ReadWrite"
MICROSOFT = f"https://login.microsoftonline.com/{TENANT}/v2.0"
GOOGLE = "https://accounts.google.com"
SALESFORCE = ("https://login.salesforce.com", "https://larch.my.salesforce.com")


def metadata(issuer: str) -> dict[str, Any]:
    found: dict[str, Any] = requests.get(f"{issuer}/.well-known/openid-configuration", timeout=30).json()
    return found


def keys(about: dict[str, Any]) -> KeySet:
    return KeySet.import_key_set(requests.get(about["jwks_uri"], timeout=30).json())


def session(client_id: str, secret: str, scope: str) -> Any:
    return OAuth2Session(client_id, secret, redirect_uri=NATIVE, scope=scope, code_challenge_method="S256",
                         token_endpoint_auth_method="client_secret_post")  # fmt: skip


def signed_in(client: Any, about: dict[str, Any], nonce: str, verifier: str = VERIFIER) -> dict[str, Any]:
    address, state = client.create_authorization_url(
        about["authorization_endpoint"], nonce=nonce, code_verifier=VERIFIER
    )
    back = sign_in(address)
    assert back["state"] == state
    tokens: dict[str, Any] = client.fetch_token(about["token_endpoint"], code=back["code"], code_verifier=verifier)
    return tokens


def checked(tokens: dict[str, Any], about: dict[str, Any], client_id: str, nonce: str, known: KeySet) -> Any:
    token = jwt.decode(tokens["id_token"], known, algorithms=about["id_token_signing_alg_values_supported"])
    wanted = {"iss": {"essential": True, "value": about["issuer"]}, "aud": {"essential": True, "value": client_id}}
    params = {"nonce": nonce, "client_id": client_id, "access_token": tokens["access_token"]}
    claims = CodeIDToken(token.claims, token.header, wanted, params)
    claims.validate(leeway=5)
    return claims


def test_microsoft() -> None:
    name = register("openid", secret=SECRET, redirect_uris=[NATIVE], scopes=["Mail.ReadWrite"])
    about, client = metadata(MICROSOFT), session(name, SECRET, MAIL)
    tokens = signed_in(client, about, "n-1")
    claims = checked(tokens, about, name, "n-1", keys(about))
    assert (claims["preferred_username"], claims["email"]) == (ADA, ADA)
    told = client.get(about["userinfo_endpoint"]).json()
    assert told["sub"] == claims["sub"]
    renewed = client.refresh_token(about["token_endpoint"])
    assert renewed["refresh_token"] != tokens["refresh_token"]
    again = client.refresh_token(about["token_endpoint"], refresh_token=tokens["refresh_token"])
    assert "access_token" in again, "the old one is good for a while"
    steer("POST", "microsoft/account", {"mailbox": ADA, "enabled": False})
    try:
        with pytest.raises(OAuthError, match="AADSTS50057"):
            client.refresh_token(about["token_endpoint"])
    finally:
        steer("POST", "microsoft/account", {"mailbox": ADA, "enabled": True})


@pytest.mark.parametrize("issuer", SALESFORCE)
def test_salesforce(issuer: str) -> None:
    about, client = metadata(issuer), session(CRM_CLIENT, CRM_SECRET, "openid api id refresh_token")
    assert about["issuer"] == issuer
    tokens = signed_in(client, about, "n-2")
    claims = checked(tokens, about, CRM_CLIENT, "n-2", keys(about))
    told = client.get(about["userinfo_endpoint"]).json()
    assert (told["sub"], told["preferred_username"]) == (claims["sub"], ADA)
    renewed = client.refresh_token(about["token_endpoint"])
    assert renewed["access_token"] != tokens["access_token"]
    assert client.revoke_token(about["revocation_endpoint"], renewed["refresh_token"]).status_code == 200
    with pytest.raises(OAuthError, match="expired access/refresh token"):
        client.refresh_token(about["token_endpoint"], refresh_token=renewed["refresh_token"])


def test_google() -> None:
    """Whoever follows the metadata meets four hosts."""
    about, name, client = google_app()
    tokens = signed_in(client, about, "n-4")
    claims = checked(tokens, about, name, "n-4", keys(about))
    assert (claims["email"], claims["email_verified"], claims["hd"]) == (ADA, True, TENANT)
    told = client.get(about["userinfo_endpoint"]).json()
    assert (told["sub"], told["hd"]) == (claims["sub"], TENANT)
    assert client.revoke_token(about["revocation_endpoint"], tokens["access_token"]).status_code == 200
    assert client.get(about["userinfo_endpoint"]).status_code == 401
    with pytest.raises(OAuthError, match="invalid_client"):
        signed_in(session(name, "another secret", "openid"), about, "n-5")


def google_app() -> tuple[dict[str, Any], str, Any]:
    name = "openid-google"
    steer("POST", "google/clients", {"client_id": name, "secret": SECRET, "redirect_uris": [NATIVE]})
    return metadata(GOOGLE), name, session(name, SECRET, "openid email profile")


def microsoft_app() -> tuple[dict[str, Any], str, Any]:
    name = register("openid-2", secret=SECRET, redirect_uris=[NATIVE], scopes=["Mail.ReadWrite"])
    return metadata(MICROSOFT), name, session(name, SECRET, MAIL)


def salesforce_app() -> tuple[dict[str, Any], str, Any]:
    return metadata(SALESFORCE[0]), CRM_CLIENT, session(CRM_CLIENT, CRM_SECRET, "openid api")


@pytest.mark.parametrize(
    ("app", "roll", "refused"),
    [
        (microsoft_app, "microsoft/keys/roll", "AADSTS501481"),
        (salesforce_app, "salesforce/keys/roll", "invalid code verifier"),
        (google_app, "google/keys/roll", "Invalid code verifier"),
    ],
    ids=["microsoft", "salesforce", "google"],
)
def test_what_does_not_fit(app: Callable[[], tuple[dict[str, Any], str, Any]], roll: str, refused: str) -> None:
    """A verifier of somebody else; a nonce of another request; keys of yesterday."""
    about, client_id, client = app()
    known = keys(about)
    with pytest.raises(OAuthError, match=refused):
        signed_in(client, about, "n-3", "w" * 64)
    tokens = signed_in(client, about, "n-3")
    with pytest.raises(Exception, match="nonce"):
        checked(tokens, about, client_id, "another", known)
    steer("POST", roll, {})
    tokens = signed_in(client, about, "n-3")
    with pytest.raises((JoseError, ValueError)):
        checked(tokens, about, client_id, "n-3", known)
    assert checked(tokens, about, client_id, "n-3", keys(about))
