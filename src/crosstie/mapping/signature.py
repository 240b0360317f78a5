"""What the end of a mail tells of the one who wrote it: name, title, phones, company.

Careful rather than thorough: a wrong title is worse than none. It must be clear where the signature begins (a line
`-- `, as RFC 3676 has it, or a line that is the sender's own name), and each line must look like what it is taken
for. Only the last lines of a mail are looked at, and only so much of each, so that the time does not depend on
what strangers write.
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field

from crosstie.domain.email import Content
from crosstie.mapping.plain import plain_text
from crosstie.mapping.quotes import FORWARDED, cropped
from crosstie.mapping.text import clean, one_line

READ = 20_000
"""Characters of a mail that are read, from its beginning."""
LAST_LINES, LONGEST_LINE = 40, 200
LINES = 10
"""Of a signature."""
LONGEST_TITLE, LONGEST_COMPANY = 60, 80
_MARKS = re.compile("[\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]")
"""Invisible marks of direction and width, as mails with several scripts have them."""
_DELIMITER = re.compile(r"--\s?|__+|—")
_BULLETS = " \t*•|·–—-,;:<>"
_PHONE = re.compile(
    r"(?:\+|\b|\()[0-9][0-9 ()./\u00a0-]{5,24}[0-9]\b(?:\s?(?:ext|x|-|durchwahl)\.?\s?[0-9]{1,5}\b)?"
)
_MOBILE = re.compile(
    r"\b(?:mobile?|mob|cell(?:ular)?|handy|mobil|móvil|portable|gsm|natel|m)\b|נייד|جوال|手机|携帯", re.IGNORECASE
)
_FAX = re.compile(r"\b(?:tele)?fax\b|פקס|فاكس|传真", re.IGNORECASE)
_CALLED = re.compile(
    r"\b(?:tel(?:efon|ephone|éfono|éphone)?|phone|ph|office|direct|switchboard|t|p|o|d|mobile?|mob|cell(?:ular)?|handy"
    r"|mobil|móvil|portable|gsm|natel|m|(?:tele)?fax|f|fon)\b\s*[.:]|טל|נייד|פקס|هاتف|جوال|电话|手机|電話|携帯",
    re.IGNORECASE,
)
_NO_PHONE = re.compile(
    r"\b(?:vat|ust|hrb|iban|siret|siren|reg(?:istration)?|company no|nif|cif|tax|zip)\b", re.IGNORECASE
)
_TITLE = re.compile(
    r"\b(?:manager|director|engineer|developer|architect|consultant|analyst|assistant|secretary|accountant|buyer"
    r"|officer|president|partner|founder|owner|head of|lead(?:er)?|chief|executive|specialist|representative"
    r"|coordinator|advisor|supervisor|administrator|designer|attorney|lawyer|professor|technician|c[etfoi]o|vp|md"
    r"|geschäftsführer(?:in)?|prokurist(?:in)?|leiter(?:in)?|vertrieb|einkauf|referent(?:in)?|berater(?:in)?"
    r"|ingenieur(?:in)?|inhaber(?:in)?|directeur|directrice|gérante?|responsable|chef|ingénieure?|gerente|jefe"
    r"|jefa|director[a]?|ingenier[oa]|direttore|direttrice|responsabile|diretora?|kierownik|dyrektor|prezes)\b"
    r"|מנהל|מנכ|סמנכ|מהנדס|مدير|مهندس|رئيس|经理|总监|工程师|部長|課長|社長",
    re.IGNORECASE,
)
_LEGAL = re.compile(
    r"(?:^|[\s,])(?:ltd|limited|llc|llp|plc|inc|corp(?:oration)?|gmbh|ag|kg|ohg|ug|se|s\.?a\.?s?|s\.?r\.?l|b\.?v"
    r"|n\.?v|oy|ab|a/s|aps|sp\. z o\.o|s\.r\.o|pty|kft|co)\.?(?:\s*(?:&|und)\s*co\.?\s*kg)?\.?$"
    r"|בע.?מ|ש\.מ\.מ|株式会社|有限公司",
    re.IGNORECASE,
)
_SENTENCE = re.compile(r"[.!?…:]$")
_LETTERS = re.compile(r"[^\W\d_]+")


@dataclass(frozen=True, slots=True)
class Signature:
    """What was found; the rest is empty. `name` is that of the one who wrote, as the signature writes it."""

    name: str = ""
    title: str = ""
    company: str = ""
    phone: str = ""
    mobile: str = ""
    fax: str = ""
    other_phone: str = ""


NOTHING = Signature()


def signature(content: Content, subject: str, shown: str, email: str) -> Signature:
    """`shown` is how the mail displays its sender. A forwarded mail ends with somebody else's signature."""
    if FORWARDED.match(subject):
        return NOTHING
    own = cropped(content, subject)
    text = own.text or (plain_text(own.html, READ) if own.html else "")
    block = _block(_lines(clean(text)[:READ]), shown, email)
    return _read(block, email) if block else NOTHING


