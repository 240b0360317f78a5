"""Which e-mails are saved: ways in, what is left out, modes, blocklist, copies, threads, special cases."""

from tests.docs.asked import NO, Asked, Section

_RULES = "tests/unit/rules/test_rules.py"
_WHICH = "tests/simulation/test_which_mail.py"
_MARKS = "tests/simulation/test_marks.py"
_RELATED = "tests/simulation/test_related.py"
_MADE = "tests/simulation/test_resolving.py"
_THREADS = "tests/simulation/test_threads.py"
_SAVED = "tests/simulation/test_what_is_saved.py"
_LISTED = "tests/unit/accounts/test_blocklist.py"
_LIST_PAGE = "tests/unit/web/test_blocklist.py"
_AUTOMATIC = f"{_RULES}::test_automatic_saving"
_WHO = f"{_RULES}::test_who_is_in_salesforce"
_SIDEBAR = f"{NO} It is a button of a sidebar, and there is none; "

WAYS_IN = Section(
    "E-mails: ways in",
    (
        Asked(
            "EML-1",
            "By itself, by category, folder or button, with its thread, by quick save.",
            "By itself, by category or folder, with its thread (the button on the page Mail), and by back-fill.",
            (
                _AUTOMATIC,
                f"{_MARKS}::test_a_mark_set_later_is_a_request",
                f"{_THREADS}::test_links_of_colleagues_add_up",
            ),
        ),
        Asked(
            "EML-2",
            "Auto-saving is a person's switch, which an administrator may force; Inbox and Sent "
            "Items, by sessions.",
            "As asked; a push may begin the session sooner.",
            (
                _AUTOMATIC,
                "tests/unit/accounts/test_settings.py::test_a_lock_above_refuses_and_outdoes_what_was_set_before",
            ),
        ),
        Asked(
            "EML-3",
            "Auto-saving of received or sent e-mails alone.",
            "`mail.direction`; a mark saves the others.",
            (f"{_WHICH}::test_sent_mails_alone_and_a_mark_for_the_other_way",),
        ),
        Asked(
            "EML-4",
            "The category Salesforce in Inbox or Sent Items saves; elsewhere it is ignored.",
            "As asked; also in the folders that settings name. It counts when the e-mail comes back.",
            (
                f"{_RULES}::test_marked_mails",
                ""
                "tests/simulation/test_found.py::test_a_category_that_was_set_where_a_mail_was_filed_is_a_request_when_it_comes_back",
            ),
        ),
        Asked(
            "EML-5",
            "What is moved into Salesforce Emails is saved, marked and moved back by its direction.",
            "As asked.",
            (f"{_MARKS}::test_the_drop_folder_asks_and_gives_back",),
        ),
        Asked(
            "EML-6",
            "Further folders, new ones too, and the Archive; with exclusions.",
            "`mail.folders`, `mail.folders-excluded`.",
            (
                f"{_WHICH}::test_mails_in_further_folders_are_saved_and_those_in_excluded_ones_are_not",
                "tests/unit/rules/test_folders.py::test_what_is_chosen",
            ),
        ),
        Asked(
            "EML-7",
            "Save while it is being written.",
            _SIDEBAR + "the e-mail is saved by itself, or when it is marked, once it was sent.",
        ),
        Asked(
            "EML-8", "Quick save, with its state and hints.", _SIDEBAR + "a mark does the same by the same rules."
        ),
        Asked(
            "EML-9",
            "Marks made without a connection take effect later; many at once.",
            "As asked: what the mailbox shows is what counts.",
            (
                f"{_MARKS}::test_a_mark_set_while_the_cursor_was_dying_is_a_request",
                "tests/contract/mailbox_writing.py::test_fifty_marks_are_all_applied",
            ),
        ),
        Asked(
            "EML-10",
            "What was saved in any way gets the category.",
            "As asked, colleagues' copies too.",
            ("tests/contract/mailbox_writing.py::test_the_category_is_added_to_those_there_are",),
        ),
        Asked(
            "EML-11",
            "A category that a reply inherited is no wish.",
            "As suggested: on a reply or forward of a saved e-mail that was sent with it, the rules decide.",
            (
                f"{_MARKS}::test_a_reply_that_inherits_the_category_asks_for_nothing",
                "docs/decisions/0003-when-a-mark-is-a-request.md",
            ),
        ),
        Asked(
            "EML-12",
            "All ways find and link records alike.",
            "As asked, but for Opportunities, which are for automatic saving, and threads, which "
            "follow their first.",
            (f"{_RULES}::test_linking", f"{_RELATED}::test_a_marked_mail_is_related_to_the_account"),
        ),
        Asked(
            "EML-13",
            "Encrypted e-mails get an issue; signed ones are saved.",
            "Signed ones are saved; of an encrypted one a sentence says why not. It is no issue: "
            "nobody can mend it.",
            (
                f"{_SAVED}::test_a_signed_mail_is_saved_with_its_text_and_the_files_within",
                f"{_SAVED}::test_an_encrypted_mail_is_told",
            ),
        ),
    ),
)

