"""Switches, faults, outbox and request log."""

from typing import Any

import httpx2
import pytest

from sandbox import switches
from sandbox.faults import Fault, Step
from sandbox.luck import Luck
from tests.unit.sandbox.console.conftest import ADA, NORA, Console

LARGE_PAGES = "graph.large_pages"


def test_a_switch_is_turned_and_turned_back(console: Console) -> None:
    (switch,) = [one for one in switches.declared() if one.name == LARGE_PAGES]
    for wanted in (not switch.default, switch.default):
        form = console.get("/console/switches").get_element_by_id(f"switch-{LARGE_PAGES}")
        (value,) = form.xpath(".//button/@value")
        console.act("/console/switches", name=form.fields["name"], on=value)
        assert console.world.switches.on(switch) is wanted


@pytest.mark.parametrize("fields", [{"name": "nothing", "on": "on"}, {"name": LARGE_PAGES, "on": "maybe"}, {}])
def test_no_such_switch(console: Console, fields: dict[str, str]) -> None:
    console.refused("/console/switches", **fields)
    assert console.world.switches.turned == {}


def test_a_fault_waits_and_happens_to_vendors_alone(console: Console) -> None:
    form = console.get("/console/faults").get_element_by_id("fault")
    fields = {name: form.fields[name] or "" for name in form.fields if name != "early_stamp"}
    console.act("/console/faults", **fields | {"status": "429", "body": '{"é": 1}', "route": "versions"})
    assert console.world.faults.waiting == [
        Fault("refuse", route="versions", status=429, body='{"é": 1}'.encode())
    ]
    assert "429" in console.get("/console/faults").text_content()
    assert console.http.get("/services/data").status_code == 429
    assert console.http.get("/services/data").status_code == 200


def test_faults_of_every_kind_and_all_cleared(console: Console) -> None:
    later = {"effect": "finish_later", "delay": "2.5", "early_stamp": "1"}
    console.act("/console/faults", **later)
    console.act("/console/faults", effect="inside", route="insert:Contact", code="UNABLE_TO_LOCK_ROW", message="m")
    assert console.world.faults.waiting == [
        Fault("finish_later", delay=2.5, early_stamp=True),
        Fault("inside", route="insert:Contact", code="UNABLE_TO_LOCK_ROW", message="m"),
    ]
    console.act("/console/faults/clear")
    assert console.world.faults.waiting == []


@pytest.mark.parametrize(
    "fields",
    [{}, {"effect": "explode"}, {"effect": "spoil"},
     {"times": "-1"}, {"times": "1.5"}, {"skip": "some"}, {"status": "42"},
     {"delay": "nan"}, {"delay": "inf"}],
)  # fmt: skip
def test_a_fault_nobody_understands(console: Console, fields: dict[str, str]) -> None:
    console.refused("/console/faults", **({"effect": "refuse"} | fields if fields else {}))
    assert console.world.faults.waiting == []


def test_scripts_and_weather_are_told_and_cleared(console: Console) -> None:
    faults = console.world.faults
    faults.follow([Step(Fault("refuse", status=502), after=30), Step(Fault("slow"))])
    faults.luck = Luck(seed=1, rate=1, kinds=("salesforce.unknown",))
    assert console.http.get("/services/data").status_code == 500
    text = console.get("/console/faults").text_content()
    assert "Left of the script" in text
    assert "The weather (100%) has struck 1 of 1 requests: salesforce.unknown 1." in text
    console.act("/console/faults/clear")
    assert faults.quiet
    assert "weather" not in console.get("/console/faults").text_content()


def test_faults_and_log_leave_the_console_alone(console: Console) -> None:
    console.world.faults.add(Fault("refuse", times=9))
    console.send()
    assert console.get("/console/requests").xpath("//table") == []
    assert console.world.requests.count == 0
    assert console.world.faults.waiting[0].times == 9


def rows(page: Any) -> list[list[str]]:
    return [[cell.text_content() for cell in row.xpath("td")] for row in page.xpath("//tbody/tr")]


def test_the_log_is_filtered_and_opened(console: Console) -> None:
    for _ in range(3):
        console.http.get("/services/data")
    console.http.post("/services/oauth2/token", data={"grant_type": "<nonsense>"})
    console.http.get("/v1.0/users")
    assert [row[0] for row in rows(console.get("/console/requests"))] == ["5", "4", "3", "2", "1"]
    assert [row[3] for row in rows(console.get("/console/requests?route=oauth*"))] == ["oauth_token"]
    assert {row[2] for row in rows(console.get("/console/requests?face=graph"))} == {"graph"}
    assert [row[0] for row in rows(console.get("/console/requests?face=salesforce&last=2"))] == ["4", "3"]
    assert len(rows(console.get("/console/requests?last=nonsense"))) == 5
    assert rows(console.get("/console/requests?subject=nobody")) == []
    assert "%3Cnonsense%3E" in console.get("/console/requests/4").xpath("//pre")[0].text_content()
    counts = console.get("/console").xpath("//dd[2]")[0].text_content()
    assert counts == "5: graph 1, salesforce 4"


def test_the_outbox_tells_the_cause(console: Console) -> None:
    console.send(sender=ADA, to=NORA, subject="Out")
    (mail,) = rows(console.get("/console/outbox"))
    assert mail[1:] == [ADA, NORA, "Out", "mail", "console", "console"]


def test_a_lost_answer_is_shown_while_it_waits(console: Console) -> None:
    console.world.faults.add(Fault("finish_later", delay=60))
    with pytest.raises(httpx2.RemoteProtocolError):
        console.http.get("/services/data")
    assert "1 requests wait" in console.get("/console/faults").text_content()
