"""A worker carried over who is invited and died before that was heard: nobody comes or goes by mistake."""

from collections.abc import Callable

import pytest

from crosstie.domain.settings import MeetingUpdates
from tests.simulation.desk import Desk
from tests.simulation.effects import WorkerDied
from tests.simulation.house import House
from tests.simulation.sweep import DEATH_MINUTES
from tests.simulation.test_found import dies_before
from tests.simulation.test_guests import attending, invite_there, met, take_off_there, told, user
from tests.simulation.test_handing_on import session_of
from tests.simulation.test_leading import BEN, NORA, by_ada, invited, is_quiet, office_of, rounds

Act = Callable[[House], object]


def dies(house: House) -> None:
    """Whoever keeps Ada's calendar, over what was carried over."""
    house.pass_minutes(2)
    house.tick()
    house.effects.before = dies_before("states.save_position")
    with pytest.raises(WorkerDied):
        session_of(house, "ada")
    house.pass_minutes(DEATH_MINUTES)
    house.restart()


def test_who_is_taken_off_the_meeting_again_is_not_invited_to_it() -> None:
    house, ada = met(events_meeting_updates=MeetingUpdates.SEND)
    ada.invite(ada.only(), BEN)
    dies(house)
    assert invited(house) == {"ben": "New"}
    sent = len(ada.mails_sent())
    ada.disinvite(ada.only(), BEN)
    rounds(house)
    assert (attending(ada), invited(house), told(ada, sent)) == ({NORA}, {}, [])
    assert is_quiet(house)


def test_who_is_invited_to_the_meeting_again_is_invited_in_salesforce_too() -> None:
    house = office_of("ada", "ben", events_attendee_removals=True, events_meeting_updates=MeetingUpdates.SEND)
    ada = Desk(house)
    item = by_ada(house, BEN)
    rounds(house)
    ada.disinvite(item, BEN)
    dies(house)
    assert invited(house) == {}
    sent = len(ada.mails_sent())
    ada.invite(item, BEN)
    rounds(house)
    assert (attending(ada), invited(house), told(ada, sent)) == ({NORA, BEN}, {"ben": "New"}, [])
    assert is_quiet(house)


@pytest.mark.usefixtures("mail_is_wanted")
def test_who_is_taken_off_in_salesforce_again_is_taken_off_the_meeting() -> None:
    house, ada = met(events_attendee_removals=True, events_meeting_updates=MeetingUpdates.SEND)
    invite_there(house, user(house, "ben"))
    dies(house)
    assert attending(ada) == {NORA, BEN}
    take_off_there(house, user(house, "ben"))
    rounds(house)
    assert (attending(ada), invited(house)) == ({NORA}, {})
    assert is_quiet(house)


@pytest.mark.usefixtures("mail_is_wanted")
@pytest.mark.parametrize("died", [False, True])
def test_who_was_invited_in_salesforce_and_is_taken_off_the_meeting_is_taken_off_in_salesforce(died: bool) -> None:
    house, ada = met(events_meeting_updates=MeetingUpdates.SEND)
    invite_there(house, user(house, "ben"))
    if died:
        ada.edit(ada.event()["Id"], Location="Mill")  # which tells that it has arrived
        dies(house)
    else:
        rounds(house)
    assert attending(ada) == {NORA, BEN}
    sent = len(ada.mails_sent())
    ada.disinvite(ada.only(), BEN)
    rounds(house)
    assert (attending(ada), invited(house)) == ({NORA}, {})
    assert BEN not in told(ada, sent)
    assert is_quiet(house)
