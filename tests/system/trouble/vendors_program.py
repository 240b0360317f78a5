"""The sandbox as a process of its own, with a company of as many people as a test needs: PORT PEOPLE."""

import sys

from sandbox.build import build
from sandbox.company import PEOPLE, found
from sandbox.serve import Server, run


def main(port: int, count: int) -> None:
    more = [(f"p{number}", f"Pat {number}", "Larch", ()) for number in range(len(PEOPLE), count)]
    app = build()
    found(app.world, people=[*PEOPLE, *more][:count])
    server = Server(app, port=port).start()
    print("ready", flush=True)
    run(server, None)


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
