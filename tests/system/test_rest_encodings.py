"""The search for content at rest sees each encoding it claims to see."""

import pytest

from tests.system.rest.encodings import ENCODINGS, encoded, find
from tests.system.rest.words import WORDS


@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize("word", WORDS.values())
def test_every_word_is_seen_in_every_encoding(word: str, encoding: str) -> None:
    if encoding == "Latin-1" and len(encoded(word, encoding)) != len(word):
        return  # it has letters that Latin-1 lacks
    data = b"\x00before " + encoded(word, encoding) + b" after\xff"
    assert [sighting.word for sighting in find(data, WORDS.values(), "here")][:1] == [word]


@pytest.mark.parametrize("word", ["zanzibarquill", "žluťoučkýkůň"])
@pytest.mark.parametrize("text", ["{}", "a {} b", "ab{}cde", "abc {}", "Subject: Re: {} tomorrow"])
def test_whole_texts_in_base64_are_seen_across_lines(word: str, text: str) -> None:
    import base64

    raw = base64.encodebytes((text.format(word) * 3).encode())
    assert list(find(raw, [word], "here"))


@pytest.mark.parametrize("word", ["zanzibarquill", "žluťoučkýkůň"])
def test_quoted_printable_is_seen_across_soft_breaks(word: str) -> None:
    import quopri

    raw = quopri.encodestring(("x" * 70 + word).encode())
    assert b"=\n" in raw
    assert list(find(raw, [word], "here"))


def test_other_text_is_not_mistaken() -> None:
    assert not list(find(b"zanzibar quill = marmalade", WORDS.values(), "here"))
