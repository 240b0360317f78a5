"""Where somebody signs in to Salesforce: at its production, at a sandbox, or at a site of Experience Cloud.

A site's address is typed by whoever comes, and our app's secret is sent where it leads. So it is at Salesforce,
and an org is asked at a site alone that carries the org's own name: `example.my.site.com` is of
`example.my.salesforce.com` and of nobody else, while the names of older sites were free to choose.
https://help.salesforce.com/s/articleView?id=xcloud.remoteaccess_using_openid_discovery_endpoint.htm
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import urlsplit

from crosstie.accounts.sign_in import registering_words
from crosstie.accounts.words import Unacceptable

DOMAINS = ("my.site.com", "force.com", "siteforce.com", "salesforce.com")
"""Of sites; none of them is a site itself."""
LONGEST = 300
_ORG, _SITE = ".my.salesforce.com", ".my.site.com"
_HOST = re.compile(r"[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)+")
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,79}")
_PAGES = ("s", "login", "services")
"""First steps of addresses below a site that has no name of its own."""


class Kind(StrEnum):
    PRODUCTION = "production"
    SANDBOX = "sandbox"
    SITE = "site"


@dataclass(frozen=True, slots=True)
class Entrance:
    """`site` is its origin and name, where it is one."""

    kind: Kind
    site: str = ""

    def is_of(self, addresses: Iterable[str]) -> bool:
        """Whether it leads to the org that has these addresses."""
        hosts = [urlsplit(url).hostname or "" for url in addresses]
        if self.kind is Kind.SITE:
            return any(map(self._is_site_of, addresses))
        return any(map(_is_sandbox, hosts)) is (self.kind is Kind.SANDBOX)

    def _is_site_of(self, address: str) -> bool:
        org, here = urlsplit(address), urlsplit(self.site)
        host = org.hostname or ""
        named = host.endswith(_ORG) and here.hostname == host.removesuffix(_ORG) + _SITE
        return named or (org.scheme, org.netloc) == (here.scheme, here.netloc)


def entrance(kind: str, url: str, trusted: Iterable[str]) -> Entrance:
    """What a form says. Raises Unacceptable."""
    if kind not in list(Kind):
        raise Unacceptable(registering_words.ENTRANCE_MISSING)
    return Entrance(Kind(kind), site(url, trusted) if kind == Kind.SITE else "")


def site(url: str, trusted: Iterable[str]) -> str:
    """Origin and name of the site that somebody's address is of. Raises Unacceptable for all that is not at
    Salesforce, or at one of the origins that this deployment trusts.
    """
    text = url.strip()
    if not text:
        raise Unacceptable(registering_words.SITE_MISSING)
    text = text if "://" in text else f"https://{text}"
    try:
        parts = urlsplit(text)
        host = parts.hostname or ""
    except ValueError:
        raise Unacceptable(registering_words.SITE_BAD, value=url.strip()[:LONGEST]) from None
    if len(text) <= LONGEST and f"{parts.scheme}://{parts.netloc}" in trusted:
        return f"{parts.scheme}://{parts.netloc}{_named(parts.path)}"
    if len(text) > LONGEST or parts.scheme != "https" or not _HOST.fullmatch(parts.netloc.lower()):
        raise Unacceptable(registering_words.SITE_BAD, value=url.strip()[:LONGEST])
    if not any(host.endswith(f".{domain}") for domain in DOMAINS):
        raise Unacceptable(registering_words.SITE_FOREIGN, host=host)
    return f"https://{host}{_named(parts.path)}"


def _named(path: str) -> str:
    """The site's own name, with a slash, of the address of any of its pages."""
    first = path.strip("/").split("/")[0]
    return f"/{first}" if _NAME.fullmatch(first) and first not in _PAGES else ""


def _is_sandbox(host: str) -> bool:
    """`example--uat.sandbox.my.salesforce.com`, as it was called before, or the common address of all of them."""
    return host == "test.salesforce.com" or (host.endswith(_ORG) and "--" in host)
