"""`sandbox`: serve the vendors on localhost, and steer a sandbox that runs.

Each verb has the shape of Verb: an object below, or a module of its own (`sandbox.load`).
"""

import argparse
import json
import sys
from collections.abc import Mapping
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import httpx2

from sandbox.world import World

if TYPE_CHECKING:
    from sandbox.salesforce.events.service import EventService
    from sandbox.serve import Tls
    from sandbox.world import World

DEFAULT_PORT = 8401
DEFAULT_URL = f"http://127.0.0.1:{DEFAULT_PORT}"


class Problem(Exception):
    """What the person at the terminal has to mend; shown as one sentence."""


class Verb(Protocol):
    """What `sandbox <verb>` needs; a module with these two functions will do."""

    def add_arguments(self, parser: argparse.ArgumentParser) -> None: ...

    def run(self, arguments: argparse.Namespace) -> int:
        """Exit status; raises Problem."""


class Serve:
    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.description = "Serve the vendors until Ctrl-C."
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument("--port", type=int, help=f"default {DEFAULT_PORT}, or 443 with --tls; 0 takes any")
        parser.add_argument("--state", type=Path, metavar="FILE", help="keep the world in this file")
        parser.add_argument("--seed", type=int, default=0, help="decides ids and chances of a new world")
        parser.add_argument("--empty", action="store_true", help="start without the small company")
        parser.add_argument(
            "--callback", action="append", default=[], metavar="URL", help="where its apps may send people back to"
        )
        parser.add_argument(
            "--package", action="append", default=[], type=Path, metavar="FOLDER", help="SFDX source for every org"
        )
        parser.add_argument("--tls", nargs=2, type=Path, metavar=("CERT", "KEY"), help="PEM files")
        parser.add_argument(
            "--events", type=int, metavar="PORT", help="Salesforce's Pub/Sub API here; 0 takes any"
        )
        parser.add_argument(
            "--auto-login", action="store_true", help="login pages take auto=<user name> for a click"
        )

    def run(self, arguments: argparse.Namespace) -> int:
        from sandbox.build import build
        from sandbox.company import found, welcome
        from sandbox.serve import Server, Tls, run
        from sandbox.state import Keeper, UnreadableState, load

        try:
            world = load(arguments.state) if arguments.state else None
        except UnreadableState as error:
            raise Problem(str(error)) from error
        app = build(seed=arguments.seed, world=world, auto_login=arguments.auto_login)
        if world is None and not arguments.empty:
            welcome(app.world, found(app.world, callbacks=arguments.callback))
        for folder in arguments.package:
            _load_package(app.world, folder)
        tls = Tls(*arguments.tls) if arguments.tls else None
        port = arguments.port if arguments.port is not None else (443 if tls else DEFAULT_PORT)
        server = Server(app, host=arguments.host, port=port, tls=tls)
        try:
            server.start()
        except OSError as error:
            raise Problem(f"cannot listen on {arguments.host}:{port}: {error}") from error
        print(f"Sandbox listens on {server.url}", flush=True)
        events = _events(app.world, arguments, tls)
        print(f"Its console is {server.url}/console", flush=True)
        run(server, Keeper(app.world, arguments.state) if arguments.state else None)
        if events:
            events.stop()
        return 0


def _events(world: "World", arguments: argparse.Namespace, tls: "Tls | None") -> "EventService | None":
    """The Pub/Sub API is gRPC, which wants a port of its own; grpc is loaded only where it is asked for."""
    if arguments.events is None:
        return None
    from sandbox.salesforce.events.service import EventService

    pair = (tls.key.read_bytes(), tls.certificate.read_bytes()) if tls else None
    try:
        service = EventService(world, host=arguments.host, port=arguments.events, tls=pair).start()
    except RuntimeError as error:
        raise Problem(f"cannot listen on {arguments.host}:{arguments.events}: {error}") from error
    print(f"Its Pub/Sub API is {service.address}", flush=True)
    return service


def _load_package(world: World, folder: Path) -> None:
    for site in world.orgs.values():
        try:
            site.org.load_package(folder)
        except ValueError as error:
            raise Problem(str(error)) from error


