"""Tasks and events: people, records, the account they count for; start, end, duration."""

from typing import Any

import pytest

from sandbox.salesforce.rules.events import END_IS_LAST_DAY, RELATIONS_SKIP_BIN
from tests.unit.sandbox.salesforce.conftest import Company, refusal

START = "2026-11-23T09:00:00Z"


@pytest.fixture
def people(company: Company) -> dict[str, Any]:
    account = company.add("Account", Name="Globex")
    other = company.add("Account", Name="Initech")
    ana = company.add("Contact", LastName="Ana", AccountId=account)
    ben = company.add("Contact", LastName="Ben", AccountId=other)
    return {
        "account": account,
        "other": other,
        "ana": ana,
        "ben": ben,
        "lead": company.add("Lead", LastName="Lea", Company="L"),
        "deal": company.add(
            "Opportunity", Name="D", StageName="Prospecting", CloseDate="2026-12-01", AccountId=other
        ),
        "case": company.add("Case", Subject="c", AccountId=other),
    }


@pytest.mark.parametrize(
    ("who", "what", "account"),
    [
        (None, None, None),
        ("ana", None, "account"),
        ("ana", "deal", "other"),
        (None, "account", "account"),
        (None, "case", None),
        ("ana", "case", "account"),
        ("lead", None, None),
    ],
)
@pytest.mark.parametrize("name", ["Task", "Event"])
def test_the_account_an_activity_counts_for(
    company: Company, people: dict[str, Any], name: str, who: str | None, what: str | None, account: str | None
) -> None:
    fields = {"WhoId": who and people[who], "WhatId": what and people[what]}
    if name == "Event":
        fields |= {"StartDateTime": START, "DurationInMinutes": 30}
    row = company.row(name, company.add(name, **fields))
    assert row["AccountId"] == (account and people[account])
    assert (row["WhoCount"], row["WhatCount"]) == (int(who is not None), int(what is not None))


def test_the_account_follows_a_change(company: Company, people: dict[str, Any]) -> None:
    task = company.add("Task", WhoId=people["ana"])
    company.change("Task", task, WhatId=people["deal"])
    assert company.row("Task", task)["AccountId"] == people["other"]
    company.change("Task", task, WhatId=None, WhoId=None)
    row = company.row("Task", task)
    assert (row["AccountId"], row["WhoCount"], row["WhatCount"]) == (None, 0, 0)
    assert company.values(f"SELECT Id FROM TaskRelation WHERE TaskId = '{task}'") == []


@pytest.mark.parametrize("name", ["Task", "Event"])
def test_a_lead_excludes_a_record(company: Company, people: dict[str, Any], name: str) -> None:
    fields = {"WhoId": people["lead"], "WhatId": people["account"]}
    if name == "Event":
        fields |= {"StartDateTime": START, "DurationInMinutes": 30}
    assert refusal(company.add, name, **fields).code == "FIELD_INTEGRITY_EXCEPTION"


def test_wrong_kinds_of_relations(company: Company, people: dict[str, Any]) -> None:
    assert refusal(company.add, "Task", WhoId=people["account"]).code == "FIELD_INTEGRITY_EXCEPTION"
    assert refusal(company.add, "Task", WhatId=people["ana"]).code == "FIELD_INTEGRITY_EXCEPTION"


def related(company: Company, task: str) -> list[tuple[str, bool]]:
    rows = company.records(f"SELECT RelationId, IsWhat FROM TaskRelation WHERE TaskId = '{task}' ORDER BY Id")
    return [(row["RelationId"], row["IsWhat"]) for row in rows]


def test_several_people_of_a_task(company: Company, people: dict[str, Any]) -> None:
    ana, ben = people["ana"], people["ben"]
    task = company.add("Task", TaskWhoIds=[ben, ana, ben], WhatId=people["deal"])
    row = company.row("Task", task)
    assert (row["WhoId"], row["TaskWhoIds"], row["WhoCount"]) == (ben, [ben, ana], 2)
    assert related(company, task) == [(ben, False), (ana, False), (people["deal"], True)]
    company.change("Task", task, TaskWhoIds=[ana])
    row = company.row("Task", task)
    assert (row["WhoId"], row["TaskWhoIds"]) == (ana, [ana])
    company.change("Task", task, TaskWhoIds=None)
    assert (company.row("Task", task)["WhoId"], related(company, task)) == (None, [(people["deal"], True)])


def test_the_first_person_may_be_named_beside_the_others(company: Company, people: dict[str, Any]) -> None:
    task = company.add("Task", WhoId=people["ana"], TaskWhoIds=[people["ben"]])
    assert company.row("Task", task)["TaskWhoIds"] == [people["ana"], people["ben"]]
    company.change("Task", task, WhoId=people["ben"])
    assert company.row("Task", task)["WhoId"] == people["ben"]


