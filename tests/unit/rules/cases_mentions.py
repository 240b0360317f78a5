"""Which records a mail names: (situation, subject, text, answer).

The org is seen at `acme.my.salesforce.com` and in Lightning. `A`, `O` and `K` in the answer stand for the Account
`001000000000001`, the Opportunity `006000000000001` and the Case `500000000000001`; a number is that of a Case.
"""

from tests.unit.rules.builders import Cases

HOSTS = frozenset(("acme.my.salesforce.com", "acme.lightning.force.com"))
IDS = {"001000000000001AAA": "A", "006000000000001AAA": "O", "500000000000001AAA": "K"}
CLASSIC, LIGHTNING = "https://acme.my.salesforce.com", "https://acme.lightning.force.com"
CASES: Cases = (
    ("Nothing", "Offer", "As discussed.", ""),
    ("A link in the text", "Offer", f"See {LIGHTNING}/lightning/r/Opportunity/006000000000001AAA/view.", "O"),
    (
        "Behind a word",
        "Offer",
        f'<p><a href="{LIGHTNING}/lightning/r/Account/001000000000001AAA/view">it</a></p>',
        "A",
    ),
    ("As older pages have it", "Offer", f"{CLASSIC}/500000000000001", "K"),
    ("Behind a hash", "Offer", f"{LIGHTNING}/one/one.app#/sObject/006000000000001AAA/view", "O"),
    ("In the query", "Offer", f'<a href="{CLASSIC}/apex/Deal?a=1&amp;id=006000000000001AAA">deal</a>', "O"),
    (
        "Wrapped by another program",
        "Offer",
        "https://links.test/?url=https%3A%2F%2Facme.lightning.force.com%2Flightning%2Fr%2F006000000000001AAA%2Fview&d=5",
        "O",
    ),
    ("In the subject, before the text", f"{CLASSIC}/001000000000001", f"{CLASSIC}/006000000000001", "A O"),
    ("Twice", "Offer", f"{CLASSIC}/006000000000001AAA {LIGHTNING}/006000000000001", "O"),
    ("The host in capitals", "Offer", "https://ACME.my.salesforce.com/006000000000001", "O"),
    ("A host of another org", "Offer", "https://other.my.salesforce.com/006000000000001AAA", ""),
    (
        "A host that merely begins alike",
        "Offer",
        "https://acme.my.salesforce.com.evil.test/006000000000001AAA",
        "",
    ),
    ("An id without an address", "Offer", "006000000000001AAA", ""),
    ("A Contact: people are known by their addresses", "Offer", f"{CLASSIC}/003000000000001AAA", ""),
    (
        "A Contact's page that names an Account: the page is about the Contact",
        "Offer",
        f"{CLASSIC}/003000000000001AAA/e?accid=001000000000001AAA",
        "",
    ),
    ("An id whose last three do not fit", "Offer", f"{CLASSIC}/006000000000001AAB", ""),
    ("A word as long as an id", "Offer", f"{CLASSIC}/setup/forecastingTypes", ""),
    ("A Case number", "Re: Case 00001026: broken saw", "", "00001026"),
    ("With a sign", "[Case #00001026] broken saw", "", "00001026"),
    ("In words", "case no. 00001026", "", "00001026"),
    ("A number that is no Case's", "Order 00001026", "", ""),
    ("A short number", "Just in case 123", "", ""),
    ("A Case number in the text alone", "Saw", "Case 00001026", ""),
    ("A link and a Case number", "Case 00001026", f"{CLASSIC}/006000000000001AAA", "O 00001026"),
)

ORG = "00D50000000IQwREAW"
REFERENCES: Cases = (
    ("In the subject", "Re: Saw [ ref:_00D50IQwR._50050PQo5L:ref ]", "", "5005000000PQo5L", 0),
    ("In the text", "Saw", "<p>ref:_00D50IQwR._50050PQo5L:ref</p>", "5005000000PQo5L", 0),
    ("A longer number", "Saw", "ref:_00D50IQwR._50050AbPQo5L:ref", "50050000AbPQo5L", 9),
    ("A zero that was not in the middle", "Saw", "ref:_00D50IQwR._5005000Q05:ref", "500500000000Q05", 0),
    ("As newer orgs write it", "Saw", "ref:!00D500IQwR.!50050Bzz01:ref", "5005000000Bzz01", 0),
    ("Whole ids", "Saw", "ref:00D50000000IQwR.5005000000PQo5L:ref", "5005000000PQo5L", 0),
    ("Of another org", "Saw", "ref:_00D50XXXX._50050PQo5L:ref", "", 0),
    ("Of something else", "Saw", "ref:_00D50IQwR._00350PQo5L:ref", "", 0),
    ("Without an end", "Saw", "ref:_00D50IQwR._50050PQo5L", "", 0),
)
"""(situation, subject, text, the Case, how many other ids the reference may stand for)."""
ANSWERED: Cases = (
    ("Nothing", "Subject: Saw\nReferences:\n", ""),
    ("A mail", "In-Reply-To: <a@x.test>\nReferences: <a@x.test>", "<a@x.test>"),
    ("The last of several", "References: <a@x.test> <b@x.test>\nin-reply-to: <b@x.test>", "<b@x.test> <a@x.test>"),
    ("Without brackets", "In-Reply-To: a@x.test", ""),
    ("A header that merely ends so", "X-In-Reply-To: <a@x.test>", ""),
)
TOKENS: Cases = (
    ("A token", "thread::pp5XPGfmNf2hRZdRCWnrohc::", True),
    ("Within words", "See thread::pp5XPGfmNf2hRZdRCWnrohc::.", True),
    ("Without an end", "thread::pp5XPGfmNf2hRZdRCWnrohc", False),
    ("Another word", "subthread::pp5XPGfmNf2hRZdRCWnrohc::", False),
)
