"""More people for the small company: some can be activated, some cannot, each for another reason."""

from dataclasses import dataclass
from typing import Any

from crosstie.accounts.activation import activation_runs, lists, outcomes
from crosstie.accounts.activation.activation_runs import Progress, RunInfo
from crosstie.jobs import activations as acts
from crosstie.store.models import Mailbox
from sandbox import company
from tests.unit.web.office import ADA, BEN, CLEO, Office

DORA, EMIL, FINN, GUS, HAL = (f"{name}@larch.test" for name in ("dora", "emil", "finn", "gus", "hal"))
STRAY = "ivo@larch.test"
KINDS = {
    outcomes.ALREADY: 2,
    outcomes.OURSELVES: 1,
    outcomes.NO_MAILBOX: 3,
    outcomes.DENIED: 1,
    outcomes.SEVERAL: 1,
}
"""Of everybody who is an active user: Dora and the integration user have no mailbox, Emil's has no licence."""


@dataclass
class Staff:
    office: Office

    def hire(self, address: str, *, mailbox: bool = True, licensed: bool = True, users: int = 1) -> None:
        first = address.partition("@")[0].capitalize()
        org, world = self.office.company.site.org, self.office.app.world
        for number in range(users):
            org.add_user(
                address, first, "Stone", Username=f"{number}.{address}", CommunityNickname=f"{first}{number}"
            )
        if mailbox:
            world.mailboxes.add_mailbox(address, f"{first} Stone").licensed = licensed

    def restrict(self, *addresses: str) -> None:
        self.office.app.world.microsoft.apps[company.GRAPH_CLIENT].only_mailboxes = frozenset(addresses)

    def everybody(self, **given: Any) -> RunInfo:
        return acts.of_users(self.office.org.scope, **given)

    def file(self, text: str, **given: Any) -> RunInfo:
        return acts.of_file(self.office.org.scope, "list.csv", lists.read(text.encode()), **given)

    def work(self, run: RunInfo, most: int = 40) -> Progress:
        """As a worker would, to the end."""
        for _ in range(most):
            acts.work(str(run.run_id))
        return activation_runs.progress(run.scope, run.run_id)

    def boxes(self) -> list[str]:
        rows = Mailbox.of(self.office.scope).exclude(state="disabled").order_by("address")
        return list(rows.values_list("address", flat=True))

    @classmethod
    def of(cls, office: Office) -> "Staff":
        made = cls(office)
        made.hire(DORA, mailbox=False)
        made.hire(EMIL, licensed=False)
        made.hire(FINN)
        made.hire(HAL, users=2)
        made.restrict(ADA, BEN, CLEO, EMIL, GUS, HAL)
        return made
