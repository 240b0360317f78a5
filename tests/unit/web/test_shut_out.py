"""Whoever may not come with Google any more is out: of a domain that leaves the list, or all, if nobody may."""

from typing import TYPE_CHECKING

from crosstie.accounts.sign_in import workspaces
from crosstie.store.models import AuditRow
from sandbox import company
from tests.unit.web.api.program import of, refused
from tests.unit.web.office import ADA, BEN
from tests.unit.web.test_sign_in_google import LABS, allow, anybodys_client, sign_in, steer

if TYPE_CHECKING:
    from tests.unit.web.office import Office


def test_who_may_not_come_with_google_any_more_is_out(office: "Office") -> None:
    """And so are their programs, until they have come by another way."""
    allow(office, company.DOMAIN, LABS)
    anybodys_client(office)
    office.app.world.switches.turn("google.hd_is_first_domain", True)
    steer(office, "account", address=BEN, workspace=LABS)
    ada, ben = office.browser(), office.browser()
    programs = {who: of(office, who) for who in (ADA, BEN)}
    sign_in(office, ADA, ada)
    sign_in(office, BEN, ben)
    here = office.signed_in(BEN)
    allow(office, company.DOMAIN)
    assert [one.get("/").status_code for one in (ada, ben, here)] == [200, 302, 200]
    assert programs[ADA].get("/me")
    refused(programs[BEN].ask("GET", "/me"), 401, "UNAUTHORIZED")
    row = AuditRow.of(office.scope).filter(action="workspace.allow").order_by("-pk")[0]
    assert row.details == {"domains": [company.DOMAIN], "count": 1}
    office.signed_in(BEN)
    assert programs[BEN].get("/me")
    workspaces.forbid(office.scope, office.house.stores.vault(), office.clock)
    assert [one.get("/").status_code for one in (ada, here)] == [302, 200]
    refused(programs[ADA].ask("GET", "/me"), 401, "UNAUTHORIZED")
