"""SOQL statements and what is made of them; `docs/soql.md` is rendered from this."""

VALID = """
SELECT Id FROM Task
select id from task
SELECT Id,Name FROM Account a
SELECT a.Id FROM Account a WHERE a.Name = 'x'
SELECT Name FROM Account OFFSET
SELECT Name FROM Account OFFSET 5
SELECT Name n FROM Account
SELECT COUNT() FROM Contact
SELECT COUNT()FROM Contact
SELECT COUNT(Id)c FROM Contact
SELECT MIN(A), MAX(B) biggest FROM X GROUP BY C, CALENDAR_YEAR(D) HAVING COUNT(Id) >= 2
SELECT Id FROM X WHERE A = 1 AND B = 2 AND C = 3
SELECT Id FROM X WHERE A = 1 OR B = 2
SELECT Id FROM X WHERE (A = 1 OR B = 2) AND C = 3
SELECT Id FROM X WHERE NOT A = 1
SELECT Id FROM X WHERE NOT (A = 1 OR B = 2)
SELECT Id FROM X WHERE (NOT A = 1) AND B = 2
SELECT Id FROM X WHERE A IN ('a') AND B NOT IN ('b','c')
SELECT Id FROM X WHERE A IN (SELECT B FROM Y WHERE C = 'd')
SELECT Id FROM X WHERE A NOT IN (SELECT B FROM Y)
SELECT Id FROM X WHERE A INCLUDES ('a;b','c') AND B EXCLUDES ('d')
SELECT Id FROM X WHERE A <> 1
SELECT Id FROM X WHERE A LIKE '%a_b%'
SELECT Id FROM X WHERE A LIKE '100\\%\\_' AND B = '\\\\%'
SELECT Id FROM X WHERE A = -1.5 AND B = +2 AND D = .5
SELECT Id FROM X WHERE A = 2026-11-20 AND B < 2026-11-20T10:00:00Z AND C > 2026-11-20T10:00:00.000+0100
SELECT Id FROM X WHERE A = 2026-11-20T10:00:00-08:00
SELECT Id FROM X WHERE A = TODAY AND B > LAST_N_DAYS:14 AND C < NEXT_FISCAL_QUARTER AND D = N_WEEKS_AGO:2
SELECT Id FROM X WHERE A = TRUE AND B != null
SELECT Id FROM X WHERE A > USD5000 AND B < EUR10.50
SELECT Id FROM X WHERE A = 'it\\'s \\n \\u00e9 \\\\'
SELECT Id FROM X ORDER BY A, B DESC, C ASC NULLS LAST, D NULLS FIRST
SELECT Id FROM X LIMIT 10 OFFSET 20
SELECT Id FROM X FOR VIEW
SELECT Id FROM X FOR REFERENCE UPDATE VIEWSTAT
SELECT Id FROM X UPDATE TRACKING, VIEWSTAT
SELECT Id FROM X, X.Y
SELECT x.Id FROM X x, x.Y AS y, y.Z z WHERE z.A = 1
SELECT Group, Order, End, When FROM Group
SELECT A.From, B.Limit FROM X
SELECT A, COUNT(Id) FROM X GROUP BY ROLLUP(A, B)
SELECT GROUPING(A) g, COUNT(Id) FROM X GROUP BY CUBE(A, B) ORDER BY GROUPING(A)
SELECT FORMAT(convertCurrency(A)) a, convertCurrency(A), FORMAT(MIN(B)) FROM X
SELECT Id, DISTANCE(A, GEOLOCATION(-10, 10.5), 'mi') FROM X ORDER BY DISTANCE(A, GEOLOCATION(1,2), 'km')
SELECT Id FROM X WHERE DISTANCE(A, GEOLOCATION(1, 2), 'km') < 5
SELECT Id FROM X WHERE A = 12:30:00Z OR A = 12:30:00.000Z
SELECT Id FROM X WHERE A IN ('a', null, TODAY, 5)
SELECT Id FROM X WITH USER_MODE
SELECT Id FROM X WITH DATA CATEGORY A__c ABOVE_OR_BELOW b__c AND C__c AT (d__c, e__c) WITH SECURITY_ENFORCED
SELECT Id, (SELECT Id, (SELECT Id FROM Grandchildren) FROM Children FOR VIEW) FROM X
SELECT Id FROM X USING SCOPE mine WHERE A = 1
SELECT Id FROM X WHERE A = 1 WITH SECURITY_ENFORCED ORDER BY B
SELECT Id, (SELECT Id FROM Children WHERE A = 1 ORDER BY B LIMIT 3) FROM X
SELECT TYPEOF What WHEN Account THEN Phone, Name WHEN Opportunity THEN Amount ELSE Name END FROM Event
SELECT FIELDS(STANDARD) FROM X
SELECT toLabel(Status) FROM X
""".strip().splitlines()

