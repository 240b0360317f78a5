"""What only a mail's text tells: which record it names. Asked about all mails of a chunk at once, if at all."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from crosstie.domain import reasons
from crosstie.domain.email import Content
from crosstie.domain.operations import Save
from crosstie.domain.reasons import reason
from crosstie.engine.session import Ports, Session
from crosstie.ports.crm import Mention
from crosstie.rules.mentions import mentioned


def relate(ports: Ports, saves: Sequence[tuple[Session, Save]], contents: Mapping[str, Content]) -> list[Save]:
    """The saves in order; those whose mail names a record that its user may see are related to that one."""
    hosts, now = ports.crm.capabilities().hosts, ports.clock.now()
    mentions = [_mention(session, save, contents[save.email.item_id], hosts, now) for session, save in saves]
    asked = [one for one in mentions if one is not None]
    answers = iter(ports.crm.named(asked) if asked else ())
    found = [next(answers) if one is not None else "" for one in mentions]
    return [_related(save, record_id) for (_, save), record_id in zip(saves, found, strict=True)]


def _mention(
    session: Session, save: Save, content: Content, hosts: frozenset[str], now: datetime
) -> Mention | None:
    settings = session.info.settings
    if not settings.link_mentions:
        return None
    found = mentioned(save.email.subject, content.html or content.text, hosts, settings.never_linked)
    since = now - timedelta(days=settings.case_days_back)
    return Mention(session.info.crm_user_id, found.records, found.cases, since) if found else None


def _related(save: Save, record_id: str) -> Save:
    if not record_id:
        return save
    return replace(save, what_id=record_id, reason=reason(reasons.SAVED_MENTIONED, object=save.object))
