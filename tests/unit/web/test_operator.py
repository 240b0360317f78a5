"""Operators: invited once, in with password and second factor, and nothing told to whoever tries."""

import html
import io
import re
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

import pyotp
import pytest
import segno
from django.contrib.auth import hashers
from django.contrib.auth.models import User
from django.db import connection
from django.test.utils import CaptureQueriesContext

from crosstie.accounts import people, tenants
from crosstie.accounts.sign_in import operators
from crosstie.accounts.sign_in.operators import CODES, FAILURES, LOCKED
from crosstie.accounts.words import Unacceptable
from crosstie.store.models import AuditRow, Operator, Purse, RefusedSignIn, Role, Secret, SignIn
from crosstie.web import operator as pages
from crosstie.web.known_browsers import COOKIE
from tests.unit.web.api.program import of, refused
from tests.unit.web.office import ADA, BEN

if TYPE_CHECKING:
    from django.test import Client

    from tests.unit.web.office import Office

OLGA, OTTO = "olga@larch.test", "otto@larch.test"
PASSWORD = "a long walk along the river"
WRONG = "Address and password do not fit"


class Desk:
    """Olga, who was invited; with `enrol` she has a password and an app for codes."""

    def __init__(self, office: "Office", address: str = OLGA) -> None:
        self.office = office
        self.info = operators.add(office.scope, address, "Olga Ray", office.clock)
        self.secret = ""
        self.codes: list[str] = []

    @property
    def link(self) -> str:
        token = operators.invitation(self.info.operator_id, self.office.clock)
        return f"/operator/welcome?operator={self.info.operator_id}&token={token}"

    def fill(self, link: str, **changes: str) -> Any:
        browser = self.office.browser()
        page = browser.get(link).content.decode()
        shown = re.search(r"<code>([A-Z2-7 ]+)</code>", page)
        sealed = re.search(r'name="secret" value="([^"]+)"', page)
        assert shown, page
        assert sealed
        self.secret = shown[1].replace(" ", "")
        form = {"password": PASSWORD, "again": PASSWORD, "secret": sealed[1], "code": self.now()}
        return browser.post(link, form | changes)

    def enrol(self) -> None:
        page = self.fill(self.link)
        self.enrolled_in: Client = page.client
        self.codes = re.findall(r"<code>([A-Z2-7-]{29})</code>", page.content.decode())
        assert len(self.codes) == CODES
        self.office.clock.pass_time(30)

    def now(self) -> str:
        return pyotp.TOTP(self.secret).at(self.office.clock.now())

    def password(self, browser: "Client", name: str = OLGA, given: str = PASSWORD, **more: Any) -> Any:
        return browser.post("/operator/password", {"name": name, "password": given}, **more)

    def signed_in(self) -> "Client":
        browser = self.office.browser()
        assert self.password(browser).status_code == 200
        assert browser.post("/operator/code", {"code": self.now()}).status_code == 302
        return browser


