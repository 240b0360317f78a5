"""A person's own Salesforce user is made inactive there: a stop that ends by itself, and costs no call."""

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from crosstie.accounts import people
from crosstie.accounts.sign_in import sign_ins
from crosstie.accounts.sync import status
from crosstie.accounts.sync.status import State
from crosstie.accounts.trouble import stops
from crosstie.engine.tick import FROZEN_EVERY
from crosstie.jobs import leaving
from crosstie.store.models import AuditRow, Identity, InactiveUser, Mailbox, MailboxState, Stop
from tests.unit.web import ways
from tests.unit.web.api.program import of, refused
from tests.unit.web.office import ADA, BEN
from tests.unit.web.test_leaving import ref
from tests.unit.web.test_mend import follow_link, name_of, shown
from tests.unit.web.test_pages import text
from tests.unit.web.test_sign_in_google import allow
from tests.unit.web.test_sign_in_google import sign_in as google_in
from tests.unit.web.test_sign_in_microsoft import sign_in as microsoft_in
from tests.unit.web.ways import live, posted, with_mail

if TYPE_CHECKING:
    from tests.unit.web.office import Office

ROUND = 6
"""Ticks until the slow set is read again."""


def switch(office: "Office", *, active: bool, address: str = BEN) -> None:
    org = office.company.site.org
    user = next(one.user for one in office.company.colleagues if one.address == address)
    org.update(org.admin, "User", user, {"IsActive": active})


@pytest.fixture
def folder(office: "Office", tmp_path: Path) -> Path:
    with_mail(office, tmp_path / "mail")
    live(office)
    return tmp_path / "mail"


def state(office: "Office", address: str = BEN) -> State:
    return status.status(office.scope, ways.box_of(office, address).pk, office.clock.now()).state


def saved(office: "Office") -> Counter[str]:
    table = office.company.site.org.core.store.table("EmailMessage").rows
    return Counter(str(row["Subject"]) for row in table.values())


def calls(office: "Office") -> int:
    return office.house.crm.open(office.org.org_id).meter.total


def test_it_stops_with_one_mail_and_goes_on_by_itself(office: "Office", folder: Path) -> None:
    before = calls(office)
    live(office, ROUND)
    idle = calls(office) - before
    switch(office, active=False)
    live(office, ROUND)
    assert state(office) is State.USER_INACTIVE
    assert state(office, ADA) is State.ON
    office.mail("Meanwhile", "nora@birchworks.test", to=BEN)
    before = calls(office)
    live(office, ROUND)
    assert calls(office) - before == idle, "nobody is asked for it"
    assert "Meanwhile" not in saved(office)
    (mail,) = posted(folder)
    assert (mail["To"], mail["Subject"]) == (ADA, f"Action required: sync suspended for {BEN}")
    assert f"The Salesforce user of {BEN} is inactive" in " ".join(mail.get_content().split())
    said = shown(office.signed_in(ADA), "/mend")
    assert "activate or unfreeze the user" in said
    switch(office, active=True)
    live(office, ROUND)
    assert not Stop.of(office.scope).filter(ended_at=None).exists()
    assert state(office) is State.ON
    assert saved(office)["Meanwhile"] == 1
    assert [one["Subject"] for one in posted(folder)][1:] == [f"Sync runs again for {BEN}"]


def test_programs_of_whoever_is_switched_off_are_told_nothing(office: "Office") -> None:
    """A token lasts for months: nobody signs in meanwhile who would be refused at the vendor."""
    theirs, colleagues = of(office, BEN), of(office, ADA)
    switch(office, active=False)
    live(office, ROUND)
    refused(theirs.ask("GET", "/me"), 401, "UNAUTHORIZED")
    assert colleagues.get("/me")
    switch(office, active=True)
    live(office, ROUND)
    assert theirs.get("/me")


def test_who_is_switched_off_is_out_and_comes_in_by_no_other_way(office: "Office") -> None:
    allow(office)
    at_google, at_microsoft = office.browser(), office.browser()
    google_in(office, BEN, at_google)
    microsoft_in(office, BEN, at_microsoft)
    assert {one.get("/sign-ins").status_code for one in (at_google, at_microsoft)} == {200}
    switch(office, active=False)
    live(office, ROUND)
    for browser, way in ((at_google, google_in), (at_microsoft, microsoft_in)):
        gone = browser.get("/sign-ins")
        assert gone.headers["Location"].startswith("/sign-in?")
        refused_in = way(office, BEN, browser)
        assert refused_in.status_code == 403
        assert "Your Salesforce user is inactive or frozen" in refused_in.content.decode()
    codes = AuditRow.of(office.scope).filter(action="sign-in.refused").values_list("details__code", flat=True)
    assert set(codes) == {"SIGN-IN-INACTIVE"}
    assert office.signed_in(ADA).get("/").status_code == 200
    switch(office, active=True)
    live(office, ROUND)
    assert google_in(office, BEN).headers["Location"] == "/"


