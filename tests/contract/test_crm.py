"""The CRM suite, run over every shape of org the sandbox can take; and what is promised of Salesforce beside it."""

from collections.abc import Iterator

import pytest

from tests.contract.crm_suite import CrmSuite
from tests.contract.salesforce_org import SalesforceCompany, Shape

TURNED = {
    "salesforce.files_in_graph": False,
    "salesforce.long_soql_in_composite": False,
    "salesforce.locator_in_composite": False,
    "salesforce.duplicate_names_holder": False,
    "salesforce.length_in_utf16": True,
    "salesforce.lowercases_email": False,
    "salesforce.unordered_is_shuffled": True,
    "salesforce.wide_rows_short_pages": True,
}
"""Every doubt answered the other way."""


class OrgSuite(CrmSuite):
    shape = Shape()

    @pytest.fixture
    def company(self) -> Iterator[SalesforceCompany]:
        company = SalesforceCompany(self.shape)
        yield company
        company.close()


class TestKeyedOrg(OrgSuite):
    pass


class TestOrgThatAnswersTheOtherWay(OrgSuite):
    shape = Shape(switches=TURNED)


class TestUnkeyedOrg(OrgSuite):
    shape = Shape(keyed=False)


class TestUnkeyedOrgThatAnswersTheOtherWay(OrgSuite):
    shape = Shape(keyed=False, switches=TURNED)


class TestOrgWithTasksOnly(OrgSuite):
    shape = Shape(enhanced_email=False, shared_activities=False)


class TestUnkeyedOrgWithTasksOnly(OrgSuite):
    shape = Shape(keyed=False, enhanced_email=False, shared_activities=False)
