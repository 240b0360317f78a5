"""Text out of bytes, whatever a mail says of its charset, and out of encoded words (RFC 2047)."""

import base64
import binascii
import codecs
import quopri
import re
import warnings

_WORD = re.compile(r"=\?([^?\s*]+)(?:\*[^?\s]*)?\?([bBqQ])\?([^?\r\n]*)\?=")
_ODD_HALVES = re.compile("[\ud800-\udc7f\udd00-\udfff]")
_WIDER = {
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "euc_kr": "cp949",
    "shift_jis": "cp932",
    "big5": "cp950",
    "tis-620": "cp874",
    "iso8859-8-i": "iso8859-8",
}
"""Microsoft's code pages of these names have more characters than the standards, and mail uses them."""
_NO_CHARSETS = frozenset(
    {"charmap", "idna", "mbcs", "oem", "punycode", "raw-unicode-escape", "undefined", "unicode-escape"}
)
"""Python's, and no mail program's; some take time with the square of the length."""


def decode(content: bytes, charset: str) -> str:
    """In the charset named; what does not fit it, or has none, is UTF-8 if it can be, else Windows-1252."""
    name = _codec(charset)
    for strict in dict.fromkeys((name, "utf-8")):
        if strict:
            try:
                return without_halves(content.decode(strict)).replace("\x00", "")
            except (UnicodeError, LookupError, ValueError):
                continue
    last = "cp1252" if name in ("", "ascii", "utf-8") else name
    return without_halves(content.decode(last, "replace")).replace("\x00", "")


def _codec(charset: str) -> str:
    """Python's name of a charset; empty when it is none."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            name = codecs.lookup(charset.strip().strip("\"'")).name
    except (LookupError, ValueError):
        return ""
    if name in _NO_CHARSETS or not getattr(codecs.lookup(name), "_is_text_encoding", True):
        return ""
    return _WIDER.get(name, name)


def without_surrogates(text: str) -> str:
    """Raw eight-bit bytes in a header arrive as surrogates: UTF-8 when they are it, else Windows-1252."""
    raw = without_halves(text).encode("utf-8", "surrogateescape")
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw.decode("cp1252", "replace")


def without_halves(text: str) -> str:
    """Halves of surrogate pairs, as UTF-7 may bring them, cannot be stored; those that stand for a byte stay."""
    return _ODD_HALVES.sub("\ufffd", text)


def words_decoded(text: str) -> str:
    """Encoded words read. Neighbours in one charset are put together first: some programs cut within a letter."""
    pieces: list[str] = []
    waiting, charset, position = b"", "", 0
    for word in _WORD.finditer(text):
        between = text[position : word.start()]
        if waiting and (between.strip() or word[1].lower() != charset):
            pieces.append(decode(waiting, charset))
            waiting = b""
        if between.strip() or not position:
            pieces.append(between)
        waiting += _bytes(word[2], word[3])
        charset, position = word[1].lower(), word.end()
    if waiting:
        pieces.append(decode(waiting, charset))
    return "".join([*pieces, text[position:]])


def _bytes(encoding: str, word: str) -> bytes:
    plain = word.encode("utf-8", "replace")
    if encoding in "qQ":
        return quopri.decodestring(plain, header=True)
    try:
        return binascii.a2b_base64(plain + b"=" * (-len(plain) % 4))
    except binascii.Error:
        return _as_far_as_it_goes(plain)


def _as_far_as_it_goes(word: bytes) -> bytes:
    """Base64 that lost or gained a sign: whole groups of four are read."""
    signs = re.sub(rb"[^A-Za-z0-9+/]", b"", word)
    return base64.b64decode(signs[: len(signs) // 4 * 4])
