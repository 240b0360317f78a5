"""Everything that exists in the sandbox: one store of mailboxes, the Salesforce orgs, and what was seen."""

import random
import threading
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sandbox import copier
from sandbox.clock import Clock, SystemClock
from sandbox.faults import Fault, Faults
from sandbox.google.accounts import Google
from sandbox.graph.entra import Directory
from sandbox.graph.subscriptions.book import Book
from sandbox.mailboxes.store import MailboxStore
from sandbox.outbox import Outbox
from sandbox.requestlog import RequestLog
from sandbox.signing import Signing
from sandbox.switches import Switches

if TYPE_CHECKING:
    from sandbox.http import Unfinished
    from sandbox.salesforce.site import Site


@dataclass(slots=True)
class World:
    clock: Clock = field(default_factory=SystemClock)
    seed: int = 0
    requests: RequestLog = field(default_factory=RequestLog)
    outbox: Outbox = field(default_factory=Outbox)
    faults: Faults = field(init=False)
    switches: Switches = field(default_factory=Switches)
    mailboxes: MailboxStore = field(init=False)
    microsoft: Directory = field(init=False)
    """Microsoft's tenants, registered apps and tokens; their users are the mailboxes of `mailboxes`."""
    google: Google = field(init=False)
    """Google's accounts and Workspaces, and the clients that people sign in to with them."""
    subscriptions: Book = field(init=False)
    """Who wants to be told of changes in the mailboxes."""
    orgs: dict[str, "Site"] = field(default_factory=dict)
    """Salesforce orgs by their 18-character id."""
    signing: Signing = field(default_factory=lambda: Signing("Salesforce", timedelta(days=180), "number"))
    """Salesforce's keys, which all orgs share."""
    unfinished: list["Unfinished"] = field(default_factory=list)
    """Requests whose client heard nothing and which the vendor will carry out later."""
    changes: int = 0
    """Requests that may have changed something; what is on disk is stale when this has moved."""
    auto_login: bool = False
    """Vendors' login pages take `auto=<user name>` for an answer, so that no person need click."""
    lock: threading.RLock = field(default_factory=threading.RLock)
    dice: random.Random = field(init=False)

    def __post_init__(self) -> None:
        self.dice = random.Random(self.seed)
        self.faults = Faults(self.clock)
        own_dice = random.Random(f"{self.seed}:mailboxes")
        self.mailboxes = MailboxStore(self.clock, own_dice, self.outbox, self.switches)
        self.microsoft = Directory(self.clock, random.Random(f"{self.seed}:microsoft"))
        self.google = Google(self.clock, random.Random(f"{self.seed}:google"))
        self.subscriptions = Book(random.Random(f"{self.seed}:subscriptions"))

    def trouble(self, fault: Fault) -> None:
        """What befalls the vendor rather than the request: it is slow, or has forgotten who is signed in."""
        if fault.effect == "slow":
            self.clock.pass_time(fault.delay)
        elif fault.effect == "expire":
            self.microsoft.end_tokens()
            self.google.end_tokens()
            for site in self.orgs.values():
                site.tokens.end_sessions()

    def catch_up(self) -> None:
        """What others in the orgs meant to do by now happens."""
        for site in self.orgs.values():
            site.org.catch_up()
            copier.run(self, site.org)

    def __getstate__(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in self.__slots__ if name != "lock"}

    def __setstate__(self, state: dict[str, Any]) -> None:
        """ValueError for a world that another version of the sandbox has left."""
        if set(state) != {name for name in self.__slots__ if name != "lock"}:
            raise ValueError("this world was left by another version of the sandbox")
        for name, value in state.items():
            setattr(self, name, value)
        self.lock = threading.RLock()
