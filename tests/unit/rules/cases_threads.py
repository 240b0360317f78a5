"""How a mail of a thread is linked: (situation, mail, who is known, the thread's links, never linked, answer).

A thread's links are written `C1 L1 > A1`: what one of its mails is linked to, and after the sign related to;
several mails are apart by `|`. The answer is everybody linked, `other` being somebody who is not on the mail, then
the record.
"""

from tests.unit.rules.builders import Cases

JOE, MIA, ANN = "joe@customer.test", "mia@customer.test", "ann@north.test"
KNOWN = {JOE: "C1/A1", MIA: "C2/A2", ANN: "U1"}
LIKE: Cases = (
    ("The same person wrote", {}, KNOWN, "C1 > A1", "", "to:U1 from:C1 > A1"),
    ("It goes to that person", {"sender": ANN, "to": JOE}, KNOWN, "C1 > A1", "", "from:U1 to:C1 > A1"),
    ("Somebody else wrote, who is not looked for", {"sender": MIA}, KNOWN, "C1 > A1", "", "to:U1 other:C1 > A1"),
    ("A stranger wrote", {"sender": "wim@far.test"}, KNOWN, "C1 > A1", "", "to:U1 other:C1 > A1"),
    ("Related to something else in Salesforce", {}, KNOWN, "C1 > O9", "", "to:U1 from:C1 > O9"),
    ("Two people, one of them on it", {}, KNOWN, "C1 C2 > A1", "", "to:U1 from:C1 other:C2 > A1"),
    ("In two parts of the mail", {"to": f"{ANN} {JOE}"}, KNOWN, "C1 > A1", "", "to:U1 from:C1 to:C1 > A1"),
    ("A Lead", {"sender": "leo@lead.test"}, {"leo@lead.test": "L1"}, "L1 >", "", "from:L1 >"),
    ("The first is linked to nobody", {}, KNOWN, ">", "", "to:U1 >"),
    (
        "A colleague's mail of the thread adds to it",
        {},
        KNOWN,
        "C1 > | C2 > A2",
        "",
        "to:U1 from:C1 other:C2 > A2",
    ),
    ("What the first is related to stays", {}, KNOWN, "C1 > A1 | C1 > O9", "", "to:U1 from:C1 > A1"),
    (
        "Whose address is blocklisted since",
        {"sender": "joe@news.test"},
        {"joe@news.test": "C1"},
        "C1 > A1",
        "",
        "> A1",
    ),
    ("Contacts are never linked", {}, KNOWN, "C1 L1 > A1", "Contact", "to:U1 other:L1 > A1"),
    ("Accounts are never linked", {}, KNOWN, "C1 > A1", "Account", "to:U1 from:C1 >"),
)
BESIDE: Cases = (
    ("Somebody who is not on it comes to those found", {}, KNOWN, "C2 > A2", "", "from:C1 to:U1 other:C2 > A2"),
    ("Who is found already", {}, KNOWN, "C1 > A1", "", "from:C1 to:U1 > A1"),
    ("The thread is related to nothing", {}, KNOWN, "C1 >", "", "from:C1 to:U1 > A1"),
    ("It is related to an Opportunity", {}, KNOWN, "C1 > O9", "", "from:C1 to:U1 > O9"),
    ("Nobody is found", {"sender": "wim@far.test"}, KNOWN, "C1 > O9", "", "to:U1 other:C1 > O9"),
    ("Two threads", {}, KNOWN, "C2 > | L1 > O9", "", "from:C1 to:U1 other:C2 other:L1 > O9"),
    ("Opportunities are never linked", {}, KNOWN, "C1 > O9", "Opportunity", "from:C1 to:U1 > A1"),
)
