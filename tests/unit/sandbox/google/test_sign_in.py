"""Google's pages and its token endpoint: who is let in, what is refused, and how."""

import pytest

from tests.unit.sandbox.google.conftest import CALLBACK, HOST, SECRET, TOKENS, USERINFO, Office, landed


def page(office: Office, **changes: str) -> tuple[int, str]:
    answer = office.http.get(f"{HOST}/o/oauth2/v2/auth", params=office.asked(**changes))
    return answer.status_code, answer.text


def refusal(office: Office, code: str, **changes: str) -> tuple[int, str, str]:
    answer = office.redeem(code, **changes)
    return answer.status_code, answer.json()["error"], answer.json()["error_description"]


def test_somebody_chooses_consents_and_comes_back(office: Office) -> None:
    status, text = page(office)
    assert status == 200
    assert all(one in text for one in ("anna@acme.test", "ben@acme-labs.test", "eve@acme.test"))
    assert "anna@acme.test" in office.choose(answer="").text
    back = landed(office.choose())
    assert (back["state"], back["hd"], back["prompt"]) == ("st", "acme.test", "consent")
    assert back["scope"].startswith("openid https://www.googleapis.com/auth/userinfo.email")
    assert landed(office.choose(answer=""))["prompt"] == "none", "consent is asked for once"
    assert "Continue" in office.choose(answer="", prompt="consent").text
    assert "hd" not in landed(office.choose("eve@acme.test"))


def test_somebody_says_no(office: Office) -> None:
    back = landed(office.choose(answer="cancel"))
    assert (back["error"], back["state"]) == ("access_denied", "st")
    assert "code" not in back


def test_a_hint_shortens_the_list_alone(office: Office) -> None:
    """https://developers.google.com/identity/openid-connect/openid-connect#hd-param"""
    _, text = page(office, hd="acme.test")
    assert "anna@acme.test" in text
    assert "eve@acme.test" not in text
    assert "ben@" not in text
    _, text = page(office, hd="*")
    assert "ben@acme-labs.test" in text
    assert "eve@acme.test" not in text
    for on, status in ((True, 302), (False, 200)):
        office.turn("google.other_domains_are_let_through", on)
        assert office.choose("eve@acme.test", hd="acme.test").status_code == status


def test_the_answer_may_name_its_issuer(office: Office) -> None:
    for on in (True, False):
        office.turn("google.answer_names_issuer", on)
        assert landed(office.choose()).get("iss") == (HOST if on else None)
        about = office.http.get(f"{HOST}/.well-known/openid-configuration").json()
        assert about["authorization_response_iss_parameter_supported"] is on


@pytest.mark.parametrize(
    ("changes", "status", "error"),
    [
        ({"client_id": ""}, 400, "invalid_request"),
        ({"client_id": "nobody"}, 401, "invalid_client"),
        ({"redirect_uri": "https://evil.example.com/"}, 400, "redirect_uri_mismatch"),
        ({"redirect_uri": f"{CALLBACK}/"}, 400, "redirect_uri_mismatch"),
        ({"response_type": ""}, 400, "invalid_request"),
        ({"response_type": "id_token"}, 400, "unsupported_response_type"),
        ({"scope": ""}, 400, "invalid_request"),
        ({"scope": "openid made-up"}, 400, "invalid_scope"),
        ({"prompt": "made-up"}, 400, "invalid_request"),
        ({"code_challenge": "short"}, 400, "invalid_request"),
        ({"code_challenge_method": "S512"}, 400, "invalid_request"),
    ],
)
def test_what_is_wrong_with_a_request_is_told_on_the_page(
    office: Office, changes: dict[str, str], status: int, error: str
) -> None:
    found, text = page(office, **changes)
    assert found == status
    assert f"Error {status}: {error}" in text


def test_nobody_is_asked_where_nothing_may_be_shown(office: Office) -> None:
    answer = office.http.get(f"{HOST}/o/oauth2/v2/auth", params=office.asked(prompt="none"))
    assert landed(answer)["error"] == "interaction_required"


def test_who_is_not_let_in(office: Office) -> None:
    assert "find your Google Account" in office.choose("nobody@acme.test").text
    office.client.internal_to = office.workspace
    refused = office.choose("eve@acme.test")
    assert (refused.status_code, "org_internal" in refused.text) == (403, True)
    assert office.choose("ben@acme-labs.test").status_code == 302
    code, access = office.code(), office.redeem(office.code()).json()["access_token"]
    office.anna.enabled = False
    assert "suspended" in office.choose().text
    assert refusal(office, code) == (400, "invalid_grant", "Bad Request")
    assert office.http.get(USERINFO, headers={"Authorization": f"Bearer {access}"}).status_code == 401


