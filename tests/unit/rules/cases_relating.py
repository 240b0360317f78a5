"""What a mail is related to that is saved automatically: (situation, mail, who is known, Ann's Opportunities,
settings that differ, answer).

Opportunities are written `O1/A1/2026-07-01/2026-06-01`: O1 on Account A1, expected to close, and changed last, on
those days; without days it closes in a month and was changed when the mailbox was activated, which is today. The
answer is the record, `–` where the mail is saved with the people alone, or the code of the reason it is not saved.
"""

from crosstie.domain.settings import AutoTrackMode
from tests.unit.rules.builders import Cases

JOE, MIA = "joe@customer.test", "mia@customer.test"
CASES: Cases = (
    ("An open Opportunity on the Contact's Account", {}, {JOE: "C1/A1"}, "O1/A1", {}, "O1"),
    ("None: the Account", {}, {JOE: "C1/A1"}, "", {}, "A1"),
    ("One on another Account", {}, {JOE: "C1/A1"}, "O1/A2", {}, "A1"),
    ("The switch is off", {}, {JOE: "C1/A1"}, "O1/A1", {"link_opportunities": False}, "A1"),
    (
        "Several: the one that was changed last",
        {},
        {JOE: "C1/A1"},
        "O1/A1//2026-06-01 O2/A1//2026-06-09 O3/A1//2026-05-01",
        {},
        "O2",
    ),
    ("Changed at the same time: the lower id", {}, {JOE: "C1/A1"}, "O2/A1 O1/A1", {}, "O1"),
    (
        "On the Accounts of two people: the one that was changed last",
        {"cc": MIA},
        {JOE: "C1/A1", MIA: "C2/A2"},
        "O1/A1//2026-06-01 O2/A2//2026-06-02",
        {},
        "O2",
    ),
    (
        "The sender's Account has none, that of a Contact in copy has",
        {"cc": MIA},
        {JOE: "C1/A1", MIA: "C2/A2"},
        "O2/A2",
        {},
        "O2",
    ),
    (
        "A Contact in blind copy does not count for Opportunities",
        {"sender": "ann@north.test", "folder": "sent", "to": "x@customer.test", "bcc": MIA},
        {MIA: "C2/A2"},
        "O2/A2",
        {},
        "A2",
    ),
    (
        "A blocked Contact does not count",
        {"cc": "rival@partner.test"},
        {JOE: "C1/A1", "rival@partner.test": "C5/A5"},
        "O5/A5",
        {},
        "A1",
    ),
    ("A Lead wrote: no Account is needed", {}, {JOE: "L1"}, "", {}, "–"),
    (
        "A Lead wrote, a Contact in copy has an Opportunity",
        {"cc": MIA},
        {JOE: "L1", MIA: "C2/A2"},
        "O2/A2",
        {},
        "O2",
    ),
    ("A Lead in copy of a Contact without an Account", {"cc": MIA}, {JOE: "C1", MIA: "L2"}, "", {}, "–"),
    ("A Contact without an Account", {}, {JOE: "C1"}, "", {}, "MAIL-NO-ACCOUNT"),
    ("The same, wanted with the person alone", {}, {JOE: "C1"}, "", {"link_person_alone": True}, "–"),
    ("The same with the switch off", {}, {JOE: "C1"}, "", {"link_opportunities": False}, "–"),
    ("The same, unlinked mails are wanted", {}, {JOE: "C1"}, "", {"mail_save_unlinked": True}, "–"),
    ("The same, mode Forced", {}, {JOE: "C1"}, "", {"mail_auto_track_mode": AutoTrackMode.FORCED}, "–"),
    ("The same, mode Flexible", {}, {JOE: "C1"}, "", {"mail_auto_track_mode": AutoTrackMode.FLEXIBLE}, "–"),
    ("Opportunities are never linked", {}, {JOE: "C1/A1"}, "O1/A1", {"never_linked": ("Opportunity",)}, "A1"),
    ("One has an Account, the other has none", {"cc": MIA}, {JOE: "C1", MIA: "C2/A2"}, "", {}, "A2"),
    ("Should have closed a year ago, to the day", {}, {JOE: "C1/A1"}, "O1/A1/2025-06-10", {}, "O1"),
    ("A day earlier", {}, {JOE: "C1/A1"}, "O1/A1/2025-06-09", {}, "A1"),
    ("Closes in 180 days", {}, {JOE: "C1/A1"}, "O1/A1/2026-12-07", {}, "O1"),
    ("A day later", {}, {JOE: "C1/A1"}, "O1/A1/2026-12-08", {}, "A1"),
    (
        "Two months ahead are enough",
        {},
        {JOE: "C1/A1"},
        "O1/A1/2026-09-01//2026-06-10 O2/A1/2026-07-01/2026-06-01",
        {"opportunity_days_ahead": 60},
        "O2",
    ),
    ("No day back", {}, {JOE: "C1/A1"}, "O1/A1/2026-06-09", {"opportunity_days_back": 0}, "A1"),
)
