"""Every sentence about the account that Crosstie works in Salesforce with (accounts/words.py has the others)."""

from crosstie.accounts.words import Phrase

SERVICE_CONNECTED = Phrase(
    "SERVICE-CONNECTED",
    "Salesforce is connected as {username}. Sync goes on within seconds, from where it stopped; what the account "
    "may do is looked at now.",
)
SERVICE_STANDS = Phrase("SERVICE-STANDS", "Salesforce lets {username} in.")
SERVICE_IS_PERSON = Phrase(
    "SERVICE-IS-PERSON",
    "This Salesforce account belongs to {address}, who is a person here, so nothing was changed. Crosstie works "
    "for everybody with an account of its own, which nobody else uses: what it writes would be taken for what "
    "that person did. Make such a user in Salesforce Setup, then connect with that one.",
)
PERSON_IS_SERVICE = Phrase(
    "PERSON-IS-SERVICE",
    "Crosstie itself works in Salesforce as the user {value}, so it can be nobody's here. Choose the person's own "
    "user.",
)
SERVICE_OTHER_ORG = Phrase(
    "SERVICE-OTHER-ORG",
    "This account is of another Salesforce org than the one that is connected, so nothing was changed: all that "
    "was saved would be saved there once more. Log out of Salesforce, and use an account of {label}.",
)
SERVICE_OTHER = Phrase(
    "SERVICE-OTHER",
    "You signed in to Salesforce as {given}, but Crosstie acts as {wanted}, so nothing was changed. Log out of "
    "Salesforce and sign in as {wanted}, or press Change the account if it shall be another one from now on.",
)
SERVICE_NO_API = Phrase(
    "SERVICE-NO-API",
    "Salesforce lets {username} sign in, but not use its interface for programs, so nothing was changed. Give the "
    "account the permission API Enabled in Salesforce Setup; the edition of the org must have that interface too.",
)
SERVICE_SHORT = Phrase(
    "SERVICE-SHORT",
    "Salesforce let us in for this visit only, or not to its records, so nothing was changed. Give the app in "
    "Salesforce the scopes api and refresh_token, then connect once more.",
)
SERVICE_DENIED = Phrase("SERVICE-DENIED", "Access was not allowed at Salesforce, so nothing was changed.")
SERVICE_IP = Phrase(
    "SERVICE-IP",
    "Salesforce did not let the account in from here (OAUTH_APPROVAL_ERROR_GENERIC): its profile has login IP "
    "ranges, and this server or your browser is outside of them. Widen the ranges, or set IP Relaxation of the "
    "app to Relax IP restrictions. Nothing was changed.",
)
SERVICE_REFUSED = Phrase(
    "SERVICE-REFUSED",
    "Salesforce did not let us in: {said} ({code}). Nothing was changed. Look in Salesforce Setup whether the app "
    "is installed and not blocked, and whether the account is active and may use it.",
)
SERVICE_CLIENT = Phrase(
    "SERVICE-CLIENT",
    "Salesforce does not know this app, or its secret is wrong ({code}). Nothing was changed. Copy consumer key "
    "and secret from the app's page in Salesforce Setup once more.",
)
SERVICE_UNAPPROVED = Phrase(
    "SERVICE-UNAPPROVED",
    "Salesforce did not take the certificate for {username}: {said} ({code}). Nothing was changed. The key must "
    "be that of the certificate in the app, an administrator must have approved the app for the account, and the "
    "name must be its username at {login}.",
)
SERVICE_AWAY = Phrase(
    "SERVICE-AWAY",
    "Salesforce does not answer as it should at the moment ({code}). Nothing was changed; try again.",
)
LOGIN_FOREIGN = Phrase(
    "LOGIN-FOREIGN",
    "{value} is not one of Salesforce's addresses. Choose production or sandbox, or give your My Domain, such as "
    "https://example.my.salesforce.com.",
)
CLIENT_MISSING = Phrase(
    "CLIENT-MISSING", "Give the app's consumer key, as it stands on its page in Salesforce Setup."
)
USERNAME_MISSING = Phrase(
    "USERNAME-MISSING",
    "Give the username of the account that Crosstie shall act as, such as crosstie@example.com.",
)
KEY_BAD = Phrase(
    "KEY-BAD",
    "This is no private RSA key in PEM form, or it has a password. It begins with -----BEGIN PRIVATE KEY----- or "
    "-----BEGIN RSA PRIVATE KEY-----; the certificate is the other file, and goes into the app at Salesforce.",
)
KEY_WEAK = Phrase("KEY-WEAK", "This key has {bits} bits; Salesforce wants 2048 at least. Make another one.")
LOOKING = Phrase("LOOKING", "Salesforce is looked at. What comes of it appears below.")
MAKING = Phrase("MAKING", "The fields are being made in Salesforce. How far it is appears below.")
ORG_NOT_YOURS = Phrase("ORG-NOT-YOURS", "There is no such Salesforce org here.")
