"""E-mail to record, and attachments of e-mails."""

from tests.docs.asked import NO, Asked, Section

_EMAIL = "tests/unit/mapping/test_email.py"
_SAVED = "tests/simulation/test_what_is_saved.py"
_RULES = "tests/unit/rules/test_rules.py"
_WISHES = "tests/simulation/test_wishes.py"
_AS_MESSAGE = f"{_EMAIL}::test_a_received_mail_as_email_message"
_AS_TASK = f"{_EMAIL}::test_a_mail_as_task"
_FITS = f"{_EMAIL}::test_any_mail_makes_a_record_that_fits"
_FILES = f"{_RULES}::test_files"
_WHY_FILES = "docs/decisions/0038-attachments-are-files.md"

MAPPING = Section(
    "E-mail to record",
    (
        Asked(
            "MAP-1",
            "An EmailMessage where Enhanced Email is on, else a completed Task without formatting.",
            "As asked; what the org describes decides.",
            (_AS_MESSAGE, _AS_TASK, "tests/unit/salesforce/test_describe.py"),
        ),
        Asked("MAP · Subject", "Subject → Subject.", "As asked.", (_AS_MESSAGE, _AS_TASK)),
        Asked(
            "MAP · Body",
            "Text → HtmlBody and TextBody; of a Task: Description.",
            "As asked. Pictures within the text are taken out.",
            (_AS_MESSAGE, _AS_TASK, "docs/losses.md"),
        ),
        Asked(
            "MAP · Sent, received",
            "The moments → MessageDate; of a Task: its day, and a line of the text.",
            "The e-mail's own date; one that cannot be true gives way to when the mailbox received it. A "
            "Task of an "
            "org with our fields has the moment too.",
            (f"{_EMAIL}::test_an_impossible_date_gives_way", f"{_EMAIL}::test_the_day_is_the_mailboxs"),
        ),
        Asked(
            "MAP · From, To, Cc, Bcc",
            "Addresses → the address fields; of a Task: lines of the text.",
            "As asked. Who is a record is linked, and Salesforce adds that address itself; the fields have "
            "the others.",
            (_AS_MESSAGE, _AS_TASK, f"{_EMAIL}::test_five_thousand_recipients"),
        ),
        Asked(
            "MAP · Received or sent",
            "Where it lay → Incoming; of a Task: a field of its own.",
            "As asked; direction is by folder, and by sender where the folder says nothing.",
            (f"{_EMAIL}::test_status", f"{_RULES}::test_direction"),
        ),
        Asked(
            "MAP · Has attachments",
            "HasAttachment, which is not reliable.",
            "Not written: Salesforce sets it when a File is linked.",
            ("tests/unit/sandbox/salesforce/test_files.py",),
        ),
        Asked(
            "MAP · Sensitivity",
            "Private → a field of ours.",
            "As asked, `Crosstie_Is_Private__c`.",
            ("tests/contract/mailbox_observing.py::test_a_private_mail_is_told", _AS_MESSAGE),
        ),
        Asked(
            "MAP · Message-ID",
            "→ MessageIdentifier; of a Task: a field of ours.",
            "As asked.",
            (_AS_MESSAGE, _AS_TASK),
        ),
        Asked(
            "MAP · Headers",
            "Transport headers → Headers.",
            "As asked; whole headers, as many as fit.",
            (_AS_MESSAGE,),
        ),
        Asked(
            "MAP · Conversation",
            "→ ThreadIdentifier; of a Task: a field of ours.",
            "As asked.",
            (_AS_MESSAGE, _AS_TASK),
        ),
        Asked(
            "MAP · Created by sync",
            "A mark that the sync made it.",
            "As asked, `Crosstie_Created_By_Sync__c`.",
            (_AS_MESSAGE, "tests/unit/mapping/test_package.py::test_the_package_has_the_fields_and_no_others"),
        ),
        Asked(
            "MAP-2",
            "A Task is due on the e-mail's day, completed, of a priority that may be set.",
            "As asked; a category in the mailbox may set Priority and Status, `categories.fields`.",
            (_AS_TASK, f"{_WISHES}::test_a_tasks_priority_and_status_may_be_wished_for"),
        ),
        Asked("MAP-3", "A Task's text ends at 32,000 characters.", "As asked, and a line says so.", (_FITS,)),
        Asked(
            "MAP-4",
            "A Task's text begins with From, To, Cc, Bcc and Sent, which are never cut.",
            "As asked; of thousands of recipients the last ones become a number.",
            (_AS_TASK, f"{_EMAIL}::test_five_thousand_recipients"),
        ),
        Asked(
            "MAP-5",
            "Direction in a field with labels, or as a prefix of the subject.",
            "`direction.field` and `direction.in-subject`, beside our own picklist `Crosstie_Direction__c` of a "
            "Task and Incoming of an EmailMessage.",
            (
                f"{_WISHES}::test_the_way_stands_in_a_field_and_in_the_subject",
                "tests/unit/mapping/test_package.py::test_direction_takes_our_values_only",
                "docs/decisions/0042-what-an-administrator-wants-on-records.md",
            ),
        ),
        Asked("MAP-6", "Message-ID in MessageIdentifier, not GroupwareItemID.", "As asked.", (_AS_MESSAGE,)),
        Asked(
            "MAP-7",
            "Never keep the text, however the e-mail is saved.",
            "`mail.store-body`.",
            (f"{_SAVED}::test_no_text_is_saved_where_none_is_wanted_marked_or_not",),
        ),
        Asked(
            "MAP-8",
            "Crop earlier e-mails below a reply.",
            "`mail.crop-quotes`, by the marks that mail programs set, so that it works without the earlier "
            "e-mails.",
            (
                f"{_SAVED}::test_earlier_mails_below_a_reply_are_left_out_where_that_is_wanted",
                f"{_SAVED}::test_a_forwarded_mail_stays_whole",
                "docs/decisions/0033-quotes-are-found-by-marks.md",
            ),
        ),
        Asked(
            "MAP-9",
            "All of Unicode, whatever the e-mail says of its letters.",
            "As asked, with 115 odd and broken e-mails. Subjects and names lose marks that force a reading "
            "direction.",
            (
                "tests/simulation/test_corpus.py",
                "tests/unit/mapping/test_text.py::"
                "test_a_line_loses_marks_that_force_its_direction_and_keeps_those_that_hebrew_needs",
            ),
        ),
        Asked(
            "MAP-10",
            "The time of an e-mail is its own.",
            "As asked.",
            (f"{_EMAIL}::test_an_impossible_date_gives_way",),
        ),
    ),
)

