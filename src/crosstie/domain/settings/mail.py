"""Settings of e-mails, and of what e-mails and events have in common: people, blocklists, links."""

from dataclasses import dataclass
from enum import StrEnum

from crosstie.domain.settings.base import Level, setting


class RecordChoice(StrEnum):
    """Which object an e-mail becomes."""

    AUTO = "auto"
    """EmailMessage where the org has Enhanced Email, a completed Task elsewhere."""
    EMAIL_MESSAGE = "email-message"
    TASK = "task"


class AutoTrackMode(StrEnum):
    """Whom a mail must name to be saved automatically, beside the rules that apply in every mode."""

    GENERAL = "general"
    """A Contact or Lead."""
    FORCED = "forced"
    """Anybody outside who is not blocklisted."""
    FLEXIBLE = "flexible"
    """A Contact or Lead, or anybody outside who is neither blocklisted nor at a free mail service."""
    SMART = "smart"
    """A Contact or Lead, or somebody outside at the domain of an Account's website."""
    USEFUL = "useful"
    """A Contact or Lead, or an Account, Opportunity or Case in the text (`links.mentions`)."""


class Resolving(StrEnum):
    """What is made of somebody on a mail whom Salesforce does not know."""

    OFF = "off"
    LEAD = "lead"
    CONTACT = "contact"
    SMART = "smart"
    """A Contact of the Account that has somebody and its website at the same domain, else a Lead."""


class MailWay(StrEnum):
    """Which way auto-saved mails go."""

    BOTH = "both"
    INBOUND = "inbound"
    OUTBOUND = "outbound"


