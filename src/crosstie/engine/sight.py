"""With whose eyes people are known: a record that a mailbox's user may not read is as if it were not there.

We read the org as one who may see more than most. Where everybody may read the records of an object the org is not
asked; elsewhere it is, about all sessions of a batch at once.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from crosstie.domain.errors import CrosstieError
from crosstie.domain.records import ACCOUNT, RecordLinks
from crosstie.engine.facts import Facts
from crosstie.engine.ports import Ports
from crosstie.engine.session import Session


@dataclass(frozen=True, slots=True)
class Eyes:
    """Whose they are, and whom they are to see: addresses whose people are known by now."""

    user_id: str
    facts: Facts
    emails: frozenset[str]


def look(ports: Ports, asked: Sequence[Eyes], private: Collection[str]) -> None:
    """Which of these people's records each user may not read. `private` are the objects that not everybody may."""
    wanted = [one for one in asked if one.emails and one.facts.sighted is not None]
    claims = {
        (one.user_id, record)
        for one in wanted
        if one.user_id
        for record in _records(one.facts, one.emails, private)
    }
    hidden = ports.crm.hidden(claims) if claims else frozenset()
    for one in wanted:
        one.facts.hidden.update(record for user, record in hidden if user == one.user_id)
        if one.facts.sighted is not None:
            one.facts.sighted.update(one.emails)


def hidden(ports: Ports, user_id: str, record_ids: Sequence[str]) -> frozenset[str]:
    """Records that lead nowhere for this user: of a colleague, in an org where not everybody may see everything.
    An org that cannot be asked now hides nothing: what is shown is an address, and the org guards what is behind.
    """
    try:
        if not (user_id and record_ids and ports.crm.capabilities().private):
            return frozenset()
        return frozenset(record for _, record in ports.crm.hidden({(user_id, one) for one in record_ids}))
    except CrosstieError:
        return frozenset()


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


def _records(facts: Facts, emails: frozenset[str], private: Collection[str]) -> Iterator[str]:
    for people in facts.all_known(emails).values():
        for one in people:
            if one.object in private:
                yield one.record_id
            if one.account_id and ACCOUNT in private:
                yield one.account_id
