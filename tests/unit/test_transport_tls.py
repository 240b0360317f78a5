"""The door to the vendors over real TLS: verified, and never below 1.2."""

import http.server
import ipaddress
import ssl
import threading
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from crosstie.domain.errors import Retry
from crosstie.transport import Http


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Self-signed, for 127.0.0.1, with its key, in one PEM file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "vendor.test")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), True)
        .sign(key, hashes.SHA256())
    )
    file = tmp_path_factory.mktemp("tls") / "vendor.pem"
    file.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        + made.public_bytes(serialization.Encoding.PEM)
    )
    return file


class Answer(http.server.BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(204)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Nothing."""


@contextmanager
def vendor(certificate: Path, *, newest: ssl.TLSVersion | None = None) -> Iterator[str]:
    """A server that speaks no TLS newer than `newest`."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    if newest:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)  # the old version is the point
            context.set_ciphers("ALL:@SECLEVEL=0")
            context.minimum_version = ssl.TLSVersion.TLSv1
            context.maximum_version = newest
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Answer) as server:
        server.socket = context.wrap_socket(server.socket, server_side=True)
        server.handle_error = lambda *_: None  # type: ignore[method-assign]
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield f"https://127.0.0.1:{server.server_port}/"
        server.shutdown()
        thread.join()


def test_a_vendor_whose_certificate_is_trusted_answers(certificate: Path) -> None:
    with vendor(certificate) as url:
        assert Http(timeout=5, ca_file=str(certificate)).request("GET", url).status_code == 204


def test_a_certificate_that_nobody_vouches_for_is_refused(certificate: Path) -> None:
    with vendor(certificate) as url, pytest.raises(Retry) as refused:
        Http(timeout=5).request("GET", url)
    assert "certificate" in refused.value.detail.lower()


def test_a_certificate_for_another_name_is_refused(certificate: Path) -> None:
    with vendor(certificate) as url, pytest.raises(Retry) as refused:
        Http(timeout=5, ca_file=str(certificate)).request("GET", url.replace("127.0.0.1", "localhost"))
    assert "certificate" in refused.value.detail.lower()


def test_a_vendor_that_knows_only_an_older_tls_is_refused(certificate: Path) -> None:
    with vendor(certificate, newest=ssl.TLSVersion.TLSv1_1) as url, pytest.raises(Retry) as refused:
        Http(timeout=5, ca_file=str(certificate)).request("GET", url)
    assert "version" in refused.value.detail.lower()
