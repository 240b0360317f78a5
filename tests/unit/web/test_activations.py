"""Many mailboxes in one action, from the tables to the vendors: who is activated, who is not and why, and that a
death, a refusal or a second worker changes neither.
"""

import contextlib
import json
from argparse import ArgumentParser
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from crosstie.accounts import people, tenants
from crosstie.accounts.activation import activation_runs, activation_steps, lists, outcomes
from crosstie.accounts.activation.activation_runs import Progress
from crosstie.accounts.connection import mailboxes
from crosstie.accounts.words import Unacceptable
from crosstie.cli import activate as command
from crosstie.cli import activations as listing
from crosstie.cli import frame
from crosstie.domain.activation import Stage, Step
from crosstie.domain.errors import CrosstieError
from crosstie.jobs import activations as acts
from crosstie.jobs import queue, ticker
from crosstie.store.models import AuditRow, Candidate, Mailbox, Person, Profile
from sandbox import company
from sandbox.faults import Fault
from sandbox.salesforce.site import open_org
from tests.unit.web.office import ADA, BEN, CLEO
from tests.unit.web.staff import DORA, EMIL, FINN, GUS, HAL, KINDS, STRAY, Staff


def counts(found: Progress) -> dict[str, int]:
    return {group.kind.code: group.count for group in found.groups}


def test_what_would_happen_is_said_first_and_nothing_happens(staff: Staff) -> None:
    before, deeds = list(Mailbox.everywhere().values()), Person.everywhere().count()
    found = acts.look(staff.everybody())
    assert (found.run.stage, found.all, found.looked, found.ready, found.active) == (Stage.READY, 9, 9, 1, 0)
    assert counts(found) == KINDS
    assert (found.skipped, found.failed, found.again) == (7, 1, 5)
    assert list(Mailbox.everywhere().values()) == before
    assert Person.everywhere().count() == deeds


def test_those_whom_nothing_stands_in_the_way_of_are_activated_with_their_time_zone(staff: Staff) -> None:
    user = staff.office.company.site.org.user_by_username(CLEO)
    assert user is not None
    staff.office.company.site.org.update(
        staff.office.company.site.org.admin, "User", user, {"TimeZoneSidKey": "America/New_York"}
    )
    run = acts.look(staff.everybody()).run
    acts.start(run.scope, run.run_id)
    found = staff.work(run)
    assert (found.run.stage, found.active, found.ready) == (Stage.DONE, 1, 0)
    assert counts(found) == KINDS
    assert staff.boxes() == [ADA, BEN, CLEO]
    cleo = people.find(staff.office.scope, CLEO)
    assert (cleo.name, cleo.role, cleo.license, cleo.crm_user_id) == ("Cleo Marín", "user", "Standard", user)
    ref = mailboxes.of_person(staff.office.scope, cleo.person_id)
    assert (ref.state, ref.time_zone) == ("active", "America/New_York")


def test_it_costs_one_call_to_salesforce_and_one_for_twenty_mailboxes(staff: Staff) -> None:
    staff.restrict(*(f"n{number}@larch.test" for number in range(45)))
    for number in range(45):
        staff.hire(f"n{number}@larch.test")
    staff.office.house.crm.open(staff.office.org.org_id).ourselves()
    staff.office.house.mail_roster(staff.office.scope).closed([ADA])
    log = staff.office.app.world.requests
    before = log.count
    run = staff.everybody(goes_on=True)
    found = staff.work(run)
    assert found.active == 45
    paths = [entry.path for entry in log.since(before)]
    assert [sum(part in path for path in paths) for part in ("/services/data/", "/v1.0/$batch")] == [1, 3]
    assert len(paths) == 4


