"""What each of Salesforce's doubts changes for a client."""

from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

from sandbox.company import CRM_CLIENT, CRM_SECRET
from tests.unit.sandbox.doubts.stage import CALLBACK, Stage, case

VERIFIER = "v" * 43
CHALLENGE = "7w_YNF9DSfIdPf_pRjSq646_kPr-2-o9NAl16JGghdM"
"""S256 of VERIFIER."""


@case("salesforce.line_ends_turn_lf", on="a\nb", off="a\r\nb")
def _(stage: Stage) -> object:
    stage.create("Task", Subject="Call", Description="a\r\nb")
    return stage.values("SELECT Description FROM Task")[0]


@case("salesforce.lines_trimmed", on="a\nb", off="a  \nb")
def _(stage: Stage) -> object:
    stage.create("Task", Subject="Call", Description="a  \nb")
    return stage.values("SELECT Description FROM Task")[0]


@case("salesforce.same_values_move_stamp", on=True, off=False)
def _(stage: Stage) -> object:
    task = stage.create("Task", Subject="Call")
    (before,) = stage.values("SELECT SystemModstamp FROM Task")
    stage.wait(minutes=1)
    stage.crm("PATCH", f"/sobjects/Task/{task}", {"Subject": "Call"})
    return stage.values("SELECT SystemModstamp FROM Task") != [before]


@case("salesforce.same_key_is_external_id", on="DUPLICATE_EXTERNAL_ID", off="DUPLICATE_VALUE")
def _(stage: Stage) -> object:
    stage.create("Task", Subject="Call", Crosstie_Key__c="1")
    again = stage.crm("POST", "/sobjects/Task", {"Subject": "Call", "Crosstie_Key__c": "1"})
    return again.json()[0]["errorCode"]


@case("salesforce.upsert_tells_nothing", on=(201, 204), off=(201, 200))
def _(stage: Stage) -> object:
    path, body = "/sobjects/Task/Crosstie_Key__c/1", {"Subject": "Call"}
    return tuple(stage.crm("PATCH", path, body).status_code for _n in range(2))


@case("salesforce.late_commit", on=True, off=False)
def _(stage: Stage) -> object:
    stage.tasks(20)
    now = stage.clock.now().strftime("%Y-%m-%dT%H:%M:%S.000+0000")
    return any(stamp < now for stamp in stage.values("SELECT SystemModstamp FROM Task"))


@case("salesforce.lead_excludes_what", on=400, off=201)
def _(stage: Stage) -> object:
    lead, account = next(iter(stage.company.leads.values())), next(iter(stage.company.accounts.values()))
    task = {"Subject": "Call", "WhoId": lead, "WhatId": account}
    return stage.crm("POST", "/sobjects/Task", task).status_code


@case("salesforce.lead_stands_alone", on=400, off=201)
def _(stage: Stage) -> object:
    whos = [next(iter(stage.company.leads.values())), next(iter(stage.company.contacts.values()))]
    return stage.crm("POST", "/sobjects/Task", {"Subject": "Call", "TaskWhoIds": whos}).status_code


@case("salesforce.archived_is_read_only", on=400, off=204)
def _(stage: Stage) -> object:
    task = stage.create("Task", Subject="Call", Status="Completed", ActivityDate="2024-11-20")
    assert stage.site.org.archive_activities() == 1
    return stage.crm("PATCH", f"/sobjects/Task/{task}", {"Subject": "Again"}).status_code


def meeting(stage: Stage, **fields: object) -> str:
    usual = {"Subject": "Visit", "StartDateTime": "2026-11-23T09:00:00Z", "DurationInMinutes": 45}
    return stage.create("Event", **usual | fields)


@case("salesforce.activity_lists_are_queried", on=200, off=400)
def _(stage: Stage) -> object:
    return stage.crm("GET", "/query?q=SELECT+EventWhoIds+FROM+Event").status_code


@case("salesforce.all_day_end_is_last_day", on="2026-11-23", off="2026-11-24")
def _(stage: Stage) -> object:
    meeting(stage, IsAllDayEvent=True, StartDateTime="2026-11-23T00:00:00Z", DurationInMinutes=1440)
    return stage.values("SELECT EndDateTime FROM Event")[0][:10]


