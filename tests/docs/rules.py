"""The page of the rules: the tables of cases that the tests run through."""

from typing import Any

from crosstie.rules.files import LeftOut
from crosstie.rules.products import BY_CODE
from tests.docs.cases import listed
from tests.docs.markdown import page, table
from tests.docs.mirror import mirrored
from tests.unit.mapping import cases_capacity, cases_signatures
from tests.unit.rules import (
    cases_files,
    cases_linking,
    cases_mentions,
    cases_participants,
    cases_products,
    cases_relating,
    cases_relevance,
    cases_resolving,
    cases_spam,
    cases_threads,
    cases_wishes,
)


def rules_page() -> str:
    return page(
        "The rules, case by case",
        """
The tables the tests run through. The company is `north.test`; the mailbox is Ann's (`ann@north.test`, also
`ann@nord.test`), activated at noon of 10 June 2026 with auto-saving on. The blocklist has the domain `news.test`
and the address `rival@partner.test`; `free.test` stands for a free mail service. Unless a case says otherwise,
`joe@customer.test` writes to Ann and the mail lies in her Inbox.
""",
        listed("Is an e-mail saved automatically?", cases_relevance.AUTOMATIC, ("mail", "settings", "answer")),
        listed(
            "Whose blocklist keeps it out?",
            cases_relevance.BLOCKING,
            ("mail", "entry and level", "whose", "entries"),
        ),
        listed(
            "Is it saved although nobody on it is in Salesforce?",
            cases_relevance.UNKNOWN,
            ("mail", "settings", "known", "answer"),
        ),
        listed(
            "Do colleagues and people at free mail services count?",
            cases_relevance.ADMITTED,
            ("mail", "settings", "the Contact", "answer"),
        ),
        listed("Is a marked e-mail saved?", cases_relevance.MARKED, ("mail", "answer")),
        listed("Inbound or outbound?", cases_relevance.DIRECTIONS, ("mail", "answer")),
        listed(
            "What is written on its record because an administrator wants it?",
            cases_wishes.CASES,
            ("mail", "settings", "record", "before the subject", "fields"),
        ),
        listed("What is a spam filter's mark?", cases_spam.CASES, ("header", "answer")),
        listed("Whose is an address?", cases_participants.CASES, ("address", "group")),
        *_linked(),
        listed(
            "What does a record hold of those an e-mail is linked to?\n\n"
            "`to:C*60` are sixty Contacts in To; L is a Lead, U a colleague, A an Account, O an Opportunity. One "
            "e-mail is one record ([why](decisions/0039-one-record-for-each-e-mail.md)); who is not linked stands "
            "in its text.",
            cases_capacity.CASES,
            ("linked", "about", "EmailMessage", "Task with Shared Activities", "Task"),
        ),
        *_made(),
        listed("Which attachments are saved?", cases_files.CASES, ("attachment", "settings", "answer")),
        "What is left out is said with one of these sentences:\n\n"
        + table(("answer", "sentence"), [(one.value, one.sentence) for one in LeftOut]),
        *mirrored(),
        *_others(),
    )


def _others() -> list[str]:
    return [
        listed(
            "Which other product keeps mailboxes and the org in step?\n\n"
            "By what the org shows of a week. `Rival Sync as U2: 40` are forty sign-ins as the User U2; of an app "
            "that holds access the number of people is given; `U2: 5, rival__Key__c 5` are five records of ours, "
            "of other people, that U2 changed last, of which five have a value in that field.",
            [_flat(case) for case in cases_products.CASES],
            ("signs in", "holds access", "changed", "Events that Salesforce keeps", "answer"),
        ),
        "The products that are known, and what an administrator is told of each:\n\n"
        + table(
            ("product", "where to look", "how to switch it off"),
            [(one.name, one.where, one.disable) for one in BY_CODE.values()],
        ),
    ]


