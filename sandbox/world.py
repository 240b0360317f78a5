"""Everything that exists in the sandbox: one store of mailboxes, the Salesforce orgs, and what was seen."""

import random
import threading
from dataclasses import dataclass, field

from sandbox.clock import Clock, SystemClock
from sandbox.faults import Faults
from sandbox.outbox import Outbox
from sandbox.requestlog import RequestLog
from sandbox.switches import Switches


@dataclass(slots=True)
class World:
    clock: Clock = field(default_factory=SystemClock)
    seed: int = 0
    requests: RequestLog = field(default_factory=RequestLog)
    outbox: Outbox = field(default_factory=Outbox)
    faults: Faults = field(default_factory=Faults)
    switches: Switches = field(default_factory=Switches)
    lock: threading.RLock = field(default_factory=threading.RLock)
    dice: random.Random = field(init=False)

    def __post_init__(self) -> None:
        self.dice = random.Random(self.seed)
