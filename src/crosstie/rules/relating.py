"""To which Opportunity a mail is related that is saved automatically; what is left out for want of an Account."""

from collections.abc import Iterable
from datetime import date, timedelta

from crosstie.domain import reasons
from crosstie.domain.address import BCC
from crosstie.domain.mailboxes import MailboxInfo
from crosstie.domain.reasons import Reason, reason
from crosstie.domain.records import CONTACT, OPPORTUNITY, Opportunity
from crosstie.domain.settings import Resolving, Settings
from crosstie.rules.linking import Links
from crosstie.rules.participants import Participants
from crosstie.rules.relevance import takes_strangers


def sought(links: Links, settings: Settings) -> frozenset[str]:
    """Accounts whose Opportunities come into question: of the Contacts in From, To and Cc."""
    if not settings.link_opportunities or OPPORTUNITY in settings.never_linked:
        return frozenset()
    contacts = (one.person for one in links.people if one.role != BCC and one.person.object == CONTACT)
    return frozenset(person.account_id for person in contacts if person.account_id)


def latest(known: Iterable[Opportunity], settings: Settings, today: date) -> Opportunity | None:
    """Of the user's open ones the one modified last, then the one created last, then the one with the lowest id.

    One that should have closed long ago is forgotten rather than open, and one far ahead is not what people write
    about today.
    """
    first = today - timedelta(days=settings.opportunity_days_back)
    last = today + timedelta(days=settings.opportunity_days_ahead)
    fitting = sorted((one for one in known if first <= one.closes_on <= last), key=lambda one: one.record_id)
    return max(fitting, key=lambda one: (one.modified_at, one.created_at), default=None)


def account_verdict(links: Links, participants: Participants, info: MailboxInfo) -> Reason | None:
    """Why a mail with known people on it is not saved automatically: nothing of business can be related to it.

    A Lead has no Account and needs none. Where the mail would be saved although nobody on it were known, or where
    people are made known, a Contact without an Account is no reason to leave it out.
    """
    if takes_strangers(participants, info) or not lacks_account(links, info.settings):
        return None
    return reason(reasons.NO_ACCOUNT)


def lacks_account(links: Links, settings: Settings) -> bool:
    """Whether an Account is wanted, for a mail or a meeting with somebody known on it, and there is none."""
    if not settings.link_opportunities or settings.link_person_alone or settings.resolving is not Resolving.OFF:
        return False
    return not (links.what_id or links.leads or links.who is None)