@dataclass(slots=True)
class _Block:
    name: str
    lines: list[str] = field(default_factory=list)


def _lines(text: str) -> list[str]:
    """The last ones of what the sender wrote: what is quoted ends it."""
    lines: list[str] = []
    for line in text.split("\n"):
        if line.lstrip().startswith(">"):
            break
        lines.append(_MARKS.sub("", line[:LONGEST_LINE]))
    while lines and not lines[-1].strip():
        lines.pop()
    return lines[-LAST_LINES:]


def _block(lines: Sequence[str], shown: str, email: str) -> _Block | None:
    """From the last line that can only be a signature's first."""
    for at in range(len(lines) - 1, -1, -1):
        plain = _plain(lines[at])
        if _DELIMITER.fullmatch(lines[at].strip()):
            rest = [_plain(line) for line in lines[at + 1 : at + 1 + LINES] if line.strip()]
            named = bool(rest) and (_is_name(rest[0], shown, email) or _looks_like_a_name(rest[0]))
            return _Block(rest[0] if named else "", rest[1:] if named else rest)
        if _is_name(plain, shown, email):
            return _Block(plain, [_plain(line) for line in lines[at + 1 : at + 1 + LINES] if line.strip()])
    return None


def _plain(line: str) -> str:
    return one_line(line).strip(_BULLETS)


def _words(text: str) -> list[str]:
    folded = unicodedata.normalize("NFKD", text.casefold())
    return _LETTERS.findall("".join(one for one in folded if not unicodedata.combining(one)))


def _is_name(line: str, shown: str, email: str) -> bool:
    """The words of the name the mail shows, in any order, or, where it shows none, of what stands before the @."""
    words = _words(line)
    if not 2 <= len(words) <= 5 or len(line) > LONGEST_TITLE or re.search(r"[\d@]", line):
        return False
    wanted = _words("" if "@" in shown else shown) or _words(email.partition("@")[0].replace("_", " "))
    return len(wanted) > 1 and sorted(words) == sorted(wanted)


def _looks_like_a_name(line: str) -> bool:
    """Two or three words that begin with capitals, or of a script that has none."""
    words = line.split()
    fits = 2 <= len(words) <= 3 and len(line) <= LONGEST_TITLE // 2 and not _TITLE.search(line)
    return fits and not _LEGAL.search(line) and all(_is_name_word(word) for word in words)


def _is_name_word(word: str) -> bool:
    plain = word.replace("-", "").replace("'", "").replace("’", "").rstrip(".")
    return plain.isalpha() and not (plain[0].islower() or (len(plain) > 1 and plain.isupper()))


def _read(block: _Block, email: str) -> Signature:
    phones = _Phones()
    title = company = ""
    for number, line in enumerate(block.lines):
        if not title and number < 3 and _is_title(line):
            title = line
        elif not company and _is_company(line, email):
            company = line
        else:
            phones.take(line)
    return Signature(block.name, title, company, phones.phone, phones.mobile, phones.fax, phones.other)


def _is_title(line: str) -> bool:
    return len(line) <= LONGEST_TITLE and _is_words(line) and _TITLE.search(line) is not None


def _is_company(line: str, email: str) -> bool:
    """It ends like one, or is called like the domain."""
    if len(line) > LONGEST_COMPANY or not _is_words(line.rstrip(".")):
        return False
    label = email.rpartition("@")[2].partition(".")[0]
    return _LEGAL.search(line) is not None or "".join(_words(line)) == "".join(_words(label)) != ""


def _is_words(line: str) -> bool:
    return bool(line) and not re.search(r"\d{2}|@|://|www\.", line) and not _SENTENCE.search(line)


@dataclass(slots=True)
class _Phones:
    phone: str = ""
    mobile: str = ""
    fax: str = ""
    other: str = ""

    def take(self, line: str) -> None:
        """Each number with the words before it, which say what it is."""
        if _NO_PHONE.search(line):
            return
        before = 0
        for match in _PHONE.finditer(line):
            label, before = line[before : match.start()], match.end()
            if _is_number(match[0], label):
                self._put(match[0].strip(), label)

    def _put(self, number: str, label: str) -> None:
        if _FAX.search(label) or re.search(r"\bf\b\s*[.:]", label, re.IGNORECASE):
            self.fax = self.fax or number
        elif _MOBILE.search(label):
            self.mobile = self.mobile or number
        elif not self.phone:
            self.phone = number
        elif number != self.phone:
            self.other = self.other or number


def _is_number(text: str, label: str) -> bool:
    """With a label, or written the international way: other rows of digits are postcodes and registers."""
    digits = sum(one.isdigit() for one in text)
    return 7 <= digits <= 20 and (text.lstrip("(").startswith(("+", "00")) or _CALLED.search(label) is not None)
