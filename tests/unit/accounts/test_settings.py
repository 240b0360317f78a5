"""Settings: global → profile → user, locks, joined lists, and the sentence for wrong text."""

from datetime import timedelta
from typing import Any

import pytest

from crosstie.accounts import audit, people, tenants
from crosstie.accounts.connection import mailboxes
from crosstie.accounts.connection.mailboxes import MailboxRef
from crosstie.accounts.governance import layers, settings, values
from crosstie.accounts.governance.layers import Layer, Place, Stored
from crosstie.accounts.words import Unacceptable
from crosstie.domain.mailboxes import Lease
from crosstie.domain.settings import AutoTrackMode, Level, RecordChoice, Resolving, Settings, catalogue
from crosstie.store.models import Mailbox, SettingValue
from crosstie.store.states import OrgStates
from tests import mails
from tests.stores import OLD
from tests.unit.accounts.homes import Home


def put(home: Home, place: Place, name: str, given: object, **options: Any) -> settings.Explanation:
    return settings.put(home.scope, place, name, given, home.clock, **options)


def refusal(home: Home, place: Place, name: str, given: object) -> tuple[str, str]:
    rows = SettingValue.of(home.scope).count()
    with pytest.raises(Unacceptable) as caught:
        put(home, place, name, given)
    assert SettingValue.of(home.scope).count() == rows
    return caught.value.code, caught.value.sentence


# -- resolution, without a database --------------------------------------------------------------------
ON, OFF = Stored(True), Stored(False)
LOCKED = Stored(False, locked=True)


@pytest.mark.parametrize(
    ("stored", "value", "origin", "locked_by"),
    [
        ([None, None, None], False, (), None),
        ([ON, None, None], True, (Level.GLOBAL,), None),
        ([ON, OFF, None], False, (Level.PROFILE,), None),
        ([OFF, OFF, ON], True, (Level.USER,), None),
        ([LOCKED, ON, ON], False, (Level.GLOBAL,), Level.GLOBAL),
        ([ON, LOCKED, ON], False, (Level.PROFILE,), Level.PROFILE),
        ([None, None, LOCKED], False, (Level.USER,), Level.USER),
    ],
)
def test_the_lowest_level_wins_unless_locked_above(
    stored: list[Stored | None], value: bool, origin: tuple[Level, ...], locked_by: Level | None
) -> None:
    _, info = values.known("mail.auto-save")
    found = layers.in_force(info, _layers("mail.auto-save", stored))
    assert (found.value, found.origins, found.locked_by) == (value, origin, locked_by)


@pytest.mark.parametrize(
    ("stored", "value"),
    [
        ([["a.example"], None, ["b.example"]], ("a.example", "b.example")),
        ([["a.example", "b.example"], ["b.example"], ["c.example"]], ("a.example", "b.example", "c.example")),
        ([None, None, None], ()),
    ],
)
def test_lists_are_joined(stored: list[list[str] | None], value: tuple[str, ...]) -> None:
    _, info = values.known("blocklist")
    given = [Stored(entries) if entries is not None else None for entries in stored]
    assert layers.in_force(info, _layers("blocklist", given)).value == value


def test_a_locked_list_takes_nothing_from_below() -> None:
    _, info = values.known("blocklist")
    found = _layers("blocklist", [Stored(["a.example"], locked=True), None, Stored(["b.example"])])
    assert layers.in_force(info, found).value == ("a.example",)


def test_nothing_set_is_the_defaults() -> None:
    assert layers.resolve([Layer(level) for level in Level]) == Settings()


def test_a_name_nobody_knows_any_more_does_no_harm() -> None:
    assert layers.resolve([Layer(Level.GLOBAL, {"mail.gone": Stored("x")})]) == Settings()


def _layers(name: str, stored: list[Stored | None]) -> list[Layer]:
    return [Layer(level, {name: one} if one else {}) for level, one in zip(Level, stored, strict=True)]


@pytest.mark.parametrize("name", catalogue())
def test_every_default_survives_being_written_and_read(name: str) -> None:
    _, info = values.known(name)
    default = values.default(info)
    assert values.from_json(info, values.to_json(default)) == default
    if default != ():
        assert values.parse(info, values.show(default)) == default


