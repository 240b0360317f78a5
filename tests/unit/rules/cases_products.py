"""Which other product is told by what an org shows of a week.

(situation, signs in, holds access, changed records of ours, Events that Salesforce keeps, answer). Of an app that
holds access the number of people is given; `U2: 5, rival__Key__c 5` are five records of other people that U2 has
changed after us, of which five have a value in that field.
"""

from tests.unit.rules.builders import Cases

CASES: Cases = (
    ("Nobody else works in the org", (), (), (), 0, ()),
    (
        "People with a browser and a telephone",
        ("Browser as U1: 60", "Salesforce for iOS as U1: 90"),
        (),
        ("U1: 9",),
        0,
        (),
    ),
    ("We ourselves, signed in to by people", ("Crosstie as U1: 40",), ("Crosstie: 12",), ("U1: 4",), 0, ()),
    ("A backup reads all day", ("Nightly Backup as U2: 336",), ("Nightly Backup: 1",), (), 0, ()),
    ("A warehouse likewise, as a User of its own", ("Warehouse as U3: 2000",), ("Warehouse: 1",), (), 0, ()),
    (
        "A dialler writes calls of its own, and has a package",
        ("Dialler as U4: 700",),
        ("Dialler: 30",),
        ("U4: 0",),
        0,
        (),
    ),
    ("A tidy-up script changed many, once", ("Data Loader as U5: 1",), (), ("U5: 400",), 0, ()),
    ("Somebody mended two records by a tool", ("Toolbox as U5: 30",), (), ("U5: 2",), 0, ()),
    ("One changes their own alone", ("Calendar App as U1: 200",), ("Calendar App: 1",), ("U1: 0",), 0, ()),
    (
        "Signs in again and again, and changes what we wrote",
        ("Rival Sync as U2: 672", "Nightly Backup as U3: 336"),
        ("Rival Sync: 1",),
        ("U2: 3",),
        0,
        ("another product by changes, 3, Rival Sync as U2",),
    ),
    ("The same, now and then", ("Rival Sync as U2: 19",), (), ("U2: 50",), 0, ()),
    (
        "Its package's key gets filled on what we wrote",
        ("Rival Sync as U2: 672",),
        (),
        ("U2: 12, rivalsync__Key__c 12",),
        0,
        ("another product by fills, 12, Rival Sync as U2, rivalsync",),
    ),
    (
        "It acts as each person, and a colleague changed one since",
        (),
        (),
        ("U1: 0, rivalsync__Key__c 8", "U6: 1, rivalsync__Key__c 1"),
        0,
        ("another product by fills, 9, as U1, rivalsync",),
    ),
    ("Two keys that somebody typed", (), (), ("U1: 0, other__Ref_Id__c 2",), 0, ()),
    (
        "A known one by its package",
        (),
        (),
        ("U2: 5, DaScoopComposer__vCal_UID__c 5",),
        0,
        ("groove by fills, 5, as U2, DaScoopComposer",),
    ),
    (
        "A known one by its app, all its people together",
        ("Cirrus Insight as U1: 7", "Cirrus Insight as U6: 5"),
        ("Cirrus Insight: 2",),
        (),
        0,
        ("cirrus-insight by signs-in, 12, Cirrus Insight",),
    ),
    (
        "A known one whose sign-ins are kept from us",
        (),
        ("SalesforceIQ: 4",),
        (),
        0,
        ("salesforce-inbox by holds, 4, SalesforceIQ",),
    ),
    (
        "Salesforce for Outlook",
        ("Salesforce for Outlook as U1: 30",),
        (),
        (),
        0,
        ("salesforce-for-outlook by signs-in, 30, Salesforce for Outlook",),
    ),
    (
        "Events that Salesforce's own sync keeps",
        (),
        (),
        (),
        25,
        ("einstein-activity-capture by manages, 25",),
    ),
    ("A name that merely begins alike", ("Rivalry Reports as U7: 90", "Grooveshark as U7: 9"), (), (), 0, ()),
)
