"""The blocklist: three levels, pins, and entries that are taken off and stay so."""

from collections.abc import Sequence

import pytest

from crosstie.accounts import audit, people, tenants
from crosstie.accounts.connection import mailboxes
from crosstie.accounts.governance import blocklist, settings
from crosstie.accounts.governance.layers import Place
from crosstie.accounts.words import Answer, Unacceptable
from crosstie.domain.address import Address
from crosstie.domain.email import Email, Folder
from crosstie.domain.settings import Level
from crosstie.rules.participants import Circle
from crosstie.store.models import SettingValue
from tests.unit.accounts.homes import Home


class Office:
    """A home with a person who has a mailbox, and the three places that speak for it."""

    def __init__(self, home: Home) -> None:
        self.home = home
        tenants.add_profile(home.scope, "Sales", home.clock)
        self.person = home.person()
        self.box = home.mailbox(self.person)
        self.everybody = settings.EVERYBODY
        self.mine = settings.for_person(home.scope, self.person.person_id)
        self.profile = settings.for_profile(home.scope, self.mine.profile_id or 0)

    def do(self, verb: str, place: Place, entry: str) -> Answer:
        said: Answer = getattr(blocklist, verb)(self.home.scope, place, entry, self.home.clock)
        return said

    def refused(self, verb: str, place: Place, entry: str) -> str:
        before = list(SettingValue.of(self.home.scope).values_list("level", "name", "value"))
        with pytest.raises(Unacceptable) as caught:
            self.do(verb, place, entry)
        assert list(SettingValue.of(self.home.scope).values_list("level", "name", "value")) == before
        return caught.value.code

    def let_remove(self, on: str = "on") -> None:
        settings.put(self.home.scope, self.everybody, "blocklist.removable", on, self.home.clock)

    def blocked(self) -> Sequence[str]:
        """What the person's sessions work with."""
        return mailboxes.info(self.box.scope, self.box.mailbox_id).settings.blocklist

    def group(self, address: str) -> str:
        """Where a session of the mailbox puts an address."""
        circle = Circle.of(mailboxes.info(self.box.scope, self.box.mailbox_id))
        found = circle.sort(Email("i", "v", Folder.INBOX, "", Address.of(address)))
        return next(name for name in found.__slots__ if getattr(found, name))


@pytest.fixture
def office(home: Home) -> Office:
    return Office(home)


def test_the_levels_add_up(office: Office) -> None:
    for place, entry in (
        (office.everybody, "news.example"),
        (office.profile, "fair.example"),
        (office.mine, "Eve@Shop.Example"),
    ):
        assert office.do("add", place, entry).ok
    assert office.blocked() == ("news.example", "fair.example", "eve@shop.example")
    found = blocklist.show(office.home.scope, office.mine)
    assert [(one.text, one.source) for one in found.entries] == [
        ("news.example", "global"),
        ("fair.example", "profile"),
        ("eve@shop.example", "user"),
        (office.home.domain, "internal"),
    ]
    assert found.free_mail
    assert found.removed == ()


def test_an_organizations_entry_stays_unless_an_administrator_lets_it_go(office: Office) -> None:
    office.do("add", office.everybody, "news.example")
    for place in (office.profile, office.mine):
        assert office.refused("remove", place, "news.example") == "ENTRY-STAYS"
    office.let_remove()
    office.do("remove", office.mine, "news.example")
    assert office.blocked() == ()
    found = blocklist.show(office.home.scope, office.mine)
    assert [(one.text, one.removed_by) for one in found.removed] == [("news.example", Level.USER)]
    assert blocklist.show(office.home.scope, office.profile).entries[0].text == "news.example"
    deed = audit.recent(office.home.scope, 1)[0]
    assert (deed.details["name"], deed.details["value"]) == ("blocklist.removed", ["news.example"])


def test_what_was_taken_off_is_remembered(office: Office) -> None:
    """Listed anew above, made to stay, let go again: the person's word is kept through all of it."""
    office.do("add", office.everybody, "news.example")
    office.let_remove()
    office.do("remove", office.mine, "news.example")
    office.do("remove", office.everybody, "news.example")
    office.do("add", office.everybody, "news.example")
    assert office.blocked() == ()
    office.let_remove("off")
    assert office.blocked() == ("news.example",)
    office.let_remove()
    assert office.blocked() == ()
    office.do("add", office.mine, "news.example")
    assert office.blocked() == ("news.example",)
    assert settings.get(office.home.scope, office.mine, "blocklist.removed") == ()


