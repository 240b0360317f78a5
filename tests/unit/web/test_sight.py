"""The page Mail shows the way to a record to those who may read it."""

from typing import TYPE_CHECKING

import pytest

from sandbox.faults import Fault
from sandbox.salesforce.sharing import OrgDefault
from tests.unit.web.office import ADA, BEN
from tests.unit.web.test_pages import text

if TYPE_CHECKING:
    from tests.unit.web.office import Office

SENDER = "nora@birchworks.test"
PRIVATE: dict[str, OrgDefault] = {
    "Account": "private",
    "Contact": "parent",
    "Opportunity": "private",
    "Task": "private",
}


def shared(office: "Office") -> None:
    """A mail that Ada and Ben have got; its record is about a customer of Ada's."""
    office.sync()
    for address in (ADA, BEN):
        office.mail("Drawings", SENDER, address, shown=f"{ADA}, {BEN}")
    for _ in range(2):
        office.clock.pass_time(3600)
        office.sync()


@pytest.mark.parametrize("private", [False, True])
def test_a_record_that_a_colleague_may_not_read_is_not_shown_to_them(office: "Office", private: bool) -> None:
    org = office.company.site.org
    org.setup.org_defaults(PRIVATE if private else {})
    shared(office)
    assert "Open in Salesforce" in text(office.signed_in(ADA), "/mail")
    page = text(office.signed_in(BEN), "/mail")
    assert "Already in Salesforce" in page
    (record,) = org.query(org.admin, "SELECT Id FROM EmailMessage").records
    assert (record["Id"] in page) is not private
    assert ("Take it out of Salesforce" in page) is not private


def test_an_org_out_of_reach_keeps_nobody_from_the_page(office: "Office") -> None:
    office.company.site.org.setup.org_defaults(PRIVATE)
    shared(office)
    browser = office.signed_in(BEN)
    office.clock.pass_time(5 * 3600)
    office.app.world.faults.add(Fault("refuse", "salesforce", status=503, times=9))
    assert "Already in Salesforce" in text(browser, "/mail")
