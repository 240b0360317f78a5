"""Earlier mails below a reply, as programs quote them."""

import re
import time
from html import escape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crosstie.domain.email import Content
from crosstie.mapping.plain import plain_text
from crosstie.mapping.quotes import cropped
from tests.unit.mapping.cases_quotes import HTML, TEXT
from tests.unit.rules.test_rules import named

SNIPPETS = st.lists(
    st.sampled_from(
        ["<p>word</p>", '<div class="gmail_quote">', "</div>", '<blockquote type="cite">', "</blockquote>", "<hr>",
         '<div id="divRplyFwdMsg">', '<div class="moz-cite-prefix">', "<br>", "words", "<"]
    ),
    max_size=12,
)  # fmt: skip
LINES = st.lists(
    st.sampled_from(["word", "> quote", "", "From: a", "To: b", "Subject: c", "-----Original Message-----", "x:"]),
    max_size=12,
)


@pytest.mark.parametrize(("subject", "html", "left"), named(HTML))
def test_html(subject: str, html: str, left: str) -> None:
    assert cropped(Content(html=html), subject).html == (html if left == "same" else left)


@pytest.mark.parametrize(("subject", "text", "left"), named(TEXT))
def test_text(subject: str, text: str, left: str) -> None:
    assert cropped(Content(text=text), subject).text == (text if left == "same" else left)


@pytest.mark.parametrize(("subject", "text", "left"), named(TEXT))
def test_text_that_exchange_shows_as_html(subject: str, text: str, left: str) -> None:
    lines = "<br>\r\n".join(escape(text).splitlines())
    shown = Content(html=f'<html><body>\r\n<div class="PlainText">{lines}</div>\r\n</body></html>')
    found = cropped(shown, subject)
    assert (found == shown) if left == "same" else (found.html, found.text.split()) == ("", left.split())


@given(SNIPPETS)
def test_what_is_left_of_html_was_there_before_and_says_something(parts: list[str]) -> None:
    html = "".join(parts)
    left = cropped(Content(html=html), "Re: x").html
    assert html.startswith(re.sub(r"(?:</[a-z]+>)*$", "", left)), "only end tags are added"
    assert plain_text(left, 100) or left == html
    assert cropped(Content(html=left), "Re: x").html == left


@given(LINES)
def test_what_is_left_of_text_is_its_beginning(lines: list[str]) -> None:
    text = "\n".join(lines)
    left = cropped(Content(text=text), "Re: x").text
    assert text.startswith(left)
    assert left.strip() or left == text


UNITS = (
    '<div class="gmail_quote">', '<div class="gmail_quote">x</div>', '<blockquote type="cite">x</blockquote>y',
    '<div class="moz-cite-prefix">', "<div style=border:none>", "<p a=b>",
)  # fmt: skip


@pytest.mark.parametrize("unit", UNITS)
def test_hostile_html_takes_time_in_proportion(unit: str) -> None:
    started = time.process_time()
    cropped(Content(html=unit * (500_000 // len(unit))), "Re: x")
    assert time.process_time() - started < 15


@pytest.mark.parametrize("unit", [">", "> x\n", "\n", "From: \n", "-----\n", ":\n", "x:", "- - "])
def test_hostile_text_takes_time_in_proportion(unit: str) -> None:
    started = time.process_time()
    cropped(Content(text=unit * (500_000 // len(unit))), "Re: x")
    assert time.process_time() - started < 15
