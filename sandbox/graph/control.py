"""The sandbox's own addresses for the mailbox side: who lives here, and what ends before its time."""

from sandbox.graph.subscriptions.control import ROUTES as SUBSCRIPTION_ROUTES
from sandbox.http import Call, Response, Route, json_response


def _mailboxes(call: Call) -> Response:
    rows = [
        {
            "address": mailbox.address,
            "aliases": list(mailbox.aliases),
            "name": mailbox.name,
            "home": mailbox.home,
            "licensed": mailbox.licensed,
            "messages": len(mailbox.messages),
            "tenant": call.world.microsoft.tenant_of(mailbox.address).id,
        }
        for mailbox in call.world.mailboxes.mailboxes
    ]
    return json_response({"mailboxes": rows})


def _expire_cursors(call: Call) -> Response:
    """Of the mailbox `?mailbox=address`, or of all."""
    store, wanted = call.world.mailboxes, call.request.args.get("mailbox")
    chosen = [one for one in store.mailboxes if wanted is None or wanted in one.addresses]
    if not chosen:
        return json_response({"error": f"there is no mailbox {wanted}"}, 400)
    for mailbox in chosen:
        store.expire_cursors(mailbox)
    return json_response({"expired": [mailbox.address for mailbox in chosen]})


def _end_tokens(call: Call) -> Response:
    return json_response({"ended": call.world.microsoft.end_tokens()})


ROUTES = (
    Route("mailboxes", "GET", "/sandbox/mailboxes", _mailboxes),
    Route("cursors_expire", "POST", "/sandbox/mailboxes/cursors/expire", _expire_cursors),
    Route("microsoft_tokens_end", "POST", "/sandbox/microsoft/tokens/end", _end_tokens),
    *SUBSCRIPTION_ROUTES,
)
"""For the sandbox's own face."""
