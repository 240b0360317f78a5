"""Texts and markup on their way into a field."""

from random import Random

from bench.fuzz.mutate import LONGEST, ODD_TEXTS, mutated_text
from bench.fuzz.runner import Stateless
from crosstie.domain.address import Address, ascii_domain
from crosstie.mapping.markup import cut_html, tamed, without_embedded
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

SEEDS = (
    "<p>Hello <b>Ada</b>, <a href='https://x.test'>see</a>&nbsp;<br>there</p>",
    "<table><tr><td>1<td>2</table><ul><li>a<ol><li>b</ol></ul><blockquote><pre>x\n y</pre></blockquote>",
    "<!-- c --><style>p{}</style><script>if (a<b)</script><textarea><p></textarea><svg><p></svg>",
    "<img src='cid:logo' alt='L'><img src=data:image/png;base64,AAAA><hr><div style='display:none'>y</div>",
    "<html><head></head><body>" + "<div>" * 40 + "deep" + "</div>" * 40 + "</body></html>",
    "From: a@b.test\nReceived: x\n\tfolded\nSubject: y\n",
    "Grüße 👩‍👩‍👧 e\u0301 \u202egpj.exe C:\\x\\y/z.tar.gz",
    'nora@birchworks.test; omar@xn--bcher-kva.test, "a b"@x.test',
)
PIECES = (
    "<", ">", "</", "/>", "\"", "'", "=", "&", ";", "<div>", "</div>", "<p", "<a href=", "<li>", "<ol>",
    "</ol>", "<table>", "<td>", "<style>", "<script>", "</script", "<!--", "-->", "<![CDATA[", "<?",
    "<br>", "<pre>", "&amp", "&#0;", "&#xffff;", "<textarea>", "<title>", "<plaintext>", "<select>",
    "<template>", "<math>", "<svg>", "\r\n", "\n", "\u2028", "😀", "\u0301", "\u200d", "\x00", "\ud83d",
    "<blockquote>", "</blockquote>", "</p>", "<img alt=", "style=display:none",
)  # fmt: skip


class Text(Stateless):
    def feed(self, dice: Random) -> None:
        text = _text(dice)
        limit = dice.choice((0, 1, 2, 5, 40, 255, 4000, 131_072))
        kept = clean(text)
        for cut in (head(kept, limit), shorten(kept, limit), cut_html(kept, limit), whole_lines(kept, limit)):
            assert units(cut) <= limit, f"{units(cut)} units where {limit} fit"
        plain_text(without_embedded(text), limit)
        tamed(text)
        assert "\n" not in one_line(text)
        name = file_name(text, max(limit, 30))
        assert name.replace("/", "") == name != ""
        assert units(name) <= max(limit, 30)
        address = Address.of(text[:300], text[300:600])
        ascii_domain(text[:300])
        parts = [displayed(address), *emails([address])]
        assert units(joined(parts, limit)) <= limit
        counted(parts, limit)


def _text(dice: Random) -> str:
    if dice.random() < 0.4:
        pieces = [dice.choice((*PIECES, *PIECES, *ODD_TEXTS, *SEEDS)) for _ in range(dice.choice((1, 5, 30, 200)))]
        text = "".join(piece * dice.choice((1, 1, 1, 1, 60)) for piece in pieces)
    else:
        text = dice.choice(SEEDS)
        for _ in range(dice.choice((1, 3, 10))):
            at = dice.randint(0, len(text))
            text = mutated_text(text[:at] + dice.choice(PIECES) + text[at:], dice)[:LONGEST]
    return text[:LONGEST]
