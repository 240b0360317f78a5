"""Somebody whom Salesforce has proven is looked up in their org, as the org itself, and given an account."""

from crosstie.accounts import words
from crosstie.accounts.connection.orgs import OrgInfo
from crosstie.accounts.people import PersonInfo
from crosstie.accounts.sign_in import registering, registering_words
from crosstie.accounts.sign_in.signing_in import Way
from crosstie.accounts.words import Unacceptable
from crosstie.domain.activation import CrmUser
from crosstie.domain.errors import CrosstieError
from crosstie.jobs import wiring


def meet(org: OrgInfo, crm_user_id: str) -> CrmUser:
    """Who it is, and that they may have an account. One call to Salesforce; raises Unacceptable."""
    found, ourselves = _look(org, crm_user_id)
    return registering.check(org, crm_user_id, found, ourselves)


def register(org: OrgInfo, crm_user_id: str) -> PersonInfo:
    """Raises Unacceptable, and then nobody was added."""
    found, ourselves = _look(org, crm_user_id)
    user = registering.check(org, crm_user_id, found, ourselves)
    return registering.register(org, user, ourselves, wiring.get().clock)


def _look(org: OrgInfo, crm_user_id: str) -> tuple[CrmUser | None, str]:
    try:
        crm = wiring.get().crm.open(org.org_id)
        found = crm.users([crm_user_id])
        return next((user for user in found if user.user_id == crm_user_id), None), crm.ourselves()
    except CrosstieError as error:
        if not registering.is_open(org):
            raise Unacceptable(words.SIGN_IN_UNKNOWN, vendor=Way.SALESFORCE.vendor) from error
        raise Unacceptable(registering_words.REGISTER_AWAY) from error
