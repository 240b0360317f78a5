"""O365 judges the sign-in of a person, and the change notifications of their mailbox."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

import pytest
from O365 import Account  # type: ignore[import-untyped]
from O365.utils.token import MemoryTokenBackend  # type: ignore[import-untyped]

from tests.clients.box import NATIVE
from tests.clients.steering import ADA, TENANT, register, sign_in
from tests.listener import Told, listening

SCOPES = ["Mail.ReadWrite", "Mail.Send", "Calendars.ReadWrite", "User.Read"]
pytestmark = pytest.mark.filterwarnings("ignore:response_mode='form_post' is recommended")
"""O365 asks MSAL for the older way, which MSAL grumbles about."""


@pytest.fixture(scope="module")
def account() -> Any:
    name = register("person", secret="s", redirect_uris=[NATIVE], scopes=SCOPES)
    account = Account((name, "s"), tenant_id=TENANT, token_backend=MemoryTokenBackend(), requests_delay=1)
    address, flow = account.get_authorization_url(
        requested_scopes=[f"https://graph.microsoft.com/{scope}" for scope in SCOPES], redirect_uri=NATIVE
    )
    back = f"{NATIVE}?{urlencode(sign_in(address))}"
    assert account.request_token(back, flow=flow)
    return account


def test_their_own_mailbox(account: Any) -> None:
    assert account.username == ADA
    assert account.get_current_user_data().mail == ADA
    message = account.new_message()
    message.to.add(ADA)
    message.subject = "To myself"
    assert message.send()
    assert [one.subject for one in account.mailbox().inbox_folder().get_messages()] == ["To myself"]


def test_their_own_calendar(account: Any) -> None:
    event = account.schedule().get_default_calendar().new_event("Dentist")
    event.start = datetime(2026, 11, 23, 9, tzinfo=ZoneInfo("UTC"))
    assert event.save()
    [found] = list(account.schedule().get_default_calendar().get_events(include_recurring=False))
    assert (found.subject, found.organizer.address) == ("Dentist", ADA)
    assert found.delete()


def test_a_renewed_token_opens_it_too(account: Any) -> None:
    assert account.connection.refresh_token()
    assert account.mailbox().inbox_folder().get_message(query="subject eq 'To myself'")


@pytest.fixture
def listener() -> Iterator[tuple[str, Told]]:
    with listening() as heard:
        yield heard


def test_they_are_told_of_a_new_mail(account: Any, listener: tuple[str, Told]) -> None:
    address, told = listener
    subscriptions = account.subscriptions()
    made = subscriptions.create_subscription(
        address, "me/mailFolders('inbox')/messages", ["created"], expiration_minutes=60, client_state="ours"
    )
    assert [one["id"] for one in subscriptions.list_subscriptions()] == [made["id"]]
    renewed = subscriptions.renew_subscription(made["id"], expiration_minutes=600)
    assert renewed["expirationDateTime"] > made["expirationDateTime"]
    message = account.new_message()
    message.to.add(ADA)
    message.subject = "Tell me"
    assert message.send()
    [notice] = told.get(timeout=60)["value"]
    assert (notice["subscriptionId"], notice["clientState"]) == (made["id"], "ours")
    named = account.mailbox().get_message(notice["resourceData"]["id"])
    assert named.subject == "Tell me"
    assert subscriptions.delete_subscription(made["id"])
    assert list(subscriptions.list_subscriptions()) == []
