"""The rules of the calendar's mirror, case by case; the tables are the documentation."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import product
from typing import Any

import pytest

from crosstie.domain import reasons
from crosstie.domain.calendar import CalendarItem, Nature, Sensitivity, Shape
from crosstie.domain.keys import record_key
from crosstie.domain.links import Bond, Link, Role, Side, SideState
from crosstie.domain.operations import Wish
from crosstie.domain.records import CONTACT, EVENT, LEAD, FieldKind, Record, RecordRef, Value
from crosstie.domain.settings import PrivateEvents, Settings
from crosstie.mapping.event.attendees import MOST_INVITEES, UNANSWERED
from crosstie.mapping.event.table import ROWS
from crosstie.rules.calendar import coming, privacy, relevance, ways
from crosstie.rules.calendar.attendees import Known, Meeting, merged
from crosstie.rules.calendar.conditions import columns, is_usable, judged, met
from crosstie.rules.calendar.deletion import Happening, ItemFate, Kind, RecordFate, fate, kind_of
from crosstie.rules.calendar.guard import too_many
from crosstie.rules.calendar.leading import Sharer, has_own, may_take_over, own_copy, shared, turn
from crosstie.rules.calendar.window import Place, next_look, place
from crosstie.rules.linking import link
from crosstie.rules.wishes import event_defaults, event_wishes
from tests.unit.mapping.event.builders import item, when
from tests.unit.rules import cases_calendar, cases_mirror
from tests.unit.rules.builders import ACTIVATED, SETTINGS, Cases, circle, mailbox, moment, people

ON = {"events_meetings": True, "events_down": True}
USUAL: dict[str, Any] = {
    "organizer": "ann@north.test",
    "attendees": "joe@customer.test",
    "created_at": "2026-06-10T13:00",
}
CHOICES = {"shape": Shape, "nature": Nature}
OUTSIDERS = (CONTACT, LEAD)


def named(cases: Cases) -> list[Any]:
    return [pytest.param(*case[1:], id=case[0]) for case in cases]


def made(special: Mapping[str, Any]) -> CalendarItem:
    fields = USUAL | dict(special)
    for name, kind in CHOICES.items():
        if name in fields:
            fields[name] = kind(fields[name])
    fields["created_at"] = moment(fields["created_at"]) if fields["created_at"] else None
    return item(**fields)


@pytest.mark.parametrize(("special", "settings", "known", "answer"), named(cases_calendar.SAVED))
def test_saving(special: dict[str, Any], settings: dict[str, Any], known: dict[str, str], answer: str) -> None:
    plain = dict(special)
    asked, kept = plain.pop("asked", False), plain.pop("kept", True)
    waited = timedelta(days=plain.pop("waited", 0))
    info, one, there = mailbox(**(ON | settings)), made(plain), people(known)
    outsiders = [address for address, found in there.items() if found[0].object in OUTSIDERS]
    participants = circle(info).sort(one, outsiders)
    links = link(one, participants, there)
    verdict = (
        relevance.against(one, info, ACTIVATED, asked=asked)
        or relevance.waits_for(one, info, there, asked=asked, kept=kept, waited=waited)
        or relevance.among(one, participants, links, info, asked=asked)
    )
    assert (verdict.code if verdict else "saved") == answer
    assert verdict is None or "{" not in verdict.sentence


def event(**columns: Any) -> Record:
    plain: dict[str, Value] = {
        "OwnerId": "005A",
        "StartDateTime": "2026-06-15T09:00:00.000+0000",
        "DurationInMinutes": 60,
        "CreatedDate": "2026-06-10T13:00:00.000+0000",
        "GroupEventType": "0",
    }
    return Record(RecordRef(EVENT, "00U1"), ACTIVATED, plain | columns)


@pytest.mark.parametrize(("special", "settings", "answer"), named(cases_calendar.DOWN))
def test_coming_down(special: dict[str, Any], settings: dict[str, Any], answer: str) -> None:
    verdict = coming.against(event(**special), mailbox(**(ON | settings)), ACTIVATED)
    assert (verdict.code if verdict else "comes down") == answer
    assert verdict is None or "{" not in verdict.sentence


@pytest.mark.parametrize(("at", "where", "again"), named(cases_calendar.PLACES))
def test_the_window(at: str, where: str, again: str) -> None:
    assert place(when(at), SETTINGS, ACTIVATED) == where
    found = next_look(when(at), SETTINGS, ACTIVATED)
    assert (f"{found:%Y-%m-%d %H:%M:%S}" if found else "–") == again


@pytest.mark.parametrize(("minutes", "length"), [*product((-30_000, -20_161, 0, 86_399, 90_000), (0, 60, 20_000))])
def test_the_window_is_looked_at_again_when_it_moves_on_and_not_before(minutes: int, length: int) -> None:
    start = ACTIVATED + timedelta(minutes=minutes)
    one = replace(when("2026-06-15T09:00/10:00"), start=start, end=start + timedelta(minutes=length))
    now: datetime | None = ACTIVATED
    seen: list[Place] = []
    while now is not None and len(seen) < 4:
        seen.append(place(one, SETTINGS, now))
        again = next_look(one, SETTINGS, now)
        if again is not None:
            assert again > now
            assert place(one, SETTINGS, again - timedelta(seconds=2)) is seen[-1]
        now = again
    assert seen == sorted(seen, key=["ahead", "within", "past"].index)
    assert len(set(seen)) == len(seen)
    assert seen[-1] == "past"


@pytest.mark.parametrize(("there", "condition", "answer"), named(cases_calendar.CONDITIONS))
def test_conditions(there: Any, condition: str, answer: bool) -> None:
    settings = Settings(events_unsync=(condition,))
    assert met(event(Status__c=there), settings) == ("Status__c" if answer else "")
    assert columns(settings) == (condition.partition("=")[0],)


USABLE = (
    FieldKind("boolean"),
    FieldKind("picklist", 255),
    FieldKind("multipicklist", 4099),
    FieldKind("double"),
    FieldKind("string", 255),
)
UNUSABLE = (
    FieldKind("reference", 18),
    FieldKind("date"),
    FieldKind("datetime"),
    FieldKind("textarea", 32_000),
    FieldKind("address"),
    FieldKind("encryptedstring", 175),
    FieldKind("currency", decimals=2),
    FieldKind("string", 80, filterable=False),
)


def test_which_fields_can_be_conditions() -> None:
    assert all(map(is_usable, USABLE))
    assert not any(map(is_usable, UNUSABLE))


def test_conditions_are_judged_by_what_the_org_describes() -> None:
    settings = Settings(events_unsync=("status__C=Vacated", "Event.WhoId=1", "Nowhere__c=1", "Nowhere__c=2"))
    fields = {"Status__c": FieldKind("picklist", 255), "WhoId": FieldKind("reference", 18)}
    found = judged(settings, fields)
    assert (found.usable, found.unusable) == (("Status__c=Vacated",), ("WhoId", "Nowhere__c"))
    assert judged(settings, {}).usable == settings.events_unsync


def pair(born: str) -> Link:
    role = Role.COPY if born == "colleague" else Role.LEAD
    origin = Side.CRM if born == "Salesforce" else Side.MAILBOX
    return Link(1, "", "1:k", Bond.JOINED, origin, "EVENT-SAVED", ACTIVATED, "i1", RecordRef(EVENT, "00U1"), role)


@pytest.mark.parametrize(
    ("special", "born", "happening", "settings", "record", "there"), named(cases_mirror.GOING)
)
def test_going(
    special: dict[str, Any], born: str, happening: str, settings: dict[str, Any], record: str, there: str
) -> None:
    info = mailbox(**settings)
    kind = kind_of(made({"attendees": ""} | special), pair(born), info)
    found = fate(kind, Happening[happening], info.settings)
    assert (found.record, found.item) == (record, there)


@pytest.mark.parametrize(
    ("special", "born", "kind"),
    [
        ({"attendees": ""}, "mailbox", Kind.APPOINTMENT),
        (cases_mirror.WITH_JOE, "mailbox", Kind.OWN_MEETING),
        ({"organizer": "ann@nord.test", "attendees": "joe@customer.test"}, "mailbox", Kind.OWN_MEETING),
        (cases_mirror.BY_JOE, "mailbox", Kind.OUTSIDE_MEETING),
        (cases_mirror.BY_BO, "colleague", Kind.COLLEAGUES_MEETING),
        ({"attendees": ""}, "Salesforce", Kind.BROUGHT),
        (cases_mirror.WITH_JOE, "Salesforce", Kind.BROUGHT_MEETING),
    ],
)
def test_kinds_of_items(special: dict[str, Any], born: str, kind: Kind) -> None:
    """An alias of Ann's is Ann."""
    one = made(special)
    one = replace(one, is_organizer=False) if special.get("organizer") == "ann@nord.test" else one
    assert kind_of(one, pair(born), mailbox()) is kind


