"""What an administrator is told who lets the app into a company's mailboxes, and checks that it is let in."""

from crosstie.accounts.words import Phrase
from crosstie.domain.speech import noted

CONSENT_GIVEN = Phrase(
    "CONSENT-GIVEN",
    "Microsoft lets the app into the directory {directory}. Check a mailbox below: that shows whether it is let "
    "into mailboxes too.",
)
CONSENT_SLOW = Phrase(
    "CONSENT-SLOW",
    "Microsoft says that it was allowed, and does not heed it yet ({code}), so nothing was changed. That may take "
    "some minutes: then begin once more.",
)
CONSENT_STRANGER = Phrase(
    "CONSENT-STRANGER",
    "Whoever signed in after it was allowed is no member of the directory {directory}, so nothing was changed. "
    "Begin once more, and stay signed in as the administrator who allows it.",
)
CONSENT_SHARED = Phrase(
    "CONSENT-SHARED",
    "Other companies on this server use this app too, so Microsoft has to tell us that whoever allows it "
    "administers the directory, and did not. Nothing was changed. Use an app of your own; or have "
    "groupMembershipClaims set to DirectoryRole in the app's manifest, and come as a Global or Privileged Role "
    "Administrator.",
)
CONSENT_TAKEN = Phrase(
    "CONSENT-TAKEN",
    "With this app, the directory {directory} is connected for another company on this server, so nothing was "
    "changed. Use an app of your own.",
)
CONSENT_DECLINED = Phrase(
    "CONSENT-DECLINED", "It was not allowed at Microsoft, so nothing was changed. Begin once more to try again."
)
CONSENT_NO_ADMIN = Phrase(
    "CONSENT-NO-ADMIN",
    "Whoever signed in at Microsoft is no administrator there, and only one may allow it for the company, so "
    "nothing was changed. Begin once more and sign in as a Global or Privileged Role Administrator.",
)
CONSENT_STALE = Phrase(
    "CONSENT-STALE",
    "This answer of Microsoft's was not asked for in this browser, was used already, or took longer than ten "
    "minutes, so nothing was changed. Begin once more.",
)
CONSENT_FOREIGN = Phrase(
    "CONSENT-FOREIGN",
    "It was allowed for another directory ({given}) than yours ({wanted}), so nothing was changed. Sign out at "
    "Microsoft, then begin once more as an administrator of your own.",
)
CONSENT_REFUSED = Phrase("CONSENT-REFUSED", "Microsoft did not allow it: {said}. Nothing was changed.")
CONSENT_APP = Phrase(
    "CONSENT-APP",
    "Microsoft does not accept the app ({code}), so nothing was changed. Copy the client id and a client secret "
    "that has not run out from App registrations in Microsoft Entra.",
)
CONSENT_AWAY = Phrase(
    "CONSENT-AWAY",
    "Microsoft does not answer as it should at the moment ({code}). Nothing was changed; try again.",
)
DIRECTORY_BAD = Phrase(
    "DIRECTORY-BAD",
    "{value} is no directory. Give the directory (tenant) id from the app's page in Microsoft Entra, or a domain "
    "that is yours there.",
)
DIRECTORY_OTHER = Phrase(
    "DIRECTORY-OTHER",
    "The mailboxes are of the directory {known}, so {value} cannot be given. Nothing was changed.",
)
CLIENT_ID_MISSING = Phrase(
    "CLIENT-ID-MISSING",
    "Give the application (client) id and a client secret from the app's page in Microsoft Entra.",
)
MICROSOFT_FOREIGN = Phrase("MICROSOFT-FOREIGN", "{value} is not one of Microsoft's addresses.")
NOT_CONSENTED = Phrase("NOT-CONSENTED", "The mailboxes are not connected yet. Give consent for the company first.")
CHECKED_SAME = Phrase(
    "CHECKED-SAME", "Give two different addresses: one that may be opened, and one that may not."
)

OPENS = {
    "Mail.ReadWrite": noted("e-mails"),
    "Calendars.ReadWrite": noted("the calendar"),
    "MailboxSettings.ReadWrite": noted("the settings of the mailbox"),
    "User.Read.All": noted("name and other addresses"),
}
"""Application permission → what it opens."""
LET_IN = noted("Microsoft gives the app a token.")
OPENED = noted("{address}: {what} can be opened.")
PARTLY = noted("{address}: {what} cannot be opened ({code}).")
PARTLY_ADVICE = noted(
    "In Microsoft Entra, add the application permission {permission} to the app and give consent for the company "
    "again; where roles in Exchange restrict the app, assign the role Application {permission} too."
)
ALIASES_ADVICE = noted(
    "Without it only the address itself is known, and mails to the person's other addresses may look like a "
    "stranger's. Add the application permission {permission} if people have such."
)
CLOSED_ADVICE = noted(
    "If the mailbox lies outside of the group that the app is restricted to, add it there; Microsoft may take 30 "
    "minutes to heed that, and up to two hours."
)
NO_MAILBOX = noted("{address} has no mailbox in this directory ({code}).")
NO_MAILBOX_ADVICE = noted("Give the user principal name of somebody who has a licence with Exchange Online.")
STAYS_CLOSED = noted("{address} stays closed, as it should.")
STANDS_OPEN = noted("The app can open {address}, which shall stay closed.")
STANDS_OPEN_ADVICE = noted(
    "Grants add up: as long as the permissions are granted in Microsoft Entra for everybody, a role in Exchange "
    "restricts nothing. Remove them there after you have assigned the roles, then wait and check again."
)
NO_TOKEN = noted("Microsoft gives the app no token ({code}). {why}")
