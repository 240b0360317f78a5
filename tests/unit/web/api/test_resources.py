"""Each resource in each of its states: what it says is what the pages say, and what it does is what they do."""

import html
from typing import TYPE_CHECKING

import pytest

from crosstie.accounts import people
from crosstie.accounts.connection import mailboxes
from crosstie.accounts.connection.mailboxes import MailboxRef
from crosstie.accounts.governance import settings
from crosstie.accounts.sync import schedule
from crosstie.domain.settings import Level, catalogue
from crosstie.store.models import AuditRow, ItemState, Mailbox, Person, SessionRun
from sandbox.faults import Fault
from tests.unit.web.api.program import Program, of, refused, token_of
from tests.unit.web.office import ADA, BEN, CLEO
from tests.unit.web.test_pages import text

if TYPE_CHECKING:
    from tests.unit.web.office import Office


@pytest.fixture
def program(office: "Office") -> Program:
    return of(office)


def box(office: "Office", address: str = ADA) -> MailboxRef:
    return mailboxes.of_person(office.scope, people.find(office.scope, address).person_id)


def last_deed(office: "Office") -> AuditRow:
    found = AuditRow.of(office.scope).order_by("-id").first()
    assert found is not None
    return found


# -- me ------------------------------------------------------------------------------------------------


def test_me_is_whose_token_it_is(office: "Office", program: Program) -> None:
    found = program.get("/me")
    assert found["person"] == {
        "name": "Ada Keller",
        "address": ADA,
        "role": "platform-admin",
        "profile": "Default",
        "licence": "Standard",
    }
    assert found["mailbox"] == {"address": ADA, "vendor": "graph", "time_zone": "Europe/Berlin"}
    assert [(one["side"], one["state"]) for one in found["connections"]] == [
        ("mailbox", "connected"),
        ("salesforce", "connected"),
    ]
    assert (found["token"]["name"], found["token"]["may_act"]) == ("a program", True)
    assert program.token.startswith(found["token"]["beginning"] + ".")
    assert of(office, BEN).get("/me")["person"]["address"] == BEN


def test_somebody_without_a_mailbox(office: "Office") -> None:
    people.add(office.scope, people.PersonDetails("Cleo", CLEO), office.clock)
    program = of(office, CLEO)
    found = program.get("/me")
    assert (found["mailbox"], found["connections"]) == (None, [])
    for method, path in (("GET", "/sync"), ("POST", "/sync/force"), ("GET", "/issues"), ("GET", "/sessions")):
        refused(program.ask(method, path), 409, "MAILBOX-UNKNOWN")
    assert program.get("/settings")["settings"]
    assert program.patch("/settings", {"mail.auto-save": False})["settings"][0]["value"] is False


@pytest.mark.parametrize(
    ("code", "side"), [("GRAPH-SIGN-IN-REVOKED", "mailbox"), ("CRM-TOKEN-APP-BLOCKED", "salesforce")]
)
def test_a_connection_that_is_lost_says_why(office: "Office", program: Program, code: str, side: str) -> None:
    Mailbox.of(office.scope).filter(address=ADA).update(state="suspended", last_error_code=code)
    states = {one["side"]: one for one in program.get("/me")["connections"]}
    assert (states[side]["state"], states[side]["code"]) == ("trouble", code)
    assert states[side]["sentence"] in html.unescape(text(office.signed_in(), "/mend"))
    (other,) = states.keys() - {side}
    assert states[other]["state"] == "connected"


# -- sync ----------------------------------------------------------------------------------------------


def test_sync_says_what_the_page_says(office: "Office", program: Program) -> None:
    assert program.get("/sync")["last"] is None
    office.mail("Offer", "nora@birchworks.test")
    office.sync()
    found = program.get("/sync")
    assert (found["state"], found["code"], found["interval_seconds"]) == ("on", "IDLE", 1800)
    assert (found["last"]["counts"], found["last"]["error_code"]) == ({"saved": 1}, None)
    assert found["last"]["sentence"] == "The last session: 1 saved."
    assert found["next_at"].endswith("Z")


