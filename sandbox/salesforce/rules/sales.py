"""What an opportunity's stage says about it, and when a case is closed."""

from datetime import date
from typing import Any, NamedTuple

from sandbox.salesforce.rules.base import NoRules
from sandbox.salesforce.soql.dates import Calendar, calendar_of
from sandbox.salesforce.write import Write


class Stage(NamedTuple):
    probability: float
    category: str
    """As ForecastCategoryName has it."""
    closed: bool = False
    won: bool = False


STAGES = {
    "Prospecting": Stage(10.0, "Pipeline"),
    "Qualification": Stage(10.0, "Pipeline"),
    "Needs Analysis": Stage(20.0, "Pipeline"),
    "Value Proposition": Stage(50.0, "Pipeline"),
    "Id. Decision Makers": Stage(60.0, "Pipeline"),
    "Perception Analysis": Stage(70.0, "Pipeline"),
    "Proposal/Price Quote": Stage(75.0, "Pipeline"),
    "Negotiation/Review": Stage(90.0, "Pipeline"),
    "Closed Won": Stage(100.0, "Closed", closed=True, won=True),
    "Closed Lost": Stage(0.0, "Omitted", closed=True),
}
CATEGORIES = {
    "Omitted": "Omitted",
    "Pipeline": "Pipeline",
    "Best Case": "BestCase",
    "Commit": "Forecast",
    "Closed": "Closed",
}
OTHER = Stage(10.0, "Pipeline")


class OpportunityRules(NoRules):
    def prepare(self, write: Write) -> None:
        draft = write.draft
        stage = STAGES.get(draft.get("StageName") or "", OTHER)
        moved = write.changed("StageName")
        if moved and "Probability" not in write.given:
            draft["Probability"] = stage.probability
        if moved and "ForecastCategoryName" not in write.given:
            draft["ForecastCategoryName"] = stage.category
        if moved and not write.new:
            draft["LastStageChangeDate"] = write.core.now()
        draft["ForecastCategory"] = CATEGORIES[draft.get("ForecastCategoryName") or stage.category]
        draft["IsClosed"], draft["IsWon"] = stage.closed, stage.won
        amount, probability = draft.get("Amount"), draft.get("Probability")
        draft["ExpectedRevenue"] = None
        if amount is not None and probability is not None:
            draft["ExpectedRevenue"] = round(amount * probability / 100, 2)
        fiscal_period(draft, calendar_of(write.core.organization))


def fiscal_period(draft: dict[str, Any], calendar: Calendar) -> None:
    closes = draft.get("CloseDate")
    if isinstance(closes, date):
        year, quarter = calendar.fiscal_year(closes), calendar.fiscal_quarter(closes)
        draft |= {"FiscalYear": year, "FiscalQuarter": quarter, "Fiscal": f"{year} {quarter}"}


class CaseRules(NoRules):
    def prepare(self, write: Write) -> None:
        draft = write.draft
        if write.new:
            draft["CaseNumber"] = f"{len(write.core.store.table('Case').rows) + 1001:08d}"
        draft["IsClosed"] = draft.get("Status") == "Closed"
        if not draft["IsClosed"]:
            draft["ClosedDate"] = None
        elif write.changed("IsClosed"):
            draft["ClosedDate"] = write.core.now()
        contact = write.core.row(draft.get("ContactId"))
        if contact is not None:
            draft["ContactEmail"] = contact.get("Email")
            draft["ContactPhone"] = contact.get("Phone")
            draft["ContactMobile"] = contact.get("MobilePhone")
            draft["ContactFax"] = contact.get("Fax")
            if write.new and "AccountId" not in write.given:
                write.default("AccountId", contact.get("AccountId"))