@pytest.mark.parametrize("whos", [["lead", "ana"], ["ana", "lead"], ["many"]])
def test_people_that_do_not_go_together(company: Company, people: dict[str, Any], whos: list[str]) -> None:
    if whos == ["many"]:
        ids = [company.add("Contact", LastName=f"c{number}") for number in range(51)]
    else:
        ids = [people[who] for who in whos]
    assert refusal(company.add, "Task", TaskWhoIds=ids).code == "FIELD_INTEGRITY_EXCEPTION"


def test_without_shared_activities_there_are_no_lists(company: Company, people: dict[str, Any]) -> None:
    company.org.features.shared_activities = False
    assert refusal(company.add, "Task", TaskWhoIds=[people["ana"]]).code == "INVALID_FIELD"
    company.add("Task", WhoId=people["ana"])
    assert refusal(company.records, "SELECT TaskWhoIds FROM Task").code == "INVALID_FIELD"
    assert refusal(company.records, "SELECT Id FROM TaskRelation").code == "INVALID_TYPE"
    names = {item["name"] for item in company.org.describe_global(company.integration)["sobjects"]}
    assert "TaskRelation" not in names


def test_a_relation_is_made_once(company: Company, people: dict[str, Any]) -> None:
    task = company.add("Task", WhoId=people["ana"])
    company.add("TaskRelation", TaskId=task, RelationId=people["ben"])
    assert company.row("Task", task)["TaskWhoIds"] == [people["ana"], people["ben"]]
    assert refusal(company.add, "TaskRelation", TaskId=task, RelationId=people["ben"]).code == "DUPLICATE_VALUE"


def test_a_relation_deleted_by_itself_leaves_nothing(company: Company, people: dict[str, Any]) -> None:
    task = company.add("Task", TaskWhoIds=[people["ana"], people["ben"]], WhatId=people["account"])
    rows = {row["RelationId"]: row["Id"] for row in company.records("SELECT RelationId, Id FROM TaskRelation")}
    company.later(seconds=3)
    company.org.delete(company.ann, rows[people["ana"]])
    row = company.row("Task", task)
    assert (row["WhoId"], row["WhoCount"], row["SystemModstamp"]) == (
        people["ben"],
        1,
        "2026-11-20T10:00:03.000+0000",
    )
    company.org.delete(company.ann, rows[people["account"]])
    assert company.row("Task", task)["WhatId"] is None
    company.change("Task", task, TaskWhoIds=[people["ana"]])
    left = company.records("SELECT RelationId, IsDeleted FROM TaskRelation", all_rows=True)
    assert left == [{"RelationId": people["ana"], "IsDeleted": False}]
    company.org.delete(company.ann, task)
    left = company.records("SELECT RelationId, IsDeleted FROM TaskRelation", all_rows=True)
    assert left == [{"RelationId": people["ana"], "IsDeleted": True}], "with its task it goes into the bin"


def test_an_invitation_deleted_by_itself(company: Company, people: dict[str, Any]) -> None:
    for skips, seen in ((True, []), (False, [True])):
        company.org.switches.turn(RELATIONS_SKIP_BIN.name, skips)
        event = company.add("Event", StartDateTime=START, DurationInMinutes=45)
        relation = company.add("EventRelation", EventId=event, RelationId=people["ben"])
        company.org.delete(company.integration, relation)
        soql = f"SELECT IsDeleted FROM EventRelation WHERE EventId = '{event}'"
        assert company.values(soql, all_rows=True) == seen


def test_one_row_for_who_is_both_related_and_invited(company: Company, people: dict[str, Any]) -> None:
    event = company.add("Event", StartDateTime=START, DurationInMinutes=45)
    company.add("EventRelation", EventId=event, RelationId=people["ana"])
    soql = "SELECT RelationId, IsParent, IsInvitee FROM EventRelation"
    company.change("Event", event, EventWhoIds=[people["ana"]])
    assert company.records(soql) == [{"RelationId": people["ana"], "IsParent": True, "IsInvitee": True}]
    company.change("Event", event, EventWhoIds=[])
    assert company.records(soql) == [{"RelationId": people["ana"], "IsParent": False, "IsInvitee": True}]
    assert company.row("Event", event)["WhoId"] is None


