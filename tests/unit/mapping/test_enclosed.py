"""What is taken out of a clear-signed mail's one attachment, and what the file of an attached item is called."""

from dataclasses import replace

import pytest

from crosstie.domain.email import Attachment, AttachmentKind
from crosstie.mapping.enclosed import opened

HTML = "Content-Type: text/html\r\n\r\n<p>Hello <img src='cid:logo'></p>"
PLAIN = "Content-Type: text/plain\r\n\r\nHello"
PDF = 'Content-Type: application/pdf; name="plan.pdf"\r\nContent-Disposition: attachment\r\n\r\n%PDF'
LOGO = "Content-Type: image/png; name=logo.png\r\nContent-ID: <logo>\r\n\r\npng"
SIGNATURE = "Content-Type: application/pkcs7-signature; name=smime.p7s\r\n\r\nsigned"
NOTES = 'Content-Type: text/plain; name="notes.txt"\r\n\r\nnotes'
GERMAN = "Content-Type: text/csv\r\nContent-Disposition: attachment; filename*=utf-8''Gr%C3%B6%C3%9Fe.csv\r\n\r\n1"
WORDED = 'Content-Type: text/csv\r\nContent-Disposition: attachment; filename="=?utf-8?q?=C3=9C.csv?="\r\n\r\n1'
INNER = "Content-Type: message/rfc822\r\n\r\nSubject: Offer 1/2\r\nFrom: a@b.test\r\n\r\nInner text"
ODD = "Content-Type: text/plain\r\nContent-Disposition: attachment; filename*0*=''%\r\n\r\nodd"


def multipart(kind: str, *parts: str, boundary: str = "b") -> str:
    body = "".join(f"--{boundary}\r\n{part}\r\n" for part in parts)
    return f"Content-Type: multipart/{kind}; boundary={boundary}\r\n\r\n{body}--{boundary}--\r\n"


def signed(*parts: str) -> Attachment:
    data = multipart("signed", multipart("mixed", *parts, boundary="m"), SIGNATURE).encode()
    return Attachment("a1", "smime.p7m", "multipart/signed", len(data), data=data)


@pytest.mark.parametrize(
    ("parts", "names"),
    [
        ((PLAIN,), []),
        ((PLAIN, PDF), ["plan.pdf"]),
        ((multipart("alternative", PLAIN, HTML, boundary="x"), LOGO, PDF), ["logo.png (inline)", "plan.pdf"]),
        ((PLAIN, NOTES), ["notes.txt"]),
        ((PLAIN, GERMAN), ["Größe.csv"]),
        ((PLAIN, WORDED), ["Ü.csv"]),
        ((PLAIN, INNER), ["Offer 1-2.eml"]),
        ((PLAIN, ODD), ["%"]),
    ],
    ids=["nothing", "a file", "a picture shown", "a text file", "encoded", "worded", "a mail", "a broken name"],
)
def test_files_come_out_and_the_text_stays_behind(parts: tuple[str, ...], names: list[str]) -> None:
    found = list(opened([signed(*parts)]))
    shown = [one.name + (" (inline)" if one.is_inline else "") for one in found]
    assert shown == [*names, "smime.p7s"]
    assert all(one.data and one.size == len(one.data) for one in found)
    assert len({one.attachment_id for one in found}) == len(found)


def test_bytes_are_those_that_were_sent() -> None:
    pdf, signature = opened([signed(PLAIN, PDF)])
    assert (pdf.data, pdf.content_type) == (b"%PDF", "application/pdf")
    assert signature.content_type == "application/pkcs7-signature"
    mail, _ = opened([signed(PLAIN, INNER)])
    assert mail.kind is AttachmentKind.ITEM
    assert mail.data is not None
    assert b"Inner text" in mail.data
    assert mail.data.startswith(b"Subject: Offer")


def nested(levels: int) -> bytes:
    return b"".join(
        b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (n, n) for n in range(levels)
    )


@pytest.mark.parametrize(
    "data",
    [b"", b"no entity at all", b"Content-Type: multipart/signed\r\n\r\nwithout parts", nested(3_000)],
    ids=["empty", "no entity", "no parts", "bottomless"],
)
def test_what_cannot_be_read_stays_one_file(data: bytes) -> None:
    whole = Attachment("a1", "smime.p7m", "multipart/signed", len(data), data=data)
    assert list(opened([whole])) == [whole]


@pytest.mark.parametrize(
    ("content_type", "kind", "answer"),
    [
        ("multipart/signed", AttachmentKind.FILE, True),
        ("Multipart/Signed; protocol=x", AttachmentKind.FILE, True),
        ("application/pkcs7-mime", AttachmentKind.FILE, False),
        ("multipart/signed", AttachmentKind.ITEM, False),
    ],
)
def test_a_signed_entity_is_known_by_its_type(content_type: str, kind: AttachmentKind, answer: bool) -> None:
    assert Attachment("a", "smime.p7m", content_type, 1, kind).is_signed is answer


@pytest.mark.parametrize(
    ("title", "data", "name"),
    [
        ("Offer", b"Subject: Offer", "Offer.eml"),
        ("Re: 1/2", b"", "Re: 1-2.eml"),
        ("Offer.eml", b"Subject: x", "Offer.eml"),
        ("", b"Subject: x", "message.eml"),
        ("Lunch", b"BEGIN:VCALENDAR\r\n", "Lunch.ics"),
        ("Nora", b"\r\nbegin:vcard\r\n", "Nora.vcf"),
    ],
)
def test_the_file_of_an_attached_item_is_called_like_it(title: str, data: bytes, name: str) -> None:
    item = Attachment("a", title, "", len(data), AttachmentKind.ITEM, data=data)
    assert [one.name for one in opened([item])] == [name]
    assert list(opened([replace(item, data=None)])) == [replace(item, data=None)]
