"""What the user we act as may do in all of the org, and which org it is.

UserPermissionAccess answers with what profile, permission sets and their groups come to for whoever asks. Which
permissions it knows depends on the org's edition and features, so it is described first.
https://developer.salesforce.com/docs/atlas.en-us.248.0.sfFieldRef.meta/sfFieldRef/salesforce_field_reference_UserPermissionAccess.htm
"""

from crosstie.domain.errors import Retry
from crosstie.domain.preflight import OrgAbout, Right, Rights
from crosstie.salesforce import soql
from crosstie.salesforce.client import Client, query_part, rows
from crosstie.salesforce.describe import fields_of

ACCESS = "UserPermissionAccess"
PREFIX = "Permissions"


def look(client: Client) -> Rights:
    shown = fields_of(client, ACCESS)
    asked = [right for right in Right if PREFIX + right in shown]
    unseen = frozenset(Right) - frozenset(asked)
    if not asked:
        return Rights(frozenset(), unseen)
    question = soql.Select(ACCESS, tuple(PREFIX + right for right in asked), soql.ALL, limit=1)
    (answer,), _ = client.composite("rights", [query_part(soql.render(question))])
    found = rows(answer)
    if not found:
        return Rights(frozenset(), frozenset(Right))
    return Rights(frozenset(right for right in asked if found[0].get(PREFIX + right) is True), unseen)


def about(client: Client) -> OrgAbout:
    question = soql.Select("Organization", ("Name", "IsSandbox"), soql.ALL, limit=1)
    (answer,), _ = client.composite("rights", [query_part(soql.render(question))])
    found = rows(answer)
    if not found:
        raise Retry("CRM-ANSWER", "an org that does not tell its name")
    return OrgAbout(str(found[0].get("Name") or ""), found[0].get("IsSandbox") is True)
