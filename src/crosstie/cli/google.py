"""`crosstie google allow|forbid|show`: with which Google Workspace a tenant's people sign in."""

import sys
from argparse import ArgumentParser, Namespace
from getpass import getpass
from typing import TYPE_CHECKING

from crosstie.cli import frame

if TYPE_CHECKING:
    from crosstie.accounts.sign_in.workspaces import Workspace

NOBODY = "Nobody signs in with Google. To let people: crosstie google allow DOMAIN... --client-id ID"


def configure(parser: ArgumentParser) -> None:
    verbs = parser.add_subparsers(dest="verb", required=True, metavar="allow|forbid|show")
    allower = verbs.add_parser(
        "allow",
        help="let people of these Workspace domains in, and of no others; the secret is read from the input",
    )
    allower.add_argument("domains", nargs="+", metavar="DOMAIN")
    allower.add_argument("--client-id", required=True, metavar="ID", help="of the OAuth client in Google Cloud")
    for verb in (allower, verbs.add_parser("forbid", help="let nobody in with Google"), verbs.add_parser("show")):
        verb.add_argument("--tenant", default="", help="name of the tenant, where there are several")
        frame.add_json(verb)


def run(options: Namespace) -> int:
    with frame.server() as config:
        from crosstie.accounts import tenants
        from crosstie.accounts.audit import Actor
        from crosstie.accounts.sign_in import workspaces
        from crosstie.jobs import wiring

        house, scope, actor = wiring.get(), tenants.find(options.tenant), Actor("cli")
        vault = house.stores.vault()
        if options.verb == "allow":
            given = workspaces.Workspace(tuple(options.domains), options.client_id)
            workspaces.allow(scope, given, _secret(), vault, house.clock, actor)
        elif options.verb == "forbid":
            workspaces.forbid(scope, vault, house.clock, actor)
        found = workspaces.of_tenant(scope)
        callback = f"{config.public_url}/sign-in/google/callback"
        frame.answer(options, _shown(found, callback), _said(found, callback))
    return 0


def _secret() -> str:
    """Never an argument: those are seen by everybody on the machine. Empty keeps the one that is known."""
    if sys.stdin.isatty():
        return getpass("Client secret (empty keeps the one that is known): ").strip()
    return sys.stdin.readline().strip()


def _shown(found: "Workspace | None", callback: str) -> dict[str, object]:
    return {
        "domains": list(found.domains) if found else [],
        "client_id": found.client_id if found else "",
        "redirect_uri": callback,
    }


def _said(found: "Workspace | None", callback: str) -> str:
    if found is None:
        return NOBODY
    return (
        f"People of {', '.join(found.domains)} sign in with Google, by the client {found.client_id}.\n"
        f"It needs the redirect address {callback}"
    )
