"""`/sobjects/User/<id>/password`: whether it is over, a new one, or one that the vendor makes up."""

import random

from sandbox.salesforce.errors import SalesforceError, not_found
from sandbox.salesforce.ids import Id
from sandbox.salesforce.logins import Login
from sandbox.salesforce.rest.exchange import Answer, Ask

_LETTERS = "abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789"
_LENGTH = 12


def is_expired(ask: Ask, user_id: str) -> Answer:
    login = ask.site.logins.get(_user(ask, user_id))
    return Answer(200, {"isExpired": bool(login and login.expired)})


def change(ask: Ask, user_id: str) -> Answer:
    word = ask.fields.get("NewPassword")
    if not isinstance(word, str) or not word:
        raise SalesforceError("MISSING_ARGUMENT", "NewPassword not specified")
    put(ask, user_id, word)
    return Answer(204)


def reset(ask: Ask, user_id: str) -> Answer:
    """What it makes up has to be changed at the first sign-in."""
    dice: random.Random = ask.org.core.dice
    word = "".join(dice.choices(_LETTERS, k=_LENGTH))
    put(ask, user_id, word)
    ask.site.logins[_user(ask, user_id)].expired = True
    return Answer(200, {"NewPassword": word})


def put(ask: Ask, user_id: str, word: str) -> None:
    """One's own password, and for administrators anybody's."""
    user = _user(ask, user_id)
    if user != ask.user and not ask.org.core.access.modifies_all(ask.user):
        raise SalesforceError("INSUFFICIENT_ACCESS", "this user's password cannot be set by you", 403)
    login = ask.site.logins.setdefault(user, Login(""))
    if word == login.password:
        raise SalesforceError("INVALID_NEW_PASSWORD", "invalid repeated password")
    ask.site.change_password(user, word)


def _user(ask: Ask, user_id: str) -> Id:
    if ask.org.object_of(user_id) != "User":
        raise not_found()
    return str(ask.org.get(ask.org.admin, "User", user_id, ["Id"])["Id"])
