"""Adopting what another product or an earlier installation has saved, page by page, at an administrator's word."""

import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import partial

from crosstie.accounts import audit, words
from crosstie.accounts.audit import SYSTEM, Actor, Deed
from crosstie.accounts.connection import mailboxes
from crosstie.accounts.connection.mailboxes import MailboxRef
from crosstie.accounts.sync import backfills
from crosstie.accounts.sync.backfills import Days
from crosstie.accounts.words import Unacceptable
from crosstie.domain.email import Email
from crosstie.domain.errors import CrosstieError
from crosstie.domain.mailboxes import Lease, Span
from crosstie.engine import adopting
from crosstie.engine.adopting import Fate, Finding, Page, Wishes
from crosstie.engine.ports import Ports
from crosstie.jobs import wiring
from crosstie.store.sql import org_of

TRIES = 15
PAUSE = 2.0
"""Seconds between two tries to have the mailbox for ourselves."""
NEXT = timedelta(minutes=2)
"""Until sessions may have it again between two of our pages."""
SAMPLE = 20
"""Mails that are named; the others are counted."""
TASK_FIELDS = ("REVGRD__InternetMessageId__c", "InternetMessageId__c")
"""Where the product that many come from keeps the Message-ID on Tasks."""
_FIELD = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,79}")
SHOWN = (Fate.ADOPTED, Fate.IMPORTED, Fate.MISSING, Fate.NAMELESS, Fate.UNFIT, Fate.DELETED)


@dataclass(frozen=True, slots=True)
class Named:
    """A mail of the sample, fetched live and kept nowhere."""

    item_id: str
    fate: str
    subject: str
    received_at: datetime | None
    record: str
    others: int


@dataclass(slots=True)
class Report:
    """`counts` by fate; `doubled` mails have several records of which the oldest was taken. `stopped_at`: further,
    older mails were not looked at.
    """

    days: Days
    dry: bool
    looked: int = 0
    counts: dict[str, int] = field(default_factory=dict)
    doubled: int = 0
    stamped: int = 0
    calls: int = 0
    sample: list[Named] = field(default_factory=list)
    stopped_at: datetime | None = None

    def add(self, page: Page) -> None:
        self.looked += page.looked
        for one in page.findings:
            self.counts[one.fate.value] = self.counts.get(one.fate.value, 0) + 1
        self.doubled += sum(one.others > 0 for one in page.findings)
        by_fate = Counter(one.fate for one in self.sample)
        for one in page.findings:
            if one.fate in SHOWN and by_fate[one.fate.value] < SAMPLE // len(SHOWN) + 1:
                by_fate[one.fate.value] += 1
                self.sample.append(_named(one, one.email))


def wishes(*, everything: bool, imports: bool, stamps: bool, fields: list[str]) -> Wishes:
    """Raises Unacceptable for a name that no field has."""
    for name in fields:
        if not _FIELD.fullmatch(name):
            raise Unacceptable(words.FIELD_UNKNOWN, value=name[:80])
    return Wishes(everything, imports, stamps, tuple(dict.fromkeys((*TASK_FIELDS, *fields))))


def adopt(
    ref: MailboxRef, wanted: Wishes, first: str, last: str, *, dry: bool, most: int, actor: Actor = SYSTEM
) -> Report:
    """Of the newest `most` mails of these days. A dry run writes nothing.

    Each page is finished by itself: whoever is interrupted begins again, and what was adopted is passed over.
    Raises Unacceptable, and what mailbox and org raise.
    """
    house = wiring.get()
    span = backfills.window(ref, first, last, house.clock.now())
    report = Report(backfills.days_of(ref, span), dry)
    ports, meter = house.ports(ref.scope), house.crm.open(org_of(ref.scope)).meter
    before = meter.total
    if not dry:
        details = {"from": report.days.first.isoformat(), "to": report.days.last.isoformat()}
        details |= {"imports": str(wanted.imports), "stamps": str(wanted.stamps), "all": str(wanted.everything)}
        target = f"mailbox {ref.mailbox_id}"
        audit.record(ref.scope, Deed(house.clock.now(), actor, "mailbox.adopt", target, details))
    try:
        for page in _pages(ports, ref, span, wanted, report):
            report.add(page)
            if report.looked >= most and page.reached > span.since:
                report.stopped_at = page.reached
                break
    finally:
        report.calls = meter.total - before
    return report


def _pages(ports: Ports, ref: MailboxRef, span: Span, wanted: Wishes, report: Report) -> Iterator[Page]:
    info = mailboxes.info(ref.scope, ref.mailbox_id)
    mailbox = ports.mailboxes.open(ref.mailbox_id, info.folders)
    reached = span.before
    while reached > span.since:
        look = partial(adopting.look, ports, info, mailbox, replace(span, before=reached), wanted)
        page = look() if report.dry else _carried_out(ports, ref, look, wanted, report)
        reached = page.reached
        yield page


def _carried_out(ports: Ports, ref: MailboxRef, look: Callable[[], Page], wanted: Wishes, report: Report) -> Page:
    """With the mailbox for ourselves, so that no session decides about the same mails meanwhile."""
    lease = _lease(ports, ref)
    adopted, code = 0, ""
    try:
        page = look()
        report.stamped += len(adopting.carry_out(ports, lease, page, wanted))
        adopted = sum(one.fate is Fate.ADOPTED for one in page.findings)
    except CrosstieError as error:
        code = error.code
        raise
    finally:
        due = ports.clock.now() + NEXT
        ports.states.release(lease, next_due=due, summary={"adopted": adopted}, error_code=code)
    return page


def _lease(ports: Ports, ref: MailboxRef) -> Lease:
    for number in range(TRIES):
        if number:
            ports.clock.sleep(PAUSE)
        now, seconds = ports.clock.now(), wiring.get().lease_seconds
        if lease := ports.states.claim(ref.mailbox_id, now, holder="adopt", lease_seconds=seconds):
            return lease
    raise Unacceptable(words.ADOPT_BUSY, address=ref.address)


def _named(one: Finding, email: Email) -> Named:
    record = one.record.record_id if one.record else ""
    return Named(email.item_id, one.fate.value, email.subject, email.received_at, record, one.others)
