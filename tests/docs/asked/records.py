"""Which records an e-mail is linked to, and which are made for it."""

from tests.docs.asked import NO, Asked, Section

_RULES = "tests/unit/rules/test_rules.py"
_RELATED = "tests/simulation/test_related.py"
_MADE = "tests/simulation/test_resolving.py"
_MET = "tests/simulation/test_event_strangers.py"
_DIALOG = f"{NO} It is about a dialog of a sidebar, and there is none."
_WHY_NAMED = "docs/decisions/0034-a-record-that-a-mail-names.md"
_WHY_ACCOUNT = "docs/decisions/0032-a-mail-needs-something-it-is-about.md"

SEARCH = Section(
    "Finding related records",
    (
        Asked(
            "SRC-1",
            "All addresses but internal and blocklisted ones; with none left it is internal.",
            "As asked; what kept it out is told apart.",
            (f"{_RULES}::test_participants", f"{_RULES}::test_automatic_saving"),
        ),
        Asked(
            "SRC-2",
            "By every Email field of a Contact, and further fields by configuration.",
            "Every field of type Email of Contacts, Leads and Users. Others are not looked at: an "
            "address in a text "
            "field may be anybody's.",
            (f"{_RELATED}::test_every_email_field_counts_also_one_that_is_new",),
        ),
        Asked(
            "SRC-3",
            "A Lead; or a Contact with the Account; else an Account by its website.",
            "A Contact before a Lead; an Account by its website where nobody is known.",
            (f"{_RULES}::test_linking", f"{_RELATED}::test_an_account_by_its_website_where_nobody_is_known"),
        ),
        Asked(
            "SRC-4",
            "A Case's code in the subject, links to records in the text, addresses and phones there; signatures.",
            "Case numbers, references of Email-to-Case and links; signatures for records that are "
            "made. Addresses and "
            "phones in a text are not looked for: whom a text speaks of is not whom it is from.",
            (f"{_RULES}::test_mentions", f"{_RULES}::test_references_of_cases", _WHY_NAMED),
        ),
        Asked(
            "SRC-5",
            "Free mail services' domains are nobody's.",
            "As asked.",
            (f"{_RULES}::test_linking", "docs/decisions/0035-what-the-directory-knows.md"),
        ),
        Asked(
            "SRC-6, SRC-7",
            "Opportunities that close within a window, open young Cases; Leads that are not "
            "converted, active Users.",
            "As suggested, both ends of the windows are settings. A Case that is named by a link or "
            "a reference may be "
            "old.",
            (f"{_RELATED}::test_what_does_not_count_any_more", f"{_RULES}::test_relating"),
        ),
        Asked(
            "SRC-8",
            "All matches of an address are listed; contact roles count.",
            "One record for each address, the same whoever asks; roles do not count.",
            (f"{_RULES}::test_linking_does_not_depend_on_the_order_people_are_told_in", _WHY_ACCOUNT),
        ),
        Asked(
            "SRC-9",
            "The Account for a new Contact: of Contacts at the domain, then by website.",
            "As asked, then by name.",
            (f"{_RULES}::test_under_which_account_a_contact_is_put",),
        ),
        Asked(
            "SRC-10",
            "A search may be strict or broad.",
            f"{NO} Every match is exact: a broad one links strangers.",
            ("docs/decisions/0010-domains-match-exactly.md",),
        ),
    ),
)

LINKS = Section(
    "Linking",
    (
        Asked(
            "LNK-1",
            "To a Contact or Lead, the Account and perhaps an Opportunity, in all ways alike.",
            "As asked, but Opportunities are for automatic saving.",
            (f"{_RULES}::test_linking", f"{_RULES}::test_relating"),
        ),
        Asked(
            "LNK-2",
            "Many people and one Business record.",
            "As suggested.",
            (
                "docs/decisions/0039-one-record-for-each-e-mail.md",
                "tests/unit/mapping/test_email.py::test_a_mail_as_task",
            ),
        ),
        Asked(
            "LNK-3",
            "A Lead excludes everything else.",
            "Of a Task, as Salesforce has it; an EmailMessage may have both.",
            (f"{_RULES}::test_linking", "tests/unit/mapping/test_email.py::test_a_mail_as_task"),
        ),
        Asked(
            "LNK-4",
            "Events: many people, one business record.",
            "The first Contact or Lead and one Account or Opportunity; further people where the org has Shared "
            "Activities.",
            (
                "tests/simulation/test_meetings.py::test_a_meeting_of_two_colleagues_and_a_customer_is_one_record",
                f"{_MET}::test_a_contact_gets_an_account_and_the_meeting_is_related_to_it",
            ),
        ),
        Asked(
            "LNK-5",
            "What is not linked to a Lead is linked to an Account.",
            "As suggested: the Contact's Account. `links.person-alone` saves without.",
            (f"{_RULES}::test_relating", _WHY_ACCOUNT),
        ),
        Asked(
            "LNK-6",
            "The user's Opportunity on the Account of a Contact, the most recent; else the Account; "
            "else not saved.",
            "As asked, with a sentence where it is not saved, and looked at again when a Contact gets an Account.",
            (
                f"{_RELATED}::test_ones_own_opportunity_on_the_senders_account",
                f"{_RELATED}::test_a_contact_without_account_waits_and_comes_in_when_it_gets_one",
                _WHY_ACCOUNT,
            ),
        ),
        Asked(
            "LNK-7",
            "What is refused of several people and Business records where nothing is cloned.",
            "There is no dialog yet that could refuse. What is saved is one record that holds as many as the "
            "platform takes, the first of a kind where it takes one; the table has each combination.",
            (
                "tests/unit/mapping/test_capacity.py::test_capacity",
                "tests/simulation/test_capacity.py::test_one_record_holds_as_many_as_the_org_allows",
                "docs/decisions/0039-one-record-for-each-e-mail.md",
            ),
        ),
        Asked("LNK-8", "Quick save on a record's card.", _DIALOG),
        Asked(
            "LNK-9",
            "Salesforce makes child records for colleagues who are invited.",
            "They are told from the record itself, and never mirrored.",
            ("tests/simulation/test_meetings.py::test_a_meeting_of_two_colleagues_and_a_customer_is_one_record",),
        ),
        Asked(
            "LNK-10",
            "An Event without any link can be changed by nobody but who made it.",
            "Meetings without one are saved only where `events.save-unlinked` says so.",
            ("tests/unit/rules/test_calendar.py::test_saving",),
        ),
        Asked("LNK-12", "What is booked through a scheduler.", f"{NO} There is no booking."),
        Asked(
            "LNK-11",
            "Kinds of records may be kept from links; at least one is left.",
            "`links.never`, for the engine too.",
            (
                f"{_RULES}::test_what_is_never_linked",
                "tests/unit/accounts/test_settings.py::test_wrong_text_meets_a_sentence_and_changes_nothing",
            ),
        ),
        Asked(
            "LNK-13",
            "For each address: a colleague, else the only Contact, else a Lead.",
            "As suggested for colleagues; outside a Contact comes before a User, who may be a "
            "customer with a login.",
            (f"{_RULES}::test_linking", "docs/decisions/0035-what-the-directory-knows.md"),
        ),
    ),
)

