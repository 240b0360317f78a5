"""The port States on PostgreSQL."""

from contextlib import AbstractContextManager

from django.db import transaction

from crosstie.store.states.base import TAKEOVER, Bound
from crosstie.store.states.directory import DirectoryStates
from crosstie.store.states.items import ItemStates
from crosstie.store.states.leases import LeaseStates
from crosstie.store.states.links import LinkStates
from crosstie.store.states.log import LogStates
from crosstie.store.states.position import PositionStates
from crosstie.store.states.threads import ThreadStates

__all__ = ["TAKEOVER", "Bound", "OrgStates"]


class OrgStates(LeaseStates, ItemStates, ThreadStates, LinkStates, DirectoryStates, LogStates, PositionStates):
    """ports.states.States, bound to one org of one tenant. Every statement names both."""

    def transaction(self) -> AbstractContextManager[None]:
        return transaction.atomic()
