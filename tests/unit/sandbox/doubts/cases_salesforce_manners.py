"""What happens in an org although nobody asked, seen by a client that wrote, waited and looks again."""

from typing import Any

from tests.unit.sandbox.doubts.stage import Stage, case

OFTEN = 60
"""Looks: enough for what happens at one of ten."""


def later(stage: Stage, soql: str) -> list[Any]:
    """When every flow and every other product has had its time."""
    stage.wait(minutes=2)
    return stage.values(soql)


@case("salesforce.flow_edits_new_rows", on=(True, False), off=(False, False))
def _(stage: Stage) -> object:
    """Once a row: what is set again stays."""
    tasks = stage.tasks(12)
    fresh = later(stage, "SELECT Subject FROM Task")
    for task in tasks:
        stage.crm("PATCH", f"/sobjects/Task/{task}", {"Subject": "Call"})
    return any(map(checked, fresh)), any(map(checked, later(stage, "SELECT Subject FROM Task")))


@case("salesforce.flow_edits_every_write", on=(True, True), off=(False, False))
def _(stage: Stage) -> object:
    tasks = stage.tasks(12)
    fresh = later(stage, "SELECT Subject FROM Task")
    for task in tasks:
        stage.crm("PATCH", f"/sobjects/Task/{task}", {"Subject": "Call"})
    return any(map(checked, fresh)), any(map(checked, later(stage, "SELECT Subject FROM Task")))


def checked(subject: str) -> bool:
    return subject.endswith("(checked)")


@case("salesforce.flow_changes_owner", on=True, off=False)
def _(stage: Stage) -> object:
    stage.tasks(12)
    return set(later(stage, "SELECT OwnerId FROM Task")) != {stage.site.org.admin}


@case("salesforce.automation_empties_fields", on=True, off=False)
def _(stage: Stage) -> object:
    stage.tasks(12, Description="Bring the plan.")
    return None in later(stage, "SELECT Description FROM Task")


@case("salesforce.rival_saves_same_mail", on=True, off=False)
def _(stage: Stage) -> object:
    for number in range(8):
        stage.create("EmailMessage", Subject="Plan", MessageIdentifier=f"<{number}@birch.test>", Status="3")
    found = later(stage, "SELECT MessageIdentifier FROM EmailMessage")
    return len(found) > len(set(found)) == 8


@case("salesforce.rival_edits_rows", on=True, off=False)
def _(stage: Stage) -> object:
    stage.tasks(12)
    return set(later(stage, "SELECT LastModifiedById FROM Task")) != {stage.site.org.admin}


@case("salesforce.sharing_flickers", on=(True, True), off=(False, False))
def _(stage: Stage) -> object:
    """A row is gone and comes back; its stamp is what it was."""
    stage.sign_in_to_crm(stage.company.colleagues[0].user)
    soql = "SELECT Id, SystemModstamp FROM Contact"
    all_of_them = stage.query(soql)["records"]
    seen = []
    for _n in range(OFTEN):
        stage.wait(seconds=60)
        seen.append(stage.query(soql)["records"])
    fewer = [rows for rows in seen if len(rows) < len(all_of_them)]
    first = seen.index(fewer[0]) if fewer else 0
    assert all(row in all_of_them for rows in seen for row in rows)
    return bool(fewer), bool(fewer) and all_of_them in seen[first:]


@case("salesforce.stamps_move_at_rest", on=True, off=False)
def _(stage: Stage) -> object:
    soql = "SELECT Id, Name, SystemModstamp FROM Account"
    before = stage.query(soql)["records"]
    for _n in range(OFTEN):
        stage.wait(seconds=60)
        after = stage.query(soql)["records"]
    assert [row["Name"] for row in before] == [row["Name"] for row in after]
    return before != after