RESOLVING = Section(
    "Records made for unknown people",
    (
        Asked(
            "RES-1",
            "Off by default; a Lead, a Contact or a Person Account; for automatic saving, and by marks.",
            "`resolving`, for the whole org; e-mails and meetings in every way.",
            (
                f"{_MADE}::test_a_stranger_becomes_a_lead_of_whoever_got_the_mail",
                f"{_MADE}::test_a_mark_makes_them_known_with_auto_saving_off",
            ),
        ),
        Asked(
            "RES-2",
            "Never of blocklisted people or at free mail services.",
            "As asked, nor of machines and groups.",
            (f"{_RULES}::test_for_whom_a_record_is_made", f"{_RULES}::test_whose_address_may_be_one_persons"),
        ),
        Asked(
            "RES-3",
            "Fields are filled from the signature: names, title, phones, account, address.",
            "Names, title, phones, a Lead's company, where it is clear (`resolving.signatures`). "
            "Postal addresses are "
            "not: they have a hundred forms. A Contact's Account goes by the domain.",
            (
                "tests/unit/mapping/test_signature.py::test_signatures",
                "tests/simulation/test_signatures.py::test_a_signature_fills_what_the_header_does_not_tell",
            ),
        ),
        Asked(
            "RES-4",
            "An Account is looked up, or made and named after the domain.",
            "`resolving.account-lookup`, `resolving.account-create`.",
            (f"{_MADE}::test_a_contact_gets_an_account_named_after_the_domain_and_the_next_one_is_put_under_it",),
        ),
        Asked(
            "RES-5",
            "All under one Account.",
            "`resolving.account`.",
            (f"{_MADE}::test_one_account_for_everybody",),
        ),
        Asked(
            "RES-6",
            "Smart: a Contact where an Account has website and people at the domain, else a Lead.",
            "As asked.",
            (
                f"{_MADE}::test_smart_makes_a_contact_where_an_account_has_people_and_website_at_the_domain_else_a_lead",
            ),
        ),
        Asked(
            "RES-7",
            "For every auto-saved e-mail on which nobody is known.",
            "That is what `resolving` does; at most ten people of an e-mail.",
            (f"{_RULES}::test_for_whom_a_record_is_made", f"{_RULES}::test_a_circular_makes_few_records"),
        ),
        Asked(
            "RES-8",
            "Events whose attendees are unknown.",
            "As e-mails: `resolving` makes records of whom it names; without it they wait until somebody is made.",
            (
                f"{_MET}::test_a_stranger_becomes_a_lead_of_whose_meeting_it_is",
                f"{_MET}::test_a_mark_makes_them_known_with_saving_off",
                f"{_MET}::test_an_accident_makes_nobody_twice_and_loses_no_meeting",
            ),
        ),
        Asked(
            "RES-9",
            "What was made says so.",
            "`Crosstie_Created_By_Sync__c`.",
            ("tests/unit/mapping/test_package.py::test_the_package_has_the_fields_and_no_others",),
        ),
        Asked(
            "RES-10",
            "A last name and a company are needed.",
            "As suggested: the name displayed, else the signature, else what stands before the @; the domain.",
            (f"{_RULES}::test_what_a_stranger_is_called",),
        ),
        Asked(
            "RES-11",
            "Two sessions that meet the same unknown address make one record.",
            "As suggested: claimed under one lock of the org, asked of it again, and keyed.",
            (
                f"{_MADE}::test_two_colleagues_who_meet_a_stranger_at_once",
                f"{_MADE}::test_two_workers_who_meet_a_stranger_at_once",
                "docs/decisions/0037-strangers-become-records-once.md",
            ),
        ),
    ),
)
RECORDS = (SEARCH, LINKS, RESOLVING)
