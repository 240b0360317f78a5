"""Each way in which sync stops: exactly one mail, to who can mend it; and what follows once it was mended."""

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from crosstie.accounts.sync import status
from crosstie.accounts.sync.status import State
from crosstie.accounts.trouble import stops
from crosstie.domain.stopping import Cause
from crosstie.jobs import ticker
from crosstie.store.models import Notice, Scope, Stop
from sandbox.faults import Fault
from tests.unit.web import ways
from tests.unit.web.office import BEN
from tests.unit.web.ways import Way, delegate, live, posted, with_mail

if TYPE_CHECKING:
    from tests.unit.web.office import Office

LINK = "http://localhost:8400/mend"
LIMIT = b'[{"errorCode": "REQUEST_LIMIT_EXCEEDED", "message": "TotalRequests Limit exceeded."}]'
MENDED = [way for way in ways.WAYS if way.cause in (Cause.NO_MAILBOX, Cause.CRM_BLOCKED, Cause.OTHER)]
"""One of the mailbox, one of the org, one that is not about access."""


@pytest.fixture
def folder(office: "Office", tmp_path: Path) -> Path:
    with_mail(office, tmp_path / "mail")
    live(office)
    return tmp_path / "mail"


@pytest.mark.parametrize("way", ways.WAYS, ids=lambda way: way.name)
def test_one_mail_to_who_can_mend_it(office: "Office", folder: Path, way: Way) -> None:
    if way.delegated:
        delegate(office)
    live(office)
    way.stop(office)
    live(office, 9)
    assert posted(folder) == [], "ten times, not nine"
    live(office, 3)
    assert [mail["To"] for mail in posted(folder)] == [way.told]
    assert {one.cause for one in Notice.of(office.scope)} == {way.cause}
    (mail,) = posted(folder)
    body = mail.get_content()
    assert mail["Subject"].startswith("Action required: sync suspended for ")
    assert mail["Auto-Submitted"] == "auto-generated"
    assert LINK in body
    assert "What to do:\n  1. Open " in body
    assert all(stop.code in body for stop in Stop.of(office.scope)[:1])


@pytest.mark.parametrize("way", MENDED, ids=lambda way: way.name)
def test_what_was_mended_at_the_vendor_is_found_within_the_hour_and_said(
    office: "Office", folder: Path, way: Way
) -> None:
    if way.delegated:
        delegate(office)
    live(office)
    way.stop(office)
    live(office, 12)
    office.mail("Meanwhile", "nora@birchworks.test", to=BEN)
    way.mend(office)
    ticker.watch(office.clock.now())
    office.clock.pass_time(3600)
    ticker.watch(office.clock.now())
    live(office, 2)
    assert not Stop.of(office.scope).filter(ended_at=None).exists()
    assert [mail["Subject"].partition(" for ")[0] for mail in posted(folder)] == [
        "Action required: sync suspended",
        "Sync runs again",
    ]
    said = posted(folder)[-1].get_content()
    assert "what happened in between was looked at" in said
    box = ways.box_of(office, BEN)
    filled = stops.lately(Scope(box.tenant_id, box.org_id), box.pk, office.clock.now())
    assert filled is not None
    assert filled.until is not None
    assert filled.saved == (way.cause is not Cause.NO_MAILBOX), "without a licence nothing was delivered"
    live(office, 3)
    assert len(posted(folder)) == 2, "said once"


@pytest.mark.parametrize(
    "fault",
    [
        Fault("refuse", "salesforce", status=403, body=LIMIT, times=100_000),
        Fault("refuse", "graph", status=429, headers=(("Retry-After", "60"),), times=100_000),
    ],
    ids=["Salesforce's limit", "Graph's limit"],
)
def test_what_passes_by_itself_is_nobody_s_mail(office: "Office", folder: Path, fault: Fault) -> None:
    office.app.world.faults.add(fault)
    live(office, 11)
    assert Stop.of(office.scope).count() == 0
    assert posted(folder) == []
    box = ways.box_of(office, BEN)
    assert status.status(office.scope, box.pk, office.clock.now()).state is State.ON


def test_a_success_in_between_begins_the_count_anew(office: "Office", folder: Path) -> None:
    fault = Fault("refuse", "graph", status=503, times=100_000)
    office.app.world.faults.add(fault)
    live(office, 9)
    office.app.world.faults.clear()
    live(office)
    office.app.world.faults.add(fault)
    live(office, 9)
    assert posted(folder) == []
    live(office)
    assert len(posted(folder)) == 1
