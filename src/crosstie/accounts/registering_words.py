"""Every sentence about people who come by themselves, and about the org that they come from."""

from crosstie.accounts.words import Phrase
from crosstie.domain.speech import noted, say

REGISTRATION_UNKNOWN = Phrase(
    "REGISTRATION-UNKNOWN", "{value} is not one of those who may register themselves. Choose one of: {choices}."
)
REGISTRATION_SAID = {
    "nobody": noted("Nobody of {org} registers themselves from now on. Those who have an account keep it."),
    "users": noted("From now on, active users of {org} can make themselves an account here by signing in."),
}
REGISTER_CLOSED = Phrase(
    "REGISTER-CLOSED",
    "Salesforce knows you, but nobody here has your Salesforce account, and in your company people do not "
    "register themselves. Ask {whom} to add you, and tell them your Salesforce user's id: {user}.",
)
REGISTER_NOT_PERSON = Phrase(
    "REGISTER-NOT-PERSON",
    "Salesforce knows you, but not as an active user of your company's own: users of sites and integrations have "
    "no account here. Ask your administrator, or sign out of Salesforce and come back as somebody else.",
)
REGISTER_NO_ADDRESS = Phrase(
    "REGISTER-NO-ADDRESS",
    "Your Salesforce user has no e-mail address that can be used. Enter it in Salesforce, in your personal "
    "information, and come back.",
)
REGISTER_ADDRESS_TAKEN = Phrase(
    "REGISTER-ADDRESS-TAKEN",
    "Somebody here has the address {address} already, and an address alone proves nobody. Ask {whom} to look, and "
    "tell them your Salesforce user's id: {user}.",
)
REGISTER_AWAY = Phrase(
    "REGISTER-AWAY",
    "Your company's Salesforce could not be asked who you are, so nothing was made. Try again in a few minutes.",
)
YOUR_ADMINISTRATOR = noted("your administrator")


def registration_said(who: str, org: str) -> str:
    return say(REGISTRATION_SAID[who], org=org)
