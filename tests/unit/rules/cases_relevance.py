"""Which e-mails are saved: (situation, what is special about the mail, settings that differ, answer).

Without anything special a customer writes to Ann and auto-saving is on. The answer is the code of the reason;
`saved` means that no rule speaks against it.
"""

from crosstie.domain.settings import AutoTrackMode, Level, MailWay
from tests.unit.rules.builders import Cases

FROM_ANN = {"sender": "ann@north.test", "to": "joe@customer.test", "folder": "sent"}

AUTOMATIC: Cases = (
    ("A customer writes to Ann", {}, {}, "saved"),
    ("Ann writes to a customer", FROM_ANN, {}, "saved"),
    ("A read receipt", {"kind": "read-receipt"}, {}, "MAIL-SERVICE"),
    ("A meeting was accepted", {"kind": "meeting-notice"}, {}, "MAIL-SERVICE"),
    ("Undeliverable", {"kind": "delivery-report"}, {}, "MAIL-SERVICE"),
    ("Encrypted", {"kind": "encrypted"}, {}, "MAIL-ENCRYPTED"),
    ("A draft", {"is_draft": True}, {}, "MAIL-DRAFT"),
    ("In another folder", {"folder": "other"}, {}, "MAIL-ELSEWHERE"),
    ("Was in the drop folder before us", {"folder": "drop"}, {}, "saved"),
    ("Auto-saving is off", {}, {"mail_auto_save": False}, "MAIL-AUTO-OFF"),
    ("Received, and only received ones are wanted", {}, {"mail_way": MailWay.INBOUND}, "saved"),
    ("Sent, and only received ones are wanted", FROM_ANN, {"mail_way": MailWay.INBOUND}, "MAIL-DIRECTION"),
    ("Sent, and only sent ones are wanted", FROM_ANN, {"mail_way": MailWay.OUTBOUND}, "saved"),
    ("Received, and only sent ones are wanted", {}, {"mail_way": MailWay.OUTBOUND}, "MAIL-DIRECTION"),
    (
        "Her own mail to a customer, filed into the Inbox, and only sent ones are wanted",
        {"sender": "ann@nord.test", "to": "joe@customer.test"},
        {"mail_way": MailWay.OUTBOUND},
        "saved",
    ),
    (
        "Off, and the other way than wanted: off is said",
        {},
        {"mail_way": MailWay.OUTBOUND, "mail_auto_save": False},
        "MAIL-AUTO-OFF",
    ),
    (
        "The other way than wanted, and colleagues only: the way is said",
        {"sender": "bo@north.test"},
        {"mail_way": MailWay.OUTBOUND},
        "MAIL-DIRECTION",
    ),
    ("Six days before activation, to the minute", {"sent_at": "2026-06-04T12:00"}, {}, "saved"),
    ("A minute older than six days", {"sent_at": "2026-06-04T11:59"}, {}, "MAIL-OLD"),
    ("Look-back of no days", {"sent_at": "2026-06-10T11:59"}, {"mail_lookback_days": 0}, "MAIL-OLD"),
    ("Look-back of 30 days", {"sent_at": "2026-05-20T09:00"}, {"mail_lookback_days": 30}, "saved"),
    (
        "New, from a sender whose clock stands years back",
        {"sent_at": "2001-01-01T00:00", "received_at": "2026-06-11T08:00"},
        {},
        "saved",
    ),
    ("Without any date", {"sent_at": None}, {}, "saved"),
    ("Colleagues only", {"sender": "bo@north.test"}, {}, "MAIL-INTERNAL"),
    ("From Ann to herself", {"sender": "ann@north.test"}, {}, "MAIL-INTERNAL"),
    ("A customer in copy", {"sender": "bo@north.test", "cc": "joe@customer.test"}, {}, "saved"),
    ("A customer in blind copy", {"sender": "bo@north.test", "bcc": "joe@customer.test"}, {}, "saved"),
    ("Exchange calls it spam", {"spam_level": 5}, {}, "MAIL-SPAM"),
    ("Exchange is nearly sure that it is none", {"spam_level": 4}, {}, "saved"),
    ("Exchange calls it spam, and such mail is wanted", {"spam_level": 9}, {"skip_spam": False}, "saved"),
    ("Spam from a blocked domain: spam is said", {"sender": "list@news.test", "spam_level": 6}, {}, "MAIL-SPAM"),
    ("From a blocked domain", {"sender": "list@news.test"}, {}, "MAIL-BLOCKED"),
    ("From a blocked address", {"sender": "rival@partner.test"}, {}, "MAIL-BLOCKED"),
    ("Blocked, and a customer in copy", {"sender": "list@news.test", "cc": "joe@customer.test"}, {}, "saved"),
    ("From a free mail service", {"sender": "pat@free.test"}, {}, "MAIL-FREE"),
    ("The same, free mail allowed", {"sender": "pat@free.test"}, {"exclude_free_mail": False}, "saved"),
    (
        "From a free mail service, and a customer in copy",
        {"sender": "pat@free.test", "cc": "joe@customer.test"},
        {},
        "saved",
    ),
    (
        "Blocked and free mail, nobody else",
        {"sender": "list@news.test", "cc": "pat@free.test"},
        {},
        "MAIL-LEFT-OUT",
    ),
    ("Nobody on it at all", {"sender": "", "to": ""}, {}, "saved"),
    ("Off and internal: off is said", {"sender": "bo@north.test"}, {"mail_auto_save": False}, "MAIL-AUTO-OFF"),
    ("Old and blocked: old is said", {"sender": "list@news.test", "sent_at": "2026-01-01T00:00"}, {}, "MAIL-OLD"),
    ("A receipt in another folder: a receipt", {"kind": "read-receipt", "folder": "other"}, {}, "MAIL-SERVICE"),
)
NEWS = {"sender": "list@news.test"}
BOTH = {"sender": "list@news.test", "cc": "rival@partner.test"}
BLOCKING: Cases = (
    ("The organization's entry", NEWS, {"news.test": Level.GLOBAL}, "your organization's", "news.test"),
    ("The profile's entry", NEWS, {"news.test": Level.PROFILE}, "your profile's", "news.test"),
    ("One's own entry", NEWS, {"news.test": Level.USER}, "your own", "news.test"),
    (
        "Two people, two lists",
        BOTH,
        {"rival@partner.test": Level.USER, "news.test": Level.GLOBAL},
        "your organization's and your own",
        "news.test rival@partner.test",
    ),
    ("An entry that keeps nobody of them out", NEWS, {"rival@partner.test": Level.USER}, "a", "news.test"),
    (
        "A free mail service beside it",
        {"sender": "list@news.test", "cc": "pat@free.test"},
        {"news.test": Level.USER},
        "your own",
        "news.test",
    ),
)
"""Whose list: (situation, mail, the levels of the entries, whose, entries)."""
UNKNOWN: Cases = (
    ("A Contact", {}, {}, "C1", "saved"),
    ("Nobody", {}, {}, "", "MAIL-UNKNOWN"),
    ("An Account of the domain", {}, {}, "A1", "MAIL-UNKNOWN"),
    ("An Account of the domain, mode Smart", {}, {"mail_auto_track_mode": AutoTrackMode.SMART}, "A1", "saved"),
    ("Nobody, mode Smart", {}, {"mail_auto_track_mode": AutoTrackMode.SMART}, "", "MAIL-UNKNOWN"),
    ("Nobody, unlinked mails are wanted", {}, {"mail_save_unlinked": True}, "", "saved"),
    ("Nobody, mode Forced", {}, {"mail_auto_track_mode": AutoTrackMode.FORCED}, "", "saved"),
    ("Nobody, mode Flexible", {}, {"mail_auto_track_mode": AutoTrackMode.FLEXIBLE}, "", "saved"),
    (
        "Nobody, at a free mail service that is let in, mode Forced",
        {"sender": "pat@gmail.com"},
        {"mail_auto_track_mode": AutoTrackMode.FORCED, "exclude_free_mail": False},
        "",
        "saved",
    ),
    (
        "The same, mode Flexible",
        {"sender": "pat@gmail.com"},
        {"mail_auto_track_mode": AutoTrackMode.FLEXIBLE, "exclude_free_mail": False},
        "",
        "MAIL-UNKNOWN",
    ),
    (
        "The same, and somebody else in copy",
        {"sender": "pat@gmail.com", "cc": "joe@customer.test"},
        {"mail_auto_track_mode": AutoTrackMode.FLEXIBLE, "exclude_free_mail": False},
        "",
        "saved",
    ),
    (
        "A Contact at a free mail service that is let in, mode Flexible",
        {"sender": "pat@gmail.com"},
        {"mail_auto_track_mode": AutoTrackMode.FLEXIBLE, "exclude_free_mail": False},
        "C1",
        "saved",
    ),
    (
        "A mail that names nobody, mode Flexible",
        {"sender": "", "to": ""},
        {"mail_auto_track_mode": AutoTrackMode.FLEXIBLE},
        "",
        "MAIL-UNKNOWN",
    ),
    (
        "A mail that names nobody, mode Forced",
        {"sender": "", "to": ""},
        {"mail_auto_track_mode": AutoTrackMode.FORCED},
        "",
        "MAIL-UNKNOWN",
    ),
    (
        "A mail that names nobody, unlinked mails are wanted",
        {"sender": "", "to": ""},
        {"mail_save_unlinked": True},
        "",
        "saved",
    ),
)
"""Asked of mails that the rules above let through: (situation, mail, settings, the known Contact, answer)."""

