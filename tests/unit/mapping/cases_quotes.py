"""What is left of a mail without the earlier ones below it: (situation, subject, HTML or text, what is left).

`same` means that it stays whole.
"""

from typing import Any

Cases = tuple[tuple[Any, ...], ...]

OLD = "<p>Old</p>"
HTML: Cases = (
    ("No quote", "Re: Offer", "<p>Yes</p>", "same"),
    (
        "Outlook on the web",
        "Re: Offer",
        f'<body><p>Yes</p><div id="appendonsend"></div><hr><div id="divRplyFwdMsg">From: Nora</div>{OLD}</body>',
        "<body><p>Yes</p></body>",
    ),
    (
        "Outlook for Windows",
        "AW: Offer",
        "<div class=WordSection1><p>Yes</p><div><div style='border:none;border-top:solid #E1E1E1 1.0pt'>"
        f"<p><b>Von:</b> Nora</p></div></div>{OLD}</div>",
        "<div class=WordSection1><p>Yes</p><div></div></div>",
    ),
    (
        "Gmail",
        "Re: Offer",
        f'<div>Yes</div><br><div class="gmail_quote gmail_quote_container">{OLD}</div><br>',
        "<div>Yes</div><br>",
    ),
    (
        "Apple Mail",
        "Re: Offer",
        f'<div>Yes<br><blockquote type="cite">On Monday Nora wrote:{OLD}</blockquote></div>',
        "<div>Yes<br></div>",
    ),
    (
        "Thunderbird, with who wrote it",
        "Re: Offer",
        '<p>Yes</p><div class="moz-cite-prefix">On Monday Nora wrote:</div>'
        f'<blockquote type="cite">{OLD}</blockquote>',
        "<p>Yes</p>",
    ),
    ("Yahoo", "Re: Offer", f'<div>Yes</div><div id="x" class="yahoo_quoted">{OLD}</div>', "<div>Yes</div>"),
    ("Proton", "Re: Offer", f'Yes<div class="protonmail_quote"><blockquote>{OLD}</blockquote></div>', "Yes"),
    ("Zimbra", "Re: Offer", f'<div>Yes</div><hr id="zwchr" data-marker="__QUOTED_TEXT__">{OLD}', "<div>Yes</div>"),
    (
        "A quote within a quote",
        "Re: Offer",
        f'<p>Yes</p><blockquote type="cite">b<blockquote type="cite">a</blockquote>{OLD}</blockquote>',
        "<p>Yes</p>",
    ),
    (
        "Two quotes, one below the other",
        "Re: Offer",
        f'<p>Yes</p><blockquote type="cite">{OLD}</blockquote><br><blockquote type="cite">b</blockquote>',
        "<p>Yes</p>",
    ),
    (
        "Answered within the quote",
        "Re: Offer",
        f'<blockquote type="cite">When?</blockquote><p>Monday</p><blockquote type="cite">{OLD}</blockquote>Here',
        "same",
    ),
    (
        "Answered between two quotes: the last one goes",
        "Re: Offer",
        f'<blockquote type="cite">When?</blockquote><p>Monday</p><blockquote type="cite">{OLD}</blockquote>',
        '<blockquote type="cite">When?</blockquote><p>Monday</p>',
    ),
    ("A quote that is never closed", "Re: Offer", f'<p>Yes</p><div class="gmail_quote">{OLD}', "<p>Yes</p>"),
    ("Nothing but a quote", "Re: Offer", f'<div class="gmail_quote">{OLD}</div>', "same"),
    ("Forwarded", "Fwd: Offer", f'<p>See below</p><div class="gmail_quote">{OLD}</div>', "same"),
    ("Forwarded, by a German program", "WG: Offer", f'<p>See</p><div class="gmail_quote">{OLD}</div>', "same"),
    ("An ordinary quotation", "Offer", "<p>As they say</p><blockquote>Time is money</blockquote>", "same"),
    ("The mark in a word", "Re: Offer", '<p class="not_gmail_quote">Yes</p><p>And no</p>', "same"),
)
TEXT: Cases = (
    ("No quote", "Re: Offer", "Yes", "same"),
    ("Quoted lines", "Re: Offer", "Yes\n\nOn Monday, Nora wrote:\n> Old\n>> Older\n", "Yes"),
    (
        "Who wrote it takes two lines",
        "Re: Offer",
        "Yes\n\nAm 3. Mai 2026 um 10:00 schrieb Nora Birch\n<nora@birch.test>:\n\n> Old",
        "Yes",
    ),
    ("Quoted lines without who wrote them", "Re: Offer", "Yes\n> Old", "Yes"),
    ("Answered within", "Re: Offer", "> When?\nMonday\n> Where?\nHere", "same"),
    (
        "Outlook's header below a line",
        "Re: Offer",
        "Yes\n________________________________\nFrom: Nora\nSent: Monday\nTo: Ada\nSubject: Offer\n\nOld",
        "Yes",
    ),
    (
        "Outlook's old header",
        "Re: Offer",
        "Yes\n\n-----Original Message-----\nFrom: Nora\nSent: Monday\nTo: Ada\n\nOld",
        "Yes",
    ),
    ("A German header", "AW: Offer", "Ja\n\nVon: Nora\nGesendet: Montag\nAn: Ada\nBetreff: Offer\n\nAlt", "Ja"),
    ("A line with nothing like a header below it", "Re: Offer", "Yes\n-----\nNora: hello", "same"),
    ("Someone who writes From:", "Re: Offer", "From: here to there\nand back", "same"),
    ("Nothing but a quote", "Re: Offer", "> Old", "same"),
    ("Forwarded", "FW: Offer", "See\n\nFrom: Nora\nSent: Monday\nTo: Ada\n\nOld", "same"),
    ("Columns stay columns", "Re: Offer", "a   b\n  1   2\n\n> Old", "a   b\n  1   2"),
)
