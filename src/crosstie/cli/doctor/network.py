"""The port we listen on and the address people use."""

import http.client
import socket
from collections.abc import Iterator
from urllib.parse import urlsplit

from crosstie.cli.doctor.finding import Check, Finding
from crosstie.cli.frame import CommandError
from crosstie.cli.web import connect_host, require_free
from crosstie.config.environment import Config

PATIENCE = 3.0
_LOCAL = ("localhost", "127.0.0.1", "::1")


def port(config: Config) -> Iterator[Finding]:
    try:
        require_free(config.host, config.port)
    except CommandError as taken:
        if _is_crosstie(config):
            yield Finding.ok("port", f"Crosstie answers on {config.host} port {config.port}.")
        else:
            yield Finding.problem("port", str(taken), "")
        return
    yield Finding.ok("port", f"{config.host} port {config.port} is free.")


def public_url(config: Config) -> Iterator[Finding]:
    parts = urlsplit(config.public_url)
    if config.public_host in _LOCAL:
        yield Finding.warning(
            "public URL",
            f"{config.public_url} is reachable from this machine only.",
            "Set CROSSTIE_PUBLIC_URL before other people use the server.",
        )
        return
    if not config.https:
        advice = "Put a proxy with TLS in front and set CROSSTIE_PUBLIC_URL to its https address."
        yield Finding.warning("public URL", f"{config.public_url} is not encrypted.", advice)
    try:
        number = parts.port or (443 if config.https else 80)
        socket.create_connection((config.public_host, number), timeout=PATIENCE).close()
    except OSError:
        yield Finding.warning(
            "public URL",
            f"{config.public_url} does not answer from here.",
            "Check its name and the proxy in front.",
        )
    else:
        yield Finding.ok("public URL", f"{config.public_url} answers.")


def _is_crosstie(config: Config) -> bool:
    try:
        asked = http.client.HTTPConnection(connect_host(config.host), config.port, timeout=PATIENCE)
        asked.request("GET", "/healthz")
        reply = asked.getresponse()
        return reply.read(100) in (b"ok\n", b"database unreachable\n")
    except (OSError, http.client.HTTPException):
        return False


CHECKS: list[Check] = [port, public_url]
