"""Rules that add nothing, to be added to."""

from collections.abc import Iterable

from sandbox.salesforce.core import Core
from sandbox.salesforce.ids import Id
from sandbox.salesforce.records import Row
from sandbox.salesforce.write import Write


class NoRules:
    def prepare(self, write: Write) -> None:
        pass

    def saved(self, write: Write) -> None:
        pass

    def goes_with(self, core: Core, row: Row) -> Iterable[Id]:
        return ()

    def skips_bin(self, core: Core) -> bool:
        return False

    def removed(self, core: Core, user: Id, row: Row) -> None:
        pass
