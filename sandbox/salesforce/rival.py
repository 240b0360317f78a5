"""Another product that keeps mailboxes and this org in step: an app that signs in again and again, and its marks.

It writes in fields of its own alone, on events and mails it has not marked yet, as a user of its own. What gives
it away is what gives such products away at customers: a connected app, its tokens and sign-ins, its fields, and
who changed a row last.
"""

import hashlib
from contextlib import suppress
from datetime import timedelta
from typing import TYPE_CHECKING

from sandbox.salesforce.apps import App
from sandbox.salesforce.errors import SalesforceError
from sandbox.salesforce.ids import Id
from sandbox.salesforce.schema.facts import Field
from sandbox.salesforce.switches import RIVAL_PRODUCT_RUNS

if TYPE_CHECKING:
    from sandbox.salesforce.org import Org

APP = App("rival-sync-app", "rival-sync-secret", name="Rival Sync", preauthorised="everybody")
USER = "rival@other-product.test"
EVERY = timedelta(minutes=15)
MOST = 200
"""Rows of an object that one run marks."""
KEY, AT = "rivalsync__Key__c", "rivalsync__Synced_At__c"
FIELDS = (
    Field(KEY, "string", 64, "Ncufsgx", "Rival Sync Key", custom=True, source="rival", trust="recall"),
    Field(AT, "datetime", 0, "Ncufs", "Rival Sync: Synced At", custom=True, source="rival", trust="recall"),
)
MARKED = {"Event": ("Event", "Task"), "EmailMessage": ("EmailMessage",)}
"""Objects it marks, with those that have its fields: activities share theirs."""


def user(org: "Org") -> Id:
    profile = org.core.row(org.admin) or {}
    return org.user_by_username(USER) or org.add_user(USER, "Rival", "Product", ProfileId=profile.get("ProfileId"))


def run(org: "Org") -> None:
    """If it is on and its time has come."""
    now, mischief = org.core.clock.now(), org.mischief
    if not org.switches.on(RIVAL_PRODUCT_RUNS) or (mischief.rival_due is not None and now < mischief.rival_due):
        return
    if mischief.rival_due is None:
        _install(org)
    mischief.rival_due = now + EVERY
    own = user(org)
    org.signins.used(f"{own}/{APP.client_id}", APP, own)
    org.signins.attempt(own, "Remote Access 2.0", APP.name, host="login.salesforce.com", ip="192.0.2.77")
    before, mischief.acting = mischief.acting, True
    try:
        for name in MARKED:
            _mark(org, own, name)
    finally:
        mischief.acting = before


def _install(org: "Org") -> None:
    org.signins.show(APP)
    for name in (name for names in MARKED.values() for name in names):
        for fact in FIELDS:
            if org.core.schema.objects[name].field(fact.name) is None:
                org.core.add_field(name, fact)


def _mark(org: "Org", own: Id, name: str) -> None:
    rows = list(org.core.store.table(name).rows.values())
    fresh = [row for row in rows if KEY not in row and not row.get("IsDeleted") and not row.get("IsChild")]
    for row in fresh[:MOST]:
        key = hashlib.sha256(f"{row.get('MessageIdentifier', '')}{row['Id']}".encode()).hexdigest()[:40]
        with suppress(SalesforceError):
            org.dml.update(own, name, row["Id"], {KEY: key, AT: f"{org.core.now():%Y-%m-%dT%H:%M:%SZ}"})