@pytest.mark.parametrize("born", ["mailbox", "Salesforce", "colleague"])
def test_what_is_deleted_needs_no_item_to_decide(born: str) -> None:
    """Once it is gone nobody can tell whether it was a meeting; the answer is the same."""
    info = mailbox()
    gone = fate(kind_of(None, pair(born), info), Happening.DELETED_IN_MAILBOX, info.settings)
    for special in (cases_mirror.WITH_JOE, cases_mirror.BY_JOE, {"attendees": ""}):
        kind = kind_of(made(special), pair(born), info)
        assert fate(kind, Happening.DELETED_IN_MAILBOX, info.settings) == gone


@pytest.mark.parametrize(("kind", "happening"), [*product(Kind, Happening)])
def test_only_an_explicit_delete_deletes_what_a_person_made(kind: Kind, happening: Happening) -> None:
    explicit = {Happening.DELETED_IN_MAILBOX, Happening.CANCELLED, Happening.UNSYNC}
    found = fate(kind, happening, Settings())
    assert found.record is not RecordFate.DELETE or happening in explicit
    assert found.item is not ItemFate.DELETE or kind is Kind.BROUGHT


@pytest.mark.parametrize(("special", "rows", "settings", "approved", "answer"), named(cases_mirror.HELD))
def test_telling_attendees(
    special: dict[str, Any], rows: str, settings: dict[str, Any], approved: bool, answer: str
) -> None:
    one = made({"attendees": ""} | special)
    verdict = ways.held(one, rows.split(), Settings(**settings), ACTIVATED, approved=approved)
    assert (verdict.code if verdict else "carried over") == answer
    assert verdict is None or "{" not in verdict.sentence