def test_a_step_that_died_is_taken_again_and_nothing_is_done_twice(
    staff: Staff, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(12):
        staff.hire(f"n{number}@larch.test")
    staff.office.app.world.microsoft.apps[company.GRAPH_CLIENT].only_mailboxes = None
    run = staff.everybody(goes_on=True)
    seen = []
    whole = mailboxes.activate
    done = 0

    class Killed(BaseException):
        pass

    def dies(*given: Any, **more: Any) -> Any:
        nonlocal done
        done += 1
        if done in (4, 27, 31):  # of a look, and of two steps
            raise Killed
        return whole(*given, **more)

    monkeypatch.setattr(mailboxes, "activate", dies)
    for _ in range(60):
        with contextlib.suppress(Killed):
            acts.work(str(run.run_id))
        found = activation_runs.progress(run.scope, run.run_id)
        seen.append((found.looked, found.active))
        if not found.run.open:
            break
    assert found.run.stage is Stage.DONE
    assert seen == sorted(seen)
    assert found.active == 14
    assert len(staff.boxes()) == 16
    deeds = AuditRow.of(staff.office.scope).filter(action="mailbox.activate").values_list("target", flat=True)
    assert len(set(deeds)) == len(deeds) == 16


def test_a_second_worker_that_holds_an_old_list_does_nothing(staff: Staff) -> None:
    run = acts.look(staff.everybody()).run
    run = acts.start(run.scope, run.run_id)
    (row,) = activation_steps.waiting(run, Step.READY, 10)
    assert activation_steps.activate(run, row.pk, staff.office.clock)
    assert not activation_steps.activate(run, row.pk, staff.office.clock)
    assert AuditRow.of(staff.office.scope).filter(action="mailbox.activate").count() == 3


def test_who_is_renamed_or_removed_between_the_look_and_the_deed_holds_nobody_up(staff: Staff) -> None:
    renamed, removed, other = "n1@larch.test", "n2@larch.test", "n3@larch.test"
    for address in (renamed, removed, other):
        staff.hire(address)
    staff.office.app.world.microsoft.apps[company.GRAPH_CLIENT].only_mailboxes = None
    org = staff.office.company.site.org
    for address in (renamed, removed):
        user = org.user_by_username(f"0.{address}") or ""
        given = people.PersonDetails("Somebody", address, user, staff.office.org.org_id)
        people.add(staff.office.scope, given, staff.office.clock)
    run = acts.look(staff.file(f"email\n{renamed}\n{removed}\n{other}\n")).run
    known = Person.of(staff.office.scope)
    known.filter(address=renamed).update(address="wed@larch.test")
    known.filter(address=removed).delete()
    found = staff.work(acts.start(run.scope, run.run_id))
    assert found.run.stage is Stage.DONE
    assert counts(found) == {"CRM-USER-TAKEN": 1}
    assert staff.boxes() == sorted([ADA, BEN, removed, other])


def test_a_cancelled_run_activates_nobody_more(staff: Staff) -> None:
    run = acts.look(staff.everybody()).run
    run = acts.start(run.scope, run.run_id)
    acts.cancel(run.scope, run.run_id)
    (row,) = activation_steps.waiting(run, Step.READY, 10)
    assert not activation_steps.activate(run, row.pk, staff.office.clock)
    assert staff.work(run).run.stage is Stage.CANCELLED
    assert staff.boxes() == [ADA, BEN]
    with pytest.raises(Unacceptable, match="is over"):
        acts.start(run.scope, run.run_id)


MENDED: dict[str, Callable[[Staff], None]] = {
    outcomes.DENIED: lambda staff: staff.restrict(ADA, BEN, CLEO, EMIL, FINN, HAL),
    outcomes.NO_MAILBOX: lambda staff: setattr(staff.office.app.world.mailboxes.mailbox(EMIL), "licensed", True),
    outcomes.SEVERAL: lambda staff: _retire(staff, f"1.{HAL}"),
}


def _retire(staff: Staff, username: str) -> None:
    org = staff.office.company.site.org
    user = org.user_by_username(username)
    assert user is not None
    org.update(org.admin, "User", user, {"IsActive": False})


@pytest.mark.parametrize("code", MENDED)
def test_what_was_mended_is_tried_again_and_the_rest_stays_as_it_was(staff: Staff, code: str) -> None:
    run = staff.everybody(goes_on=True)
    before = counts(staff.work(run))
    MENDED[code](staff)
    acts.again(run.scope, run.run_id)
    found = staff.work(run)
    left = before | {code: before[code] - 1}
    assert found.run.stage is Stage.DONE
    assert counts(found) == {kind: count for kind, count in left.items() if count}
    assert found.active == 2


def test_nothing_is_tried_again_where_nothing_failed(staff: Staff) -> None:
    run = staff.file(f"email\n{CLEO}\n{ADA}\n", goes_on=True)
    assert staff.work(run).active == 1
    with pytest.raises(Unacceptable, match="nothing is to try again"):
        acts.again(run.scope, run.run_id)


def test_people_of_a_file(staff: Staff) -> None:
    org = staff.office.company.site.org
    staff.hire(GUS)
    _retire(staff, f"0.{GUS}")
    right = org.user_by_username(f"1.{HAL}")
    tenants.add_profile(staff.office.scope, "Sales", staff.office.clock, "Standard")
    Profile.of(staff.office.scope).create(name="Bare")
    text = (
        "Email;Name;Salesforce ID;Time Zone;Profile\n"
        f"{CLEO};Cleo M.;;Europe/Madrid;Sales\n"
        f"{HAL.upper()};;{right[:15] if right else ''};;\n"
        f"{GUS};;;;\n{STRAY};;;;\n{FINN};;;;Bare\n{DORA};;;;Nobody\n{EMIL};;;Mars/Base;\n"
    )
    run = staff.file(text, goes_on=True)
    found = staff.work(run)
    assert counts(found) == {
        outcomes.INACTIVE: 1,
        outcomes.NO_USER: 1,
        "NO-LICENSE": 1,
        "UNKNOWN": 1,
        "TIME-ZONE-UNKNOWN": 1,
    }
    assert staff.boxes() == [ADA, BEN, CLEO, HAL]
    cleo = people.find(staff.office.scope, CLEO)
    assert (cleo.name, cleo.profile) == ("Cleo M.", "Sales")
    assert people.find(staff.office.scope, HAL).crm_user_id == right
    assert mailboxes.of_person(staff.office.scope, cleo.person_id).time_zone == "Europe/Madrid"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "names no column of e-mail addresses"),
        (b"name\nCleo\n", "names no column of e-mail addresses"),
        (b"email,shoe size\n", "The column shoe size means nothing here."),
        (b"email\ncleo\n", "Line 2: cleo is not an e-mail address."),
        (b"email,id\ncleo@larch.test,003000000000001\n", "Line 2: 003000000000001 is not the id"),
        (b"email\ncleo@larch.test\n\nCLEO@larch.test\n", "Line 4: cleo@larch.test stands in line 2 already."),
        (b"email,name\ncleo@larch.test," + b"x" * 201 + b"\n", "Line 2: a value is longer"),
        ("email,name\ncleo@larch.test,Ün\n".encode("latin-1"), "not text in UTF-8"),
        (b"email\ncleo@larch.test\0\n", "not text in UTF-8"),
        (b"email\n" + b"x" * lists.LARGEST, "larger than"),
    ],
)
def test_a_file_that_cannot_be_meant_is_refused_with_its_line(content: bytes, said: str) -> None:
    with pytest.raises(Unacceptable, match=said):
        lists.read(content)


