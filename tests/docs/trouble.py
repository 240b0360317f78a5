"""The page of troubles, rendered from the matrix (tests/matrix)."""

from crosstie.accounts.trouble import letters
from crosstie.domain.stopping import Cause, Mender, mender
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
        suspended(),
    )


WHO = {
    Mender.OWNER: "the owner",
    Mender.ADMIN: "administrators",
    Mender.SIGN_IN: "administrators, where the org is entered with a user's sign-in",
    Mender.NOBODY: "nobody: it passes by itself",
}


def suspended() -> str:
    """A mailbox stands for each: the steps are those of the mail and of the page Mend."""
    rows = [
        (cause.value, WHO[who], advice.reason, " ".join(advice.steps))
        for cause in Cause
        for who in dict.fromkeys(mender(cause, delegated=delegated) for delegated in (True, False))
        for advice in [letters.advice(cause, who, "ADDRESS")]
    ]
    return (
        "## When it does not pass\n\nTen sessions of a mailbox, or ticks of an org, that fail in a row suspend "
        "it; one mail tells [who can mend it](howto/tell-people.md) what to do, and it is tried once an hour. A "
        "mailbox that is entered with its owner's own sign-in is its owner's to mend where signing in helps.\n\n"
        + table(("cause", "who is told", "what they read", "what to do"), rows)
    )
