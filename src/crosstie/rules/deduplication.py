"""Whether two mails with the same Message-ID are the same mail: some programs use one Message-ID many times."""

from collections.abc import Callable

from crosstie.domain.email import Email
from crosstie.domain.keys import SAME_MAIL_WITHIN
from crosstie.domain.states import SavedMail


def same_mail(email: Email, saved: SavedMail, digest: Callable[[str], str]) -> bool:
    """Same sender, and sent within a day. A time that is not known does not tell them apart.

    `digest` is the one the saved mail was remembered with.
    """
    if digest(email.sender.email if email.sender else "") != saved.sender:
        return False
    if email.at is None or saved.sent_at is None:
        return True
    return abs(email.at - saved.sent_at) <= SAME_MAIL_WITHIN
