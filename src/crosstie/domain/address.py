"""E-mail addresses in the one form that is compared."""

from dataclasses import dataclass
from typing import Protocol
from urllib.parse import urlsplit


@dataclass(frozen=True, slots=True)
class Address:
    """A participant of an item. `email` is canonical (see `canonical`), `name` is what the mail displays."""

    email: str
    name: str = ""

    @property
    def domain(self) -> str:
        return self.email.rpartition("@")[2]

    @classmethod
    def of(cls, email: str, name: str = "") -> "Address":
        return cls(canonical(email), name.strip())


FROM, TO, CC, BCC, OTHER = "from", "to", "cc", "bcc", "other"
"""Parts that somebody may have in an e-mail or a meeting; other is somebody of its thread who is not on it."""


class Gathering(Protocol):
    """An e-mail or a meeting, as far as it is people."""

    @property
    def participants(self) -> tuple[Address, ...]:
        """Everyone on it, each address once, who wrote or organizes it first."""

    @property
    def parts(self) -> tuple[tuple[str, Address], ...]:
        """Everyone on it, once for each part they have."""


def canonical(email: str) -> str:
    """Trimmed and case-folded, the domain in its ASCII form; the local part's case never matters in practice.

    A domain that cannot be encoded stays as it is: mail is full of them and they must still compare.
    """
    local, at, domain = email.strip().strip("<>").rpartition("@")
    if not at:
        return domain.casefold()
    return f"{local.casefold()}@{ascii_domain(domain)}"


def ascii_domain(domain: str) -> str:
    """`Bücher.Example` → `xn--bcher-kva.example`."""
    folded = domain.strip().rstrip(".").casefold()
    try:
        return folded.encode("idna").decode("ascii")
    except UnicodeError:
        return folded


def website_domain(website: str) -> str:
    """`https://www.birch.test/about`, or without its scheme → `birch.test`; empty for what is no address."""
    plain = website.strip()
    try:
        host = urlsplit(plain if "//" in plain else f"//{plain}").hostname or ""
    except ValueError:
        return ""
    found = ascii_domain(host).removeprefix("www.")
    return found if "." in found else ""
