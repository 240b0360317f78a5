"""What runs in the box around the program: `inside FOLDER SECONDS [sandbox arguments] -- program ...`."""

import fcntl
import socket
import struct
import subprocess
import sys
import time
from pathlib import Path

_SIOCSIFFLAGS = 0x8914
_UP_AND_RUNNING = 0x1 | 0x40


def main(folder: Path, patience: float, serve: list[str], program: list[str]) -> int:
    subprocess.run(["mount", "--bind", str(folder / "hosts"), "/etc/hosts"], check=True)
    _raise_loopback()
    tls = ("--tls", str(folder / "leaf.pem"), str(folder / "leaf.key"))
    with (folder / "sandbox.log").open("w") as log:
        sandbox = subprocess.Popen(
            [sys.executable, "-m", "sandbox", "serve", *tls, *serve], stdout=log, stderr=subprocess.STDOUT
        )
        try:
            _wait_for_443(sandbox)
            return subprocess.run(program, timeout=patience, check=False).returncode
        finally:
            sandbox.terminate()
            sandbox.wait(timeout=30)


def _raise_loopback() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as handle:
        fcntl.ioctl(handle, _SIOCSIFFLAGS, struct.pack("16sh", b"lo", _UP_AND_RUNNING))


def _wait_for_443(sandbox: "subprocess.Popen[bytes]") -> None:
    for _ in range(600):
        if sandbox.poll() is not None:
            raise SystemExit("the sandbox did not start")
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", 443)) == 0:
                return
        time.sleep(0.1)
    raise SystemExit("the sandbox does not answer")


if __name__ == "__main__":
    cut = sys.argv.index("--")
    raise SystemExit(main(Path(sys.argv[1]), float(sys.argv[2]), sys.argv[3:cut], sys.argv[cut + 1 :]))