def test_who_is_frozen_is_out_like_who_is_inactive(office: "Office") -> None:
    """And at no call more: in one slow set of five, frozen users are read in the place of contact roles."""
    allow(office)
    org, rounds = office.company.site.org, ROUND * FROZEN_EVERY
    before = calls(office)
    live(office, rounds)
    idle = calls(office) - before
    (user,) = (one.user for one in office.company.colleagues if one.address == BEN)
    org.freeze(user)
    before = calls(office)
    live(office, rounds)
    assert calls(office) - before <= idle
    assert state(office) is State.USER_INACTIVE
    assert google_in(office, BEN).status_code == 403
    switch(office, active=False)
    live(office, ROUND)
    switch(office, active=True)
    live(office, ROUND)
    assert google_in(office, BEN).status_code == 403, "active, and still frozen"
    browser, trouble = office.signed_in(ADA), {"trouble": f"box-{ways.box_of(office, BEN).pk}"}
    before = calls(office)
    browser.post("/mend/again", trouble)
    assert calls(office) == before + 1
    assert "is still inactive or frozen" in shown(browser, "/mend")
    org.freeze(user, frozen=False)
    browser.post("/mend/again", trouble)
    assert google_in(office, BEN).headers["Location"] == "/"
    org.freeze(user)
    live(office, rounds)
    assert google_in(office, BEN).status_code == 403
    org.freeze(user, frozen=False)
    live(office, rounds)
    assert google_in(office, BEN).headers["Location"] == "/"
    assert state(office) is State.ON


def test_an_account_that_may_not_see_who_is_frozen_goes_on_as_before(office: "Office") -> None:
    org = office.company.site.org
    profile = org.core.store.table("Profile").rows[org.profiles["System Administrator"]]
    org.core.store.put("Profile", {**profile, "PermissionsManageUsers": False})
    (user,) = (one.user for one in office.company.colleagues if one.address == BEN)
    org.freeze(user)
    live(office, ROUND * FROZEN_EVERY)
    assert state(office) is State.ON


def test_who_is_refused_is_not_bound(office: "Office") -> None:
    """The address may have gone to somebody else since."""
    allow(office)
    switch(office, active=False)
    live(office, ROUND)
    assert google_in(office, BEN).status_code == 403
    assert not Identity.of(office.scope).exists()


def test_an_operator_comes_in_though_their_user_is_switched_off(office: "Office") -> None:
    switch(office, active=False, address=ADA)
    live(office, ROUND)
    ada = people.find(office.scope, ADA)
    assert office.seated(ada, sign_ins.PASSWORD).get("/").status_code == 200
    assert office.seated(ada).get("/").status_code == 302


def test_nothing_is_tried_meanwhile_and_the_button_asks_once(office: "Office", folder: Path) -> None:
    switch(office, active=False)
    live(office, ROUND)
    office.mail("Meanwhile", "nora@birchworks.test", to=BEN)
    box = ways.box_of(office, BEN)
    live(office, 3)
    assert ways.box_of(office, BEN).session_ended_at == box.session_ended_at
    browser = follow_link(office, folder, ADA)
    trouble = {"trouble": name_of(text(browser, "/mend"))}
    assert trouble == {"trouble": f"box-{box.pk}"}
    browser.post("/mend/again", trouble)
    assert f"Salesforce says that the user of {BEN} is still inactive or frozen" in shown(browser, "/mend")
    assert stops.going_on(office.scope)
    switch(office, active=True)
    before = calls(office)
    browser.post("/mend/again", trouble)
    assert calls(office) == before + 1
    office.sync()
    assert not stops.going_on(office.scope)
    assert saved(office)["Meanwhile"] == 1


def test_whoever_is_concerned_reads_why(office: "Office", folder: Path) -> None:
    switch(office, active=False)
    switch(office, active=False, address=ADA)
    live(office, ROUND)
    operator = office.seated(people.find(office.scope, ADA), sign_ins.PASSWORD)
    page = shown(operator)
    assert f"The Salesforce user of {ADA} is inactive" in page
    assert len(posted(folder)) == 1, "one mail for one cause"
    assert BEN in posted(folder)[0].get_content()
    said = operator.post("/sync/force", follow=True).content.decode()
    assert "your Salesforce user is inactive" in said


def test_who_has_left_is_deactivated_all_the_same(office: "Office", folder: Path) -> None:
    switch(office, active=False, address=ADA)
    live(office, ROUND)
    mailbox = ref(office)
    assert leaving.begin(mailbox).ok
    live(office, 2)
    assert Mailbox.of(office.scope).get(pk=mailbox.mailbox_id).state == MailboxState.DISABLED
    assert not stops.going_on(office.scope)
    assert InactiveUser.of(office.scope).exists()


def test_what_had_stopped_before_is_told_to_others_now(office: "Office", folder: Path) -> None:
    ways.delegate(office)
    live(office)
    revoked = next(way for way in ways.WAYS if way.name == "token revoked, password changed")
    revoked.stop(office)
    live(office, 10)
    assert [one["To"] for one in posted(folder)] == [BEN]
    switch(office, active=False)
    live(office, ROUND)
    assert sorted(str(one["To"]) for one in posted(folder)) == [ADA, BEN]
