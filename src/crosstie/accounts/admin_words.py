"""What operators are told, and whoever gives roles and ends sign-ins; the rest is in words.py."""

from crosstie.accounts.words import Phrase

OPERATOR_TAKEN = Phrase(
    "OPERATOR-TAKEN", "{address} is an operator of this server already. To begin anew: crosstie operator reset."
)
INVITATION_OVER = Phrase(
    "INVITATION-OVER",
    "This invitation was used already, is older than a day, or was replaced. Ask whoever sent it for another.",
)
PASSWORD_BAD = Phrase("PASSWORD-BAD", "That password cannot be used. {why}")
PASSWORD_LONG = Phrase("PASSWORD-LONG", "That password cannot be used. It is longer than {most} characters.")
PASSWORDS_DIFFER = Phrase("PASSWORDS-DIFFER", "The two passwords are not the same.")
PASSWORD_WRONG = Phrase(
    "PASSWORD-WRONG",
    "Address and password do not fit, or too many were tried for this address within an hour. Then a browser in "
    "which you have signed in here before is still let in, and others wait.",
)
CODE_WRONG = Phrase(
    "CODE-WRONG",
    "That code is wrong, or was used already. Wait for the next one, and check that the clocks agree.",
)
KEY_OLD = Phrase("KEY-OLD", "This page was open for too long. Here is another key: add that one to your app.")
ROLE_UNKNOWN = Phrase("ROLE-UNKNOWN", "{value} is no role. Choose one of: {choices}.")
LAST_ADMIN = Phrase(
    "LAST-ADMIN", "{name} is the only platform admin. Make somebody else one first, or nobody could undo it."
)
SIGN_IN_INACTIVE = Phrase(
    "SIGN-IN-INACTIVE",
    "Your Salesforce user is inactive or frozen, so you cannot come in. Ask whoever administers Salesforce in "
    "your company. Once that is mended, it is seen here within an hour.",
)
SIGN_IN_ENDED = Phrase("SIGN-IN-ENDED", "Signed out there.")
SIGN_IN_OVER = Phrase("SIGN-IN-OVER", "That one is over already.")
