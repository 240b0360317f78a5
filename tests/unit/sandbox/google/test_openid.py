"""Google's OpenID Connect: metadata, id tokens, user info, and keys that follow one another."""

from pathlib import Path
from typing import Any

import jwt
import pytest

from sandbox.state import load, save
from tests.unit.sandbox.google.conftest import CERTS, HOST, TOKENS, USERINFO, Office


def published(office: Office) -> list[str]:
    return [key["kid"] for key in office.http.get(CERTS).json()["keys"]]


def signs(office: Office) -> str:
    token = office.redeem(office.code()).json()["id_token"]
    return str(jwt.get_unverified_header(token)["kid"])


def test_metadata_lead_to_hosts_of_their_own(office: Office) -> None:
    about = office.http.get(f"{HOST}/.well-known/openid-configuration").json()
    assert about["issuer"] == HOST
    assert about["token_endpoint"] == f"{TOKENS}/token"
    assert about["jwks_uri"] == CERTS
    assert about["userinfo_endpoint"] == USERINFO
    assert about["code_challenge_methods_supported"] == ["plain", "S256"]


def test_on_a_port_of_all_vendors_google_has_a_prefix(office: Office) -> None:
    about = office.http.get("http://localhost/google/.well-known/openid-configuration").json()
    assert about["issuer"] == "http://localhost/google"
    assert about["token_endpoint"] == "http://localhost/google/token"
    assert office.http.get("http://localhost/google/oauth2/v3/certs").status_code == 200
    assert office.http.get("http://localhost/google/nothing").status_code == 404
    salesforces = office.http.get("http://localhost/.well-known/openid-configuration").json()
    assert salesforces["issuer"] == "http://localhost"


def test_what_an_id_token_says(office: Office) -> None:
    found = office.claims()
    assert found["iss"] == HOST
    assert found["aud"] == found["azp"] == "app"
    assert (found["sub"], found["hd"]) == (office.anna.subject, "acme.test")
    assert (found["email"], found["email_verified"], found["nonce"]) == ("anna@acme.test", True, "n-1")
    assert (found["name"], found["given_name"], found["family_name"]) == ("Anna Alt", "Anna", "Alt")
    assert found["exp"] - found["iat"] == 3600
    assert "at_hash" in found
    assert len({one.subject for one in office.google.accounts.values()}) == len(office.google.accounts) == 3
    assert len(found["sub"]) == 21


def test_what_is_not_asked_for_is_not_told(office: Office) -> None:
    bare = office.claims(scope="openid", nonce="")
    assert bare.keys().isdisjoint({"email", "email_verified", "name", "nonce"})
    assert "name" not in office.claims(scope="openid email")
    assert "id_token" not in office.redeem(office.code(scope="email")).json()


def test_a_consumer_has_no_domain_whatever_the_address(office: Office) -> None:
    found = office.claims("eve@acme.test")
    assert "hd" not in found
    assert (found["email"], found["email_verified"]) == ("eve@acme.test", True)


def test_an_address_may_not_be_verified(office: Office) -> None:
    office.eve.verified = False
    assert office.claims("eve@acme.test")["email_verified"] is False


@pytest.mark.parametrize(
    ("switch", "claim", "on", "off"),
    [
        ("google.issuer_is_bare", "iss", "accounts.google.com", HOST),
        ("google.verified_is_text", "email_verified", "true", True),
        ("google.hd_is_first_domain", "hd", "acme.test", "acme-labs.test"),
    ],
)
def test_what_may_be_either_way(office: Office, switch: str, claim: str, on: Any, off: Any) -> None:
    seen = []
    for answer in (True, False):
        office.turn(switch, answer)
        seen.append(office.claims("ben@acme-labs.test")[claim])
    assert seen == [on, off]


def test_user_info(office: Office) -> None:
    access = office.redeem(office.code()).json()["access_token"]
    told = office.http.get(USERINFO, headers={"Authorization": f"Bearer {access}"}).json()
    assert told["sub"] == office.anna.subject
    assert (told["hd"], told["email"]) == ("acme.test", "anna@acme.test")
    for token in ("made-up", ""):
        answer = office.http.get(USERINFO, headers={"Authorization": f"Bearer {token}"})
        assert answer.status_code == 401
        assert answer.headers["WWW-Authenticate"].startswith("Bearer")
    other = office.redeem(office.code(scope="email")).json()["access_token"]
    assert office.http.get(USERINFO, headers={"Authorization": f"Bearer {other}"}).status_code == 401
    office.later(hours=1, seconds=1)
    assert office.http.get(USERINFO, headers={"Authorization": f"Bearer {access}"}).status_code == 401


def test_keys_follow_one_another_and_the_old_ones_stay_for_a_while(office: Office) -> None:
    before, waiting = signs(office), published(office)
    office.later(days=7)
    assert signs(office) in set(waiting) - {before}
    assert before in published(office)
    office.later(days=7)
    assert before not in published(office)


def test_keys_thrown_away_are_gone_at_once(office: Office) -> None:
    before = set(published(office))
    assert office.http.post("http://localhost/sandbox/google/keys/roll", json={}).status_code == 200
    assert before.isdisjoint(published(office))
    assert office.claims()["sub"] == office.anna.subject


def test_a_world_that_was_kept_signs_as_before(office: Office, tmp_path: Path) -> None:
    keys = published(office)
    save(office.application.world, tmp_path / "world")
    again = load(tmp_path / "world")
    assert again is not None
    assert again.google.signing.kept == office.google.signing.kept, "a process makes the same keys anew by itself"
    assert len(again.google.signing.kept) == len(keys)
    assert [key["kid"] for key in again.google.signing.published(office.clock.now())] == keys
    assert again.google.accounts == office.google.accounts
