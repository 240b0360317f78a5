"""`crosstie web`."""

import os
import socket
from argparse import ArgumentParser, Namespace

from crosstie.cli import frame
from crosstie.config.environment import Config


def configure(parser: ArgumentParser) -> None:
    parser.add_argument("--host", help="address to listen on (CROSSTIE_HOST)")
    parser.add_argument("--port", type=int, help="port to listen on (CROSSTIE_PORT)")


def run(options: Namespace) -> int:
    with frame.server() as config:
        serve(config, options.host or config.host, options.port or config.port)
    return 0


def serve(config: Config, host: str, port: int) -> None:
    """Until SIGTERM or SIGINT. One process, many threads: more processes are more `crosstie web`."""
    from granian.constants import Interfaces
    from granian.log import LogLevels
    from granian.server import Server

    require_free(host, port)
    os.environ["CROSSTIE_SERVED_BY"] = str(os.getpid())
    Server(
        "crosstie.web.wsgi:application",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        blocking_threads=config.web_threads,
        websockets=False,
        log_level=LogLevels.error,
        workers_kill_timeout=5,
        backlog=1024,
    ).serve()


def connect_host(host: str) -> str:
    """The address by which to reach a server that listens on `host`."""
    return {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104


def require_free(host: str, port: int) -> None:
    try:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        with socket.socket(family, socket.SOCK_STREAM) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((host, port))
    except OSError as error:
        raise frame.CommandError(
            f"Cannot listen on {host} port {port} ({error.strerror}). Choose another with CROSSTIE_PORT."
        ) from error