def listed(text: str) -> set[str]:
    head, _, rest = text.partition("all")
    left = set(rest.removeprefix(" but").split())
    return set(ROWS) - left if text.startswith("all") else set(head.split()) - {"none"}


@pytest.mark.parametrize(("special", "settings", "up", "down"), named(cases_mirror.WAYS))
def test_which_rows_go_which_way(special: dict[str, Any], settings: dict[str, Any], up: str, down: str) -> None:
    given = Settings(**settings)
    assert ways.up_rows(given) == listed(up)
    assert ways.down_rows(made(special), given) == listed(down)
    undone = {("none", "all"): Side.MAILBOX, ("all", "none"): Side.CRM}
    assert ways.taken_back(given) is undone.get((up.partition(" ")[0], down.partition(" ")[0]))


IDS = {name: f"005{name}" for name in "BC"} | {"J": "003J", "R": "023R"}


def invited(text: str) -> dict[str, str]:
    pairs = (one.split(":") for one in text.split() if not one.startswith("("))
    return {IDS[name]: answer for name, answer in pairs}


def ids(text: str) -> frozenset[str]:
    return frozenset(IDS[one] for one in text if one in IDS)


def known_of(text: str) -> Known:
    words = text.split()
    return Known(
        meeting=ids("".join(one for one in words if not one.startswith("<"))),
        record=ids("".join(one for one in words if not one.startswith(">"))),
        silent=ids("".join(one for one in words if one.endswith("!"))),
    )


@pytest.mark.parametrize(
    ("wanted", "there", "known", "settings", "then", "joining", "leaving"), named(cases_mirror.INVITEES)
)
def test_invitees(
    wanted: str, there: str, known: str, settings: dict[str, Any], then: str, joining: str, leaving: str
) -> None:
    before, on, given = invited(there), invited(wanted), Settings(**settings)
    others = ids(wanted) - on.keys()
    found = merged(Meeting(on, on.keys() | others), before, known_of(known), given)
    assert (found.record, found.joining, found.leaving) == (invited(then), ids(joining), ids(leaving))
    assert (found.record is before) is (invited(then) == before)
    joined = {one: answer for one, answer in on.items() if one not in found.leaving}
    joined |= dict.fromkeys(found.joining, UNANSWERED)
    seen = Known(joined.keys(), found.record.keys(), joined.keys())
    again = merged(Meeting(joined, joined.keys() | others), found.record, seen, given)
    assert (again.record is found.record, again.joining, again.leaving) == (True, frozenset(), frozenset())


def test_no_more_are_invited_than_salesforce_takes() -> None:
    crowd = {f"005{number}": UNANSWERED for number in range(MOST_INVITEES + 5)}
    there = {f"005{number}": "accepted" for number in range(MOST_INVITEES - 2)}
    found = merged(Meeting(crowd, crowd.keys()), there, Known(there.keys(), there.keys()), Settings())
    assert list(found.record) == list(crowd)[:MOST_INVITEES]


@pytest.mark.parametrize(("removals", "joined", "answer"), named(cases_mirror.GUARD))
def test_the_guard(removals: int, joined: int, answer: str) -> None:
    verdict = too_many(removals, joined, Side.CRM, Settings())
    assert (verdict.code if verdict else "go on") == answer
    assert verdict is None or f"{removals} of {joined} Events would be deleted in Salesforce" in verdict.sentence


def sharer(text: str) -> Sharer:
    """`later`: what it remembers is younger than what the others do."""
    name, role, *more = text.split()
    link = replace(pair("mailbox"), role=Role(role), item=SideState("1"))
    link = replace(link, decided_at=link.decided_at + timedelta(hours="later" in more))
    return Sharer(link, name, works="idle" not in more)


