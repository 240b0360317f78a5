"""For whom a record is made, and what it is called."""

from crosstie.domain.settings import AutoTrackMode, Resolving
from tests.unit.rules.builders import Cases

CASES: Cases = (
    ("A customer whom nobody knows", {}, {}, "", "joe@customer.test"),
    ("Resolving is off", {}, {"resolving": Resolving.OFF}, "", ""),
    ("He and somebody in copy", {"cc": "mia@customer.test"}, {}, "", "joe@customer.test mia@customer.test"),
    ("Somebody in copy is a Contact", {"cc": "mia@customer.test"}, {}, "mia@customer.test", ""),
    (
        "The same, mode Flexible",
        {"cc": "mia@customer.test"},
        {"mail_auto_track_mode": AutoTrackMode.FLEXIBLE},
        "mia@customer.test",
        "joe@customer.test",
    ),
    ("A colleague", {"sender": "bo@north.test"}, {}, "", ""),
    ("A colleague, internal mail is included", {"sender": "bo@north.test"}, {"include_internal": True}, "", ""),
    ("Somebody on the blocklist", {"sender": "rival@partner.test"}, {}, "", ""),
    ("A blocked domain, and a customer", {"cc": "list@news.test"}, {}, "", "joe@customer.test"),
    ("At a free mail service", {"sender": "pat@free.test"}, {}, "", ""),
    ("At one that is let in", {"sender": "pat@gmail.com"}, {"exclude_free_mail": False}, "", ""),
    ("Leads are never linked", {}, {"never_linked": ("Lead",)}, "", ""),
    ("Nobody at all", {"sender": "", "to": ""}, {}, "", ""),
)
"""(situation, mail, settings, the Contacts, those for whom a record is made). Resolving makes Leads."""

SOMEBODY: Cases = (
    ("A name", "nora.quist@birch.test", True),
    ("A first name alone", "nora@birch.test", True),
    ("With a tag", "nora+offers@birch.test", True),
    ("A mailbox that several read", "info@birch.test", False),
    ("The same with a tag", "sales+eu@birch.test", False),
    ("With another separator", "customer.service@birch.test", False),
    ("A machine", "no-reply@birch.test", False),
    ("A machine of many names", "orders-noreply@birch.test", False),
    ("A machine that counts its letters", "bounces-123@birch.test", False),
    ("A numbered group", "sales2@birch.test", False),
    ("A system that tells of failures", "MAILER-DAEMON@birch.test", False),
    ("Who keeps a domain running", "postmaster@birch.test", False),
    ("A mailing list's door", "users-request@lists.birch.test", False),
    ("A number", "49891234567@birch.test", False),
    ("A name that begins like a group", "infonora@birch.test", True),
    ("Letters that no field takes", "нора@birch.test", False),
    ("Longer than a field takes", "n" * 70 + "@birch.test", False),
)

NAMES: Cases = (
    ("Two words", "Nora Quist", "nora@birch.test", "Nora", "Quist"),
    ("Three words", "Nora Maria Quist", "nora@birch.test", "Nora Maria", "Quist"),
    ("One word", "Nora", "nora@birch.test", "", "Nora"),
    ("The last name first", "Quist, Nora", "nora@birch.test", "Nora", "Quist"),
    ("In quotes", "'Nora Quist'", "nora@birch.test", "Nora", "Quist"),
    ("With the company", "Nora Quist (Birch Ltd)", "nora@birch.test", "Nora", "Quist"),
    ("With the company behind a stroke", "Nora Quist | Birch Ltd", "nora@birch.test", "Nora", "Quist"),
    ("With a title", "Dr. Nora Quist", "nora@birch.test", "Nora", "Quist"),
    ("No name", "", "nora.quist@birch.test", "Nora", "Quist"),
    ("The address as name", "nora.quist@birch.test", "nora.quist@birch.test", "Nora", "Quist"),
    ("No name, and a tag", "", "nora_quist+x@birch.test", "Nora", "Quist"),
    ("A comma and nothing behind it", "Quist,", "nora@birch.test", "", "Quist"),
    ("Nothing but an aside", "(Birch)", "nora@birch.test", "", "Nora"),
)

ACCOUNTS: Cases = (
    ("All of them", {"by_people": "A1", "by_website": "A2", "by_name": "A3", "ours": "A4"}, {}, "A1"),
    ("No Contacts there", {"by_website": "A2", "by_name": "A3", "ours": "A4"}, {}, "A2"),
    ("Neither Contacts nor a website", {"by_name": "A3", "ours": "A4"}, {}, "A3"),
    ("One that was made before, and renamed", {"ours": "A4"}, {}, "A4"),
    ("None", {}, {}, ""),
    ("Nothing is looked up", {"by_people": "A1", "ours": "A4"}, {"resolving_lookup": False}, "A4"),
    (
        "Smart, people and website agree",
        {"by_people": "A1", "by_website": "A1"},
        {"resolving": Resolving.SMART},
        "A1",
    ),
    ("Smart, they do not", {"by_people": "A1", "by_website": "A2"}, {"resolving": Resolving.SMART}, ""),
    ("Smart, people alone", {"by_people": "A1"}, {"resolving": Resolving.SMART}, ""),
)
"""(what is at the domain, Accounts by how they are found, settings, answer)."""
