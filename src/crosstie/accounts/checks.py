"""Whether a text is an address, a domain, an id: the plain form, or a sentence."""

import re
from functools import cache
from urllib.parse import urlsplit

from publicsuffixlist import PublicSuffixList

from crosstie.accounts import words
from crosstie.accounts.words import Phrase, Unacceptable
from crosstie.domain.address import ascii_domain, canonical
from crosstie.domain.records import long_id

_LABEL = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_DOMAIN = re.compile(rf"(?=.{{1,253}}$){_LABEL}(?:\.{_LABEL})+")
_LOCAL = re.compile(r"[^\s@,;:<>()\[\]\"\\]{1,64}")


def domain(text: str, otherwise: Phrase = words.DOMAIN_BAD) -> str:
    """The ASCII form; a leading @ is taken for what it means."""
    if "*" in text or "?" in text or "%" in text:
        raise Unacceptable(words.WILDCARD, value=text.strip())
    plain = ascii_domain(text.strip().lstrip("@"))
    if not is_domain(plain):
        raise Unacceptable(otherwise, value=text.strip())
    if public_suffixes().publicsuffix(plain) == plain:
        raise Unacceptable(words.PUBLIC_SUFFIX, value=plain)
    return plain


def is_domain(plain: str) -> bool:
    """Whether an ASCII text has the form of one."""
    return _DOMAIN.fullmatch(plain) is not None


@cache
def public_suffixes() -> PublicSuffixList:
    """Some ten thousand, such as co.uk; those that a company offers to its customers are domains like others."""
    return PublicSuffixList(only_icann=True)


def address(text: str) -> str:
    """The canonical form (domain/address.py)."""
    plain = canonical(text)
    local, at, host = plain.rpartition("@")
    if not at or not _LOCAL.fullmatch(local) or not is_domain(host):
        raise Unacceptable(words.ADDRESS_BAD, address=text.strip())
    return plain


def address_or_domain(text: str) -> str:
    """An entry of a blocklist. No wildcards; `name+tag@…` is an address of its own."""
    if "@" not in text.strip().lstrip("@"):
        return domain(text, words.ENTRY_BAD)
    if "*" in text or "?" in text:
        raise Unacceptable(words.WILDCARD, value=text.strip())
    try:
        return address(text)
    except Unacceptable:
        raise Unacceptable(words.ENTRY_BAD, value=text.strip()) from None


def record_id(text: str, prefix: str, otherwise: Phrase) -> str:
    """A Salesforce id in its form of 18 characters, whose last three tell the case of the others."""
    plain = text.strip()
    full = long_id(plain)
    if not full.startswith(prefix) or not full:
        raise Unacceptable(otherwise, value=plain)
    return full


def url(text: str) -> str:
    """Scheme, host and port; without a trailing slash."""
    parts = urlsplit(text.strip())
    try:
        port = parts.port
    except ValueError:
        port = -1
    if parts.scheme not in ("http", "https") or not parts.hostname or port == -1 or " " in text.strip():
        raise Unacceptable(words.URL_BAD, value=text.strip())
    return f"{parts.scheme}://{parts.netloc}{parts.path.rstrip('/')}"