def grant(staff: Staff, *roles: str) -> None:
    app = staff.office.app.world.microsoft.apps[company.GRAPH_CLIENT]
    app.roles = frozenset({*app.roles, *roles}) if roles else frozenset({"Mail.ReadWrite"})
    staff.office.app.world.microsoft.end_tokens()


def test_people_of_a_group_and_the_app_restricted_to_another(staff: Staff) -> None:
    world = staff.office.app.world
    tenant = world.microsoft.tenant(company.DOMAIN)
    assert tenant is not None
    ids = {one.address: str(one.guid) for one in world.mailboxes.mailboxes}
    north = world.microsoft.add_group(tenant, "North", "north@larch.test", [ids[CLEO], ids[FINN]])
    world.microsoft.add_group(tenant, "Sales's", "sales@larch.test", [ids[BEN], north.id, ids[CLEO]])
    with pytest.raises(CrosstieError, match="GRAPH-APP-NO-GROUPS"):
        acts.of_group(staff.office.org.scope, "Sales's")
    grant(staff, "GroupMember.Read.All")
    with pytest.raises(CrosstieError, match="GRAPH-GROUP-UNKNOWN"):
        acts.of_group(staff.office.org.scope, "Nobody's")
    scope = world.microsoft.add_group(tenant, "Crosstie", "crosstie@larch.test", [ids[BEN], ids[CLEO]])
    app = world.microsoft.apps[company.GRAPH_CLIENT]
    app.only_mailboxes, app.only_group = None, scope.id
    found = acts.look(acts.of_group(staff.office.org.scope, "Sales's"))
    assert (found.all, found.ready, counts(found)) == (3, 1, {outcomes.ALREADY: 1, outcomes.DENIED: 1})
    assert found.groups[1].first == (FINN,)
    run = acts.start(found.run.scope, found.run.run_id)
    assert staff.work(run).active == 1
    assert staff.boxes() == [ADA, BEN, CLEO]
    scope.members.append(ids[FINN])
    acts.again(run.scope, run.run_id)
    assert staff.work(run).active == 2
    by_id = acts.of_group(staff.office.org.scope, north.id)
    assert counts(acts.look(by_id)) == {outcomes.ALREADY: 2}


