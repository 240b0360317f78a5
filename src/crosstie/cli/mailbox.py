"""How commands name a mailbox: by its address, in the only tenant or a named one."""

from argparse import ArgumentParser, Namespace
from typing import TYPE_CHECKING

from crosstie.cli import frame

if TYPE_CHECKING:
    from crosstie.accounts.connection.mailboxes import MailboxRef


def add_arguments(parser: ArgumentParser, *, required: bool) -> None:
    """Without a mailbox a command speaks of all of the tenant's."""
    parser.add_argument("mailbox", nargs=None if required else "?", metavar="ADDRESS", help="address of a mailbox")
    parser.add_argument("--tenant", default="", help="name of the tenant, where there are several")
    frame.add_json(parser)


def chosen(options: Namespace) -> "list[MailboxRef]":
    """The mailboxes meant, in the order of their addresses. Raises CommandError when there is none."""
    from crosstie.accounts import people, tenants
    from crosstie.accounts.connection import mailboxes

    scope = tenants.find(options.tenant)
    if not options.mailbox:
        return sorted(mailboxes.of_scope(scope), key=lambda ref: ref.address)
    wanted = options.mailbox.strip().casefold()
    for ref in mailboxes.of_scope(scope):
        if ref.address == wanted:
            return [ref]
    return [mailboxes.of_person(scope, people.find(scope, options.mailbox).person_id)]
