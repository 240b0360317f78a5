"""Which hosts may be sent a token: addresses come from settings and answers, and neither is believed blindly."""

from urllib.parse import urlsplit

from crosstie.domain.errors import Refused

VENDOR_DOMAINS = ("salesforce.com", "force.com", "cloudforce.com", "salesforce.mil")


def origin(url: str) -> str:
    """Scheme, host and port, lower case; raises Refused for anything that is not a plain web address."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise Refused("CRM-ADDRESS", "not a web address") from error
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.username is not None:
        raise Refused("CRM-ADDRESS", "not a web address")
    standard = {"http": 80, "https": 443}[parts.scheme]
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    return f"{parts.scheme}://{host}" + (f":{port}" if port and port != standard else "")


def is_vendors(url: str) -> bool:
    """HTTPS at one of the vendor's own domains."""
    parts = urlsplit(origin(url))
    host = parts.hostname or ""
    ours = any(host == domain or host.endswith("." + domain) for domain in VENDOR_DOMAINS)
    return parts.scheme == "https" and parts.port is None and ours


def of_records(instance: str) -> frozenset[str]:
    """Where people see records of the org that is reached at this origin: there, and in Lightning."""
    host = urlsplit(instance).netloc.lower()
    name = host.removesuffix(".my.salesforce.com")
    return frozenset((host, f"{name}.lightning.force.com")) if name != host else frozenset((host,))


def login_origin(url: str, trusted: frozenset[str]) -> str:
    """The login address of a connection, if it is the vendor's or one of the deployment's `trusted` origins."""
    found = origin(url)
    if is_vendors(found) or found in trusted:
        return found
    raise Refused("CRM-ADDRESS", "the login address is not one of Salesforce's")


def answered_origin(url: str, login: str) -> str:
    """An address that an answer named: on the login host's own origin or at the vendor's domains."""
    found = origin(url)
    if found == login or is_vendors(found):
        return found
    raise Refused("CRM-ADDRESS", "the answer names a foreign host")