LEFT_OUT = Section(
    "E-mails: what is left out",
    (
        Asked(
            "EML-20",
            "Internal, blocklisted, unknown, elsewhere, service e-mails are not saved by themselves.",
            "As asked, each with a sentence.",
            (_AUTOMATIC, f"{_RULES}::test_unknown_people"),
        ),
        Asked(
            "EML-21",
            "Receipts, answers to meetings and delivery reports are never saved.",
            "As asked.",
            (
                f"{_RULES}::test_marked_mails",
                "tests/contract/mailbox_observing.py::test_service_mail_is_told_apart",
            ),
        ),
        Asked(
            "EML-22",
            "Internal is an e-mail among the organization's domains; one address outside is enough to save it.",
            "As asked; links go to those who are neither internal nor blocklisted.",
            (_AUTOMATIC, f"{_RULES}::test_participants", f"{_RULES}::test_linking"),
        ),
        Asked(
            "EML-23",
            "Internal domains: a list, and the domains of the mailbox's aliases.",
            "`org.internal-domains`, joined with the domains of all mailboxes of the tenant; free "
            "mail services never.",
            (f"{_RULES}::test_participants", "docs/decisions/0021-internal-domains-stand-on-the-tenant.md"),
        ),
        Asked(
            "EML-24",
            "An option includes internal e-mails.",
            "`mail.include-internal`; the company's domain must not be on the blocklist either.",
            (f"{_WHICH}::test_internal_mail_is_included_where_an_administrator_says_so", _WHO),
        ),
        Asked(
            "EML-25",
            "Free mail services are left out, unless an address is exactly that of a record.",
            "As suggested: `blocklist.free-mail-domains`, `blocklist.free-mail-known`.",
            (f"{_WHICH}::test_a_known_address_at_a_free_mail_service_counts_where_it_is_let",),
        ),
        Asked("EML-26", "Somebody on it must be known.", "As asked.", (f"{_RULES}::test_unknown_people",)),
        Asked(
            "EML-27",
            "Save although nothing can be linked.",
            "`mail.save-unlinked`.",
            (f"{_RULES}::test_unknown_people", f"{_RELATED}::test_settings_that_let_it_in"),
        ),
        Asked(
            "EML-28",
            "Spam in the Inbox makes records; block the sender and delete what was made, in one go.",
            "As suggested: what a filter marked is left out (`mail.skip-spam`), and *Block the sender and undo*.",
            (
                f"{_WHICH}::test_what_a_spam_filter_marked_is_left_out_unless_a_person_marks_it",
                "tests/unit/web/test_blocking.py::test_the_preview_says_what_is_done_and_then_it_is",
            ),
        ),
        Asked(
            "EML-29",
            "By hand internal and blocklisted e-mails are saved too; a colleague who is a Contact is "
            "like anybody.",
            "As suggested: the first always, the second where an administrator says so (`mail.internal-known`).",
            (
                f"{_RULES}::test_marked_mails",
                f"{_WHICH}::test_a_colleague_who_is_a_contact_counts_where_an_administrator_says_so",
            ),
        ),
    ),
)

