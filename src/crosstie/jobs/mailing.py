"""Sending mails that are owed. A row is claimed, sent, and marked as sent.

Whoever dies between the last two leaves a claim that runs out, and the mail is sent once more with the same
Message-ID: a mail that came twice is a nuisance, one that never came is silence
(docs/decisions/0057-a-notice-is-owed-first.md).
"""

import smtplib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db.models import F, Q

from crosstie.config.mail import Guard, MailServer
from crosstie.domain.clock import Clock
from crosstie.jobs.log import logger
from crosstie.store.models import Notice
from crosstie.store.models.scope import ScopedQuerySet

CLAIM = timedelta(minutes=5)
"""Longer than a mail server may take for one mail."""
PATIENCE = 30
"""Seconds a mail server has to answer."""
MOST = 100
"""Mails that one run sends."""
FIRST_PAUSE, LONGEST_PAUSE = timedelta(minutes=1), timedelta(hours=6)
LAPSE = timedelta(days=7)
"""After which nobody is helped by it any more."""
LAPSED, REFUSED = "lapsed", "refused"


@dataclass(frozen=True, slots=True)
class Mailer:
    server: MailServer
    sender: str

    def send(self, notice: Notice) -> None:
        """Raises OSError or smtplib.SMTPException, which is one."""
        mail = EmailMessage(
            notice.subject,
            notice.body,
            f"Crosstie <{self.sender}>",
            [notice.address],
            connection=self._connection(),
            headers={
                "Message-ID": notice.message_id,
                "Auto-Submitted": "auto-generated",
                "X-Auto-Response-Suppress": "All",
            },
        )
        mail.send()

    def _connection(self) -> BaseEmailBackend:
        if self.server.folder:
            self.server.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            backend = "django.core.mail.backends.filebased.EmailBackend"
            return get_connection(backend, file_path=str(self.server.folder))
        return get_connection(
            "django.core.mail.backends.smtp.EmailBackend",
            host=self.server.host,
            port=self.server.port,
            username=self.server.user,
            password=self.server.password,
            use_tls=self.server.guard is Guard.STARTTLS,
            use_ssl=self.server.guard is Guard.TLS,
            timeout=PATIENCE,
        )


def send_owed(send: Callable[[Notice], None], clock: Clock) -> int:
    """What is due, one after the other; how many were sent."""
    sent = 0
    for _ in range(MOST):
        notice = _claim(clock.now())
        if notice is None:
            break
        sent += _send(notice, send, clock)
    return sent


def is_due(now: datetime) -> bool:
    return bool(_due(now).exists())


def _due(now: datetime) -> ScopedQuerySet[Notice]:
    free = Q(claimed_until=None) | Q(claimed_until__lte=now)
    return Notice.everywhere().filter(free, due_at__lte=now)


def _claim(now: datetime) -> Notice | None:
    """Two that want the same row: the second one's update finds it claimed."""
    for row in _due(now).order_by("due_at", "pk")[:MOST]:
        if _due(now).filter(pk=row.pk).update(claimed_until=now + CLAIM, tries=F("tries") + 1):
            return Notice.everywhere().get(pk=row.pk)
    return None


def _send(notice: Notice, send: Callable[[Notice], None], clock: Clock) -> bool:
    if clock.now() - notice.owed_at > LAPSE:
        _finish(notice, dropped=LAPSED)
        return False
    extra = {"notice": notice.pk, "tries": notice.tries}
    try:
        send(notice)
    except OSError as error:
        kind = type(error).__name__
        if _is_final(error):
            logger.error("a notice was refused", extra={**extra, "error": kind})
            _finish(notice, dropped=REFUSED)
        else:
            logger.warning("a notice could not be sent", extra={**extra, "error": kind})
            pause = min(FIRST_PAUSE * 4 ** min(notice.tries - 1, 5), LONGEST_PAUSE)
            _put_off(notice, clock.now() + pause)
        return False
    _finish(notice, sent_at=clock.now())
    logger.info("a notice was sent", extra=extra)
    return True


def _is_final(error: OSError) -> bool:
    """The server will not take it for this reader, however often it is asked."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return all(code >= 500 for code, _ in error.recipients.values())
    return isinstance(error, smtplib.SMTPDataError) and error.smtp_code >= 500


def _finish(notice: Notice, *, sent_at: datetime | None = None, dropped: str = "") -> None:
    rows = Notice.everywhere().filter(pk=notice.pk)
    rows.update(sent_at=sent_at, dropped=dropped, due_at=None, claimed_until=None)


def _put_off(notice: Notice, until: datetime) -> None:
    Notice.everywhere().filter(pk=notice.pk).update(due_at=until, claimed_until=None)