@case("salesforce.fields_hide_in_mid_run", on=True, off=False)
def _(stage: Stage) -> object:
    numbers = set()
    for _n in range(OFTEN):
        stage.wait(minutes=11)
        stage.sign_in_to_crm()
        for name in ("Task", "Contact", "Account"):
            numbers.add((name, len(stage.crm("GET", f"/sobjects/{name}/describe").json()["fields"])))
    return len(numbers) > 3


@case("salesforce.pages_overlap", on=True, off=False)
def _(stage: Stage) -> object:
    stage.tasks(450)
    found = stage.values("SELECT Id FROM Task ORDER BY Id")
    assert len(set(found)) == 450
    return len(found) > 450


@case("salesforce.pages_shuffled", on=False, off=True)
def _(stage: Stage) -> object:
    stage.tasks(250)
    found = stage.values("SELECT Subject FROM Task ORDER BY Subject")
    assert len(found) == 250
    return found == sorted(found)


@case("salesforce.small_pages", on=True, off=False)
def _(stage: Stage) -> object:
    stage.tasks(10)
    pages = [stage.query("SELECT Id FROM Task") for _ in range(10)]
    assert all(page["totalSize"] == 10 for page in pages)
    return any(not page["done"] for page in pages)


@case("salesforce.locators_die", on=True, off=False)
def _(stage: Stage) -> object:
    stage.tasks(250)
    codes = set()
    for _n in range(20):
        page = stage.query("SELECT Id FROM Task", Sforce_Query_Options="batchSize=200")
        codes.add(stage.crm("GET", page["nextRecordsUrl"]).status_code)
    return 400 in codes


@case("salesforce.sessions_end_early", on=True, off=False)
def _(stage: Stage) -> object:
    assert {stage.crm("GET", "/limits").status_code for _ in range(OFTEN)} == {200}, "a fresh session lives"
    stage.wait(minutes=2)
    return 401 in {stage.crm("GET", "/limits").status_code for _ in range(OFTEN)}


@case("salesforce.rival_product_runs", on=(True, 3, 2, True), off=(False, 0, 0, False))
def _(stage: Stage) -> object:
    """Its app, three of its sign-ins, its marks on an event and a mail, and who changed these last."""
    start = "2026-11-23T09:00:00Z"
    stage.create("Event", Subject="Visit", StartDateTime=start, DurationInMinutes=30)
    stage.create("EmailMessage", Subject="Plan", MessageIdentifier="<1@birch.test>", Status="3")
    stage.wait(minutes=1)
    for _n in range(3):
        apps = stage.values("SELECT Name FROM ConnectedApplication")
        stage.wait(minutes=16)
    signed_in = stage.query("SELECT Application FROM LoginHistory")["records"]
    rows = [
        row
        for name in ("Event", "EmailMessage")
        for row in stage.query(f"SELECT FIELDS(CUSTOM), LastModifiedBy.Name FROM {name} LIMIT 9")["records"]
    ]
    marked = [row for row in rows if row.get("rivalsync__Key__c")]
    runs = sum(row["Application"] == "Rival Sync" for row in signed_in)
    by_him = all(row["LastModifiedBy"]["Name"] == "Rival Product" for row in marked) and bool(marked)
    return "Rival Sync" in apps, min(runs, 3), len(marked), by_him


@case("salesforce.rival_copies_events", on=[(1, 1), (1, 1), (2, 2)], off=[(1, 0), (1, 0), (2, 0)])
def _(stage: Stage) -> object:
    """How many Events and appointments there are after each round: what it made itself it does not copy."""
    found = []
    address = stage.box.address
    user = next(one.user for one in stage.company.colleagues if one.address == address)
    for title in ("Visit", "", "Fair"):
        if title:
            start = "2026-11-23T09:00:00Z"
            stage.create("Event", Subject=title, OwnerId=user, StartDateTime=start, DurationInMinutes=30)
        stage.wait(minutes=16)
        found.append((len(stage.values("SELECT Subject FROM Event")), len(stage.box.appointments)))
    return found
