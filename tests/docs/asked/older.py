"""E-mails and marks from before activation."""

from tests.docs.asked import Asked, Section

_BACKFILL = "tests/simulation/test_backfill.py"
_ADOPTING = "tests/simulation/test_adopting.py"

OLDER = Section(
    "E-mails and marks from before activation",
    (
        Asked(
            "ACT-20",
            "What came in the six days before activation is saved, older e-mail only when somebody marks it; the "
            "span and further folders on request.",
            "As asked: `mail.lookback-days`, `mail.folders`.",
            (
                "tests/unit/rules/cases_relevance.py",
                f"{_BACKFILL}::test_what_lies_in_the_window_is_saved_by_the_usual_rules_and_nothing_else",
                "docs/howto/more-folders.md",
            ),
        ),
        Asked(
            "ACT-25",
            "Older e-mail in bulk, as a service of the vendor's; for free mail services too.",
            "An administrator's own: a window of days, previewed, in portions behind new mail. Blocklist and free "
            "mail services count as for new mail, and may be let in by the same settings.",
            (
                f"{_BACKFILL}::test_the_preview_says_what_comes_and_writes_nothing",
                f"{_BACKFILL}::test_blocklist_modes_and_links_hold_as_for_new_mail",
                f"{_BACKFILL}::test_whatever_goes_wrong_nothing_is_lost_or_doubled_and_the_count_is_right",
                "docs/howto/older-mail.md",
            ),
        ),
        Asked(
            "EML-73 · back-fill",
            "Whether an e-mail whose record was deleted is made again by itself is not said.",
            "Never, by a back-fill neither: a mark saves it again.",
            (f"{_BACKFILL}::test_what_was_saved_before_is_not_doubled_and_what_was_taken_out_stays_out",),
        ),
        Asked(
            "MRK · old marks",
            "Category, folder and *Tracked successfully* say that an e-mail was saved by another product.",
            "They are receipts. `crosstie adopt` finds the records behind them by Message-ID, sender and time; it "
            "saves what carries our mark without one, on request.",
            (
                f"{_ADOPTING}::test_marked_mails_point_to_the_records_that_are_there",
                f"{_ADOPTING}::test_receipts_of_another_product_are_adopted_and_never_imported",
                "docs/howto/adopt.md",
            ),
        ),
    ),
)
