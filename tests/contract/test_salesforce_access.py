"""Ways into an org, over the sandbox's OAuth: tokens, renewals, a person's sign-in; and where tokens never go."""

from collections.abc import Iterator
from datetime import timedelta
from urllib.parse import parse_qs, urlencode, urlsplit

import httpx2
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

from crosstie.domain.access import AuthMode
from crosstie.domain.errors import CrosstieError, Fatal, NeedsConsent, Refused, Retry, Throttled
from crosstie.domain.records import CONTACT
from crosstie.ports.crm import Watch
from crosstie.salesforce import sign_in
from crosstie.salesforce.auth import Authority
from crosstie.salesforce.crm import SalesforceAccess
from crosstie.salesforce.sign_in import Identity
from crosstie.transport import Http
from sandbox.faults import Fault
from tests.contract.crm_company import LONG_AGO
from tests.contract.salesforce_org import ORG, ORIGIN, SIGN_IN, SalesforceCompany

KEYS = rsa.generate_private_key(public_exponent=65537, key_size=2048)
PRIVATE = KEYS.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
PUBLIC = KEYS.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()
CONTACTS = [Watch(CONTACT, LONG_AGO)]


@pytest.fixture
def company() -> Iterator[SalesforceCompany]:
    company = SalesforceCompany()
    company.app_registration.certificate = PUBLIC
    company.world.auto_login = True
    yield company
    company.close()


def tokens(company: SalesforceCompany) -> int:
    return sum(entry.route == "oauth_token" for entry in company.entries())


def works(company: SalesforceCompany) -> None:
    assert company.reopen().changes(CONTACTS).pages[0].complete


def signed_in(company: SalesforceCompany, username: str = "ada@acme.test") -> tuple[str, Identity]:
    """A refresh token and who it belongs to, by the browser's way."""
    begun = sign_in.begin(company.access.authority, company.connection, SIGN_IN)
    browser = httpx2.Client(transport=httpx2.WSGITransport(app=company.app))
    back = browser.get(begun.url + "&" + urlencode({"auto": username}))
    assert back.status_code == 302, back.text
    assert back.headers["Location"].startswith(SIGN_IN)
    answer = {name: found[0] for name, found in parse_qs(urlsplit(back.headers["Location"]).query).items()}
    token, identity = sign_in.finish(
        company.access.authority,
        company.connection,
        begun,
        state=answer["state"],
        code=answer["code"],
        redirect_uri=SIGN_IN,
    )
    return token.refresh_token, identity


# -- without a person ----------------------------------------------------------------------------------------


def test_client_credentials(company: SalesforceCompany) -> None:
    works(company)
    company.change_connection(client_secret="wrong")
    with pytest.raises(NeedsConsent) as caught:
        company.reopen().changes(CONTACTS)
    assert caught.value.code == "CRM-TOKEN-CLIENT"


def test_jwt_bearer_acts_for_a_user_who_was_let_in(company: SalesforceCompany) -> None:
    company.change_connection(mode=AuthMode.JWT_BEARER, private_key=PRIVATE, username="integration@acme.test")
    works(company)
    company.change_connection(username="ada@acme.test")
    with pytest.raises(NeedsConsent) as caught:
        company.reopen().changes(CONTACTS)
    assert caught.value.code == "CRM-TOKEN-GRANT"
    assert "approved" in caught.value.detail


def test_a_key_that_is_none_is_a_mistake_in_the_set_up(company: SalesforceCompany) -> None:
    company.change_connection(mode=AuthMode.JWT_BEARER, private_key="-----BEGIN NOTHING-----", username="x")
    with pytest.raises(Fatal) as caught:
        company.reopen().changes(CONTACTS)
    assert caught.value.code == "CRM-PRIVATE-KEY"


def test_secrets_are_in_no_repr(company: SalesforceCompany) -> None:
    company.change_connection(private_key=PRIVATE, refresh_token="5Aep-secret")
    token = company.access.authority.token(company.connection)
    begun = sign_in.begin(company.access.authority, company.connection, SIGN_IN)
    shown = repr(company.connection) + repr(token) + repr(company.open())
    for secret in ("s3cret", "PRIVATE KEY", "5Aep-secret", token.access_token):
        assert secret not in shown
    assert begun.verifier not in repr(begun)


# -- a person ------------------------------------------------------------------------------------------------


