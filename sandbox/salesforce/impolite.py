"""What happens in an org although nobody asked: flows, a rival product, recalculations. Switched, by the dice.

What is to happen seconds later is kept as an Intrusion and carried out by `catch_up`, which the application
calls before each request.
"""

from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Literal

from sandbox.salesforce import rival
from sandbox.salesforce.errors import SalesforceError
from sandbox.salesforce.ids import Id
from sandbox.salesforce.records import Row
from sandbox.salesforce.soql.engine import QueryPage
from sandbox.salesforce.switches import (
    AUTOMATION_EMPTIES_FIELDS,
    FIELDS_HIDE_IN_MID_RUN,
    FLOW_CHANGES_OWNER,
    FLOW_EDITS_EVERY_WRITE,
    FLOW_EDITS_NEW_ROWS,
    LOCATORS_DIE,
    PAGES_OVERLAP,
    PAGES_SHUFFLED,
    RIVAL_EDITS_ROWS,
    RIVAL_SAVES_SAME_MAIL,
    SHARING_FLICKERS,
    SMALL_PAGES,
    STAMPS_MOVE_AT_REST,
)
from sandbox.switches import Switch

if TYPE_CHECKING:
    from sandbox.salesforce.org import Org

Kind = Literal["rewrite", "empty", "give_away", "save_too"]

DELAYS = (0, 2, 20, 90)
"""Seconds after a write; none means within its transaction."""
HIDDEN_FOR = (60, 600)
"""Seconds a row or field is out of sight, at least and at most."""
REWRITTEN: dict[str, tuple[str, ...]] = {
    "Task": ("Subject", "Description"),
    "Event": ("Subject", "Location", "Description"),
    "EmailMessage": ("IsExternallyVisible",),
    "Contact": ("Title",),
    "Lead": ("Title",),
    "Account": ("Description",),
    "Opportunity": ("NextStep",),
}
EMPTIED: dict[str, tuple[str, ...]] = {
    "Task": ("Description",),
    "Event": ("Location", "Description"),
    "EmailMessage": ("RelatedToId",),
    "Contact": ("Title", "Phone"),
    "Lead": ("Title", "Phone"),
    "Account": ("Description",),
}
COPIED = ("Subject", "TextBody", "HtmlBody", "FromAddress", "FromName", "ToAddress", "CcAddress", "MessageDate",
          "MessageIdentifier", "Incoming", "Status", "RelatedToId")  # fmt: skip
LAST_ROWS_KEPT = 50


@dataclass(frozen=True, slots=True)
class Intrusion:
    due: datetime
    kind: Kind
    record: Id
    user: Id
    """On whose behalf; empty for the rival's own user."""


@dataclass(frozen=True, slots=True)
class HiddenField:
    until: datetime
    object: str
    field: str
    user: Id


@dataclass(slots=True)
class Mischief:
    """What an org's bad manners have begun and not ended yet."""

    intrusions: list[Intrusion] = field(default_factory=list)
    hidden: HiddenField | None = None
    rival_due: datetime | None = None
    """When the other product runs next; None before it is installed."""
    copies_due: datetime | None = None
    """When the product that copies events does so next."""
    copied: set[str] = field(default_factory=set)
    """Events and appointments it has copied, or made as copies."""
    last_rows: dict[str, dict[str, Any]] = field(default_factory=dict)
    """Locator → the last row of its page given last."""
    acting: bool = False
    """An intrusion is being carried out: it provokes no other."""


AFTER_INSERT: tuple[tuple[Switch, Kind, bool], ...] = (
    (FLOW_EDITS_NEW_ROWS, "rewrite", False),
    (FLOW_CHANGES_OWNER, "give_away", False),
    (AUTOMATION_EMPTIES_FIELDS, "empty", False),
    (RIVAL_SAVES_SAME_MAIL, "save_too", True),
)
AFTER_ANY_WRITE: tuple[tuple[Switch, Kind, bool], ...] = (
    (FLOW_EDITS_EVERY_WRITE, "rewrite", False),
    (RIVAL_EDITS_ROWS, "rewrite", True),
)
"""Switch, what happens, and whether a rival does it: he comes when the write is over, never within it."""


def after_insert(org: "Org", user: Id, row: dict[str, Any]) -> None:
    _provoke(org, user, row, (*AFTER_INSERT, *AFTER_ANY_WRITE))


def after_update(org: "Org", user: Id, row: dict[str, Any]) -> None:
    _provoke(org, user, row, AFTER_ANY_WRITE)


def _provoke(org: "Org", user: Id, row: dict[str, Any], kinds: tuple[tuple[Switch, Kind, bool], ...]) -> None:
    """Of two writes one is followed by something."""
    core = org.core
    if org.mischief.acting or "Id" not in row:
        return
    for switch, kind, after in kinds:
        if not core.switches.on(switch) or core.dice.random() < 0.5:
            continue
        delay = core.dice.choice(DELAYS[1:] if after else DELAYS)
        due = core.clock.now() + timedelta(seconds=delay)
        intrusion = Intrusion(due, kind, row["Id"], "" if after else user)
        if delay:
            org.mischief.intrusions.append(intrusion)
        else:
            _carry_out(org, intrusion)


def catch_up(org: "Org") -> int:
    """What is due by now happens; answers how much that was."""
    rival.run(org)
    now = org.core.clock.now()
    due = [one for one in org.mischief.intrusions if one.due <= now]
    for one in sorted(due, key=lambda one: one.due):
        org.mischief.intrusions.remove(one)
        _carry_out(org, one)
    hidden = org.mischief.hidden
    if hidden is not None and hidden.until <= now:
        org.show_field(hidden.object, hidden.field, user=hidden.user)
        org.mischief.hidden = None
    org.core.access.reveal(now)
    return len(due)


