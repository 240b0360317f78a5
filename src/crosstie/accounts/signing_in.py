"""Who may come in: the org that a person signs in to, and the person that a Salesforce user is."""

from urllib.parse import urlsplit

from crosstie.accounts import checks, orgs, people, words
from crosstie.accounts.orgs import OrgInfo
from crosstie.accounts.people import PersonInfo
from crosstie.accounts.words import Unacceptable
from crosstie.store.models import Org, OrgState


def needs_company() -> bool:
    """Whether several orgs are connected, so that a person has to say which. Their names are nobody's business."""
    return Org.everywhere().exclude(state=OrgState.DISABLED).count() > 1


def find_org(company: str = "") -> OrgInfo:
    """The only org there is, or the one that `company` names: by its label, its tenant or its My Domain."""
    rows = list(Org.everywhere().exclude(state=OrgState.DISABLED).select_related("tenant"))
    if not rows:
        raise Unacceptable(words.NOT_CONNECTED)
    if len(rows) > 1:
        wanted = company.strip().casefold()
        if not wanted:
            raise Unacceptable(words.COMPANY_MISSING)
        rows = [row for row in rows if wanted in _names(row)]
    if len(rows) != 1:
        raise Unacceptable(words.COMPANY_UNKNOWN)
    return orgs.get(rows[0].pk)


def who(org: OrgInfo, crm_org_id: str, crm_user_id: str) -> PersonInfo:
    """The person of this very org; a user of another org is nobody, whoever has the same id there."""
    if checks.record_id(crm_org_id, "00D", words.ORG_ID_BAD) != org.details.crm_org_id:
        raise Unacceptable(words.SIGN_IN_OTHER_ORG)
    found = people.by_crm_user(org.scope, crm_user_id)
    if found is None:
        raise Unacceptable(words.SIGN_IN_UNKNOWN)
    return found


def _names(row: Org) -> set[str]:
    hosts = (urlsplit(url).hostname or "" for url in (row.login_url, row.instance_url))
    domains = {host.partition(".")[0] for host in hosts if ".my.salesforce." in host}
    return {name.casefold() for name in (row.label, row.tenant.name, *domains) if name}
