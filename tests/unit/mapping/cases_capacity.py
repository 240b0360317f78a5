"""How many records an e-mail can be linked to: who is on it, what it is about, what each kind of record holds.

`from:C1 to:C*60`: Contact C1 wrote, and sixty Contacts are in To; L is a Lead, U a colleague. The answers name
what the record links, in the order of its fields; `to:60` are the first sixty of To.
"""

from tests.unit.rules.builders import Cases

CASES: Cases = (
    ("Nobody", "", "", "–", "–", "–"),
    ("Nobody, about an Account", "", "A1", "about A1", "about A1", "about A1"),
    ("A Contact", "from:C1", "A1", "from C1, about A1", "Name C1, about A1", "Name C1, about A1"),
    (
        "A Contact, about an Opportunity",
        "from:C1",
        "O1",
        "from C1, about O1",
        "Name C1, about O1",
        "Name C1, about O1",
    ),
    (
        "Three Contacts",
        "from:C1 to:C2 cc:C3",
        "A1",
        "from C1, to C2, cc C3, about A1",
        "Name C1, also C2 C3, about A1",
        "Name C1, about A1",
    ),
    (
        "The same Contact wrote and is in copy",
        "from:C1 cc:C1",
        "A1",
        "from C1, cc C1, about A1",
        "Name C1, about A1",
        "Name C1, about A1",
    ),
    ("A Lead", "from:L1", "", "from L1", "Name L1", "Name L1"),
    ("Two Leads", "from:L1 to:L2", "", "from L1, to L2", "Name L1", "Name L1"),
    (
        "A Lead wrote, a Contact is in copy",
        "from:L1 cc:C2",
        "A2",
        "from L1, cc C2, about A2",
        "Name L1",
        "Name L1",
    ),
    (
        "A Contact wrote, a Lead and a colleague are in copy",
        "from:C1 to:U1 cc:L2",
        "A1",
        "from C1, to U1, cc L2, about A1",
        "Name C1, about A1",
        "Name C1, about A1",
    ),
    ("A colleague alone", "to:U1", "", "to U1", "–", "–"),
    (
        "Fifty Contacts in To",
        "to:C*50",
        "A1",
        "to:50, about A1",
        "Name C1, also 49, about A1",
        "Name C1, about A1",
    ),
    (
        "Sixty Contacts in To",
        "to:C*60",
        "A1",
        "to:60, about A1",
        "Name C1, also 49, about A1",
        "Name C1, about A1",
    ),
    (
        "A hundred and twenty Contacts in To",
        "to:C*120",
        "A1",
        "to:100, addresses 20, about A1",
        "Name C1, also 49, about A1",
        "Name C1, about A1",
    ),
)
