"""Mails of every structure that readers stumble over, small enough to be damaged by the thousand."""

from email.message import EmailMessage

_HEAD = (
    "From: Nora <nora@birchworks.test>\r\nTo: Ada <ada@larch.test>\r\nDate: Mon, 16 Nov 2026 09:00:00 +0100\r\n"
)
_HEAD += "Message-ID: <one@birchworks.test>\r\nSubject: =?utf-8?q?Gr=C3=BC=C3=9Fe?=\r\nMIME-Version: 1.0\r\n"

WORDS = (
    b"\r\n", b"\n", b"\r", b"\r\n\r\n", b"--", b"--b", b"--b--", b"boundary=b", b'boundary="',
    b"multipart/mixed", b"multipart/alternative", b"multipart/related", b"multipart/report",
    b"multipart/signed", b"message/rfc822", b"message/delivery-status",
    b"message/disposition-notification", b"text/plain", b"text/html", b"text/calendar",
    b"application/pkcs7-mime", b"application/ms-tnef", b"charset=", b"charset=utf-7", b"charset=utf-16",
    b"charset=gb2312", b"charset=iso-2022-jp", b"charset=nosuch", b"charset=punycode",
    b"charset=unicode_escape", b"charset=idna", b"base64", b"quoted-printable", b"x-uuencode", b"8bit",
    b"binary", b"begin 644 a.txt\r\n", b"end\r\n", b"=", b"=3D", b"=\r\n", b"=?utf-8?b?", b"=?utf-8?q?",
    b"?=", b"=?x?B?a?=", b"filename*0*=utf-8''a", b"filename*1=b", b"filename=", b'filename="',
    b"name*=x'y'%8a", b"Content-Disposition: inline", b"Content-Disposition: attachment",
    b"Content-ID: <logo>", b"Content-Transfer-Encoding: ", b"Content-Type: ", b"From: ", b"To: ", b"Cc: ",
    b"Bcc: ", b"Date: ", b"Received: from a by b; ", b"Subject: ", b"Message-ID: ", b"In-Reply-To: ",
    b"References: ", b"Importance: ", b"<", b">", b"(", b")", b",", b";", b":", b'"', b"\\", b"@", b"[",
    b"]", b"group: a@b.test;", b"\x00", b"\xff", b"\xc3", b"\x1b$B", b"\xef\xbb\xbf",
    b"BEGIN:VCALENDAR\r\n", b"END:VCALENDAR\r\n", b"BEGIN:VEVENT", b"DTSTART:", b"DURATION:P99999999999W",
    b"TZID=Nowhere", b"METHOD:REPLY", b"<table><tr><td>", b"</div>", b"<![CDATA[", b"<!--",
    b"<img src=cid:logo>", b"&#x110000;", b"&nbsp", b"Mon, 16 Nov 2026 09:00:00 +9999",
    b"1 Jan 0001 00:00:00 -0000", b"31 Dec 9999 23:59:59 -2359", b"99999999999999999999",
)  # fmt: skip


CHARSETS = (
    ("iso-2022-jp", "すみません"),
    ("gb2312", "你好"),
    ("euc-kr", "하나님"),
    ("utf-16", "wide"),
    ("koi8-r", "привет"),
    ("shift_jis", "あいう"),
    ("utf-7", "~ü"),
    ("windows-1252", "„x“"),
)


def seeds() -> list[bytes]:
    return [_plain(), _rich(), *_structures(), *_calendars(), *_reports(), *_encodings()]


def _plain() -> bytes:
    return f"{_HEAD}\r\nHello, as discussed.\r\n".encode()


