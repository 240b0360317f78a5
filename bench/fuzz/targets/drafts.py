"""From an e-mail to its record, whatever is in it; the record must fit the fields it is for."""

import json
from dataclasses import dataclass, field

from crosstie.domain import reasons
from crosstie.domain.email import Content, Email
from crosstie.domain.keys import natural_key, record_key, variant_key
from crosstie.domain.operations import Save, Trigger
from crosstie.domain.reasons import reason
from crosstie.domain.records import EMAIL_MESSAGE, TASK
from crosstie.domain.settings import Settings
from crosstie.mapping.email import draft
from crosstie.mapping.email import losses as declared
from crosstie.mapping.text import LONE_SURROGATES, REFUSED, units
from crosstie.rules.direction import direction
from crosstie.rules.files import choose

ROOM = {(one.object, one.field): one.room for one in declared()}
SETTINGS = Settings(mail_auto_save=True)


@dataclass(frozen=True, slots=True)
class AnyOrg:
    """Every doubtful thing is there; lengths are the standard ones."""

    many_people: bool = True
    files: bool = True
    lengths: dict[str, int] = field(default_factory=dict)


def check_draft(email: Email, content: Content) -> None:
    """Both records the mail may become; AssertionError where a text is longer than its field or cannot be sent."""
    natural = natural_key(email)
    variant_key(email, natural)
    kept = choose(content.attachments, SETTINGS).kept
    for name in (EMAIL_MESSAGE, TASK):
        save = Save(
            email, natural, record_key(natural), 0, name, Trigger.AUTO, direction(email, frozenset()),
            reason(reasons.SAVED_AUTO, object=name),
        )  # fmt: skip
        made = draft(save, Content(content.html, content.text, content.headers, kept), AnyOrg(), "005A")
        for object_name, fields in ((name, made.fields), *((one.object, one.fields) for one in made.children)):
            for field_name, value in fields.items():
                if isinstance(value, str):
                    check_text(value, f"{object_name}.{field_name}", ROOM.get((object_name, field_name), 0))


def check_text(value: str, name: str, room: int) -> None:
    assert not room or units(value) <= room, f"{name} is longer than {room}"
    assert not LONE_SURROGATES.search(value), f"{name} has half a letter"
    assert not REFUSED.search(value), f"{name} has a sign that is refused"
    json.dumps(value).encode()