def test_a_pin_outdoes_what_is_taken_off_below(office: Office) -> None:
    office.let_remove()
    office.do("add", office.everybody, "news.example")
    office.do("remove", office.mine, "news.example")
    office.do("pin", office.everybody, "news.example")
    assert office.blocked() == ("news.example",)
    assert office.refused("remove", office.mine, "news.example") == "ENTRY-PINNED"
    assert office.refused("remove", office.profile, "news.example") == "ENTRY-PINNED"
    (first, *_) = blocklist.show(office.home.scope, office.mine).entries
    assert (first.pinned_by, first.removable) == (Level.GLOBAL, False)
    office.do("unpin", office.everybody, "news.example")
    assert office.blocked() == ()
    assert office.refused("unpin", office.everybody, "news.example") == "NOT-PINNED"


def test_a_profile_pins_too(office: Office) -> None:
    office.let_remove()
    office.do("pin", office.profile, "rival.example")
    assert office.blocked() == ("rival.example",)
    assert office.refused("remove", office.mine, "rival.example") == "ENTRY-PINNED"
    assert office.refused("pin", office.mine, "other.example") == "SETTING-LEVEL"
    office.do("remove", office.profile, "rival.example")
    assert office.blocked() == ()
    assert settings.get(office.home.scope, office.profile, "blocklist.pinned") == ()


def test_a_persons_own_entries_come_and_go_in_any_case(office: Office) -> None:
    office.do("add", office.mine, "eve@shop.example")
    office.do("add", office.mine, "eve@shop.example")
    assert office.blocked() == ("eve@shop.example",)
    office.do("remove", office.mine, "EVE@shop.example")
    assert office.blocked() == ()
    assert office.refused("remove", office.mine, "eve@shop.example") == "NOT-LISTED"


def test_a_locked_list_takes_nothing_from_below(office: Office) -> None:
    office.let_remove()
    settings.put(office.home.scope, office.everybody, "blocklist", "news.example", office.home.clock, locked=True)
    assert office.refused("add", office.mine, "shop.example") == "SETTING-LOCKED"
    assert office.refused("remove", office.mine, "news.example") == "ENTRY-STAYS"
    assert office.blocked() == ("news.example",)


def test_what_is_built_in_is_taken_off_by_an_administrator(office: Office) -> None:
    assert office.group("pat@gmail.com") == "free"
    assert office.group(f"bo@{office.home.domain}") == "internal"
    assert office.refused("remove", office.mine, "gmail.com") == "ENTRY-STAYS"
    office.do("remove", office.everybody, "gmail.com")
    office.do("remove", office.everybody, office.home.domain)
    assert office.group("pat@gmail.com") == "outside"
    assert office.group(f"bo@{office.home.domain}") == "outside"
    assert office.group(office.person.address) == "internal"
    found = blocklist.show(office.home.scope, office.mine)
    assert [(one.text, one.source) for one in found.removed] == [
        ("gmail.com", "free-mail"),
        (office.home.domain, "internal"),
    ]
    office.do("add", office.everybody, "gmail.com")
    assert office.group("pat@gmail.com") == "free"


def test_free_mail_services_are_not_listed_where_they_are_let_in(office: Office) -> None:
    settings.put(office.home.scope, office.everybody, "blocklist.free-mail-domains", "off", office.home.clock)
    assert office.refused("remove", office.everybody, "gmail.com") == "NOT-LISTED"
    assert not blocklist.show(office.home.scope, office.everybody).free_mail


def test_the_setting_itself_is_refused_as_the_command_is(office: Office) -> None:
    office.do("add", office.everybody, "news.example")
    with pytest.raises(Unacceptable) as caught:
        settings.put(office.home.scope, office.mine, "blocklist.removed", "news.example", office.home.clock)
    assert caught.value.code == "ENTRY-STAYS"
    assert "blocklist.removable" in caught.value.sentence


@pytest.mark.parametrize(
    ("entry", "code"),
    [
        ("*.news.example", "WILDCARD"),
        ("co.uk", "PUBLIC-SUFFIX"),
        ("", "ENTRY-BAD"),
        ("a.example b.example", "ENTRY-BAD"),
    ],
)
def test_an_entry_that_is_none_is_explained(office: Office, entry: str, code: str) -> None:
    for verb in ("add", "remove", "pin", "unpin"):
        assert office.refused(verb, office.everybody, entry) == code


def test_a_person_of_another_profile_keeps_the_whole_list(office: Office) -> None:
    office.let_remove()
    office.do("add", office.everybody, "news.example")
    office.do("remove", office.profile, "news.example")
    other = people.add(office.home.scope, office.home.details(), office.home.clock)
    sales = tenants.find_profile(office.home.scope, "Sales").pk
    assert office.blocked() == ()
    assert sales != office.mine.profile_id
    place = settings.for_profile(office.home.scope, sales)
    assert settings.get(office.home.scope, place, "blocklist") == ("news.example",)
    assert settings.for_person(office.home.scope, other.person_id).profile_id == office.mine.profile_id
