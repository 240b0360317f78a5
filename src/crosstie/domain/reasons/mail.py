"""Reasons of e-mails, and of what either vendor refuses."""

from crosstie.domain.reasons.kinds import Outcome, define

# -- saved ---------------------------------------------------------------------------------------------
SAVED_AUTO = define("MAIL-SAVED", Outcome.SAVED, "Saved automatically to Salesforce as {object}.")
SAVED_OPPORTUNITY = define(
    "MAIL-SAVED-OPPORTUNITY",
    Outcome.SAVED,
    "Saved automatically to Salesforce as {object}, and related to your open Opportunity that was changed last "
    "on the Account of somebody on the e-mail.",
)
SAVED_MENTIONED = define(
    "MAIL-SAVED-MENTIONED",
    Outcome.SAVED,
    "Saved to Salesforce as {object}, and related to the record that the e-mail names.",
)
SAVED_NEW = define(
    "MAIL-SAVED-NEW",
    Outcome.SAVED,
    "Saved to Salesforce as {object}, with a new {made} for somebody on it whom Salesforce did not know.",
)
SAVED_UNMADE = define(
    "MAIL-SAVED-UNMADE",
    Outcome.SAVED,
    "Saved to Salesforce as {object}, without a {made} for somebody on it whom Salesforce does not know: {why}",
)
SAVED_WITHOUT = define(
    "MAIL-SAVED-WITHOUT",
    Outcome.SAVED,
    "{said} The org did not take what your administrator wants in {fields}; it was left out "
    "(direction.field, categories.fields).",
)
SAVED_MARK = define("MAIL-SAVED-MARK", Outcome.SAVED, "Saved to Salesforce as {object} because it was marked.")
SAVED_THREAD = define(
    "MAIL-THREAD",
    Outcome.SAVED,
    "Saved to Salesforce as {object} because all e-mails of its thread are, and linked like the first of them.",
)
SAVED_ALONG = define(
    "MAIL-SAVED-ALONG",
    Outcome.SAVED,
    "Saved automatically to Salesforce as {object}, and linked also to what a colleague links its thread to.",
)
SAVED_SHARED = define(
    "MAIL-SHARED",
    Outcome.SAVED,
    "Already in Salesforce: the same e-mail was saved before, and this copy points to that {object}.",
)
ADOPTED = define(
    "MAIL-ADOPTED",
    Outcome.SAVED,
    "In Salesforce since before Crosstie was: something else saved it there, and this e-mail points to that "
    "{object}.",
)
# -- skipped: the mail itself --------------------------------------------------------------------------
SERVICE = define(
    "MAIL-SERVICE", Outcome.SKIPPED, "Not saved: {kind} messages come from mail systems, not from people."
)
ENCRYPTED = define(
    "MAIL-ENCRYPTED",
    Outcome.SKIPPED,
    "Not saved: the e-mail is encrypted, or signed in a form that hides its text, so only mail programs of its "
    "recipients can read it.",
)
DRAFT = define("MAIL-DRAFT", Outcome.SKIPPED, "Not saved: the e-mail is a draft that was not sent.")
ELSEWHERE = define(
    "MAIL-ELSEWHERE",
    Outcome.SKIPPED,
    "Not saved: the e-mail lies outside Inbox, Sent Items, the folder Salesforce Emails and those that the "
    "settings name (mail.folders).",
)
GONE = define("MAIL-GONE", Outcome.SKIPPED, "Not saved: the e-mail was deleted before it could be saved.")
OLD = define(
    "MAIL-OLD",
    Outcome.SKIPPED,
    "Not saved automatically: the e-mail is from before {days} days ahead of activation. "
    "Mark it with the category Salesforce to save it.",
)
OLD_MARK = define(
    "MAIL-OLD-MARK",
    Outcome.SKIPPED,
    "Not saved: its mark was there before Crosstie was. Take the category off and set it again to save it.",
)
# -- skipped: rules a person can change ----------------------------------------------------------------
AUTO_OFF = define("MAIL-AUTO-OFF", Outcome.SKIPPED, "Not saved: auto-saving of e-mails is off.", "settings")
DIRECTION = define(
    "MAIL-DIRECTION",
    Outcome.SKIPPED,
    "Not saved automatically: only {wanted} e-mails are, and this one is {found}. "
    "Mark it with the category Salesforce to save it.",
    "settings",
)
SPAM = define(
    "MAIL-SPAM",
    Outcome.SKIPPED,
    "Not saved automatically: a spam filter marked the e-mail. "
    "Mark it with the category Salesforce to save it all the same.",
    "settings",
)
INTERNAL = define(
    "MAIL-INTERNAL",
    Outcome.SKIPPED,
    "Not saved: everybody on the e-mail is inside your organization.",
    "settings",
    "blocklist",
    "directory",
)
BLOCKED = define(
    "MAIL-BLOCKED",
    Outcome.SKIPPED,
    "Not saved: everybody outside your organization on the e-mail is on {layer} blocklist.",
    "settings",
    "blocklist",
)
FREE_MAIL = define(
    "MAIL-FREE",
    Outcome.SKIPPED,
    "Not saved: everybody outside your organization on the e-mail uses a free mail service, "
    "and those are left out.",
    "settings",
    "blocklist",
)
FREE_KNOWN = define(
    "MAIL-FREE-KNOWN",
    Outcome.SKIPPED,
    "Not saved: somebody on the e-mail is a Contact or Lead, but at a free mail service, and those are left out. "
    "Your administrator can let known addresses count (blocklist.free-mail-known).",
    "settings",
    "blocklist",
)
FREE_UNKNOWN = define(
    "MAIL-FREE-UNKNOWN",
    Outcome.WAITING,
    "Not saved yet: at free mail services only Contacts and Leads count, and nobody on the e-mail is one. "
    "It is looked at again when one of them becomes one.",
    "settings",
    "blocklist",
    "directory",
)
LEFT_OUT = define(
    "MAIL-LEFT-OUT",
    Outcome.SKIPPED,
    "Not saved: everybody outside your organization on the e-mail is on {layer} blocklist "
    "or uses a free mail service.",
    "settings",
    "blocklist",
)
UNKNOWN = define(
    "MAIL-UNKNOWN",
    Outcome.WAITING,
    "Not saved yet: nobody on the e-mail is a Contact or Lead that you may see in Salesforce. "
    "It is looked at again when one of them becomes one.",
    "settings",
    "directory",
    "blocklist",
)
NO_ACCOUNT = define(
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
DELETED = define(
    "MAIL-DELETED",
    Outcome.SKIPPED,
    "Not saved again: its record was deleted in Salesforce. Mark the e-mail to save it once more.",
)
PERSON_DELETED = define(
    "MAIL-PERSON-DELETED",
    Outcome.SKIPPED,
    "Not saved: the record that was made for somebody on the e-mail was deleted in Salesforce, and none is made "
    "again. Mark the e-mail with the category Salesforce to save it.",
    "settings",
    "blocklist",
)
NEXT = define("MAIL-NEXT", Outcome.WAITING, "Not saved yet: the next session saves it.")
# -- issues a person can act on -----------------------------------------------------------------------
UNCLEAR = define(
    "MAIL-UNCLEAR",
    Outcome.WAITING,
    "Being checked: Salesforce did not answer when the e-mail was saved. It is looked up before another try.",
)
WAITS = define(
    "MAIL-WAITS",
    Outcome.WAITING,
    "Waiting: Salesforce was busy or locked the row; the next session tries again.",
)
VALIDATION = define(
    "CRM-VALIDATION",
    Outcome.ISSUE,
    "Salesforce refused the record because of a validation rule of your organization.",
    "record",
    status="A validation rule refused it",
)
REQUIRED = define(
    "CRM-REQUIRED",
    Outcome.ISSUE,
    "Salesforce refused the record: required fields are missing: {fields}.",
    "record",
    status="Required fields are missing: {fields}",
)
ACCESS = define(
    "CRM-ACCESS",
    Outcome.ISSUE,
    "Salesforce refused the record: the account we use lacks the right to write it.",
    status="The right to write it is missing",
)
AUTOMATION = define(
    "CRM-AUTOMATION",
    Outcome.ISSUE,
    "Salesforce refused the record: a trigger or flow of your organization failed.",
    status="A trigger or flow failed",
)
DUPLICATE = define(
    "CRM-DUPLICATE",
    Outcome.ISSUE,
    "Salesforce refused the record: a duplicate rule of your organization finds one that is the same, and the "
    "account we use may not see which.",
    "record",
    status="A duplicate rule refused it",
)
CRM_REFUSED = define(
    "CRM-REFUSED",
    Outcome.ISSUE,
    "Salesforce refused the record with the code {vendor_code}.",
    status="Salesforce refused it: {vendor_code}",
)
MAILBOX_REFUSED = define(
    "BOX-REFUSED",
    Outcome.ISSUE,
    "The mailbox refused to hand out or mark the e-mail ({vendor_code}).",
    status="The mailbox refused it: {vendor_code}",
)
