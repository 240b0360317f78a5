"""A look at the other products in an org: once a day, and when somebody asks."""

from datetime import timedelta

from crosstie.accounts.activation import products
from crosstie.accounts.activation.products import Looked
from crosstie.domain.errors import CrosstieError
from crosstie.jobs import wiring
from crosstie.jobs.log import logger
from crosstie.rules.products import findings
from crosstie.store.models import Scope

SPAN = timedelta(days=7)


def look(scope: Scope) -> Looked:
    """One metered call; raises what the org does."""
    house = wiring.get()
    now = house.clock.now()
    seen = house.ports(scope).crm.products(now - SPAN)
    looked = Looked(now, findings(seen), sorted(seen.unseen))
    products.keep(scope, looked)
    return looked


def daily(scope: Scope) -> None:
    """If it is due and the org's calls last for what can wait. One that failed is the next day's."""
    house = wiring.get()
    if not house.ports(scope).crm.has_room() or not products.claim(scope, house.clock.now()):
        return
    try:
        looked = look(scope)
    except CrosstieError as error:
        logger.warning("other products not seen", extra={"org": scope.org_id, "code": error.code})
        return
    for one in looked.findings:
        extra = {"org": scope.org_id, "product": one.product, "sign": one.sign.value}
        logger.warning("another product", extra=extra)
