"""What stands in a letter below its first line: as programs mark it up, and as a person reads it.

Drawn with dice of their own, so that nothing else of a history moves. Written from what a reader sees, and from
what mail programs are known to put above a quote; no rule of ours is asked.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import pairwise
from random import Random

BEFORE = "words from before"
"""In what a letter quotes of an earlier one."""
BELOW = "and this is below the quote"
WORDS = (
    "anchors", "birds", "cedar", "delta", "ember", "flint", "gravel", "harbour", "island", "juniper", "kettle",
    "lantern", "marble", "nettle", "orchard", "pebble", "quarry", "river", "saddle", "timber", "velvet",
)  # fmt: skip
LONG = 3_000
"""Paragraphs of a letter that no field has room for."""

Say = Callable[[], str]
Block = tuple[str, str, bool]
"""HTML, what a person reads, and whether an empty line stands around it."""


@dataclass(frozen=True, slots=True)
class Words:
    html: str = ""
    reads: str = ""
    """These lines, one after the other, within the saved text."""
    alone: bool = False
    """The letter is plain text: what it says is what is read."""
    signature: str = ""
    quote: str = ""
    """As HTML, or as text of a letter that is plain."""
    within: bool = False
    """Somebody answered below the quote: it belongs to what was written."""
    long: bool = False


BARE = Words()


def _paragraph(say: Say) -> Block:
    a, b, c = say(), say(), say()
    return f"<p>Dear <b>{a}</b>,\n  {b}<br>{c} &amp; {a} &lt;{b}</p>", f"Dear {a}, {b}\n{c} & {a} <{b}", True


def _lists(say: Say) -> Block:
    a, b, c = say(), say(), say()
    inner = f"<ol><li>{c}</li><li>{a}</li></ol>"
    return f"<ul><li>{a}</li><li>{b}{inner}</li><li>{c}</ul>", f"- {a}\n- {b}\n  1. {c}\n  2. {a}\n- {c}", True


def _items(say: Say) -> Block:
    a, b, c = say(), say(), say()
    return "", f"- {a}, {b}:\n- {c}", True


def _table(say: Say) -> Block:
    a, b, c = say(), say(), say()
    rows = f"<tr><th>{a}</th><th>{b}</th></tr><tr><td>{c}</td><td></td><td>{a} {b}</td></tr>"
    return f"<table><tbody>{rows}</tbody></table>", f"{a} | {b}\n{c} | {a} {b}", True


def _links(say: Say) -> Block:
    a, b = say(), say()
    shown = f'<a href="https://{b}.example/{a}/">https://{b}.example/{a}</a>'
    mail = f'<a href="mailto:{a}@{b}.example">{b}</a>'
    html = f'<p>See <a title="x" href="https://{a}.example/{b}">{a} {b}</a>, {shown} or {mail}.</p>'
    return html, f"See {a} {b} <https://{a}.example/{b}>, https://{b}.example/{a} or {b}.", True


def _code(say: Say) -> Block:
    a, b = say(), say()
    return f"<pre>{a}   {b}\n  {b}\n\n{a}</pre>", f"{a}   {b}\n  {b}\n\n{a}", True


def _set_apart(say: Say) -> Block:
    a, b, c = say(), say(), say()
    inner = f"<blockquote>{c}</blockquote>"
    return f"<blockquote><p>{a}</p><p>{b}</p>{inner}</blockquote>", f"> {a}\n>\n> {b}\n>\n> > {c}", True


def _lines(say: Say) -> Block:
    a, b = say(), say()
    return f"<div>{a}</div><div>{b}<hr>{a}</div>", f"{a}\n{b}\n---\n{a}", False


def _picture(say: Say) -> Block:
    a, b = say(), say()
    return f'<h2>{a} <img src="https://{a}.example/x.png" alt="{b}"> {a}</h2>', f"{a} {b} {a}", True


def _unseen(say: Say) -> Block:
    a, b = say(), say()
    style = f"<style>p {{ color: {a} }}</style><script>if (1 < 2) {{ {b} }}</script><!-- {a} <p> -->"
    hidden = f'<div style="display: none">{b}</div><p hidden style="display:none">{a}</p>'
    return f"<p>{a}{style}{b}</p>{hidden}<p>{b}", f"{a}{b}\n\n{b}", True


BLOCKS = (_paragraph, _lists, _table, _links, _code, _lines, _picture, _unseen)
PLAIN = (_paragraph, _items)
"""What people write without markup, and no way of telling it can change."""

# -- who wrote it, and what they answer


def card(seed: int, address: str) -> Mapping[str, str]:
    """What somebody outside says of themselves below every letter, by Salesforce's field names."""
    dice = Random(f"{seed} {address} card")
    first, _, domain = address.partition("@")
    label = domain.partition(".")[0].capitalize()
    known = {
        "FirstName": first.capitalize(),
        "LastName": label,
        "Title": dice.choice(("Sales Manager", "Head of Purchasing", "Ingénieure")),
        "Company": dice.choice((f"{label} GmbH", f"{label} Ltd.", label)),
        "Phone": f"+49 30 90{dice.randrange(1000, 9999)}",
        "MobilePhone": f"+49 171 55{dice.randrange(1000, 9999)}",
        "Fax": f"+49 30 91{dice.randrange(1000, 9999)}",
    }
    kept = dice.sample(("Title", "Company", "Phone", "MobilePhone", "Fax"), dice.choice((2, 3, 5)))
    if "Phone" in kept and dice.random() < 0.5:
        known["OtherPhone"] = f"+49 30 92{dice.randrange(1000, 9999)}"
        kept.append("OtherPhone")
    return {name: value for name, value in known.items() if name in kept or name.endswith("Name")}


