"""Cleaning, cutting and reading of text, by cases and by laws that hold for anything somebody may send."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser

from crosstie.domain.address import Address
from crosstie.mapping.markup import VOID, cut_html, pieces, tamed, without_embedded
from crosstie.mapping.plain import plain_text
from crosstie.mapping.text import (
    clean,
    counted,
    displayed,
    emails,
    file_name,
    head,
    joined,
    one_line,
    shorten,
    units,
    whole_lines,
)
from tests.unit.mapping.cases_text import HTML_CUTS, PLAIN

ANYTHING = st.text(st.characters(codec=None), max_size=300)
SIGNS = st.text(st.sampled_from("ab é\u0301👍👩\u200d💻🏽\ud83d\n\x00"), max_size=60)
PIECES = "<p> </p> <div> </div> <b> </b> <br> <a/href='x'> </a> &amp; & < > ' \" <!-- --> <style> </style> 👍 <td>"
PIECES += " <table> <li> </x>"
MARKUP = st.lists(st.sampled_from(["word ", *PIECES.split()]), max_size=60).map("".join)


@pytest.mark.parametrize(("html", "text"), [pytest.param(*case[1:], id=case[0]) for case in PLAIN])
def test_html_to_text(html: str, text: str) -> None:
    assert plain_text(html, 10_000) == text


@pytest.mark.parametrize(("html", "room", "left"), [pytest.param(*case[1:], id=case[0]) for case in HTML_CUTS])
def test_html_is_cut(html: str, room: int, left: str) -> None:
    assert cut_html(html, room) == left


def test_reading_stops_when_there_is_enough() -> None:
    text = plain_text("<p>word</p>" * 10_000, 100)
    assert 100 <= len(text) < 200


@given(ANYTHING | MARKUP)
def test_anything_can_be_read(html: str) -> None:
    text = plain_text(html, 1000)
    assert "\x00" not in text
    text.encode()


@given(ANYTHING | MARKUP, st.integers(0, 120))
def test_cut_html_fits_and_is_balanced(html: str, room: int) -> None:
    cut = cut_html(clean(html), room)
    assert units(cut) <= room
    if cut != clean(html) and "<!--" not in cut and "<style" not in cut:
        assert left_open(cut) <= left_open(clean(html))


def left_open(html: str) -> int:
    """Elements that are opened and not closed, as a strict reader counts them."""
    opened: list[str] = []
    for piece in pieces(html, len(html)):
        if piece.closes and piece.name in opened:
            del opened[len(opened) - 1 - opened[::-1].index(piece.name) :]
        elif piece.opens and piece.name not in VOID:
            opened.append(piece.name)
    return len(opened)


@given(st.text(st.sampled_from("ab <>&;"), max_size=80))
def test_tamed_words_are_the_words(html: str) -> None:
    """Text without a tag reads the same for the parser, before and after."""
    if not list(pieces(html, len(html))):
        body = LexborHTMLParser(tamed(html)).body
        assert body is not None
        assert "".join(body.text().split()) == "".join(plain_text(html, 1000).split())


HOSTILE = {
    "deep": "<div>",
    "deep, ends of nothing": "<div></x>",
    "ends the parser ignores": "<div><table></div></table>",
    "lists": "<ul><li>",
    "quotes": "<blockquote>x",
    "tags that never end": "<a ",
    "quotes that never end": '<a "',
    "comments that never end": "<!--",
    "less-than": "<",
    "formatting": "<b><p>x</b>",
    "ampersands": "&",
    "ruby": "<rt>x",
    "options": "<option><optgroup>x",
    "pictures that never end": "<img src=cid:",
    "attributes": "<a b c d e",
    "words between tags": "<span>word </span>",
}


@pytest.mark.parametrize("unit", HOSTILE.values(), ids=HOSTILE.keys())
def test_hostile_html_takes_time_in_proportion(unit: str) -> None:
    """A million characters: what grows with the square takes minutes for them."""
    html = unit * (1_000_000 // len(unit))
    started = time.process_time()
    plain_text(html, 32_000)
    assert units(cut_html(without_embedded(html), 131_072)) <= 131_072
    assert time.process_time() - started < 15


def test_one_enormous_tag_does_not_hide_the_words() -> None:
    html = f'<div data-x="{"x" * 200_000}"><p>words</p></div>'
    assert cut_html(html, 1000) == "<div><p>words</p></div>"


def test_embedded_pictures_are_taken_out() -> None:
    html = 'a<img alt=x src=\'cid:1@x\'>b<IMG SRC="CID:2">c<img src="https://x.test/1.png">'
    assert without_embedded(html) == 'abc<img src="https://x.test/1.png">'


@given(SIGNS | ANYTHING)
def test_clean_text_can_be_sent_and_stays_clean(text: str) -> None:
    cleaned = clean(text)
    cleaned.encode()
    assert not set(cleaned) & {"\x00", "\r", "\x1b", "\ufffe"}
    assert clean(cleaned) == cleaned
    assert "\n" not in one_line(text)


@pytest.mark.parametrize(
    ("text", "cleaned"),
    [("a\r\nb\rc", "a\nb\nc"), ("a\x00\x08b\tc", "ab\tc"), ("a\ud83d", "a\ufffd"), ("עברית 👩‍💻", "עברית 👩‍💻")],
)
def test_clean(text: str, cleaned: str) -> None:
    assert clean(text) == cleaned


def test_a_line_loses_marks_that_force_its_direction_and_keeps_those_that_hebrew_needs() -> None:
    assert one_line("pay\u202eknab\u202c  now\n") == "payknab\u202c now"
    assert one_line("שלום \u200f(1)\u200e \u2067עברית\u2069") == "שלום \u200f(1)\u200e \u2067עברית\u2069"


@given(SIGNS.map(clean), st.integers(0, 40))
def test_head_is_a_beginning_that_fits(text: str, room: int) -> None:
    begun = head(text, room)
    assert text.startswith(begun)
    assert units(begun) <= room
    assert len(begun) == len(text) or units(begun) > room - 70


@pytest.mark.parametrize(
    ("text", "room", "begun"),
    [
        ("e\u0301e\u0301", 3, "e\u0301"),
        ("👍🏽👍🏽", 6, "👍🏽"),
        ("ab👩‍💻", 5, "ab"),
        ("👍👍", 3, "👍"),
        ("abc", 3, "abc"),
        ("a\nb", 4, "a\nb"),
        ("a\nb", 3, "a\n"),
        ("a\nb", 2, "a"),
        ("abc", 0, ""),
    ],
)
def test_no_sign_is_torn_apart(text: str, room: int, begun: str) -> None:
    assert head(text, room) == begun


@given(SIGNS.map(clean), st.integers(0, 40))
def test_shortened_text_fits_and_says_so(text: str, room: int) -> None:
    short = shorten(text, room)
    assert units(short) <= room
    assert short == text or room <= 1 or short.endswith("…")


def test_a_folded_header_goes_whole() -> None:
    headers = "Received: by a\n\twith b\nSubject: x\nX-Long: 1\n  2\n  3"
    assert whole_lines(headers, units(headers)) == headers
    assert whole_lines(headers, units(headers) - 1) == "Received: by a\n\twith b\nSubject: x"
    assert whole_lines(headers, 20) == ""


@given(st.lists(st.text("ab@.👍", min_size=1, max_size=9), max_size=30), st.integers(0, 80))
def test_addresses_are_whole_or_not_there(parts: list[str], room: int) -> None:
    text = joined(parts, room)
    assert units(text) <= room
    kept = text.split("; ") if text else []
    assert parts[: len(kept)] == kept
    told = counted(parts, max(room, 20))
    assert units(told) <= max(room, 20)
    if "more" not in told:
        assert told == "; ".join(parts)


def test_counted_says_how_many_are_left_out() -> None:
    assert counted(["aaaa", "bbbb", "cccc"], 100) == "aaaa; bbbb; cccc"
    assert counted(["aaaa"] * 10, 30) == "aaaa; aaaa; aaaa; and 7 more"


def test_displayed_names() -> None:
    assert displayed(Address("joe@x.test", "Joe; Ann\n Ltd")) == "Joe, Ann Ltd <joe@x.test>"
    assert displayed(Address("joe@x.test", "Joe@X.test")) == "joe@x.test"
    assert displayed(Address("joe@x.test")) == "joe@x.test"
    assert emails([Address("a@x.test"), Address("b;c@x.test"), Address("a@x.test"), Address("")]) == (
        "a@x.test",
        "bc@x.test",
    )


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("offer.pdf", "offer.pdf"),
        ("C:\\temp\\offer.pdf", "offer.pdf"),
        ("../../etc/passwd", "passwd"),
        ("evil\u202efdp.exe", "evilfdp.exe"),
        ("  ", "attachment"),
        ("...", "attachment"),
        (".profile", "profile"),
        ("a\nb.txt", "a b.txt"),
        ("Angebot für שלום 👍.pdf", "Angebot für שלום 👍.pdf"),
        ("x" * 60 + ".pdf", "x" * 46 + ".pdf"),
        ("x" * 60, "x" * 50),
    ],
)
def test_file_names(name: str, kept: str) -> None:
    assert file_name(name, 50) == kept


@given(ANYTHING, st.integers(30, 60))
@settings(max_examples=60)
def test_file_names_fit(name: str, room: int) -> None:
    kept = file_name(name, room)
    assert 0 < units(kept) <= room
    assert "/" not in kept
    assert "\\" not in kept
