"""Where a person is signed in, and ending it."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from crosstie.accounts import admin_words
from crosstie.accounts.audit import WEB, Actor
from crosstie.accounts.people import PersonInfo
from crosstie.accounts.sign_in import sign_ins
from crosstie.accounts.words import answer
from crosstie.jobs import wiring
from crosstie.store.models import Role
from crosstie.web.visits import SIGN_IN, signed_in, tell


@require_safe
@signed_in
def page(request: HttpRequest, person: PersonInfo) -> HttpResponse:
    context = {
        "person": person,
        "here": "sign-ins",
        "own": request.session.get(SIGN_IN),
        "sign_ins": sign_ins.of_person(person, wiring.get().clock),
        "may_audit": person.role == Role.PLATFORM_ADMIN,
    }
    return render(request, "crosstie/sign_ins.html", context)


@require_POST
@signed_in
def end(request: HttpRequest, person: PersonInfo) -> HttpResponse:
    """`sign-in` names one of the person's own; without it all of them end, this one too."""
    clock, actor = wiring.get().clock, Actor(WEB, person.person_id)
    which = request.POST.get("sign-in", "")
    if not which:
        sign_ins.end_all(person, clock, actor)
        return redirect("sign-in")
    number = int(which) if which.isascii() and which.isdigit() and len(which) < 19 else 0
    there = sign_ins.end(person, number, clock, actor)
    tell(request, answer(admin_words.SIGN_IN_ENDED if there else admin_words.SIGN_IN_OVER, ok=there))
    return redirect("sign-ins")
