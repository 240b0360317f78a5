"""`crosstie operator add|reset|remove|list`."""

from argparse import ArgumentParser, Namespace
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from crosstie.cli import frame

if TYPE_CHECKING:
    from crosstie.accounts.sign_in.operators import OperatorInfo

NONE = "There is no operator. To make one: crosstie operator add ADDRESS"


def configure(parser: ArgumentParser) -> None:
    verbs = parser.add_subparsers(dest="verb", required=True, metavar="add|reset|remove|list")
    adder = verbs.add_parser("add", help="make somebody a platform admin with a password, and invite them")
    adder.add_argument("--name", default="", help="of a person who is not here yet")
    resetter = verbs.add_parser("reset", help="forget password, second factor and sign-ins, and invite anew")
    remover = verbs.add_parser("remove", help="forget them for good; the person stays")
    for verb in (adder, resetter, remover):
        verb.add_argument("address", metavar="ADDRESS")
    for verb in (adder, resetter, remover, verbs.add_parser("list", help="all of them")):
        verb.add_argument("--tenant", default="", help="name of the tenant, where there are several")
        frame.add_json(verb)


def run(options: Namespace) -> int:
    with frame.server() as config:
        from crosstie.accounts import tenants
        from crosstie.accounts.audit import Actor
        from crosstie.accounts.sign_in import operators
        from crosstie.jobs import wiring

        house, scope, actor = wiring.get(), tenants.find(options.tenant), Actor("cli")
        vault, clock = house.stores.vault(), house.clock
        if options.verb == "add":
            info = operators.add(scope, options.address, options.name, clock, actor)
        elif options.verb == "reset":
            info = operators.reset(scope, options.address, vault, clock, actor)
        elif options.verb == "remove":
            operators.remove(scope, options.address, vault, clock, actor)
            frame.answer(options, {"removed": options.address}, _removed(options.address))
            return 0
        else:
            found = operators.of_tenant(scope)
            frame.answer(options, [_shown(one) for one in found], "\n".join(map(_line, found)) or NONE)
            return 0
        query = urlencode({"operator": info.operator_id, "token": operators.invitation(info.operator_id, clock)})
        link = f"{config.public_url}/operator/welcome?{query}"
        frame.answer(options, _shown(info) | {"invitation": link}, _invited(info, link))
    return 0


def _invited(info: "OperatorInfo", link: str) -> str:
    return (
        f"{info.person.address} is a platform admin, and chooses a password and a second factor here, within a "
        f"day and once:\n{link}\nWhoever opens it first becomes this operator: hand it over by a way you trust."
    )


def _removed(address: str) -> str:
    return (
        f"{address} has no password here any more. The person is still a platform admin and may sign in with "
        f"their company's account; to change that: crosstie people role {address} user"
    )


def _shown(info: "OperatorInfo") -> dict[str, object]:
    return {
        "address": info.person.address,
        "name": info.person.name,
        "enrolled_at": info.enrolled_at,
        "recovery_codes_left": info.codes_left,
    }


def _line(info: "OperatorInfo") -> str:
    state = (
        f"since {info.enrolled_at:%Y-%m-%d}, {info.codes_left} recovery codes" if info.enrolled_at else "invited"
    )
    return f"{info.person.address}  {state}"
