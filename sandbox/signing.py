"""Keys that vendors sign tokens with: real RSA keys, one of which takes over from another by the clock.

A key is published a period before it signs and a period after, so that whoever fetches the set once a day always
knows the one in use. Thrown away (`roll`), the old ones are unpublished at once.
"""

import base64
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any, Literal

import jwt
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID

_APART = 10
"""Numbers that a roll leaves out, so that no key of before is published again."""


@lru_cache(maxsize=32)
def _made(label: str, number: int) -> rsa.RSAPrivateKey:
    """One for all worlds of a process: making it costs more than founding a company."""
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


@lru_cache(maxsize=32)
def _read(pem: bytes) -> rsa.RSAPrivateKey:
    key = serialization.load_pem_private_key(pem, None)
    assert isinstance(key, rsa.RSAPrivateKey), "what was kept is what was made"
    return key


@dataclass(slots=True)
class Signing:
    """The keys of one vendor."""

    label: str
    period: timedelta
    """How long a key signs."""
    named: Literal["thumbprint", "number", "digest"]
    """What `kid` is: Microsoft names keys by their certificate, and publishes that too."""
    rolled: int = 0
    kept: dict[int, bytes] = field(default_factory=dict)
    """PEM by number, so that a world that was saved signs and publishes as before."""

    def sign(self, claims: Mapping[str, Any], now: datetime) -> str:
        number = self._number(now)
        head = {"kid": self._name(number)}
        return jwt.encode(dict(claims), self._key(number), "RS256", headers=head)

    def published(self, now: datetime) -> list[dict[str, Any]]:
        """JSON Web Keys: the one that comes next, the one in use, the one before."""
        number = self._number(now)
        return [self._public(one) for one in (number + 1, number, number - 1)]

    def roll(self) -> None:
        """As after a theft: new keys from now on, and none of the old is published any more."""
        self.rolled += _APART
        self.kept.clear()

    def _number(self, now: datetime) -> int:
        return int(now.timestamp() // self.period.total_seconds()) + self.rolled

    def _key(self, number: int) -> rsa.RSAPrivateKey:
        if number not in self.kept:
            form, plain = serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
            made = _made(self.label, number)
            self.kept[number] = made.private_bytes(serialization.Encoding.PEM, form, plain)
            for old in [one for one in self.kept if one < number - 2]:
                del self.kept[old]
        return _read(self.kept[number])

    def _public(self, number: int) -> dict[str, Any]:
        public = self._key(number).public_key()
        key = {**jwt.algorithms.RSAAlgorithm.to_jwk(public, as_dict=True), "use": "sig", "kid": self._name(number)}
        key.pop("key_ops", None)
        if self.named != "thumbprint":
            return key | {"alg": "RS256"}
        return key | {"x5t": key["kid"], "x5c": [base64.b64encode(self._certificate(number)).decode()]}

    def _name(self, number: int) -> str:
        if self.named == "number":
            return str(200 + number % 1000)
        digest = hashlib.sha1(self._certificate(number), usedforsecurity=False).digest()
        if self.named == "digest":
            return digest.hex()
        return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()

    def _certificate(self, number: int) -> bytes:
        """DER; the same bytes whenever it is asked for."""
        began = datetime.fromtimestamp(0, UTC) + (number - self.rolled) * self.period
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, f"{self.label} signing key of the sandbox")])
        key = self._key(number)
        builder = x509.CertificateBuilder(name, name, key.public_key(), number + 1)
        builder = builder.not_valid_before(began - 2 * self.period).not_valid_after(began + 10 * self.period)
        return builder.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.DER)
