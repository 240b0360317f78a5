"""What was done in this tenant, for its platform admins: by whom, when, from where. Also as a table for a file."""

import csv
import io
import json
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, time, timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from crosstie.accounts import audit
from crosstie.accounts.audit import Actor, Deed, Entry, Wanted
from crosstie.accounts.people import PersonInfo
from crosstie.jobs import wiring
from crosstie.store.cleanup import AUDIT_DAYS
from crosstie.web.visits import signed_in

PAGE = 50
MOST = 20_000
"""Rows of one file; a narrower time gives the rest."""
COLUMNS = ("at", "who", "face", "address", "action", "target", "details")
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""Beginnings that a spreadsheet takes for something to carry out."""


@require_safe
@signed_in
def page(request: HttpRequest, person: PersonInfo) -> HttpResponse:
    number = _number(request.GET.get("page", ""))
    found = list(audit.entries(person.scope, _wanted(request), skip=number * PAGE, limit=PAGE + 1))
    query = request.GET.copy()
    query.pop("page", None)
    context = {
        "person": person,
        "here": "audit",
        "entries": [(entry, _details(entry)) for entry in found[:PAGE]],
        "actions": _kinds(audit.actions(person.scope)),
        "given": {name: request.GET.get(name, "") for name in ("who", "action", "from", "to")},
        "query": query.urlencode(),
        "number": number,
        "newer": number - 1,
        "older": number + 1 if len(found) > PAGE else 0,
        "days": AUDIT_DAYS,
    }
    return render(request, "crosstie/audit.html", context)


@require_safe
@signed_in
def table(request: HttpRequest, person: PersonInfo) -> HttpResponse:
    """As comma-separated values, in UTC; that somebody took them along is written down too."""
    wanted = _wanted(request)
    audit.record(person.scope, Deed(wiring.get().clock.now(), Actor(audit.WEB, person.person_id), "audit.export"))
    rows = (_cells(entry) for entry in audit.entries(person.scope, wanted, limit=MOST))
    answer = HttpResponse("".join(_written((COLUMNS, *rows))), content_type="text/csv; charset=utf-8")
    answer.headers["Content-Disposition"] = 'attachment; filename="crosstie-audit.csv"'
    return answer


def _cells(entry: Entry) -> tuple[str, ...]:
    deed = entry.deed
    texts = (entry.who, deed.actor.face, entry.caller, deed.action, deed.target, _details(entry))
    return (deed.at.strftime("%Y-%m-%dT%H:%M:%SZ"), *(_harmless(text) for text in texts))


def _harmless(text: str) -> str:
    return f"'{text}" if text.startswith(_FORMULA) else text


def _written(rows: Iterable[tuple[str, ...]]) -> Iterator[str]:
    for row in rows:
        line = io.StringIO()
        csv.writer(line).writerow(row)
        yield line.getvalue()


def _details(entry: Entry) -> str:
    details = entry.deed.details
    return json.dumps(dict(details), ensure_ascii=False, sort_keys=True) if details else ""


def _wanted(request: HttpRequest) -> Wanted:
    given = request.GET
    return Wanted(
        who=given.get("who", "").strip(),
        action=given.get("action", "").strip(),
        since=_day(given.get("from", "")),
        before=_day(given.get("to", ""), after=1),
    )


def _day(text: str, after: int = 0) -> datetime | None:
    """The beginning of a day where the reader is, or of one so many `after` it, in UTC.

    What is no day means no limit, and so does one that is beyond the calendar there.
    """
    try:
        day = date.fromisoformat(text) + timedelta(days=after)
        return timezone.make_aware(datetime.combine(day, time())).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 7 else 0


def _kinds(actions: Iterable[str]) -> list[str]:
    """Each action, after the kind that it is of."""
    found = sorted(actions)
    return sorted({*found, *(action.partition(".")[0] for action in found)})
