"""What was found of other products in an org, and the sentences that say it. Names of apps are not kept."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from crosstie.domain.products import Finding, Sign, Unseen
from crosstie.domain.speech import noted, say
from crosstie.rules.products import BY_CODE, UNKNOWN, Product
from crosstie.store.models import OrgLook, Scope
from crosstie.store.sql import bound, rows

EVERY = timedelta(days=1)
_CLAIM = """
    INSERT INTO store_orglook (tenant_id, org_id, claimed_at, findings, unseen)
    VALUES (%(tenant)s, %(org)s, %(now)s, '[]', '[]')
    ON CONFLICT (org_id) DO UPDATE SET claimed_at = EXCLUDED.claimed_at
    WHERE store_orglook.tenant_id = %(tenant)s
      AND COALESCE(store_orglook.claimed_at, store_orglook.looked_at, %(before)s) <= %(before)s
    RETURNING id
"""
SIGNS = {
    Sign.SIGNS_IN: noted("It has signed in {count} times within a week{app}."),
    Sign.HOLDS: noted("It holds the access of {count} people and has used it within a week{app}."),
    Sign.FILLS: noted("Fields of its package {namespace} were filled on {count} records after us{app}."),
    Sign.CHANGES: noted("It signs in again and again, and has changed {count} records after we wrote them{app}."),
    Sign.MANAGES: noted("Salesforce says that {count} Events are kept by it."),
}
UNSEEN = {
    Unseen.SIGN_INS: noted(
        "Others' sign-ins are kept from the user we act as: give it the permission Manage Users, or look at Login "
        "History yourself."
    ),
    Unseen.TOKENS: noted(
        "What other apps hold is kept from the user we act as: give it the permission Customize Application, or "
        "look at Connected Apps OAuth Usage yourself."
    ),
    Unseen.RECORDS: noted(
        "Who changed our records cannot be told: the org lacks our key fields, or would not say."
    ),
    Unseen.MANAGED: noted("Which Events Salesforce's own products keep could not be seen."),
}
AS_APP, AS_USER, AS_BOTH = (
    noted(", as {app}"),
    noted(", as the user {user}"),
    noted(", as {app} with the user {user}"),
)


@dataclass(frozen=True, slots=True)
class Looked:
    """`findings` without names of apps, unless it is what was seen just now."""

    at: datetime
    findings: Sequence[Finding]
    unseen: Sequence[Unseen]


def claim(scope: Scope, now: datetime) -> bool:
    """Whether today's look is the caller's to do; nobody else's then. That it was done is said by `keep` alone."""
    return bool(rows(_CLAIM, bound(scope, now=now, before=now - EVERY)))


def keep(scope: Scope, looked: Looked) -> None:
    found = [
        {
            "product": one.product,
            "sign": one.sign.value,
            "count": one.count,
            "user": one.user_id,
            "namespace": one.namespace,
        }
        for one in looked.findings
    ]
    at = {"claimed_at": looked.at, "looked_at": looked.at}
    values = at | {"findings": found, "unseen": [one.value for one in looked.unseen]}
    if scope.org_id is None:
        raise ValueError("What was found is kept for one org.")
    OrgLook.of(scope).update_or_create(org_id=scope.org_id, defaults=values)


def kept(scope: Scope) -> Looked | None:
    """What the last look found that came to an end."""
    row = OrgLook.of(scope).first()
    if row is None or row.looked_at is None:
        return None
    found = [
        Finding(one["product"], Sign(one["sign"]), one["count"], "", one["user"], one["namespace"])
        for one in row.findings
    ]
    return Looked(row.looked_at, found, [Unseen(one) for one in row.unseen])


def product(finding: Finding) -> Product:
    """One that a version before us knew and we do not is another product."""
    return BY_CODE.get(finding.product, UNKNOWN)


def sentence(finding: Finding) -> str:
    """By which sign it was told."""
    whose = {(True, True): AS_BOTH, (True, False): AS_APP, (False, True): AS_USER}
    known = whose.get((bool(finding.app), bool(finding.user_id)))
    app = say(known, app=finding.app, user=finding.user_id) if known else ""
    return say(SIGNS[finding.sign], count=finding.count, namespace=finding.namespace, app=app)
