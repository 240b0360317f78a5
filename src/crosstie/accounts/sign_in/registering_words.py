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
ENTRANCE_MISSING = Phrase(
    "ENTRANCE-MISSING", "Say where you sign in to Salesforce: press one of the three buttons."
)
SITE_MISSING = Phrase(
    "SITE-MISSING", "Enter the address of your company's site, such as https://example.my.site.com/partners."
)
SITE_BAD = Phrase(
    "SITE-BAD",
    "{value} is not the address of a site. Write it like https://example.my.site.com/partners: https, without "
    "user name and port.",
)
SITE_FOREIGN = Phrase(
    "SITE-FOREIGN",
    "{host} is not at Salesforce, so you were not sent there. The address of a site ends in my.site.com, "
    "force.com, siteforce.com or salesforce.com.",
)
NO_SUCH_ORG = Phrase(
    "NO-SUCH-ORG",
    "This server is not connected to such a Salesforce org of yours, so nobody can come from it yet. Choose "
    "another button, or ask your administrator to connect it.",
)
REGISTERED = Phrase(
    "REGISTERED",
    "You are registered. The first session starts within seconds, and looks at the e-mails of the last days; from "
    "then on there is one every {minutes} minutes, around the clock. This page shows how it goes.",
)
YOUR_ADMINISTRATOR = noted("your administrator")


def registration_said(who: str, org: str) -> str:
    return say(REGISTRATION_SAID[who], org=org)