ATTACHMENTS = Section(
    "Attachments of e-mails",
    (
        Asked(
            "ATT-1",
            "Files by default, stored once however many records they are on; Attachment records on request.",
            "Files, one for each content of an e-mail, and never Attachment records.",
            (
                "tests/contract/crm_publishing.py::test_files_are_on_both_and_stored_once",
                f"{_EMAIL}::test_files",
                _WHY_FILES,
            ),
        ),
        Asked(
            "ATT-2",
            "Files need the right to make them, and an e-mail that nobody saved before.",
            "An org that takes no Files from us is told below each e-mail. Of colleagues' copies the first "
            "brings the "
            "files, and what a crash left out is added.",
            (
                f"{_RULES}::test_where_salesforce_takes_no_files_that_is_said_of_those_that_would_be_saved",
                "tests/contract/crm_writes.py::test_a_missing_file_or_relation_is_added_to_a_record_that_is_there",
            ),
        ),
        Asked(
            "ATT-3",
            "All that pass the filters, on the e-mail's record and on the Business record it is linked to.",
            "As asked, `attachments.on-related`.",
            (f"{_SAVED}::test_files_are_on_what_the_mail_is_about_too", "tests/contract/crm_publishing.py"),
        ),
        Asked(
            "ATT-4",
            "The fields of an Attachment record.",
            f"{NO} [Files only](decisions/0038-attachments-are-files.md).",
        ),
        Asked(
            "ATT-5",
            "No links to files in the cloud, no pictures within the text.",
            "As asked, and said below the e-mail.",
            (_FILES, f"{_SAVED}::test_what_was_left_out_is_told_without_a_name"),
        ),
        Asked(
            "ATT-6",
            "25 MB at most; a smallest size by ending; endings that are allowed or blocked; by hand any "
            "allowed one.",
            "As asked, five settings.",
            (
                _FILES,
                f"{_RULES}::test_a_person_who_asks_for_a_mail_gets_attachments_of_any_ending_but_the_blocked",
                f"{_SAVED}::test_which_attachments_become_files",
            ),
        ),
        Asked(
            "ATT-7",
            "Of more than 100 links of one file the surplus is dropped and told.",
            "Cannot come about: a file is linked to its e-mail and one record more.",
            ("tests/contract/crm_publishing.py::test_files_are_on_both_and_stored_once", _WHY_FILES),
        ),
        Asked(
            "ATT-8",
            "No copy of the e-mail itself as a file.",
            "As asked. An e-mail that is attached to another is one of its files.",
            (f"{_SAVED}::test_an_attached_mail_becomes_a_file",),
        ),
        Asked(
            "ATT-9",
            "HasAttachment is ignored.",
            "As asked: what is attached is listed.",
            ("tests/contract/mailbox_writing.py",),
        ),
        Asked("ATT-10", "What the sidebar selects beforehand.", f"{NO} There is no sidebar yet."),
        Asked(
            "ATT-11", "Images below 100 kB are left out.", "As asked, `attachments.min-image-bytes`.", (_FILES,)
        ),
        Asked(
            "ATT-12",
            "Files win where both kinds of storage are enabled; with neither nothing can be saved.",
            "There is one kind; `attachments.save` turns it off, and then that is said.",
            (_FILES, _WHY_FILES),
        ),
        Asked(
            "Signed and encrypted",
            "Signed e-mails are saved, encrypted ones told.",
            "The text and the files of a signed e-mail are saved, unless it is signed in the form that hides them "
            "(opaque): Exchange keeps that like an encrypted one, and it is told like one.",
            (
                f"{_SAVED}::test_a_signed_mail_is_saved_with_its_text_and_the_files_within",
                f"{_SAVED}::test_an_encrypted_mail_is_told",
            ),
        ),
        Asked(
            "Calendars in e-mails",
            "An invitation is no e-mail, and its calendar no attachment.",
            "As asked; a calendar that invites nobody is a File.",
            (f"{_SAVED}::test_a_calendar_in_a_mail_is_a_meetings_or_a_file",),
        ),
    ),
)
