"""Salesforce and the mailboxes: whether each lets us in, and what an org lacks. Reads only."""

import os
from collections.abc import Iterator
from functools import partial

from crosstie.accounts.activation import preflight as words
from crosstie.accounts.activation import products
from crosstie.cli.doctor.finding import Finding
from crosstie.config import secrets
from crosstie.config.environment import Config
from crosstie.domain.errors import CrosstieError, NeedsConsent, Retry, Throttled, Unclear
from crosstie.domain.products import OrgLook
from crosstie.jobs import preflight
from crosstie.jobs.products import SPAN
from crosstie.jobs.wiring import Wiring, get
from crosstie.rules import products as rules
from crosstie.store.models import Mailbox, MailboxState, Org, OrgState

PATIENCE = 30.0
"""Seconds for all mailboxes together."""
MOST = 200
"""Mailboxes that are asked; in a larger house these stand for the others."""


def examine(config: Config) -> Iterator[Finding]:
    """Needs Django and the tables. Nothing is asked before there are keys to open credentials with."""
    if secrets.peek(config.home, os.environ) is None:
        return
    house = get()
    for row in Org.everywhere().order_by("pk"):
        yield from _org(house, row)
    rows = list(Mailbox.everywhere().exclude(state=MailboxState.DISABLED).order_by("pk")[:MOST])
    yield from _mailboxes(house, rows)


def _org(house: Wiring, row: Org) -> Iterator[Finding]:
    name = f"The org {row.label or row.org_id}"
    if row.state == OrgState.NEEDS_CONSENT:
        sentence = f"{name} was refused too often ({row.error_code}) and is asked once an hour only."
        yield Finding.problem("salesforce", sentence, "Connect it anew; sync then goes on where it stopped.")
    if row.tick_failures and row.tick_due_at and row.tick_due_at > house.clock.now():
        sentence = (
            f"{name} could not be read {row.tick_failures} times in a row; it is left alone until "
            f"{row.tick_due_at:%H:%M} UTC."
        )
        yield Finding.warning("salesforce", sentence, "Nothing if it answers below: it is read again by itself.")
    crm = house.crm.open(row.pk)
    try:
        items = preflight.look(crm)
    except CrosstieError as error:
        yield _failure("salesforce", name, error, _CONNECT)
        return
    for item in items:
        said = words.words(item, name)
        yield Finding(item.level, "salesforce", said.sentence, said.advice)
    yield from _others(name, crm.products(house.clock.now() - SPAN))


def _others(name: str, look: OrgLook) -> Iterator[Finding]:
    """Apps are named: what the doctor says is for whoever runs the server."""
    found = rules.findings(look)
    for one in found:
        about = products.product(one)
        sentence = f"{name} has beside us: {about.name}. {products.sentence(one)}"
        yield Finding.warning("products", sentence, f"{about.where}: {about.disable}")
    if not found and not look.unseen:
        yield Finding.ok("products", f"{name} has no other product that keeps mailboxes in step.")
    elif look.unseen:
        kept = " ".join(products.UNSEEN[one] for one in sorted(look.unseen))
        yield Finding.ok("products", f"{name} does not show all that other products do. {kept}")


def _mailboxes(house: Wiring, rows: list[Mailbox]) -> Iterator[Finding]:
    asked = house.fanout.run([partial(_look, house, row.pk) for row in rows], timeout=PATIENCE)
    failed = [(row, said) for row, said in zip(rows, asked, strict=True) if isinstance(said, CrosstieError)]
    for row, error in failed:
        yield _failure("mailbox", row.address, error, _GRANT)
    if len(failed) < len(rows):
        yield Finding.ok("mailbox", f"{len(rows) - len(failed)} mailbox(es) let us in.")


def _look(house: Wiring, mailbox_id: int) -> None:
    house.mailboxes.open(mailbox_id).latest(1)


_CONNECT = "Check the app, its secret and the user we act as in Salesforce, then connect the org anew."
_GRANT = "Check the app, its secret and its permissions at the vendor, then grant access anew."


def _failure(subject: str, name: str, error: CrosstieError, advice: str) -> Finding:
    """The vendor's own words are left out: reports are passed on."""
    if isinstance(error, Retry | Unclear):
        return Finding.problem(subject, f"{name} does not answer ({error.code}).", "Check network and firewall.")
    if isinstance(error, Throttled):
        return Finding.warning(subject, f"{name} asks us to slow down ({error.code}).", "Nothing: it goes on.")
    if isinstance(error, NeedsConsent):
        return Finding.problem(subject, f"{name} refuses our access ({error.code}).", advice)
    return Finding.problem(subject, f"{name} cannot be used as it is set up ({error.code}).", advice)
