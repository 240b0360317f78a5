"""The one place that turns an error into what a person can do about it."""

from crosstie.domain import reasons
from crosstie.domain.errors import CrosstieError, CursorDead, NeedsConsent, Retry, Throttled, Unclear
from crosstie.domain.speech import say

OTHER_SIDE = "The other side"
_SIDES = {"CRM": "Salesforce", "GRAPH": "The mailbox", "BOX": "The mailbox", "MARK": "The mailbox"}
_ASLEEP = "{side} cannot be reached at the moment. Nothing is lost: the next session tries again by itself."
_BUSY = "{side} asks us to slow down. Nothing is lost: the next session goes on when it may."
_SHUT = "{side} refuses our access. Ask your administrator to grant it again ({code})."
_WRONG = (
    "{side} cannot be used as things stand ({code}). The next session tries again; if it stays, ask your "
    "administrator to run crosstie doctor."
)
"""Also for codes that are made from a vendor's own, of which nothing more is known when only the code was kept."""
_BUSY_CODES = frozenset(
    {"CRM-BUDGET", "CRM-BUSY", "CRM-CONCURRENT", "CRM-LIMIT", "CRM-LOGIN-RATE", "GRAPH-THROTTLED"}
)
_SHUT_CODES = frozenset(
    {
        "CRM-API-DISABLED",
        "CRM-IDENTITY",
        "CRM-NO-REFRESH-TOKEN",
        "CRM-SESSION",
        "CRM-SIGN-IN-NONCE",
        "CRM-SIGN-IN-STATE",
        "GRAPH-ACCESS-DENIED",
        "GRAPH-NO-CREDENTIAL",
        "GRAPH-UNAUTHORIZED",
    }
)
_SHUT_BEGINNINGS = ("CRM-TOKEN-", "GRAPH-SIGN-IN", "GRAPH-APP-")
_FOR_REASONS = {
    reasons.VALIDATION.code: "Ask your Salesforce administrator which validation rule stands in the way, and to "
    "let what is saved through; then press Retry.",
    reasons.REQUIRED.code: "Ask your Salesforce administrator to give the field a default value, or to require it "
    "on the page layout only; of a new Lead, Contact or Account it may be given in resolving.defaults. Then press "
    "Retry.",
    reasons.ACCESS.code: "Ask your Salesforce administrator to give the account we use the right to create e-mail "
    "records and to edit their fields; then press Retry.",
    reasons.AUTOMATION.code: "Ask your Salesforce administrator to look at the trigger or flow that failed; then "
    "press Retry.",
    reasons.DUPLICATE.code: "Ask your Salesforce administrator to look for a record of the person on the "
    "e-mail, and to let the account we use see it; then press Retry.",
    reasons.CRM_REFUSED.code: "Show this code to your Salesforce administrator. When its cause is mended, press "
    "Retry.",
    reasons.EVENT_BOX_REFUSED.code: "Open the item in your calendar. If it can be changed there, press Retry; if "
    "not, your mail administrator can tell why.",
    reasons.MAILBOX_REFUSED.code: "Open the e-mail in your mailbox. If it can be read there, press Retry; if not, "
    "your mail administrator can tell why.",
}
"""What a person can do about an issue of one item."""
_UNMARKED = (
    "Saved e-mails could not be marked in the mailbox. Nothing is lost: the next session tries again by itself."
)
_UNCOLOURED = (
    "The category Salesforce could not be put into the mailbox's list, so it has no colour there. "
    "Nothing is lost: e-mails are saved and marked all the same, and the next session tries again by itself."
)
_MANY_FOLDERS = (
    "More than a hundred folders are named in the settings; those beyond are not looked at. Name fewer of them "
    "(mail.folders), or leave some out (mail.folders-excluded)."
)
_NO_CALENDAR = (
    "We may not use the calendar of the mailbox; e-mails are not concerned. Ask your administrator to grant the "
    "permission Calendars.ReadWrite: the next session then goes on from where it was."
)
_GROUP_UNKNOWN = (
    "Microsoft's directory has no such group. Give its name as it stands there, its address or its id."
)
_GROUP_SEVERAL = "Several groups have this name. Give the address or the id of the one that is meant."
_NO_GROUPS = (
    "The app may not read groups and who is in them. Let an administrator consent to the permissions "
    "GroupMember.Read.All and User.ReadBasic.All, or name the people in a file."
)
_CONDITION_FIELD = (
    "A condition in events.unsync-conditions names a field of Event that there is none of, or that cannot be "
    "compared; it is left aside. Checkboxes, texts up to 255 characters, picklists and whole numbers can be."
)
_UNREAD = (
    "Salesforce was still being read when the e-mails were looked at. Nothing is lost: the next session tries "
    "again by itself."
)
_RENEWING = (
    "Our access was just being renewed, and could not be used or kept. Nothing is lost: the next session tries "
    "again by itself."
)
_OF_ITS_OWN = {
    "VAULT-BUSY": _RENEWING,
    "VAULT-LOST": _RENEWING,
    "CRM-HALF-READ": _UNREAD,
    "EVENT-CONDITION-FIELD": _CONDITION_FIELD,
    "MARK-REFUSED": _UNMARKED,
    "GRAPH-CATEGORY-REFUSED": _UNCOLOURED,
    "GRAPH-APP-NO-GROUPS": _NO_GROUPS,
    "GRAPH-GROUP-SEVERAL": _GROUP_SEVERAL,
    "GRAPH-GROUP-UNKNOWN": _GROUP_UNKNOWN,
    "GRAPH-MANY-FOLDERS": _MANY_FOLDERS,
    "GRAPH-NO-CALENDAR-ACCESS": _NO_CALENDAR,
}
_ASLEEP_CODES = (
    "NET-",
    "CRM-HTTP-",
    "CRM-ANSWER",
    "CRM-QUERY-TIMEOUT",
    "CRM-REQUEST-RUNNING-TOO-LONG",
    "CRM-SERVER-UNAVAILABLE",
    "CRM-UNABLE-TO-LOCK-ROW",
    "CRM-UNKNOWN-EXCEPTION",
    "GRAPH-CURSOR-",
    "GRAPH-ENDLESS-ROUND",
    "GRAPH-FOLDER",
    "GRAPH-GARBLED",
    "GRAPH-NO-LINK",
    "GRAPH-UNAVAILABLE",
    "GRAPH-LOST",
    "LEASE-SHORT",
    "SLOW",
)
"""As beginnings."""
_WRONG_CODES = frozenset({"NET-ADDRESS", "NET-TOO-LARGE"})


