"""The page of troubles, rendered from the matrix (tests/matrix)."""

from tests.docs.markdown import page, table
from tests.matrix.page import kinds, seen


def trouble_page() -> str:
    return page(
        "Trouble",
        """
What may go wrong at the vendors, what Crosstie does then, and what a person sees. Every trouble of the first table
is tried at every address that Crosstie uses ([how](measurements.md)); afterwards everything is saved once, nothing
was mailed or deleted, and `why` answers for every mail. What a code means and who acts is in
[read an error](howto/read-an-error.md), a mail's reasons are in [reasons](reasons.md).
""",
        "## Kinds of trouble\n\n" + table(("kind", "as the vendors say it", "what Crosstie does"), kinds()),
        "## When it lasts for hours\n\nAs it was seen, in a house of two mailboxes that sync every half hour and "
        "a tick every two minutes; a mailbox's trouble is one's alone, and the other goes on.\n\n"
        + table(
            ("trouble", "requests to that address in the first and second hour", "a session says", "a mail says"),
            seen(),
        ),
    )