@dataclass(frozen=True, slots=True)
class MailSettings:
    mail_auto_save: bool = setting(
        False,
        "mail.auto-save",
        "Save e-mails from Inbox and Sent Items without being asked.",
        aliases=("Enable Auto-Saving",),
    )
    mail_threads: bool = setting(
        False,
        "mail.threads",
        "Let you have all e-mails of a thread saved, past and future ones, by one click on the page Mail, if "
        "mail.threads-allowed is on.",
        aliases=("Auto-Save All Emails In a Thread",),
    )
    mail_threads_allowed: bool = setting(
        False,
        "mail.threads-allowed",
        "Whether anybody may have the e-mails of whole threads saved.",
        aliases=("ServiceEmailAutoTrackConversations", "EmailAutoTrackConversations", "Email threads auto-sync"),
        lowest=Level.GLOBAL,
    )
    mail_lookback_days: int = setting(
        6,
        "mail.lookback-days",
        "How many days before activation auto-saving reaches back.",
        lowest=Level.PROFILE,
        minimum=0,
        maximum=365,
    )
    mail_save_unlinked: bool = setting(
        False,
        "mail.save-unlinked",
        "Save e-mails although nobody on them is in Salesforce.",
        aliases=("SalesforceEmailAutoTrackIncludingNotShared",),
        lowest=Level.PROFILE,
    )
    mail_auto_track_mode: AutoTrackMode = setting(
        AutoTrackMode.GENERAL,
        "mail.auto-track-mode",
        "Which e-mails auto-saving takes: those with a Contact or Lead on them (general), also those with anybody "
        "outside your organization who is not blocklisted (forced), or with such a one who is not at a free mail "
        "service either (flexible), or whose domain is that of an Account's website (smart), or that name an "
        "Account, Opportunity or Case as links.mentions has it (useful). Records of people are made only where "
        "resolving says so.",
        aliases=("SalesforceEmailAutoTrackMode",),
        lowest=Level.PROFILE,
    )
    mail_folders: tuple[str, ...] = setting(
        (),
        "mail.folders",
        "Further folders whose e-mails count like those in the Inbox, by their paths: inbox/* is everything below "
        "the Inbox, new folders too; archive is the Archive; Projects/North is a folder within another.",
        aliases=("ExchAdditionalEmailFolders", "SyncArchiveFolder"),
        additive=True,
    )
    mail_folders_excluded: tuple[str, ...] = setting(
        (),
        "mail.folders-excluded",
        "Folders that are left out again, with everything below them.",
        additive=True,
    )
    resolving: Resolving = setting(
        Resolving.OFF,
        "resolving",
        "Make records of people outside whom Salesforce does not know: Leads, Contacts, or, with smart, a "
        "Contact where an Account has its website and a Contact at the domain, else a Lead. Of everybody on an "
        "e-mail or a meeting where nobody is known, in the mode Flexible on any. Never of colleagues, of "
        "blocklisted people, at free mail services, or at addresses of machines and groups.",
        aliases=("SalesforceEmailCreateAllUnresolvedRecipients", "SalesforceSmartCreateUnresolvedObjects"),
        lowest=Level.GLOBAL,
    )
    resolving_lookup: bool = setting(
        True,
        "resolving.account-lookup",
        "Put a new Contact under the Account of other Contacts at the domain, else under the one with the "
        "domain's website or name.",
        aliases=("SalesforceContactAutoLookupAccount",),
        lowest=Level.GLOBAL,
    )
    resolving_create: bool = setting(
        True,
        "resolving.account-create",
        "Where no Account is found for a new Contact, make one, named after the domain.",
        aliases=("SalesforceContactAutoCreateAccount",),
        lowest=Level.GLOBAL,
    )
    resolving_account: str = setting(
        "",
        "resolving.account",
        "The id of the one Account that all new Contacts are put under; empty: an Account is looked up or made.",
        lowest=Level.GLOBAL,
    )
    resolving_signatures: bool = setting(
        True,
        "resolving.signatures",
        "Fill title, phones, a Lead's company, and a name where the e-mail displays none, from the signature of "
        "the one who wrote it, where it is clear.",
        lowest=Level.GLOBAL,
    )
    resolving_persons: bool = setting(
        False,
        "resolving.person-accounts",
        "Make Person Accounts where a Contact would be made, and smart would make a Lead, if the org has them.",
        aliases=("Create Person accounts",),
        lowest=Level.GLOBAL,
    )
    resolving_defaults: tuple[str, ...] = setting(
        (),
        "resolving.defaults",
        "Values that new records carry because the org requires them, such as Lead.LeadSource=Web; no commas.",
        aliases=("DefaultsForCreate",),
        lowest=Level.GLOBAL,
    )
    mail_way: MailWay = setting(
        MailWay.BOTH,
        "mail.direction",
        "Which e-mails auto-saving takes: received ones (inbound), sent ones (outbound), or both.",
        aliases=("inbound only", "outbound only"),
        lowest=Level.PROFILE,
    )
    skip_spam: bool = setting(
        True,
        "mail.skip-spam",
        "Leave out what a spam filter marked, though it reached the Inbox.",
        lowest=Level.PROFILE,
    )
    thread_field: str = setting(
        "",
        "mail.thread-field",
        "A field of Tasks of your own that has the id of the e-mail's thread too, such as ThreadId__c; "
        "EmailMessages have ThreadIdentifier.",
        aliases=("Thread ID field", "ConversationId"),
        lowest=Level.GLOBAL,
    )
    direction_field: str = setting(
        "",
        "direction.field",
        "The field of a saved Task or EmailMessage that says which way the e-mail went, such as Direction__c; "
        "empty: our package's own field on Tasks, and Salesforce's own on EmailMessages.",
        aliases=("Email direction field",),
        lowest=Level.PROFILE,
    )
    inbound_label: str = setting(
        "Inbound",
        "direction.inbound-label",
        "What direction.field and direction.in-subject say of a received e-mail.",
        aliases=("Label for inbound emails",),
        lowest=Level.PROFILE,
    )
    outbound_label: str = setting(
        "Outbound",
        "direction.outbound-label",
        "What they say of a sent one.",
        aliases=("Label for outbound emails",),
        lowest=Level.PROFILE,
    )
    direction_in_subject: bool = setting(
        False,
        "direction.in-subject",
        "Let the subject in Salesforce begin with the label, such as Inbound: Offer.",
        lowest=Level.PROFILE,
    )
    mail_record: RecordChoice = setting(
        RecordChoice.AUTO, "mail.record", "What an e-mail becomes in Salesforce.", lowest=Level.PROFILE
    )
    store_body: bool = setting(
        True,
        "mail.store-body",
        "Save the text of e-mails. Where it is off, no text is saved, whoever asks for the mail to be.",
        aliases=("SalesforceEmailSafeDescriptionSync",),
        lowest=Level.PROFILE,
    )
    crop_quotes: bool = setting(
        False,
        "mail.crop-quotes",
        "Leave out earlier e-mails that are quoted below a reply. Forwarded e-mails, and quotes that somebody "
        "answered within, stay whole.",
        aliases=("Crop previous messages in thread",),
        lowest=Level.PROFILE,
    )
    category_fields: tuple[str, ...] = setting(
        (),
        "categories.fields",
        "What categories of an e-mail mean in Salesforce when it is saved, such as Urgent->Task.Priority=High; no "
        "commas. What the org does not take is left out, and told.",
        aliases=("Outlook categories",),
        lowest=Level.PROFILE,
        additive=True,
    )
    internal_domains: tuple[str, ...] = setting(
        (),
        "org.internal-domains",
        "E-mail domains of your organization; mail among them alone is internal.",
        aliases=("Organization email domains",),
        lowest=Level.PROFILE,
        additive=True,
    )
    include_internal: bool = setting(
        False,
        "mail.include-internal",
        "Treat colleagues like anybody outside: mail among them is saved too, when a Contact or Lead is on it or "
        "whatever else the settings ask for. The mailbox's own addresses stay internal.",
        aliases=("Include internal emails into search results",),
        lowest=Level.PROFILE,
    )
    internal_known: bool = setting(
        False,
        "mail.internal-known",
        "Treat a colleague who is a Contact or Lead like anybody outside. The mailbox's own addresses stay "
        "internal.",
        lowest=Level.PROFILE,
    )
    blocklist: tuple[str, ...] = setting(
        (),
        "blocklist",
        "Addresses and domains that are never saved automatically nor linked. No wildcards.",
        aliases=("ServiceAutoTrackBlackList",),
        additive=True,
    )
    blocklist_pinned: tuple[str, ...] = setting(
        (),
        "blocklist.pinned",
        "Entries of the blocklist that no level below can take off.",
        lowest=Level.PROFILE,
        additive=True,
    )
    blocklist_removed: tuple[str, ...] = setting(
        (),
        "blocklist.removed",
        "Entries of levels above, free mail services and internal domains that were taken off the blocklist.",
        additive=True,
    )
    blocklist_removable: bool = setting(
        False,
        "blocklist.removable",
        "Let the levels below take entries off the blocklist that are not pinned.",
        aliases=("ServiceItemsDeletedFromAutoTrackBlackList",),
        lowest=Level.PROFILE,
    )
    exclude_free_mail: bool = setting(
        True,
        "blocklist.free-mail-domains",
        "Leave out addresses at free mail services.",
        lowest=Level.PROFILE,
    )
    free_mail_known: bool = setting(
        False,
        "blocklist.free-mail-known",
        "Let an address at a free mail service count when it is exactly that of a Contact or Lead.",
        lowest=Level.PROFILE,
    )
    link_opportunities: bool = setting(
        True,
        "links.opportunities",
        "Relate what is saved automatically to your open Opportunity that was changed last, of those on the "
        "Accounts of the Contacts in From, To and Cc; where there is none, to the Account. An e-mail with "
        "Contacts and no Account is then not saved automatically, unless a Lead is on it.",
        aliases=("Link to Opportunities", "Linking to Opportunities"),
    )
    link_mentions: bool = setting(
        True,
        "links.mentions",
        "Relate a saved e-mail to the Account, Opportunity or Case whose link stands in its subject or text, to "
        "the Case whose Email-to-Case reference stands there, or to the one whose number stands in its subject, "
        "if you may see it.",
        lowest=Level.PROFILE,
    )
    link_replies: bool = setting(
        False,
        "links.replies",
        "Relate a reply to what the e-mail that it answers is related to in Salesforce, if you may see it; a "
        "record whose link or reference stands in the reply comes first. Replies with a token of Lightning "
        "threading are related so in any case. Goes with links.mentions.",
        aliases=("Magic anchor",),
        lowest=Level.PROFILE,
    )
    case_days_back: int = setting(
        90,
        "links.case-days-back",
        "How many days old an open Case may be that is found by its number in a subject.",
        lowest=Level.PROFILE,
        minimum=0,
        maximum=3650,
    )
    never_linked: tuple[str, ...] = setting(
        (),
        "links.never",
        "Kinds of records that saved e-mails are never linked or related to, such as Opportunity. An e-mail is "
        "saved all the same.",
        aliases=("Disallow linking",),
        lowest=Level.PROFILE,
        additive=True,
    )
    link_person_alone: bool = setting(
        False,
        "links.person-alone",
        "Save e-mails automatically although no Contact on them has an Account.",
        lowest=Level.PROFILE,
    )
    opportunity_days_back: int = setting(
        365,
        "links.opportunity-days-back",
        "How many days ago an Opportunity may have been expected to close.",
        lowest=Level.PROFILE,
        minimum=0,
        maximum=3650,
    )
    opportunity_days_ahead: int = setting(
        180,
        "links.opportunity-days-ahead",
        "In how many days an Opportunity may be expected to close.",
        lowest=Level.PROFILE,
        minimum=0,
        maximum=3650,
    )
    attachments_save: bool = setting(
        True, "attachments.save", "Save the attachments of saved e-mails as Files.", lowest=Level.PROFILE
    )
    attachments_on_related: bool = setting(
        True,
        "attachments.on-related",
        "Put the Files also on the Account, Opportunity or Case that the e-mail is related to.",
        aliases=("SalesforceEmailLinkContentToBusinessObject",),
        lowest=Level.PROFILE,
    )
    attachments_max_bytes: int = setting(
        25 * 1024 * 1024,
        "attachments.max-bytes",
        "The largest attachment that is saved.",
        lowest=Level.PROFILE,
        minimum=0,
        maximum=25 * 1024 * 1024,
    )
    attachments_min_image_bytes: int = setting(
        100_000,
        "attachments.min-image-bytes",
        "Smaller images are taken for signature pictures and left out.",
        lowest=Level.PROFILE,
        minimum=0,
        maximum=25 * 1024 * 1024,
    )
    attachments_max_count: int = setting(
        100,
        "attachments.max-count",
        "How many attachments of an e-mail are saved, the first ones.",
        lowest=Level.PROFILE,
        minimum=0,
        maximum=100,
    )
    attachments_min_bytes_by_extension: tuple[str, ...] = setting(
        (),
        "attachments.min-bytes-by-extension",
        "The smallest files that are saved, by file name ending, such as pdf:2000. For these endings it replaces "
        "attachments.min-image-bytes.",
        lowest=Level.PROFILE,
        additive=True,
    )
    attachments_allowed_extensions: tuple[str, ...] = setting(
        (),
        "attachments.allowed-extensions",
        "The only file name endings that auto-saving takes; empty: all. Of a marked e-mail others are saved too.",
        aliases=("Email attachment extensions allow-list",),
        lowest=Level.PROFILE,
        additive=True,
    )
    attachments_blocked_extensions: tuple[str, ...] = setting(
        (),
        "attachments.blocked-extensions",
        "File name endings that are never saved, such as exe.",
        lowest=Level.PROFILE,
        additive=True,
    )
