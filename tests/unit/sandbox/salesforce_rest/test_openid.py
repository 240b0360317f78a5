"""Salesforce's OpenID Connect: metadata, id tokens, and keys that follow one another."""

import base64
import hashlib
from pathlib import Path
from typing import Any

import jwt
import pytest
from jwt.types import Options

from sandbox.state import load, save
from tests.unit.sandbox.salesforce_rest.conftest import Org
from tests.unit.sandbox.salesforce_rest.test_oauth import code_for, redeem, token

ALL = "api id openid refresh_token"


def signed_in(org: Org, **asked: str) -> dict[str, Any]:
    body: dict[str, Any] = redeem(org, code_for(org, org.colleague, scope=ALL, **asked)).json()
    return body


def claims(org: Org, body: dict[str, Any]) -> dict[str, Any]:
    metadata = org.http.get("/.well-known/openid-configuration").json()
    keys = jwt.PyJWKSet.from_dict(org.http.get(metadata["jwks_uri"]).json())
    key = keys[jwt.get_unverified_header(body["id_token"])["kid"]]
    unchecked: Options = {"verify_exp": False, "verify_iat": False}
    found: dict[str, Any] = jwt.decode(
        body["id_token"],
        key,
        algorithms=["RS256"],
        audience="crosstie",
        issuer=metadata["issuer"],
        options=unchecked,
    )
    return found


def test_an_id_token_is_short_lived_and_says_little(signed_out: Org) -> None:
    body = signed_in(signed_out, nonce="n-1")
    found = claims(signed_out, body)
    assert found["sub"] == body["id"]
    assert found["nonce"] == "n-1"
    assert found["exp"] - found["iat"] == 120
    half = hashlib.sha256(body["access_token"].encode()).digest()[:16]
    assert found["at_hash"] == base64.urlsafe_b64encode(half).rstrip(b"=").decode()
    assert found.keys() == {"sub", "nonce", "exp", "iat", "at_hash", "aud", "iss"}
    again = token(signed_out, grant_type="refresh_token", refresh_token=body["refresh_token"]).json()
    assert claims(signed_out, again)["sub"] == body["id"]
    assert "nonce" not in claims(signed_out, again)


def test_who_does_not_ask_gets_none(signed_out: Org) -> None:
    assert "id_token" not in redeem(signed_out, code_for(signed_out, signed_out.colleague, scope="api")).json()


@pytest.mark.parametrize(
    ("on", "host", "issuer"),
    [
        (False, "acme.my", "https://acme.my.salesforce.com"),
        (True, "acme.my", "https://login.salesforce.com"),
        (False, "test", "https://test.salesforce.com"),
        (True, "test", "https://test.salesforce.com"),
    ],
)
def test_the_issuer(signed_out: Org, on: bool, host: str, issuer: str) -> None:
    signed_out.world.switches.turn("salesforce.id_token_issuer_is_common", on)
    base = f"https://{host}.salesforce.com"
    found = signed_out.http.get(f"{base}/.well-known/openid-configuration").json()
    assert found["issuer"] == issuer
    assert found["token_endpoint"] == f"{base}/services/oauth2/token"


def test_one_key_follows_another(signed_out: Org) -> None:
    before = jwt.get_unverified_header(signed_in(signed_out)["id_token"])["kid"]
    waiting = {key["kid"] for key in signed_out.http.get("/id/keys").json()["keys"]}
    signed_out.wait(days=181)
    after = jwt.get_unverified_header(signed_in(signed_out)["id_token"])["kid"]
    assert after in waiting - {before}
    assert signed_out.http.post("/sandbox/salesforce/keys/roll").status_code == 200
    assert waiting.isdisjoint(key["kid"] for key in signed_out.http.get("/id/keys").json()["keys"])


def test_keys_and_policies_are_kept_with_the_world(signed_out: Org, tmp_path: Path) -> None:
    body = signed_in(signed_out)
    app = signed_out.site.apps["crosstie"]
    app.blocked, app.permitted = True, "approved"
    save(signed_out.world, tmp_path / "world")
    world = load(tmp_path / "world")
    assert world is not None
    again = world.orgs[signed_out.site.org.id]
    assert again.apps["crosstie"] == app
    assert world.signing.published(signed_out.clock.now()) == signed_out.world.signing.published(
        signed_out.clock.now()
    )
    assert again.tokens.revoke(body["refresh_token"])
    rows = again.org.query(again.org.admin, "SELECT AppName FROM OauthToken").records
    assert rows == [], "the book is the same after the pickling as before"
