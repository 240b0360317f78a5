"""A house at work, for recording what the vendors answer, and the little a connector needs beside it."""

from collections.abc import Mapping
from datetime import timedelta

from crosstie.domain.access import AuthMode
from crosstie.mailboxes.graph.connection import GraphConnection
from crosstie.salesforce.auth import OrgConnection
from sandbox import company
from tests.clocks import StepClock
from tests.simulation.access import HOST
from tests.simulation.day import LIST, PLAN, deliver, morning
from tests.simulation.house import START, House, Make
from tests.simulation.letters import ADA, BEN, NORA, letter

ORG_CONNECTION = OrgConnection(HOST, AuthMode.CLIENT_CREDENTIALS, company.CRM_CLIENT, company.CRM_SECRET)
TRUSTED = frozenset((HOST,))


def later() -> StepClock:
    """The product's clock when answers are played back: sleeping moves it, nothing else does."""
    return StepClock(START + timedelta(hours=1))


class Memory:
    """Implements ports.remembered.Remembered for one mailbox."""

    def __init__(self, facts: dict[str, str]) -> None:
        self._facts = facts

    def get(self, _mailbox_id: int) -> Mapping[str, str]:
        return dict(self._facts)

    def put(self, _mailbox_id: int, facts: Mapping[str, str]) -> None:
        self._facts.clear()
        self._facts.update(facts)


def house(make: Make | None = None) -> House:
    """With a morning's mail, delivered and not yet synced."""
    found = House(make or Make())
    morning(found)
    files = {"plan.pdf": PLAN[:3000], "list.csv": LIST[:2000]}
    deliver(found, letter("With files", NORA, f"{ADA}, {BEN}", found.clock.now(), files=files))
    return found


def graph_connection(found: House, person: str) -> GraphConnection:
    return GraphConnection(
        found.box(person).address,
        found.company.microsoft_tenant,
        company.GRAPH_CLIENT,
        secret=company.GRAPH_SECRET,
        login_url=HOST,
        graph_url=f"{HOST}/v1.0",
    )
