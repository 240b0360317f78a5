"""The CRM suite, run over every shape of org the sandbox can take."""

from collections.abc import Iterator

import pytest

from tests.contract.crm_events import KeyedEvents, UnkeyedEvents
from tests.contract.crm_suite import CrmSuite
from tests.contract.crm_writes import KeyedWrites, MailWrites, UnkeyedWrites
from tests.contract.salesforce_org import TURNED, SalesforceCompany, Shape


class OrgSuite(CrmSuite):
    shape = Shape()

    @pytest.fixture
    def company(self) -> Iterator[SalesforceCompany]:
        company = SalesforceCompany(self.shape)
        yield company
        company.close()


class TestKeyedOrg(OrgSuite, KeyedEvents, KeyedWrites, MailWrites):
    pass


class TestOrgThatAnswersTheOtherWay(OrgSuite, KeyedEvents, KeyedWrites, MailWrites):
    shape = Shape(switches=TURNED)


class TestUnkeyedOrg(OrgSuite, UnkeyedEvents, UnkeyedWrites, MailWrites):
    shape = Shape(keyed=False)


class TestUnkeyedOrgThatAnswersTheOtherWay(OrgSuite, UnkeyedEvents, UnkeyedWrites, MailWrites):
    shape = Shape(keyed=False, switches=TURNED)


class TestOrgWithTasksOnly(OrgSuite, KeyedEvents, KeyedWrites):
    shape = Shape(enhanced_email=False, shared_activities=False)


class TestUnkeyedOrgWithTasksOnly(OrgSuite, UnkeyedEvents, UnkeyedWrites):
    shape = Shape(keyed=False, enhanced_email=False, shared_activities=False)
