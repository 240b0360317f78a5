"""What each page costs as a company grows: SQL queries, kilobytes of a first visit, milliseconds of the server."""

import os
import re
import time
from argparse import ArgumentParser, Namespace
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin

from bench.calls import Unsound
from bench.measured import Measured
from tests.simulation.database import ground

if TYPE_CHECKING:
    from django.test import Client

    from crosstie.jobs.wiring import Wiring
    from tests.unit.web.office import Office
    from tests.unit.web.staff import Staff

SIZES = (20, 100, 500)
"""Users of the org, each with a mailbox; every one but the reader's stands still."""
KILOBYTES = 150.0
TIMES = 3
"""Visits whose quickest is reported; one before them fills what a process keeps."""
ADMIN, USER = "administrator", "user"
CASES: Mapping[str, str] = {
    "general": "/",
    "strip": "/sync",
    "backfill": "/backfill?from=2026-11-01&to=2026-11-10",
    "issues": "/issues",
    "issues-list": "/issues/list",
    "linking": "/linking",
    "blocklist": "/blocklist",
    "mail": "/mail",
    "mail-block": "/mail/block?item={item}",
    "calendar": "/calendar",
    "events-leaving": "/settings/events/leaving",
    "sign-in": "/sign-in",
    "operator": "/operator",
    "operator-welcome": "/operator/welcome?operator={operator}&token={invitation}",
    "mailbox-sign-in-callback": "/mailbox/sign-in/callback?admin_consent=True&tenant=x",
    "products": "/products",
    "activate": "/people/activate",
    "activate-run": "/people/activate/run?run={run}",
    "activate-progress": "/people/activate/progress?run={run}",
    "connections": "/connections",
    "connections-progress": "/connections/progress?org={org}",
    "sign-ins": "/sign-ins",
    "audit": "/audit",
    "mend": "/mend",
    "activation": "/activation",
    "activation-later": "/activation/later",
    "connectivity": "/connectivity",
    "disconnect": "/connectivity/disconnect",
    "tokens": "/tokens",
    "register": "/register",
    "register-letter": "/register/letter",
    "register-account": "/register/account",
    "register-mailbox": "/register/mailbox",
    "register-without": "/register/mailbox/without",
    "register-data": "/register/data",
    "register-count": "/register/data?count=yes",
    "activation-letter": "/activation/letter",
}
"""By the name of each address that answers with a page, or with a part of one. The last one wants a company whose
people sign in to their mailboxes.
"""
NO_PAGES = frozenset(
    {
        "health",
        "language",
        "audit-csv",
        "connectivity-log",
        "sign-in-callback",
        "sign-in-microsoft-callback",
        "sign-in-google-callback",
    }
)
"""Answer GET with something else: a word, a file, the way on to a page."""
ADMINISTRATORS = frozenset(
    {
        "products",
        "activate",
        "activate-run",
        "activate-progress",
        "audit",
        "backfill",
        "mail-block",
        "connections",
        "connections-progress",
    }
)
LETTER = "activation-letter"
NEWCOMERS = "register-account"
"""Looked at by somebody whom Salesforce has proven and who is nobody here yet."""
STRANGERS = frozenset({"sign-in", "operator", "operator-welcome", "register", "register-letter", NEWCOMERS})
"""Looked at by somebody who is not signed in."""
LOADED = re.compile(r'<(?:link|script|img)\b[^>]*?\b(?:href|src)="([^"]+)"')


@dataclass(frozen=True, slots=True)
class Visit:
    queries: int
    kilobytes: float
    milliseconds: float


@dataclass
class Ground:
    """A company of one size, with a browser of each of its readers."""

    staff: "Staff"
    values: Mapping[str, object]
    browsers: Mapping[str, "Client"]
    loaded: dict[str, int] = field(default_factory=dict)
    """Address → bytes of what pages load."""


def options(_parser: ArgumentParser) -> None:
    """There is nothing to choose."""


def measure(_asked: Namespace) -> Measured:
    """Queries may not grow with the company; nothing but the figures of the smallest one is their goal."""
    os.environ["CROSSTIE_TRUSTED_ORIGINS"] = "http://sandbox.test"
    ground()
    figures: dict[str, dict[str, dict[str, dict[str, float]]]] = {}
    wrong: list[str] = []
    for size in SIZES:
        company = _company(size)
        wrong += [one for one in without_case(company) if one not in wrong]
        for name, reader in readers():
            found = visited(company, name, reader)
            into = figures.setdefault(name, {}).setdefault(reader, {})
            for what, value in asdict(found).items():
                into.setdefault(what, {})[str(size)] = value
    return Measured(figures, goals(figures), wrong)


def readers() -> Iterator[tuple[str, str]]:
    """Each address that is there, with who looks at it."""
    from crosstie.web.access import TABLE

    for name in CASES:
        if name not in TABLE:
            continue
        if name not in STRANGERS | ADMINISTRATORS:
            yield name, USER
        yield name, ADMIN


def goals(figures: Mapping[str, Mapping[str, Mapping[str, Mapping[str, float]]]]) -> dict[str, float]:
    most: dict[str, float] = {}
    for name, by_reader in figures.items():
        for reader, found in by_reader.items():
            for size in map(str, SIZES):
                most[f"{name}.{reader}.queries.{size}"] = found["queries"][str(SIZES[0])]
                most[f"{name}.{reader}.kilobytes.{size}"] = KILOBYTES
    return most