def shown(seed: int, address: str) -> str:
    """How their program writes who they are above a letter: some with their name, in one order or the other."""
    found, dice = card(seed, address), Random(f"{seed} {address} shown")
    first, last = found["FirstName"], found["LastName"]
    return dice.choice((address, f"{first} {last} <{address}>", f'"{last}, {first}" <{address}>'))


CALLED = {
    "Phone": ("Tel.: ", "T: ", ""),
    "OtherPhone": ("Direct: ", "Office: "),
    "MobilePhone": ("Mobile: ", "Cell: "),
    "Fax": ("Fax: ", "F: "),
}


def signature(seed: int, address: str) -> str:
    found, dice = card(seed, address), Random(f"{seed} {address} signature")
    name = f"{found['FirstName']} {found['LastName']}"
    rest = [
        dice.choice(CALLED.get(one, ("",))) + value for one, value in found.items() if not one.endswith("Name")
    ]
    return "\n".join(("-- ", name, *rest))


WROTE = "On Monday somebody wrote:"
HEADER = ("From: Somebody", "Sent: Monday", "To: Somebody else", "Subject: Something")
CONTAINERS = (
    '<div class="gmail_quote"><div>{wrote}</div><div><p>{before}</p></div></div>',
    '<div class="moz-cite-prefix">{wrote}</div><blockquote type="cite"><p>{before}</p></blockquote>',
    "<div><blockquote type='cite'><div>{wrote}</div><p>{before}</p></blockquote></div>",
    '<div id=x class="a yahoo_quoted"><p>{wrote}<br>{before}</p></div>',
    '<div class="protonmail_quote">{wrote}<blockquote class="protonmail_quote"><p>{before}</p></blockquote></div>',
)
"""The quote is an element: what is below it was written later."""
TO_THE_END = (
    '<hr><div id="divRplyFwdMsg" dir="ltr">{header}</div><div><p>{before}</p></div>',
    '<div id="appendonsend"></div><hr><div>{header}</div><p>{before}</p>',
    '<div><div style="border:none; border-top:solid #E1E1E1 1.0pt"><p>{header}</p></div></div><p>{before}</p>',
    '<div data-marker="__QUOTED_TEXT__">{wrote}<p>{before}</p></div>',
)
IN_TEXT = (
    "{wrote}\n> {before}\n>\n> {before}",
    "-----Original Message-----\n{lines}\n\n{before}",
    "{lines}\n\n{before}",
)
"""The first has room for an answer below it."""


def _quote(dice: Random, *, alone: bool) -> tuple[str, bool]:
    """And whether somebody answered below it."""
    said = {"wrote": WROTE, "before": BEFORE, "header": "<br>".join(HEADER), "lines": "\n".join(HEADER)}
    closed = dice.random() < 0.7
    if alone:
        shape = IN_TEXT[0] if closed else dice.choice(IN_TEXT[1:])
        within = closed and dice.random() < 0.3
        return "\n\n" + shape.format(**said) + f"\n\n{BELOW}" * within, within
    within = closed and dice.random() < 0.3
    return dice.choice(CONTAINERS if closed else TO_THE_END).format(**said) + f"<p>{BELOW}</p>" * within, within


def words(seed: int, subject: str, sender: str, *, answers: bool, picture: bool, stranger: bool) -> Words:
    dice = Random(f"{seed} {subject} words")
    alone = dice.random() < 0.15 and not picture
    known = () if stranger else (_set_apart,)  # what is set apart ends the search for a signature
    chosen = dice.sample(PLAIN, 2) if alone else dice.sample((*BLOCKS, *known), dice.choice((1, 2, 3)))
    blocks = [make(lambda: dice.choice(WORDS)) for make in chosen]
    reads = blocks[0][1]
    for before, after in pairwise(blocks):
        reads += ("\n\n" if before[2] or after[2] else "\n") + after[1]
    quote, within = _quote(dice, alone=alone) if answers else ("", False)
    long = not answers and not alone and not stranger and dice.random() < 0.03
    html = "".join(block[0] for block in blocks) + "<p>and so on, <i>and so on</i>, and so on</p>" * LONG * long
    return Words(html, reads, alone, signature(seed, sender) if stranger else "", quote, within, long)
