"""Why something was done or left undone: a stable code and the one sentence everybody is shown.

Codes are kept for ever; sentences may improve. Parameters name fields, codes, ids and settings, never content.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType


class Outcome(StrEnum):
    """What a reason means for the item: the filter on pages."""

    SAVED = "saved"
    SKIPPED = "skipped"
    WAITING = "waiting"
    ISSUE = "issue"


@dataclass(frozen=True, slots=True)
class ReasonKind:
    code: str
    outcome: Outcome
    sentence: str
    rechecked_by: frozenset[str] = frozenset()
    """Epochs (`settings`, `blocklist`, `directory`, `record`) whose move makes the answer worth asking again."""


@dataclass(frozen=True, slots=True)
class Reason:
    kind: ReasonKind
    params: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))

    @property
    def code(self) -> str:
        return self.kind.code

    @property
    def sentence(self) -> str:
        return self.kind.sentence.format_map(self.params)

    def __hash__(self) -> int:
        return hash((self.kind, tuple(sorted(self.params.items()))))


KINDS: dict[str, ReasonKind] = {}
FILES_LEFT_OUT = "left_out"
"""The parameter, of any reason of a saved mail, that says which attachments were not (rules/leftovers.py)."""


def _kind(code: str, outcome: Outcome, sentence: str, *rechecked_by: str) -> ReasonKind:
    kind = ReasonKind(code, outcome, sentence, frozenset(rechecked_by))
    KINDS[code] = kind
    return kind


def reason(kind: ReasonKind, /, **params: str) -> Reason:
    return Reason(kind, MappingProxyType(params))


# -- saved ---------------------------------------------------------------------------------------------
SAVED_AUTO = _kind("MAIL-SAVED", Outcome.SAVED, "Saved automatically to Salesforce as {object}.")
SAVED_OPPORTUNITY = _kind(
    "MAIL-SAVED-OPPORTUNITY",
    Outcome.SAVED,
    "Saved automatically to Salesforce as {object}, and related to your open Opportunity that was changed last "
    "on the Account of somebody on the e-mail.",
)
SAVED_MENTIONED = _kind(
    "MAIL-SAVED-MENTIONED",
    Outcome.SAVED,
    "Saved to Salesforce as {object}, and related to the record that the e-mail names.",
)
SAVED_NEW = _kind(
    "MAIL-SAVED-NEW",
    Outcome.SAVED,
    "Saved to Salesforce as {object}, with a new {made} for somebody on it whom Salesforce did not know.",
)
SAVED_UNMADE = _kind(
    "MAIL-SAVED-UNMADE",
    Outcome.SAVED,
    "Saved to Salesforce as {object}, without a {made} for somebody on it whom Salesforce does not know: {why}",
)
SAVED_WITHOUT = _kind(
    "MAIL-SAVED-WITHOUT",
    Outcome.SAVED,
    "{said} The org did not take what your administrator wants in {fields}; it was left out "
    "(direction.field, categories.fields).",
)
SAVED_MARK = _kind("MAIL-SAVED-MARK", Outcome.SAVED, "Saved to Salesforce as {object} because it was marked.")
SAVED_THREAD = _kind(
    "MAIL-THREAD",
    Outcome.SAVED,
    "Saved to Salesforce as {object} because all e-mails of its thread are, and linked like the first of them.",
)
SAVED_ALONG = _kind(
    "MAIL-SAVED-ALONG",
    Outcome.SAVED,
    "Saved automatically to Salesforce as {object}, and linked also to what a colleague links its thread to.",
)
SAVED_SHARED = _kind(
    "MAIL-SHARED",
    Outcome.SAVED,
    "Already in Salesforce: the same e-mail was saved before, and this copy points to that {object}.",
)
ADOPTED = _kind(
    "MAIL-ADOPTED",
    Outcome.SAVED,
    "In Salesforce since before Crosstie was: something else saved it there, and this e-mail points to that "
    "{object}.",
)
# -- skipped: the mail itself --------------------------------------------------------------------------
SERVICE = _kind(
    "MAIL-SERVICE", Outcome.SKIPPED, "Not saved: {kind} messages come from mail systems, not from people."
)
ENCRYPTED = _kind(
    "MAIL-ENCRYPTED",
    Outcome.SKIPPED,
    "Not saved: the e-mail is encrypted, or signed in a form that hides its text, so only mail programs of its "
    "recipients can read it.",
)
DRAFT = _kind("MAIL-DRAFT", Outcome.SKIPPED, "Not saved: the e-mail is a draft that was not sent.")
ELSEWHERE = _kind(
    "MAIL-ELSEWHERE",
    Outcome.SKIPPED,
    "Not saved: the e-mail lies outside Inbox, Sent Items, the folder Salesforce Emails and those that the "
    "settings name (mail.folders).",
)
GONE = _kind("MAIL-GONE", Outcome.SKIPPED, "Not saved: the e-mail was deleted before it could be saved.")
OLD = _kind(
    "MAIL-OLD",
    Outcome.SKIPPED,
    "Not saved automatically: the e-mail is from before {days} days ahead of activation. "
    "Mark it with the category Salesforce to save it.",
)
OLD_MARK = _kind(
    "MAIL-OLD-MARK",
    Outcome.SKIPPED,
    "Not saved: its mark was there before Crosstie was. Take the category off and set it again to save it.",
)
# -- skipped: rules a person can change ----------------------------------------------------------------
AUTO_OFF = _kind("MAIL-AUTO-OFF", Outcome.SKIPPED, "Not saved: auto-saving of e-mails is off.", "settings")
DIRECTION = _kind(
    "MAIL-DIRECTION",
    Outcome.SKIPPED,
    "Not saved automatically: only {wanted} e-mails are, and this one is {found}. "
    "Mark it with the category Salesforce to save it.",
    "settings",
)
SPAM = _kind(
    "MAIL-SPAM",
    Outcome.SKIPPED,
    "Not saved automatically: a spam filter marked the e-mail. "
    "Mark it with the category Salesforce to save it all the same.",
    "settings",
)
INTERNAL = _kind(
    "MAIL-INTERNAL",
    Outcome.SKIPPED,
    "Not saved: everybody on the e-mail is inside your organization.",
    "settings",
    "blocklist",
    "directory",
)
BLOCKED = _kind(
    "MAIL-BLOCKED",
    Outcome.SKIPPED,
    "Not saved: everybody outside your organization on the e-mail is on {layer} blocklist.",
    "settings",
    "blocklist",
)
FREE_MAIL = _kind(
    "MAIL-FREE",
    Outcome.SKIPPED,
    "Not saved: everybody outside your organization on the e-mail uses a free mail service, "
    "and those are left out.",
    "settings",
    "blocklist",
)
FREE_KNOWN = _kind(
    "MAIL-FREE-KNOWN",
    Outcome.SKIPPED,
    "Not saved: somebody on the e-mail is a Contact or Lead, but at a free mail service, and those are left out. "
    "Your administrator can let known addresses count (blocklist.free-mail-known).",
    "settings",
    "blocklist",
)
FREE_UNKNOWN = _kind(
    "MAIL-FREE-UNKNOWN",
    Outcome.WAITING,
    "Not saved yet: at free mail services only Contacts and Leads count, and nobody on the e-mail is one. "
    "It is looked at again when one of them becomes one.",
    "settings",
    "blocklist",
    "directory",
)
LEFT_OUT = _kind(
    "MAIL-LEFT-OUT",
    Outcome.SKIPPED,
    "Not saved: everybody outside your organization on the e-mail is on {layer} blocklist "
    "or uses a free mail service.",
    "settings",
    "blocklist",
)
UNKNOWN = _kind(
    "MAIL-UNKNOWN",
    Outcome.WAITING,
    "Not saved yet: nobody on the e-mail is a Contact or Lead that you may see in Salesforce. "
    "It is looked at again when one of them becomes one.",
    "settings",
    "directory",
    "blocklist",
)
NO_ACCOUNT = _kind(
    "MAIL-NO-ACCOUNT",
    Outcome.WAITING,
    "Not saved yet: no Contact on the e-mail has an Account, so there is neither an Opportunity nor an Account to "
    "relate it to. It is looked at again when one of them gets an Account.",
    "settings",
    "directory",
    "blocklist",
)
AWAITING = tuple(kind.code for kind in (UNKNOWN, NO_ACCOUNT, FREE_UNKNOWN))
"""Of mails that are to be saved but for the people on them: a colleague's record of such a mail is joined."""
DELETED = _kind(
    "MAIL-DELETED",
    Outcome.SKIPPED,
    "Not saved again: its record was deleted in Salesforce. Mark the e-mail to save it once more.",
)
PERSON_DELETED = _kind(
    "MAIL-PERSON-DELETED",
    Outcome.SKIPPED,
    "Not saved: the record that was made for somebody on the e-mail was deleted in Salesforce, and none is made "
    "again. Mark the e-mail with the category Salesforce to save it.",
    "settings",
    "blocklist",
)
NEXT = _kind("MAIL-NEXT", Outcome.WAITING, "Not saved yet: the next session saves it.")
# -- issues a person can act on -----------------------------------------------------------------------
UNCLEAR = _kind(
    "MAIL-UNCLEAR",
    Outcome.WAITING,
    "Being checked: Salesforce did not answer when the e-mail was saved. It is looked up before another try.",
)
WAITS = _kind(
    "MAIL-WAITS",
    Outcome.WAITING,
    "Waiting: Salesforce was busy or locked the row; the next session tries again.",
)
VALIDATION = _kind(
    "CRM-VALIDATION",
    Outcome.ISSUE,
    "Salesforce refused the record because of a validation rule of your organization.",
    "record",
)
REQUIRED = _kind(
    "CRM-REQUIRED",
    Outcome.ISSUE,
    "Salesforce refused the record: required fields are missing: {fields}.",
    "record",
)
ACCESS = _kind(
    "CRM-ACCESS",
    Outcome.ISSUE,
    "Salesforce refused the record: the account we use lacks the right to write it.",
)
AUTOMATION = _kind(
    "CRM-AUTOMATION",
    Outcome.ISSUE,
    "Salesforce refused the record: a trigger or flow of your organization failed.",
)
DUPLICATE = _kind(
    "CRM-DUPLICATE",
    Outcome.ISSUE,
    "Salesforce refused the record: a duplicate rule of your organization finds one that is the same, and the "
    "account we use may not see which.",
    "record",
)
CRM_REFUSED = _kind("CRM-REFUSED", Outcome.ISSUE, "Salesforce refused the record with the code {vendor_code}.")
MAILBOX_REFUSED = _kind(
    "BOX-REFUSED", Outcome.ISSUE, "The mailbox refused to hand out or mark the e-mail ({vendor_code})."
)
