"""Somebody who is nobody here yet makes themselves an account, after their Salesforce has proven who they are."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from crosstie.accounts.connection import orgs
from crosstie.accounts.connection.orgs import OrgInfo
from crosstie.accounts.sign_in.signing_in import Way
from crosstie.accounts.words import Unacceptable
from crosstie.jobs import registering as acts
from crosstie.web import limits, newcomers, sign_in

TRIES = 60
"""In a minute from one address, which a whole company may come from: each asks Salesforce once."""


@require_safe
@never_cache
def account(request: HttpRequest) -> HttpResponse:
    """What the account would be, and what comes next; nothing is made yet."""
    try:
        org, crm_user_id = _newcomer(request)
        user = acts.meet(org, crm_user_id)
    except Unacceptable as refusal:
        return _refused(request, refusal)
    context = {"user": user, "company": orgs.called(org)}
    return render(request, "crosstie/register_account.html", context)


@require_POST
@never_cache
def create(request: HttpRequest) -> HttpResponse:
    try:
        org, crm_user_id = _newcomer(request)
        person = acts.register(org, crm_user_id)
    except Unacceptable as refusal:
        return _refused(request, refusal)
    sign_in.let_in(request, person, Way.SALESFORCE)
    return redirect("register")


def _newcomer(request: HttpRequest) -> tuple[OrgInfo, str]:
    limits.spend("register", limits.place(request), TRIES)
    return newcomers.of(request)


def _refused(request: HttpRequest, refusal: Unacceptable) -> HttpResponse:
    context = {"sentence": refusal.sentence}
    return render(request, "crosstie/register_refused.html", context, status=403)
