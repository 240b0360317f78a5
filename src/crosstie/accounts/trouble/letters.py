"""Every sentence about sync that has stopped or cannot begin: why, what to do, what the button says; on pages and
in mails.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils import dateformat

from crosstie.domain.speech import noted, say
from crosstie.domain.stopping import Cause, Mender

NAMED = 20
"""Mailboxes that a mail names; the others are counted."""
LOST = (
    "Until then nothing is saved automatically, calendars are not kept in step, and threads and marks wait. "
    "Nothing is lost: what happens meanwhile is looked at as soon as sync runs again."
)
_MINE = (
    "Press Sign in to the mailbox.",
    "Sign in at Microsoft as {address}, and allow access when you are asked.",
)
_ACTING = (
    "Press Sign in to Salesforce.",
    "Sign in there as the user that Crosstie acts as, and allow access when you are asked. If you are logged in "
    "to Salesforce as yourself in this browser, log out there first.",
)
_ACTING_AGAIN = (
    "In Salesforce Setup, open Users and activate or unfreeze the user that we act as, then press Try again now.",
    "If Crosstie shall act as another user from now on, press Sign in to Salesforce and sign in as that one.",
)
_TRY = "Press Try again now. Sync also tries by itself once an hour."
_ENTRA = "In Microsoft Entra, open Enterprise applications and choose the app that Crosstie uses."


@dataclass(frozen=True, slots=True)
class Advice:
    reason: str
    steps: tuple[str, ...]


_REASONS = {
    Cause.REVOKED: "The password of {address} was changed, or its sign-ins were ended. Microsoft therefore lets "
    "us in no longer.",
    Cause.SIGN_IN: "Microsoft wants {address} to sign in again: the earlier sign-in has run out or is not enough.",
    Cause.CONSENT: "The consent that lets us into {address} was withdrawn, or does not cover what is needed.",
    Cause.USER_DISABLED: "The account of {address} is disabled or deleted at Microsoft.",
    Cause.POLICY: "A conditional access policy of your organization blocks our access to {address}.",
    Cause.NO_MAILBOX: "Microsoft has no mailbox for {address}: its licence was removed, or the mailbox was "
    "deleted or moved.",
    Cause.MAIL_APP: "Microsoft does not accept the app that enters {address}: its secret has run out or is wrong, "
    "or the app was removed.",
    Cause.CRM_BLOCKED: "Your organization's Salesforce has blocked our app, or does not have it any more.",
    Cause.CRM_APP: "Salesforce does not accept our app's credentials.",
    Cause.CRM_USER: "The Salesforce user that we act as is inactive or frozen.",
    Cause.OWN_USER: (
        "The Salesforce user of {address} is inactive or frozen, so that nothing can be written in their name."
    ),
    Cause.CRM_API: "Salesforce's API is switched off for your organization or for the user that we act as.",
    Cause.CRM_ACCESS: "Salesforce has ended our access: the grant was revoked or has run out.",
    Cause.CRM_FIELDS: "Salesforce no longer shows us an object or a field that is needed.",
    Cause.CRM_LIMIT: "The vendor asks us to slow down.",
    Cause.UNREACHABLE: "The other side could not be reached, or did not answer as it should, ten times in a row.",
    Cause.OTHER: "Sync failed ten times in a row.",
}
_AT_FIRST = {
    Cause.UNREACHABLE: noted("The other side does not answer as it should at the moment."),
    Cause.OTHER: noted("The other side refused it, and what it said is not known here."),
}
_STEPS: dict[Cause, tuple[str, ...]] = {
    Cause.REVOKED: (_ENTRA, "Under Permissions, grant admin consent again.", _TRY),
    Cause.SIGN_IN: (_ENTRA, "Under Permissions, grant admin consent again.", _TRY),
    Cause.CONSENT: (
        _ENTRA,
        "Under Permissions, grant admin consent again; if an application access policy restricts the app, let it "
        "name the mailbox.",
        _TRY,
    ),
    Cause.USER_DISABLED: (
        "In Microsoft Entra, open the user and enable the account. If the person has left, deactivate their "
        "mailbox instead: crosstie deactivate.",
        _TRY,
    ),
    Cause.POLICY: ("In Microsoft Entra, open Conditional Access and let the app or the user through.", _TRY),
    Cause.NO_MAILBOX: (
        "In the Microsoft 365 admin center, give the user a licence with Exchange Online. If the person has left, "
        "deactivate their mailbox instead: crosstie deactivate.",
        _TRY,
    ),
    Cause.MAIL_APP: (
        "In Microsoft Entra, open App registrations, choose the app, and make a new client secret under "
        "Certificates & secrets.",
        "Enter it as the new secret, or press Try again now if the app itself was mended.",
    ),
    Cause.CRM_BLOCKED: (
        "In Salesforce Setup, open Connected Apps OAuth Usage, and unblock or install the app.",
        "Under Manage Connected Apps, see that the user we act as may use it.",
        _TRY,
    ),
    Cause.CRM_APP: (
        "In Salesforce Setup, open the app and look up its consumer secret.",
        "Enter it as the new secret, or press Try again now if the app itself was mended.",
    ),
    Cause.CRM_USER: ("In Salesforce Setup, open Users and activate or unfreeze the user that we act as.", _TRY),
    Cause.OWN_USER: (
        "In Salesforce Setup, open Users and activate or unfreeze the user. If the person has left, deactivate "
        "their mailbox instead: crosstie deactivate.",
        "Press Try again now, or wait: within an hour it is seen by itself.",
    ),
    Cause.CRM_API: (
        "In Salesforce Setup, give the user that we act as the permission API Enabled.",
        _TRY,
    ),
    Cause.CRM_ACCESS: (
        "In Salesforce Setup, see that the app is installed and that the user we act as may use it.",
        _TRY,
    ),
    Cause.CRM_FIELDS: (
        "In Salesforce Setup, see that the user we act as may read the objects and fields: assign the permission "
        "set of our package anew, or deploy the package again.",
        _TRY,
    ),
    Cause.UNREACHABLE: (
        "On the server run crosstie doctor: it says what cannot be reached. A firewall, a proxy or a failure at "
        "the vendor are what it usually is.",
        "Sync tries by itself once an hour; press Try again now when it was mended.",
    ),
    Cause.OTHER: (
        "On the server run crosstie doctor, and look the code up in the documentation (read an error).",
        _TRY,
    ),
}
"""For administrators."""


def reason(why: Cause, address: str) -> str:
    """Why it was stopped."""
    return say(_REASONS[why], address=address) if why in _REASONS else ""


def trouble(why: Cause, address: str) -> str:
    """Why it does not work now, were it the first time."""
    return say(_AT_FIRST.get(why, _REASONS[why]), address=address)


def advice(cause: Cause, mender: Mender, address: str) -> Advice:
    acting = _ACTING_AGAIN if cause is Cause.CRM_USER else _ACTING
    by_sign_in = {Mender.OWNER: _MINE, Mender.SIGN_IN: acting}
    steps = by_sign_in.get(mender, _STEPS.get(cause, ()))
    return Advice(say(_REASONS[cause], address=address), tuple(say(step, address=address) for step in steps))


# -- mails ---------------------------------------------------------------------------------------------
_HELLO, _HELLO_TO = noted("Hello,"), "Hello {name},"
_ALL_OF, _SEVERAL, _MORE = "all mailboxes of {org}", "{count} mailboxes", "and {count} more"
THESE = "these mailboxes"
"""In an advice, where it would name one."""
_MOMENT = "j F Y, H:i T"
"""As Django has it."""
_ACCOUNT = "Your Crosstie account was changed"
_WHEN = "That was on {moment}."
_YOURS = "If it was you, or somebody did it at your wish, there is nothing to do."
_NOT_YOURS = (
    "If not, press Sign out everywhere at {link}, which ends your tokens as well, and tell whoever runs this "
    "server."
)
_STOPPED, _MENDED = "Action required: sync suspended for {what}", "Sync runs again for {what}"
_SUSPENDED = "Sync of {what} was suspended on {moment}."
_REASON = "Reason: {reason} ({code})"
_TO_DO, _OPEN = "What to do:", "Open {link} and sign in with Salesforce."
_SWITCHED = "An administrator can switch these mails off: {setting}."
_RUNS = (
    "Sync of {what} runs again since {moment}. It had been suspended on {since}; what happened in between was "
    "looked at."
)
_SAVED, _HOW = "E-mails saved of that time: {count}.", "How it goes: {link}"
_ALLOW = "Please allow Crosstie for our mailboxes"
_WISH = (
    "I would like to keep my mailbox and Salesforce in step with Crosstie, and Microsoft lets only an "
    "administrator allow that."
)
_PLEASE = "Please open this address, sign in as an administrator of our Microsoft 365, and accept:"
_ASKED = (
    "What it asks is for everybody who connects a mailbox, acting as that person alone: to read and change "
    "e-mails, the calendar and the settings of the mailbox, and to read the person's own name and addresses. "
    "It opens nobody's mailbox by itself; each of us still connects our own. It can be taken back in "
    "Microsoft Entra, under Enterprise applications."
)


@dataclass(frozen=True, slots=True)
class Letter:
    """In the language that is spoken while it is written."""

    subject: str
    body: str


@dataclass(frozen=True, slots=True)
class Told:
    """What a mail tells of: mailboxes by address, or an org by its label."""

    names: Sequence[str]
    is_org: bool
    since: datetime
    """In the reader's time zone."""

    @property
    def what(self) -> str:
        if self.is_org:
            return say(_ALL_OF, org=self.names[0])
        return self.names[0] if len(self.names) == 1 else say(_SEVERAL, count=len(self.names))