MODES = Section(
    "E-mails: modes of auto-saving",
    (
        Asked(
            "Mode General",
            "Somebody on it is a Contact or Lead.",
            "As asked.",
            (f"{_RULES}::test_unknown_people", f"{_WHICH}::test_the_mode_says_whom_a_mail_must_name"),
        ),
        Asked(
            "Mode Forced",
            "Somebody is not blocklisted; a record is made if none is found.",
            "As asked, but records are made where `resolving` says so, in every mode.",
            (
                f"{_WHICH}::test_the_mode_says_whom_a_mail_must_name",
                "docs/decisions/0025-the-mode-forced-makes-nobody.md",
            ),
        ),
        Asked(
            "Mode Smart",
            "Somebody's domain is that of an object.",
            "Of an Account's website, exactly one.",
            (f"{_RELATED}::test_the_mode_smart_takes_who_is_at_an_accounts_domain",),
        ),
        Asked(
            "Mode Useful",
            "Like General, or a Business record is named by the text.",
            "A link, a reference of Email-to-Case, or a token of Lightning threading; its user must "
            "see the record.",
            (
                f"{_RULES}::test_whether_a_text_decides",
                f"{_RELATED}::test_a_record_that_a_mail_names_is_reason_enough_in_the_mode_useful",
            ),
        ),
        Asked(
            "Mode Flexible, EML-34",
            "Somebody is unknown and not blocklisted; a record is made.",
            "As suggested: General, and those who are unknown too; records as `resolving` says.",
            (
                f"{_RULES}::test_unknown_people",
                f"{_MADE}::test_where_somebody_is_known_only_the_mode_flexible_makes_the_others_known",
            ),
        ),
        Asked(
            "EML-30",
            "Internal and blocklisted alone: in no mode. A mark saves in every mode.",
            "As asked.",
            (_AUTOMATIC, f"{_RULES}::test_marked_mails"),
        ),
        Asked(
            "EML-31",
            "A marked e-mail is never linked to blocklisted people, and none are made of them.",
            "As asked.",
            (f"{_RULES}::test_linking", f"{_RULES}::test_for_whom_a_record_is_made"),
        ),
        Asked(
            "EML-32",
            "A setting with values that nobody documents governs linking apart from the blocklist.",
            f"{NO} Nobody says what it does; `links.*` govern linking here.",
        ),
        Asked(
            "EML-33",
            "By the sidebar an e-mail can be saved though nothing fits it.",
            "A marked e-mail is saved, whoever is on it.",
            (f"{_RULES}::test_marked_mails",),
        ),
    ),
)

BLOCKLIST = Section(
    "E-mails: blocklist",
    (
        Asked(
            "EML-40",
            "The person's list and the organization's count together; its entries are locked unless "
            "it says otherwise.",
            "As suggested; three levels, pins, and `blocklist.removable`.",
            (f"{_LISTED}::test_the_levels_add_up", "docs/decisions/0031-the-blocklist-has-pins.md"),
        ),
        Asked(
            "EML-41",
            "Addresses, with +alias too, or domains; no wildcards.",
            "As asked; a domain is itself alone.",
            (
                f"{_RULES}::test_participants",
                f"{_LISTED}::test_an_entry_that_is_none_is_explained",
                "docs/decisions/0010-domains-match-exactly.md",
            ),
        ),
        Asked(
            "EML-42",
            "It is for auto-saving and making records, not for saving by hand.",
            "As asked.",
            (f"{_RULES}::test_marked_mails", f"{_RULES}::test_for_whom_a_record_is_made"),
        ),
        Asked(
            "EML-43",
            "Events whose invitees are all blocklisted are not saved; one who is not suffices.",
            "As asked, of meetings.",
            (
                "tests/unit/rules/test_calendar.py::test_saving",
                "tests/simulation/test_event_reasons.py::test_the_reason_is_said",
            ),
        ),
        Asked(
            "EML-44",
            "Common and internal domains can be taken off, and stay off.",
            "As the newer text has it.",
            (
                f"{_LISTED}::test_what_is_built_in_is_taken_off_by_an_administrator",
                f"{_WHICH}::test_the_companys_domain_that_was_taken_off_is_a_domain_like_others",
            ),
        ),
        Asked(
            "EML-45",
            "A change counts at once.",
            "As suggested: the next session looks at what it decided again, and the page shows it at once.",
            (f"{_LIST_PAGE}::test_blocking_works_at_once_and_on_mails_that_came_before",),
        ),
        Asked(
            "EML-46",
            "Do not sync: one click puts the address on the list.",
            "*Block the sender and undo* below a saved e-mail; the page Blocklist for others.",
            ("tests/unit/web/test_blocking.py", f"{_LIST_PAGE}::test_several_entries_at_once"),
        ),
    ),
)

COPIES = Section(
    "E-mails: one record each",
    (
        Asked(
            "EML-50",
            "The same e-mail of several people is saved once, told by its Message-ID; the later ones point to it.",
            "As asked, by a unique key made of it; sender and date are compared.",
            (f"{_RULES}::test_same_mail", "docs/decisions/0029-who-wrote-it-is-part-of-its-name.md"),
        ),
        Asked(
            "EML-51",
            "Always, where the field exists; else the administrator is warned.",
            "As suggested: always. In an org without our field the weaker promise is stated.",
            ("docs/decisions/0013-the-unkeyed-org.md", "docs/promises.md"),
        ),
        Asked(
            "EML-52, EML-53",
            "Who changes links gets a clone of the record; at most 10, or 16.",
            f"{NO} One e-mail is one record; its links can be changed in Salesforce.",
            ("docs/decisions/0039-one-record-for-each-e-mail.md",),
        ),
        Asked(
            "EML-54",
            "The engine never clones; people by relations, one Business record.",
            "As suggested.",
            ("docs/decisions/0039-one-record-for-each-e-mail.md", f"{_RULES}::test_linking"),
        ),
        Asked(
            "EML-55",
            "Attachments are not saved again with a copy.",
            "As asked: a copy points to the record, which has them.",
            (f"{_RELATED}::test_a_shared_mail_is_related_by_who_saves_it_first",),
        ),
    ),
)

