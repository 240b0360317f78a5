"""A process that lives histories in the tree it stands in: `python -m bench.mutation.lives ASKED ANSWERS`."""

import sys

from bench.mutation.watch import watched


def main(asked_of: str, answers: str) -> None:
    """`what`: name and the CPU it may take. Ends with the first that is not as people meant it, unless watched."""
    with watched(asked_of, answers) as (asked, watch):
        from tests.simulation.campaign import run_some

        watch.ready()
        for name, limit in asked["what"]:
            kind, seed = name.split()
            watch.begin(name, limit)
            figures = run_some([int(seed)], of=(kind,))
            said = figures.violations[0] if figures.violations else ""
            watch.end(name, said, figures.seconds)
            if said and not watch.coverage:
                return


if __name__ == "__main__":
    main(*sys.argv[1:])