@pytest.fixture(autouse=True)
def quick_hashes(settings: Any) -> None:
    """The real one takes its time, which is what it is for; one test below takes it."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def desk(office: "Office") -> Desk:
    made = Desk(office)
    made.enrol()
    return made


def test_from_the_invitation_to_the_audit(office: "Office", desk: Desk) -> None:
    browser = desk.signed_in()
    assert "Set up sync" in browser.get("/", follow=True).content.decode()
    assert "operator.enrol" in browser.get("/audit").content.decode()
    person = people.find(office.scope, OLGA)
    assert (person.role, person.mailbox_id) == (Role.PLATFORM_ADMIN, None)
    assert SignIn.of(office.scope).get(person_id=person.person_id).way == "password"


def test_neither_step_alone_lets_anybody_in(office: "Office", desk: Desk) -> None:
    browser = office.browser()
    assert browser.post("/operator/code", {"code": desk.now()}).status_code == 403
    assert desk.password(browser).status_code == 200
    assert browser.get("/audit").status_code == 302
    assert browser.post("/operator/code", {"code": "000000"}).status_code == 403
    assert browser.get("/audit").status_code == 302
    office.clock.pass_time(301)
    page = browser.post("/operator/code", {"code": desk.now()})
    assert "took longer" in page.content.decode()


def test_a_code_is_good_once(office: "Office", desk: Desk) -> None:
    code = desk.now()
    desk.signed_in()
    browser = office.browser()
    desk.password(browser)
    assert "was used already" in browser.post("/operator/code", {"code": code}).content.decode()
    office.clock.pass_time(30)
    assert browser.post("/operator/code", {"code": desk.now()}).status_code == 302


@pytest.mark.parametrize(("ahead", "right"), [(-60, False), (-30, True), (0, True), (30, True), (60, False)])
def test_clocks_may_differ_by_half_a_minute(office: "Office", desk: Desk, ahead: int, right: bool) -> None:
    office.clock.pass_time(120)
    browser = office.browser()
    desk.password(browser)
    code = pyotp.TOTP(desk.secret).at(int(office.clock.now().timestamp()) + ahead)
    assert (browser.post("/operator/code", {"code": code}).status_code == 302) is right


def test_a_recovery_code_is_spent(office: "Office", desk: Desk) -> None:
    for given, status in ((desk.codes[3].lower().replace("-", " "), 302), (desk.codes[3], 403)):
        browser = office.browser()
        desk.password(browser)
        assert browser.post("/operator/code", {"code": given}).status_code == status
    assert operators.of_tenant(office.scope)[0].codes_left == CODES - 1
    assert AuditRow.of(office.scope).get(action="operator.recovery-code").details == {"left": CODES - 1}


def test_nothing_tells_who_is_an_operator(office: "Office", desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same words, but for the name that was typed, the same status, as many hashes, the same statements: for a
    wrong password, for one who is no operator, and for one who is nobody. Of these nothing is kept.
    """
    desk.password(office.browser(), OLGA, "wrong")  # the first one within the hour is written down besides
    hashed: list[str] = []
    encode = hashers.MD5PasswordHasher.encode

    def counting(self: Any, password: str, salt: str, *more: Any) -> str:
        hashed.append(password)
        return encode(self, password, salt, *more)

    monkeypatch.setattr(hashers.MD5PasswordHasher, "encode", counting)
    told, cost, asked = set(), [], []
    for name, given in ((OLGA, "wrong"), (BEN, "wrong"), ("nobody@larch.test", "wrong"), ("", "")):
        browser = office.browser()
        with CaptureQueriesContext(connection) as queries:
            page = desk.password(browser, name, given)
        asked.append([one["sql"].partition(" ")[0] for one in queries])
        assert f'value="{name}"' in page.content.decode(), "as it was typed"
        told.add((page.status_code, re.sub(r'value="[^"]*"', "", page.content.decode())))
        cost.append(len(hashed))
        hashed.clear()
    assert len(told) == 1
    assert cost == [1] * 4
    assert [one[-1:] for one in asked[:3]] == [["COMMIT"], ["ROLLBACK"], ["ROLLBACK"]]
    assert len({tuple(one[:-1]) for one in asked[:3]}) == 1
    refusals = RefusedSignIn.of(office.scope).filter(way="password").values_list("target", "count")
    assert list(refusals) == [(f"person {desk.info.person.person_id}", 2)]


def paths(svg: str) -> list[str]:
    return re.findall(r""" d=["']([^"']+)""", svg)


def test_the_key_is_a_picture_too(office: "Office") -> None:
    """What an app's camera reads is what the link says; the picture is no part of the page that could run."""
    desk = Desk(office)
    page = html.unescape(office.browser().get(desk.link).content.decode())
    link = re.search(r'href="(otpauth://[^"]+)"', page)
    picture = re.search(r'<img class="qr" src="data:image/svg\+xml;charset=utf-8,([^"]+)" alt="[^"]+">', page)
    assert link
    assert picture
    drawn = io.BytesIO()
    segno.make_qr(link[1]).save(drawn, kind="svg", border=4, light="#fff", omitsize=True, xmldecl=False)
    assert paths(unquote(picture[1])) == paths(drawn.getvalue().decode())
    assert "<svg" not in page