# -- text ----------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("name", "given", "value"),
    [
        ("mail.auto-save", "On", True),
        ("mail.auto-save", " no ", False),
        ("mail.auto-save", True, True),
        ("Enable Auto-Saving", "1", True),
        ("mail.lookback-days", "0", 0),
        ("mail.lookback-days", 30, 30),
        ("mail.record", "Task", RecordChoice.TASK),
        ("SalesforceEmailAutoTrackMode", "Forced", AutoTrackMode.FORCED),
        ("mail.auto-track-mode", "flexible", AutoTrackMode.FLEXIBLE),
        ("Email direction field", " Way__c ", "Way__c"),
        ("direction.inbound-label", "empty", ""),
        ("categories.fields", "Very urgent -> task.Priority = High", ("Very urgent->Task.Priority=High",)),
        ("categories.fields", "a->b->EmailMessage.X__c=1=2", ("a->b->EmailMessage.X__c=1=2",)),
        ("blocklist", "Spam@Example.com, @Bücher.example;news.example\nspam@example.com",
         ("spam@example.com", "xn--bcher-kva.example", "news.example")),
        ("blocklist", "ann+news@shop.example", ("ann+news@shop.example",)),
        ("blocklist", "gmail.com", ("gmail.com",)),
        ("blocklist", "somebody.github.io, github.io", ("somebody.github.io", "github.io")),
        ("blocklist", ["a.example", "b.example"], ("a.example", "b.example")),
        ("blocklist", "", ()),
        ("ServiceAutoTrackBlackList", "a.example", ("a.example",)),
        ("org.internal-domains", "ACME.example", ("acme.example",)),
        ("attachments.blocked-extensions", ".EXE, *.tar.gz", ("exe", "tar.gz")),
        ("links.never", "case,OPPORTUNITY", ("Case", "Opportunity")),
        ("attachments.max-bytes", "1048576", 1048576),
        ("mail.folders", " Inbox/Key accounts/ ,inbox/*;\nArchive", ("Inbox/Key accounts", "inbox/*", "Archive")),
        ("resolving", "Smart", Resolving.SMART),
        ("resolving.account", " 001000000000001 ", "001000000000001AAA"),
        ("resolving.account", "empty", ""),
        ("resolving.defaults", "lead.LeadSource = Trade Show, Account.Type=Prospect",
         ("Lead.LeadSource=Trade Show", "Account.Type=Prospect")),
        ("attachments.min-bytes-by-extension", ".PDF:02000, *.ics:0", ("pdf:2000", "ics:0")),
    ],
)  # fmt: skip
def test_what_people_write_is_understood(home: Home, name: str, given: object, value: object) -> None:
    assert put(home, settings.EVERYBODY, name, given).value == value
    assert settings.get(home.scope, settings.EVERYBODY, name) == value