@case("salesforce.client_managed_is_guarded", on=400, off=204)
def _(stage: Stage) -> object:
    event = meeting(stage)
    stage.site.org.setup.client_managed(event)
    return stage.crm("PATCH", f"/sobjects/Event/{event}", {"Location": "Hall"}).status_code


@case("salesforce.new_owner_stays_invited", on=2, off=1)
def _(stage: Stage) -> object:
    event, (ada, ben) = meeting(stage), (one.user for one in stage.company.colleagues[:2])
    stage.crm("PATCH", f"/sobjects/Event/{event}", {"OwnerId": ada})
    stage.create("EventRelation", EventId=event, RelationId=ben)
    stage.crm("PATCH", f"/sobjects/Event/{event}", {"OwnerId": ben})
    return len(stage.values("SELECT Id FROM Event"))


@case("salesforce.deleted_copy_declines", on=["Declined"], off=[])
def _(stage: Stage) -> object:
    event = meeting(stage, OwnerId=stage.company.colleagues[0].user)
    stage.create("EventRelation", EventId=event, RelationId=stage.company.colleagues[1].user)
    (copy,) = stage.values("SELECT Id FROM Event WHERE IsChild = true")
    stage.crm("DELETE", f"/sobjects/Event/{copy}")
    return stage.values("SELECT Status FROM EventRelation")


@case("salesforce.inactive_guests_are_refused", on="INACTIVE_OWNER_OR_USER", off=201)
def _(stage: Stage) -> object:
    ada, ben, *_ = (one.user for one in stage.company.colleagues)
    event = meeting(stage, OwnerId=ada)
    stage.crm("PATCH", f"/sobjects/User/{ben}", {"IsActive": False})
    answer = stage.crm("POST", "/sobjects/EventRelation", {"EventId": event, "RelationId": ben})
    return answer.status_code if answer.is_success else answer.json()[0]["errorCode"]


@case("salesforce.etags_for_all", on=(True, 412), off=(False, 204))
def _(stage: Stage) -> object:
    path = f"/sobjects/Task/{stage.create('Task', Subject='Call')}"
    told = "ETag" in stage.crm("GET", path).headers
    return told, stage.crm("PATCH", path, {"Subject": "Again"}, If_Match='"old"').status_code


@case("salesforce.collections_few_chunks", on=400, off=200)
def _(stage: Stage) -> object:
    both = (
        {"attributes": {"type": "Task"}, "Subject": "Call"},
        {"attributes": {"type": "Account"}, "Name": "Fir"},
    )
    return stage.crm("POST", "/composite/sobjects", {"records": [both[n % 2] for n in range(12)]}).status_code


def approvals(stage: Stage, number: int) -> Iterator[str]:
    """Refresh tokens that one person gives one app, one after the other."""
    asked = {
        "response_type": "code",
        "client_id": CRM_CLIENT,
        "redirect_uri": CALLBACK,
        "scope": "api refresh_token",
        "code_challenge": CHALLENGE,
        "code_challenge_method": "S256",
        "auto": "ada@larch.test",
    }
    for _ in range(number):
        back = stage.http.get("/services/oauth2/authorize", params=asked).headers["Location"]
        (code,) = parse_qs(urlsplit(back).query)["code"]
        form = {"code": code, "redirect_uri": CALLBACK, "code_verifier": VERIFIER}
        yield token(stage, "authorization_code", **form)["refresh_token"]


def token(stage: Stage, grant: str, **form: str) -> dict[str, str]:
    secret = {"client_id": CRM_CLIENT, "client_secret": CRM_SECRET, "grant_type": grant}
    body: dict[str, str] = stage.http.post("/services/oauth2/token", data=secret | form).json()
    return body


@case("salesforce.five_approvals", on="invalid_grant", off="")
def _(stage: Stage) -> object:
    first, *_ = approvals(stage, 6)
    return token(stage, "refresh_token", refresh_token=first).get("error", "")


@case("salesforce.uninstalled_app_refused", on="invalid_client", off="")
def _(stage: Stage) -> object:
    stage.site.apps[CRM_CLIENT].installed = False
    return token(stage, "client_credentials").get("error", "")