def stopped(told: Told, name: str, given: Advice, code: str, link: str, *, owner: bool) -> Letter:
    steps = [say(_OPEN, link=link), *given.steps]
    numbered = (f"  {number}. {step}" for number, step in enumerate(steps, 1))
    listed = _listed(told)
    body = [
        _greeting(name),
        say(_SUSPENDED, what=told.what, moment=_moment(told.since)),
        *([listed] if listed else []),
        say(_REASON, reason=given.reason, code=code),
        "\n".join((say(_TO_DO), *numbered)),
        say(LOST),
        say(_SWITCHED, setting="notices.owner" if owner else "notices.admin"),
    ]
    return Letter(say(_STOPPED, what=told.what), _joined(body))


def mended(told: Told, name: str, now: datetime, saved: int, link: str) -> Letter:
    said = [say(_RUNS, what=told.what, moment=_moment(now), since=_moment(told.since))]
    said += [say(_SAVED, count=saved)] if saved else []
    body = [_greeting(name), " ".join(said), say(_HOW, link=link)]
    return Letter(say(_MENDED, what=told.what), _joined(body))


def changed(name: str, said: str, moment: datetime, link: str) -> Letter:
    """To somebody whose account here was changed, by themselves or not."""
    body = [
        _greeting(name),
        say(said),
        say(_WHEN, moment=_moment(moment)),
        say(_YOURS),
        say(_NOT_YOURS, link=link),
    ]
    return Letter(say(_ACCOUNT), _joined(body))