def test_a_group_whose_people_are_kept_from_us(staff: Staff) -> None:
    world = staff.office.app.world
    tenant = world.microsoft.tenant(company.DOMAIN)
    cleo = world.mailboxes.mailbox(CLEO)
    assert tenant is not None
    assert cleo is not None
    group = world.microsoft.add_group(tenant, "North", "north@larch.test", [str(cleo.guid)])
    grant(staff)
    grant(staff, "GroupMember.Read.All")
    with pytest.raises(CrosstieError, match="GRAPH-APP-NO-GROUPS"):
        acts.of_group(staff.office.org.scope, group.id)


def test_who_was_switched_off_is_left_so_unless_a_file_names_them(staff: Staff) -> None:
    ben = people.find(staff.office.scope, BEN)
    mailboxes.deactivate(staff.office.scope, ben.mailbox_id or 0, staff.office.clock)
    run = staff.everybody(goes_on=True)
    assert counts(staff.work(run))[outcomes.OFF] == 1
    assert staff.boxes() == [ADA, CLEO]
    assert staff.work(staff.file(f"email\n{BEN}\n", goes_on=True)).active == 1
    assert staff.boxes() == [ADA, BEN, CLEO]


def test_a_mailbox_that_is_paused_stays_paused(staff: Staff) -> None:
    Mailbox.of(staff.office.scope).filter(address=BEN).update(paused=True)
    staff.work(staff.everybody(goes_on=True))
    assert Mailbox.of(staff.office.scope).get(address=BEN).paused


@pytest.mark.parametrize(
    ("lets_in", "code"), [(False, outcomes.DENIED), (True, outcomes.ELSEWHERE)], ids=["closed", "open"]
)
def test_whose_mailbox_another_customer_has_is_told_to_whom_it_lets_in(
    staff: Staff, lets_in: bool, code: str
) -> None:
    """Whoever writes a list learns nothing by it of mailboxes that are not theirs."""
    office = staff.office
    rival = tenants.create("Rival Inc", office.clock)
    site = open_org(office.app.world, name="Rival", my_domain="rival")
    org = office.connect(site, rival, "rival-app", "rival-secret")
    rita = people.add(rival, people.PersonDetails("Rita", CLEO, site.org.admin, org.org_id), office.clock)
    mailboxes.activate(rival, rita.person_id, mailboxes.MailboxDetails("graph"), office.clock)
    staff.restrict(ADA, BEN, *([CLEO] if lets_in else []))
    found = staff.work(staff.file(f"email\n{CLEO}\n"))
    assert (counts(found), found.ready) == ({code: 1}, 0)


def test_nobody_is_activated_whose_address_is_their_own_word(staff: Staff) -> None:
    """Nor is the one bound to their account who is found by the same address now."""
    office = staff.office
    unproven = people.PersonDetails("Cleo", CLEO, address_proven=False)
    people.add(office.scope, unproven, office.clock)
    assert counts(staff.work(staff.everybody(goes_on=True)))[outcomes.UNPROVEN] == 1
    user = next(one.user for one in office.company.colleagues if one.address == CLEO)
    named = staff.work(staff.file(f"email,salesforce id\n{CLEO},{user}\n", goes_on=True))
    assert counts(named) == {outcomes.UNPROVEN: 1}
    (group,) = named.groups
    assert "nobody has shown yet that this address is theirs" in group.kind.sentence
    assert people.find_claimant(office.scope, CLEO).crm_user_id == ""
    assert CLEO not in staff.boxes()


@pytest.mark.parametrize(
    ("fault", "code"),
    [
        (Fault("refuse", "graph", status=503, times=30), "GRAPH-UNAVAILABLE"),
        (Fault("refuse", "salesforce", status=503, times=3), "CRM-TOKEN-HTTP-503"),
    ],
)
def test_a_side_that_is_away_is_waited_for(staff: Staff, fault: Fault, code: str) -> None:
    run = staff.file(f"email\n{CLEO}\n", goes_on=True)
    if code.startswith("GRAPH"):
        acts.work(str(run.run_id))
    staff.office.app.world.faults.add(fault)
    acts.work(str(run.run_id))
    found = activation_runs.progress(run.scope, run.run_id)
    assert (found.run.waits, found.active, found.all) == (code, 0, 1)
    assert activation_steps.due(staff.office.clock.now()) == []
    staff.office.app.world.faults.clear()
    staff.office.clock.pass_time(3600)
    assert activation_steps.due(staff.office.clock.now()) == [run.run_id]
    ticker.watch(staff.office.clock.now())
    assert queue.waiting_or_running(acts.ACTIVATION, str(run.run_id))
    found = staff.work(run)
    assert (found.run.waits, found.active) == ("", 1)