def test_force_starts_a_session_once_a_minute(office: "Office", program: Program) -> None:
    office.sync()
    said = program.post("/sync/force")
    assert (said["code"], said["sync"]["code"]) == ("FORCED", "DUE")
    assert (last_deed(office).face, last_deed(office).action) == ("api", "mailbox.force")
    assert last_deed(office).actor_id == people.find(office.scope, ADA).person_id
    answer = program.ask("POST", "/sync/force")
    refused(answer, 429, "FORCED-LATELY")
    assert int(answer.headers["Retry-After"]) == 60
    office.clock.pass_time(61)
    assert program.post("/sync/force")["code"] == "FORCED"


def test_pause_and_start_may_be_said_twice(office: "Office", program: Program) -> None:
    assert [program.post("/sync/pause")["code"] for _ in range(2)] == ["PAUSED", "PAUSED-ALREADY"]
    assert Mailbox.of(office.scope).get(address=ADA).paused
    assert not Mailbox.of(office.scope).get(address=BEN).paused
    refused(program.ask("POST", "/sync/force"), 409, "PAUSED-CANNOT")
    assert [program.post("/sync/start")["code"] for _ in range(2)] == ["RESUMED", "RUNS-ALREADY"]
    assert AuditRow.of(office.scope).filter(face="api").count() == 2


def test_what_cannot_be_done_as_things_stand(office: "Office", program: Program) -> None:
    house = office.house
    states = house.stores.states(box(office).scope)
    assert states.claim(box(office).mailbox_id, office.clock.now(), holder="a", lease_seconds=60)
    refused(program.ask("POST", "/sync/force"), 409, "RUNNING")
    office.clock.pass_time(3600)
    mailboxes.deactivate(office.scope, box(office).mailbox_id, office.clock)
    assert program.get("/sync")["state"] == "disabled"
    refused(program.ask("POST", "/sync/force"), 409, "DISABLED")


# -- settings ------------------------------------------------------------------------------------------


def setting(program: Program, name: str) -> dict[str, object]:
    (found,) = [one for one in program.get("/settings")["settings"] if one["name"] == name]
    assert isinstance(found, dict)
    return found


def test_settings_say_where_they_come_from(office: "Office", program: Program) -> None:
    found = setting(program, "mail.auto-save")
    assert (found["value"], found["own"], found["origins"], found["may_set"]) == (True, None, ["global"], True)
    assert found["sentence"] == "mail.auto-save is on: set for everybody."
    settings.put(office.scope, settings.EVERYBODY, "mail.auto-save", "off", office.clock, locked=True)
    found = setting(program, "mail.auto-save")
    assert (found["value"], found["locked_by"], found["may_set"]) == (False, "global", False)
    assert setting(program, "events.direction")["may_set"] is False, "a profile's to set"
    names = [one["name"] for one in program.get("/settings")["settings"]]
    assert "notices.addresses" not in names


def test_several_settings_are_changed_at_once(office: "Office", program: Program) -> None:
    wanted = {"mail.auto-save": False, "blocklist": ["eve@oak.test"], "mail.threads": True}
    said = program.patch("/settings", wanted)["settings"]
    assert {one["name"]: one["own"] for one in said} == wanted
    ben = settings.for_person(office.scope, box(office, BEN).person_id)
    assert settings.get(office.scope, ben, "blocklist") == ()
    deeds = AuditRow.of(office.scope).filter(face="api", action="settings.set")
    assert {row.details["name"] for row in deeds} == set(wanted)
    program.patch("/settings", dict.fromkeys(wanted))
    found = setting(program, "mail.auto-save")
    assert (found["value"], found["own"]) == (True, None)


def test_of_several_settings_none_is_changed_when_one_is_refused(office: "Office", program: Program) -> None:
    settings.put(office.scope, settings.EVERYBODY, "links.opportunities", "on", office.clock, locked=True)
    before = program.get("/settings"), AuditRow.of(office.scope).count()
    wanted = {
        "mail.auto-save": False,
        "links.opportunities": False,
        "events.direction": "both",
        "blocklist": ["*.oak.test"],
    }
    found = refused(program.ask("PATCH", "/settings", wanted), 422, "SETTINGS-REFUSED")
    assert {one["pointer"]: one["code"] for one in found["errors"]} == {
        "/links.opportunities": "SETTING-LOCKED",
        "/events.direction": "SETTING-LEVEL",
        "/blocklist": "WILDCARD",
    }
    assert (program.get("/settings"), AuditRow.of(office.scope).count()) == before


