"""What a user may see is read to its end, however few rows a page has."""

from crosstie.ports.crm import Mention
from tests.contract.crm_company import LONG_AGO
from tests.contract.salesforce_org import SalesforceCompany, Shape


def test_access_to_many_records_is_answered_whatever_a_page_holds() -> None:
    """A record on the second page was taken for one that the user may not see: no mail was related to it."""
    company = SalesforceCompany(Shape(switches={"salesforce.small_pages": True}))
    org = company.site.org
    accounts = [org.insert(org.admin, "Account", {"Name": f"Account {number}"}) for number in range(9)]
    mentions = [Mention(company.user, (account,), (), LONG_AGO) for account in accounts]
    crm = company.open()
    for _ in range(6):  # how short a page is, dice say
        assert crm.named(mentions) == accounts
    company.close()