def test_closed_tasks(company: Company) -> None:
    task = company.add("Task", Subject="x")
    row = company.row("Task", task)
    assert (row["Status"], row["Priority"], row["IsClosed"], row["CompletedDateTime"], row["TaskSubtype"]) == (
        "Not Started",
        "Normal",
        False,
        None,
        "Task",
    )
    company.change("Task", task, Status="Completed", Priority="High")
    row = company.row("Task", task)
    assert (row["IsClosed"], row["CompletedDateTime"], row["IsHighPriority"]) == (
        True,
        "2026-11-20T10:00:00.000+0000",
        True,
    )
    company.later(days=1)
    company.change("Task", task, Subject="y")
    assert company.row("Task", task)["CompletedDateTime"] == "2026-11-20T10:00:00.000+0000"
    company.change("Task", task, Status="In Progress")
    assert company.row("Task", task)["CompletedDateTime"] is None


SHOWN = ("StartDateTime", "EndDateTime", "DurationInMinutes", "ActivityDate", "ActivityDateTime", "EndDate")
TIMES: list[tuple[dict[str, Any], tuple[Any, ...]]] = [
    (
        {"StartDateTime": START, "DurationInMinutes": 90},
        ("2026-11-23T09:00", "2026-11-23T10:30", 90, "2026-11-23", "2026-11-23T09:00", "2026-11-23"),
    ),
    (
        {"ActivityDateTime": START, "EndDateTime": "2026-11-23T09:15:00Z"},
        ("2026-11-23T09:00", "2026-11-23T09:15", 15, "2026-11-23", "2026-11-23T09:00", "2026-11-23"),
    ),
    (
        {"StartDateTime": START, "EndDateTime": "2026-11-25T09:00:00Z", "DurationInMinutes": 2880},
        ("2026-11-23T09:00", "2026-11-25T09:00", 2880, "2026-11-23", "2026-11-23T09:00", "2026-11-25"),
    ),
    (
        {"IsAllDayEvent": True, "ActivityDate": "2026-11-23"},
        ("2026-11-23T00:00", "2026-11-23T00:00", 1440, "2026-11-23", None, "2026-11-23"),
    ),
    (
        {"IsAllDayEvent": True, "StartDateTime": "2026-11-23T00:00:00Z", "EndDateTime": "2026-11-25T00:00:00Z"},
        ("2026-11-23T00:00", "2026-11-25T00:00", 4320, "2026-11-23", None, "2026-11-25"),
    ),
    (
        {"IsAllDayEvent": True, "ActivityDate": "2026-11-23", "DurationInMinutes": 14 * 1440},
        ("2026-11-23T00:00", "2026-12-06T00:00", 20160, "2026-11-23", None, "2026-12-06"),
    ),
]


@pytest.mark.parametrize(("fields", "shown"), TIMES)
def test_times_of_events(company: Company, fields: dict[str, Any], shown: tuple[Any, ...]) -> None:
    row = company.row("Event", company.add("Event", **fields))
    found = tuple(value[:16] if isinstance(value := row[name], str) else value for name in SHOWN)
    assert found == shown


@pytest.mark.parametrize("last_day", [True, False])
def test_the_end_of_an_all_day_event(company: Company, last_day: bool) -> None:
    company.org.switches.turn(END_IS_LAST_DAY.name, last_day)
    event = company.add("Event", IsAllDayEvent=True, ActivityDate="2026-11-23", DurationInMinutes=2880)
    row = company.row("Event", event)
    assert (row["EndDateTime"][:10], row["EndDate"]) == ("2026-11-24" if last_day else "2026-11-25", "2026-11-24")
    company.change("Event", event, EndDateTime="2026-11-26T00:00:00Z")
    assert company.row("Event", event)["DurationInMinutes"] == (4 if last_day else 3) * 1440
    company.change("Event", event, StartDateTime="2026-11-25T00:00:00Z", Subject="Moved")
    row = company.row("Event", event)
    assert (row["ActivityDate"], row["DurationInMinutes"]) == ("2026-11-25", (4 if last_day else 3) * 1440)


