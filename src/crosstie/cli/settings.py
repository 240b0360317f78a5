"""`crosstie settings get|set|unset`."""

from argparse import ArgumentParser, Namespace
from dataclasses import asdict
from typing import TYPE_CHECKING

from crosstie.cli import frame, levels

if TYPE_CHECKING:
    from crosstie.accounts.layers import Place
    from crosstie.accounts.settings import Explanation
    from crosstie.store.models import Scope


def configure(parser: ArgumentParser) -> None:
    verbs = parser.add_subparsers(dest="verb", required=True, metavar="get|set|unset")
    reader = verbs.add_parser("get", help="one setting or all, with where each value comes from")
    reader.add_argument("name", nargs="?", default="")
    writer = verbs.add_parser("set", help="set a value for everybody, a profile or a person")
    writer.add_argument("name")
    writer.add_argument("value", help="lists are separated by commas")
    writer.add_argument("--lock", action="store_true", help="nobody below may change it")
    taker = verbs.add_parser("unset", help="take a level's own value away")
    taker.add_argument("name")
    for verb in (reader, writer, taker):
        levels.add_arguments(verb)
        frame.add_json(verb)


def run(options: Namespace) -> int:
    with frame.server():
        found = _carry_out(options, *levels.chosen(options))
        text = "\n".join(f"{one.name} = {one.shown}    {one.sentence}" for one in found)
        frame.answer(options, [asdict(one) for one in found], text)
    return 0


def _carry_out(options: Namespace, scope: "Scope", place: "Place") -> "list[Explanation]":
    from crosstie.accounts import settings
    from crosstie.domain.clock import SystemClock

    if options.verb == "set":
        return [settings.put(scope, place, options.name, options.value, SystemClock(), locked=options.lock)]
    if options.verb == "unset":
        return [settings.unset(scope, place, options.name, SystemClock())]
    if options.name:
        return [settings.explain(scope, place, options.name)]
    return list(settings.explain_all(scope, place))
