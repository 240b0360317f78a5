"""Headers, charsets and structures as mail programs break them, read as far as they go."""

import time

import pytest

from sandbox.mailboxes.addresses import people
from sandbox.mailboxes.charsets import decode, words_decoded
from sandbox.mailboxes.mime import read_mail


@pytest.mark.parametrize(
    ("value", "found"),
    [
        ("tim@x.test concierge@x.test", [("", "tim@x.test"), ("", "concierge@x.test")]),
        ("alice@x.test <bob@x.test>", [("alice@x.test", "bob@x.test")]),
        ("Big Bug bb@x.test", [("Big Bug", "bb@x.test")]),
        ('"Big Bug"@x.test', [("", '"Big Bug"@x.test')]),
        (r"Pete(A wonderful \) chap) <pete(his account)@silly.test(host)>", [("Pete", "pete@silly.test")]),
        ("joe@x.test (Joe Q)", [("Joe Q", "joe@x.test")]),
        ('"Doe, Jo" <j@x.test>, "A \\"B\\" C" <k@x.test>', [("Doe, Jo", "j@x.test"), ('A "B" C', "k@x.test")]),
        ("Group: Chris <c@x.test>;, z@x.test", [("Chris", "c@x.test"), ("", "z@x.test")]),
        ("(Empty)(start)Undisclosed recipients  :(nobody(I know))  ;", []),
        ("<Undisclosed-Recipient:@x.test;>", [("Undisclosed-Recipient:@x.test;", "")]),
        ("<@a.test,@b.test:c@d.test>", [("", "c@d.test")]),
        ("chris @ host.test, jdoe@test   . example", [("", "chris@host.test"), ("", "jdoe@test.example")]),
        ("a@[IPv6:2001:db8::1]", [("", "a@[IPv6:2001:db8::1]")]),
        (", u@x.test,, ;v@x.test", [("", "u@x.test"), ("", "v@x.test")]),
        ('"broken <m@x.test>', [("broken", "m@x.test")]),
        ("=?utf-8?q?M=2C_Max?= <m@x.test>", [("M, Max", "m@x.test")]),
        ("Joe <>", [("Joe", "")]),
        ("", []),
    ],
)  # fmt: skip
def test_address_headers(value: str, found: list[tuple[str, str]]) -> None:
    assert [(one.name, one.address) for one in people(value)] == found


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("=?utf-8?q?Gr=C3=BC=C3=9Fe?= und mehr", "Grüße und mehr"),
        ("=?utf-8?b?w7w=?= =?utf-8?b?w58=?=", "üß"),
        ("=?utf-8?b?4pw=?= =?utf-8?b?kw==?=", "✓"),
        ("=?utf-8?b?4pyTx?= rest", "✓ rest"),
        ("=?gb2312?B?0rvB?= =?gb2312?B?vQ==?=", "一两"),
        ("=?gb2312?Q?=8C=C2?=", b"\x8c\xc2".decode("gb18030")),
        ("=?nosuch?B?VEVTVA=?=", "TEST"),
        ("=?utf-8*en?q?hello?=", "hello"),
        ("=?iso-8859-1?q?a?= =?utf-8?q?b?= c", "ab c"),
        ("=?utf-8?b?*?=", ""),
        ("=?utf-8?x?a?= ?==?", "=?utf-8?x?a?= ?==?"),
    ],
)
def test_encoded_words(source: str, text: str) -> None:
    assert words_decoded(source) == text


@pytest.mark.parametrize(
    ("content", "charset", "text"),
    [
        (b"\xc4\xe3\xba\xc3", "gb2312", "你好"),
        (b"\x8c\xc2\xff", "gb2312", b"\x8c\xc2".decode("gb18030") + "\ufffd"),
        ("스".encode("cp949"), "ks_c_5601-1987", "스"),
        ("①".encode("cp932"), "Shift_JIS", "①"),
        ("ü".encode(), "us-ascii", "ü"),
        (b"\xfc", "utf-8", "ü"),
        (b"\xfc", "x-unknown", "ü"),
        (b"abc", "punycode", "abc"),
        (b"a\\x41", "unicode_escape", "a\\x41"),
        (b"abc", "base64", "abc"),
        (b"abc", "a\x00b", "abc"),
        (b"+2D0-", "utf-7", "\ufffd"),
    ],
)
def test_charsets(content: bytes, charset: str, text: str) -> None:
    assert decode(content, charset) == text


def test_a_file_is_named_by_raw_letters() -> None:
    head = b'From: a@b.test\r\nContent-Type: application/octet-stream; name="ci\xc3\xable.txt"\r\n\r\nx'
    _, [attachment] = read_mail(head)
    assert attachment.name == "ciële.txt"


def test_time_does_not_grow_with_the_square_of_a_header() -> None:
    started = time.process_time()
    for sign in ("a", '"\\', "(", "<", " . ", "@", " @", ",", ";", "=?utf-8?q?", "=?"):
        people(sign * 20_000 + "x")
        words_decoded(sign * 20_000 + "x")
    assert time.process_time() - started < 5
