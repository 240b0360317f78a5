"""The door for vendors' pushes. What is said here is believed only so far as to look into the mailbox soon."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from crosstie.accounts.connection import push
from crosstie.accounts.words import Unacceptable
from crosstie.jobs import wiring
from crosstie.mailboxes.graph import push as graph
from crosstie.transport import integer
from crosstie.web import limits

DELIVERIES = 1_200
"""From one address in a minute; a vendor's come from few."""
LONGEST_TOKEN = 1_000


@csrf_exempt
@never_cache
@require_POST
def receive(request: HttpRequest) -> HttpResponse:
    """202 whoever is meant: who tries words out learns nothing. A handshake is answered with its own token."""
    token = request.GET.get("validationToken", "")
    if token:
        fits = len(token) <= LONGEST_TOKEN
        return _plain(token if fits else "", 200 if fits else 400)
    try:
        limits.spend("push", limits.place(request), DELIVERIES)
    except Unacceptable:
        return _plain("", 429)
    said = integer(request.META.get("CONTENT_LENGTH") or "0")
    if said is None or said < 0:
        return _plain("", 400)
    if said > graph.LARGEST:
        return _plain("", 413)
    try:
        notices = graph.notices(request.body)
    except graph.Malformed:
        return _plain("", 400)
    house = wiring.get()
    push.heed(house.push_words, notices, house.clock)
    return _plain("", 202)


def _plain(text: str, status: int) -> HttpResponse:
    return HttpResponse(text, content_type="text/plain; charset=utf-8", status=status)
