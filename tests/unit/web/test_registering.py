"""Somebody signs in with Salesforce who is nobody here: who may make an account, what it is, and who may not."""

import html
from typing import TYPE_CHECKING

import pytest

from crosstie.accounts import people, tenants
from crosstie.accounts.connection import orgs
from crosstie.cli import main
from crosstie.store.models import AuditRow, Org, Person, Role
from crosstie.web import registering
from sandbox.faults import Fault
from sandbox.salesforce.site import open_org
from tests.unit.web.office import ADA, BEN, CLEO

if TYPE_CHECKING:
    from django.test import Client

    from tests.unit.web.office import Office

BACK, ACCOUNT, CREATE = "/sign-in/salesforce/callback", "/register/account", "/register/account/create"
ASK_ADA = "Ask Ada Keller (ada@larch.test)"


def let_in(office: "Office", who: str = "users") -> None:
    orgs.let_register(office.org.scope, who, office.clock)


def come(office: "Office", username: str = CLEO) -> "tuple[Client, str]":
    """Sign in with Salesforce; the browser, and the page that one ends on."""
    browser = office.browser()
    return browser, shown(browser, BACK, office.choose(office.leave(browser), username))


def shown(browser: "Client", path: str, given: dict[str, str] | None = None) -> str:
    return " ".join(html.unescape(browser.get(path, given, follow=True).content.decode()).split())


def cleo(office: "Office") -> people.PersonInfo | None:
    user = next(one.user for one in office.company.colleagues if one.address == CLEO)
    return people.by_crm_user(office.org.scope, user)


def change(office: "Office", **fields: object) -> None:
    """Of Cleo's user, in the org itself."""
    org = office.company.site.org
    user = next(one.user for one in office.company.colleagues if one.address == CLEO)
    org.core.store.put("User", {**org.core.store.table("User").rows[user], **fields})


def refused(office: "Office", username: str = CLEO) -> str:
    browser, page = come(office, username)
    assert browser.get("/").headers["Location"] == "/sign-in"
    assert "Create your account" not in page
    return page


# -- the way that works --------------------------------------------------------------------------------
def test_a_user_of_the_org_makes_an_account_and_is_in(office: "Office") -> None:
    let_in(office)
    browser, page = come(office)
    assert "Create your account" in page
    assert "Cleo Marín" in page
    assert CLEO in page
    assert "Until you do, no e-mail and no calendar is looked at." in page
    assert cleo(office) is None
    answer = browser.post(CREATE)
    assert (answer.status_code, answer.headers["Location"]) == (302, "/register")
    found = cleo(office)
    assert found is not None
    assert (found.name, found.address, found.role) == ("Cleo Marín", CLEO, Role.USER)
    assert (found.org_id, found.profile, found.license, found.mailbox_id) == (
        office.org.org_id,
        "Default",
        "Standard",
        None,
    )
    assert "Is this address yours?" in shown(browser, "/activation")
    rows = AuditRow.of(office.scope).order_by("pk").values_list("action", "actor_id")
    assert list(rows)[-3:] == [
        ("person.add", None),
        ("person.register", found.person_id),
        ("person.sign-in", found.person_id),
    ]


def test_the_next_time_they_simply_come_in(office: "Office") -> None:
    let_in(office)
    come(office)[0].post(CREATE)
    let_in(office, "nobody")
    assert "Set up sync" in come(office)[1]
    assert Person.of(office.scope).count() == 3


def test_pressing_twice_makes_one_account(office: "Office") -> None:
    let_in(office)
    (first, _), (second, _) = come(office), come(office)
    assert [one.post(CREATE).headers["Location"] for one in (first, second)] == ["/register"] * 2
    assert Person.of(office.scope).count() == 3
    assert AuditRow.of(office.scope).filter(action="person.register").count() == 1


def test_who_they_are_is_read_from_the_org_at_the_moment_it_is_made(office: "Office") -> None:
    let_in(office)
    browser, _ = come(office)
    change(office, Name="Cleo Vega", Email="Vega@Larch.test")
    browser.post(CREATE)
    found = cleo(office)
    assert found is not None
    assert (found.name, found.address) == ("Cleo Vega", "vega@larch.test")