def guessed(desk: Desk, browser: "Client | None" = None, number: int = pages.BY_HOUR) -> list[int]:
    """From as many addresses."""
    return [
        desk.password(browser or desk.office.browser(), given="wrong", REMOTE_ADDR=f"192.0.2.{at}").status_code
        for at in range(number)
    ]


def test_guesses_have_an_end_from_however_many_addresses(office: "Office", desk: Desk) -> None:
    assert guessed(desk) == [403] * pages.BY_HOUR
    for given in ("wrong", PASSWORD):
        answer = desk.password(office.browser(), given=given, REMOTE_ADDR="198.51.100.1")
        assert answer.status_code == 429
        assert WRONG in answer.content.decode()
    assert desk.password(office.browser(), BEN, "wrong").status_code == 403, "another name has its own"
    office.clock.pass_time(pages.HOUR.total_seconds())
    desk.signed_in()


def test_a_stranger_keeps_no_operator_out(office: "Office", desk: Desk) -> None:
    """Whoever knows the address alone may try for as long as they like: the browser that she uses is known."""
    browser = desk.signed_in()
    browser.post("/sign-out")
    guessed(desk, number=pages.BY_HOUR + 1)
    office.clock.pass_time(60)
    assert desk.password(office.browser()).status_code == 429
    assert desk.password(browser).status_code == 200
    assert browser.post("/operator/code", {"code": desk.now()}).status_code == 302


def test_the_browser_that_took_the_invitation_is_known(office: "Office", desk: Desk) -> None:
    guessed(desk, number=pages.BY_HOUR + 1)
    office.clock.pass_time(60)
    assert desk.password(office.browser()).status_code == 429
    assert desk.password(desk.enrolled_in).status_code == 200


def test_a_known_browser_is_no_way_to_guess_without_end(office: "Office", desk: Desk) -> None:
    browser = desk.signed_in()
    assert guessed(desk, browser, pages.BY_HOUR + 1)[-2:] == [403, 429]


def test_a_browser_is_known_to_the_operator_who_used_it(office: "Office", desk: Desk) -> None:
    """A cookie of another operator's, or a forged one, counts for nothing."""
    browser = desk.signed_in()
    other, elsewhere = Desk(office, OTTO), office.browser()
    other.enrol()
    other.password(elsewhere, OTTO)
    elsewhere.post("/operator/code", {"code": other.now()})
    guessed(desk)
    thief = office.browser()
    thief.cookies[COOKIE] = "x" + browser.cookies[COOKIE].value
    assert desk.password(thief).status_code == 429
    thief.cookies[COOKIE] = elsewhere.cookies[COOKIE].value
    assert desk.password(thief).status_code == 429
    kept = browser.cookies[COOKIE]
    assert (kept["httponly"], kept["samesite"]) == (True, "Strict")


def wrong_codes(desk: Desk, number: int) -> None:
    """By somebody who knows the password, from many addresses."""
    for at in range(number):
        Purse.objects.all().delete()
        browser = desk.office.browser()
        desk.password(browser, REMOTE_ADDR=f"192.0.2.{at}")
        assert browser.post("/operator/code", {"code": "000000"}).status_code == 403


def test_ten_wrong_codes_lock_the_codes_of_the_app_for_a_quarter_of_an_hour(office: "Office", desk: Desk) -> None:
    wrong_codes(desk, FAILURES)
    browser = office.browser()
    desk.password(browser)
    assert browser.post("/operator/code", {"code": desk.now()}).status_code == 403
    wrong_codes(desk, FAILURES - 1)
    office.clock.pass_time(LOCKED.total_seconds())
    wrong_codes(desk, FAILURES - 1)  # those that came meanwhile are not counted
    desk.signed_in()


