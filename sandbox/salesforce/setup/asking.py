"""What decides how queries read an org: list views, currencies, the fiscal year."""

from collections.abc import Mapping, Sequence

from sandbox.salesforce.ids import Id
from sandbox.salesforce.listviews import Definition
from sandbox.salesforce.setup.base import SetupBase


class AskingSetup(SetupBase):
    def list_view(
        self,
        object: str,
        name: str,
        columns: Sequence[str],
        label: str = "",
        where: str = "",
        scope: str = "everything",
        order: str = "",
    ) -> Id:
        """A public list view: `where` is a SOQL condition, `order` a field and ASC or DESC."""
        definition = Definition(tuple(columns), where, scope, order)
        return self._list_views.define(self._admin, self._shape(object).name, name, label or name, definition)

    def currencies(self, rates: Mapping[str, float]) -> None:
        """Several currencies from now on: units of each for one of the corporate currency, which needs no rate."""
        strange = [name for name, rate in rates.items() if len(name) != 3 or not name.isupper() or rate <= 0]
        if strange:
            raise ValueError(f"no currency with a rate above 0: {', '.join(strange)}")
        core, corporate = self._core, self._core.features.corporate_currency
        core.features.multi_currency = True
        known = {row["IsoCode"]: row for row in core.store.table("CurrencyType").rows.values()}
        for iso_code, rate in {corporate: 1.0, **rates}.items():
            if iso_code in known:
                core.change("CurrencyType", known[iso_code], {"ConversionRate": rate}, stamp=core.now())
                continue
            facts = {"IsoCode": iso_code, "ConversionRate": rate, "DecimalPlaces": 2, "IsActive": True}
            facts["IsCorporate"] = iso_code == corporate
            core.put_new("CurrencyType", facts, self._admin, core.now())

    def fiscal_year(self, start_month: int, named_by_start: bool = False) -> None:
        """A fiscal year begins with this month, and is called by the year it ends in unless said otherwise."""
        if not 1 <= start_month <= 12:
            raise ValueError(f"a year has no month {start_month}")
        facts = {"FiscalYearStartMonth": start_month, "UsesStartDateAsFiscalYearName": named_by_start}
        self._core.change("Organization", self._core.organization, facts, stamp=self._core.now())