class Faults:
    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.description = "Show, add or clear bad luck; follow a script of it; turn the weather."
        _add_url(parser)
        actions = ("list", "add", "clear", "script", "weather")
        parser.add_argument("action", nargs="?", choices=actions, default="list")
        parser.add_argument(
            "fields",
            nargs="*",
            metavar="FIELD=VALUE",
            help="for add: effect=lose_answer face=salesforce route=composite times=1 status=503 ...; for script: "
            "a JSON file with a list of such faults, each with `after` in seconds; for weather: seed=7 rate=0.05 "
            "kinds=graph.* ..., or off",
        )

    def run(self, arguments: argparse.Namespace) -> int:
        where, body = f"/sandbox/faults/{arguments.action}", None
        if arguments.action == "clear":
            return _show(_call(arguments, "DELETE", "/sandbox/faults"))
        if arguments.action == "list":
            return _show(_call(arguments, "GET", "/sandbox/faults"))
        if arguments.action == "add":
            where, body = "/sandbox/faults", _fields(arguments.fields)
        elif arguments.action == "script":
            body = _read_script(arguments.fields)
        elif arguments.fields != ["off"]:
            body = _fields(arguments.fields)
        return _show(_call(arguments, "POST", where, body))


class Switches:
    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.description = "Show the doubts about the vendors, or turn their answers."
        _add_url(parser)
        parser.add_argument("turn", nargs="*", metavar="NAME=on|off")

    def run(self, arguments: argparse.Namespace) -> int:
        words = {"on": True, "off": False}
        pairs = [text.partition("=") for text in arguments.turn]
        if any(value not in words for _, _, value in pairs):
            raise Problem("say NAME=on or NAME=off")
        if not pairs:
            return _show(_call(arguments, "GET", "/sandbox/switches"))
        turned = {name: words[value] for name, _, value in pairs}
        return _show(_call(arguments, "POST", "/sandbox/switches", turned))


class Requests:
    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.description = "Count the requests that reached a vendor, by face, route and subject."
        _add_url(parser)
        parser.add_argument("--since", type=int, default=0, metavar="N", help="after this running number")
        parser.add_argument("--entries", action="store_true", help="each request, with its body")

    def run(self, arguments: argparse.Namespace) -> int:
        entries = "&entries=1" if arguments.entries else ""
        return _show(_call(arguments, "GET", f"/sandbox/requests?since={arguments.since}{entries}"))


VERBS: Mapping[str, Verb] = {
    "serve": Serve(),
    "faults": Faults(),
    "switches": Switches(),
    "requests": Requests(),
}
_MODULES = {"load": "sandbox.load", "facts": "sandbox.facts"}
"""Verbs whose module is a Verb itself."""


def main(words: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="sandbox", description="Microsoft Graph and Salesforce on localhost.")
    subparsers = parser.add_subparsers(dest="verb", required=True)
    verbs = dict(VERBS) | {name: _module(path) for name, path in _MODULES.items()}
    for name, verb in verbs.items():
        verb.add_arguments(subparsers.add_parser(name))
    arguments = parser.parse_args(words)
    try:
        return verbs[arguments.verb].run(arguments)
    except Problem as problem:
        print(f"sandbox: {problem}", file=sys.stderr)
        return 1


def _module(path: str) -> Verb:
    module: Any = import_module(path)
    verb: Verb = module
    return verb


def _add_url(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--url", default=DEFAULT_URL, help=f"of the running sandbox, default {DEFAULT_URL}")


def _call(arguments: argparse.Namespace, method: str, path: str, body: Any = None) -> Any:
    content = None if method == "GET" else json.dumps(body)
    try:
        answer = httpx2.request(method, arguments.url.rstrip("/") + path, content=content, timeout=30)
    except httpx2.HTTPError as error:
        raise Problem(f"no sandbox answers at {arguments.url}: {error}") from error
    if answer.status_code >= 400:
        raise Problem(answer.json().get("error", answer.text))
    return answer.json()


def _fields(pairs: list[str]) -> dict[str, Any]:
    """`times=2` is a number where JSON reads it as one, and text otherwise."""
    found: dict[str, Any] = {}
    for pair in pairs:
        name, mark, text = pair.partition("=")
        if not mark:
            raise Problem(f"{pair}: say FIELD=VALUE")
        try:
            found[name] = json.loads(text)
        except ValueError:
            found[name] = text
    return found


def _read_script(names: list[str]) -> Any:
    if len(names) != 1:
        raise Problem("name one file with the script")
    try:
        return json.loads(Path(names[0]).read_text())
    except (OSError, ValueError) as error:
        raise Problem(f"{names[0]} cannot be read as JSON: {error}") from error


def _show(answer: Any) -> int:
    print(json.dumps(answer, indent=2, ensure_ascii=False))
    return 0