def test_a_recovery_code_is_right_while_those_of_the_app_are_locked(office: "Office", desk: Desk) -> None:
    wrong_codes(desk, FAILURES)
    browser = office.browser()
    desk.password(browser)
    assert browser.post("/operator/code", {"code": desk.codes[0]}).status_code == 302


def test_one_caller_and_one_name_are_slowed_down(office: "Office", desk: Desk) -> None:
    for _ in range(pages.BY_NAME):
        desk.password(office.browser(), given="wrong")
    assert desk.password(office.browser(), given="wrong").status_code == 429
    assert desk.password(office.browser(), REMOTE_ADDR="192.0.2.7").status_code == 200, "who is elsewhere is not"
    for number in range(pages.BY_CALLER - pages.BY_NAME - 1):
        desk.password(office.browser(), f"n{number}@larch.test", "wrong")
    assert "too often" in desk.password(office.browser(), "another@larch.test").content.decode()


def test_five_wrong_codes_ask_for_the_password_again(office: "Office", desk: Desk) -> None:
    browser = office.browser()
    desk.password(browser)
    for _ in range(pages.TRIES):
        page = browser.post("/operator/code", {"code": "000000"}).content.decode()
    assert 'name="password"' in page
    assert browser.post("/operator/code", {"code": desk.now()}).status_code == 403


def test_every_refusal_is_written_down_without_what_was_typed(office: "Office", desk: Desk) -> None:
    browser = office.browser()
    desk.password(browser, given="my other password", REMOTE_ADDR="192.0.2.9")
    desk.password(browser)
    browser.post("/operator/code", {"code": "123456"})
    rows = list(AuditRow.of(office.scope).filter(action="sign-in.refused").order_by("id"))
    assert [row.details["code"] for row in rows] == ["WRONG-PASSWORD", "WRONG-CODE"]
    assert rows[0].caller == "192.0.2.9"
    assert "my other password" not in str(list(AuditRow.of(office.scope).values()))


# -- invitations


def test_an_invitation_is_good_once_and_for_a_day(office: "Office") -> None:
    desk = Desk(office)
    link = desk.link
    office.clock.pass_time(24 * 3600 - 60)
    assert desk.fill(link).status_code == 200
    assert "used already" in office.browser().get(link).content.decode()
    late = operators.reset(office.scope, OLGA, office.house.stores.vault(), office.clock)
    link = desk.link
    office.clock.pass_time(24 * 3600 + 60)
    assert office.browser().get(link).status_code == 403
    assert late.enrolled_at is None


def test_an_invitation_outlives_its_readers_signing_in_by_another_way(office: "Office") -> None:
    """Who is invited may be a person here already, and come in by the company's way with the link still open."""
    desk = Desk(office, ADA)
    link = desk.link
    office.clock.pass_time(60)
    office.signed_in(ADA)
    assert desk.fill(link, code="000000").status_code == 400
    assert desk.fill(link).status_code == 200
    assert "used already" in office.browser().get(link).content.decode()


def test_of_two_who_send_the_same_invitation_at_once_one_is_enrolled(office: "Office") -> None:
    """Both were let in to the page, and so past the look at the invitation, before either was done."""
    desk = Desk(office)
    vault = office.house.stores.vault()

    def enrol(password: str, secret: str) -> None:
        code = pyotp.TOTP(secret).at(office.clock.now())
        operators.enrol(desk.info.operator_id, password, secret, code, vault, office.clock)

    desk.secret = operators.new_secret(office.clock)
    enrol(PASSWORD, desk.secret)
    with pytest.raises(Unacceptable, match="used already"):
        enrol("the thief's own password", operators.new_secret(office.clock))
    office.clock.pass_time(30)
    desk.signed_in()


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"again": "another password"}, "not the same"),
        ({"password": "short", "again": "short"}, "at least 12"),
        ({"password": "password1234", "again": "password1234"}, "too common"),
        ({"password": OLGA, "again": OLGA}, "similar"),
        ({"password": "x" * 129, "again": "x" * 129}, "longer than 128"),
        ({"code": "000000"}, "That code is wrong"),
        ({"code": ""}, "That code is wrong"),
    ],
)
def test_a_bad_password_or_code_enrols_nobody(office: "Office", changes: dict[str, str], sentence: str) -> None:
    desk = Desk(office)
    page = desk.fill(desk.link, **changes)
    assert page.status_code == 400
    assert sentence in page.content.decode()
    assert not Secret.of(office.scope).filter(place__startswith="operator/").exists()
    desk.enrol()
    desk.signed_in()


