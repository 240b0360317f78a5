"""How a mail of a thread is linked: like the thread's first mail, or beside what its own rules say."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from crosstie.domain import reasons
from crosstie.domain.operations import Save, Trigger
from crosstie.domain.reasons import reason
from crosstie.domain.records import USER, Person, RecordLinks
from crosstie.domain.settings import Settings
from crosstie.rules.linking import along
from crosstie.rules.mentions import RELATABLE
from crosstie.rules.participants import Participants

Known = Mapping[str, tuple[Person, ...]]
"""Whom the addresses on the mail belong to."""


def like(
    save: Save, links: Sequence[RecordLinks], participants: Participants, known: Known, own: Settings
) -> Save:
    """The same links as the thread's mails have, whoever is on this one; colleagues are told as always."""
    wanted, what_id = _joined(links, own)
    colleagues = (one for one in save.people if one.person.object == USER)
    people = tuple(along(save.email, participants, known, wanted))
    return replace(
        save,
        people=(*colleagues, *people),
        who=next((one.person for one in people), None),
        what_id=what_id,
        reason=reason(reasons.SAVED_THREAD, object=save.object),
    )


def beside(
    save: Save, links: Sequence[RecordLinks], participants: Participants, known: Known, own: Settings
) -> Save:
    """What a colleague's thread is linked to comes on top. There is room for one record that the mail is related
    to, and a person chose the thread's.
    """
    wanted, what_id = _joined(links, own)
    there = {one.person.record_id for one in save.people}
    people = tuple(along(save.email, participants, known, [one for one in wanted if one.record_id not in there]))
    richer = replace(
        save,
        people=(*save.people, *people),
        who=save.who or next((one.person for one in people), None),
        what_id=what_id or save.what_id,
    )
    return richer if richer == save else replace(richer, reason=reason(reasons.SAVED_ALONG, object=save.object))


def combined(
    save: Save, links: Sequence[RecordLinks], participants: Participants, known: Known, own: Settings
) -> Save:
    combine = like if save.trigger is Trigger.THREAD else beside
    return combine(save, links, participants, known, own)


def _joined(links: Iterable[RecordLinks], own: Settings) -> tuple[list[Person], str]:
    """Everybody in order, each once; of what they are related to, the first. Less what is never linked."""
    listed = list(links)
    people = {one.record_id: one for each in listed for one in each.people if one.object not in own.never_linked}
    related = (
        each.what_id
        for each in listed
        if each.what_id and RELATABLE.get(each.what_id[:3], "") not in own.never_linked
    )
    return list(people.values()), next(related, "")
