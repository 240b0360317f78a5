"""How the sandbox reaches those who want to be told: over the loopback interface and nowhere else."""

import ipaddress
import socket
import ssl
from dataclasses import dataclass
from typing import Protocol
from urllib.parse import urlsplit

import httpx2

TIMEOUT = 10.0
"""Seconds Microsoft waits for an answer."""


class Unreachable(Exception):
    """Nobody answered; the message says why."""


@dataclass(frozen=True, slots=True)
class Reply:
    status: int
    content_type: str
    text: str


class Sender(Protocol):
    def __call__(self, url: str, body: bytes, content_type: str) -> Reply:
        """POST; raises Unreachable."""


class LoopbackSender:
    """The real thing, for names and addresses of this machine only."""

    def __call__(self, url: str, body: bytes, content_type: str) -> Reply:
        _check_host(urlsplit(url).hostname or "")
        trusted = ssl.create_default_context()
        with httpx2.Client(timeout=TIMEOUT, verify=trusted, trust_env=False, follow_redirects=False) as client:
            return _post(client, url, body, content_type)


class WsgiSender:
    """Hands everything to an application in this process, whatever the host's name."""

    def __init__(self, client: httpx2.Client) -> None:
        self._client = client

    def __call__(self, url: str, body: bytes, content_type: str) -> Reply:
        return _post(self._client, url, body, content_type)


def _post(client: httpx2.Client, url: str, body: bytes, content_type: str) -> Reply:
    try:
        answer = client.post(url, content=body, headers={"Content-Type": content_type})
    except httpx2.HTTPError as error:
        raise Unreachable(f"{type(error).__name__}: {error}") from error
    return Reply(answer.status_code, answer.headers.get("Content-Type", ""), answer.text)


def _check_host(host: str) -> None:
    try:
        found = {entry[4][0] for entry in socket.getaddrinfo(host, None)}
    except (OSError, UnicodeError) as error:
        raise Unreachable(f"there is no host {host}") from error
    if not all(ipaddress.ip_address(str(address).partition("%")[0]).is_loopback for address in found):
        raise Unreachable(f"{host} is not this machine, and the sandbox reaches no other")