def test_the_session_keeps_ids_alone_and_is_a_new_one(office: "Office") -> None:
    let_in(office)
    browser = office.browser()
    answer = office.choose(office.leave(browser), CLEO)
    before = browser.cookies["crosstie"].value
    browser.get(BACK, answer)
    kept = browser.cookies["crosstie"].value
    assert kept != before
    assert set(browser.session["newcomer"]) == {"org", "user", "at"}
    browser.post(CREATE)
    assert browser.cookies["crosstie"].value != kept
    assert "newcomer" not in browser.session


# -- who may not ---------------------------------------------------------------------------------------
def test_where_nobody_may_the_refusal_says_whom_to_ask_and_what_to_tell(office: "Office") -> None:
    page = refused(office)
    user = next(one.user for one in office.company.colleagues if one.address == CLEO)
    assert f"{ASK_ADA} to add you, and tell them your Salesforce user's id: {user}." in page
    row = AuditRow.of(office.scope).filter(action="sign-in.refused").get()
    assert (row.actor_id, row.details) == (None, {"way": "salesforce", "code": "REGISTER-CLOSED"})
    assert cleo(office) is None


@pytest.mark.parametrize("who", ["nobody", "users"])
@pytest.mark.parametrize("kind", ["site", "ourselves"])
def test_whoever_is_no_active_colleague_gets_no_account_and_no_names(
    office: "Office", kind: str, who: str
) -> None:
    let_in(office, who)
    if kind == "site":
        change(office, UserType="CsnOnly")
    page = refused(office, CLEO if kind == "site" else "admin@example.com")
    assert "not as an active user of your company's own" in page
    assert "Ada Keller" not in page
    assert Person.of(office.scope).count() == 2


def test_whoever_was_switched_off_meanwhile_gets_no_account(office: "Office") -> None:
    let_in(office)
    browser, _ = come(office)
    change(office, IsActive=False)
    assert "not as an active user" in browser.post(CREATE).content.decode()
    assert cleo(office) is None


def test_an_address_that_somebody_has_is_not_taken_over(office: "Office") -> None:
    """Neither the account with it nor a second one: the address alone proves nobody."""
    let_in(office)
    known = people.add(office.scope, people.PersonDetails("Cleo of old", CLEO), office.clock)
    people.give_role(office.scope, known.person_id, Role.PLATFORM_ADMIN, office.clock)
    page = refused(office)
    assert "an address alone proves nobody" in page
    assert people.get(office.scope, known.person_id).crm_user_id == ""
    assert Person.of(office.scope).count() == 3


def test_an_address_that_was_taken_meanwhile_is_not_taken_over_either(office: "Office") -> None:
    let_in(office)
    browser, _ = come(office)
    people.add(office.scope, people.PersonDetails("Cleo of old", CLEO), office.clock)
    answer = browser.post(CREATE)
    assert answer.status_code == 403
    assert "an address alone proves nobody" in html.unescape(answer.content.decode())
    assert cleo(office) is None


def test_without_an_address_in_salesforce_there_is_no_account(office: "Office") -> None:
    let_in(office)
    change(office, Email="none")
    assert "has no e-mail address that can be used" in refused(office)


def test_an_org_that_was_closed_meanwhile_lets_nobody_in(office: "Office") -> None:
    let_in(office)
    browser, _ = come(office)
    let_in(office, "nobody")
    assert ASK_ADA in html.unescape(browser.post(CREATE).content.decode())
    assert cleo(office) is None


def test_nobody_makes_an_account_without_having_signed_in(office: "Office") -> None:
    let_in(office)
    for browser in (office.browser(), office.signed_in(BEN)):
        assert browser.get(ACCOUNT).status_code == 403
        assert browser.post(CREATE).status_code == 403
    assert Person.of(office.scope).count() == 2


def test_what_salesforce_said_is_good_for_ten_minutes(office: "Office") -> None:
    let_in(office)
    browser, _ = come(office)
    office.clock.pass_time(601)
    assert "was not begun in this browser" in shown(browser, ACCOUNT)
    assert "Where do you sign in to Salesforce?" in shown(browser, "/register")
    assert browser.post(CREATE).status_code == 403
    assert cleo(office) is None


