"""What people are told who mend what stands still in Salesforce."""

from crosstie.accounts.words import Phrase

MEND_ORG_SIGNED_IN = Phrase(
    "MEND-ORG-SIGNED-IN", "Salesforce lets us in again. Sync goes on within seconds, from where it stopped."
)
MEND_ORG_OTHER = Phrase(
    "MEND-ORG-OTHER",
    "You signed in to Salesforce as {given}, but Crosstie acts as {wanted}, so nothing was changed. Log out of "
    "Salesforce, then sign in once more.",
)
MEND_ORG_SHORT = Phrase(
    "MEND-ORG-SHORT",
    "Salesforce let us in for this visit only, or not to its records, so nothing was changed. Give the app in "
    "Salesforce the scopes api and refresh_token, then sign in once more.",
)
MEND_USER_INACTIVE = Phrase(
    "MEND-USER-INACTIVE",
    "Salesforce says that the user of {address} is still inactive or frozen, so nothing was tried.",
)
