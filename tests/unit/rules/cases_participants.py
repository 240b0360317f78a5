"""Whom an address belongs to: (situation, address, group)."""

from tests.unit.rules.builders import Cases

CASES: Cases = (
    ("The mailbox's own address", "ann@north.test", "internal"),
    ("Another address of the same mailbox", "ann@nord.test", "internal"),
    ("Written in capitals", "ANN@NORTH.TEST", "internal"),
    ("A colleague at the mailbox's domain", "bo@north.test", "internal"),
    ("A colleague at the domain of the mailbox's second address", "bo@nord.test", "internal"),
    ("A domain the administrator listed", "cy@sister.test", "internal"),
    ("The same in Unicode, listed as Bücher.Test", "di@bücher.test", "internal"),
    ("The same in its ASCII form", "di@xn--bcher-kva.test", "internal"),
    ("A domain below the company's is another domain", "eve@eu.north.test", "outside"),
    ("A domain that merely ends alike", "eve@truenorth.test", "outside"),
    ("An Exchange directory name is a colleague", "/o=North/ou=HQ/cn=Recipients/cn=bo", "internal"),
    ("A customer", "joe@customer.test", "outside"),
    ("At a blocked domain", "list@news.test", "blocked"),
    ("Below a blocked domain: not meant", "list@mail.news.test", "outside"),
    ("A blocked address", "rival@partner.test", "blocked"),
    ("A blocked address with an alias is another address", "rival+x@partner.test", "outside"),
    ("Somebody else at the domain of a blocked address", "friend@partner.test", "outside"),
    ("A blocked address with an alias, listed that way", "shop+ann@deals.test", "blocked"),
    ("The same without its alias", "shop@deals.test", "outside"),
    ("A domain listed with an @ before it", "who@spam.test", "blocked"),
    ("An entry with a wildcard blocks nothing", "who@wild.test", "outside"),
    ("Blocked and internal: internal", "bot@sister.test", "internal"),
    ("At a free mail service", "pat@free.test", "free"),
    ("At a free mail service and blocked", "pest@free.test", "blocked"),
)