@pytest.mark.parametrize(
    ("name", "given", "code", "words"),
    [
        ("mail.autosave", "on", "SETTING-UNKNOWN", "Did you mean mail.auto-save?"),
        ("colour", "on", "SETTING-UNKNOWN", "There is no setting colour."),
        ("mail.auto-save", "maybe", "NOT-A-SWITCH", "maybe is neither"),
        ("mail.lookback-days", "366", "NOT-A-NUMBER", "from 0 to 365"),
        ("mail.lookback-days", "-1", "NOT-A-NUMBER", "-1"),
        ("mail.lookback-days", "six", "NOT-A-NUMBER", "six"),
        ("mail.lookback-days", "1.5", "NOT-A-NUMBER", "1.5"),
        ("mail.lookback-days", True, "NOT-A-NUMBER", "True"),
        ("mail.lookback-days", "9" * 30, "NOT-A-NUMBER", "999"),
        ("mail.record", "taks", "NOT-A-CHOICE", "Did you mean task?"),
        ("mail.auto-track-mode", "Usefull", "NOT-A-CHOICE", "general, forced, flexible, smart, useful"),
        (
            "mail.auto-track-mode",
            "force",
            "NOT-A-CHOICE",
            "Did you mean forced? Choose one of: general, forced, flexible, smart, useful.",
        ),
        ("direction.field", "Way c", "FIELD-BAD", "Direction__c"),
        ("direction.field", "subject", "FIELD-OURS", "filled from the item itself"),
        ("direction.field", "Crosstie_Key__c", "FIELD-OURS", "by us alone"),
        ("direction.inbound-label", "x" * 41, "LABEL-BAD", "40 characters"),
        ("categories.fields", "Urgent", "MEANING-BAD", "Urgent->Task.Priority=High"),
        ("categories.fields", "Urgent->Case.Priority=High", "MEANING-BAD", "Case.Priority"),
        ("categories.fields", "Urgent->Task.WhatId=001", "FIELD-OURS", "Task.WhatId"),
        ("categories.fields", "Read->EmailMessage.Status=1", "FIELD-OURS", "EmailMessage.Status"),
        ("categories.fields", "Fair->Event.ShowAs=Free", "FIELD-OURS", "Event.ShowAs"),
        ("events.defaults", "Reason__c", "EVENT-VALUE-BAD", "Status__c=Vacated"),
        ("events.defaults", "Reason__c=", "EVENT-VALUE-BAD", "Status__c=Vacated"),
        ("events.defaults", "Event.OwnerId=005", "FIELD-OURS", "Event.OwnerId"),
        ("events.unsync-conditions", "=x", "EVENT-VALUE-BAD", "Status__c=Vacated"),
        ("blocklist", "*@spam.example", "WILDCARD", "*@spam.example"),
        ("blocklist", "*.spam.example", "WILDCARD", "there are none here"),
        ("blocklist", "spam", "ENTRY-BAD", "neither an address nor a domain"),
        ("blocklist", "a@b", "ENTRY-BAD", "a@b"),
        ("blocklist", "good.example, bad_domain.example", "ENTRY-BAD", "bad_domain.example"),
        ("blocklist", "https://spam.example/x", "ENTRY-BAD", "https://spam.example/x"),
        ("blocklist", "co.uk", "PUBLIC-SUFFIX", "such as example.co.uk"),
        ("blocklist", "@com", "ENTRY-BAD", "@com"),
        ("blocklist", "公司.cn", "PUBLIC-SUFFIX", "xn--55qx5d.cn"),
        ("blocklist", "ann@", "ENTRY-BAD", "ann@"),
        ("blocklist", "spam..example", "ENTRY-BAD", "spam..example"),
        ("org.internal-domains", "co.uk", "PUBLIC-SUFFIX", "co.uk belongs to nobody"),
        ("org.internal-domains", "acme", "DOMAIN-BAD", "acme is not a domain"),
        ("org.internal-domains", "ann@acme.example", "DOMAIN-BAD", "ann@acme.example"),
        ("org.internal-domains", "gmail.com", "FREE-MAIL-INTERNAL", "not your colleagues"),
        ("attachments.blocked-extensions", "e/x", "EXTENSION-BAD", "e/x"),
        ("mail.folders", "inbox//x", "FOLDER-BAD", "a name is missing"),
        ("mail.folders", "*", "FOLDER-BAD", "inbox/*"),
        ("mail.folders", "inbox/*/x", "FOLDER-BAD", "stands alone at the end"),
        ("mail.folders", "inbox/Cust*", "FOLDER-BAD", "stands alone at the end"),
        ("mail.folders-excluded", "x" * 251, "FOLDER-BAD", "too long"),
        ("resolving.account", "003000000000001", "ACCOUNT-ID-BAD", "begins with 001"),
        ("resolving.defaults", "LeadSource=Web", "DEFAULT-BAD", "like Lead.LeadSource=Web"),
        ("resolving.defaults", "Lead.Email=x@y.test", "DEFAULT-BAD", "filled in already"),
        ("resolving.defaults", "Case.Origin=Web", "DEFAULT-BAD", "Case.Origin=Web"),
        ("links.never", "Opportunty", "NOT-A-CHOICE", "Opportunity"),
        ("links.never", "case, lead, contact, account, opportunity", "NOTHING-LINKED", "At least one kind"),
        ("attachments.min-bytes-by-extension", "pdf", "MINIMUM-BAD", "like pdf:2000"),
        ("attachments.min-bytes-by-extension", "pdf:many", "MINIMUM-BAD", "pdf:many"),
        ("attachments.min-bytes-by-extension", "p/f:10", "EXTENSION-BAD", "p/f"),
    ],
)
def test_wrong_text_meets_a_sentence_and_changes_nothing(
    home: Home, name: str, given: object, code: str, words: str
) -> None:
    found, sentence = refusal(home, settings.EVERYBODY, name, given)
    assert found == code
    assert words in sentence


