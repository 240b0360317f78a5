"""Notices that bring properties along, sealed to the owner's certificate; and filters on what is told."""

import base64
import hashlib
import hmac
import json
from datetime import timedelta
from typing import Any

import jwt
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, padding
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric import padding as rsa_padding
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

from tests.unit.sandbox.graph.conftest import START, Office
from tests.unit.sandbox.graph.diary import event, made
from tests.unit.sandbox.graph.receiver import Receiver
from tests.unit.sandbox.graph.test_notices import pump
from tests.unit.sandbox.graph.test_subscriptions import PATH, subscribe, wish

RESOURCE = "users/anna@acme.test/messages"
KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)


def certificate(key: Any) -> x509.Certificate:
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "receiver")])
    builder = x509.CertificateBuilder(name, name, key.public_key(), 7, START, START + timedelta(days=9))
    return builder.sign(key, hashes.SHA256())


def rich(key: Any = KEY, **changes: Any) -> dict[str, Any]:
    der = certificate(key).public_bytes(Encoding.DER)
    return {
        "resource": f"{RESOURCE}?$select=subject,from",
        "includeResourceData": True,
        "encryptionCertificate": base64.b64encode(der).decode(),
        "encryptionCertificateId": "mine",
        "expirationDateTime": (START + timedelta(minutes=1_440)).isoformat(),
        **changes,
    }


def opened(sealed: dict[str, str]) -> Any:
    """As Microsoft's page on the matter has receivers do it."""
    oaep = rsa_padding.OAEP(rsa_padding.MGF1(hashes.SHA1()), hashes.SHA1(), None)
    key = KEY.decrypt(base64.b64decode(sealed["dataKey"]), oaep)
    data = base64.b64decode(sealed["data"])
    assert base64.b64encode(hmac.digest(key, data, hashlib.sha256)).decode() == sealed["dataSignature"]
    decryptor = Cipher(algorithms.AES(key), modes.CBC(key[:16])).decryptor()
    unpadder = padding.PKCS7(128).unpadder()
    plain = unpadder.update(decryptor.update(data) + decryptor.finalize()) + unpadder.finalize()
    return json.loads(plain)


def test_properties_come_sealed(office: Office) -> None:
    receiver = Receiver(office)
    shown = subscribe(office, **rich())
    assert (shown["includeResourceData"], shown["encryptionCertificateId"]) == (True, "mine")
    office.arrive("Secret")
    pump(office)
    [notice] = receiver.notices
    sealed = notice["encryptedContent"]
    content = opened(sealed)
    assert content["subject"] == "Secret"
    assert set(content) == {"@odata.type", "@odata.etag", "id", "subject", "from"}
    assert sealed["encryptionCertificateThumbprint"] == certificate(KEY).fingerprint(hashes.SHA1()).hex().upper()
    assert "Secret" not in json.dumps(receiver.notices)


def test_an_event_comes_sealed_too(office: Office) -> None:
    receiver = Receiver(office)
    subscribe(office, **rich(resource="users/anna@acme.test/events?$select=subject,start"))
    made(office, event(subject="Secret meeting"))
    pump(office)
    [notice] = receiver.notices
    content = opened(notice["encryptedContent"])
    assert set(content) == {"@odata.type", "@odata.etag", "id", "subject", "start"}
    assert (content["subject"], content["@odata.type"]) == ("Secret meeting", "#microsoft.graph.event")


def test_a_token_proves_the_sender(office: Office) -> None:
    receiver = Receiver(office)
    subscribe(office, **rich())
    office.arrive()
    pump(office)
    [token] = receiver.proofs
    published = jwt.PyJWKSet.from_dict(office.http.get("/common/discovery/v2.0/keys").json())
    claims = jwt.decode(
        token,
        published[jwt.get_unverified_header(token)["kid"]].key,
        algorithms=["RS256"],
        audience="app",
        options={"verify_exp": False, "verify_iat": False},
    )
    assert (claims["tid"], claims["azp"]) == (office.tenant.id, "0bf30f3b-4a52-48df-9a82-234910c4a086")


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"resource": RESOURCE}, "InvalidRequest"),
        ({"encryptionCertificateId": ""}, "InvalidRequest"),
        ({"expirationDateTime": (START + timedelta(minutes=1_441)).isoformat()}, "ExtensionError"),
        (rich(ec.generate_private_key(ec.SECP256R1())), "InvalidRequest"),
    ],
)
def test_what_sealed_notices_need(office: Office, changes: dict[str, Any], code: str) -> None:
    Receiver(office)
    assert office.refused("POST", PATH, wish(**rich() | changes)) == (400, code)


def test_a_filter_says_which_items_are_told(office: Office) -> None:
    receiver = Receiver(office)
    subscribe(office, resource=f"{RESOURCE}?$filter=importance eq 'high'")
    subscribe(office, resource=RESOURCE, changeType="deleted")
    office.arrive("Plain")
    office.arrive("Urgent", extra="Importance: high\r\n")
    pump(office)
    [row] = office.get("messages?$filter=importance eq 'high'")["value"]
    assert [notice["resourceData"]["id"] for notice in receiver.notices] == [row["id"]]


def test_a_filter_that_compares_unlike_things_tells_everything(office: Office) -> None:
    receiver = Receiver(office)
    subscribe(office, resource=f"{RESOURCE}?$filter=receivedDateTime gt 5")
    office.arrive()
    pump(office)
    assert receiver.changes() == ["created"]
