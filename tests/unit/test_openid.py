"""Id tokens, forged in every way that is known. Joserfc signs them, so that one library judges the other."""

import hmac
import json
from base64 import urlsafe_b64encode
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx2
import pytest
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA256
from joserfc import jwt
from joserfc.jwk import KeySet, RSAKey

from crosstie import openid
from crosstie.domain.errors import CrosstieError, NeedsConsent, Refused, Retry
from crosstie.openid import App, Begun, Client, Provider
from crosstie.transport import Http
from tests.clocks import START, StepClock

BASE = "https://login.vendor.test/larch"
ORIGIN = "https://login.vendor.test"
APP = App(BASE, "our-app", "https://sync.test/back", "secret", issuers=("https://common.vendor.test",))
PROVIDER = Provider(BASE, f"{ORIGIN}/authorize", f"{ORIGIN}/token", f"{ORIGIN}/keys", f"{ORIGIN}/revoke")
KEY = RSAKey.generate_key(2048, {"kid": "k1", "use": "sig"}, private=True)
STRANGE = RSAKey.generate_key(2048, {"kid": "k1"}, private=True)
NOW = int(START.timestamp())
CLAIMS = {"iss": BASE, "aud": "our-app", "sub": "ada", "nonce": "n", "iat": NOW, "nbf": NOW, "exp": NOW + 300}
PUBLISHED: dict[str, Any] = json.loads(json.dumps(KeySet([KEY]).as_dict(private=False)))


def signed(changes: Mapping[str, Any] | None = None, key: Any = KEY, **head: Any) -> str:
    claims = {name: value for name, value in (CLAIMS | dict(changes or {})).items() if value is not None}
    header = {"alg": "RS256", "kid": "k1"} | head
    return jwt.encode(header, claims, key, algorithms=[str(header["alg"])])


def judged(token: object, keys: Mapping[str, Any] = PUBLISHED) -> Mapping[str, Any]:
    return openid.verified(token, keys, APP, PROVIDER, "n", START)


def sealed(head: Mapping[str, Any], sign: Callable[[bytes], bytes]) -> str:
    """By hand: what no library writes."""
    parts = [urlsafe_b64encode(json.dumps(one).encode()).rstrip(b"=") for one in (head, CLAIMS)]
    text = b".".join(parts)
    return (text + b"." + urlsafe_b64encode(sign(text)).rstrip(b"=")).decode()


def rightly(text: bytes) -> bytes:
    return KEY.get_op_key("sign").sign(text, PKCS1v15(), SHA256())


def unsigned() -> str:
    return sealed({"alg": "none", "kid": "k1"}, lambda _: b"")


def with_other_claims() -> str:
    head, _, signature = signed().split(".")
    return f"{head}.{signed({'sub': 'ben'}).split('.')[1]}.{signature}"


def signed_with_the_public_key() -> str:
    public = KEY.as_pem(private=False)
    return sealed({"alg": "HS256", "kid": "k1"}, lambda text: hmac.digest(public, text, "sha256"))


@pytest.mark.parametrize(
    "changes", [{}, {"iss": "https://common.vendor.test"}, {"exp": NOW - 60}, {"iat": NOW + 60, "nbf": None}]
)
def test_a_token_in_order(changes: dict[str, Any]) -> None:
    assert judged(signed(changes))["sub"] == "ada"


@pytest.mark.parametrize(
    "changes",
    [
        {"iss": "https://evil.test"}, {"iss": [BASE]}, {"iss": f"{BASE}/"}, {"iss": None},
        {"aud": "another-app"}, {"aud": ["our-app"]}, {"aud": ["another-app", "our-app"]}, {"aud": None},
        {"nonce": "another"}, {"nonce": None}, {"nonce": ["n"]}, {"sub": None}, {"sub": 7},
        {"exp": NOW - 121}, {"exp": None}, {"exp": "never"}, {"exp": True}, {"exp": 10**30},
        {"iat": NOW + 121}, {"iat": None}, {"nbf": NOW + 121}, {"nbf": "now"},
    ],
)  # fmt: skip
def test_claims_that_are_not_for_us_now(changes: dict[str, Any]) -> None:
    with pytest.raises(NeedsConsent, match="OPENID-TOKEN"):
        judged(signed(changes))


@pytest.mark.parametrize(
    "forged",
    [
        unsigned, with_other_claims, signed_with_the_public_key,
        lambda: signed(key=STRANGE), lambda: signed(kid="k2"),
        lambda: signed(jwk=STRANGE.as_dict(private=False), key=STRANGE),
        lambda: sealed({"alg": "RS256"}, rightly), lambda: sealed({"alg": "RS384", "kid": "k1"}, rightly),
        lambda: sealed({"alg": "RS256", "kid": "k1", "crit": ["much"], "much": 1}, rightly),
        lambda: None, lambda: "", lambda: "a.b.c", lambda: {"sub": "ada"}, lambda: signed()[:-20], lambda: "…",
    ],
)  # fmt: skip
def test_what_the_provider_did_not_sign(forged: Callable[[], object]) -> None:
    assert judged(sealed({"alg": "RS256", "kid": "k1"}, rightly))["sub"] == "ada"
    with pytest.raises(NeedsConsent, match="OPENID-TOKEN"):
        judged(forged())


@pytest.mark.parametrize(
    "keys",
    [
        {}, {"keys": []}, {"keys": None}, {"keys": "k1"}, {"keys": [None, 7]}, {"keys": [{"kid": "k1"}]},
        {"keys": [{"kid": "k1", "kty": "oct", "k": "AAAA"}]},
        {"keys": [{"kid": "k1", "kty": "RSA", "n": "!", "e": "AQAB"}]},
        {"keys": [PUBLISHED["keys"][0], PUBLISHED["keys"][0]]},
        {"keys": [{**PUBLISHED["keys"][0], "kid": None}]},
    ],
)  # fmt: skip
def test_keys_that_are_none(keys: Mapping[str, Any]) -> None:
    with pytest.raises(NeedsConsent, match="OPENID-TOKEN"):
        judged(signed(), keys)


