"""Ids of another tenant's mailbox lead nowhere, whoever hands them in."""

from collections.abc import Callable

import pytest

from crosstie.accounts.words import Unacceptable
from crosstie.domain.errors import Fatal
from crosstie.jobs import commands
from crosstie.store.models import Mailbox, Scope
from tests.unit.accounts.homes import Home

ASKED: dict[str, Callable[[Scope, int], object]] = {
    "latest": commands.latest,
    "find": lambda scope, mailbox_id: commands.find(scope, mailbox_id, "an-id"),
    "plan": lambda scope, mailbox_id: commands.preview(scope, [mailbox_id]),
    "force": commands.force,
    "pause": commands.pause,
    "resume": commands.resume,
}


@pytest.mark.parametrize("asked", ASKED)
def test_another_tenants_mailbox_is_not_there(home: Home, stranger: Home, asked: str) -> None:
    """Before anything is asked of the vendor: these mailboxes have no access that could be used."""
    theirs = stranger.mailbox()
    before = Mailbox.of(stranger.scope).values().get()
    with pytest.raises((Unacceptable, Fatal)) as refused:
        ASKED[asked](home.org.scope, theirs.mailbox_id)
    assert getattr(refused.value, "code", "") == "MAILBOX-UNKNOWN"
    assert Mailbox.of(stranger.scope).values().get() == before
