"""What a signature tells: (situation, the mail's text, how the mail shows its sender, answer).

The sender is `nora.quist@birch.test`. The answer lists what was found: n name, t title, c company, p phone, m
mobile phone, f fax, o another phone.
"""

from typing import Any

Cases = tuple[tuple[Any, ...], ...]

FULL = (
    "Dear Ann,\n\nattached is our offer.\n\nBest regards\n\n"
    "Nora Quist\nSales Manager\nBirch GmbH\nTel.: +49 30 901820\n"
)
CASES: Cases = (
    (
        "Below the sender's name",
        FULL + "Mobile: +49 171 5550100\nFax: +49 30 901821\n",
        "Nora Quist",
        "n=Nora Quist t=Sales Manager c=Birch GmbH p=+49 30 901820 m=+49 171 5550100 f=+49 30 901821",
    ),
    (
        "Below two dashes",
        "Hello\n\n-- \nNora Quist | Birch\nHead of Purchasing\nT: 030 901820\n",
        "Nora Quist",
        "t=Head of Purchasing p=030 901820",
    ),
    (
        "The name is told by the address alone",
        FULL,
        "",
        "n=Nora Quist t=Sales Manager c=Birch GmbH p=+49 30 901820",
    ),
    (
        "The mail shows the address as name",
        FULL,
        "nora.quist@birch.test",
        "n=Nora Quist t=Sales Manager c=Birch GmbH p=+49 30 901820",
    ),
    ("The last name first", FULL, "Quist, Nora", "n=Nora Quist t=Sales Manager c=Birch GmbH p=+49 30 901820"),
    ("Somebody else's name", FULL, "Wim Willow", ""),
    ("No signature", "Dear Ann,\n\nI met the Sales Manager of Birch GmbH, +49 30 901820.\n", "Nora Quist", ""),
    ("A first name alone", "See you\n\nNora\n+49 30 901820\n", "Nora Quist", ""),
    (
        "Above a quoted mail with another signature",
        FULL + "\n> Kind regards\n> Ann Oak\n> Chief Executive Officer\n> North Ltd\n> +44 20 7946 0000\n",
        "Nora Quist",
        "n=Nora Quist t=Sales Manager c=Birch GmbH p=+49 30 901820",
    ),
    (
        "Above the header of a quoted mail",
        FULL
        + "\nFrom: Ann Oak <ann@north.test>\nSent: Monday, 1 June 2026 10:00\nTo: Nora Quist\nSubject: Offer\n\n"
        "Nora Quist\nDirector\n+44 20 7946 0000\n",
        "Nora Quist",
        "n=Nora Quist t=Sales Manager c=Birch GmbH p=+49 30 901820",
    ),
    (
        "Several phones",
        "Nora Quist\nPhone: +44 20 7946 0000, direct: +44 20 7946 0001, cell: +44 7700 900123\n",
        "Nora Quist",
        "n=Nora Quist p=+44 20 7946 0000 m=+44 7700 900123 o=+44 20 7946 0001",
    ),
    (
        "An extension",
        "Nora Quist\nTel: (030) 901820 ext. 12\n",
        "Nora Quist",
        "n=Nora Quist p=(030) 901820 ext. 12",
    ),
    (
        "Numbers that are no phones",
        "Nora Quist\nHRB 12345678 Berlin\nVAT: DE 123456789\n10115 Berlin\n2026-06-01\n4111 1111 1111 1111\n",
        "Nora Quist",
        "n=Nora Quist",
    ),
    (
        "From right to left",
        'שלום\n\nנורה קויסט\nמנהלת מכירות\nליבנה בע"מ\nטל: 03-9018200\nנייד: 050-5550100\n',
        "נורה קויסט",
        'n=נורה קויסט t=מנהלת מכירות c=ליבנה בע"מ p=03-9018200 m=050-5550100',
    ),
    (
        "From right to left, with marks of direction",
        "\u200fنورا كويست\u200f\n\u200fمدير المبيعات\n\u200eهاتف: \u202a+966 11 555 0100\u202c\n",
        "نورا كويست",
        "n=نورا كويست t=مدير المبيعات p=+966 11 555 0100",
    ),
    (
        "Accents",
        "À bientôt\n\nNora Quist\nIngénieure\nBirch S.A.S.\n",
        "Nóra Quist",
        "n=Nora Quist t=Ingénieure c=Birch S.A.S.",
    ),
    ("The company is called like the domain", "Nora Quist\nBirch\n", "Nora Quist", "n=Nora Quist c=Birch"),
    ("A sentence is no title", "Nora Quist\nOur new manager will call you.\n", "Nora Quist", "n=Nora Quist"),
    (
        "An address is no company",
        "Nora Quist\nnora.quist@birch.test\nwww.birch.test\n",
        "Nora Quist",
        "n=Nora Quist",
    ),
    (
        "Two dashes, and a name where the mail shows none",
        "Hi\n--\nNora Quist\n+49 30 901820\n",
        "",
        "n=Nora Quist p=+49 30 901820",
    ),
    ("Two dashes, and no name", "Hi\n--\nSent from my phone\n", "Nora Quist", ""),
    ("Nothing", "", "Nora Quist", ""),
)