@pytest.mark.parametrize("change", ["operator=999999", "token=c-guess", "token=", "operator=x", "secret"])
def test_a_guessed_invitation_or_anothers_secret_is_refused(office: "Office", change: str) -> None:
    desk, link = Desk(office), ""
    link = desk.link
    if change == "secret":
        assert "add that one to your app" in desk.fill(link, secret="forged").content.decode()
        login = User.objects.get(username=f"person-{Operator.of(office.scope).get().person_id}")
        assert not login.has_usable_password()
        return
    name = change.partition("=")[0]
    assert office.browser().get(re.sub(f"{name}=[^&]*", change, link)).status_code == 403


def test_a_reset_ends_everything_that_was(office: "Office", desk: Desk) -> None:
    browser, program = desk.signed_in(), of(office, OLGA)
    operators.reset(office.scope, OLGA, office.house.stores.vault(), office.clock)
    assert browser.get("/audit").status_code == 302
    refused(program.ask("GET", "/me"), 401, "UNAUTHORIZED")
    assert WRONG in desk.password(office.browser()).content.decode()
    assert not Secret.of(office.scope).filter(place__startswith="operator/").exists()
    desk.enrol()
    desk.signed_in()
    operators.remove(office.scope, OLGA, office.house.stores.vault(), office.clock)
    assert WRONG in desk.password(office.browser()).content.decode()


def test_an_operator_is_one_tenants_alone(office: "Office", desk: Desk) -> None:
    rival = tenants.create("Rival Inc", office.clock)
    with pytest.raises(Unacceptable, match="operator of this server already"):
        operators.add(rival, OLGA, "", office.clock)
    assert operators.of_tenant(rival) == []
    with pytest.raises(Unacceptable, match="no operator"):
        operators.reset(rival, OLGA, office.house.stores.vault(), office.clock)


def test_what_is_kept_opens_nothing(office: "Office", desk: Desk, settings: Any) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.ScryptPasswordHasher"]
    operators.reset(office.scope, OLGA, office.house.stores.vault(), office.clock)
    desk.enrol()
    row = Operator.of(office.scope).get()
    login = User.objects.get(username=f"person-{row.person_id}")
    assert login.password.startswith("scrypt$")
    assert desk.secret.encode() not in bytes(Secret.of(office.scope).get(place__startswith="operator/").token)
    assert not [one for one in desk.codes if one.replace("-", "") in str(row.recovery)]
    desk.signed_in()


# -- roles


def test_the_last_platform_admin_stays_one(office: "Office") -> None:
    ada, ben = people.find(office.scope, ADA), people.find(office.scope, BEN)
    with pytest.raises(Unacceptable, match="only platform admin"):
        people.give_role(office.scope, ada.person_id, Role.USER, office.clock)
    people.give_role(office.scope, ben.person_id, Role.PLATFORM_ADMIN, office.clock)
    people.give_role(office.scope, ada.person_id, Role.USER, office.clock)
    with pytest.raises(Unacceptable, match="is no role"):
        people.give_role(office.scope, ada.person_id, "king", office.clock)
    roles = AuditRow.of(office.scope).filter(action="person.role").order_by("id").values_list("details", flat=True)
    assert [row["after"] for row in roles] == ["platform-admin", "user"]