def for_error(error: CrosstieError) -> str:
    """By its consequence; the vendor's own words are left out, because they quote content."""
    if error.code in _OF_ITS_OWN:
        return say(_OF_ITS_OWN[error.code])
    if isinstance(error, Throttled):
        return _say(_BUSY, error.code)
    if isinstance(error, Retry | Unclear | CursorDead) and error.code not in _WRONG_CODES:
        return _say(_ASLEEP, error.code)
    return _say(_SHUT if isinstance(error, NeedsConsent) else _WRONG, error.code)


def for_code(code: str) -> str:
    """For a code that was kept; empty where there was no error."""
    if not code:
        return ""
    if code in _OF_ITS_OWN:
        return say(_OF_ITS_OWN[code])
    if code in _BUSY_CODES:
        return _say(_BUSY, code)
    if code in _SHUT_CODES or code.startswith(_SHUT_BEGINNINGS):
        return _say(_ASLEEP if code.startswith("CRM-TOKEN-HTTP") else _SHUT, code)
    return _say(_ASLEEP if code.startswith(_ASLEEP_CODES) and code not in _WRONG_CODES else _WRONG, code)


def for_reason(code: str) -> str:
    """For the reason of an issue; empty for a reason that is none."""
    return say(_FOR_REASONS.get(code, ""))


def side(code: str) -> str:
    """The side that an error's or issue's code speaks of, as a sentence may begin with it."""
    return say(_SIDES.get(code.partition("-")[0], OTHER_SIDE))


def _say(text: str, code: str) -> str:
    return say(text, side=side(code), code=code)