def test_what_is_not_a_persons_to_set_is_not_theirs_to_take_away_nor_to_see(office: "Office") -> None:
    place = settings.EVERYBODY
    settings.put(office.scope, place, "notices.addresses", ["secret-desk@larch.test"], office.clock)
    program = of(office, BEN)
    others = [name for name, (_, info) in catalogue().items() if info.lowest is not Level.USER]
    answer = program.ask("PATCH", "/settings", dict.fromkeys(others))
    found = refused(answer, 422, "SETTINGS-REFUSED")
    assert {one["pointer"]: one["code"] for one in found["errors"]} == dict.fromkeys(
        [f"/{name}" for name in others], "SETTING-LEVEL"
    )
    assert "secret-desk" not in answer.content.decode()
    assert "secret-desk" not in program.ask("GET", "/settings").content.decode()
    assert set(others) >= settings.OF_ADMINISTRATORS
    assert not AuditRow.of(office.scope).filter(face="api").exists()


def test_what_would_be_taken_out_of_the_calendar_is_said_first(
    office: "Office", program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    from crosstie.engine.mirror import foreseeing

    program.patch("/settings", {"events.from-salesforce": True})
    monkeypatch.setattr(foreseeing, "count", lambda ports, mailbox_id: 3)
    found = refused(program.ask("PATCH", "/settings", {"events.from-salesforce": False}), 409, "WOULD-TAKE-AWAY")
    assert found["detail"].startswith("3 items")
    assert setting(program, "events.from-salesforce")["value"] is True
    program.patch("/settings?take_away=true", {"events.from-salesforce": False})
    assert setting(program, "events.from-salesforce")["value"] is False


# -- issues --------------------------------------------------------------------------------------------


@pytest.fixture
def item(office: "Office") -> str:
    """An e-mail that a validation rule refused."""
    office.company.site.org.add_validation_rule("EmailMessage", 'Subject = "Drawings"', "Drawings stay secret.")
    office.mail("Drawings", "nora@birchworks.test")
    office.sync()
    return str(ItemState.of(office.scope).get(reason_code="CRM-VALIDATION").item_id)


def test_issues_say_what_the_page_says_and_not_what_is_in_them(
    office: "Office", program: Program, item: str
) -> None:
    answer = program.ask("GET", "/issues")
    assert '"Drawings"' not in answer.content.decode(), "its subject"
    found = program.get("/issues")
    assert found["held"] == []
    (issue,) = found["issues"]
    assert (issue["id"], issue["kind"], issue["code"]) == (item, "e-mail", "CRM-VALIDATION")
    assert issue["source"] == "Salesforce"
    assert issue["advice"].startswith("Ask your Salesforce administrator")
    assert issue["message_id"].endswith(">")
    assert issue["mailbox_url"].startswith("http")
    assert issue["first_at"] == issue["last_at"]
    assert program.get("/why?item=" + item)["items"][0]["sentence"] == issue["sentence"]


def test_an_issue_is_tried_again(office: "Office", program: Program, item: str) -> None:
    assert program.post(f"/issues/{item}/retry")["code"] == "RETRIED"
    assert Mailbox.of(office.scope).get(address=ADA).due_at == office.clock.now()
    assert (last_deed(office).face, last_deed(office).action) == ("api", "issues.retry")
    refused(program.ask("POST", "/issues/nothing/retry"), 404, "NO-SUCH-ISSUE")
    refused(program.ask("POST", "/issues/a%2Fb%2Fretry/retry"), 404, "NO-SUCH-ISSUE")
    refused(program.ask("POST", f"/issues/{'x' * 401}/retry"), 422, "INPUT-BAD")
    schedule.pause(office.scope, box(office).mailbox_id, office.clock)
    refused(program.ask("POST", f"/issues/{item}/retry"), 409, "PAUSED-CANNOT")


def test_what_stops_a_whole_mailbox_is_an_issue_without_an_item(office: "Office", program: Program) -> None:
    Mailbox.of(office.scope).filter(address=ADA).update(state="suspended", last_error_code="GRAPH-APP-SECRET")
    (issue,) = program.get("/issues")["issues"]
    assert (issue["id"], issue["kind"]) == (None, "sync")


# -- why -----------------------------------------------------------------------------------------------


def test_why_by_item_and_by_message_id(office: "Office", program: Program) -> None:
    office.mail("Offer", "nora@birchworks.test")
    office.sync()
    item = str(ItemState.of(office.scope).exclude(record_id="").get().item_id)
    (by_item,) = program.get(f"/why?item={item}")["items"]
    assert (by_item["item"], by_item["outcome"]) == (item, "saved")
    assert by_item["record_url"].startswith("http://sandbox.test/")
    assert program.get("/why?item=" + by_item["message_id"].replace("+", "%2B"))["items"] == [by_item]
    refused(program.ask("GET", "/why?item=nothing"), 404, "WHY-UNKNOWN")
    refused(of(office, BEN).ask("GET", f"/why?item={item}"), 404, "WHY-UNKNOWN")


def test_why_of_what_left_the_mailbox_is_still_known(office: "Office", program: Program) -> None:
    office.mail("Offer", "nora@birchworks.test")
    office.sync()
    item = str(ItemState.of(office.scope).exclude(record_id="").get().item_id)
    store = office.app.world.mailboxes
    mailbox = store.mailbox(ADA)
    assert mailbox is not None
    store.delete(mailbox, next(store.find(mailbox, subject="Offer")), for_good=True)
    (found,) = program.get(f"/why?item={item}")["items"]
    assert (found["outcome"], found["message_id"]) == ("saved", None)
    assert found["record_url"].startswith("http://sandbox.test/")


def test_a_mailbox_out_of_reach_is_said_with_advice(office: "Office", program: Program) -> None:
    office.app.world.faults.add(Fault("refuse", face="graph", status=503, times=1000))
    found = refused(program.ask("GET", "/why?item=x"), 503, "GRAPH-UNAVAILABLE")
    assert found["detail"].startswith("The mailbox cannot be reached at the moment.")
    assert program.get("/issues") == {"issues": [], "held": []}, "nothing is asked where nothing is refused"


# -- sessions ------------------------------------------------------------------------------------------


def test_sessions_come_in_pages(office: "Office", program: Program) -> None:
    assert program.get("/sessions") == {"sessions": [], "next": None}
    for number in range(5):
        office.mail(f"Offer {number}", "nora@birchworks.test")
        office.clock.pass_time(3600)
        office.sync()
    assert SessionRun.of(office.scope).filter(mailbox_id=box(office).mailbox_id).count() == 5
    seen, cursor = [], ""
    for _ in range(4):
        page = program.get(f"/sessions?limit=2{cursor}")
        seen += page["sessions"]
        if page["next"] is None:
            break
        cursor = f"&cursor={page['next']}"
    assert len(seen) == 5
    assert [one["ended_at"] for one in seen] == sorted({one["ended_at"] for one in seen}, reverse=True)
    assert seen[0]["counts"] == {"saved": 1}
    assert (seen[0]["error_code"], seen[0]["advice"]) == (None, None)
    for wrong in ("limit=0", "limit=101", "limit=x", "cursor=x", "cursor=-1", "cursor=" + "9" * 19):
        refused(program.ask("GET", f"/sessions?{wrong}"), 422, "INPUT-BAD")


def test_a_token_that_only_reads(office: "Office") -> None:
    reader = of(office, may_act=False)
    for path in ("/me", "/sync", "/settings", "/issues", "/sessions"):
        assert reader.get(path)
    for method, path in (("POST", "/sync/force"), ("POST", "/sync/pause"), ("POST", "/issues/x/retry")):
        answer = reader.ask(method, path)
        refused(answer, 403, "TOKEN-READ-ONLY")
        assert 'error="insufficient_scope"' in answer.headers["WWW-Authenticate"]
    refused(reader.ask("PATCH", "/settings", {"mail.auto-save": False}), 403, "TOKEN-READ-ONLY")
    assert not AuditRow.of(office.scope).filter(face="api").exists()


def test_a_token_goes_with_its_person(office: "Office", program: Program) -> None:
    assert program.get("/me")
    token_of(office)
    Person.of(office.scope).get(address=ADA).delete()
    refused(program.ask("GET", "/me"), 401, "UNAUTHORIZED")


def test_leaving_is_no_pause(office: "Office", program: Program) -> None:
    Mailbox.of(office.scope).filter(address=ADA).update(leaving_since=office.clock.now())
    refused(program.ask("POST", "/sync/pause"), 409, "LEAVING-ALREADY")