def test_a_person_signs_in_and_is_known(company: SalesforceCompany) -> None:
    refresh, identity = signed_in(company)
    assert identity == Identity(
        user_id=company.owner,
        org_id=company.site.org.id,
        username="ada@acme.test",
        display_name="Ada Keller",
        email="ada@acme.test",
        email_verified=True,
        time_zone="Europe/Berlin",
        instance=ORIGIN,
    )
    company.change_connection(mode=AuthMode.REFRESH_TOKEN, refresh_token=refresh)
    works(company)
    company.access.authority.revoke(company.connection, refresh)
    with pytest.raises(NeedsConsent):
        company.reopen().changes(CONTACTS)
    company.access.authority.revoke(company.connection, refresh)


def test_the_browser_is_sent_with_pkce_state_and_nonce(company: SalesforceCompany) -> None:
    begun = sign_in.begin(company.access.authority, company.connection, SIGN_IN, scope="id openid")
    again = sign_in.begin(company.access.authority, company.connection, SIGN_IN)
    query = {name: found[0] for name, found in parse_qs(urlsplit(begun.url).query).items()}
    assert begun.url.startswith(f"{ORIGIN}/services/oauth2/authorize?")
    assert query == {
        "response_type": "code",
        "client_id": "crosstie",
        "redirect_uri": SIGN_IN,
        "scope": "id openid",
        "state": begun.state,
        "nonce": begun.nonce,
        "code_challenge": sign_in.challenge(begun.verifier),
        "code_challenge_method": "S256",
    }
    assert 43 <= len(begun.verifier) <= 128
    assert "s3cret" not in begun.url
    assert len({begun.state, again.state, begun.nonce, again.nonce, begun.verifier, again.verifier}) == 6


def test_the_pkce_example_of_the_standard() -> None:
    verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
    assert sign_in.challenge(verifier) == "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"


@pytest.mark.parametrize("wrong", ["state", "code", "verifier"])
def test_a_forged_return_is_refused(company: SalesforceCompany, wrong: str) -> None:
    authority = company.access.authority
    begun = sign_in.begin(authority, company.connection, SIGN_IN)
    browser = httpx2.Client(transport=httpx2.WSGITransport(app=company.app))
    back = browser.get(begun.url + "&auto=ada%40acme.test")
    code = parse_qs(urlsplit(back.headers["Location"]).query)["code"][0]
    other = sign_in.begin(authority, company.connection, SIGN_IN)
    with pytest.raises(NeedsConsent):
        sign_in.finish(
            authority,
            company.connection,
            other if wrong == "verifier" else begun,
            state={"state": "forged", "verifier": other.state}.get(wrong, begun.state),
            code="forged" if wrong == "code" else code,
            redirect_uri=SIGN_IN,
        )


# -- sessions ------------------------------------------------------------------------------------------------


def test_one_session_serves_until_it_ends(company: SalesforceCompany) -> None:
    crm = company.open()
    for _ in range(5):
        crm.changes(CONTACTS)
        company.pass_time(timedelta(minutes=20))
    assert company.access.open(ORG) is crm
    assert tokens(company) == 1
    company.pass_time(timedelta(hours=2))
    crm.changes(CONTACTS)
    assert tokens(company) == 2


@pytest.fixture(params=[False, True], ids=["reuse refused", "reuse ends all"])
def rotating(request: pytest.FixtureRequest, company: SalesforceCompany) -> SalesforceCompany:
    """An org entered with Ada's refresh token, which is replaced at each use."""
    company.world.switches.turn("salesforce.reused_refresh_token_ends_all", request.param)
    company.app_registration.rotate_refresh_tokens = True
    refresh, _ = signed_in(company)
    company.change_connection(mode=AuthMode.REFRESH_TOKEN, refresh_token=refresh)
    return company


def test_a_rotated_refresh_token_is_kept_before_it_is_needed(rotating: SalesforceCompany) -> None:
    first = rotating.connection.refresh_token
    works(rotating)
    second = rotating.secrets.refresh_token(ORG)
    rotating.pass_time(timedelta(hours=3))
    works(rotating)
    assert len({first, second, rotating.secrets.refresh_token(ORG)}) == 3


def test_another_process_takes_the_session_that_is_kept(rotating: SalesforceCompany) -> None:
    before = tokens(rotating)
    one, other = rotating.new_access().open(ORG), rotating.new_access().open(ORG)
    for _ in range(3):
        assert one.changes(CONTACTS).pages
        assert other.changes(CONTACTS).pages
        rotating.pass_time(timedelta(hours=3))
    assert tokens(rotating) == before + 3
    assert one.capabilities().org_id == other.capabilities().org_id == rotating.site.org.id


def test_a_grant_that_was_lost_is_refused_until_somebody_signs_in(rotating: SalesforceCompany) -> None:
    """Where a process died between the vendor's answer and the keeping of it, somebody has to sign in again."""
    first = rotating.connection.refresh_token
    works(rotating)
    rotating.secrets.hand_in(ORG, first)
    for _ in range(2):
        with pytest.raises(NeedsConsent) as caught:
            rotating.reopen().changes(CONTACTS)
        assert caught.value.code == "CRM-TOKEN-GRANT"
    again, _ = signed_in(rotating)
    rotating.change_connection(refresh_token=again)
    works(rotating)