def test_another_customers_org_is_open_for_its_own_users_alone(office: "Office") -> None:
    """The same user id in another org is somebody else."""
    site = open_org(office.app.world, name="Rival", my_domain="rival")
    office.register(site, "rival-app", "rival-secret")
    rival = tenants.create("Rival Inc", office.clock)
    org = office.connect(site, rival, "rival-app", "rival-secret")
    orgs.let_register(org.scope, "users", office.clock)
    site.org.add_user("rita@rival.test", "Rita", "Ray")
    browser = office.browser()
    page = shown(browser, BACK, office.choose(office.leave(browser, company="Larch"), CLEO))
    assert ASK_ADA in page
    browser.get(BACK, office.choose(office.leave(browser, company="Rival"), "rita@rival.test"))
    browser.post(CREATE)
    assert list(Person.of(rival).values_list("address", "role")) == [("rita@rival.test", Role.USER)]
    assert Person.of(office.scope).count() == 2


def test_the_first_who_comes_is_no_administrator(office: "Office") -> None:
    let_in(office)
    Person.of(office.scope).all().delete()
    come(office)[0].post(CREATE)
    found = cleo(office)
    assert found is not None
    assert found.role == Role.USER


@pytest.mark.parametrize(
    ("who", "sentence"), [("users", "could not be asked who you are"), ("nobody", "Ask your administrator to add")]
)
def test_a_salesforce_that_does_not_answer_makes_nobody(office: "Office", who: str, sentence: str) -> None:
    let_in(office, who)
    office.app.world.faults.add(Fault("refuse", "salesforce", "GET query", status=503, times=1000))
    office.app.world.faults.add(Fault("inside", "salesforce", "GET query", status=503, times=1000))
    assert sentence in refused(office)


def test_nobody_may_ask_without_end(office: "Office") -> None:
    let_in(office)
    browser, _ = come(office)
    answers = [browser.get(ACCOUNT).status_code for _ in range(registering.TRIES)]
    assert (answers[0], answers[-1]) == (200, 403)
    assert "too often" in shown(browser, ACCOUNT)


def test_making_an_account_needs_the_forms_own_token(office: "Office") -> None:
    let_in(office)
    browser, _ = come(office)
    browser.handler.enforce_csrf_checks = True
    assert browser.post(CREATE).status_code == 403
    assert cleo(office) is None


# -- who decides ---------------------------------------------------------------------------------------
def test_an_administrator_lets_people_come_and_shuts_the_door(office: "Office") -> None:
    ada = office.signed_in(ADA)
    org = str(office.org.org_id)
    page = ada.post("/people/activate/registration", {"org": org, "users": "on"}, follow=True)
    assert "active users of Larch can make themselves an account" in page.content.decode()
    assert Org.of(office.scope).get().registration == "users"
    ada.post("/people/activate/registration", {"org": org})
    assert Org.of(office.scope).get().registration == "nobody"
    rows = AuditRow.of(office.scope).filter(action="org.registration").order_by("pk")
    assert [row.details["after"] for row in rows] == ["users", "nobody"]


def test_an_org_of_somebody_else_is_not_opened(office: "Office") -> None:
    site = open_org(office.app.world, name="Rival", my_domain="rival")
    office.register(site, "rival-app", "rival-secret")
    rival = office.connect(site, tenants.create("Rival Inc", office.clock), "rival-app", "rival-secret")
    ada = office.seated(people.find(office.scope, ADA))
    ada.post("/people/activate/registration", {"org": str(rival.org_id), "users": "on"})
    assert set(Org.everywhere().values_list("registration", flat=True)) == {"nobody"}


def test_the_command_line_says_who_may(office: "Office", capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["people", "registration", "users", "--tenant", "Larch"]) == 0
    assert "active users of Larch" in capsys.readouterr().out
    assert Org.of(office.scope).get().registration == "users"
    assert main(["people", "registration", "nobody", "--tenant", "Larch", "--org", "Larsh"]) != 0
    assert "Did you mean Larch?" in capsys.readouterr().err
