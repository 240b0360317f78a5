"""Ids of another tenant's mailbox lead nowhere, whoever hands them in."""

import inspect
from collections.abc import Callable

import pytest

from crosstie.accounts.governance import settings
from crosstie.accounts.words import Unacceptable
from crosstie.domain.errors import Fatal
from crosstie.jobs import blocking, commands
from crosstie.store.models import Mailbox, Scope, SettingValue
from tests.unit.accounts.homes import Home

ASKED: dict[str, Callable[[Scope, int], object]] = {
    "latest": commands.latest,
    "find": lambda scope, mailbox_id: commands.find(scope, mailbox_id, "an-id"),
    "plan": lambda scope, mailbox_id: commands.preview(scope, [mailbox_id]),
    "force": commands.force,
    "pause": commands.pause,
    "resume": commands.resume,
    "problems": commands.problems,
    "unsave": lambda scope, mailbox_id: commands.unsave(scope, mailbox_id, "an-id"),
    "mark_thread": lambda scope, mailbox_id: commands.mark_thread(scope, mailbox_id, "an-id"),
    "stop_thread": lambda scope, mailbox_id: commands.stop_thread(scope, mailbox_id, "an-id"),
    "retry": lambda scope, mailbox_id: commands.retry(scope, mailbox_id, ()),
    "approve": lambda scope, mailbox_id: commands.approve(scope, mailbox_id, "an-id"),
}


def test_every_call_that_pages_and_commands_make_has_a_case() -> None:
    names = {"plan": "preview"}
    asked = {names.get(name, name) for name in ASKED} | {"explain"}  # given mails that were fetched already
    public = inspect.getmembers(commands, inspect.isfunction)
    ours = {name for name, one in public if one.__module__ == commands.__name__ and not name.startswith("_")}
    assert asked == ours


BLOCKING: dict[str, Callable[[Scope, int], object]] = {
    "preview": lambda scope, mailbox_id: blocking.preview(scope, mailbox_id, "an-id", settings.EVERYBODY),
    "block": lambda scope, mailbox_id: blocking.block(scope, mailbox_id, "an-id", "", settings.EVERYBODY),
}


@pytest.mark.parametrize("asked", BLOCKING)
def test_nobody_blocks_in_another_tenants_name(home: Home, stranger: Home, asked: str) -> None:
    theirs = stranger.mailbox()
    with pytest.raises(Unacceptable) as refused:
        BLOCKING[asked](home.org.scope, theirs.mailbox_id)
    assert refused.value.code == "MAILBOX-UNKNOWN"
    assert not SettingValue.of(home.scope).filter(name="blocklist").exists()


@pytest.mark.parametrize("asked", ASKED)
def test_another_tenants_mailbox_is_not_there(home: Home, stranger: Home, asked: str) -> None:
    """Before anything is asked of the vendor: these mailboxes have no access that could be used."""
    theirs = stranger.mailbox()
    before = Mailbox.of(stranger.scope).values().get()
    with pytest.raises((Unacceptable, Fatal)) as refused:
        ASKED[asked](home.org.scope, theirs.mailbox_id)
    assert getattr(refused.value, "code", "") == "MAILBOX-UNKNOWN"
    assert Mailbox.of(stranger.scope).values().get() == before
