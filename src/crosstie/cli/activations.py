"""`crosstie activations [RUN] [--start | --again | --cancel]`."""

from argparse import ArgumentParser, Namespace
from typing import TYPE_CHECKING

from crosstie.cli import frame, runs

if TYPE_CHECKING:
    from crosstie.store.models import Scope


def configure(parser: ArgumentParser) -> None:
    parser.add_argument(
        "run", nargs="?", type=int, metavar="RUN", help="number of one of them; else the latest are listed"
    )
    what = parser.add_mutually_exclusive_group()
    what.add_argument("--start", action="store_true", help="activate those whom nothing stands in the way of")
    what.add_argument("--again", action="store_true", help="try those again who were not activated")
    what.add_argument("--cancel", action="store_true", help="leave those as they are who are not active yet")
    parser.add_argument("--tenant", default="", help="name of the tenant, where there are several")
    frame.add_json(parser)


def run(options: Namespace) -> int:
    with frame.server():
        from crosstie.accounts import tenants
        from crosstie.accounts.activation import activation_runs

        scope = tenants.find(options.tenant)
        if options.run is None:
            if options.start or options.again or options.cancel:
                raise frame.CommandError("Say which one: crosstie activations RUN.")
            listed = [activation_runs.progress(scope, one.run_id) for one in activation_runs.recent(scope)]
            text = "\n".join(runs.line(one.run) for one in listed) or "Nobody was activated in this way yet."
            frame.answer(options, [runs.shown(one) for one in listed], text)
            return 0
        _change(options, activation_runs.get(scope, options.run).scope)
        found = activation_runs.progress(scope, options.run)
        frame.answer(options, runs.shown(found), "\n".join([runs.line(found.run), *runs.lines(found)]))
    return 0


def _change(options: Namespace, scope: "Scope") -> None:
    from crosstie.jobs import activations as acts

    if options.start:
        acts.start(scope, options.run)
    elif options.again:
        acts.again(scope, options.run)
    elif options.cancel:
        acts.cancel(scope, options.run)