THREADS = Section(
    "E-mails: threads",
    (
        Asked(
            "EML-60",
            "A switch of the organization and one of the person; a field for the thread on Tasks.",
            "`mail.threads-allowed` and `mail.threads`; `Crosstie_Thread_Id__c`, and beside it the field that an "
            "administrator names (`mail.thread-field`). Over Microsoft Graph too.",
            (
                f"{_THREADS}::test_a_mark_rests_while_a_switch_is_off",
                f"{_THREADS}::test_tasks_carry_the_links_and_the_threads_id",
                f"{_THREADS}::test_an_administrators_own_field_of_tasks_carries_it_too",
            ),
        ),
        Asked("EML-61", "In Gmail too.", f"{NO} Gmail has no connector yet."),
        Asked(
            "EML-62",
            "Who marks one e-mail has all past and future ones of the thread saved.",
            "As asked, on the page Mail and by `crosstie thread`.",
            (f"{_THREADS}::test_past_and_future_mails_of_the_thread_are_saved_and_nothing_else",),
        ),
        Asked(
            "EML-63",
            "All get the links of the first; who is new is not looked for.",
            "As asked.",
            (f"{_THREADS}::test_all_are_linked_like_the_first_and_who_is_new_is_not_looked_for",),
        ),
        Asked(
            "EML-64",
            "A Business record that was chosen goes to all, a person who is not on the e-mail to the first alone.",
            "What somebody relates the first to in Salesforce counts for the rest. A person is left out whom an "
            "EmailMessage has as somebody who is not on it; a Task does not tell, and its people count for all.",
            (
                f"{_THREADS}::test_what_somebody_relates_the_first_to_in_salesforce_counts_for_the_rest",
                f"{_RULES}::test_like_its_thread",
            ),
        ),
        Asked(
            "EML-65",
            "Links of several people add up.",
            "As far as one Business record goes.",
            (f"{_THREADS}::test_links_of_colleagues_add_up", f"{_RULES}::test_beside_a_colleagues_thread"),
        ),
        Asked(
            "EML-66",
            "Internal and blocklisted replies within the thread are saved, service e-mails never.",
            "As suggested.",
            (f"{_THREADS}::test_colleagues_and_blocklisted_people_are_of_the_thread_and_a_meeting_notice_is_not",),
        ),
        Asked(
            "EML-67",
            "A second address of a Contact matches if a field has it.",
            "Every field of type Email counts, custom ones too.",
            (f"{_RELATED}::test_every_email_field_counts_also_one_that_is_new",),
        ),
        Asked(
            "EML-68",
            "A Business record goes to RelatedToId.",
            "As asked.",
            (f"{_THREADS}::test_email_messages_carry_the_threads_id",),
        ),
    ),
)

SPECIAL = Section(
    "E-mails: special cases",
    (
        Asked(
            "EML-70",
            "Replies to what was sent from Salesforce are linked to one Contact or Lead.",
            "`links.replies` relates a reply to the record of what it answers. Its people are those "
            "on it: who writes "
            "from an address that nobody has is not known to be the one who was written to.",
            (f"{_RELATED}::test_other_replies_follow_what_they_answer_where_it_is_wanted",),
        ),
        Asked(
            "EML-71",
            "A Task with a Contact and a Case at once needs Email-to-Case.",
            "A Task has both where Salesforce takes them; else its refusal is an issue.",
            (f"{_RELATED}::test_a_case_by_its_number",),
        ),
        Asked(
            "EML-72",
            "To change a saved EmailMessage is to delete it and make it anew.",
            f"{NO} A saved e-mail is not changed; it can be taken out.",
            ("docs/decisions/0036-taking-a-mail-out-again.md",),
        ),
        Asked(
            "EML-73",
            "What was deleted in Salesforce is not saved again but by a person's act.",
            "As suggested.",
            (
                f"{_MARKS}::test_a_deleted_record_is_never_made_again_by_itself",
                f"{_MARKS}::test_a_deleted_record_is_made_again_when_the_mail_is_marked_again",
            ),
        ),
        Asked(
            "EML-74",
            "Somebody who is not on the e-mail must not appear in its Cc.",
            "Only people on it are linked, each in their part; the address fields say what it says.",
            (f"{_RULES}::test_linking", "tests/unit/mapping/test_email.py::test_a_received_mail_as_email_message"),
        ),
    ),
)
MAILS = (WAYS_IN, LEFT_OUT, MODES, BLOCKLIST, COPIES, THREADS, SPECIAL)
