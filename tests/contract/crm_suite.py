"""What a CRM connector must do, whatever the org is like: the same cases for each shape of org.

A vendor brings a `Company`: the org, its admin acting in the vendor's own program, and the connector's view of it.
"""

import pytest

from crosstie.domain.records import CONTACT
from crosstie.ports.crm import Crm
from tests.contract.crm_changing import Changing
from tests.contract.crm_company import Company
from tests.contract.crm_events import Events
from tests.contract.crm_linking import Linking
from tests.contract.crm_publishing import Publishing
from tests.contract.crm_reads import Reads
from tests.contract.crm_recorded import Recording
from tests.contract.crm_removal import Removals
from tests.contract.crm_trouble import Troubles
from tests.contract.crm_writes import Writes


class CrmSuite(Reads, Writes, Events, Changing, Linking, Publishing, Recording, Removals, Troubles):
    """Subclasses give the fixture `company`."""

    @pytest.fixture
    def crm(self, company: Company) -> Crm:
        return company.open()

    @pytest.fixture
    def nora(self, company: Company) -> str:
        account = company.add("Account", Name="Birchworks")
        return company.add(
            CONTACT, FirstName="Nora", LastName="Lindqvist", Email="nora@birchworks.test", AccountId=account
        )
