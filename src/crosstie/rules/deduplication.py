"""Whether two mails with the same Message-ID are the same mail: some programs use one Message-ID many times."""

from collections.abc import Callable
from datetime import datetime

from crosstie.domain.email import Email
from crosstie.domain.keys import SAME_MAIL_WITHIN
from crosstie.domain.states import SavedMail


def same_mail(email: Email, saved: SavedMail, same: Callable[[str, str], bool]) -> bool:
    """Same sender, and sent within a day. A time that is not known does not tell them apart.

    `same` tells whether a keyed digest is that of a plain value, whichever key it was made with.
    """
    if not same(saved.sender, email.sender.email if email.sender else ""):
        return False
    return _within_a_day(email.at, saved.sent_at)


def same_letter(one: Email, other: Email) -> bool:
    """The same of two mails neither of which is saved yet."""
    senders = {one.sender.email if one.sender else "", other.sender.email if other.sender else ""}
    return len(senders) == 1 and _within_a_day(one.at, other.at)


def _within_a_day(one: datetime | None, other: datetime | None) -> bool:
    return one is None or other is None or abs(one - other) <= SAME_MAIL_WITHIN