@pytest.mark.parametrize(
    ("changes", "refused"),
    [
        ({"client_id": ""}, (400, "invalid_request", "Could not determine client ID from request.")),
        ({"client_id": "nobody"}, (401, "invalid_client", "The OAuth client was not found.")),
        ({"client_secret": ""}, (400, "invalid_request", "client_secret is missing.")),
        ({"client_secret": "x"}, (401, "invalid_client", "The provided client secret is invalid.")),
        ({"client_id": "other", "client_secret": "b"}, (400, "invalid_grant", "Bad Request")),
        ({"grant_type": "password"}, (400, "unsupported_grant_type", "Invalid grant_type: password")),
        ({"code": ""}, (400, "invalid_request", "Missing required parameter: code")),
        ({"code": "made-up"}, (400, "invalid_grant", "Malformed auth code.")),
        ({"code": "4/made-up"}, (400, "invalid_grant", "Bad Request")),
        ({"redirect_uri": "https://x.test/"}, (400, "redirect_uri_mismatch", "Bad Request")),
        ({"code_verifier": ""}, (400, "invalid_grant", "Missing code verifier.")),
        ({"code_verifier": "w" * 50}, (400, "invalid_grant", "Invalid code verifier.")),
    ],
)
def test_refusals_of_the_token_endpoint(
    office: Office, changes: dict[str, str], refused: tuple[int, str, str]
) -> None:
    office.google.register("other", "b", [CALLBACK])
    form = {"code": office.code()} | changes
    assert refusal(office, **form) == refused


def test_a_code_is_good_once_and_not_for_long(office: Office) -> None:
    code = office.code()
    assert office.redeem(code).status_code == 200
    assert refusal(office, code) == (400, "invalid_grant", "Bad Request")
    code = office.code()
    office.later(minutes=11)
    assert refusal(office, code) == (400, "invalid_grant", "Bad Request")
    code = office.code()
    assert refusal(office, code, code_verifier="w" * 50)[1] == "invalid_grant"
    assert refusal(office, code)[2] == "Bad Request", "who guesses has one guess"


def test_without_a_challenge_no_verifier_is_taken(office: Office) -> None:
    bare = {"code_challenge": "", "code_challenge_method": ""}
    assert refusal(office, office.code(**bare))[2] == "code_verifier or verifier is not needed."
    assert office.redeem(office.code(**bare), code_verifier="").status_code == 200
    assert office.redeem(office.code(code_challenge="v" * 50, code_challenge_method="plain")).status_code == 200


def test_a_client_may_prove_itself_in_the_header(office: Office) -> None:
    form = {"grant_type": "authorization_code", "redirect_uri": CALLBACK, "code_verifier": "v" * 50}
    answer = office.http.post(f"{TOKENS}/token", data=form | {"code": office.code()}, auth=("app", SECRET))
    assert answer.status_code == 200


def test_revoking_a_token_takes_the_consent_back(office: Office) -> None:
    first, second = (office.redeem(office.code()).json()["access_token"] for _ in range(2))
    assert office.http.post(f"{TOKENS}/revoke", data={"token": first}).status_code == 200
    assert office.http.get(USERINFO, headers={"Authorization": f"Bearer {second}"}).status_code == 401
    assert "Continue" in office.choose(answer="").text
    assert office.http.post(f"{TOKENS}/revoke", data={"token": first}).json()["error"] == "invalid_token"


def test_what_an_administrator_does(office: Office) -> None:
    def steer(path: str, **asked: object) -> int:
        return office.http.post(f"http://localhost/sandbox/google/{path}", json=asked).status_code

    assert steer("account", address="Dora@acme.test", name="Dora", workspace="acme.test") == 200
    assert office.claims("dora@acme.test")["hd"] == "acme.test"
    changes = {"name": "Dora Dorn", "workspace": "", "verified": False, "enabled": False}
    assert steer("account", address="dora@acme.test", **changes) == 200
    dora = office.google.accounts["dora@acme.test"]
    assert (dora.name, dora.workspace, dora.verified, dora.enabled) == ("Dora Dorn", None, False, False)
    assert steer("account", address="x@new.test", workspace="new.test") == 200
    assert office.google.workspace("new.test") is not None
    assert steer("clients", client_id="c2", secret="s", redirect_uris=[CALLBACK], internal_to="acme.test") == 200
    assert office.google.clients["c2"].internal_to is office.workspace
    assert steer("secrets/rotate", client_id="app", secret="another") == 200
    assert refusal(office, office.code())[1] == "invalid_client"
    for path, asked in (
        ("account", {"address": "nobody"}),
        ("account", {"address": "a@b.test", "verified": "yes"}),
        ("clients", {"client_id": "c3"}),
        ("secrets/rotate", {"client_id": "nobody", "secret": "s"}),
    ):
        assert steer(path, **asked) == 400
