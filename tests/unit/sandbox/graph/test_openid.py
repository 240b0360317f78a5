"""Microsoft's OpenID Connect: metadata, id tokens, and keys that follow one another."""

import base64
import hashlib
from datetime import timedelta
from pathlib import Path
from typing import Any

import jwt
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import rsa
from jwt.types import Options

from sandbox.state import load, save
from tests.unit.sandbox.graph.conftest import Office, later
from tests.unit.sandbox.graph.test_identity import reads, signed_in, steer
from tests.unit.sandbox.graph.test_login import authorize, landed, redeem


def published(office: Office) -> dict[str, Any]:
    keys = office.http.get("/acme.test/discovery/v2.0/keys").json()["keys"]
    return {key["kid"]: key for key in keys}


def kid(tokens: dict[str, Any]) -> str:
    return str(jwt.get_unverified_header(tokens["id_token"])["kid"])


def claims(office: Office, tokens: dict[str, Any], audience: str = "app") -> dict[str, Any]:
    key = jwt.PyJWK(published(office)[kid(tokens)], algorithm="RS256").key
    unchecked: Options = {"verify_exp": False, "verify_nbf": False, "verify_iat": False}
    found: dict[str, Any] = jwt.decode(
        tokens["id_token"], key, algorithms=["RS256"], audience=audience, options=unchecked
    )
    return found


def test_metadata(office: Office) -> None:
    for tenant, issuer in (("acme.test", office.tenant.id), ("common", "{tenantid}")):
        found = office.http.get(f"/{tenant}/v2.0/.well-known/openid-configuration").json()
        assert found["issuer"] == f"http://localhost/{issuer}/v2.0"
        assert "code_challenge_methods_supported" not in found
    assert office.http.get("/nowhere.test/v2.0/.well-known/openid-configuration").json()["error_codes"] == [90002]
    assert office.http.get("/nowhere.test/discovery/v2.0/keys").status_code == 400


def test_what_an_id_token_says_depends_on_the_scopes(office: Office) -> None:
    whole = claims(office, signed_in(office))
    assert (whole["tid"], whole["ver"], whole["oid"]) == (office.tenant.id, "2.0", str(office.anna.guid))
    assert (whole["email"], whole["name"], whole["nonce"]) == ("anna@acme.test", "Anna Alt", "n1")
    assert whole["iat"] == whole["nbf"] == office.clock.now().timestamp() - 300
    bare = claims(office, redeem(office, landed(authorize(office, scope="openid Mail.ReadWrite"))["code"]))
    assert bare.keys().isdisjoint({"oid", "name", "preferred_username", "email"})
    assert bare["sub"] == whole["sub"] != whole["oid"]


def test_sub_is_another_for_every_app(office: Office) -> None:
    other = office.world.microsoft.register_app(
        "Other", client_id="other", secret="s", redirect_uris=["https://o.test/"]
    )
    office.world.microsoft.consent(other, office.tenant, ["Mail.ReadWrite"])
    there = {"client_id": "other", "redirect_uri": "https://o.test/"}
    code = authorize(office, **there).headers["Location"].partition("code=")[2].partition("&")[0]
    theirs = claims(office, redeem(office, code, client_secret="s", **there), "other")
    assert theirs["sub"] != claims(office, signed_in(office))["sub"]


def test_user_info(office: Office) -> None:
    tokens = signed_in(office)
    told = reads(office, tokens["access_token"], "/oidc/userinfo").json()
    assert told["sub"] == claims(office, tokens)["sub"]
    assert (told["given_name"], told["family_name"], told["email"]) == ("Anna", "Alt", "anna@acme.test")
    bare = redeem(office, landed(authorize(office, scope="Mail.ReadWrite"))["code"])
    assert reads(office, bare["access_token"], "/oidc/userinfo").status_code == 403
    assert reads(office, "x", "/oidc/userinfo").status_code == 401
    assert office.call("GET", "/oidc/userinfo").status_code == 403, "an app is nobody"


def test_keys_are_real_and_have_a_certificate(office: Office) -> None:
    for name, key in published(office).items():
        der = base64.b64decode(key["x5c"][0])
        certified = x509.load_der_x509_certificate(der).public_key()
        assert isinstance(certified, rsa.RSAPublicKey)
        assert jwt.PyJWK(key, algorithm="RS256").key.public_numbers() == certified.public_numbers()
        assert base64.urlsafe_b64decode(name + "=") == hashlib.sha1(der).digest()
        assert "alg" not in key


def test_one_key_follows_another(office: Office) -> None:
    tokens = signed_in(office)
    before, waiting = kid(tokens), set(published(office))
    later(office, days=31)
    tokens = signed_in(office)
    assert kid(tokens) in waiting - {before}
    assert before in published(office), "what it signed can be checked for a while"
    later(office, days=31)
    assert before not in published(office)


def test_keys_thrown_away_are_gone_at_once(office: Office) -> None:
    tokens = signed_in(office)
    before = set(published(office))
    steer(office, "keys/roll")
    assert before.isdisjoint(published(office))
    assert kid(signed_in(office)) != kid(tokens)


def test_a_world_that_was_kept_signs_as_before(office: Office, tmp_path: Path) -> None:
    keys, account = published(office), office.world.microsoft.accounts[str(office.ben.guid)]
    office.anna.enabled = False
    save(office.world, tmp_path / "world")
    again = load(tmp_path / "world")
    assert again is not None
    assert {key["kid"] for key in again.microsoft.signing.published(office.clock.now())} == set(keys)
    assert set(again.microsoft.signing.kept.values()) == set(office.world.microsoft.signing.kept.values())
    assert again.microsoft.accounts[str(office.ben.guid)] == account
    anna = again.mailboxes.mailbox("anna@acme.test")
    assert anna is not None
    assert not anna.enabled
    assert timedelta(days=30) == again.microsoft.signing.period
