"""Connections: how a company's Salesforce and mailboxes are entered, and what is lacking. For administrators."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from crosstie.accounts.activation import org_runs, preflight
from crosstie.accounts.activation.preflight import Words
from crosstie.accounts.connection import connections as mail
from crosstie.accounts.connection import orgs
from crosstie.accounts.connection.orgs import OrgInfo
from crosstie.accounts.people import PersonInfo
from crosstie.accounts.sign_in import workspaces
from crosstie.accounts.sign_in.signing_in import Way
from crosstie.accounts.trouble import letters
from crosstie.accounts.words import TOO_OFTEN, Answer, Unacceptable
from crosstie.domain.access import AuthMode
from crosstie.domain.preflight import Level
from crosstie.domain.stopping import cause
from crosstie.jobs.fields import FIELDS
from crosstie.jobs.preflight import PREFLIGHT
from crosstie.store.models import OrgState
from crosstie.web import connection_forms, mailbox_sign_in, org_sign_in, sign_in
from crosstie.web.connection_forms import Form, Typed
from crosstie.web.visits import signed_in, tell

PACE = 2
"""Seconds between two looks of the page at what is under way."""
ENTERED = {
    AuthMode.REFRESH_TOKEN: _("by having signed in as it"),
    AuthMode.JWT_BEARER: _("by certificate"),
    AuthMode.CLIENT_CREDENTIALS: _("by the app's own secret; the app names the account"),
}
BADGES = {
    Level.OK: (_("In order"), "good"),
    Level.WARNING: (_("Look at it"), "busy"),
    Level.PROBLEM: (_("Problem"), "bad"),
}
ORDER = (Level.PROBLEM, Level.WARNING, Level.OK)


@dataclass(frozen=True, slots=True)
class Line:
    badge: str
    tone: str
    words: Words


@require_safe
@signed_in
def page(request: HttpRequest, person: PersonInfo) -> HttpResponse:
    return shown(request, person, connection_forms.left_with(request))


def refused(request: HttpRequest, person: PersonInfo, form: Form, refusal: Unacceptable) -> HttpResponse:
    """The page once more, with what was typed, and why that cannot be beside it."""
    given = connection_forms.typed(request, form, refusal.sentence)
    return shown(request, person, given, status=429 if refusal.code == TOO_OFTEN.code else 400)


def shown(
    request: HttpRequest,
    person: PersonInfo,
    given: Typed | None = None,
    check: Mapping[str, Any] | None = None,
    status: int = 200,
) -> HttpResponse:
    """`check` is what stands in the form that opens a mailbox, and what came of it."""
    found = orgs.of_tenant(person.scope)
    if given and not connection_forms.is_here(given, found):
        tell(request, Answer(False, "", given.sentence))
    context = {
        "person": person,
        "here": "connections",
        "orgs": [_org(one) | looked(one) | {"forms": connection_forms.of_org(one, given)} for one in found],
        "first_org": connection_forms.of_org(None, given),
        "callback": org_sign_in.redirect_uri(),
        "mailboxes": _mailboxes(person, given),
        "check": {"inside": person.address} if check is None else check,
        "mailbox_callback": mailbox_sign_in.redirect_uri(),
        "google": _google(person),
    }
    return render(request, "crosstie/connections.html", context, status=status)


@require_safe
@signed_in
def progress(request: HttpRequest, person: PersonInfo) -> HttpResponse:
    """The part of the page that changes while an org is looked at."""
    wanted = request.GET.get("org", "")
    for one in orgs.of_tenant(person.scope):
        if str(one.org_id) == wanted:
            context = _org(one) | looked(one) | {"moving": True}
            return render(request, "crosstie/parts/preflight.html", context)
    return HttpResponse(status=404)


def _org(info: OrgInfo) -> dict[str, Any]:
    details = info.details
    refused = info.state != OrgState.CONNECTED or bool(info.error_code)
    mode = AuthMode(details.auth_mode)
    return {
        "org": info,
        "name": name_of(info),
        "connected": not refused,
        "reason": _trouble(info, info.error_code),
        "entered": ENTERED[mode],
        "by_sign_in": mode is AuthMode.REFRESH_TOKEN,
    }


def _mailboxes(person: PersonInfo, given: Typed | None) -> dict[str, Any]:
    """How all of the company's mailboxes are entered."""
    info = mail.of_all(person.scope)
    form = connection_forms.of_mailboxes(info, given)
    if info is None:
        return {"info": None, "form": form}
    code = info.error_code
    return {
        "info": info,
        "form": form,
        "connected": not code,
        "reason": letters.trouble(cause(code), gettext("the mailboxes")) if code else "",
        "entered": mail.entered(person.scope),
    }


def _google(person: PersonInfo) -> dict[str, Any]:
    """Whose people sign in with Google. Only said here: nobody can prove whose a domain is (decision 73)."""
    return {"workspace": workspaces.of_tenant(person.scope), "callback": sign_in.redirect_uri(Way.GOOGLE)}


def looked(info: OrgInfo) -> dict[str, Any]:
    """What the last look came to, what is wrong first."""
    run, making = org_runs.find(info.scope, PREFLIGHT), org_runs.find(info.scope, FIELDS)
    moving = any(one and not one.ended_at for one in (run, making))
    found: dict[str, Any] = {"run": run, "pace": PACE if moving else 0, "making": making}
    if making:
        found["made"] = [line(one.level, preflight.words(one, name_of(info))) for one in making.items]
        found["not_made"] = _trouble(info, making.error_code)
    if run is None:
        return found
    items = sorted(run.items, key=lambda one: ORDER.index(one.level))
    lacking = [one for one in items if one.code == preflight.LACKING]
    return found | {
        "lines": [line(one.level, preflight.words(one, name_of(info))) for one in items],
        "wrong": sum(one.level is not Level.OK for one in items),
        "trouble": _trouble(info, run.error_code),
        "lacking": str(lacking[0].values["names"]).split(", ") if lacking else [],
    }


def _trouble(info: OrgInfo, code: str) -> str:
    return letters.trouble(cause(code), name_of(info)) if code else ""


def line(level: Level, said: Words) -> Line:
    badge, tone = BADGES[level]
    return Line(str(badge), tone, said)


def name_of(info: OrgInfo) -> str:
    return info.details.label or info.details.crm_org_id
