"""Whoever's account here was changed is told by mail, so that it is seen if somebody else did it.

Nobody can switch these mails off. They are owed in the transaction of what they tell of.
"""

from datetime import timedelta
from enum import StrEnum
from urllib.parse import urlsplit

from django.conf import settings as server

from crosstie.accounts.trouble import letters, owing
from crosstie.accounts.trouble.owing import Matter, Reader
from crosstie.domain.clock import Clock
from crosstie.domain.speech import noted
from crosstie.store.models import Notice, Person, Scope

ABOUT = "account"
MOST, WINDOW = 10, timedelta(hours=24)
"""Mails of one kind to one person: whoever makes tokens by the hundred fills no mailbox, and silences nothing."""
PAGE = "/sign-ins"
"""Where somebody sees in which browsers they are signed in, and ends it."""


class Change(StrEnum):
    ENROLLED = "enrolled"
    RESET = "reset"
    REMOVED = "removed"
    RECOVERY_CODE = "recovery-code"
    LOCKED = "locked"
    ROLE = "role"
    PROGRAM = "token"
    RELEASED = "released"
    BOUND = "bound"
    CONFIRMED = "confirmed"


_SAID = {
    Change.ENROLLED: noted(
        "A password and an app for one-time codes were chosen: with them you sign in as an operator."
    ),
    Change.RESET: noted(
        "Your password, your app for one-time codes and your recovery codes as an operator are good for nothing "
        "any more, and you were signed out everywhere. You are to be given a link by which you choose new ones."
    ),
    Change.REMOVED: noted(
        "You are no operator any more: your password and your app for one-time codes are good for nothing, and "
        "you were signed out everywhere."
    ),
    Change.RECOVERY_CODE: noted(
        "Somebody gave your password as an operator and one of your recovery codes, and is signed in."
    ),
    Change.LOCKED: noted(
        "Somebody gave your password as an operator and then wrong one-time codes, ten in a row. For a quarter of "
        "an hour no code of your app is taken; recovery codes are."
    ),
    Change.ROLE: noted("Your role was changed: what you may see and change here is another now."),
    Change.PROGRAM: noted("A token was made, with which a program signs in as you."),
    Change.RELEASED: noted(
        "The accounts at Microsoft and Google with which you signed in were forgotten, and you were signed out "
        "everywhere. The next sign-in with your address is taken for yours."
    ),
    Change.BOUND: noted(
        "Your mailbox was activated, and a Salesforce user was taken for yours: whoever signs in as that user is "
        "signed in here as you."
    ),
    Change.CONFIRMED: noted(
        "Somebody made an account here by signing in with Salesforce, and an administrator has confirmed that "
        "your address is theirs: they may open your mailbox from now on."
    ),
}


def owe(scope: Scope, person_id: int, change: Change, clock: Clock) -> None:
    scope, now = Scope(scope.tenant_id), clock.now()
    person = Person.of(scope).get(pk=person_id)
    if not person.address_proven:  # it may be anybody's, and the name in the mail anything
        return
    alike = Notice.of(scope).filter(person_id=person_id, about=ABOUT, cause=change.value)
    if alike.filter(owed_at__gt=now - WINDOW).count() >= MOST:
        return
    reader = Reader(person.address, person.pk, person.name)
    moment = now.astimezone(owing.zone(scope, person.pk))
    with owing.speaking_to(scope, reader):
        letter = letters.changed(reader.name, _SAID[change], moment, f"{server.PUBLIC_URL}{PAGE}")
    host = urlsplit(server.PUBLIC_URL).hostname or "localhost"
    owing.owe(scope, reader, Matter(ABOUT, change.value), letter, host, clock)
