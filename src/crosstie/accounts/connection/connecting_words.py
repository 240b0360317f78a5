"""Every sentence about connecting one's own mailbox, as accounts/words.py has those of all else."""

from crosstie.accounts.words import Phrase
from crosstie.domain.speech import noted, say

PERMISSIONS = {
    "Mail.ReadWrite": noted("your e-mails"),
    "Calendars.ReadWrite": noted("your calendar"),
    "MailboxSettings.ReadWrite": noted("the settings of your mailbox"),
    "User.Read": noted("your name and addresses"),
    "offline_access": noted("access while you are away"),
}
"""What a mailbox's owner allows, by the vendor's own names."""


def permissions() -> list[str]:
    return [say(one) for one in PERMISSIONS.values()]


def missing(names: str) -> str:
    """Of permissions, apart by blanks, as a person may read them."""
    return ", ".join(say(PERMISSIONS.get(name, name)) for name in names.split())


CONNECTED = Phrase(
    "CONNECTED",
    "The mailbox {address} is connected. The first session starts within seconds, and looks at "
    "the e-mails of the last days.",
)
CONNECTED_NO_CALENDAR = Phrase(
    "CONNECTED",
    "The mailbox {address} is connected, and the first session starts within seconds. We may not use "
    "its calendar: your administrator can grant the permission Calendars.ReadWrite.",
)
CONNECTED_WAITS = Phrase(
    "CONNECTED",
    "The mailbox {address} is connected. Choose what is kept in step: the first session starts when you press "
    "Start, or by itself in {minutes} minutes.",
)
CONNECT_DECLINED = Phrase(
    "CONNECT-DECLINED",
    "You said no at Microsoft, so nothing was connected. If Microsoft asked for an administrator there, send "
    "yours a letter.",
)
CONNECT_ADMIN = Phrase(
    "CONNECT-ADMIN",
    "Microsoft lets only an administrator of your organization allow this. Nothing was connected yet: send yours "
    "this letter.",
)
CONNECT_PARTIAL = Phrase(
    "CONNECT-PARTIAL",
    "Not all that is needed was allowed: {missing} is missing. Nothing was connected. Connect once more and allow "
    "all of it, or send your administrator a letter.",
)
CONNECT_OTHER = Phrase(
    "CONNECT-OTHER",
    "You signed in to the mailbox {signed}, but yours is {own}. Nothing was connected: sync of another mailbox "
    "would look healthy and do the wrong thing. Sign in as somebody else, with {own}.",
)
CONNECT_NO_MAILBOX = Phrase(
    "CONNECT-NO-MAILBOX",
    "Microsoft has no mailbox for {own}. Ask your administrator for a licence with Exchange Online, then connect "
    "once more.",
)
CONNECT_SHUT = Phrase(
    "CONNECT-SHUT",
    "The mailbox {own} does not let us in. Ask your administrator to let the app into it, then connect once more.",
)
CONNECT_NO_WAY = Phrase(
    "CONNECT-NO-WAY",
    "Your administrator has not connected this server to your organization's mailboxes yet, so there is nothing "
    "to press here.",
)
CONNECT_RULED_OUT = Phrase(
    "CONNECT-RULED-OUT",
    "Your administrator lets people connect their mailboxes in another way than those there are here, or not by "
    "themselves. Ask them to connect yours.",
)
CONNECT_BEFORE = Phrase("CONNECT-BEFORE", "Your mailbox is connected already.")
CONNECT_DISABLED = Phrase(
    "CONNECT-DISABLED",
    "An administrator has switched sync off for your mailbox, and only an administrator can switch it on again.",
)
STAYED = Phrase("STAYED", "The mailbox stays connected. What was taken out of your calendar comes back.")
LEFT_ALREADY = Phrase("LEFT-ALREADY", "The mailbox is disconnected, or on its way there.")
