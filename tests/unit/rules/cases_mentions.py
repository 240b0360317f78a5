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
