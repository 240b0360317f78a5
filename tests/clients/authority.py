"""A certificate authority of a test's own with one certificate for every name in its box, and an app's own one."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

_Key = ec.EllipticCurvePrivateKey


def issue(folder: Path, hosts: Sequence[str]) -> None:
    """Writes ca.pem, leaf.pem and leaf.key; the leaf is for servers only and no authority."""
    authority, leaf = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
    root = _builder("Test authority", "Test authority", authority)
    root = root.add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
    root = root.add_extension(_usage(signs=True), critical=True)
    ca = root.sign(authority, hashes.SHA256())
    names = [x509.DNSName(host) for host in hosts] + [x509.IPAddress(ip_address("127.0.0.1"))]
    below = _builder("vendors.test", "Test authority", leaf)
    below = below.add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
    below = below.add_extension(_usage(signs=False), critical=True)
    below = below.add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
    below = below.add_extension(x509.SubjectAlternativeName(names), critical=False)
    issuer = x509.AuthorityKeyIdentifier.from_issuer_public_key(authority.public_key())
    certificate = below.add_extension(issuer, critical=False).sign(authority, hashes.SHA256())
    (folder / "ca.pem").write_bytes(ca.public_bytes(Encoding.PEM))
    (folder / "leaf.pem").write_bytes(certificate.public_bytes(Encoding.PEM))
    secret = leaf.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    (folder / "leaf.key").write_bytes(secret)


def _builder(subject: str, issuer: str, key: _Key) -> x509.CertificateBuilder:
    now = datetime.now(UTC)
    builder = x509.CertificateBuilder(
        issuer_name=x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, issuer)]),
        subject_name=x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, subject)]),
        public_key=key.public_key(),
        serial_number=x509.random_serial_number(),
        not_valid_before=now - timedelta(hours=1),
        not_valid_after=now + timedelta(days=2),
    )
    return builder.add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)


def _usage(*, signs: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not signs,
        key_cert_sign=signs,
        crl_sign=signs,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )


def app_certificate() -> tuple[str, str, str]:
    """What an app proves itself with: private key, certificate, and the old kind of thumbprint of the latter."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "judge")])
    now = datetime.now(UTC)
    builder = x509.CertificateBuilder(name, name, key.public_key(), 7, now, now + timedelta(days=1))
    certificate = builder.sign(key, hashes.SHA256())
    secret = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
    thumbprint = certificate.fingerprint(hashes.SHA1()).hex()
    return secret, certificate.public_bytes(Encoding.PEM).decode(), thumbprint
