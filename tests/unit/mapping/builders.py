"""Saves as the engine plans them, out of the case tables' short forms."""

from typing import Any

from crosstie.domain import reasons
from crosstie.domain.email import Content
from crosstie.domain.keys import natural_key, record_key
from crosstie.domain.operations import Save, Trigger
from crosstie.domain.reasons import reason
from crosstie.domain.records import EMAIL_MESSAGE, RecordDraft
from crosstie.mapping.email import draft
from crosstie.ports.crm import CrmCapabilities
from crosstie.rules.direction import direction
from crosstie.rules.linking import link
from tests.unit.rules.builders import OWN, circle, mail, mailbox, people

OWNER = "005A"


def org(**differs: Any) -> CrmCapabilities:
    usual: dict[str, Any] = {"enhanced_email": True, "keyed": True, "many_people": True, "email_fields": {}}
    return CrmCapabilities(**(usual | differs))


def save(object_name: str = EMAIL_MESSAGE, known: dict[str, str] | None = None, **special: Any) -> Save:
    email = mail(**special)
    links = link(email, circle(mailbox()).sort(email), people(known or {}))
    natural = natural_key(email)
    return Save(
        email=email,
        natural=natural,
        key=record_key(natural),
        generation=0,
        object=object_name,
        trigger=Trigger.AUTO,
        direction=direction(email, OWN),
        reason=reason(reasons.SAVED_AUTO, object=object_name),
        people=links.people,
        who=links.who,
        what_id=links.what_id,
        order=links.what_id,
    )


def drafted(one: Save, content: Content | None = None, **differs: Any) -> RecordDraft:
    return draft(one, content or Content(text="Hello"), org(**differs), OWNER)
