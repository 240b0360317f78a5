"""Whether two mails with the same Message-ID are the same mail: some programs use one Message-ID many times."""

from collections.abc import Callable

from crosstie.domain.email import Email
from crosstie.domain.keys import SAME_MAIL_WITHIN
from crosstie.domain.states import SavedMail


def same_mail(email: Email, saved: SavedMail, same: Callable[[str, str], bool]) -> bool:
    """Same sender, and sent within a day. A time that is not known does not tell them apart.

    `same` tells whether a keyed digest is that of a plain value, whichever key it was made with.
    """
    if not same(saved.sender, email.sender.email if email.sender else ""):
        return False
    if email.at is None or saved.sent_at is None:
        return True
    return abs(email.at - saved.sent_at) <= SAME_MAIL_WITHIN