@pytest.mark.parametrize(("there", "organizers", "owner", "answer"), named(cases_mirror.TURNS))
def test_whose_item_leads(there: str, organizers: str, owner: str, answer: str) -> None:
    sharers = sorted((sharer(one) for one in there.split(", ")), key=lambda one: one.link.role is not Role.LEAD)
    own = next(one for one in sharers if one.user_id == "ann")
    assert turn(own, sharers, organizers.split(), owner) == answer


def test_of_a_series_the_pieces_stay_with_whom_they_are() -> None:
    assert may_take_over(made(cases_mirror.WITH_JOE))
    assert not may_take_over(made(cases_mirror.WITH_JOE | {"shape": "occurrence"}))
    assert not may_take_over(made(cases_mirror.BY_JOE))


def colleagues(text: str) -> list[Link]:
    joined = pair("mailbox")
    kinds = {
        "alone": replace(joined, bond=Bond.NONE, record=None),
        "parted": replace(joined, bond=Bond.PARTED),
        "plain": replace(joined, key=record_key("uid:1")),
        "again": replace(joined, key=record_key("uid:1", 2), generation=2),
        "copy": replace(joined, role=Role.COPY),
        "born": pair("Salesforce"),
        "own": replace(joined, key=record_key(own_copy("uid:1", "005B"))),
    }
    return [replace(kinds[one], item_id=one) for one in text.split()]


@pytest.mark.parametrize(("there", "answer"), named(cases_mirror.SHARED))
def test_which_record_of_a_meeting_is_shared(there: str, answer: str) -> None:
    found = shared("uid:1", colleagues(there))
    assert (found.item_id if found else "none") == answer


@pytest.mark.parametrize(("there", "outside", "settings", "answer"), named(cases_mirror.OWN))
def test_who_gets_a_record_of_their_own(there: str, outside: bool, settings: dict[str, Any], answer: bool) -> None:
    assert has_own(colleagues(there), Settings(**settings), outside=outside) is answer


def test_everybodys_own_copy_has_a_key_of_its_own() -> None:
    assert len({own_copy("uid:1", "005A"), own_copy("uid:1", "005B"), "uid:1"}) == 3


@pytest.mark.parametrize(("sensitivity", "setting", "asked", "answer"), named(cases_mirror.PRIVATE))
def test_private_items(sensitivity: str, setting: str, asked: bool, answer: str) -> None:
    one = made({"sensitivity": sensitivity})
    found = privacy.showing(one, Settings(events_private=PrivateEvents(setting)), asked=asked)
    assert found == answer
    assert privacy.SAVED[found].outcome is reasons.Outcome.SAVED


def test_what_becomes_private_is_carried_over_no_more() -> None:
    private, opened = made({"sensitivity": "private"}), event(IsPrivate=False)
    stopped = privacy.made_private(private, opened, moved=True)
    assert stopped is not None
    assert stopped.kind is reasons.EVENT_MADE_PRIVATE
    assert privacy.made_private(private, opened, moved=False) is None
    assert privacy.made_private(private, event(IsPrivate=True), moved=True) is None
    assert privacy.made_private(replace(private, sensitivity=Sensitivity.PERSONAL), opened, moved=True) is None


def test_what_an_administrator_wants_on_events() -> None:
    settings = Settings(
        category_fields=("Fair->Event.Kind__c=Visit", "Fair->Task.Kind__c=Mail", "Hot->Event.Kind__c=Hot"),
        events_defaults=("Reason__c=Visit", "Kind__c=a=b", "Reason__c=Other"),
    )
    one = made({"categories": frozenset({"FAIR", "hot"})})
    assert event_wishes(one, settings) == (Wish("Kind__c", ("Visit", "Hot")),)
    assert event_wishes(made({}), settings) == ()
    assert event_defaults(settings) == {"Reason__c": "Visit", "Kind__c": "a=b"}


def test_a_room_is_nobody_and_people_are_linked_in_the_order_organizer_required_optional() -> None:
    one = made({
        "organizer": "mia@customer.test",
        "attendees": "joe@customer.test:optional ann@north.test oak@customer.test:resource kim@customer.test",
    })  # fmt: skip
    known = people(
        {
            "mia@customer.test": "C2",
            "joe@customer.test": "C1/A1",
            "kim@customer.test": "C3/A3",
            "oak@customer.test": "C9",
        }
    )
    links = link(one, circle(mailbox()).sort(one), known)
    assert [f"{each.role}:{each.person.record_id}" for each in links.people] == ["from:C2", "to:C3", "cc:C1"]
    assert (links.who and links.who.record_id, links.what_id) == ("C2", "A3")