def _rich() -> bytes:
    one = EmailMessage()
    one["From"], one["To"], one["Cc"] = (
        '"Lindqvist, Nora" <nora@birchworks.test>',
        "ada@larch.test",
        "ben@larch.test",
    )
    one["Subject"], one["Message-ID"] = "Angebot für Säge", "<rich@birchworks.test>"
    one["Date"] = "Mon, 16 Nov 2026 09:00:00 +0100"
    one.set_content("Hello\n\n> quoted\n")
    one.add_alternative(
        "<p>Hello <b>Ada</b> <img src='cid:logo'><a href='https://x.test'>x</a></p>", subtype="html"
    )
    part = one.get_payload(1)
    assert isinstance(part, EmailMessage)
    part.add_related(bytes(range(64)), "image", "png", cid="<logo>", disposition="inline", filename="logo.png")
    one.add_attachment(b"%PDF-1.4 plan", maintype="application", subtype="pdf", filename="Plän.pdf")
    inner = EmailMessage()
    inner["From"], inner["Subject"] = "omar@birchworks.test", "Inner"
    inner.set_content("Inner text")
    one.add_attachment(inner)
    return one.as_bytes()


def _part(kind: str, body: str, *, extra: str = "") -> str:
    return f"--b\r\nContent-Type: {kind}\r\n{extra}\r\n{body}\r\n"


def _multi(kind: str, *parts: str) -> bytes:
    return f"{_HEAD}Content-Type: multipart/{kind}; boundary=b\r\n\r\n{''.join(parts)}--b--\r\n".encode()


def _structures() -> list[bytes]:
    file = "Content-Disposition: attachment; filename*0*=utf-8''Pl%C3%A4; filename*1=n.txt\r\n"
    nested = 'multipart/mixed; boundary="c"'
    return [
        _multi(
            "mixed", _part("text/plain", "a"), _part("text/html", "<p>b"), _part("text/plain", "c", extra=file)
        ),
        _multi(
            "related", _part("text/html", "<img src=cid:x>"), _part("image/png", "x", extra="Content-ID: <x>\r\n")
        ),
        _multi(
            "mixed", _part(nested, "--c\r\n\r\nfirst\r\n--c\r\nContent-Type: text/html\r\n\r\n<b>x</b>\r\n--c--")
        ),
        _multi("mixed", _part("message/rfc822", "From: a@b.test\r\nSubject: x\r\n\r\nInner")),
        _multi("signed", _part("text/plain", "signed"), _part("application/pkcs7-signature", "MIIB")),
        f"{_HEAD}Content-Type: application/pkcs7-mime\r\nContent-Transfer-Encoding: base64\r\n\r\nMIIB".encode(),
        f"{_HEAD}Content-Type: multipart/mixed; boundary=nowhere\r\n\r\n--other\r\n\r\ntext".encode(),
    ]


def _calendars() -> list[bytes]:
    event = "BEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\nBEGIN:VEVENT\r\nUID:1\r\n"
    event += "DTSTART;TZID=Europe/Berlin:20261124T100000\r\n"
    event += "DURATION:PT1H\r\nATTENDEE;PARTSTAT=ACCEPTED:mailto:a@b.test\r\nEND:VEVENT\r\nEND:VCALENDAR"
    return [
        _multi("alternative", _part("text/plain", "a"), _part("text/calendar; method=REQUEST", event)),
        f"{_HEAD}Content-Type: text/calendar; method=REPLY\r\n\r\n{event}".encode(),
    ]


def _reports() -> list[bytes]:
    status = "Reporting-MTA: dns;x\r\n\r\nFinal-Recipient: rfc822;a@b.test\r\nAction: failed\r\nStatus: 5.1.1"
    kind = "report; report-type=delivery-status"
    return [
        _multi(kind, _part("text/plain", "a"), _part("message/delivery-status", status)),
        _multi("report", _part("message/disposition-notification", "Disposition: manual; displayed")),
    ]


def _encodings() -> list[bytes]:
    found = []
    for charset, text in CHARSETS:
        head = f"{_HEAD}Content-Type: text/plain; charset={charset}\r\nContent-Transfer-Encoding: 8bit\r\n\r\n"
        found.append(head.encode() + text.encode(charset))
    head = f"{_HEAD}Content-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: "
    found.append(f"{head}quoted-printable\r\n\r\n<p>Gr=C3=BC=C3=9Fe=\r\n und mehr=20</p>".encode())
    found.append(f"{head}base64\r\n\r\nPHA+R3LDvMOfZTwvcD4=\r\n".encode())
    found.append(f"{head}x-uuencode\r\n\r\nbegin 644 a\r\n#0V%T\r\n`\r\nend\r\n".encode())
    return found
