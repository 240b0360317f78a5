"""The private key that an org is entered with by certificate."""

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key

LEAST_BITS = 2048


def bits(pem: str) -> int:
    """How long the RSA key is; 0 for anything that is none, or that wants a password."""
    try:
        found = load_pem_private_key(pem.encode(), None)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        return 0
    return found.key_size if isinstance(found, RSAPrivateKey) else 0
