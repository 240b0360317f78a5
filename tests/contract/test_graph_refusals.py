"""Graph and its login refusing: what follows from it, and that it is named rightly."""

import json
from collections.abc import Iterator
from datetime import timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from crosstie.domain.email import Folder
from crosstie.domain.errors import CrosstieError, Fatal, NeedsConsent, Retry, Throttled
from crosstie.domain.mailboxes import SALESFORCE_CATEGORY, Cursor
from crosstie.mailboxes.graph.client import GraphClient
from crosstie.mailboxes.graph.connection import Certificate
from crosstie.mailboxes.graph.tokens import Tokens
from sandbox.faults import Fault
from tests.contract.graph_office import HOST, MAILBOX, GraphOffice
from tests.contract.mailbox_office import MEGABYTE, START, View, mail, marking

REFUSED_BODY = json.dumps({"error": {"code": "ErrorInvalidRequest", "message": "No."}}).encode()


@pytest.fixture
def office() -> Iterator[GraphOffice]:
    office = GraphOffice()
    yield office
    office.judge()


@pytest.fixture
def view(office: GraphOffice) -> View:
    return View(office)


# -- refusals ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("status", [400, 500, 501])
def test_a_stream_that_refuses_properties_is_read_without_and_filled_in(
    office: GraphOffice, view: View, status: int
) -> None:
    office.arrive(mail("Secret", Sensitivity="Private"))
    office.open().prepare()
    office.world.faults.add(Fault("refuse", "graph", "messages.delta", status=status, times=3, body=REFUSED_BODY))
    view.look()
    assert view.seen()["Secret"].is_private
    assert view.seen()["Secret"].size


def test_one_collection_that_is_throttled_is_asked_again_by_itself(office: GraphOffice, view: View) -> None:
    view.look()
    office.arrive(mail("News"))
    office.refuse(status=429, times=1, retry_after=3, route="messages.delta")
    view.look()
    assert set(view.seen()) == {"News"}
    assert office.clock.slept == [3.0]
    assert [len(parts) for parts in office.parts()[-2:]] == [4, 1]


def test_throttled_for_long_inside_a_batch_ends_the_session(office: GraphOffice, view: View) -> None:
    view.look()
    office.refuse(status=429, times=9, retry_after=120, route="messages.delta")
    with pytest.raises(Throttled) as caught:
        view.look()
    assert caught.value.until == START + timedelta(seconds=120)
    assert office.clock.slept == []


def test_marks_that_are_throttled_half_way_are_put_off(office: GraphOffice, view: View) -> None:
    keys = [office.arrive(mail(f"Mail {number}")) for number in range(25)]
    view.look()
    office.world.faults.add(
        Fault("refuse", "graph", "batch", skip=1, status=429, headers=(("Retry-After", "600"),), body=REFUSED_BODY)
    )
    results = office.open().apply([marking(email) for email in view.seen().values()])
    assert [result.code for result in results] == [""] * 20 + ["later"] * 5
    assert sum(office.categories(key) == {SALESFORCE_CATEGORY} for key in keys) == 20


def test_a_move_whose_answer_is_lost_leaves_no_write_called_done(office: GraphOffice, view: View) -> None:
    view.look()
    keys = [office.arrive(mail(f"Mail {number}"), Folder.DROP) for number in range(3)]
    view.look()
    office.world.faults.add(Fault("lose_answer", "graph", "batch", skip=1))
    results = office.open().apply([marking(email, Folder.INBOX) for email in view.seen().values()])
    assert [result.code for result in results] == ["unclear"] * 3
    assert all(office.folder_of(key) is Folder.INBOX for key in keys)


def test_one_message_that_is_refused_keeps_no_other_from_being_read(office: GraphOffice, view: View) -> None:
    view.look()
    for number in range(3):
        office.arrive(mail(f"Mail {number}"))
    view.look()
    office.world.faults.add(Fault("refuse", "graph", "messages.get", status=500, body=REFUSED_BODY))
    found = office.open().content(list(view.seen().values()), max_attachment_bytes=MEGABYTE).found
    assert len(found) == 2