def test_a_session_that_dies_at_once_is_renewed_only_once(company: SalesforceCompany) -> None:
    crm = company.open()
    body = b'[{"message": "Session expired or invalid", "errorCode": "INVALID_SESSION_ID"}]'
    company.world.faults.add(Fault("refuse", "salesforce", "composite", status=401, times=9, body=body))
    with pytest.raises(NeedsConsent):
        crm.changes(CONTACTS)
    assert tokens(company) == 2
    assert crm.meter.total == 0


@pytest.mark.parametrize(
    ("fault", "expected"),
    [
        (Fault("refuse", "salesforce", "oauth_token", status=503), Retry),
        (Fault("lose_answer", "salesforce", "oauth_token"), Retry),
        (Fault("refuse", "salesforce", "oauth_token", status=200, body=b"<html>"), Retry),
        (Fault("refuse", "salesforce", "oauth_token", status=200, body=b"{}"), Retry),
        (
            Fault(
                "refuse",
                "salesforce",
                "oauth_token",
                status=400,
                body=b'{"error": "invalid_grant", "error_description": "login rate exceeded"}',
            ),
            Throttled,
        ),
        (
            Fault("refuse", "salesforce", "oauth_token", status=400, body=b'{"error": "inactive_org"}'),
            NeedsConsent,
        ),
        (Fault("refuse", "salesforce", "oauth_token", status=400, body=b"no json"), Retry),
    ],
)
def test_what_the_token_endpoint_may_say(
    company: SalesforceCompany, fault: Fault, expected: type[CrosstieError]
) -> None:
    company.world.faults.add(fault)
    with pytest.raises(expected):
        company.reopen().changes(CONTACTS)
    works(company)


# -- where tokens never go -----------------------------------------------------------------------------------


def test_an_untrusted_login_address_is_never_asked(company: SalesforceCompany) -> None:
    company.change_connection(login_url="http://169.254.169.254/latest")
    with pytest.raises(Refused) as caught:
        company.reopen().changes(CONTACTS)
    assert caught.value.code == "CRM-ADDRESS"
    assert company.entries() == []


class Liar(httpx2.BaseTransport):
    """A login host that names foreign addresses; it must never see them asked for."""

    def __init__(self, **answer: str) -> None:
        self.answer = {"access_token": "00D!x", "instance_url": ORIGIN, "id": f"{ORIGIN}/id/00D/005"} | answer
        self.asked: list[str] = []

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        self.asked.append(str(request.url))
        if request.url.path == "/services/oauth2/token":
            return httpx2.Response(200, json=self.answer)
        if request.url.path.startswith("/id/"):
            body = {"user_id": "005000000000002", "organization_id": "00D000000000001"}
            return httpx2.Response(200, json=body)
        return httpx2.Response(302, headers={"Location": "http://foreign.test/"})


def lied_to(company: SalesforceCompany, liar: Liar) -> SalesforceAccess:
    http = Http(transport=liar)
    return SalesforceAccess(
        http, lambda _: company.connection, company.clock, company.secrets.exchange, trusted=frozenset((ORIGIN,))
    )


def test_an_instance_on_a_foreign_host_is_refused(company: SalesforceCompany) -> None:
    liar = Liar(instance_url="https://foreign.test")
    with pytest.raises(Refused):
        lied_to(company, liar).open(ORG).changes(CONTACTS)
    assert all(address.startswith(ORIGIN) for address in liar.asked)


@pytest.mark.parametrize("address", ["https://foreign.test/id/00D/005", "", f"{ORIGIN}/id/00D000000000001/005"])
def test_an_identity_elsewhere_or_of_somebody_else_is_refused(company: SalesforceCompany, address: str) -> None:
    liar = Liar(id=address)
    authority = Authority(Http(transport=liar), company.clock, frozenset((ORIGIN,)))
    token = authority.token(company.connection)
    with pytest.raises((Refused, NeedsConsent)):
        sign_in.identity(authority, company.connection, token)
    assert all(asked.startswith(ORIGIN) for asked in liar.asked)


def test_a_redirect_is_never_followed(company: SalesforceCompany) -> None:
    liar = Liar()
    with pytest.raises(NeedsConsent):
        lied_to(company, liar).open(ORG).changes(CONTACTS)
    assert all(address.startswith(ORIGIN) for address in liar.asked)
    assert len(liar.asked) == 4, "a token, the call, one renewal, the call once more"
