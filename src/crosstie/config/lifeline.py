"""Start a program that cannot outlive its parent. Run as a file by `command`; imports nothing of ours.

Between fork and exec it leaves root's identity where asked (PostgreSQL refuses to run as root), then asks the
kernel for a signal when the parent is gone. Both are done here and not in the parent because what runs in a
forked copy of a threaded process is not safe. Linux only; elsewhere the program just runs.
"""

import argparse
import ctypes
import os
import pwd
import signal
import sys

CLONE_NEWUSER = 0x10000000
PR_SET_PDEATHSIG = 1
REFUSED = 71
"""Exit status when the kernel forbids user namespaces (EX_OSERR)."""


def command(
    argv: list[str], *, death: signal.Signals = signal.SIGTERM, identity: str = "same", tied: bool = True
) -> list[str]:
    """`argv` in its wrapping.

    `identity`: "same", "namespace" (an unmapped user namespace: not root to itself, still root's files),
    or the name of a user. `death` reaches the program when this process ends, however it ends.
    """
    parent = str(os.getpid()) if tied else "0"
    options = ["--parent", parent, "--death", str(int(death)), "--identity", identity]
    return [sys.executable, "-I", "-S", __file__, *options, "--", *argv]


def die_with_parent(death: signal.Signals = signal.SIGTERM) -> None:
    """From now on this process receives `death` when the thread that started it ends."""
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, int(death), 0, 0, 0)


def _become(identity: str) -> None:
    if identity == "same":
        return
    if identity == "namespace":
        if ctypes.CDLL(None, use_errno=True).unshare(CLONE_NEWUSER):
            raise SystemExit(REFUSED)
        return
    user = pwd.getpwnam(identity)
    os.setgroups([])
    os.setgid(user.pw_gid)
    os.setuid(user.pw_uid)


def _main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--parent", type=int, required=True)
    parser.add_argument("--death", type=int, required=True)
    parser.add_argument("--identity", required=True)
    parser.add_argument("argv", nargs="+")
    options = parser.parse_args()
    _become(options.identity)
    if options.parent:
        die_with_parent(signal.Signals(options.death))
        if os.getppid() != options.parent:  # it ended before we could ask
            raise SystemExit(0)
    try:
        os.execv(options.argv[0], options.argv)  # noqa: S606
    except OSError as error:
        sys.exit(f"{options.argv[0]}: {error.strerror}")


if __name__ == "__main__":
    _main()
