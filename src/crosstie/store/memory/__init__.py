"""The ports of the store in plain memory: for simulations, and as the contract's second judge."""

from crosstie.store.memory.backfills import MemoryBackfills
from crosstie.store.memory.journal import MemoryJournal
from crosstie.store.memory.states import MemoryStates
from crosstie.store.memory.vault import MemoryVault
from crosstie.store.memory.world import MemoryOrg

__all__ = ["MemoryBackfills", "MemoryJournal", "MemoryOrg", "MemoryStates", "MemoryVault"]