def test_a_mailbox_without_a_licence_is_named_so(office: GraphOffice, view: View) -> None:
    office.stored.licensed = False
    with pytest.raises(CrosstieError) as caught:
        view.look()
    assert caught.value.code == "GRAPH-NO-MAILBOX"


def test_a_mailbox_that_nobody_has_is_named_so(office: GraphOffice, view: View) -> None:
    office.change_connection(address="nobody@larch.test")
    with pytest.raises(CrosstieError) as caught:
        view.look()
    assert caught.value.code == "GRAPH-NO-MAILBOX"


def test_an_app_that_may_not_read_mail_needs_consent(office: GraphOffice, view: View) -> None:
    office.client.only_mailboxes = frozenset({"ben@larch.test"})
    with pytest.raises(NeedsConsent) as caught:
        view.look()
    assert caught.value.code == "GRAPH-ACCESS-DENIED"
    assert "larch.test" not in str(caught.value)


def test_access_that_was_granted_late_counts_before_the_token_ends(office: GraphOffice, view: View) -> None:
    office.client.roles = frozenset()
    with pytest.raises(NeedsConsent):
        view.look()
    office.client.roles = frozenset({"Mail.ReadWrite", "MailboxSettings.ReadWrite"})
    office.pass_time(timedelta(minutes=15))
    with pytest.raises(NeedsConsent):
        view.look()
    view.look()
    assert office.tokens_asked() == 2


def test_without_the_right_to_categories_the_rest_works(
    office: GraphOffice, view: View, caplog: pytest.LogCaptureFixture
) -> None:
    office.client.roles = frozenset({"Mail.ReadWrite"})
    key = office.arrive(mail("Saved"))
    view.look()
    assert office.open().apply([marking(view.seen()["Saved"])])[0].applied
    assert office.categories(key) == {SALESFORCE_CATEGORY}
    assert "GRAPH-NO-CATEGORY-LIST" in caplog.text


def test_a_cursor_that_leads_elsewhere_is_not_followed(office: GraphOffice, view: View) -> None:
    office.arrive(mail("Old"))
    view.look()
    for collection, cursor in list(view.cursors.items()):
        owner = cursor.token.partition(" ")[0]
        view.cursors[collection] = Cursor(collection, f"{owner} https://evil.test/v1.0/users/x/messages/delta")
    view.look()
    assert set(view.seen()) == {"Old"}


@pytest.mark.parametrize(
    ("link", "path"),
    [
        (f"{HOST}/v1.0/users/x/messages/delta?$skiptoken=a%2Fb", "/users/x/messages/delta?$skiptoken=a%2Fb"),
        ("https://SANDBOX.test/v1.0/users/x", "/users/x"),
        ("https://evil.test/v1.0/users/x", None),
        (f"{HOST}.evil.test/v1.0/users/x", None),
        ("http://sandbox.test@evil.test/v1.0/users/x", None),
        (f"{HOST}/beta/users/x", None),
        (f"{HOST}/v1.0", None),
        ("/v1.0/users/x", None),
        ("", None),
    ],
)
def test_only_links_of_the_configured_service_are_followed(
    office: GraphOffice, link: str, path: str | None
) -> None:
    tokens = Tokens(office.http, office.clock, office.secrets.exchange)
    client = GraphClient(office.http, tokens, office.clock, 1, office.connection)
    if path is not None:
        assert client.relative(link) == path
        return
    with pytest.raises(Fatal) as caught:
        client.relative(link)
    assert caught.value.code == "GRAPH-FOREIGN-LINK"


def test_a_folder_thrown_into_the_bin_is_made_anew(office: GraphOffice, view: View) -> None:
    view.look()
    folder = office.stored.folder("Salesforce Emails")
    assert folder is not None
    office.world.mailboxes.move_folder(office.stored, folder, office.stored.well_known("deleteditems"))
    office.pass_time(timedelta(days=1))
    view.look()
    root = office.stored.well_known("msgfolderroot")
    assert any(child.name == "Salesforce Emails" for child in office.stored.children(root))
    assert not view.last.baseline


# -- credentials ---------------------------------------------------------------------------------------------