ABOUT = {
    "issuer": BASE,
    "authorization_endpoint": f"{ORIGIN}/authorize",
    "token_endpoint": f"{ORIGIN}/token",
    "jwks_uri": f"{ORIGIN}/keys",
}


def client(answer: Callable[[httpx2.Request], httpx2.Response]) -> Client:
    return Client(Http(transport=httpx2.MockTransport(answer)), StepClock())


@pytest.mark.parametrize(
    ("body", "error"),
    [
        (ABOUT | {"token_endpoint": "https://evil.test/token"}, Refused),
        (ABOUT | {"token_endpoint": "http://login.vendor.test/token"}, Refused),
        (ABOUT | {"token_endpoint": "https://login.vendor.test:8443/token"}, Refused),
        (ABOUT | {"token_endpoint": "https://login.vendor.test@evil.test/token"}, Refused),
        (ABOUT | {"jwks_uri": "https://[evil/keys"}, Refused),
        (ABOUT | {"authorization_endpoint": "javascript:alert(1)"}, Refused),
        (ABOUT | {"revocation_endpoint": "https://evil.test/revoke"}, Refused),
        (ABOUT | {"issuer": ["x"]}, Refused),
        ({"issuer": BASE}, Refused),
        ([], Retry),
    ],
)
def test_metadata_that_lead_elsewhere(body: object, error: type[CrosstieError]) -> None:
    with pytest.raises(error):
        client(lambda _: httpx2.Response(200, json=body)).discover(APP)


def test_metadata_may_lead_to_what_is_known_beforehand_to_be_the_providers() -> None:
    app = replace(APP, origins=("https://tokens.vendor.test",))

    def found(url: str) -> str:
        return client(lambda _: httpx2.Response(200, json=ABOUT | {"token_endpoint": url})).discover(app).token_url

    assert found("https://tokens.vendor.test/token") == "https://tokens.vendor.test/token"
    assert found(f"{ORIGIN}/token") == f"{ORIGIN}/token"
    for url in ("https://evil.test/token", "http://tokens.vendor.test/token", "https://tokens.vendor.test.evil/t"):
        with pytest.raises(Refused):
            found(url)


def test_a_providers_page_is_given_hints() -> None:
    asked = replace(APP, hints=(("hd", "larch.test"), ("prompt", "select_account")))
    url, begun = client(lambda _: httpx2.Response(500)).begin(asked, PROVIDER)
    query = parse_qs(urlsplit(url).query)
    assert (query["hd"], query["prompt"], query["state"]) == (["larch.test"], ["select_account"], [begun.state])


@pytest.mark.parametrize(
    ("status", "body", "error", "code"),
    [
        (400, {"error": "invalid_grant"}, NeedsConsent, openid.CODE),
        (401, {"error": "invalid_client"}, Refused, "OPENID-CLIENT"),
        (400, {}, Refused, "OPENID-CLIENT"),
        (429, {"error": "slow_down"}, Retry, "NET-PROVIDER"),
        (503, {}, Retry, "NET-PROVIDER"),
        (200, {"access_token": "t"}, NeedsConsent, openid.TOKEN),
        (200, {"access_token": 7, "id_token": {}}, NeedsConsent, openid.TOKEN),
    ],
)
def test_token_endpoints_that_say_no(
    status: int, body: dict[str, Any], error: type[CrosstieError], code: str
) -> None:
    def answer(request: httpx2.Request) -> httpx2.Response:
        return (
            httpx2.Response(200, json=PUBLISHED)
            if request.url.path == "/keys"
            else httpx2.Response(status, json=body)
        )

    with pytest.raises(error) as raised:
        client(answer).finish(APP, PROVIDER, Begun("s", "v", "n"), state="s", code="c")
    assert raised.value.code == code


@pytest.mark.parametrize("given", ["", "another", "ß"])
def test_another_state_asks_nobody(given: str) -> None:
    asked: list[str] = []

    def answer(request: httpx2.Request) -> httpx2.Response:
        asked.append(str(request.url))
        return httpx2.Response(200, json={})

    with pytest.raises(NeedsConsent, match=openid.STATE):
        client(answer).finish(APP, PROVIDER, Begun("s", "v", "n"), state=given, code="c")
    assert asked == []


def test_the_session_at_the_provider_is_ended_and_the_proof_is_sent() -> None:
    forms: dict[str, str] = {}

    def answer(request: httpx2.Request) -> httpx2.Response:
        forms[request.url.path] = request.content.decode()
        if request.url.path == "/token":
            return httpx2.Response(200, json={"access_token": "session", "id_token": signed()})
        return httpx2.Response(200, json=PUBLISHED)

    assert client(answer).finish(APP, PROVIDER, Begun("s", "v", "n"), state="s", code="c")["sub"] == "ada"
    assert forms["/revoke"] == "token=session"
    assert "code_verifier=v" in forms["/token"]
    assert "client_secret=secret" in forms["/token"]
    forms.clear()
    bare = replace(PROVIDER, revoke_url="")
    client(answer).finish(replace(APP, secret=""), bare, Begun("s", "v", "n"), state="s", code="c")
    assert forms.keys() == {"/token", "/keys"}
    assert "client_secret" not in forms["/token"]
    forms.clear()
    client(answer).finish(replace(APP, ends=False), PROVIDER, Begun("s", "v", "n"), state="s", code="c")
    assert forms.keys() == {"/token", "/keys"}