def test_one_mailbox_that_never_answers_has_failed_in_the_end(staff: Staff) -> None:
    staff.restrict(CLEO, FINN)
    run = staff.file(f"email\n{CLEO}\n{FINN}\n", goes_on=True)
    staff.office.app.world.faults.add(Fault("refuse", "graph", subject=FINN, status=503, times=1000))
    for _ in range(12):
        acts.work(str(run.run_id))
        staff.office.clock.pass_time(3600)
    found = activation_runs.progress(run.scope, run.run_id)
    assert (found.run.stage, found.active, counts(found)) == (Stage.DONE, 1, {"GRAPH-UNAVAILABLE": 1})
    assert found.groups[0].kind.advice


def test_consent_that_was_withdrawn_is_waited_for_and_told(staff: Staff) -> None:
    world = staff.office.app.world
    run = staff.file(f"email\n{CLEO}\n", goes_on=True)
    acts.work(str(run.run_id))
    tenant = world.microsoft.tenant(company.DOMAIN)
    assert tenant is not None
    world.microsoft.withdraw_consent(world.microsoft.apps[company.GRAPH_CLIENT], tenant)
    acts.work(str(run.run_id))
    found = activation_runs.progress(run.scope, run.run_id)
    assert found.run.stage is Stage.LOOKING
    assert found.run.waits.startswith("GRAPH-")
    world.microsoft.consent(world.microsoft.apps[company.GRAPH_CLIENT], tenant)
    staff.office.clock.pass_time(3600)
    assert staff.work(run).active == 1


def test_two_runs_of_an_org_are_not_begun_and_nobody_becomes_an_administrator_by_one(staff: Staff) -> None:
    staff.everybody(goes_on=True)
    with pytest.raises(Unacceptable, match="is not over yet"):
        staff.everybody()
    with pytest.raises(Unacceptable, match="so there is nobody to activate"):
        staff.file("email\n")
    roles = Person.of(staff.office.scope).filter(role="platform-admin").values_list("address", flat=True)
    assert list(roles) == [ADA]


# -- by command ----------------------------------------------------------------------------------------
def run_command(module: Any, *arguments: str) -> dict[str, Any]:
    parser = ArgumentParser()
    module.configure(parser)
    said: list[Any] = []
    options = parser.parse_args(list(arguments))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(frame, "server", contextlib.nullcontext)
        patch.setattr(frame, "answer", lambda _options, value, text: said.append((value, text)))
        assert module.run(options) == 0
    value, text = said[0]
    json.dumps(value, default=str)
    return {"value": value, "text": text}


def test_by_command(staff: Staff) -> None:
    dry = run_command(command, "--all", "--dry-run")
    assert "0 active, 1 to be activated, 7 skipped, 1 failed." in dry["text"]
    assert "3 × There is no mailbox at this address" in dry["text"]
    assert "Nothing was done." in dry["text"]
    assert Candidate.everywhere().count() == 0
    begun = run_command(command, "--all")
    number = begun["value"]["run"]
    assert f"crosstie activations {number}" in begun["text"]
    assert queue.waiting_or_running(acts.ACTIVATION, str(number))
    for _ in range(4):
        acts.work(str(number))
    done = run_command(listing, str(number))
    assert (done["value"]["stage"], done["value"]["active"]) == ("done", 1)
    assert {kind["code"]: kind["count"] for kind in done["value"]["kinds"]} == KINDS
    assert "done: all Salesforce users" in run_command(listing)["text"]
    again = run_command(listing, str(number), "--again")
    assert (again["value"]["stage"], again["value"]["looked"]) == ("looking", 4)
    assert run_command(listing, str(number), "--cancel")["value"]["stage"] == "cancelled"


def test_what_is_old_is_forgotten(staff: Staff) -> None:
    from crosstie.store.cleanup import clean_up

    run = staff.everybody(goes_on=True)
    staff.work(run)
    clean_up(staff.office.clock.now() + timedelta(days=89))
    assert activation_runs.find(run.run_id) is not None
    clean_up(staff.office.clock.now() + timedelta(days=91))
    assert activation_runs.find(run.run_id) is None
    assert Candidate.everywhere().count() == 0
