"""Money in an org with one currency or several: which a row is in, and what it is worth in another.

Rates stand in CurrencyType rows: units for one unit of the corporate currency, whose own rate is 1.
"""

from sandbox.salesforce.core import Core
from sandbox.salesforce.ids import Id
from sandbox.salesforce.records import Row


def corporate(core: Core) -> str:
    return core.features.corporate_currency


def rate(core: Core, iso_code: str) -> float | None:
    """Of an active currency; None when this org has no such."""
    for row in core.store.table("CurrencyType").rows.values():
        if row.get("IsoCode") == iso_code.upper() and row.get("IsActive"):
            return float(row.get("ConversionRate", 1.0))
    return 1.0 if iso_code.upper() == corporate(core) else None


def of_row(core: Core, row: Row) -> str:
    return str(row.get("CurrencyIsoCode") or corporate(core))


def of_user(core: Core, user: Id) -> str:
    row = core.access.user(user) or {}
    return str(row.get("DefaultCurrencyIsoCode") or corporate(core))


def convert(core: Core, amount: float, source: str, target: str) -> float:
    """At today's rates; a currency without a rate counts as the corporate one."""
    if source == target:
        return amount
    return amount / (rate(core, source) or 1.0) * (rate(core, target) or 1.0)
