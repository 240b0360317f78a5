"""The vendors in a box: a namespace where their own names lead to a sandbox on 443, with an authority of its own.

Nothing in the box has a base address set, and nothing can leave it. A program in it is a child process:

    box = Box.make(folder)
    answer = box.run("python", "-m", "pytest", "tests/clients/o365_mail.py")

The sandbox serves its small company (`Box.serve` has its arguments) and ends with the program.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from tests.clients.authority import issue
from tests.places import ROOT

VENDORS = (
    "graph.microsoft.com", "login.microsoftonline.com", "outlook.office.com", "outlook.office365.com",
    "login.salesforce.com", "test.salesforce.com", "larch.my.salesforce.com", "api.pubsub.salesforce.com",
    "gmail.googleapis.com", "www.googleapis.com", "people.googleapis.com", "tasks.googleapis.com",
    "oauth2.googleapis.com", "openidconnect.googleapis.com", "accounts.google.com",
)  # fmt: skip
OURS = ("localhost", "crosstie.test")
NATIVE = "https://login.microsoftonline.com/common/oauth2/nativeclient"
"""Where Microsoft sends the users of programs without a page of their own."""


@lru_cache(maxsize=1)
def lacking() -> str | None:
    """Why this machine cannot have a box, or None."""
    if shutil.which("unshare") is None or shutil.which("mount") is None:
        return "unshare or mount is missing (util-linux)"
    tried = subprocess.run([*_unshare(), "true"], capture_output=True, text=True, check=False)
    return None if tried.returncode == 0 else f"the machine forbids namespaces: {tried.stderr.strip()}"


def _unshare() -> list[str]:
    """Who is not root becomes root of a user namespace, where the kernel allows that."""
    return ["unshare", "-m", "-n"] if os.geteuid() == 0 else ["unshare", "-r", "-m", "-n"]


@dataclass(frozen=True, slots=True)
class Box:
    folder: Path
    """Certificates, the hosts file, and the sandbox's log."""
    serve: tuple[str, ...] = ("--auto-login", "--callback", NATIVE)

    @classmethod
    def make(cls, folder: Path, *names: str, serve: Sequence[str] | None = None) -> "Box":
        """`names` are further hosts that shall lead into the box."""
        hosts = (*VENDORS, *OURS, *names)
        issue(folder, hosts)
        lines = ["127.0.0.1 localhost", "::1 localhost", *(f"127.0.0.1 {host}" for host in hosts)]
        (folder / "hosts").write_text("\n".join(lines) + "\n")
        return cls(folder) if serve is None else cls(folder, tuple(serve))

    @property
    def environment(self) -> dict[str, str]:
        trusted = str(self.folder / "ca.pem")
        names = (
            "SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "HTTPLIB2_CA_CERTS", "NODE_EXTRA_CA_CERTS",
            "GRPC_DEFAULT_SSL_ROOTS_FILE_PATH",
        )  # fmt: skip
        kept = {name: value for name, value in os.environ.items() if not name.lower().endswith("_proxy")}
        ours = {"PYTHONPATH": f"{ROOT / 'src'}{os.pathsep}{ROOT}", "BOX": str(self.folder)}
        return kept | dict.fromkeys(names, trusted) | ours

    def run(
        self, *command: str, timeout: float = 120, more: Mapping[str, str] | None = None
    ) -> subprocess.CompletedProcess[str]:
        """The program's exit status and what it wrote; TimeoutExpired after `timeout` seconds."""
        inside = [sys.executable, "-m", "tests.clients.inside", str(self.folder), str(timeout), *self.serve]
        return subprocess.run(
            [*_unshare(), *inside, "--", *command],
            env=self.environment | dict(more or {}),
            cwd=ROOT,
            text=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            timeout=timeout + 60,
            check=False,
        )

    def judge(self, module: str, *arguments: str, timeout: float = 120) -> None:
        """Runs a file of tests of this folder in the box; its report is the message when one fails."""
        path = str(Path(__file__).parent.relative_to(ROOT) / f"{module}.py")
        command = (
            sys.executable,
            "-m",
            "pytest",
            "-q",
            "--tb=short",
            "-n",
            "0",
            "-p",
            "no:cacheprovider",
            path,
            *arguments,
        )
        answer = self.run(*command, timeout=timeout)
        log = (self.folder / "sandbox.log").read_text()
        assert answer.returncode == 0, f"{answer.stdout}\nthe sandbox said:\n{log}"