# -- levels --------------------------------------------------------------------------------------------
def test_levels_one_over_the_other(home: Home) -> None:
    ann, bob = home.person(), home.person()
    mine, his = (settings.for_person(home.scope, person.person_id) for person in (ann, bob))
    profile = settings.for_profile(home.scope, mine.profile_id or 0)
    put(home, settings.EVERYBODY, "mail.auto-save", "on")
    put(home, mine, "mail.auto-save", "off")
    assert [settings.get(home.scope, place, "mail.auto-save") for place in (mine, his, profile)] == [
        False,
        True,
        True,
    ]
    settings.unset(home.scope, mine, "mail.auto-save", home.clock)
    assert settings.get(home.scope, mine, "mail.auto-save") is True
    assert settings.resolve(home.scope, his).mail_auto_save


def test_what_is_not_a_persons_to_set(home: Home) -> None:
    mine = settings.for_person(home.scope, home.person().person_id)
    code, sentence = refusal(home, mine, "mail.lookback-days", "9")
    assert (code, "a profile or everybody" in sentence) == ("SETTING-LEVEL", True)
    assert put(home, settings.for_profile(home.scope, mine.profile_id or 0), "mail.lookback-days", "9").value == 9


def test_a_lock_above_refuses_and_outdoes_what_was_set_before(home: Home) -> None:
    mine = settings.for_person(home.scope, home.person().person_id)
    put(home, mine, "mail.auto-save", "on")
    put(home, settings.EVERYBODY, "mail.auto-save", "off", locked=True)
    assert settings.get(home.scope, mine, "mail.auto-save") is False
    code, sentence = refusal(home, mine, "mail.auto-save", "on")
    assert (code, "locked for everybody" in sentence) == ("SETTING-LOCKED", True)
    put(home, settings.EVERYBODY, "mail.auto-save", "off")
    assert settings.get(home.scope, mine, "mail.auto-save") is True


def test_a_person_cannot_lock(home: Home) -> None:
    mine = settings.for_person(home.scope, home.person().person_id)
    assert put(home, mine, "mail.auto-save", "on", locked=True).locked_by is None


def test_tenants_settings_never_meet(home: Home, stranger: Home) -> None:
    put(home, settings.EVERYBODY, "blocklist", "a.example")
    assert settings.get(stranger.scope, settings.EVERYBODY, "blocklist") == ()
    ann = home.person()
    for make, target in ((settings.for_person, ann.person_id), (settings.for_profile, 10**9)):
        with pytest.raises(Unacceptable):
            make(stranger.scope, target)


def test_an_explanation_says_where_a_value_comes_from(home: Home) -> None:
    mine = settings.for_person(home.scope, home.person().person_id)
    assert settings.explain(home.scope, mine, "blocklist").sentence == "blocklist is empty: the default."
    put(home, settings.EVERYBODY, "blocklist", "a.example")
    put(home, mine, "blocklist", "b.example")
    found = settings.explain(home.scope, mine, "blocklist")
    assert found.sentence == "blocklist is a.example, b.example: set for everybody and the person."
    put(home, settings.EVERYBODY, "mail.auto-save", "off", locked=True)
    found = settings.explain(home.scope, mine, "mail.auto-save")
    assert found.sentence == "mail.auto-save is off: set for everybody, and locked there."
    assert [each.name for each in settings.explain_all(home.scope, mine)] == list(catalogue())