def without_case(company: Ground) -> Iterator[str]:
    """Addresses of which nobody has said what they cost: each answers GET, and has no case here."""
    from django.urls import reverse

    from crosstie.web.access import TABLE

    for name in TABLE:
        if name in CASES or name in NO_PAGES or name.startswith("api:"):
            continue
        status = company.browsers[ADMIN].get(reverse(name)).status_code
        if status != 405:
            yield f"no case for the address {name}, which answers GET with {status}"


def visited(company: Ground, name: str, reader: str) -> Visit:
    from django.db import connection, reset_queries
    from django.test.utils import CaptureQueriesContext

    from crosstie.store.models import Purse
    from tests.unit.web.test_connecting import offer

    browser = _stranger(company, name) if name in STRANGERS else company.browsers[reader]
    if name == LETTER:
        offer(company.staff.office)
    path = CASES[name].format(**company.values)
    times: list[float] = []
    for _ in range(1 + TIMES):
        Purse.objects.all().delete()
        reset_queries()
        with CaptureQueriesContext(connection) as queries:
            began = time.perf_counter()
            answer = browser.get(path)
            times.append(time.perf_counter() - began)
        count = len(queries)  # the next request empties what was captured
    if answer.status_code != 200:
        raise Unsound(f"{path} answers {reader} with {answer.status_code}")
    size = len(answer.content) + sum(_weight(company, browser, path, answer.content.decode()))
    return Visit(count, round(size / 1000, 1), round(min(times[1:]) * 1000, 1))


def _weight(company: Ground, browser: "Client", path: str, page: str) -> Iterator[int]:
    """Bytes of each file that a page loads, as they are, not compressed. What it holds itself loads nothing."""
    for address in {urljoin(path, one) for one in LOADED.findall(page) if not one.startswith("data:")}:
        if address not in company.loaded:
            answer = browser.get(address)
            if answer.status_code != 200:
                raise Unsound(f"{path} loads {address}, which answers {answer.status_code}")
            content: Any = answer.getvalue()
            company.loaded[address] = len(content)
        yield company.loaded[address]


def _stranger(company: Ground, name: str) -> "Client":
    from crosstie.web.newcomers import NEWCOMER

    office = company.staff.office
    browser = office.browser()
    if name == NEWCOMERS:
        session = browser.session
        session[NEWCOMER] = {
            "org": office.org.org_id,
            "user": company.values["newcomer"],
            "at": office.clock.now().isoformat(),
        }
        session.save()
    return browser


# -- the company ---------------------------------------------------------------------------------------
@cache
def _wiring() -> "Wiring":
    """The process's own, as it is before a company takes its place."""
    from crosstie.jobs import wiring

    return wiring.get()


def _company(size: int) -> Ground:
    from crosstie.jobs import wiring
    from tests.tables import empty
    from tests.unit.web.office import Office

    empty()
    office = Office(_wiring())
    wiring.get = cache(lambda: office.house)
    return grown(office, size)


def grown(office: "Office", size: int) -> Ground:
    """The small company with so many users."""
    from tests.unit.web.office import ADA, BEN, CLEO
    from tests.unit.web.staff import Staff

    staff = Staff(office)
    names = [CLEO, *(f"n{number}@larch.test" for number in range(size - 3))]
    for name in names[1:]:
        staff.hire(name)
    run = staff.everybody(goes_on=True)
    staff.work(run, size // 25 + 4)
    if len(staff.boxes()) != size:
        raise Unsound(f"{len(staff.boxes())} of {size} are active")
    _stand_still(staff, names)
    values = {
        "org": office.org.org_id,
        "run": run.run_id,
        "item": _saved(staff),
        "newcomer": _newcomer(staff),
    } | _invited(staff)
    browsers = {ADMIN: office.signed_in(ADA), USER: office.signed_in(BEN)}
    return Ground(staff, values, browsers)


def _saved(staff: "Staff") -> str:
    """An e-mail of the administrator's that is in Salesforce."""
    from crosstie.store.models import ItemState
    from tests.unit.web.office import ADA

    staff.office.mail("Offer", "nora@birchworks.test")
    staff.office.sync()
    saved = ItemState.of(staff.office.scope).exclude(record_id="").filter(mailbox__address=ADA)
    return str(saved.values_list("item_id", flat=True)[0])


def _stand_still(staff: "Staff", names: list[str]) -> None:
    """For a reason that an administrator is told of."""
    from crosstie.accounts.trouble import stops
    from crosstie.jobs import notices
    from crosstie.store.models import Mailbox

    now, scope = staff.office.clock.now(), staff.office.org.scope
    boxes = Mailbox.of(staff.office.scope).filter(address__in=names)
    boxes.update(state="suspended", last_error_code="GRAPH-NO-MAILBOX")
    stops.begin(scope, {box.pk: box.last_error_code for box in boxes}, now)
    notices.run_notices("")


def _newcomer(staff: "Staff") -> str | None:
    """The Salesforce user of somebody who may make themselves an account."""
    from crosstie.store.models import Org, Registration

    Org.of(staff.office.scope).update(registration=Registration.USERS)
    staff.hire("newcomer@larch.test", mailbox=False)
    return staff.office.company.site.org.user_by_username("0.newcomer@larch.test")


def _invited(staff: "Staff") -> dict[str, object]:
    from crosstie.accounts.sign_in import operators

    office = staff.office
    info = operators.add(office.scope, "olga@larch.test", "Olga Ray", office.clock)
    return {"operator": info.operator_id, "invitation": operators.invitation(info.operator_id, office.clock)}
