"""The page Blocklist: entries of one's own, those of levels above, and what a refused entry is told."""

import html
from typing import TYPE_CHECKING

import pytest

from crosstie.accounts import people
from crosstie.accounts.governance import blocklist, settings
from crosstie.store.models import JournalRow
from tests.unit.web.office import ADA, BEN
from tests.unit.web.test_pages import LIVE, text

if TYPE_CHECKING:
    from django.test import Client

    from crosstie.accounts.governance.layers import Place
    from tests.unit.web.office import Office

RIVAL = "omar@birchworks.test"


@pytest.fixture
def ada(office: "Office") -> "Client":
    return office.signed_in()


def place(office: "Office", address: str = ADA) -> "Place":
    return settings.for_person(office.scope, people.find(office.scope, address).person_id)


def blocked(office: "Office", address: str = ADA) -> list[str]:
    return [one.text for one in blocklist.show(office.scope, place(office, address)).entries]


def shown(browser: "Client") -> str:
    return " ".join(html.unescape(text(browser, "/blocklist")).split())


def live(browser: "Client", path: str, **form: str) -> str:
    page = browser.post(f"/blocklist/{path}", form, headers=LIVE).content.decode()
    assert "<html" not in page
    return " ".join(html.unescape(page).split())


def test_everybody_sees_what_counts_and_who_said_so(ada: "Client", office: "Office") -> None:
    settings.put(office.scope, settings.EVERYBODY, "blocklist", "lottery.test", office.clock)
    settings.put(office.scope, place(office), "blocklist", RIVAL, office.clock)
    page = shown(ada)
    assert 'larch.test</bdi> <span class="hint">a domain of your organization' in page
    assert 'lottery.test</bdi> <span class="hint">listed for everybody' in page
    assert f'{RIVAL}</bdi> <span class="hint">listed by you' in page
    assert page.count("Remove") == 1, "what stands above stays"
    assert "free mail services, such as gmail.com, are left out" in page
    settings.put(office.scope, settings.EVERYBODY, "blocklist.free-mail-domains", "off", office.clock)
    assert "gmail.com" not in shown(ada)


def test_blocking_works_at_once_and_on_mails_that_came_before(ada: "Client", office: "Office") -> None:
    office.mail("Drawings", RIVAL)
    assert f"{RIVAL} is on the blocklist" in live(ada, "add", entries=RIVAL)
    office.sync()
    assert f"on your own blocklist. Entries: {RIVAL}." in html.unescape(text(ada, "/mail"))
    assert "is not on the blocklist any more" in live(ada, "remove", entry=RIVAL)
    office.clock.pass_time(60)
    office.sync()
    assert "Saved automatically" in text(ada, "/mail")


def test_a_mail_tells_whose_entry_keeps_it_out_before_and_after_a_session(ada: "Client", office: "Office") -> None:
    office.mail("Drawings", RIVAL)
    domain = RIVAL.partition("@")[2]
    settings.put(office.scope, settings.EVERYBODY, "blocklist", domain, office.clock)
    told = f"on your organization's blocklist. Entries: {domain}."
    assert told in html.unescape(text(ada, "/mail")), "foreseen"
    office.sync()
    assert told in html.unescape(text(ada, "/mail"))
    rows = JournalRow.of(office.scope).filter(reason_code="MAIL-BLOCKED")
    assert [row.reason_params for row in rows] == [{"layer": "your organization's"}]


def test_several_entries_at_once(ada: "Client", office: "Office") -> None:
    live(ada, "add", entries="eve@oak.test\r\n Elm.test , \n\nbücher.test")
    assert set(blocked(office)) >= {"eve@oak.test", "elm.test", "xn--bcher-kva.test"}
    assert "eve@oak.test" not in blocked(office, BEN), "one's own list is one's own"


@pytest.mark.parametrize(
    ("entry", "sentence"),
    [
        ("*.oak.test", "has a wildcard, and there are none here"),
        ("oak", "is neither an address nor a domain"),
        ("", "neither an address nor a domain"),
        ("co.uk", "co.uk"),
        ("<script>", "neither an address nor a domain"),
    ],
)
def test_a_refused_entry_is_explained_and_stays_in_the_field(
    ada: "Client", office: "Office", entry: str, sentence: str
) -> None:
    before, typed = blocked(office), f"{entry}\nfine.test"
    answer = live(ada, "add", entries=typed if entry else "")
    assert sentence in answer
    assert not entry or typed.replace("\n", " ") in answer
    assert blocked(office) == before, "all of what was typed, or nothing"
    page = ada.post("/blocklist/add", {"entries": typed if entry else ""})
    assert page.status_code == 400
    assert "<script>" not in page.content.decode().replace("<script src", "")


@pytest.mark.parametrize("length", [2_000, 2_001, 60_000])
def test_more_than_a_form_takes_is_refused_whole_and_stays_in_the_field(
    ada: "Client", office: "Office", length: int
) -> None:
    before = blocked(office)
    lines = "\n".join(f"eve{number:04d}@oak.test" for number in range(length // 17))
    typed = lines + " " * (length - len(lines))
    answer = live(ada, "add", entries=typed)
    if length <= 2_000:
        assert len(blocked(office)) == len(before) + length // 17
        return
    assert f"These are {length} characters, and 2000 are taken at a time" in answer
    assert f"eve{length // 17 - 1:04d}@oak.test" in answer, "to the last one"
    assert blocked(office) == before
    assert ada.post("/blocklist/add", {"entries": typed}).status_code == 400


def test_what_may_be_taken_off_can_be_put_back(ada: "Client", office: "Office") -> None:
    settings.put(office.scope, settings.EVERYBODY, "blocklist", "lottery.test, casino.test", office.clock)
    settings.put(office.scope, settings.EVERYBODY, "blocklist.removable", "on", office.clock)
    blocklist.pin(office.scope, settings.EVERYBODY, "casino.test", office.clock)
    assert "listed for everybody, pinned" in shown(ada)
    assert "stays on the blocklist" in live(ada, "remove", entry="casino.test")
    live(ada, "remove", entry="lottery.test")
    assert "Taken off by you" in shown(ada)
    assert "lottery.test" not in blocked(office)
    live(ada, "add", entries="lottery.test")
    assert "lottery.test" in blocked(office)
    assert "Taken off by you" not in shown(ada)


def test_a_locked_list_is_shown_and_left_alone(ada: "Client", office: "Office") -> None:
    settings.put(office.scope, settings.EVERYBODY, "blocklist", "lottery.test", office.clock, locked=True)
    assert "locked" in live(ada, "add", entries="oak.test")
    assert "oak.test" not in blocked(office)
    assert "lottery.test" in shown(ada)


def test_without_javascript_the_next_page_says_it(ada: "Client") -> None:
    page = ada.post("/blocklist/add", {"entries": "oak.test"}, follow=True).content.decode()
    assert "oak.test is on the blocklist" in page
    assert "oak.test</bdi>" in page
    page = ada.post("/blocklist/remove", {"entry": "oak.test"}, follow=True).content.decode()
    assert "oak.test is not on the blocklist any more" in page