INVALID = """
SELECT
SELECT FROM X
SELECT Id
SELECT Id FROM
SELECT Id Name A FROM X
SELECT Id, FROM X
SELECT Id FROM X Y Z
SELECT Id FROM X WHERE
SELECT Id FROM X WHERE A
SELECT Id FROM X WHERE A =
SELECT Id FROM X WHERE A = foo
SELECT Id FROM X WHERE A == 1
SELECT Id FROM X WHERE A = 1 AND
SELECT Id FROM X WHERE A = 1 AND B = 2 OR C = 3
SELECT Id FROM X WHERE A = 1 OR B = 2 AND C = 3
SELECT Id FROM X WHERE NOT A = 1 AND B = 2
SELECT Id FROM X WHERE A = 1 AND NOT B = 2
SELECT Id FROM X WHERE (A = 1
SELECT Id FROM X WHERE A = 1)
SELECT Id FROM X WHERE A IN ()
SELECT Id FROM X WHERE A IN 'a'
SELECT Id FROM X WHERE A NOT LIKE 'a'
SELECT Id FROM X WHERE A = 'open
SELECT Id FROM X WHERE A = 'bad \\q escape'
SELECT Id FROM X WHERE A = :bind
SELECT Id FROM X WHERE A = LAST_N_DAYS
SELECT Id FROM X WHERE A = LAST_N_DAYS:x
SELECT Id FROM X WHERE A = LAST_N_DAYS:-1
SELECT Id FROM X ORDER BY
SELECT Id FROM X ORDER A
SELECT Id FROM X ORDER BY A NULLS
SELECT Id FROM X LIMIT
SELECT Id FROM X LIMIT 'a'
SELECT Id FROM X LIMIT -1
SELECT Id FROM X LIMIT 1.5
SELECT Id FROM X OFFSET -1
SELECT Id FROM X FOR
SELECT Id FROM X FOR DELETE
SELECT Id FROM X FOR UPDATE
SELECT Id FROM X FOR VIEW FOR REFERENCE
SELECT Id FROM X ALL ROWS
SELECT Id FROM X // comment
SELECT Id FROM X /* comment */
SELECT COUNT() c FROM X
SELECT COUNT(Id, Name) FROM X
SELECT COUNT(*) FROM X
SELECT COUNT(Id) FROM X GROUP BY ROLLUP(A), B
SELECT COUNT(Id) FROM X GROUP BY A, CUBE(B)
SELECT from FROM X
SELECT Limit FROM X
SELECT Id FROM Where
SELECT Id AS i FROM X
SELECT DISTANCE(A, B, 'mi') FROM X
SELECT Id FROM X WHERE GEOLOCATION(1, 2) < 5
SELECT Id FROM X WHERE A = 1e3
SELECT Id FROM X WHERE A = '100\\%'
SELECT Id FROM X WHERE A IN ('a', 'b\\_c')
SELECT Id FROM X WHERE A = 5.
SELECT Id FROM X WHERE A < USD-500
SELECT Id FROM X WHERE A = 2026-01-01T00:00:00
SELECT Id FROM X WHERE A = (SELECT B FROM Y)
SELECT Id FROM X WHERE A IN (SELECT B, C FROM Y)
SELECT Id FROM X WHERE A IN (SELECT B FROM Y LIMIT 5)
SELECT Id FROM X WHERE A IN (SELECT B FROM Y ORDER BY C)
SELECT Id FROM X WHERE A NOT INCLUDES ('a')
SELECT Id FROM X OFFSET 5 LIMIT 5
SELECT Id FROM X USING SCOPE mine x
SELECT Id FROM X USING mine
SELECT TYPEOF What ELSE Name END FROM X
SELECT Id FROM X GROUP BY
SELECT Id FROM X HAVING COUNT(Id) > 1
SELECT Id FROM X WITH
SELECT A..B FROM X
SELECT A. FROM X
SELECT (SELECT Id FROM Y FROM X
SELECT TYPEOF What END FROM X
SELECT FIELDS(SOME) FROM X
SELECT Id FROM X;
SELECT * FROM X
UPDATE X SET A = 1
""".strip().splitlines()