def test_single_entries_come_and_go_at_their_own_level(home: Home) -> None:
    mine = settings.for_person(home.scope, home.person().person_id)
    put(home, settings.EVERYBODY, "blocklist", "a.example", locked=False)
    settings.add_entry(home.scope, mine, "blocklist", "Eve@shop.example", home.clock)
    settings.add_entry(home.scope, mine, "blocklist", "b.example", home.clock)
    settings.remove_entry(home.scope, mine, "blocklist", "eve@shop.example", home.clock)
    settings.remove_entry(home.scope, mine, "blocklist", "a.example", home.clock)
    assert settings.get(home.scope, mine, "blocklist") == ("a.example", "b.example")
    with pytest.raises(Unacceptable) as caught:
        settings.add_entry(home.scope, mine, "mail.auto-save", "x", home.clock)
    assert caught.value.code == "NOT-A-LIST"


def test_a_change_is_audited_with_its_value(home: Home) -> None:
    put(home, settings.EVERYBODY, "blocklist", "a.example", actor=audit.Actor("cli"))
    deed = audit.recent(home.scope, 1)[0]
    assert (deed.action, deed.actor.face, deed.target) == ("settings.set", "cli", "tenant")
    assert deed.details == {"level": "global", "name": "blocklist", "value": ["a.example"], "locked": False}


# -- another look --------------------------------------------------------------------------------------
DECIDED = ("MAIL-AUTO-OFF", "MAIL-BLOCKED", "MAIL-UNKNOWN", "MAIL-SAVED")


def settled(home: Home, box: MailboxRef) -> OrgStates:
    """The mailbox has an item for each reason, and its next session is an hour away."""
    states = states_of(home)
    lease = states.claim(box.mailbox_id, home.clock.now(), holder="a", lease_seconds=60)
    assert isinstance(lease, Lease)
    states.save_items(lease, [mails.state(code, code) for code in DECIDED], awaits={})
    states.release(lease, next_due=home.clock.now() + timedelta(hours=1), summary={}, error_code="")
    return states


def states_of(home: Home) -> OrgStates:
    from crosstie.store.digests import Digests

    scope = home.org.scope
    digests = Digests(home.org.org_id, items=OLD, directory=OLD)
    return OrgStates(scope, digests, home.clock, lambda mailbox_id: mailboxes.info(scope, mailbox_id))


@pytest.mark.parametrize(
    ("name", "given", "flagged"),
    [
        ("mail.auto-save", "on", {"MAIL-AUTO-OFF", "MAIL-BLOCKED", "MAIL-UNKNOWN"}),
        ("blocklist", "a.example", {"MAIL-BLOCKED", "MAIL-UNKNOWN"}),
        ("blocklist.free-mail-domains", "off", {"MAIL-BLOCKED", "MAIL-UNKNOWN"}),
        ("attachments.save", "off", set()),
        ("mail.auto-save", "off", set()),
    ],
)
def test_what_a_setting_decided_is_looked_at_again(home: Home, name: str, given: str, flagged: set[str]) -> None:
    box = home.mailbox()
    states = settled(home, box)
    home.clock.step(60)
    put(home, settings.EVERYBODY, name, given)
    assert set(states.recheck_due(box.mailbox_id, home.clock.now(), 10)) == flagged
    due_at = Mailbox.of(home.scope).get().due_at
    assert (due_at == home.clock.now()) is bool(flagged)


def test_only_those_a_place_speaks_for_are_woken(home: Home) -> None:
    tenants.add_profile(home.scope, "Sales", home.clock)
    ann, bob = home.person(), home.person()
    other = people.add(home.scope, home.details(), home.clock)
    boxes = [home.mailbox(person) for person in (ann, bob, other)]
    for box in boxes:
        settled(home, box)
    states = states_of(home)

    def flagged() -> list[bool]:
        return [bool(states.recheck_due(box.mailbox_id, home.clock.now(), 10)) for box in boxes]

    put(home, settings.for_person(home.scope, ann.person_id), "mail.auto-save", "on")
    assert flagged() == [True, False, False]
    sales = tenants.find_profile(home.scope, "Sales").pk
    put(home, settings.for_profile(home.scope, sales), "mail.auto-save", "on")
    assert flagged() == [True, False, False]
    put(home, settings.EVERYBODY, "mail.auto-save", "on")
    assert flagged() == [True, True, True]