def key_pair() -> Certificate:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "crosstie")])
    builder = x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
    signed = (
        builder.not_valid_before(START).not_valid_after(START + timedelta(days=365)).sign(key, hashes.SHA256())
    )
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return Certificate(private.decode(), signed.public_bytes(serialization.Encoding.PEM).decode())


def test_an_app_may_prove_itself_by_certificate(office: GraphOffice, view: View) -> None:
    pair = key_pair()
    office.client.certificates.append(pair.certificate)
    office.change_connection(secret="", certificate=pair)
    view.look()
    assert len(view.cursors) == 3


def test_a_broken_certificate_is_named_so(office: GraphOffice, view: View) -> None:
    office.change_connection(secret="", certificate=Certificate("no key", "no certificate"))
    with pytest.raises(Fatal) as caught:
        view.look()
    assert caught.value.code == "GRAPH-CERTIFICATE"


def test_a_wrong_secret_needs_consent_and_shows_nothing_of_itself(office: GraphOffice, view: View) -> None:
    office.change_connection(secret="wr0ng")
    with pytest.raises(NeedsConsent) as caught:
        view.look()
    assert caught.value.code == "GRAPH-APP-SECRET"
    assert "wr0ng" not in repr(office.connection) + repr(caught.value)


def test_a_token_is_renewed_before_it_ends_and_when_it_is_refused(office: GraphOffice, view: View) -> None:
    view.look()
    assert office.tokens_asked() == 1
    office.pass_time(timedelta(hours=2))
    view.look()
    assert office.tokens_asked() == 2
    office.world.microsoft.tokens.clear()
    view.look()
    assert office.tokens_asked() == 3


def delegate(office: GraphOffice) -> None:
    microsoft = office.world.microsoft
    scopes = ("Mail.ReadWrite", "MailboxSettings.ReadWrite", "offline_access")
    microsoft.consent(office.client, office.tenant, scopes)
    refresh = microsoft.issue_refresh(office.client, office.tenant.id, str(office.stored.guid), scopes)
    office.change_connection(refresh_token=refresh)


def test_a_person_may_lend_their_access_and_the_new_token_is_handed_back(office: GraphOffice, view: View) -> None:
    delegate(office)
    first = office.connection.refresh_token
    view.look()
    second = office.secrets.refresh_token(MAILBOX)
    assert second != first
    office.pass_time(timedelta(hours=2))
    del office.world.microsoft.refresh_tokens[first]
    view.look()
    assert office.secrets.refresh_token(MAILBOX) not in (first, second)
    assert office.connection.refresh_token == first, (
        "the newest one was used although the connection has the first"
    )
    assert office.tokens_asked() == 2


def test_after_a_password_change_somebody_has_to_sign_in(office: GraphOffice, view: View) -> None:
    delegate(office)
    view.look()
    office.pass_time(timedelta(hours=2))
    office.world.microsoft.revoke_user(str(office.stored.guid))
    with pytest.raises(NeedsConsent) as caught:
        view.look()
    assert caught.value.code == "GRAPH-SIGN-IN-REVOKED"


def test_an_unknown_mailbox_and_one_without_credentials(office: GraphOffice) -> None:
    with pytest.raises(Fatal):
        office.access.open(MAILBOX + 1)
    office.change_connection(secret="")
    with pytest.raises(NeedsConsent):
        office.access.open(MAILBOX)


def test_a_login_server_that_is_down_is_tried_again(office: GraphOffice, view: View) -> None:
    office.world.faults.add(Fault("refuse", "*", "login.token", status=503, body=b"<html>down</html>"))
    for _ in range(3):
        with pytest.raises(Retry):
            view.look()
    assert office.tokens_asked() == 1, "the other mailboxes of the tenant take the same answer"
    office.pass_time(timedelta(seconds=20))
    view.look()


def test_addresses_are_encoded(office: GraphOffice) -> None:
    odd = GraphOffice(address="o'hara+sales&co@larch.test")
    View(odd).look()
    odd.arrive(mail("Odd"))
    seen = View(odd)
    seen.look()
    assert set(seen.seen()) == {"Odd"}
    assert HOST in odd.connection.graph_url
