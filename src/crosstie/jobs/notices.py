"""Telling people that sync has stopped or runs again: first what is owed is decided, then what is due is sent."""

from datetime import datetime
from urllib.parse import urlsplit

from django.db import close_old_connections

from crosstie.accounts.trouble import noticing
from crosstie.jobs import mailing, wiring
from crosstie.jobs.log import logger
from crosstie.jobs.mailing import Mailer
from crosstie.jobs.queue import register
from crosstie.jobs.sync import NOTICES
from crosstie.jobs.wiring import Wiring
from crosstie.store.models import Stop

PAGE = "/mend"
"""Where whoever was told can do something about it."""


@register(NOTICES)
def run_notices(_key: str) -> None:
    close_old_connections()
    house = wiring.get()
    owed = noticing.decide(place_of(house))
    mailer = mailer_of(house)
    sent = mailing.send_owed(mailer.send, house.clock) if mailer else 0
    if owed or sent:
        logger.info("notices", extra={"owed": owed, "sent": sent})


def waiting(house: Wiring, now: datetime) -> bool:
    """Whether there is something to decide or to send. Without a mail server it stays owed."""
    undecided = Stop.everywhere().filter(ended_at=None, decided_at=None).exists()
    return undecided or (house.config.mail is not None and mailing.is_due(now))


def mailer_of(house: Wiring) -> Mailer | None:
    return Mailer(house.config.mail, house.config.mail_from) if house.config.mail else None


def place_of(house: Wiring) -> noticing.House:
    url = house.config.public_url
    return noticing.House(f"{url}{PAGE}", urlsplit(url).hostname or "localhost", house.clock)
