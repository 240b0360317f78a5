"""Which Salesforce user a person is, as an activation finds it or a file says it."""

import pytest

from crosstie.accounts import people
from crosstie.accounts.activation import outcomes
from crosstie.accounts.audit import Actor
from crosstie.accounts.sign_in import operators, sign_ins
from crosstie.accounts.sign_in.account_notices import Change
from crosstie.accounts.sign_in.signing_in import Way
from crosstie.jobs import activations as acts
from crosstie.store.models import AuditRow, Person, Role, SignIn
from tests.unit.web.office import ADA, CLEO
from tests.unit.web.staff import Staff
from tests.unit.web.test_account_notices import told
from tests.unit.web.test_activations import counts


def test_a_person_with_another_salesforce_user_is_left_alone(staff: Staff) -> None:
    org = staff.office.company.site.org
    other = org.add_user("other@larch.test", "Other", "One")
    given = people.PersonDetails("Cleo", CLEO, other, staff.office.org.org_id)
    people.add(staff.office.scope, given, staff.office.clock)
    run = staff.file(f"email\n{CLEO}\n", goes_on=True)
    assert counts(staff.work(run)) == {outcomes.OTHER_USER: 1}
    assert people.find(staff.office.scope, CLEO).crm_user_id == other


def test_a_file_that_names_the_user_gives_a_person_another_one(staff: Staff) -> None:
    """An employee's user was replaced; whoever has the old one comes in as them no more."""
    office = staff.office
    other = office.company.site.org.add_user("other@larch.test", "Other", "One")
    given = people.PersonDetails("Cleo", CLEO, other, office.org.org_id)
    cleo = people.add(office.scope, given, office.clock)
    sign_ins.begin(cleo, Way.SALESFORCE, "192.0.2.1", "a browser", office.clock)
    own = next(one.user for one in office.company.colleagues if one.address == CLEO)
    assert staff.work(staff.file(f"email,salesforce id\n{CLEO},{own}\n", goes_on=True)).active == 1
    assert people.find(office.scope, CLEO).crm_user_id == own
    assert not SignIn.of(office.scope).filter(person_id=cleo.person_id).exists()


@pytest.mark.parametrize("how", [Role.PROFILE_ADMIN, Role.PLATFORM_ADMIN, "operator"])
def test_an_address_alone_makes_no_salesforce_user_an_administrator(staff: Staff, how: str) -> None:
    """Who may change users in Salesforce may have written it; a file that names the user is somebody's word."""
    office = staff.office
    cleo = people.add(office.scope, people.PersonDetails("Cleo", CLEO), office.clock)
    if how == "operator":
        operators.add(office.scope, CLEO, "Cleo", office.clock)
        Person.of(office.scope).filter(address=CLEO).update(role=Role.USER)
    else:
        people.give_role(office.scope, cleo.person_id, how, office.clock)
    assert counts(staff.work(staff.everybody(goes_on=True)))[outcomes.MORE] == 1
    assert counts(staff.work(staff.file(f"email\n{CLEO}\n", goes_on=True))) == {outcomes.MORE: 1}
    assert people.find(office.scope, CLEO).crm_user_id == ""
    assert CLEO not in staff.boxes()
    user = next(one.user for one in office.company.colleagues if one.address == CLEO)
    assert staff.work(staff.file(f"email,salesforce id\n{CLEO},{user}\n", goes_on=True)).active == 1
    assert people.find(office.scope, CLEO).crm_user_id == user
    assert told(office, CLEO)[-1] == Change.BOUND


def test_whose_salesforce_user_was_found_by_their_address_is_told(staff: Staff) -> None:
    office = staff.office
    cleo = people.add(office.scope, people.PersonDetails("Cleo", CLEO), office.clock)
    ada = people.find(office.scope, ADA).person_id
    run = staff.work(staff.file(f"email\n{CLEO}\n", actor=Actor("web", ada))).run
    assert told(office, CLEO) == [], "a look binds nobody"
    acts.start(run.scope, run.run_id)
    assert staff.work(run).active == 1
    assert told(office, CLEO) == [Change.BOUND]
    row = AuditRow.of(office.scope).get(action="person.bind")
    assert (row.target, row.actor_id) == (f"person {cleo.person_id}", ada)
