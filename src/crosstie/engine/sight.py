"""With whose eyes people are known: a record that a mailbox's user may not read is as if it were not there.

We read the org as one who may see more than most. Where everybody may read the records of an object the org is not
asked; elsewhere it is, about all sessions of a batch at once.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from crosstie.domain.records import ACCOUNT, RecordLinks
from crosstie.engine.session import Ports, Session


def look(ports: Ports, asked: Sequence[tuple[Session, frozenset[str]]]) -> None:
    """Of each session's addresses, whose people are known by now: which of their records its user may not read."""
    wanted = [(session, emails) for session, emails in asked if emails and session.facts.sighted is not None]
    claims = {
        (session.info.crm_user_id, record)
        for session, emails in wanted
        if session.info.crm_user_id
        for record in _records(session, emails)
    }
    hidden = ports.crm.hidden(claims) if claims else frozenset()
    for session, emails in wanted:
        session.facts.hidden.update(record for user, record in hidden if user == session.info.crm_user_id)
        if session.facts.sighted is not None:
            session.facts.sighted.update(emails)


def filter_links(
    ports: Ports, sessions: Iterable[Session], links: Mapping[str, RecordLinks]
) -> Callable[[Session, RecordLinks], RecordLinks]:
    """What of the links that colleagues gave a record each session's user may see."""
    records = {one.record_id for some in links.values() for one in some.people}
    records |= {some.what_id for some in links.values() if some.what_id}
    users = {one.info.crm_user_id for one in sessions if one.facts.sighted is not None and one.info.crm_user_id}
    claims = {(user, record) for user in users for record in records}
    hidden = ports.crm.hidden(claims) if claims else frozenset()

    def seen(session: Session, some: RecordLinks) -> RecordLinks:
        out = {record for user, record in hidden if user == session.info.crm_user_id}
        people = tuple(one for one in some.people if one.record_id not in out)
        return RecordLinks("" if some.what_id in out else some.what_id, people)

    return seen


def _records(session: Session, emails: frozenset[str]) -> Iterator[str]:
    situation = session.situation
    private = situation.capabilities.private if situation else frozenset()
    for people in session.facts.all_known(emails).values():
        for one in people:
            if one.object in private:
                yield one.record_id
            if one.account_id and ACCOUNT in private:
                yield one.account_id
