"""Why somebody's mailbox was not activated, and what to do: a sentence a kind, for however many people it met."""

from dataclasses import dataclass, replace

from crosstie.accounts.trouble import advice
from crosstie.domain.activation import Step
from crosstie.domain.speech import noted, say


@dataclass(frozen=True, slots=True)
class Kind:
    """`advice` is empty where there is nothing to be mended. A kind with `again` is looked at anew when somebody
    tries the failed again.
    """

    code: str
    sentence: str
    advice: str = ""
    step: Step = Step.FAILED
    again: bool = True


ALREADY, OFF, OURSELVES = "ACTIVE-ALREADY", "SWITCHED-OFF", "SERVICE-ACCOUNT"
NO_USER, INACTIVE, NOBODY, SEVERAL = "CRM-USER-NONE", "CRM-USER-INACTIVE", "CRM-USER-NO-PERSON", "CRM-USER-SEVERAL"
OTHER_USER, MORE, UNPROVEN = "CRM-USER-OTHER", "CRM-USER-UNNAMED", "ADDRESS-UNPROVEN"
DENIED, NO_MAILBOX, ELSEWHERE = "GRAPH-ACCESS-DENIED", "GRAPH-NO-MAILBOX", "MAILBOX-ELSEWHERE"
SKIPPED = Step.SKIPPED

_KINDS = (
    Kind(ALREADY, "The mailbox is synchronized already.", step=SKIPPED, again=False),
    Kind(
        OURSELVES,
        "This is the service account that Crosstie works in Salesforce with; it is nobody's mailbox.",
        step=SKIPPED,
        again=False,
    ),
    Kind(
        OFF,
        "Somebody switched off sync of this mailbox.",
        "To switch it on again, name the person in a file: a file means exactly those who stand in it.",
        SKIPPED,
        again=False,
    ),
    Kind(
        INACTIVE,
        "The person's Salesforce user is not active.",
        "Activate the user in Salesforce Setup, or leave the person out.",
        SKIPPED,
    ),
    Kind(
        NOBODY,
        "The Salesforce user is that of a site, an integration or a machine.",
        "Such a user has no mailbox. Leave it out.",
        SKIPPED,
        again=False,
    ),
    Kind(
        "NO-LICENSE",
        "The person has no licence, and the profile gives none.",
        "Assign a licence to the person or to the profile.",
        SKIPPED,
    ),
    Kind("LICENSE-INACTIVE", "The person's licence is not active.", "Assign another licence.", SKIPPED),
    Kind(
        NO_MAILBOX,
        "There is no mailbox at this address: the account has no Exchange licence, its mailbox lies on the "
        "company's own servers, or its sign-in name is another one.",
        "Give the account a mailbox licence in Microsoft 365. The address in Salesforce must be the account's "
        "user principal name.",
        SKIPPED,
    ),
    Kind(
        DENIED,
        "The app may not enter this mailbox: it lies outside the group that the app is restricted to.",
        "Add the person to the group of the application access policy, or of the app's management scope; it may "
        "take 30 minutes until Microsoft heeds that. If nobody's mailbox can be entered, an administrator has yet "
        "to consent to Mail.ReadWrite.",
        SKIPPED,
    ),
    Kind(
        NO_USER,
        "No Salesforce user has this e-mail address.",
        "The address of the Salesforce user must be that of the mailbox. Correct it in Salesforce Setup, or name "
        "the user's id in a file.",
    ),
    Kind(
        SEVERAL,
        "Several active Salesforce users have this e-mail address, and one mailbox goes with one user.",
        "Give the others another address, or name the right user's id in a file.",
    ),
    Kind(
        OTHER_USER,
        "Here the person goes with another Salesforce user than the one found now.",
        "Look whose user it is, then name its id beside the address in a file. A mailbox that is synchronized is "
        "deactivated first; nothing in Salesforce is deleted by that.",
    ),
    Kind(
        MORE,
        "The person is an administrator or an operator here, and the Salesforce user was found by the address "
        "alone, which can be changed there.",
        "Look whose user it is, then name its id beside the address in a file.",
    ),
    Kind(
        UNPROVEN,
        "The person registered themselves, and nobody has shown yet that this address is theirs.",
        "They show it on Set up sync, by signing in at the mailbox's vendor. Or look who they are, then confirm "
        "or remove them below People who come by themselves.",
    ),
    Kind(
        "CRM-USER-TAKEN",
        "The Salesforce user belongs to another person here.",
        "One mailbox goes with one Salesforce user. Choose another user, or name the other person's own in a file "
        "first.",
    ),
    Kind(
        "CRM-USER-BAD",
        "What was given is not the id of a Salesforce user.",
        "It starts with 005 and has 15 or 18 characters.",
    ),
    Kind(
        ELSEWHERE,
        "The mailbox is connected to another customer of this server.",
        "A mailbox belongs to one customer: deactivate it there first.",
    ),
    Kind(
        "MAILBOX-TAKEN",
        "The mailbox is somebody else's here.",
        "One mailbox goes with one Salesforce user: deactivate it for the other person first.",
    ),
    Kind(
        "MAILBOX-OTHER",
        "The person has another mailbox here already.",
        "Deactivate that one before you activate another one.",
    ),
    Kind("ADDRESS-BAD", "The address is not an e-mail address.", "Correct it where it comes from."),
    Kind("UNKNOWN", "There is no profile or licence of the name that was given.", "Correct the name."),
    Kind("TIME-ZONE-UNKNOWN", "The time zone is not known.", "Write it like Europe/Berlin or America/New_York."),
)
KINDS = {kind.code: kind for kind in _KINDS}
FINAL = frozenset(kind.code for kind in _KINDS if not kind.again)


def of(code: str) -> Kind:
    """In the reader's language; for a code that is no kind of its own, an error of a connector's."""
    known = KINDS.get(code)
    if known is None:
        said = say(noted("The mailbox could not be looked at ({code})."), code=code)
        return Kind(code, said, advice.for_code(code))
    return replace(known, sentence=say(known.sentence), advice=say(known.advice))
