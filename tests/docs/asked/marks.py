"""What the mailbox shows of an issue."""

from tests.docs.asked import Asked, Section

_WARNED_MAILS = "tests/simulation/test_warned_mails.py"

MARKS = Section(
    "Marks of an issue",
    (
        Asked(
            "MRK · Sync Error",
            "An item that has an issue gets a red category, and a white one with the issue's words.",
            "As asked, e-mails; calendar items have the red one. The words are short, and have no comma, at which "
            "Outlook parts categories.",
            (
                f"{_WARNED_MAILS}::test_what_salesforce_refuses_says_so_until_it_is_taken",
                f"{_WARNED_MAILS}::test_both_are_written_with_the_receipts_and_once",
                "tests/unit/rules/test_warnings.py::test_what_an_issue_says",
                "tests/simulation/test_warned.py::test_what_salesforce_refuses_says_so_until_it_is_taken",
                "docs/decisions/0071-an-issue-is-shown-on-its-mail.md",
            ),
        ),
        Asked(
            "MRK · Tracked successfully",
            "What was saved gets *Status: Tracked successfully*.",
            "Not built. *Salesforce*, which is on it, says so.",
        ),
        Asked(
            "MRK-3",
            "Folders and categories are made again when somebody removes them.",
            "As asked, once a day where the folder or the list lacks one. On an item *Sync Error* comes back "
            "while its issue is open; a receipt that somebody took off does not.",
            (
                f"{_WARNED_MAILS}::test_who_takes_it_off_sees_it_again_and_a_persons_own_stays",
                "tests/simulation/test_marks.py::test_a_mark_taken_off_takes_nothing_back",
                "tests/simulation/test_warned.py::test_a_list_that_lost_it_gets_it_again_in_its_colour",
            ),
        ),
        Asked(
            "MRK-4",
            "When an issue is solved, its marks go.",
            "As asked, also after a death, a pause, or when it is not wanted any more.",
            (
                f"{_WARNED_MAILS}::test_whoever_dies_on_the_way_leaves_nothing_behind",
                f"{_WARNED_MAILS}::test_a_mailbox_that_was_paused_loses_it_when_it_goes_on",
                f"{_WARNED_MAILS}::test_what_is_not_wanted_any_more_has_no_issue",
            ),
        ),
    ),
)