WRONG_TIMES: list[tuple[dict[str, Any], str, str]] = [
    ({}, "REQUIRED_FIELD_MISSING", "DurationInMinutes"),
    ({"StartDateTime": START}, "REQUIRED_FIELD_MISSING", "DurationInMinutes"),
    ({"IsAllDayEvent": True}, "REQUIRED_FIELD_MISSING", "ActivityDate"),
    ({"StartDateTime": START, "EndDateTime": "2026-11-23T08:00:00Z"}, "FIELD_INTEGRITY_EXCEPTION", "EndDateTime"),
    (
        {"StartDateTime": START, "EndDateTime": "2026-11-23T10:00:00Z", "DurationInMinutes": 30},
        "FIELD_INTEGRITY_EXCEPTION",
        "DurationInMinutes",
    ),
    ({"StartDateTime": START, "DurationInMinutes": -1}, "FIELD_INTEGRITY_EXCEPTION", "DurationInMinutes"),
    ({"StartDateTime": START, "DurationInMinutes": 20161}, "FIELD_INTEGRITY_EXCEPTION", "DurationInMinutes"),
    (
        {"StartDateTime": START, "EndDateTime": "2026-12-08T09:00:00Z"},
        "FIELD_INTEGRITY_EXCEPTION",
        "EndDateTime",
    ),
    (
        {"IsAllDayEvent": True, "ActivityDate": "2026-11-23", "EndDateTime": "2026-12-07T00:00:00Z"},
        "FIELD_INTEGRITY_EXCEPTION",
        "EndDateTime",
    ),
    (
        {"IsAllDayEvent": True, "ActivityDate": "2026-11-23", "StartDateTime": "2026-11-24T00:00:00Z"},
        "FIELD_INTEGRITY_EXCEPTION",
        "ActivityDate",
    ),
    (
        {"StartDateTime": START, "ActivityDateTime": "2026-11-23T09:01:00Z", "DurationInMinutes": 1},
        "FIELD_INTEGRITY_EXCEPTION",
        "ActivityDateTime",
    ),
    (
        {"StartDateTime": START, "ActivityDate": "2026-11-24", "DurationInMinutes": 1},
        "FIELD_INTEGRITY_EXCEPTION",
        "ActivityDate",
    ),
    (
        {"StartDateTime": START, "DurationInMinutes": 1, "IsRecurrence": True},
        "REQUIRED_FIELD_MISSING",
        "RecurrenceType",
    ),
]


@pytest.mark.parametrize(("fields", "code", "field"), WRONG_TIMES)
def test_wrong_times_of_events(company: Company, fields: dict[str, Any], code: str, field: str) -> None:
    refused = refusal(company.add, "Event", **fields)
    assert (refused.code, field in refused.fields) == (code, True)


def test_a_day_is_the_longest_without_multiday_events(company: Company) -> None:
    company.org.features.multiday_events = False
    company.add("Event", StartDateTime=START, DurationInMinutes=1440)
    long = refusal(company.add, "Event", StartDateTime=START, DurationInMinutes=1441)
    assert long.code == "FIELD_INTEGRITY_EXCEPTION"


def test_moving_an_event(company: Company) -> None:
    event = company.add("Event", StartDateTime=START, DurationInMinutes=45)
    company.change("Event", event, StartDateTime="2026-11-24T09:00:00Z")
    row = company.row("Event", event)
    assert (row["EndDateTime"][:16], row["DurationInMinutes"]) == ("2026-11-24T09:45", 45)
    company.change("Event", event, EndDateTime="2026-11-24T10:00:00Z")
    assert company.row("Event", event)["DurationInMinutes"] == 60
    company.change("Event", event, IsAllDayEvent=True)
    row = company.row("Event", event)
    assert (row["StartDateTime"][:16], row["DurationInMinutes"]) == ("2026-11-24T00:00", 1440)


def test_private_events(company: Company, people: dict[str, Any]) -> None:
    when = {"StartDateTime": START, "DurationInMinutes": 45, "IsPrivate": True}
    for field, other in (("WhoId", people["ana"]), ("WhatId", people["account"])):
        refused = refusal(company.add, "Event", **when, **{field: other})
        assert (refused.code, refused.fields) == ("FIELD_INTEGRITY_EXCEPTION", ("IsPrivate",))
    event = company.org.insert(company.ann, "Event", when)
    assert company.values("SELECT Id FROM Event") == [event]
    assert company.values("SELECT Id FROM Event", user=company.ann) == [event]
    assert company.values("SELECT Id FROM Event", user=company.bob) == []
    assert refusal(company.org.get, company.bob, "Event", event).code == "NOT_FOUND"


def test_invitees(company: Company, people: dict[str, Any]) -> None:
    event = company.add("Event", StartDateTime=START, DurationInMinutes=45, WhoId=people["ana"])
    relation = company.add("EventRelation", EventId=event, RelationId=people["ben"])
    company.change("EventRelation", relation, Status="Accepted")
    row = company.row("EventRelation", relation)
    assert (row["IsInvitee"], row["IsParent"], row["RespondedDate"]) == (
        True,
        False,
        "2026-11-20T10:00:00.000+0000",
    )
    assert company.row("Event", event)["EventWhoIds"] == [people["ana"]]


def test_archived_activities(company: Company) -> None:
    task = company.add("Task", Subject="old", Status="Completed", ActivityDate="2025-11-01")
    company.add("Task", Subject="open", ActivityDate="2025-11-01")
    assert company.org.archive_activities() == 1
    assert company.values("SELECT Subject FROM Task") == ["open"]
    assert sorted(company.values("SELECT Subject FROM Task", all_rows=True)) == ["old", "open"]
    assert refusal(company.change, "Task", task, Subject="x").code == "ENTITY_IS_ARCHIVED"