FEATURES: tuple[tuple[str, str], ...] = (
    ("aggregates, aliases", "SELECT COUNT(Id) n, COUNT_DISTINCT(Industry), MAX(AnnualRevenue) most FROM Account"),
    ("GROUP BY a path", "SELECT Account.Owner.Name, SUM(Amount) FROM Opportunity GROUP BY Account.Owner.Name"),
    ("HAVING", "SELECT Industry FROM Account GROUP BY Industry HAVING COUNT(Id) > 1 AND Industry LIKE 'M%'"),
    ("subtotals", "SELECT Type, GROUPING(Type) sum, COUNT(Id) FROM Account GROUP BY ROLLUP(Type, Industry)"),
    ("all subtotals", "SELECT Type, Industry, COUNT(Id) FROM Account GROUP BY CUBE(Type, Industry)"),
    ("sub-selects", "SELECT Id, (SELECT Id FROM Contacts WHERE Email != null ORDER BY Name LIMIT 2) FROM Account"),
    ("sub-selects in them", "SELECT Id, (SELECT Id, (SELECT Id FROM Cases) FROM Contacts) FROM Account"),
    ("parents up to five levels", "SELECT Account.Parent.Parent.Owner.Manager.Name FROM Contact"),
    ("names for ways up", "SELECT COUNT() FROM Contact c, c.Account a, a.Owner o WHERE o.IsActive = true"),
    (
        "parents of several kinds",
        "SELECT Owner.Profile.Name FROM Task WHERE What.Type = 'Account'",
    ),
    ("TYPEOF", "SELECT TYPEOF Who WHEN Contact THEN Email, Account.Name ELSE Name END FROM Task"),
    ("FIELDS()", "SELECT FIELDS(ALL) FROM Account LIMIT 200"),
    ("toLabel()", "SELECT toLabel(Industry) label, Industry FROM Account WHERE toLabel(Industry) = 'Media'"),
    ("FORMAT()", "SELECT FORMAT(Amount) a, FORMAT(CloseDate) c FROM Opportunity"),
    ("money in several currencies", "SELECT convertCurrency(Amount) FROM Opportunity WHERE Amount > USD5000"),
    ("distances", "SELECT Id FROM Account WHERE DISTANCE(BillingAddress, GEOLOCATION(52, 13), 'km') < 50"),
    (
        "parts of dates",
        "SELECT FISCAL_YEAR(CloseDate) y, SUM(Amount) FROM Opportunity GROUP BY FISCAL_YEAR(CloseDate)",
    ),
    ("the user's time zone", "SELECT Id FROM Task WHERE HOUR_IN_DAY(convertTimezone(CreatedDate)) < 12"),
    ("relative dates", "SELECT Id FROM Task WHERE ActivityDate = NEXT_N_WEEKS:2 AND CreatedDate > N_MONTHS_AGO:3"),
    (
        "semi- and anti-joins",
        "SELECT Id FROM Account WHERE Id NOT IN (SELECT AccountId FROM Contact)",
    ),
    ("escapes in LIKE", "SELECT Id FROM Account WHERE Name LIKE '100\\%\\_%'"),
    ("USING SCOPE", "SELECT Id FROM Task USING SCOPE delegated"),
    ("FOR VIEW, FOR REFERENCE", "SELECT Id FROM Account LIMIT 1 FOR VIEW"),
    ("access modes", "SELECT Id FROM Account WITH USER_MODE"),
)
"""What is evaluated, with an example that runs."""

NO_SUCH_OBJECTS = frozenset(
    (
        "AuraDefinition",
        "Dashboard",
        "FAQ__kav",
        "KnowledgeArticleVersion",
        "Offer__kav",
        "ProcessInstanceWorkitem",
        "Product2",
        "Question",
    )
)
"""Which the list names and the sandbox has not."""

