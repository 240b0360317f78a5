"""Which company a history of calendars is of, drawn from its seed: its org, the vendors' manners, what is set."""

import random

from crosstie.domain.access import AuthMode
from crosstie.domain.settings import EventWay, MeetingUpdates, PrivateEvents, Settings, Wins
from sandbox import switches
from sandbox.salesforce.schema.facts import Field
from tests.simulation.house import Make
from tests.simulation.makes import LEFT_OUT, PEOPLE

POLITE = 0.4
"""How many histories are of vendors as their documentation has them."""
OTHER = 0.2
"""How often a switch has its other answer elsewhere."""


VACATED = "Vacated"
STATUS = Field("Status__c", "picklist", 40, "NcufsgR", values=("Open", VACATED), label="Status", custom=True)
"""The field, and its value by which some settings keep an Event out of the mailbox."""
UNKIND = {
    "calendar.own_changes_are_announced": "a mark on a meeting would mail everybody who is on it",
}
"""Switches whose other answer voids a promise by definition."""


UNANSWERED = 0.2
"""How often what nobody has answered is saved as well."""
SIGHTED = 0.85
"""How many histories are of orgs whose Crosstie is shown everything."""


def make_of(seed: int, dice: random.Random) -> Make:
    polite = dice.random() < POLITE
    sees_all = random.Random(f"{seed} sight").random() < SIGHTED
    return Make(
        syncing=PEOPLE,
        keyed=dice.random() < 0.75,
        settings=_settings(dice),
        switches={} if polite else _manners(seed),
        seed=seed,
        crm_mode=dice.choice(list(AuthMode)),
        sees_all=sees_all,
        delegated=dice.random() < 0.2,
    )


def _manners(seed: int) -> dict[str, bool]:
    turned = {}
    for one in sorted(switches.declared(), key=lambda found: found.name):
        # Dice of its own, so that a new doubt leaves the histories of old seeds as they were.
        other = random.Random(f"{seed} {one.name}").random() < OTHER
        if one.name not in LEFT_OUT | UNKIND and other and not one.interferes:
            turned[one.name] = not one.default
    if {"salesforce.locators_die", "salesforce.small_pages"} <= turned.keys():
        # Pages of one row behind locators that die three times in ten: nothing is ever read to its end.
        del turned["salesforce.small_pages"]
    return turned


def _settings(dice: random.Random) -> Settings:
    return Settings(
        events_meetings=dice.random() < 0.95,
        events_appointments=dice.random() < 0.95,
        events_down=dice.random() < 0.95,
        events_conflicts=dice.choice(list(Wins)),
        events_meeting_updates=dice.choice(list(MeetingUpdates)),
        events_private=dice.choice((PrivateEvents.OFF, PrivateEvents.OFF, PrivateEvents.SAVE)),
        events_internal=dice.random() < 0.25,
        events_unanswered=dice.random() < UNANSWERED,
        events_save_unlinked=dice.random() < 0.2,
        events_series=dice.random() < 0.9,
        events_safe_description=dice.random() < 0.6,
        events_attendees=dice.random() < 0.9,
        events_unsync=(f"{STATUS.name}={VACATED}",) if dice.random() < 0.4 else (),
        events_way=dice.choice((EventWay.BOTH,) * 8 + (EventWay.TO_SALESFORCE, EventWay.FROM_SALESFORCE)),
        events_copies=dice.random() < 0.15,
        events_keep_cancelled=dice.random() < 0.15,
    )