def _flat(case: tuple[Any, ...]) -> tuple[Any, ...]:
    return tuple("; ".join(value) if isinstance(value, tuple) else value for value in case)


def _linked() -> list[str]:
    return [
        listed(
            "Whom is a saved e-mail linked to?\n\n"
            "Known people are written `C1/A1/2024-05-01`: Contact C1 of Account A1, created on that day; "
            "L is a Lead, U a User, A an Account whose website is at that domain.",
            cases_linking.CASES,
            ("mail", "who is known", "Name", "Related To", "everybody linked"),
        ),
        listed(
            "What is never linked?\n\nA Lead wrote to Ann (U1), a Contact with an Account is in copy.",
            cases_linking.NEVER,
            ("`links.never`", "Name", "Related To", "everybody linked"),
        ),
        listed(
            "What is an automatically saved e-mail related to?\n\n"
            "Ann's open Opportunities are written `O1/A1/2026-07-01/2026-06-01`: O1 on Account A1, expected to "
            "close, and changed last, on those days; without days it closes in a month and was changed today, "
            "which is the day of activation. A dash stands for a mail that is saved with the people alone.",
            cases_relating.CASES,
            ("mail", "who is known", "Ann's Opportunities", "settings", "answer"),
        ),
        listed(
            "How is an e-mail linked whose thread is saved whole?\n\n"
            "Like the first of its thread. Links are written `C1 L1 > A1`: linked to C1 and L1, related to A1, "
            "and behind a bar those of a colleague's mail. The answer is everybody linked, `other` being somebody "
            "who is not on this mail, then the record. Mia is C2 of A2, and Ann is U1.",
            cases_threads.LIKE,
            ("mail", "who is known", "links of the thread", "`links.never`", "answer"),
        ),
        listed(
            "How is an automatically saved e-mail linked whose thread a colleague has saved whole?",
            cases_threads.BESIDE,
            ("mail", "who is known", "links of the thread", "`links.never`", "answer"),
        ),
        listed(
            "Which records does an e-mail name?\n\n"
            "The org is seen at `acme.my.salesforce.com` and in Lightning. A is the Account `001000000000001`, O "
            "the Opportunity `006000000000001`, K the Case `500000000000001`; a number is that of a Case.",
            cases_mentions.CASES,
            ("subject", "text", "answer"),
        ),
        listed(
            "Which Case does a reference stand for?\n\n"
            f"The org's id is `{cases_mentions.ORG}`. A reference has lost its zeros; of the ids that it may "
            "stand for exactly one must be there.",
            cases_mentions.REFERENCES,
            ("subject", "text", "Case", "other ids"),
        ),
        listed(
            "Is a mail saved for the record that its text names?\n\n"
            "Asked of those that are saved for nobody on them.",
            cases_relevance.BY_NAME,
            ("settings", "answer"),
        ),
        listed("What does a mail answer?", cases_mentions.ANSWERED, ("headers", "answer")),
        listed("Is it a token of Lightning threading?", cases_mentions.TOKENS, ("text", "answer")),
    ]


def _made() -> list[str]:
    return [
        listed(
            "For whom is a record made?\n\nWith `resolving` on; a Lead or a Contact.",
            cases_resolving.CASES,
            ("mail", "settings", "known", "answer"),
        ),
        listed("Is an address one person's?", cases_resolving.SOMEBODY, ("address", "answer")),
        listed(
            "Under which Account is a new Contact put?\n\nA1 has most of the Contacts at the domain.",
            cases_resolving.ACCOUNTS,
            ("Accounts there", "settings", "answer"),
        ),
        listed(
            "What does a signature tell of a new record?\n\n"
            "n is the name, t title, c company, p phone, m mobile phone, f fax, o another phone.",
            cases_signatures.CASES,
            ("text", "name displayed", "answer"),
        ),
        listed(
            "What is a new record called?", cases_resolving.NAMES, ("name", "address", "first name", "last name")
        ),
    ]
