"""Back from a mailbox's vendor: the one address that an app has to be registered with."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from crosstie.accounts.people import PersonInfo
from crosstie.accounts.trouble import advice
from crosstie.accounts.words import Answer, Unacceptable
from crosstie.domain.errors import CrosstieError
from crosstie.web import connecting, mail_connections, mailbox_sign_in, mend, wizard
from crosstie.web.visits import signed_in

ERRANDS = {
    connecting.ERRAND: (connecting.finish, connecting.back),
    mend.ERRAND: (mend.finish, mend.back),
    wizard.ERRAND: (wizard.connected, wizard.back),
}
"""What somebody was sent there for: what finishes it, and where the page goes on with what that said."""


@require_GET
def callback(request: HttpRequest) -> HttpResponse:
    """An administrator who allowed it for everybody comes here too, and need not be known to us where a letter
    asked them to.
    """
    if mail_connections.is_answer(request):
        answer: HttpResponse = mail_connections.back(request)
        return answer
    if "admin_consent" in request.GET:
        given = "error" not in request.GET
        return render(request, "crosstie/consented.html", {"given": given}, status=200 if given else 403)
    return _back(request)


@signed_in
def _back(request: HttpRequest, person: PersonInfo) -> HttpResponse:
    kept = mailbox_sign_in.take(request)  # its beginning was counted
    finish, back = ERRANDS.get(kept["errand"] if kept else "", ERRANDS[connecting.ERRAND])
    given = request.GET.get("state", ""), request.GET.get("code", "")
    try:
        begun = mailbox_sign_in.answered(request, kept, person)
        said = finish(person, begun, given)
    except Unacceptable as refusal:
        said = Answer(False, refusal.code, refusal.sentence)
    except CrosstieError as error:
        said = Answer(False, error.code, advice.for_error(error))
    return back(request, person, said)
