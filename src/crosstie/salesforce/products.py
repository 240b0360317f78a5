"""What other products do in the org, for one metered call: who signs in with which app, which apps hold tokens,
who changed our records after us and filled which packages' fields, and which Events Salesforce keeps itself.

Sign-ins and tokens of others are shown to those alone who may manage users and customize the application (the
vendor's object reference, LoginHistory and OauthToken); anybody else is shown their own, without a word.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from crosstie.domain.errors import NeedsConsent, Throttled
from crosstie.domain.products import Edited, Held, OrgLook, SignedIn, Unseen, namespace
from crosstie.domain.records import EMAIL_MESSAGE, EVENT, KEY_FIELD, TASK, whole_id
from crosstie.salesforce import errors, soql
from crosstie.salesforce.client import Client, PartAnswer, query_part, rows
from crosstie.salesforce.describe import FieldInfo, Schema
from crosstie.salesforce.queries import Row

MOST = 500
"""Groups of one question; the largest come first."""
MOST_FIELDS = 20
"""Fields of other packages that are counted on one object."""
CHANGED, EDITOR, OWNER, MANAGED = "LastModifiedDate", "LastModifiedById", "OwnerId", "IsClientManaged"
SUCCESS = "Success"
LOOKED_AT = {EVENT: (EDITOR, OWNER), EMAIL_MESSAGE: (EDITOR,)}
"""Objects of whose records it is asked who changed them, and whose they are; e-mails have no owner."""
_KEY_LIKE = re.compile(r"(_(key|id|uid|uuid|guid)|Key|Id|ID|Uid|UID|Guid|GUID)__c$")


def look(client: Client, schema: Schema, since: datetime) -> OrgLook:
    me = client.session.token().user_id
    marks = {name: _marks(schema, name) for name in LOOKED_AT}
    asked = dict(_questions(schema, marks, since))
    parts = [query_part(soql.render(question)) for question in asked.values()]
    answers, _ = client.composite("products", parts)
    told = {name: _rows(answer) for name, answer in zip(asked, answers, strict=True)}
    signed_in, held = told.get(Unseen.SIGN_INS), told.get(Unseen.TOKENS)
    edited = [one for name in LOOKED_AT if told.get(name) for one in _edited(name, told[name] or (), marks[name])]
    unseen = {
        Unseen.SIGN_INS: not me or not _shows_others(signed_in, me),
        Unseen.TOKENS: not me or not _shows_others(held, me),
        Unseen.RECORDS: not me or any(told.get(name) is None for name in LOOKED_AT if name in schema.objects),
        Unseen.MANAGED: told.get(Unseen.MANAGED) is None,
    }
    return OrgLook(
        since,
        [one for one in _signed_in(signed_in or ()) if one.user_id != me],
        _held(held or (), me),
        [one for one in edited if me and one.user_id != me],
        frozenset(_namespaces(schema)),
        sum(_number(row, "n") for row in told.get(Unseen.MANAGED) or () if row.get(MANAGED) is True),
        frozenset(one for one, so in unseen.items() if so),
    )


def _questions(
    schema: Schema, marks: Mapping[str, Mapping[str, str]], since: datetime
) -> Iterator[tuple[str, soql.Counts]]:
    """By what they are about; an object without our key cannot be asked which of its records are ours."""
    lately = soql.at_least("LoginTime", since)
    yield Unseen.SIGN_INS, soql.Counts("LoginHistory", ("UserId", "Application", "Status"), lately, MOST)
    used = soql.at_least("LastUsedDate", since)
    yield Unseen.TOKENS, soql.Counts("OauthToken", ("UserId", "AppName"), used, MOST)
    changed = soql.at_least(CHANGED, since)
    for name, fields in LOOKED_AT.items():
        if schema.keyed(name):
            ours = soql.every((soql.filled(KEY_FIELD), changed))
            yield name, soql.Counts(name, fields, ours, MOST, marks[name])
    if schema.shows(EVENT, MANAGED):
        where = soql.every((soql.equal(MANAGED, True), changed))
        yield Unseen.MANAGED, soql.Counts(EVENT, (MANAGED,), where, MOST)


def _marks(schema: Schema, name: str) -> Mapping[str, str]:
    """Alias → a field in which a package may keep what it calls the record by."""
    info = schema.objects.get(name)
    found = sorted(field for field, about in info.fields.items() if _is_mark(field, about)) if info else []
    return {f"f{number}": field for number, field in enumerate(found[:MOST_FIELDS])}


def _is_mark(field: str, about: FieldInfo) -> bool:
    """One that is written, not worked out, and holds one text that tells records apart."""
    written = about.createable and about.filterable and not about.defaulted and about.type == "string"
    return written and bool(namespace(field)) and (about.unique or bool(_KEY_LIKE.search(field)))


def _namespaces(schema: Schema) -> Iterator[str]:
    for name in (EVENT, TASK, EMAIL_MESSAGE):
        info = schema.objects.get(name)
        yield from filter(None, map(namespace, info.fields if info else ()))


def _rows(answer: PartAnswer) -> list[Row] | None:
    """None where the org will not say; raises where it says nothing to anybody now."""
    if not answer.ok:
        failure = errors.of_call(answer.status, answer.errors)
        if isinstance(failure, Throttled | NeedsConsent):
            raise failure
        return None
    return list(rows(answer))


def _shows_others(found: Sequence[Row] | None, me: str) -> bool:
    return any(_user(row, "UserId") not in ("", me) for row in found or ())


def _signed_in(found: Sequence[Row]) -> Iterator[SignedIn]:
    for row in found:
        app = row.get("Application")
        if isinstance(app, str) and row.get("Status") == SUCCESS:
            yield SignedIn(app, _user(row, "UserId"), _number(row, "n"))


def _held(found: Sequence[Row], me: str) -> list[Held]:
    others = [row for row in found if _user(row, "UserId") != me and isinstance(row.get("AppName"), str)]
    users = Counter(str(row["AppName"]) for row in others)
    return [Held(app, count) for app, count in users.items()]


def _edited(name: str, found: Sequence[Row], marks: Mapping[str, str]) -> Iterator[Edited]:
    users = dict.fromkeys(_user(row, EDITOR) for row in found)
    for user in users:
        theirs = [row for row in found if _user(row, EDITOR) == user]
        filled = {field: sum(_number(row, alias) for row in theirs) for alias, field in marks.items()}
        others = sum(_number(row, "n") for row in theirs if _user(row, OWNER) != user)
        yield Edited(name, user, others, {field: count for field, count in filled.items() if count})


def _user(row: Row, name: str) -> str:
    return whole_id(str(row.get(name) or ""))


def _number(row: Row, name: str) -> int:
    value = row.get(name)
    return int(value) if isinstance(value, int | float) else 0
