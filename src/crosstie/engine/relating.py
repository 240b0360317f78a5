"""What only a mail's text tells: which record it names. Asked about several mails at once, if at all."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial

from crosstie.domain import reasons
from crosstie.domain.email import Content, Email
from crosstie.domain.errors import CrosstieError
from crosstie.domain.operations import Save
from crosstie.domain.reasons import reason
from crosstie.engine.ports import Ports
from crosstie.engine.session import Session
from crosstie.engine.texts import read
from crosstie.ports.crm import CrmCapabilities, Mention
from crosstie.rules.mentions import answered, mentioned

TEXTS_SECONDS = 120.0
Wanted = Mapping[str, Mention]
"""Item id → what the mail names."""


def relate(ports: Ports, saves: Sequence[tuple[Session, Save]], contents: Mapping[str, Content]) -> list[Save]:
    """The saves in order; those whose mail names a record that its user may see are related to that one."""
    offered, now = ports.crm.capabilities(), ports.clock.now()
    mentions = [
        None if save.named else mention(session, save.email, contents[save.email.item_id], offered, now)
        for session, save in saves
    ]
    asked = [one for one in mentions if one is not None]
    answers = iter(ports.crm.named(asked) if asked else ())
    found = [next(answers) if one is not None else "" for one in mentions]
    return [_related(save, record_id) for (_, save), record_id in zip(saves, found, strict=True)]


def name_all(ports: Ports, asked: Sequence[tuple[Session, frozenset[str]]]) -> None:
    """Answer each session's question which records its mails name, by their texts and one question to the org."""
    offered, now = ports.crm.capabilities(), ports.clock.now()
    calls: list[Callable[[], Wanted]] = [
        partial(_wanted, session, item_ids, offered, now) for session, item_ids in asked
    ]
    wanted: list[tuple[Session, str, Mention]] = []
    for (session, item_ids), found in zip(asked, ports.fanout.run(calls, timeout=TEXTS_SECONDS), strict=True):
        if isinstance(found, CrosstieError):
            session.error = found
            continue
        silent = item_ids - found.keys() - session.facts.unread.keys()
        session.facts.named.update(dict.fromkeys(silent, ""))
        wanted += [(session, item_id, one) for item_id, one in found.items()]
    try:
        answers = ports.crm.named([one for _, _, one in wanted]) if wanted else ()
    except CrosstieError as error:
        for session, _, _ in wanted:
            session.error = session.error or error
        return
    for (session, item_id, _), record_id in zip(wanted, answers, strict=True):
        session.facts.named[item_id] = record_id


def _wanted(session: Session, item_ids: frozenset[str], offered: CrmCapabilities, now: datetime) -> Wanted:
    found = {}
    for email, content in read(session, item_ids):
        one = mention(session, email, content, offered, now)
        if one is not None:
            found[email.item_id] = one
    return found


def mention(
    session: Session, email: Email, content: Content, offered: CrmCapabilities, now: datetime
) -> Mention | None:
    """What the org must be asked about; None where the mail names nothing."""
    settings = session.info.settings
    if not settings.link_mentions:
        return None
    text = content.html or content.text
    found = mentioned(email.subject, text, offered.hosts, settings.never_linked, offered.org_id)
    follows = offered.enhanced_email and (found.threaded or settings.link_replies)
    before = answered(content.headers) if follows else ()
    if not (found.records or found.references or found.cases or before):
        return None
    since = now - timedelta(days=settings.case_days_back)
    return Mention(session.info.crm_user_id, found.records, found.cases, since, found.references, before)


def _related(save: Save, record_id: str) -> Save:
    if not record_id:
        return save
    return replace(save, what_id=record_id, reason=reason(reasons.SAVED_MENTIONED, object=save.object))
