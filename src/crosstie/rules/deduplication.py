"""Whether two mails with the same Message-ID are the same mail: some programs use one Message-ID many times."""

from collections.abc import Callable

from crosstie.domain.email import Email
from crosstie.domain.keys import within_a_day
from crosstie.domain.states import SavedMail


def same_mail(email: Email, saved: SavedMail, same: Callable[[str, str], bool]) -> bool:
    """Same sender, and sent within a day. A time that is not known does not tell them apart.

    `same` tells whether a keyed digest is that of a plain value, whichever key it was made with.
    """
    if not same(saved.sender, email.sender.email if email.sender else ""):
        return False
    return within_a_day(email.at, saved.sent_at)


def same_letter(one: Email, other: Email) -> bool:
    """The same of two mails neither of which is saved yet."""
    senders = {one.sender.email if one.sender else "", other.sender.email if other.sender else ""}
    return len(senders) == 1 and within_a_day(one.at, other.at)