def _carry_out(org: "Org", one: Intrusion) -> None:
    row = org.core.live(one.record)
    if row is None:
        return
    org.mischief.acting = True
    try:
        with suppress(SalesforceError):
            user = one.user or rival.user(org)
            _ACTS[one.kind](org, user, row)
    finally:
        org.mischief.acting = False


def _rewrite(org: "Org", user: Id, row: Row) -> None:
    """Every rewrite has the same end, so that a flow and its opponent can go on for ever."""
    name = org.object_of(row["Id"])
    shape = org.core.shape(name)
    changes: dict[str, Any] = {}
    for field_name in REWRITTEN.get(name, ()):
        fact = shape.field(field_name)
        old = row.get(field_name)
        if fact is not None and fact.type == "boolean":
            changes[field_name] = not old
        elif fact is not None and not str(old or "").endswith(" (checked)"):
            changes[field_name] = f"{str(old or '')[: fact.length - 10]} (checked)".strip()
    if changes:
        org.dml.update(user, name, row["Id"], changes)


def _empty(org: "Org", user: Id, row: Row) -> None:
    name = org.object_of(row["Id"])
    filled = [one for one in EMPTIED.get(name, ()) if row.get(one)]
    if filled:
        org.dml.update(user, name, row["Id"], {org.core.dice.choice(filled): None})


def _give_away(org: "Org", user: Id, row: Row) -> None:
    """To another active user; activities, people and deals have owners, mails have not."""
    name = org.object_of(row["Id"])
    users = [one["Id"] for one in org.core.store.table("User").rows.values() if one.get("IsActive")]
    others = sorted(set(users) - {row.get("OwnerId", "")})
    if name in REWRITTEN and "OwnerId" in row and others:
        org.dml.update(user, name, row["Id"], {"OwnerId": org.core.dice.choice(others)})


def _save_too(org: "Org", user: Id, row: Row) -> None:
    if org.object_of(row["Id"]) != "EmailMessage" or not row.get("MessageIdentifier"):
        return
    mail = {name: row[name] for name in COPIED if name in row}
    shown = {name: value.isoformat() if isinstance(value, datetime) else value for name, value in mail.items()}
    org.dml.insert(user, "EmailMessage", shown)


_ACTS = {"rewrite": _rewrite, "empty": _empty, "give_away": _give_away, "save_too": _save_too}


def stir(org: "Org", user: Id) -> None:
    """While somebody looks: a row is recalculated or hidden, a field vanishes."""
    core = org.core
    on, dice = core.switches.on, core.dice
    if on(STAMPS_MOVE_AT_REST) and dice.random() < 0.2:
        row = _any_row(org)
        if row is not None:
            org.touch(row["Id"])
    if on(SHARING_FLICKERS) and dice.random() < 0.2:
        row = _any_row(org)
        if row is not None:
            core.access.conceal(row["Id"], user, _some_time_later(org))
    if on(FIELDS_HIDE_IN_MID_RUN) and org.mischief.hidden is None and dice.random() < 0.1:
        _hide_a_field(org, user)


def _some_time_later(org: "Org") -> datetime:
    return org.core.clock.now() + timedelta(seconds=org.core.dice.randint(*HIDDEN_FOR))


def _any_row(org: "Org") -> Row | None:
    tables = [org.core.store.table(name) for name in REWRITTEN]
    filled = [table for table in tables if table.rows]
    if not filled:
        return None
    rows = org.core.dice.choice(filled).rows
    row = rows[org.core.dice.choice(sorted(rows))]
    return None if row.get("IsDeleted") else row


def _hide_a_field(org: "Org", user: Id) -> None:
    """One that an admin may take from a profile: custom, or optional and writable."""
    core = org.core
    shape = core.shape(core.dice.choice([name for name in REWRITTEN if core.schema.object(name) is not None]))
    facts = [one for one in shape.present() if one.updateable and (one.custom or one.nillable)]
    chosen = core.dice.choice(sorted(fact.name for fact in facts))
    org.hide_field(shape.name, chosen, user=user)
    org.mischief.hidden = HiddenField(_some_time_later(org), shape.name, chosen, user)


def page_size(org: "Org", asked: int) -> int:
    return org.core.dice.choice((1, 3, 7, asked)) if org.core.switches.on(SMALL_PAGES) else asked


def lose_locator(org: "Org", locator: str) -> None:
    if org.core.switches.on(LOCATORS_DIE) and org.core.dice.random() < 0.3:
        org.queries.cursors.forget(locator)


def disturb(org: "Org", page: QueryPage, before: str = "") -> QueryPage:
    """The page as a careless server sends it; `before` is the locator it was asked by."""
    on, mischief = org.core.switches.on, org.mischief
    rows = list(page.records)
    last = mischief.last_rows.pop(before, None)
    if on(PAGES_OVERLAP) and page.locator is not None and rows:
        mischief.last_rows = dict(list(mischief.last_rows.items())[-LAST_ROWS_KEPT:])
        mischief.last_rows[page.locator] = rows[-1]
    if last is not None:
        rows.insert(0, last)
    if on(PAGES_SHUFFLED) and (before or not page.done):
        org.core.dice.shuffle(rows)
    return replace(page, records=rows)