USEFUL = {"mail_auto_track_mode": AutoTrackMode.USEFUL}
BY_NAME: Cases = (
    ("Mode General", {}, False),
    ("Mode Useful", USEFUL, True),
    ("Mode Useful, what mails name does not count", USEFUL | {"link_mentions": False}, False),
)
"""Asked of mails on which nobody is known, or nobody with an Account."""

PAT = {"sender": "pat@free.test"}
BO = {"sender": "bo@north.test"}
PAT_COUNTS = {"free_mail_known": True}
BO_COUNTS = {"internal_known": True}
COLLEAGUES_COUNT = {"include_internal": True}
ADMITTED: Cases = (
    ("At a free mail service, a Contact", PAT, {}, "pat@free.test", "MAIL-FREE-KNOWN"),
    ("The same, known ones count", PAT, PAT_COUNTS, "pat@free.test", "saved"),
    ("At a free mail service, nobody, known ones would count", PAT, PAT_COUNTS, "", "MAIL-FREE-UNKNOWN"),
    ("Somebody else there is a Contact", PAT, PAT_COUNTS, "kim@free.test", "MAIL-FREE-UNKNOWN"),
    (
        "A Contact at a free mail service who is on the blocklist",
        PAT,
        PAT_COUNTS | {"blocklist": ("free.test",)},
        "pat@free.test",
        "MAIL-BLOCKED",
    ),
    (
        "Blocked, and a Contact at a free mail service in copy",
        {"sender": "list@news.test", "cc": "pat@free.test"},
        {},
        "pat@free.test",
        "MAIL-FREE-KNOWN",
    ),
    (
        "The same, known ones count",
        {"sender": "list@news.test", "cc": "pat@free.test"},
        PAT_COUNTS,
        "pat@free.test",
        "saved",
    ),
    ("A colleague who is a Contact", BO, {}, "bo@north.test", "MAIL-INTERNAL"),
    ("The same, known colleagues count", BO, BO_COUNTS, "bo@north.test", "saved"),
    ("A colleague who is nobody, known ones would count", BO, BO_COUNTS, "", "MAIL-INTERNAL"),
    ("Ann herself is a Contact, known colleagues count", BO, BO_COUNTS, "ann@north.test", "MAIL-INTERNAL"),
    (
        "A colleague who is a Contact, and the company's domain is on the blocklist",
        BO,
        BO_COUNTS | {"blocklist": ("north.test",)},
        "bo@north.test",
        "MAIL-BLOCKED",
    ),
    ("A colleague who is a Contact, internal mail is included", BO, COLLEAGUES_COUNT, "bo@north.test", "saved"),
    ("A colleague who is nobody, internal mail is included", BO, COLLEAGUES_COUNT, "", "MAIL-UNKNOWN"),
    (
        "The same, unlinked mails are wanted",
        BO,
        COLLEAGUES_COUNT | {"mail_save_unlinked": True},
        "",
        "saved",
    ),
    (
        "From Ann to herself, internal mail is included",
        {"sender": "ann@north.test"},
        COLLEAGUES_COUNT,
        "ann@north.test",
        "MAIL-INTERNAL",
    ),
    (
        "Internal mail is included, and the company's domain is on the blocklist",
        BO,
        COLLEAGUES_COUNT | {"blocklist": ("north.test",)},
        "bo@north.test",
        "MAIL-BLOCKED",
    ),
)
"""Where it matters who is a Contact: (situation, mail, settings, the Contact's address, answer)."""