REASONS = {
    "The sandbox has no such object.": r"sObject type '\w+' is not supported",
    "The org has no such field or relationship.": r"No such column|Didn't understand relationship",
    "Long text cannot be filtered.": r"can not be filtered",
    "What stands for an id is none.": r"invalid ID field",
    "The object has no scope of that name; these orgs have no territories.": r"invalid query scope",
    "Plain columns of a grouped query must be grouped.": r"Field must be grouped or aggregated",
    "FIELDS(ALL) and FIELDS(CUSTOM) need a LIMIT.": r"FIELDS function must have a LIMIT",
    "A number is no value of a picklist.": r"must be of type string",
    "A day is no moment.": r"must be of type dateTime",
    "Salesforce's own parser refuses it too; see below.": r"unexpected token|no viable alternative",
}
"""Why a well-formed query is refused, and how the refusal says it."""

MEANT_FOR_APEX = "only Apex knows it"
NO_ALIAS = "COUNT() has no column that an alias could name"
NEGATIVE = "the parser leaves the range of numbers to the server"
DISAGREEMENTS: dict[str, tuple[bool, str]] = {
    "SELECT CampaignId, AVG(Amount) avg FROM Opportunity GROUP BY CampaignId HAVING COUNT(Id, Name) > 1": (
        True,
        "COUNT takes one field",
    ),
    "SELECT LeadSourceCOUNT(Name) FROM Lead GROUP BY LeadSource": (
        False,
        "the parser leaves the names of functions to the server",
    ),
    "SELECT Contact..FirstName, Contact.Account.Name FROM Contact": (False, "the parser takes two dots for one"),
    "SELECT Name FROM Account For Update": (True, MEANT_FOR_APEX),
    "SELECT Count() myAlias FROM Account": (True, NO_ALIAS),
    "select count() myalias from account": (True, NO_ALIAS),
    "SELECT COUNT() MYALIAS FROM ACCOUNT": (True, NO_ALIAS),
    "SeLEct CouNt() myAlias frOM Account": (True, NO_ALIAS),
    "SELECT Name, Id FROM Merchandise__c ORDER BY Name LIMIT 100 OFFSET -10": (False, NEGATIVE),
    "SELECT Name, Id FROM Merchandise__c ORDER BY Name LIMIT -10 OFFSET 10": (False, NEGATIVE),
    "SELECT Id, Name, Location, DISTANCE(Location, GEOLOCATION(10, 10), 'm') FROM CONTACT": (
        False,
        "the parser leaves the unit to the server",
    ),
    "SELECT Id // single-line comment\nFROM Account /* multi-line\ncomment */ "
    "WHERE Name = 'has // and /* inside */'": (True, MEANT_FOR_APEX),
    "SELECT Type, BillingCountry, GROUPING(Type)grpType, GROUPING(BillingCountry) grpCty, COUNT(id) accts "
    "FROM Account GROUP BY CUBE(Type,BillingCountry) ORDER BY GROUPING(Type), GROUPING(Id,BillingCountry), "
    "Name DESC NULLS FIRST, Id ASC NULLS LAST": (True, "GROUPING takes one field"),
    "SELECT Id FROM Contact FOR UPDATE": (True, MEANT_FOR_APEX),
    "SELECT Id FROM FAQ__kav FOR UPDATE": (True, MEANT_FOR_APEX),
    "SELECT Name FROM Account WHERE CreatedById IN (SELECT TYPEOF Owner WHEN User THEN Id WHEN Group THEN "
    "CreatedById END FROM CASE)": (True, "a semi-join selects one field"),
    "SELECT Name FROM Invoice__c WHERE Balance__c < USD-500": (True, "amounts in a currency have no sign"),
    "SELECT Id, Name // the fields we need\nFROM Account // the target object": (True, MEANT_FOR_APEX),
    "/* leading comment */ SELECT Id /* inline\ncomment */ FROM Account WHERE Website = 'https://example.com' "
    "/* trailing comment */": (True, MEANT_FOR_APEX),
    "SELECT Id // real comment\nFROM Account /* real\ncomment */ WHERE Website = 'http://example.com' AND "
    "Name = 'a /* fake */ // comment'": (True, MEANT_FOR_APEX),
}
"""Where the published list and Salesforce's own parser differ: whether the list takes it, and what it is about.

The sandbox refuses all of them.
"""
