"""What a sentence is, and those of no topic of their own; a topic's lie beside its service.

A refusal says what to do about it.
"""

from dataclasses import dataclass

from crosstie.domain.settings import Level
from crosstie.domain.speech import noted, say


@dataclass(frozen=True, slots=True)
class Phrase:
    """A stable code and its sentence, with holes for names that people gave, times and numbers."""

    code: str
    text: str

    def said(self, **values: object) -> str:
        return say(self.text, **values)


@dataclass(frozen=True, slots=True)
class Answer:
    """What a person is told. `ok` is False when nothing was changed."""

    ok: bool
    code: str
    sentence: str


def answer(phrase: Phrase, *, ok: bool = True, **values: object) -> Answer:
    return Answer(ok, phrase.code, phrase.said(**values))


class Unacceptable(ValueError):
    """Input that cannot be taken; nothing was changed. Its text is the sentence for the person."""

    def __init__(self, phrase: Phrase, **values: object) -> None:
        self.code = phrase.code
        self.sentence = phrase.said(**values)
        super().__init__(self.sentence)


# -- tenants, people, orgs -----------------------------------------------------------------------------
NAME_MISSING = Phrase("NAME-MISSING", "Give a name for the {what}.")
NAME_TAKEN = Phrase("NAME-TAKEN", "There is a {what} called {name} already. Choose another name.")
UNKNOWN = Phrase("UNKNOWN", "There is no {what} called {name}.{hint}")
NONE_YET = Phrase("NONE-YET", "There is no {what} yet. Create one first.")
SEVERAL = Phrase("SEVERAL", "There are several {what}s: {names}. Say which one you mean.")
ADDRESS_BAD = Phrase("ADDRESS-BAD", "{address} is not an e-mail address. Write it like name@example.com.")
PERSON_TAKEN = Phrase("PERSON-TAKEN", "{address} belongs to a person already. Change that person instead.")
CRM_USER_BAD = Phrase(
    "CRM-USER-BAD", "{value} is not the id of a Salesforce user. It starts with 005 and has 15 or 18 characters."
)
CRM_USER_TAKEN = Phrase(
    "CRM-USER-TAKEN",
    "The Salesforce user {value} belongs to another person here: one mailbox goes with one Salesforce user. "
    "Choose another user, or give the other person their own first, by a file in Activate people.",
)
ORG_ID_BAD = Phrase(
    "ORG-ID-BAD", "{value} is not the id of a Salesforce org. It starts with 00D and has 15 or 18 characters."
)
ORG_TAKEN = Phrase(
    "ORG-TAKEN",
    "The Salesforce org {value} is connected to another customer of this server. An org belongs to one customer: "
    "disconnect it there first.",
)
ORG_MISSING = Phrase("ORG-MISSING", "No Salesforce org is connected. Connect one first.")
URL_BAD = Phrase("URL-BAD", "{value} is not an address. Give it whole, such as https://login.salesforce.com.")
AUTH_MODE_BAD = Phrase("AUTH-MODE-BAD", "{value} is not a way to enter an org. Choose one of: {choices}.")
INTERVAL_BAD = Phrase(
    "INTERVAL-BAD", "The interval of a licence is given in seconds, from 60 to 86400; {value} is not."
)
# -- mailboxes and connections -------------------------------------------------------------------------
NO_LICENSE = Phrase(
    "NO-LICENSE", "{name} has no licence, and a mailbox needs one. Assign a licence, then activate the mailbox."
)
LICENSE_INACTIVE = Phrase(
    "LICENSE-INACTIVE",
    "The licence {license} of {name} is not active. Assign another one, then activate the mailbox.",
)
NO_CRM_USER = Phrase(
    "NO-CRM-USER",
    "{name} has no Salesforce user yet. Let them sign in with Salesforce once, or set the user's id, then "
    "activate the mailbox.",
)
VENDOR_UNKNOWN = Phrase(
    "VENDOR-UNKNOWN", "{value} is not a kind of mailbox we know.{hint} Choose one of: {choices}."
)
ACCESS_UNKNOWN = Phrase("ACCESS-UNKNOWN", "{value} is not a kind of access. Choose one of: {choices}.")
TIME_ZONE_UNKNOWN = Phrase(
    "TIME-ZONE-UNKNOWN", "{value} is not a time zone.{hint} Write it like Europe/Berlin or America/New_York."
)
MAILBOX_ELSEWHERE = Phrase(
    "MAILBOX-ELSEWHERE",
    "The mailbox {address} is connected to another customer of this server. A mailbox belongs to one customer: "
    "deactivate it there first.",
)
MAILBOX_TAKEN = Phrase(
    "MAILBOX-TAKEN",
    "The mailbox {address} is somebody else's here. One mailbox goes with one Salesforce user: deactivate it for "
    "the other person first.",
)
MAILBOX_OTHER = Phrase(
    "MAILBOX-OTHER", "{name} has the mailbox {address} already. Deactivate it before you activate another one."
)
MAILBOX_UNKNOWN = Phrase("MAILBOX-UNKNOWN", "There is no such mailbox. Activate it first.")
LEAVING = Phrase(
    "LEAVING",
    "This mailbox is being deactivated: what came from Salesforce is taken out of its calendar, then sync is off.",
)
LEAVING_BEGUN = Phrase(
    "LEAVING-BEGUN",
    "The mailbox is being deactivated. Nothing more is saved; the next session takes out of its calendar what "
    "came from Salesforce, and then access to it is given up. To take that back before, activate it again.",
)
LEAVING_ALREADY = Phrase("LEAVING-ALREADY", "The mailbox is being deactivated already.")
LEAVING_HINDERED = Phrase(
    "LEAVING-HINDERED",
    "Nothing can be taken out of the calendar as things stand. {why} Mend that first, or deactivate the mailbox "
    "as it is (--as-it-is).",
)
DEACTIVATED_BEFORE = Phrase("DEACTIVATED-BEFORE", "Sync of {address} is off already.")
DEACTIVATED = Phrase(
    "DEACTIVATED",
    "Sync of {address} is off, and access that was granted to this mailbox alone is forgotten. What was saved "
    "stays.",
)
CONNECTION_MISSING = Phrase(
    "CONNECTION-MISSING",
    "There is no access to mailboxes of this kind yet. Let an administrator grant it, or sign in to the mailbox.",
)
LEVEL_WORDS = {
    Level.GLOBAL: noted("everybody"),
    Level.PROFILE: noted("the profile"),
    Level.USER: noted("the person"),
}
# -- settings ------------------------------------------------------------------------------------------
SETTING_UNKNOWN = Phrase(
    "SETTING-UNKNOWN", "There is no setting {name}.{hint} See them all with: crosstie settings get."
)
DEFAULT_BAD = Phrase(
    "DEFAULT-BAD",
    "{value} does not give a field of a new record a value. Write it like Lead.LeadSource=Web; name, address, "
    "owner and Account are filled in already.",
)
ACCOUNT_ID_BAD = Phrase(
    "ACCOUNT-ID-BAD",
    "{value} is not the id of an Account. Open the Account in Salesforce: its id begins with 001 and stands in "
    "the address of the page.",
)
SETTING_LEVEL = Phrase("SETTING-LEVEL", "{name} is set for {lowest}, not for a single person.")
SETTING_LOCKED = Phrase(
    "SETTING-LOCKED", "{name} is locked for {level}, so it cannot be set below. Ask your administrator."
)
NOT_A_SWITCH = Phrase("NOT-A-SWITCH", "{name} is either on or off; {value} is neither.")
NOT_A_NUMBER = Phrase("NOT-A-NUMBER", "{name} is a whole number from {minimum} to {maximum}; {value} is not.")
NOT_A_CHOICE = Phrase("NOT-A-CHOICE", "{name} cannot be {value}.{hint} Choose one of: {choices}.")
WILDCARD = Phrase(
    "WILDCARD", "{value} has a wildcard, and there are none here. Enter the domain alone, such as example.com."
)
TOO_MANY_ENTRIES = Phrase(
    "TOO-MANY-ENTRIES",
    "These are {given} characters, and {most} are taken at a time, some fifty entries. Nothing was listed; block "
    "a part of them first.",
)
DOMAIN_BAD = Phrase("DOMAIN-BAD", "{value} is not a domain. Write it like example.com.")
ENTRY_BAD = Phrase(
    "ENTRY-BAD", "{value} is neither an address nor a domain. Write it like name@example.com or example.com."
)
FREE_MAIL_INTERNAL = Phrase(
    "FREE-MAIL-INTERNAL",
    "{value} is a free mail service that anybody can use, so its users are not your colleagues. Leave it out.",
)
NOTHING_LINKED = Phrase(
    "NOTHING-LINKED", "At least one kind of record must be left to link e-mails to: {choices}."
)
EXTENSION_BAD = Phrase("EXTENSION-BAD", "{value} is not a file name ending. Write it like exe.")
FOLDER_BAD = Phrase(
    "FOLDER-BAD",
    "{value} is no path of a folder: {why}. Write it like inbox/Customers or, for everything below, inbox/*.",
)
MINIMUM_BAD = Phrase(
    "MINIMUM-BAD", "{value} is not a file name ending with its smallest size in bytes. Write it like pdf:2000."
)
MEANING_BAD = Phrase(
    "MEANING-BAD",
    "{value} does not say what a category means. Write category, field and value like Urgent->Task.Priority=High, "
    "for a Task, an EmailMessage or an Event; entries are apart by commas, so there is none within.",
)
EVENT_VALUE_BAD = Phrase(
    "EVENT-VALUE-BAD",
    "{value} does not name a field of an Event and a value. Write it like Status__c=Vacated; entries are apart by "
    "commas, so there is none within.",
)
CONDITION_BAD = Phrase(
    "CONDITION-BAD",
    "{fields} of Event cannot be a condition in {org}: there is no such field, or it cannot be compared. "
    "Checkboxes, texts up to 255 characters, picklists and whole numbers can be.",
)
FIELD_BAD = Phrase("FIELD-BAD", "{value} is not the API name of a field. Write it like Direction__c.")
FIELD_OURS = Phrase(
    "FIELD-OURS", "{value} is filled from the item itself, or by us alone. Choose another field of your own."
)
LABEL_BAD = Phrase("LABEL-BAD", "{value} is no label: it is one line of at most 40 characters.")
NOT_A_LIST = Phrase(
    "NOT-A-LIST", "{name} is no list, so nothing can be added to or taken out of it. Set it instead."
)
PUBLIC_SUFFIX = Phrase(
    "PUBLIC-SUFFIX",
    "{value} belongs to nobody: the domains of a whole country or kind end in it, and an entry means itself "
    "alone. Enter the domain that is meant, such as example.{value}.",
)
ENTRIES = Phrase("ENTRIES", "Entries: {entries}.")
BLOCKED_NOW = Phrase("BLOCKED-NOW", "{entry} is on the blocklist: not saved automatically, and never linked.")
BLOCKED_NO_MORE = Phrase("BLOCKED-NO-MORE", "{entry} is not on the blocklist any more.")
PINNED_NOW = Phrase("PINNED-NOW", "{entry} is pinned: nobody below can take it off the blocklist.")
PINNED_NO_MORE = Phrase("PINNED-NO-MORE", "{entry} is not pinned any more.")
NOT_PINNED = Phrase("NOT-PINNED", "{entry} is not pinned for {level}.")
NOT_LISTED = Phrase("NOT-LISTED", "{entry} is not on the blocklist, so it cannot be taken off.")
ENTRY_PINNED = Phrase(
    "ENTRY-PINNED", "{entry} is pinned for {level}, so it stays on the blocklist. Ask your administrator."
)
ENTRY_STAYS = Phrase(
    "ENTRY-STAYS",
    "{entry} is your organization's entry, and those stay on the blocklist. Ask your administrator, who can let "
    "you take it off (blocklist.removable).",
)
SETTING_FROM = Phrase("SETTING-FROM", "{name} is {value}: {origin}.")
# -- schedule and status -------------------------------------------------------------------------------
FORCED = Phrase("FORCED", "The session starts within seconds.")
RUNNING = Phrase(
    "RUNNING",
    "A session has been running since {since}. Wait until it has ended, then force again if you need to.",
)
FORCED_LATELY = Phrase("FORCED-LATELY", "Sync was forced {ago} seconds ago. Try again in {wait} seconds.")
PAUSED_CANNOT = Phrase("PAUSED-CANNOT", "Sync is paused. Press Start first.")
PAUSED = Phrase("PAUSED", "Sync is paused. Nothing is saved automatically until you press Start.")
PAUSED_WHILE_RUNNING = Phrase(
    "PAUSED-WHILE-RUNNING", "Sync is paused. The session that is running now ends its work; no other one follows."
)
RESUMED = Phrase("RESUMED", "Sync runs again. The next session starts within seconds.")
RUNS_ALREADY = Phrase("RUNS-ALREADY", "Sync is running already.")
PAUSED_ALREADY = Phrase("PAUSED-ALREADY", "Sync is paused already.")
IDLE = Phrase("IDLE", "Sync is on. The next session starts at {next}.")
BACKING_OFF = Phrase(
    "BACKING-OFF",
    "Sync is on and waits longer after trouble: {count} times in a row a session could not do all its work. The "
    "next one starts at {next}.",
)
DUE = Phrase("DUE", "Sync is on. The next session starts within seconds.")
STALLED = Phrase(
    "STALLED", "A session that began at {since} stopped without ending. Another one takes over by {until}."
)
NEEDS_CONSENT = Phrase(
    "NEEDS-CONSENT",
    "The mailbox refuses our access. Sign in to it again, or ask your administrator to grant access anew; sync "
    "then goes on where it stopped.",
)
ORG_REFUSES = Phrase(
    "ORG-REFUSES",
    "Salesforce refuses our access. Ask your administrator to connect it anew; sync then goes on where it "
    "stopped.",
)
SUSPENDED = Phrase(
    "SUSPENDED",
    "Sync is suspended: it failed ten times in a row. It is tried once an hour, and goes on where it stopped as "
    "soon as it gets through.",
)
USER_INACTIVE = Phrase(
    "USER-INACTIVE",
    "Sync stands still: your Salesforce user is inactive or frozen. Ask your Salesforce administrator; sync goes "
    "on where it stopped once you are active again.",
)
DISABLED = Phrase("DISABLED", "Sync is off for this mailbox. An administrator can activate it again.")
PROFILE_OFF = Phrase("PROFILE-OFF", "Sync is off for everybody in the profile {profile}.")
LICENSE_LACKING = Phrase(
    "LICENSE-LACKING", "Sync is off because there is no active licence. Ask your administrator for one."
)
LAST_NONE = Phrase("LAST-NONE", "There has been no session yet.")
LAST_IDLE = Phrase("LAST-IDLE", "The last session found nothing to do.")
LAST_DID = Phrase("LAST-DID", "The last session: {counts}.")
LAST_FAILED = Phrase("LAST-FAILED", "The last session stopped early ({code}); the next one goes on from there.")
FILE_NOT_JSON = Phrase("FILE-NOT-JSON", "The file is not JSON, so nothing was taken in.")
FILE_OTHER = Phrase(
    "FILE-OTHER",
    'The file has no settings of this version: it should begin with {{"{format}": {version}. Write one with: '
    "crosstie settings export.",
)
FILE_TOO_LARGE = Phrase("FILE-TOO-LARGE", "The file has more than {largest} characters, so nothing was taken in.")
FILE_PART = Phrase("FILE-PART", "The file has a part {part}; there is: {parts}. Nothing was taken in.")
FILE_SHAPE = Phrase("FILE-SHAPE", "The file has no names with values at {where}. Nothing was taken in.")
FILE_VALUE = Phrase(
    "FILE-VALUE", 'For {whose}, {name} needs {{"value": …, "locked": true or false}}. Nothing was taken in.'
)
# -- mending -------------------------------------------------------------------------------------------
MEND_AGAIN = Phrase("MEND-AGAIN", "Sync is tried again within seconds.")
MEND_SECRET = Phrase("MEND-SECRET", "The secret is kept, and sync is tried again within seconds.")
MEND_SIGNED_IN = Phrase(
    "MEND-SIGNED-IN", "You have signed in to the mailbox. Sync goes on within seconds, from where it stopped."
)
MEND_NOTHING = Phrase("MEND-NOTHING", "There is nothing to mend there any more.")
MEND_NOT_YOURS = Phrase(
    "MEND-NOT-YOURS", "Your administrator has granted access to this mailbox, so signing in to it changes nothing."
)
MEND_DENIED = Phrase("MEND-DENIED", "You were not let in, or you said no there. Sign in once more to try again.")
MEND_FOREIGN = Phrase(
    "MEND-FOREIGN",
    "You signed in with another account than that of {address}, so nothing was changed. Sign in once more, as "
    "{address}.",
)
SECRET_BAD = Phrase("SECRET-BAD", "That is not a secret: it is one line of at most 500 characters.")
# -- issues --------------------------------------------------------------------------------------------
RETRIED = Phrase("RETRIED", "{count} issues are tried again within seconds.")
RETRIED_ONE = Phrase("RETRIED", "It is tried again within seconds.")
NO_SUCH_ISSUE = Phrase("NO-SUCH-ISSUE", "There is nothing to try again: the issue is gone already.")
APPROVED = Phrase("APPROVED", "The meeting is changed within seconds, and its attendees are sent the update.")
NOTHING_HELD = Phrase("NOTHING-HELD", "Nothing is held back there any more.")
HELD_OTHERWISE = Phrase(
    "HELD-OTHERWISE",
    "It is {count} events by now, so nothing was done: look at the page once more, and say again.",
)
REMOVED_THERE = Phrase("HELD-REMOVED", "Events are deleted in Salesforce within seconds: {count}.")
REMOVED_HERE = Phrase("HELD-REMOVED", "Events are taken out of your calendar within seconds: {count}.")
KEPT_THERE = Phrase(
    "HELD-KEPT", "Events that stay in Salesforce: {count}. They and your calendar are not kept in step any more."
)
KEPT_HERE = Phrase(
    "HELD-KEPT", "Events that stay in your calendar: {count}. They and Salesforce are not kept in step any more."
)
NO_COPIES = Phrase("NO-COPIES", "No copies are held back any more.")
COPIES_AGAIN = Phrase(
    "COPIES-AGAIN", "Copies that are looked at again within seconds: {count}. What is none any more goes on."
)
COPIES_MEANT = Phrase("COPIES-MEANT", "Events that are made within seconds: {count}.")
# -- back-fills ----------------------------------------------------------------------------------------
NOT_ADMIN = Phrase("NOT-ADMIN", "Only an administrator can do that.")
DAY_BAD = Phrase("DAY-BAD", "{value} is not a day. Write it like 2026-01-31.")
WINDOW_BACKWARDS = Phrase("WINDOW-BACKWARDS", "{last} is before {first}. Give the earlier day first.")
WINDOW_AHEAD = Phrase("WINDOW-AHEAD", "There are no e-mails of {first} yet.")
BACKFILL_STARTED = Phrase(
    "BACKFILL-STARTED", "E-mails from {first} to {last} are looked at from the next session on, the newest first."
)
BACKFILL_IN_LINE = Phrase(
    "BACKFILL-IN-LINE", "E-mails from {first} to {last} are looked at when the back-fill before this one is over."
)
BACKFILL_REPLACES = Phrase(
    "BACKFILL-REPLACES",
    "E-mails from {first} to {last} are looked at from the next session on. The back-fill before this one ended "
    "where it was; what it saved stays saved.",
)
BACKFILL_BUSY = Phrase(
    "BACKFILL-BUSY",
    "A back-fill from {first} to {last} is not over yet. Say whether this one follows it or takes its place.",
)
BACKFILL_MANY = Phrase(
    "BACKFILL-MANY", "This mailbox has had {most} back-fills, and there are no more. Choose a wider window."
)
BACKFILL_AUTO_OFF = Phrase(
    "BACKFILL-AUTO-OFF",
    "Auto-saving of e-mails is off for this mailbox, and a back-fill saves what auto-saving would. Switch it on "
    "first.",
)
BACKFILL_PAUSED = Phrase(
    "BACKFILL-PAUSED", "The back-fill is paused: the next session leaves older e-mails alone. New ones go on."
)
BACKFILL_RESUMED = Phrase("BACKFILL-RESUMED", "The back-fill goes on with the next session.")
BACKFILL_NOT_RUNNING = Phrase("BACKFILL-NOT-RUNNING", "No back-fill is running, so there is none to pause.")
BACKFILL_NOT_PAUSED = Phrase("BACKFILL-NOT-PAUSED", "No back-fill is paused, so there is none to resume.")
BACKFILL_NONE = Phrase("BACKFILL-NONE", "No older e-mails were asked for.")
BACKFILL_NO_CALLS = Phrase(
    "BACKFILL-NO-CALLS",
    "It waits: most of our share of today's calls to Salesforce is used, and the rest is kept for new e-mails.",
)
# -- what others saved ---------------------------------------------------------------------------------
ADOPT_BUSY = Phrase(
    "ADOPT-BUSY",
    "Nobody could work on {address} just now: a session runs, or sync is paused or off. Start sync, wait until "
    "the session has ended, then adopt again; what was adopted stays.",
)
FIELD_UNKNOWN = Phrase(
    "FIELD-UNKNOWN", "{value} is not the name of a field. Write it like Vendor__InternetMessageId__c."
)
# -- taking out of Salesforce --------------------------------------------------------------------------
REMOVED = Phrase(
    "REMOVED",
    "The e-mail was deleted in Salesforce, for everybody. It is not saved again unless somebody marks it.",
)
NOTHING_TO_REMOVE = Phrase(
    "NOTHING-TO-REMOVE", "The e-mail is not in Salesforce, so there is nothing to take out."
)
MAY_NOT_REMOVE = Phrase(
    "MAY-NOT-REMOVE",
    "You may not delete this record in Salesforce, so it stays there. Ask its owner, or your Salesforce "
    "administrator.",
)
REMOVAL_REFUSED = Phrase(
    "REMOVAL-REFUSED",
    "Salesforce did not let the record be deleted: a rule of your organization stands in the way. It stays there.",
)
REMOVAL_UNCLEAR = Phrase(
    "REMOVAL-UNCLEAR", "Salesforce did not answer, so the record may be deleted or not. Try again in a minute."
)
# -- blocking a sender --------------------------------------------------------------------------------
SENDER_OURS = Phrase(
    "SENDER-OURS", "Nobody outside your organization sent this e-mail, so there is no sender to be blocked."
)
NOT_ITS_SENDER = Phrase("NOT-ITS-SENDER", "{value} is neither the address nor the domain of this e-mail's sender.")
WOULD_GO = Phrase("WOULD-GO", "It is deleted, for everybody; Salesforce's recycle bin keeps it for fifteen days.")
STAYS_USED = Phrase("STAYS-USED", "The {object} that was made for it stays: other records use it ({others}).")
STAYS_CHANGED = Phrase(
    "STAYS-CHANGED", "The {object} that was made for it stays: it was changed after it was made."
)
PERSON_REMOVED = Phrase("PERSON-REMOVED", "The {object} that was made for it was deleted.")
PERSON_FORBIDDEN = Phrase(
    "PERSON-FORBIDDEN", "The {object} that was made for it stays: you may not delete it in Salesforce."
)
PERSON_REFUSED = Phrase(
    "PERSON-REFUSED",
    "The {object} that was made for it stays: a rule of your organization keeps it from deletion.",
)
# -- threads -------------------------------------------------------------------------------------------
THREADS_OFF = Phrase(
    "THREADS-OFF",
    "Whole threads are not saved here: mail.threads-allowed, which your administrator sets, and mail.threads must "
    "be on.",
)
THREAD_UNKNOWN = Phrase(
    "THREAD-UNKNOWN",
    "The e-mail is not in your Inbox, Sent Items or a folder that the settings name, so its thread is not known.",
)
THREAD_MARKED = Phrase(
    "THREAD-MARKED",
    "From now on all e-mails of this thread are saved. The next session saves the earlier ones.",
)
THREAD_ALREADY = Phrase("THREAD-ALREADY", "All e-mails of this thread are saved already.")
THREAD_STOPPED = Phrase(
    "THREAD-STOPPED",
    "New e-mails of this thread are saved only where the rules say so. What was saved stays in Salesforce.",
)
THREAD_NONE = Phrase("THREAD-NONE", "This thread is not one whose e-mails are all saved, so nothing is to stop.")
# -- why -----------------------------------------------------------------------------------------------
UNDER_WAY = Phrase("MAIL-UNDER-WAY", "Being saved: the session that decided so is still at work.")
NEVER_SEEN = Phrase(
    "MAIL-NEVER-SEEN",
    "Not looked at: the e-mail lies outside Inbox, Sent Items, Salesforce Emails and the folders that the "
    "settings name, came after the last session, or is from before auto-saving reaches back.",
)
REASON_UNKNOWN = Phrase("REASON-UNKNOWN", "Decided for the reason {code}, which this version does not know.")
# -- signing in ----------------------------------------------------------------------------------------
COMPANY_MISSING = Phrase("COMPANY-MISSING", "Enter the name of your company as your administrator gave it to you.")
COMPANY_UNKNOWN = Phrase(
    "COMPANY-UNKNOWN", "No company of this name is connected here. Ask your administrator how it is called here."
)
NOT_CONNECTED = Phrase(
    "NOT-CONNECTED",
    "This server is not connected to {vendor} yet, so nobody can sign in with it. Ask your administrator to "
    "connect it.",
)
SIGN_IN_OTHER_ORG = Phrase(
    "SIGN-IN-OTHER-ORG",
    "You signed in to another Salesforce org than the one that is connected here. Sign out of Salesforce, then "
    "sign in with the account you use in your company's org.",
)
SIGN_IN_UNKNOWN = Phrase(
    "SIGN-IN-UNKNOWN",
    "{vendor} knows you, but nobody here has your {vendor} account. Ask your administrator to add you, or sign "
    "out of {vendor} and come back as somebody else.",
)
SIGN_IN_ANOTHER = Phrase(
    "SIGN-IN-ANOTHER",
    "The person here who has your address came with another {vendor} account before. If that account is gone, "
    "ask your administrator to let you come with this one.",
)
SIGN_IN_STALE = Phrase(
    "SIGN-IN-STALE",
    "This sign-in was not begun in this browser, was used already, or took longer than ten minutes. "
    "Sign in once more.",
)
SIGN_IN_DENIED = Phrase(
    "SIGN-IN-DENIED", "{vendor} did not let you in, or you said no there. Sign in once more to try again."
)
SIGN_IN_FOREIGN = Phrase(
    "SIGN-IN-FOREIGN",
    "The answer did not come from your company's {vendor} and was not used. Sign in once more.",
)
SIGN_IN_APP = Phrase(
    "SIGN-IN-APP",
    "{vendor} does not take this server's sign-in as it is set up. Ask your administrator to look at the app that "
    "is registered there.",
)
WORKSPACE_TAKEN = Phrase(
    "WORKSPACE-TAKEN", "One of these domains is another customer's of this server: {domains}. Nothing was changed."
)
WORKSPACE_CLIENT = Phrase("WORKSPACE-CLIENT", "Say which client of yours at Google it is, by its id.")
WORKSPACE_SECRET = Phrase("WORKSPACE-SECRET", "Give the secret of the client: none is known yet.")
SIGN_IN_AWAY = Phrase("SIGN-IN-AWAY", "{vendor} cannot be reached at the moment. Try again in a few minutes.")
TOO_OFTEN = Phrase("TOO-OFTEN", "That was too often in a short time. Wait a minute, then try again.")
