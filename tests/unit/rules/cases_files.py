"""Which attachments are saved: (situation, attachment, settings that differ, answer).

Without anything special it is `offer.pdf` of 10 kB. `saved`, or the code of the reason it is left out.
"""

from tests.unit.rules.builders import Cases

CASES: Cases = (
    ("A document", {}, {}, "saved"),
    ("Saving is switched off", {}, {"attachments_save": False}, "off"),
    ("A link to a cloud file", {"kind": "link", "data": None}, {}, "cloud-link"),
    ("An attached mail", {"kind": "item", "name": "Re Offer.eml"}, {}, "saved"),
    ("An attached item of which there is no file", {"kind": "item", "data": None}, {}, "attached-item"),
    ("A calendar that is no meeting's", {"name": "calendar.ics", "content_type": "text/calendar"}, {}, "saved"),
    (
        "Outlook's wrapping that Exchange could not undo",
        {"name": "winmail.dat", "content_type": "application/ms-tnef"},
        {},
        "saved",
    ),
    (
        "A picture within the text",
        {"is_inline": True, "name": "image001.png", "content_type": "image/png"},
        {},
        "inline",
    ),
    (
        "The digital signature",
        {"name": "smime.p7s", "content_type": "application/pkcs7-signature"},
        {},
        "signature",
    ),
    ("Empty", {"size": 0, "data": b""}, {}, "empty"),
    ("As large as allowed", {"size": 20, "data": bytes(20)}, {"attachments_max_bytes": 20}, "saved"),
    ("A byte larger", {"size": 21, "data": bytes(21)}, {"attachments_max_bytes": 20}, "too-large"),
    ("Too large, so its bytes were not fetched", {"size": 30_000_000, "data": None}, {}, "too-large"),
    (
        "The mailbox counts its wrapping, the bytes themselves fit",
        {"size": 30, "data": bytes(20)},
        {"attachments_max_bytes": 20},
        "saved",
    ),
    ("A small image: a signature picture", {"name": "logo.png", "content_type": "image/png"}, {}, "small-image"),
    (
        "The same by its ending alone",
        {"name": "logo.PNG", "content_type": "application/octet-stream"},
        {},
        "small-image",
    ),
    ("The same by its type alone", {"name": "logo", "content_type": "IMAGE/PNG; name=logo"}, {}, "small-image"),
    (
        "A large image",
        {"name": "plan.png", "content_type": "image/png", "size": 100_000, "data": bytes(100_000)},
        {},
        "saved",
    ),
    ("Small images allowed", {"name": "logo.png"}, {"attachments_min_image_bytes": 0}, "saved"),
    ("A blocked ending", {"name": "setup.exe"}, {"attachments_blocked_extensions": ("exe",)}, "ending"),
    (
        "In capitals, listed with a dot",
        {"name": "SETUP.EXE"},
        {"attachments_blocked_extensions": (".Exe",)},
        "ending",
    ),
    ("Listed as *.exe", {"name": "setup.exe"}, {"attachments_blocked_extensions": ("*.exe",)}, "ending"),
    ("A dot behind the ending", {"name": "setup.exe. "}, {"attachments_blocked_extensions": ("exe",)}, "ending"),
    ("The last ending counts", {"name": "offer.pdf.exe"}, {"attachments_blocked_extensions": ("exe",)}, "ending"),
    ("An ending within the name", {"name": "exe.pdf"}, {"attachments_blocked_extensions": ("exe",)}, "saved"),
    ("No ending at all", {"name": "README"}, {"attachments_blocked_extensions": ("exe", "")}, "saved"),
    ("An allowed ending", {"name": "Offer.PDF"}, {"attachments_allowed_extensions": ("pdf", "docx")}, "saved"),
    ("Another one", {"name": "offer.zip"}, {"attachments_allowed_extensions": ("pdf",)}, "not-allowed"),
    (
        "None, where endings are listed",
        {"name": "README"},
        {"attachments_allowed_extensions": ("pdf",)},
        "not-allowed",
    ),
    (
        "Allowed and blocked: blocked",
        {"name": "setup.exe"},
        {"attachments_allowed_extensions": ("exe",), "attachments_blocked_extensions": ("exe",)},
        "ending",
    ),
    ("Smaller than its ending has to be", {}, {"attachments_min_bytes_by_extension": ("pdf:10001",)}, "small"),
    ("Just large enough", {}, {"attachments_min_bytes_by_extension": ("zip:1", "pdf:10000")}, "saved"),
    (
        "An image of an ending with a smallest size of its own",
        {"name": "logo.png"},
        {"attachments_min_bytes_by_extension": ("png:5000",)},
        "saved",
    ),
    ("More than are saved of one mail", {}, {"attachments_max_count": 0}, "too-many"),
    ("The mailbox did not hand it out", {"data": None}, {}, "not-fetched"),
)
