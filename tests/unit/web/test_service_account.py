"""The account that everybody is synchronized with: nobody to be activated, and what stops it stops all as one."""

from pathlib import Path
from typing import TYPE_CHECKING

from crosstie.accounts.activation import activation_runs, outcomes
from crosstie.accounts.connection import mailboxes
from crosstie.accounts.sync import status
from crosstie.accounts.sync.status import State
from crosstie.accounts.trouble import stops
from crosstie.domain.stopping import Cause
from crosstie.jobs import activations as acts
from crosstie.jobs import ticker
from tests.unit.web.office import ADA, BEN, CLEO
from tests.unit.web.staff import Staff
from tests.unit.web.ways import WAYS, live, posted, with_mail

if TYPE_CHECKING:
    from tests.unit.web.office import Office


def test_it_is_nobody_who_is_activated_by_whichever_way_it_is_named(staff: Staff) -> None:
    org = staff.office.company.site.org
    (row,) = org.query(org.admin, f"SELECT Email FROM User WHERE Id = '{org.admin}'").records
    address = str(row["Email"])
    by_file = acts.look(staff.file(f"email,salesforce id\n{address},\n{CLEO},{org.admin}\n"))
    assert [(group.kind.code, group.count) for group in by_file.groups] == [(outcomes.OURSELVES, 2)]
    activation_runs.forget(by_file.run.scope, by_file.run.run_id)
    found = acts.look(staff.everybody())
    (group,) = (one for one in found.groups if one.kind.code == outcomes.OURSELVES)
    assert group.first == (address,)


def states(office: "Office") -> list[State]:
    now = office.clock.now()
    return [status.status(one.scope, one.mailbox_id, now).state for one in mailboxes.of_scope(office.scope)]


def test_its_loss_stops_everybody_as_one_and_all_go_on_as_one(staff: Staff, tmp_path: Path) -> None:
    office, folder = staff.office, tmp_path / "mail"
    staff.hire("more@larch.test")
    staff.restrict(ADA, BEN, CLEO, "more@larch.test")
    staff.work(staff.everybody(goes_on=True))
    with_mail(office, folder)
    live(office, 2)
    assert states(office) == [State.ON] * 4
    (way,) = (one for one in WAYS if one.cause is Cause.CRM_BLOCKED)
    way.stop(office)
    live(office, 12)
    (stop,) = stops.going_on(office.scope)
    assert stop.mailbox_id is None
    assert states(office) == [State.NEEDS_CONSENT] * 4
    assert len(posted(folder)) == 1
    way.mend(office)
    office.clock.pass_time(3600)
    ticker.watch(office.clock.now())
    live(office, 2)
    assert stops.going_on(office.scope) == []
    assert states(office) == [State.ON] * 4
