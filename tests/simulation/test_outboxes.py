"""The look into the outbox after every test of a calendar notices planted connectors that mail people."""

from collections.abc import Mapping
from typing import Any
from unittest.mock import patch

import pytest

from crosstie.domain.calendar import CalendarItem, DeleteItem
from crosstie.engine.mirror import parting
from crosstie.mailboxes.graph.calendar import drafts, writes
from crosstie.mailboxes.graph.calendar.writes import CalendarWrites
from tests.simulation import outboxes
from tests.simulation.desk import Desk, house
from tests.simulation.outboxes import mailed, unwanted

BEN, NORA = "ben@larch.test", "nora@birchworks.test"
pytestmark = pytest.mark.usefixtures("mail_is_wanted")


def test_the_outbox_is_looked_into_after_each_test(request: pytest.FixtureRequest) -> None:
    assert "nobody_is_mailed" in request.fixturenames


def test_what_people_send_themselves_is_theirs() -> None:
    desk = Desk(house())
    meeting = desk.put("Saw line", guests=[NORA])
    desk.sync()
    desk.delete(meeting)
    desk.sync()
    assert desk.house.world.outbox.mails
    assert mailed() == []


def test_a_connector_that_sends_attendees_in_an_update_is_noticed() -> None:
    """Somebody who was invited in Salesforce alone is put on the item."""
    real = drafts.changed_event

    def planted(item: CalendarItem, fields: frozenset[str], event: Mapping[str, Any]) -> dict[str, Any]:
        guests = [*(one.address.email for one in item.attendees), BEN]
        return {**real(item, fields, event), "attendees": [{"emailAddress": {"address": one}} for one in guests]}

    desk = Desk(house())
    desk.put("Saw line", guests=[NORA])
    with patch.object(writes, "changed_event", planted):
        desk.sync()
    assert mailed() == [f"{BEN} got the invitation 'Saw line' because of events.update"]
    outboxes.forget()
    assert (mailed(), unwanted()) == ([], [])
    outboxes.watch(desk.house.world)
    assert unwanted() == mailed() != []
    outboxes.want()
    assert unwanted() == []


def test_a_connector_that_deletes_a_meeting_is_noticed() -> None:
    """Neither the plan nor the look before a delete minds that somebody is invited."""
    desk = Desk(house())
    desk.put("Saw line", guests=[NORA])
    desk.sync()
    desk.sync()
    desk.erase(desk.event()["Id"])
    deletes = patch.object(parting, "_to_item", lambda item, _found: DeleteItem(item.item_id, item.version))
    looks_away = patch.object(CalendarWrites, "_refusal", lambda *_: "")
    with deletes, looks_away:
        desk.sync()
    (told,) = mailed()
    assert told.startswith(f"{NORA} got the cancellation ")
    assert told.endswith(" because of events.delete")
