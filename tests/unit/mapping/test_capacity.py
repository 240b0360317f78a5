"""What each kind of record holds of those an e-mail is linked to; the table is in docs/rules.md."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

import pytest

from crosstie.domain.address import Address
from crosstie.domain.operations import LinkedPerson, Save
from crosstie.domain.records import CONTACT, EMAIL_MESSAGE, LEAD, TASK, Person, RecordDraft
from tests.unit.mapping.builders import drafted, save
from tests.unit.mapping.cases_capacity import CASES
from tests.unit.rules.builders import OBJECTS

FEW = 5
"""People that are named one by one."""


def linked(listed: str) -> Iterator[LinkedPerson]:
    for one in listed.split():
        role, _, short = one.partition(":")
        kind, many, count = short.partition("*")
        for name in [f"{kind}{number}" for number in range(1, int(count) + 1)] if many else [short]:
            yield LinkedPerson(Person(OBJECTS[name[0]], name), role, f"{name.lower()}@customer.test")


def saved(object_name: str, listed: str, about: str) -> Save:
    """The mail names whom it is linked to, as a real one would."""
    people = tuple(linked(listed))
    named: dict[str, Any] = {
        role: tuple(Address.of(one.email) for one in people if one.role == role) for role in ("to", "cc", "bcc")
    }
    plain = save(object_name)
    who = next((one.person for one in people if one.person.object in (CONTACT, LEAD)), None)
    email = replace(plain.email, **named)
    return replace(plain, email=email, people=people, who=who, what_id=about)


def shown(label: str, ids: Sequence[str]) -> list[str]:
    if not ids:
        return []
    return [f"{label} {' '.join(ids)}" if len(ids) <= FEW else f"{label}:{len(ids)}"]


def of_message(made: RecordDraft) -> str:
    senders = [str(one.fields["RelationId"]) for one in made.children if one.parent_field == "EmailMessageId"]
    said = shown("from", senders)
    for role in ("To", "Cc", "Bcc"):
        ids = made.fields.get(f"{role}Ids") or ()
        assert isinstance(ids, tuple)
        said += shown(role.lower(), ids)
        left = str(made.fields.get(f"{role}Address") or "")
        said += [f"addresses {len(left.split('; '))}"] if left else []
    return _about(said, made.fields.get("RelatedToId"))


def of_task(made: RecordDraft) -> str:
    said = shown("Name", [str(made.fields["WhoId"])]) if made.fields.get("WhoId") else []
    ids = made.fields.get("TaskWhoIds") or ()
    assert isinstance(ids, tuple)
    others = ids[1:]
    said += [f"also {len(others)}" if len(others) > FEW else f"also {' '.join(others)}"] if others else []
    return _about(said, made.fields.get("WhatId"))


def _about(said: list[str], record_id: object) -> str:
    return ", ".join([*said, *([f"about {record_id}"] if record_id else [])]) or "–"


@pytest.mark.parametrize(
    ("listed", "about", "message", "shared", "alone"), [pytest.param(*case[1:], id=case[0]) for case in CASES]
)
def test_capacity(listed: str, about: str, message: str, shared: str, alone: str) -> None:
    assert of_message(drafted(saved(EMAIL_MESSAGE, listed, about))) == message
    assert of_task(drafted(saved(TASK, listed, about), many_people=True)) == shared
    assert of_task(drafted(saved(TASK, listed, about), many_people=False)) == alone