MARKED: Cases = (
    ("A customer's mail", {}, "saved"),
    ("Colleagues only", {"sender": "bo@north.test"}, "saved"),
    ("From a blocked domain", {"sender": "list@news.test"}, "saved"),
    ("Exchange calls it spam", {"spam_level": 9}, "saved"),
    ("Years old", {"sent_at": "2020-01-01T00:00"}, "saved"),
    ("A read receipt", {"kind": "read-receipt"}, "MAIL-SERVICE"),
    ("A meeting was declined", {"kind": "meeting-notice"}, "MAIL-SERVICE"),
    ("Undeliverable", {"kind": "delivery-report"}, "MAIL-SERVICE"),
    ("Encrypted", {"kind": "encrypted"}, "MAIL-ENCRYPTED"),
    ("A draft", {"is_draft": True}, "MAIL-DRAFT"),
)
DIRECTIONS: Cases = (
    ("A customer's mail in the Inbox", {}, "inbound"),
    ("Ann's mail in Sent Items", {"sender": "ann@north.test", "folder": "sent"}, "outbound"),
    ("Sent on behalf of a colleague", {"sender": "bo@north.test", "folder": "sent"}, "outbound"),
    ("Ann's mail, dropped into Salesforce Emails", {"sender": "ann@north.test", "folder": "drop"}, "outbound"),
    ("From her second address", {"sender": "ann@nord.test", "folder": "drop"}, "outbound"),
    ("A customer's mail, dropped into Salesforce Emails", {"folder": "drop"}, "inbound"),
    ("A colleague's mail in the Inbox", {"sender": "bo@north.test"}, "inbound"),
    ("Nobody wrote it", {"sender": ""}, "inbound"),
)