def consent(name: str, url: str) -> Letter:
    """From somebody who may not allow our app for themselves, to whoever may."""
    body = [say(_HELLO), say(_WISH), say(_PLEASE), url, say(_ASKED), name]
    return Letter(say(_ALLOW), "\n\n".join(body) + "\n")


def connect(url: str) -> Letter:
    """From somebody whose Salesforce org nobody has connected, to whoever may."""
    body = [
        "Hello,",
        f"I would like to keep my mailbox and Salesforce in step with Crosstie, on the server {url}, and our "
        "Salesforce org is not connected to it.",
        "Please connect it, or ask whoever looks after that server to do so. They need:",
        "- the id of our org (Salesforce Setup, Company Information, Organization ID),\n"
        "- its My Domain, and whether it is production or a sandbox,\n"
        "- an app in it for Crosstie, as the page Connect a Salesforce org of its documentation says,\n"
        "- and your word on who may register: nobody, or all active users of the org.",
        "Then I can register by myself.",
    ]
    return Letter("Please connect our Salesforce to Crosstie", "\n\n".join(body) + "\n")


def _listed(told: Told) -> str:
    if told.is_org or len(told.names) < 2:
        return ""
    more = len(told.names) - NAMED
    lines = [*told.names[:NAMED], *([say(_MORE, count=more)] if more > 0 else [])]
    return "\n".join(f"  {line}" for line in lines)


def _greeting(name: str) -> str:
    return say(_HELLO_TO, name=name) if name else say(_HELLO)


def _moment(moment: datetime) -> str:
    return dateformat.format(moment, say(_MOMENT))


def _joined(parts: Sequence[str]) -> str:
    return "\n\n".join(parts) + "\n\nCrosstie\n"
