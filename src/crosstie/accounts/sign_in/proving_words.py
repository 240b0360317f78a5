"""Every sentence about whether an address is somebody's own who registered themselves."""

from crosstie.accounts.words import Phrase

ADDRESS_UNPROVEN = Phrase(
    "ADDRESS-UNPROVEN",
    "Somebody who registered themselves has the address {address}, and nobody has shown yet that it is theirs. "
    "Look who they are, then confirm or remove them: in Activate people, or with crosstie people confirm and "
    "remove.",
)
PROOF_OWED = Phrase(
    "PROOF-OWED",
    "Nobody has shown yet that {own} is your address, so no mailbox was opened. Sign in at your mailbox's vendor "
    "by the button on this page, or ask {whom} to confirm the address.",
)
PROOF_OTHER = Phrase(
    "PROOF-OTHER",
    "{vendor} does not say that {own} is an address of the account that you signed in with, so nothing was "
    "connected. Sign in there with {own}. If that is not yours, ask {whom} to remove this account, have the "
    "address corrected in Salesforce, and register once more.",
)
PROVEN = Phrase("PROVEN", "{own} is yours: {vendor} says so.")
SIGN_IN_UNPROVEN = Phrase(
    "SIGN-IN-UNPROVEN",
    "Somebody registered here whose address in Salesforce is {own}, and has not shown yet that it is theirs. If "
    "that was you, sign in with Salesforce, and then with {vendor} by the button for your mailbox. If not, tell "
    "{whom}.",
)
CONFIRMED = Phrase(
    "CONFIRMED",
    "By your word {address} is the address of {name}: they may connect the mailbox, and are found by it.",
)
OWN_WORD = Phrase(
    "OWN-WORD",
    "Your own word proves nothing: sign in at your mailbox's vendor, or have another administrator confirm your "
    "address.",
)
REMOVED = Phrase("PERSON-REMOVED", "The account that {name} made with the address {address} is gone.")
NOT_WAITING = Phrase("PERSON-NOT-WAITING", "Nobody waits for a word about that address any more.")
HAS_MAILBOX = Phrase(
    "PERSON-HAS-MAILBOX",
    "{name} has a mailbox here, of which much is remembered, so the account was not removed. Confirm the address, "
    "or have the person show that it is theirs.",
)
