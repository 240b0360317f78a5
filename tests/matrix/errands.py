"""What the product asks of the vendors outside of ticks and sessions: pages, sign-in, the doctor."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import timedelta
from typing import cast
from urllib.parse import parse_qs, urlencode, urlsplit

import httpx2

from crosstie.domain.access import AuthMode
from crosstie.domain.records import EVENT, ChildDraft, RecordDraft, RecordRef, RecordUpdate, Value
from crosstie.mapping.fields import MESSAGE_ID
from crosstie.salesforce import sign_in
from crosstie.salesforce.auth import OrgConnection
from crosstie.salesforce.crm import SalesforceCrm
from sandbox import company
from sandbox.faults import Faults
from tests.matrix.ward import Ward
from tests.simulation.access import HOST

CALLBACK = "http://localhost:8400/sign-in/salesforce/callback"
SHOWN = 50

Errand = Callable[[Ward], object]


def page_of_mails(ward: Ward) -> object:
    return ward.ports.mailboxes.open(ward.ids["ada"]).latest(SHOWN)


def thread(ward: Ward) -> object:
    """Earlier mails of a thread that was marked."""
    mailbox = ward.ports.mailboxes.open(ward.ids["ada"])
    return mailbox.conversations([email.conversation_id for email in mailbox.latest(1)], limit=SHOWN)


def doctor(ward: Ward) -> object:
    crm = cast("SalesforceCrm", ward.ports.crm)
    return crm.calls_left(), crm.capabilities()


def signing_in(ward: Ward) -> object:
    """With Salesforce, for a session there; it is not kept."""
    authority = cast("SalesforceCrm", ward.ports.crm).client.session.authority
    app = ward.company.site.apps[company.CRM_CLIENT]
    ward.company.site.register(replace(app, callbacks=(CALLBACK,)))
    connection = OrgConnection(HOST, AuthMode.REFRESH_TOKEN, company.CRM_CLIENT, client_secret=company.CRM_SECRET)
    begun = sign_in.begin(authority, connection, CALLBACK)
    state, code = _in_the_browser(ward, begun.url)
    token, identity = sign_in.finish(authority, connection, begun, state=state, code=code, redirect_uri=CALLBACK)
    authority.revoke(connection, token.access_token)
    return identity


def _in_the_browser(ward: Ward, url: str) -> tuple[str, str]:
    """State and code as they come back. It is not ours, so no fault befalls it and nobody counts it."""
    watching, ward.world.faults, ward.world.auto_login = ward.world.faults, Faults(), True
    try:
        with httpx2.Client(transport=httpx2.WSGITransport(app=ward.app), base_url=HOST) as browser:
            back = browser.get(f"{url}&{urlencode({'auto': f'ada@{company.DOMAIN}'})}")
    finally:
        ward.world.faults, ward.world.auto_login = watching, False
    answered = parse_qs(urlsplit(back.headers["Location"]).query)
    return answered["state"][0], answered["code"][0]


def new_day(ward: Ward) -> None:
    """Folders and categories are looked for once a day."""
    ward.manual.advance(timedelta(days=1))
    ward.ports.mailboxes.open(ward.ids["ada"]).prepare()


def records_of_others(ward: Ward) -> object:
    """As `crosstie adopt` looks for them, and writes keys; here they are all there."""
    mailbox = ward.ports.mailboxes.open(ward.ids["ada"])
    older = mailbox.older(ward.clock.now() - timedelta(days=90), ward.clock.now(), limit=SHOWN, dropped=True)
    named = [email.message_id for email in older.emails if email.message_id]
    found = ward.ports.crm.recorded(named, (MESSAGE_ID,))
    return ward.ports.crm.stamp({one.record: one.key for one in found if one.key})


def an_event(ward: Ward) -> object:
    """As a calendar is mirrored: made with somebody invited, met again, read, moved, deleted."""
    crm = ward.ports.crm
    owner, invited = (colleague.user for colleague in ward.company.colleagues[:2])
    start = ward.clock.now().replace(microsecond=0) + timedelta(days=1)
    fields: dict[str, Value] = {"Subject": "Visit", "StartDateTime": start, "OwnerId": owner}
    child = ChildDraft("EventRelation", "EventId", {"RelationId": invited, "Status": "New"})
    draft = RecordDraft(EVENT, "1:visit", fields | {"DurationInMinutes": 30}, (child,), lookup=fields)
    met = [written.record_id for _ in range(2) for written in crm.create([draft]) if written.record_id]
    refs = [RecordRef(EVENT, record_id) for record_id in dict.fromkeys(met)]
    moved: dict[str, Value] = {"StartDateTime": start + timedelta(hours=1)}
    done = [*crm.update([RecordUpdate(ref, moved) for ref in refs]), *crm.delete(refs)]
    return crm.records(refs, {EVENT: ("Subject", "StartDateTime")}), crm.alive(refs), done


ERRANDS: Mapping[str, Errand] = {
    "mails": page_of_mails,
    "thread": thread,
    "doctor": doctor,
    "sign-in": signing_in,
    "adopt": records_of_others,
    "event": an_event,
    "day": new_day,
}
