"""Pages in German: every sentence has its German, and the reader's browser, or the reader, says which it is."""

import re
from typing import TYPE_CHECKING

import pytest
from django.utils import translation

from crosstie.accounts.trouble import advice, letters
from crosstie.domain.reasons import KINDS, reason
from crosstie.store.models import AuditRow, Person
from tests import translations
from tests.unit.web.office import ADA

if TYPE_CHECKING:
    from django.test import Client

    from tests.unit.web.office import Office

HOLE = re.compile(r"%\(\w+\)[sd]|\{\{|\}\}|\{\w+\}|<[^>]+>")
PAGES = (
    "/",
    "/mail",
    "/calendar",
    "/issues",
    "/linking",
    "/blocklist",
    "/mend",
    "/activation",
    "/connectivity",
    "/nothing-here",
)


def test_every_sentence_has_its_german() -> None:
    known = {
        one.id if isinstance(one.id, str) else tuple(one.id): one for one in translations.catalogue() if one.id
    }
    said = translations.sentences()
    assert sorted(map(str, said - known.keys())) == [], "python -m tests.translations takes them up"
    assert sorted(map(str, known.keys() - said)) == [], "python -m tests.translations drops them"
    assert [one.id for one in known.values() if not all(translations.texts(one.string))] == []


def test_a_german_sentence_has_the_same_holes_and_links() -> None:
    for one in translations.catalogue():
        if one.id:
            for english, german in zip(translations.texts(one.id), translations.texts(one.string), strict=True):
                assert sorted(set(HOLE.findall(german))) == sorted(set(HOLE.findall(english))), german


def test_what_is_compiled_is_what_stands_there() -> None:
    assert translations.MO.read_bytes() == translations.compiled(translations.catalogue())


def test_a_reason_is_told_in_the_readers_language() -> None:
    saved = reason(KINDS["MAIL-SAVED"], object="EmailMessage")
    assert saved.sentence == "Saved automatically to Salesforce as EmailMessage."
    with translation.override("de"):
        assert saved.sentence == "Automatisch in Salesforce gespeichert (EmailMessage)."
        assert advice.for_code("CRM-BUSY").startswith("Salesforce bittet uns, langsamer zu sein.")
        assert advice.for_code("") == ""


@pytest.mark.parametrize("path", PAGES)
def test_a_page_follows_the_browser_and_says_so(office: "Office", path: str) -> None:
    office.mail("Angebot", "nora@birchworks.test", ADA)
    office.sync()
    browser = office.signed_in()
    english = shown(browser, path, "en")
    german = shown(browser, path, "de-AT,de;q=0.9,en;q=0.5")
    assert '<html lang="en">' in english
    assert '<html lang="de">' in german
    left = [text for text in plain_sentences() if text in english and text in german]
    assert left == []
    assert shown(browser, path, "fr") == shown(browser, path, "fr"), "whatever else is asked for is English"
    assert '<html lang="en">' in shown(browser, path, "fr")


def shown(browser: "Client", path: str, languages: str) -> str:
    page = browser.get(path, headers={"accept-language": languages}).content.decode()
    return re.sub(r'value="[A-Za-z0-9]{64}"', "", page)


def plain_sentences() -> list[str]:
    """Long enough to be nothing but themselves."""
    german = {one.id: one.string for one in translations.catalogue() if isinstance(one.id, str)}
    return [text for text, said in german.items() if len(text) > 12 and said != text and not HOLE.search(text)]


def test_a_reader_chooses_and_is_remembered(office: "Office") -> None:
    browser = office.signed_in()
    assert 'lang="de">Deutsch</button>' in browser.get("/blocklist").content.decode()
    answer = browser.post("/language", {"language": "de", "next": "/blocklist"})
    assert (answer.status_code, answer["Location"]) == (302, "/blocklist")
    assert "Sperrliste" in browser.get("/blocklist").content.decode()
    assert 'lang="en">English</button>' in browser.get("/blocklist").content.decode()
    cookie = browser.cookies["crosstie-language"]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"


@pytest.mark.parametrize("target", ["https://elsewhere.example/", "//elsewhere.example", "javascript:alert(1)"])
def test_choosing_a_language_leads_nowhere_else(office: "Office", target: str) -> None:
    answer = office.signed_in().post("/language", {"language": "de", "next": target})
    assert "elsewhere" not in answer["Location"]
    assert "alert" not in answer["Location"]


def spoken(office: "Office") -> str:
    found = Person.of(office.scope).get(address=ADA)
    return str(found.language)


def test_the_language_that_a_person_chose_is_kept_for_their_mails(office: "Office") -> None:
    browser = office.signed_in()
    assert spoken(office) == ""
    browser.post("/language", {"language": "de", "next": "/"})
    assert spoken(office) == "de"
    office.signed_in()
    assert spoken(office) == "de", "who chooses none in another browser takes nothing back"
    assert AuditRow.of(office.scope).get(action="person.language").details == {"language": "de"}


def test_what_was_chosen_before_signing_in_is_kept_too(office: "Office") -> None:
    browser = office.browser()
    browser.post("/language", {"language": "de", "next": "/"})
    assert spoken(office) == ""
    browser.get("/sign-in/salesforce/callback", office.choose(office.leave(browser), ADA))
    assert spoken(office) == "de"


def test_a_mail_to_the_colleague_who_allows_us_is_in_the_language_of_the_page(office: "Office") -> None:
    with translation.override("de"):
        found = letters.consent("Ada Keller", "https://login.example/consent")
    assert found.subject == "Bitte erlauben Sie Crosstie für unsere Postfächer"
    assert "administrator of our" not in found.body


@pytest.mark.parametrize("language", ["xx", "", "../../etc/passwd"])
def test_a_language_that_is_not_there_changes_nothing(office: "Office", language: str) -> None:
    browser = office.signed_in()
    assert browser.post("/language", {"language": language, "next": "/"}).status_code == 302
    assert spoken(office) == ""
    assert '<html lang="en">' in browser.get("/").content.decode()


def test_the_switch_leads_back_to_the_very_page(office: "Office") -> None:
    page = shown(office.signed_in(), "/audit?who=ada&page=0", "en")
    assert 'name="next" value="/audit?who=ada&amp;page=0"' in page


def test_the_answer_to_a_form_has_no_switch_for_it_cannot_be_asked_for_again(office: "Office") -> None:
    page = office.signed_in().post("/tokens/make", {"name": "Report", "days": "30"}).content.decode()
    assert "Copy it now" in page
    assert 'action="/language"' not in page
